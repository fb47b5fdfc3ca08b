"""The lexer: kinds, positions, nothing lost."""

import pytest

from potok_onec.bsl import KIND_NAMES, Position, tokenize


def kinds(text: str) -> list[str]:
    return [KIND_NAMES[kind] for kind in tokenize(text).kinds if KIND_NAMES[kind] != "WHITESPACE"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Если if ИНАЧЕЕСЛИ ElsIf", ["IF", "IF", "ELSIF", "ELSIF"]),
        ("Ёлка ёж _x Слово1", ["IDENTIFIER"] * 4),
        ("А\u00a0=\u00a01", ["IDENTIFIER", "EQUAL", "NUMBER"]),
        ("'20260101' '2026-01-01 10:00:00' ''", ["DATE"] * 3),
        ('"а" "б""в" ""', ["STRING"] * 3),
        ('"а\n\t|б\n// внутри "кавычка"\n|в"', ["STRING"]),
        ('"а\n\n|б"', ["STRING"]),
        ('"ВЫБРАТЬ\n#Удаление\n|А\n#КонецУдаления\n|Б"', ["STRING"]),
        ('"а\r|б\r\n|в\n|г"', ["STRING"]),
        ('"не закрыта\nА', ["OPEN_STRING", "IDENTIFIER"]),
        ("'2026\nА", ["OPEN_DATE", "IDENTIFIER"]),
        ("// до конца\rА", ["COMMENT", "IDENTIFIER"]),
        ("1.5 10 7.", ["NUMBER"] * 3),
        ("<= >= <> < > =", ["LESS_EQUAL", "GREATER_EQUAL", "NOT_EQUAL", "LESS", "GREATER", "EQUAL"]),
        ("&НаКлиенте & AtServer", ["ANNOTATION", "ANNOTATION"]),
        ("~Метка: ~ Метка", ["LABEL", "COLON", "LABEL"]),
        ("#Область А\n#endregion\n# Если Сервер Тогда", ["REGION", "END_REGION", "PRE_IF"]),
        ("#!/usr/bin/oscript\n#Использовать lib", ["SHEBANG", "USE"]),
        ("#Неведомое", ["UNKNOWN_DIRECTIVE"]),
        ("\ufeff@", ["UNKNOWN"]),
    ],
)
def test_each_spelling_has_its_kind(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected
    assert tokenize(text).join() == text


def test_positions_count_lines_over_crlf_lf_and_bare_cr() -> None:
    tokens = tokenize("А\r\nБ\rВ\nГ")
    names = [token for token in tokens if not token.is_trivia]
    assert [token.position for token in names] == [
        Position(1, 1, 0),
        Position(2, 1, 3),
        Position(3, 1, 5),
        Position(4, 1, 7),
    ]


def test_tokens_are_a_sequence() -> None:
    tokens = tokenize("А = 1;")
    assert len(tokens) == 6
    assert tokens[0].text == "А" and tokens[-1].text == ";"
    assert [token.text for token in tokens[2:5:2]] == ["=", "1"]
    assert "".join(token.text for token in tokens) == tokens.join() == tokens.text
    with pytest.raises(IndexError):
        tokens[6]


def test_a_keyword_behind_a_dot_keeps_its_kind_and_the_parser_takes_it_as_a_name() -> None:
    assert kinds("Запрос.Выполнить()")[2] == "EXECUTE"
