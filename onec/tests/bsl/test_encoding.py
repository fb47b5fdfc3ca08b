"""Bytes to text and back."""

import pytest

from potok_onec.bsl import ModuleText, Refused, decode_module, tokenize

_SOURCE = "Процедура Ёлка()\r\n\tА = 1; // коммент\rКонецПроцедуры\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (_SOURCE.encode("utf-8"), "utf-8"),
        (_SOURCE.encode("utf-8-sig"), "utf-8"),
        (_SOURCE.encode("cp1251"), "cp1251"),
        (_SOURCE.encode("cp1251") + b"\x98", "cp1251"),
        (b"\xff\xfe" + _SOURCE.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + _SOURCE.encode("utf-16-be"), "utf-16-be"),
        (b"", "utf-8"),
        (b"\xef\xbb\xbf", "utf-8"),
    ],
)
def test_a_text_in_any_encoding_comes_back_byte_for_byte(data: bytes, encoding: str) -> None:
    module = decode_module(data)
    assert isinstance(module, ModuleText)
    assert module.encoding == encoding
    assert not module.text.startswith("\ufeff")
    assert module.encode(tokenize(module).join()) == data


def test_cyrillic_in_cp1251_is_read_as_cyrillic() -> None:
    module = decode_module("Процедура Тест() КонецПроцедуры".encode("cp1251"))
    assert isinstance(module, ModuleText)
    assert module.text.startswith("Процедура Тест")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xff\xff\x7f\x00\x02\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\r\n00000024", "compiled"),
        (b"\x00\x01\x02\x03", "binary"),
        ("Процедура".encode() + b"\x00", "binary"),
        (b"\xff\xfe\x00\xd8", "binary"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason_in_two_languages(data: bytes, reason: str) -> None:
    refused = decode_module(data)
    assert isinstance(refused, Refused)
    assert refused.reason == reason
    assert refused.message and refused.message_ru and refused.message != refused.message_ru
