"""A problem of a source: what, where (file:line), how to mend; said in English or Russian."""

from typing import Final

from msgspec import Struct


class Problem(Struct, frozen=True, omit_defaults=True, gc=False):
    """`code` names the sort of problem for programs, `arguments` are the blanks of its sentence; a blank that is itself
    a sentence has a twin in Russian under its name with `_ru`.

    An error means that something was not read; a warning that it looks wrong; a note that it may be right all the same.
    """

    code: str
    file: str
    line: int = 1
    severity: str = "error"
    arguments: dict[str, str] = {}

    def text(self, language: str = "en") -> str:
        templates = SENTENCES.get(self.code)
        if templates is None:
            return self.code
        if language != "ru":
            return templates[0].format_map(_Blanks(self.arguments))
        russian = {name: self.arguments.get(f"{name}_ru", text) for name, text in self.arguments.items()}
        return templates[1].format_map(_Blanks(russian))

    def shown(self, language: str = "en") -> str:
        return f"{self.file}:{self.line}: {self.text(language)}"


class _Blanks(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "no-configuration": (
        "There is no 1C configuration here: neither Configuration.mdo (EDT), nor Configuration.xml (Designer), "
        "nor an external report or processor. Give the folder that holds one.",
        "Здесь нет конфигурации 1С: ни Configuration.mdo (EDT), ни Configuration.xml (Конфигуратор), "
        "ни внешнего отчёта или обработки. Укажите каталог, где они есть.",
    ),
    "bad-xml": (
        "Not read: {reason}. Restore the file from version control or dump it again.",
        "Не прочитан: {reason}. Восстановите файл из хранилища версий или выгрузите заново.",
    ),
    "unreadable": (
        "Not read: {reason}. Give this user the right to read it.",
        "Не прочитан: {reason}. Дайте этому пользователю право на чтение.",
    ),
    "symlink": (
        "Not followed: a symbolic link to a folder. Open its target by itself if it holds sources.",
        "Не пройдена: символическая ссылка на каталог. Если там исходники, откройте её цель отдельно.",
    ),
    "not-a-file": (
        "Not read: it is neither a file nor a folder (a socket, pipe or device).",
        "Не прочитан: это не файл и не каталог (сокет, канал или устройство).",
    ),
    "wrong-root": (
        "Not read: {reason}. The file stands where a description of metadata belongs.",
        "Не прочитан: {reason}. На этом месте должно быть описание метаданных.",
    ),
    "missing-file": (
        "{kind} {name} is named here, but its file is not in the folder: the checkout or the dump is incomplete.",
        "{kind} {name} назван здесь, но его файла нет в каталоге: выгрузка или рабочая копия неполна.",
    ),
    "missing-description": (
        "The files of {name} are here, but the description ({expected}) is not: an incomplete checkout or dump.",
        "Файлы объекта {name} есть, а описания ({expected}) нет: выгрузка или рабочая копия неполна.",
    ),
    "missing-configuration": (
        "The project has no Configuration.mdo: half a checkout? Its objects are read all the same.",
        "В проекте нет Configuration.mdo: неполная рабочая копия? Объекты всё равно прочитаны.",
    ),
    "not-listed": (
        "{name} is not named in the composition of its configuration: it was removed from it or came by a bad merge.",
        "{name} не назван в составе конфигурации: удалён из неё или попал сюда при неудачном слиянии.",
    ),
    "name-mismatch": (
        "The object is called {name}, but its file or folder is called {expected}.",
        "Объект называется {name}, а его файл или каталог: {expected}.",
    ),
    "unknown-kind": (
        "{kind} is not a kind that this version knows: it is kept with its properties as they are.",
        "Вид {kind} этой версии не знаком: сохранён со свойствами как есть.",
    ),
    "shared-folder": (
        "Two configurations share this folder: {names}. Both are read, each with its own files.",
        "В этом каталоге две конфигурации: {names}. Прочитаны обе, каждая со своими файлами.",
    ),
    "module-refused": (
        "The module is not text: {reason}. Without its password or source only its name is known.",
        "Модуль не текстовый: {reason}. Без пароля или исходника известно только его имя.",
    ),
    "module-encoding": (
        "The module is in {encoding}, not in UTF-8: it was read, but other tools will show other letters.",
        "Модуль в кодировке {encoding}, а не в UTF-8: прочитан, но другие программы покажут другие буквы.",
    ),
    "syntax": ("Syntax: {reason}", "Синтаксис: {reason}"),
    "query-syntax": ("Query: {reason}", "Запрос: {reason}"),
    "query-fragment": (
        "A piece of a query that is put together at run time: {reason}",
        "Часть запроса, который собирается при выполнении: {reason}",
    ),
    "reader-failed": (
        "The reader itself failed here ({reason}): this is our mistake, please report it with the file.",
        "Здесь сломался сам читатель ({reason}): это наша ошибка, сообщите о ней и приложите файл.",
    ),
    "worker-died": (
        "The process that read this object died ({reason}): too little memory? The rest was read.",
        "Процесс, читавший этот объект, умер ({reason}): не хватило памяти? Остальное прочитано.",
    ),
    "unclassified": (
        "Nothing in a configuration has this place or name: the file was not read.",
        "В конфигурации ничто так не называется и не лежит: файл не прочитан.",
    ),
}
