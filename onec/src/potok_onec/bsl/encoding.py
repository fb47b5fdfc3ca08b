"""Bytes of a module file to text and back, byte for byte; what is not text is refused with the reason."""

import codecs
from dataclasses import dataclass
from typing import Literal

RefusalReason = Literal["compiled", "binary"]

# A 1C container (password-protected or compiled modules are kept in one) opens with the address of its first free page.
_CONTAINER_MAGIC = (b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff\xff\xff\xff\xff")
_REFUSALS = {
    "compiled": (
        "the module is protected by a password or was delivered without source: it is a 1C container, not text; "
        "ask its author for the source",
        "модуль закрыт паролем или поставлен без исходного текста: это контейнер 1С, а не текст; "
        "запросите исходный текст у автора",
    ),
    "binary": (
        "the file holds binary data instead of module text; dump the configuration to files again",
        "файл содержит двоичные данные вместо текста модуля; выгрузите конфигурацию в файлы заново",
    ),
}


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a file is not a readable module: a stable code and a sentence in two languages."""

    reason: RefusalReason

    @property
    def message(self) -> str:
        return _REFUSALS[self.reason][0]

    @property
    def message_ru(self) -> str:
        return _REFUSALS[self.reason][1]


@dataclass(frozen=True, slots=True)
class ModuleText:
    """Decoded text without its byte order mark, and what is needed to write the same bytes again."""

    text: str
    encoding: str = "utf-8"
    bom: bytes = b""

    def encode(self, text: str | None = None) -> bytes:
        return self.bom + (self.text if text is None else text).encode(self.encoding, _ESCAPES)


# Bytes that cp1251 leaves undefined (0x98) travel as lone surrogates and come back unchanged.
_ESCAPES = "surrogateescape"
_WIDE = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decode_module(data: bytes) -> ModuleText | Refused:
    """UTF-8 with or without a mark, UTF-16 with one, else cp1251."""
    if data.startswith(_CONTAINER_MAGIC):
        return Refused("compiled")
    for bom, encoding in _WIDE:
        if data.startswith(bom):
            return _decode_wide(data, bom, encoding)
    if b"\0" in data:
        return Refused("binary")
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    try:
        return ModuleText(data[len(bom) :].decode("utf-8"), "utf-8", bom)
    except UnicodeDecodeError:
        return ModuleText(data[len(bom) :].decode("cp1251", _ESCAPES), "cp1251", bom)


def _decode_wide(data: bytes, bom: bytes, encoding: str) -> ModuleText | Refused:
    try:
        return ModuleText(data[2:].decode(encoding), encoding, bom)
    except UnicodeDecodeError:
        return Refused("binary")
