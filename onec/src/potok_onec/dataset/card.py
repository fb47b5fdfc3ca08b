"""The card of a data set: what is in it, where it comes from, what may be done with it. English or Russian. Pure."""

from collections.abc import Mapping
from typing import Any, Final

_TEXTS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "title": "Methods of 1C modules",
        "what": (
            "One row for each procedure and function: `methods.jsonl` and `methods.parquet` hold the same rows "
            "in the same order. Columns are explained in the documentation of potok-onec, page `dataset.md`."
        ),
        "origin": "Origin",
        "source": "source",
        "commit": "commit",
        "licence": "licence",
        "licence_from": "told by",
        "unknown": "The licence of the sources is not known: ask their owner before you pass this on.",
        "known": "The rows are under the licence of their sources.",
        "size": "Size",
        "methods": "methods",
        "modules": "modules",
        "characters": "characters of code",
        "average_code_length": "average length of code, characters",
        "lines": "lines of a method",
        "methods_that_are": "Methods that are",
        "duplicates_title": "Duplicates",
        "duplicates": (
            "Equal bodies share `body_digest` (comments and the amount of space do not count); like ones (80 % "
            "of four-token runs in common, by MinHash) share `group`. Beyond the first of each body of more "
            "than 80 characters there are"
        ),
        "split_title": "Split",
        "split": (
            "By module: a module's methods are in one split. A group of duplicates is where most of it is; what"
            " of it stands in modules of another split is in none, so that nothing leaks."
        ),
        "scrub_title": "Scrubbed",
        "scrub": (
            "Secrets and personal data in strings and comments were replaced by words in angle brackets. Rules "
            "find forms, not meanings: look through before you publish."
        ),
        "nothing": "Nothing was found.",
        "value": "value",
        "count": "count",
        "by_split": "split",
        "by_scrubbed": "kind",
        "by_kind": "kind of method",
        "by_context": "context",
        "by_module": "kind of module",
        "by_project": "project",
    },
    "ru": {
        "title": "Методы модулей 1С",
        "what": (
            "По строке на каждую процедуру и функцию: в `methods.jsonl` и `methods.parquet` одни и те же строки"
            " в одном порядке. Столбцы объяснены в документации potok-onec на странице `dataset.md`."
        ),
        "origin": "Происхождение",
        "source": "источник",
        "commit": "коммит",
        "licence": "лицензия",
        "licence_from": "сказано в",
        "unknown": "Лицензия исходников неизвестна: спросите их владельца, прежде чем передавать набор дальше.",
        "known": "На строки распространяется лицензия исходников.",
        "size": "Размер",
        "methods": "методов",
        "modules": "модулей",
        "characters": "символов кода",
        "average_code_length": "средняя длина кода, символов",
        "lines": "строк в методе",
        "methods_that_are": "Методы по признакам",
        "duplicates_title": "Дубликаты",
        "duplicates": (
            "У равных тел общий `body_digest` (комментарии и количество пробелов не считаются); у похожих (80 %"
            " общих четвёрок лексем по MinHash) общий `group`. Сверх первого из каждого тела длиннее 80 "
            "символов их"
        ),
        "split_title": "Разбиение",
        "split": (
            "По модулям: методы модуля лежат в одной части. Группа дубликатов там, где её большинство; её "
            "методы из модулей других частей не входят ни в одну, поэтому утечек нет."
        ),
        "scrub_title": "Вычищено",
        "scrub": (
            "Секреты и личные данные в строках и комментариях заменены словами в угловых скобках. Правила "
            "находят форму, а не смысл: просмотрите набор перед публикацией."
        ),
        "nothing": "Ничего не найдено.",
        "value": "значение",
        "count": "количество",
        "by_split": "часть",
        "by_scrubbed": "вид",
        "by_kind": "вид метода",
        "by_context": "контекст",
        "by_module": "вид модуля",
        "by_project": "проект",
    },
}
_FLAGS_RU: Final = {
    "described": "с описанием",
    "duplicates": "точные дубликаты",
    "exported": "экспортные",
    "near_duplicates": "похожие на другие",
    "with a directive": "с директивой",
    "with a query": "с запросом",
}


def card(told: Mapping[str, Any], language: str) -> str:
    say = _TEXTS[language]
    parts = [f"# {say['title']}", say["what"], *_origin(told, say), *_size(told, say)]
    parts += [f"## {say['methods_that_are']}", _table(say["value"], say["count"], _flags(told, language))]
    parts += [f"## {say['duplicates_title']}", f"{say['duplicates']} {told['long_duplicates']}."]
    parts += [f"## {say['split_title']}", say["split"], _counts("by_split", told, say)]
    parts += [f"## {say['scrub_title']}", say["scrub"]]
    parts += [_counts("by_scrubbed", told, say) if told["by_scrubbed"] else say["nothing"]]
    return "\n\n".join(parts) + "\n"


def _origin(told: Mapping[str, Any], say: Mapping[str, str]) -> list[str]:
    names = [name for name in ("source", "commit", "licence", "licence_from") if told[name]]
    lines = "\n".join(f"- {say[name]}: {told[name]}" for name in names)
    return [f"## {say['origin']}", lines, say["unknown" if told["licence"] == "unknown" else "known"]]


def _size(told: Mapping[str, Any], say: Mapping[str, str]) -> list[str]:
    names = ("methods", "modules", "characters", "average_code_length")
    lines = "\n".join(f"- {say[name]}: {told[name]}" for name in names)
    spread = ", ".join(f"{name} {value}" for name, value in told["lines"].items())
    tables = [_counts(name, told, say) for name in ("by_project", "by_kind", "by_context", "by_module")]
    return [f"## {say['size']}", f"{lines}\n- {say['lines']}: {spread}", *tables]


def _flags(told: Mapping[str, Any], language: str) -> dict[str, int]:
    flags: dict[str, int] = told["methods_that_are"]
    if language == "en":
        return {name.replace("_", " "): count for name, count in flags.items()}
    return {_FLAGS_RU[name]: count for name, count in flags.items()}


def _counts(name: str, told: Mapping[str, Any], say: Mapping[str, str]) -> str:
    return _table(say[name], say["count"], told[name])


def _table(name: str, count: str, rows: Mapping[str, int]) -> str:
    lines = [f"| {name} | {count} |", "|---|---:|", *(f"| {key} | {value} |" for key, value in rows.items())]
    return "\n".join(lines)
