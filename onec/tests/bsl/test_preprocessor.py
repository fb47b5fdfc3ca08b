"""#Если, #Вставка and #Удаление wherever they may stand."""

import pytest

from potok_onec.bsl import parse_module
from potok_onec.bsl import tree as t
from potok_onec.bsl.directives import condition_text, holds, is_readable

_WHOLE = {
    "around a module": ("#Если Сервер Или ВнешнееСоединение Тогда\nПроцедура А() КонецПроцедуры\nБ = 1;\n#КонецЕсли"),
    "around statements": (
        "Процедура А()\n#Если Клиент Тогда\nБ();\n#ИначеЕсли Сервер Тогда\n"
        "В();\n#Иначе\nГ();\n#КонецЕсли\nКонецПроцедуры"
    ),
    "english": (
        "#If Server Or ThickClientOrdinaryApplication Then\nA = 1;\n#ElsIf WebClient Then\n#Else\nB = 2;\n#EndIf"
    ),
    "nested": "#Если Не ВебКлиент Тогда\n#Если Сервер Тогда\nА = 1;\n#КонецЕсли\n#КонецЕсли",
    "no semicolon before": "А = 1\n#Если Сервер Тогда\n;Б = 2\n#КонецЕсли",
    "insert and delete": (
        "Процедура А()\n#Вставка\nБ();\n#КонецВставки\n#Удаление\nВ();\n#КонецУдаления\nКонецПроцедуры"
    ),
    "variables": "#Если Сервер Тогда\nПерем А;\n#Иначе\nПерем А, Б;\n#КонецЕсли",
}
_SPLIT = {
    "expression": "А = 1 +\n#Если Сервер Тогда\n2;\n#Иначе\n3;\n#КонецЕсли\nБ = 1;",
    "condition": "Если А\n#Если Сервер Тогда\nИ Б\n#КонецЕсли\nТогда\nВ();\nКонецЕсли;",
    "else branch": "Если А Тогда\nБ();\n#Если Сервер Тогда\nИначеЕсли В Тогда\nГ();\n#КонецЕсли\nКонецЕсли;",
    "block head": "#Если Сервер Тогда\nЕсли А Тогда\n#Иначе\nЕсли Б Тогда\n#КонецЕсли\nВ();\nКонецЕсли;",
    "head and end": (
        "#Если Сервер Тогда\nПопытка\n#КонецЕсли\nВ();\n#Если Сервер Тогда\nИсключение\nКонецПопытки;\n#КонецЕсли"
    ),
    "opposite ends": (
        "#Если Сервер Тогда\nЕсли А Тогда\n#КонецЕсли\nВ();\n#Если Не Сервер Тогда\n#Иначе\nКонецЕсли;\n#КонецЕсли"
    ),
    "arguments": "А(1,\n#Если Сервер Тогда\n2\n#Иначе\n3, 4\n#КонецЕсли\n);",
    "extension": (
        "#Удаление\nЕсли А Тогда\n#КонецУдаления\n#Вставка\nЕсли А И Б Тогда\n#КонецВставки\nВ();\nКонецЕсли;"
    ),
    "extension end": "Если А Тогда\nВ();\n#Вставка\nИначе\nГ();\n#КонецВставки\nКонецЕсли;",
    "nested": (
        "#Если Клиент Тогда\n#Если ВебКлиент Тогда\nЕсли А Тогда\n#Иначе\n"
        "Если Б Тогда\n#КонецЕсли\nВ();\nКонецЕсли;\n#КонецЕсли"
    ),
}


@pytest.mark.parametrize("text", _WHOLE.values(), ids=_WHOLE.keys())
def test_whole_arms_become_groups(text: str) -> None:
    module = parse_module(text)
    assert module.errors == []
    assert any(isinstance(node, t.DirectiveGroup) for node in module.walk())


@pytest.mark.parametrize("text", _SPLIT.values(), ids=_SPLIT.keys())
@pytest.mark.parametrize("frame", ["{}", "Процедура П()\n{}\nКонецПроцедуры"], ids=["module", "method"])
def test_directives_may_split_a_statement(text: str, frame: str) -> None:
    module = parse_module(frame.format(text))
    assert module.errors == []
    assert module.tokens.join() == frame.format(text)


def test_the_tree_shows_what_a_server_compiles() -> None:
    module = parse_module(_SPLIT["expression"])
    first = module.statements[0]
    assert isinstance(first, t.Assignment)
    assert module.source(first).endswith("2")


def test_the_tree_of_an_extension_shows_the_changed_code() -> None:
    module = parse_module(_SPLIT["extension"])
    (statement,) = module.statements
    assert isinstance(statement, t.If)
    assert module.source(statement.branches[0].condition) == "А И Б"


def test_a_split_header_gives_both_methods_with_one_body() -> None:
    module = parse_module(
        "#Если Сервер Тогда\nПроцедура А(Б) Экспорт\n#Иначе\nПроцедура А(Б, В)\n#КонецЕсли\nГ = 1;\nКонецПроцедуры\n"
        "Функция Ф() КонецФункции"
    )
    assert module.errors == []
    assert [(each.name, each.exported, len(each.parameters), len(each.body)) for each in module.methods] == [
        ("А", True, 1, 1),
        ("А", False, 2, 1),
        ("Ф", False, 0, 0),
    ]


def test_methods_doubled_in_arms_are_all_there() -> None:
    module = parse_module(
        "#Если Сервер Тогда\nФункция А() Возврат 1; КонецФункции\n#ИначеЕсли ВебКлиент Тогда\n"
        "Функция А() Возврат 2; КонецФункции\n#Иначе\nФункция А() Возврат 3; КонецФункции\n#КонецЕсли"
    )
    assert module.errors == []
    assert [each.name for each in module.methods] == ["А", "А", "А"]


def test_an_error_inside_a_split_statement_is_told_once() -> None:
    module = parse_module("Если А\n#Если Сервер Тогда\nИ И\n#КонецЕсли\nТогда КонецЕсли;\nБ = ;")
    assert [(error.line, error.code) for error in module.errors] == [(3, "expression"), (6, "expression")]


def test_an_error_that_only_one_compilation_has_is_found() -> None:
    module = parse_module("А = 1 +\n#Если Сервер Тогда\n2;\n#Иначе\n;\n#КонецЕсли")
    assert [error.line for error in module.errors] == [5]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("#Если Сервер Тогда\nА = 1;", 1, "not-closed"),
        ("А = 1;\n#КонецЕсли", 2, "stray-directive"),
        ("#Иначе\nА = 1;", 1, "stray-directive"),
        ("#Вставка\n#КонецУдаления", 1, "not-closed"),
        ("#Если Сервер\n#КонецЕсли", 1, "directive-condition"),
        ("#Если Тогда\n#КонецЕсли", 1, "directive-condition"),
        ("#Если Сервер И Тогда\n#КонецЕсли", 1, "directive-condition"),
        ("#Чудо\nА = 1;", 1, "unknown-directive"),
    ],
)
def test_broken_directives_are_told(text: str, line: int, code: str) -> None:
    errors = parse_module(text).errors
    assert (errors[0].line, errors[0].code) == (line, code)


@pytest.mark.parametrize(
    ("condition", "target", "value"),
    [
        ("Сервер", ("сервер",), True),
        ("Не Сервер", ("сервер",), False),
        ("Сервер Или Клиент И Не ВебКлиент", ("клиент",), True),
        ("(Сервер Или Клиент) И Не ВебКлиент", ("клиент", "вебклиент"), False),
        ("Server and not (Client or WebClient)", ("server",), True),
        ("Сервер Клиент", (), None),
        ("(Сервер", (), None),
        ("", (), None),
    ],
)
def test_conditions_are_evaluated(condition: str, target: tuple[str, ...], value: bool | None) -> None:
    assert holds(condition, target) is value


def test_the_condition_is_cut_out_of_the_directive() -> None:
    assert condition_text("#Если Сервер И Не Клиент Тогда // почему") == "Сервер И Не Клиент"
    assert condition_text("# If Server Then") == "Server"
    assert is_readable("#ИначеЕсли Сервер тогда") and not is_readable("#Если Сервер")


def test_groups_of_many_arms_take_bounded_readings() -> None:
    arms = "".join(f"#ИначеЕсли Свой{number} Тогда\nЕсли А{number} Тогда\n" for number in range(200))
    module = parse_module(f"#Если Сервер Тогда\nЕсли А Тогда\n{arms}#Иначе\nЕсли Б Тогда\n#КонецЕсли\nВ();\nКонецЕсли;")
    assert module.errors == []
