"""Writes a valid configuration of any size in any layout; the same seed gives the same content in all of them."""

from pathlib import Path
from typing import Final

from potok_onec.testing.content import Author, Expected, Piece
from potok_onec.testing.designer import DesignerWriter
from potok_onec.testing.edt import EdtWriter

LAYOUTS: Final = ("edt", "designer", "designer-plain")
_NAME: Final = "УчетнаяКонфигурация"
_PROPERTIES: Final = {
    "Version": "1.2.3.4",
    "Vendor": "Рога и копыта",
    "ScriptVariant": "Russian",
    "DefaultLanguage": "Language.Русский",
}
_SESSION_MODULE: Final = "Процедура УстановкаПараметровСеанса(Имена)\r\nКонецПроцедуры\r\n"


def generate(folder: Path, *, layout: str = "edt", size: int = 1, seed: int = 1) -> Expected:
    """About 55 objects and 3,000 lines of code for each unit of size; what a reader must find there is returned.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     expected = generate(Path(folder), layout="designer")
    >>> expected.objects["Catalog"]
    5
    """
    if layout not in LAYOUTS:
        raise ValueError(f"{layout} is not a layout: choose one of {', '.join(LAYOUTS)}")
    author = Author(size, seed)
    root_uuid, language_uuid = author.uuid(), author.uuid()
    language = Piece("Language", "Русский", language_uuid, synonym="Русский", properties={"LanguageCode": "ru"})
    pieces = [language, *author.pieces()]
    writer = EdtWriter(folder) if layout == "edt" else DesignerWriter(folder, is_plain=layout == "designer-plain")
    writer.configuration(_NAME, root_uuid, {**_PROPERTIES, "CompatibilityMode": _compatibility(layout)}, pieces)
    writer.module_of_configuration("SessionModule", _SESSION_MODULE)
    author.expected.modules += 1
    author.expected.procedures += 1
    for piece in pieces:
        writer.piece(piece)
    return author.expected


def _compatibility(layout: str) -> str:
    return "8.3.27" if layout == "edt" else "Version8_3_27"
