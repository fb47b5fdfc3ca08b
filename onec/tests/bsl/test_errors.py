"""Broken code: an error for each fault, at its place, and the rest is read all the same."""

import pytest

from onec.tests.bsl.soup import MODULE
from potok_onec.bsl import BslSyntaxError, TokenKind, parse_module, tokenize


def faults(code: str) -> list[tuple[int, str]]:
    return [(error.line, error.code) for error in parse_module(code).errors]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("А = ;", [(1, "expression")]),
        ("А = 1 Б = 2;", [(1, "expected")]),
        ("А = (1 + 2;", [(1, "expected")]),
        ("А + 1;", [(1, "expected")]),
        ("А;", [(1, "not-a-call")]),
        ("1 = А;", [(1, "statement")]),
        ("А() = 1;", [(1, "expected")]),
        ('А = "не закрыта;\nБ = 1;', [(1, "open-string")]),
        ("А = '2026;\nБ = 1;", [(1, "open-date")]),
        ("А = @;", [(1, "unknown-character")]),
        ("Если А Б(); КонецЕсли;", [(1, "expected")]),
        ("Если А Тогда\nБ();", [(2, "expected")]),
        ("Если А Тогда Б();\nКонецЦикла;\nВ();", [(2, "expected")]),
        ("Для А Из Б Цикл КонецЦикла;", [(1, "expected")]),
        ("Для Каждого А В Б Цикл КонецЦикла; Пока Цикл КонецЦикла;", [(1, "expected"), (1, "expression")]),
        ("Попытка А(); КонецПопытки;", [(1, "expected")]),
        ("КонецЕсли;", [(1, "statement")]),
        ("А = Новый;", [(1, "expected")]),
        ("А = Б.;", [(1, "expected")]),
        ("А(1, 2;", [(1, "expected")]),
        ("А[1 = 2;", [(1, "expected")]),
        ("Перейти М;", [(1, "expected")]),
        ("~М А = 1;", [(1, "expected")]),
        ("ДобавитьОбработчик А;", [(1, "expected")]),
        ("Выполнить;", [(1, "expression")]),
    ],
)
def test_each_fault_is_told_at_its_line(code: str, expected: list[tuple[int, str]]) -> None:
    assert faults(code) == expected


@pytest.mark.parametrize(
    ("text", "names", "lines"),
    [
        ("Процедура А()\nБ = ;\nКонецПроцедуры\nПроцедура В() КонецПроцедуры", ["А", "В"], [2]),
        ("Процедура А()\nБ = 1;\nПроцедура В()\nКонецПроцедуры", ["А", "В"], [3]),
        ("Процедура А()\n&НаКлиенте\nПроцедура В()\nКонецПроцедуры", ["А", "В"], [2]),
        ("Процедура А()\nКонецФункции\nФункция В()\nКонецФункции", ["А", "В"], [2]),
        ("Процедура А(Б,\nЭкспорт\nВ = 1;\nКонецПроцедуры\nПроцедура Г() КонецПроцедуры", ["А", "Г"], [2]),
        ("Процедура ()\nКонецПроцедуры\nПроцедура Г() КонецПроцедуры", ["Г"], [1, 2]),
        ("Процедура А()\nКонецЕсли;\nБ = 1;\nКонецПроцедуры\nПроцедура Г() КонецПроцедуры", ["А", "Г"], [2]),
        ("Процедура А()\nЕсли Б Тогда\nКонецПроцедуры\nПроцедура Г() КонецПроцедуры", ["А", "Г"], [3]),
        ("&НаКлиенте\nА = 1;\nПроцедура Г() КонецПроцедуры", ["Г"], [2]),
        ("Перем А Б;\nПроцедура Г() КонецПроцедуры", ["Г"], [1]),
        ("Процедура А()", ["А"], [1]),
    ],
)
def test_a_fault_loses_no_other_method(text: str, names: list[str], lines: list[int]) -> None:
    module = parse_module(text)
    assert [method.name for method in module.methods] == names
    assert [error.line for error in module.errors] == lines


def test_errors_speak_two_languages_and_have_a_place() -> None:
    (error,) = parse_module("А = 1;\n\tБ = );").errors
    assert (error.line, error.column, error.offset) == (2, 6, 12)
    assert error.message == "an expression expected, found )"
    assert error.message_ru == "ожидается выражение, встретилось )"


def test_every_code_has_both_sentences() -> None:
    from potok_onec.bsl.errors import _TEXTS

    for code in _TEXTS:
        error = BslSyntaxError(1, 1, 0, code, found="Ф", what="Ч")
        assert error.message and error.message_ru


@pytest.mark.parametrize(
    "code",
    [
        "А = " + "(" * 5000,
        "А = " + "(" * 5000 + "1" + ")" * 5000 + ";",
        "А = " + "Не " * 5000 + "Б;",
        "А = " + "-" * 5000 + "1;",
        "А = " + "?(" * 5000,
        "А(" * 5000,
        "А[" * 5000,
        "Если А Тогда\n" * 5000,
        "Попытка\n" * 3000 + "КонецПопытки;\n" * 3000,
        "Процедура А(\n" * 2000,
        "#Если Сервер Тогда\n" * 2000,
        "#Если Сервер Тогда\n" * 500 + "#КонецЕсли\n" * 500,
        "&А(" * 2000,
        "Ждать " * 5000,
        "Новый " * 5000,
        '"' * 9999,
        '"\n|' * 9999,
        "А.Б" * 5000,
        "#Если " + " " * 20000 + "Сервер",
        "#Если " + "(" * 20000 + " Тогда\n#КонецЕсли",
    ],
    ids=lambda code: code[:12],
)
def test_absurd_nesting_is_told_and_neither_crashes_nor_hangs(code: str) -> None:
    module = parse_module(code)
    assert module.errors
    assert module.tokens.join() == code


def test_code_behind_absurd_nesting_is_still_read() -> None:
    module = parse_module("Процедура А()\nБ = " + "(" * 5000 + ";\nКонецПроцедуры\nПроцедура В() КонецПроцедуры")
    assert [method.name for method in module.methods] == ["А", "В"]


_NEEDED = {
    *(TokenKind.IF, TokenKind.THEN, TokenKind.ELSIF, TokenKind.END_IF, TokenKind.FOR, TokenKind.EACH, TokenKind.IN),
    *(TokenKind.WHILE, TokenKind.DO, TokenKind.END_DO, TokenKind.EXCEPT, TokenKind.END_TRY, TokenKind.RETURN),
    *(TokenKind.PROCEDURE, TokenKind.FUNCTION, TokenKind.END_PROCEDURE, TokenKind.END_FUNCTION, TokenKind.ADD_HANDLER),
    *(TokenKind.OPEN_PARENTHESIS, TokenKind.CLOSE_PARENTHESIS, TokenKind.OPEN_BRACKET, TokenKind.CLOSE_BRACKET),
    *(
        TokenKind.DOT,
        TokenKind.EQUAL,
        TokenKind.OR,
        TokenKind.AND,
        TokenKind.STAR,
        TokenKind.PRE_IF,
        TokenKind.PRE_END_IF,
    ),
}


def test_every_needed_word_of_a_good_module_is_missed_when_it_is_gone() -> None:
    """Being free of errors on real code says something only when faults don't pass."""
    tokens = tokenize(MODULE)
    passed = []
    tried = 0
    for index, kind in enumerate(tokens.kinds):
        if kind in _NEEDED:
            tried += 1
            text = "".join((*tokens.spellings[:index], " ", *tokens.spellings[index + 1 :]))
            if not parse_module(text).errors:
                passed.append(tokens[index])
    assert tried > 50
    assert passed == []


def test_a_missing_semicolon_between_statements_is_told() -> None:
    tokens = tokenize("А = 1; Б(); В = Г.Д(); Если А Тогда КонецЕсли; Возврат; Перейти ~М; ~М: Х = 2;")
    semicolons = [index for index, kind in enumerate(tokens.kinds) if kind == TokenKind.SEMICOLON]
    for index in semicolons[:-1]:
        text = "".join((*tokens.spellings[:index], *tokens.spellings[index + 1 :]))
        assert parse_module(text).errors, text
