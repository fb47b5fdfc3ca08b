"""What pages about files of results say, in both languages, and their look. Text in, text out."""

from __future__ import annotations

from html import escape

import msgspec

from potok.model.result_files import FilesState

_STYLE = """
:root { color-scheme: light dark; --line: #d9dde3; --dim: #5b6572; --link: #1f5fbf; }
@media (prefers-color-scheme: dark) { :root { --line: #343a44; --dim: #9aa4b2; --link: #8ab4f8; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 2rem 1rem; }
h1 { font-size: 1.25rem; overflow-wrap: anywhere; }
a { color: var(--link); }
table { border-collapse: collapse; width: 100%; }
th { color: var(--dim); font-weight: 500; text-align: left; }
th, td { border-bottom: 1px solid var(--line); padding: 0.375rem 0.75rem 0.375rem 0; vertical-align: top; }
td:first-child { overflow-wrap: anywhere; width: 100%; }
td:nth-child(2) { text-align: right; }
td:nth-child(2), td:nth-child(3), th { font-variant-numeric: tabular-nums; white-space: nowrap; }
@media (max-width: 40rem) { td:nth-child(3), th:nth-child(3) { display: none; } }
"""


class Texts(msgspec.Struct, frozen=True):
    """One language. `units` are of bytes; `{}` takes a name or a number."""

    language: str
    sorry: str
    nothing: str
    expired: str
    no_result: str
    gone: str
    written_over: str
    refused: str
    missing: str
    up: str
    name: str
    size: str
    changed: str
    empty: str
    more: str
    units: tuple[str, ...]
    point: str

    def standing(self, state: FilesState, path: str) -> str:
        """Why files are not shown."""
        told = {FilesState.GONE: self.gone, FilesState.CHANGED: self.written_over, FilesState.REFUSED: self.refused}
        return told[state].format(path)

    def no_file(self, name: str) -> str:
        return self.missing.format(name)

    def cut(self, shown: int) -> str:
        return self.more.format(f"{shown:,}")

    def bytes(self, count: int) -> str:
        amount, at = float(count), 0
        while amount >= 1024 and at < len(self.units) - 1:
            amount, at = amount / 1024, at + 1
        number = f"{amount:.0f}" if at == 0 or amount >= 100 else f"{amount:.1f}".replace(".", self.point)
        return f"{number} {self.units[at]}"


_ENGLISH = Texts(
    language="en",
    sorry="This cannot be shown",
    nothing="There is nothing at this address: open the files from the page of their run.",
    expired="This link has expired: open the files from the page of their run, which makes a new one.",
    no_result="The result that named these files is gone: its task was run again or its run was deleted.",
    gone="The files in {} are gone since the task ended: run the task again to make them anew.",
    written_over="The files in {} were written over since, so that they are no longer what this run made.",
    refused="{} lies outside of the folders that may be shown: name its folder in result_roots of potok.toml.",
    missing="There is no file {} among these.",
    up="up",
    name="Name",
    size="Size",
    changed="Changed",
    empty="This folder is empty.",
    more="Only the first {} names are shown.",
    units=("B", "KB", "MB", "GB", "TB"),
    point=".",
)
_RUSSIAN = Texts(
    language="ru",
    sorry="Показать нечего",
    nothing="По этому адресу ничего нет: откройте файлы со страницы их запуска.",
    expired="Срок ссылки истёк: откройте файлы со страницы их запуска, там будет новая.",
    no_result="Результата, который называл эти файлы, больше нет: задачу выполнили снова или запуск удалён.",
    gone="Файлов в {} больше нет: чтобы сделать их заново, выполните задачу ещё раз.",
    written_over="Файлы в {} с тех пор перезаписаны: это уже не то, что сделал этот запуск.",
    refused="{} лежит вне папок, которые можно показывать: укажите папку в result_roots файла potok.toml.",
    missing="Файла {} среди них нет.",
    up="выше",
    name="Имя",
    size="Размер",
    changed="Изменён",
    empty="Папка пуста.",
    more="Показаны только первые имена: {}.",
    units=("Б", "КБ", "МБ", "ГБ", "ТБ"),
    point=",",
)


def texts_for(accept_language: str) -> Texts:
    """Russian for who asks for it first, English for everyone else."""
    return _RUSSIAN if accept_language.strip().lower().startswith("ru") else _ENGLISH


def page(title: str, body: str, language: str) -> str:
    """A whole document. `title` is plain text, `body` is HTML."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
