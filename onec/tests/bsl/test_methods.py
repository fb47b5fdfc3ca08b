"""Declarations: methods, variables, annotations, comments, regions."""

import pytest

from potok_onec.bsl import Method, parse_module
from potok_onec.bsl import tree as t

_MODULE = """\
#Область Первая
// Описание переменной
Перем Глобальная Экспорт, Другая;

#Область Вторая

// Делает дело.
//
// Параметры:
//  А - Число - сколько
//
&НаСервере
Асинх Функция Дело(Знач А, Б = -1, Val C = "x", Д = Неопределено,
    Е = '20260101') Export
    Перем Итог;
    Возврат А;
EndFunction

#КонецОбласти

&Before("Имя")
// между
Процедура Пустая()
КонецПроцедуры // Пустая
#КонецОбласти
Procedure Main() EndProcedure
"""


def method(text: str) -> Method:
    module = parse_module(text)
    assert module.errors == []
    return module.methods[0]


def test_a_method_is_known_whole() -> None:
    module = parse_module(_MODULE)
    assert module.errors == []
    work, empty, main = module.methods
    assert (work.name, work.kind, work.exported, work.is_async) == ("Дело", "function", True, True)
    assert (work.start_line, work.end_line, work.comment_line) == (13, 17, 7)
    assert work.comment.startswith("// Делает дело.") and work.comment.endswith("//")
    assert work.directives == ["НаСервере"]
    assert work.region == ("Первая", "Вторая")
    assert [variable.name for variable in work.local_variables] == ["Итог"]
    assert (empty.directives, empty.comment, empty.region) == (["Before"], "// между", ("Первая",))
    assert (main.region, main.start_line, main.end_line) == ((), 26, 26)
    assert module.method("дЕЛО") is work and module.method("нет") is None


def test_parameters_know_how_they_are_passed_and_their_defaults() -> None:
    module = parse_module(_MODULE)
    found = [
        (parameter.name, parameter.by_value, module.source(parameter.default) if parameter.default else None)
        for parameter in module.methods[0].parameters
    ]
    assert found == [
        ("А", True, None),
        ("Б", False, "-1"),
        ("C", True, '"x"'),
        ("Д", False, "Неопределено"),
        ("Е", False, "'20260101'"),
    ]


def test_module_variables_know_export_and_comment() -> None:
    module = parse_module(_MODULE)
    assert [(variable.name, variable.exported) for variable in module.variables] == [
        ("Глобальная", True),
        ("Другая", False),
    ]
    assert module.variables[0].comment == "// Описание переменной"
    assert module.statements == []


def test_annotations_keep_their_arguments() -> None:
    module = parse_module(
        '&Плоская\n&Вокруг("Имя", Порядок = 2, Флаг, Пусто = )\nПроцедура А(&Внедрить("x") Знач Б) КонецПроцедуры'
    )
    assert module.errors != []
    module = parse_module(
        '&Плоская\n&Вокруг("Имя", Порядок = 2, Флаг)\nПроцедура А(&Внедрить("x") Знач Б) КонецПроцедуры'
    )
    assert module.errors == []
    flat, around = module.methods[0].annotations
    assert (flat.name, flat.arguments) == ("Плоская", [])
    assert [(name, value and module.source(value)) for name, value in around.arguments] == [
        ("", '"Имя"'),
        ("Порядок", "2"),
        ("Флаг", None),
    ]
    assert module.methods[0].parameters[0].annotations[0].name == "Внедрить"


@pytest.mark.parametrize(
    ("above", "comment"),
    [
        ("// раз\n// два\n", "// раз\n// два"),
        ("// чужой\n\n// свой\n", "// свой"),
        ("// чужой\n\n", ""),
        ("А = 1; // за кодом\n", ""),
        ("// раз\r\n\t// два\r\n", "// раз\n// два"),
        ("// раз\r// два\r", "// раз\n// два"),
        ("#Область А\n// свой\n", "// свой"),
    ],
)
def test_the_comment_is_the_block_right_above(above: str, comment: str) -> None:
    assert method(f"{above}Процедура П()\nКонецПроцедуры").comment == comment


def test_regions_may_cross_methods_and_stay_open() -> None:
    module = parse_module(
        "#Область А\nПроцедура П()\n#КонецОбласти\nА = 1;\n"
        "#Region B // note\nКонецПроцедуры\nПроцедура Р() КонецПроцедуры\n"
    )
    assert module.errors == []
    assert [(region.name, region.start_line, region.end_line) for region in module.regions] == [
        ("А", 1, 3),
        ("B", 5, 8),
    ]
    assert [each.region for each in module.methods] == [("А",), ("B",)]


def test_the_modules_own_statements_stand_behind_its_methods() -> None:
    module = parse_module("Перем А;\nПроцедура П() КонецПроцедуры\nА = 1;\nП();\n")
    assert [type(statement).__name__ for statement in module.statements] == ["Assignment", "CallStatement"]
    assert [type(item).__name__ for item in module.items] == [
        "VariableDeclaration",
        "Method",
        "Assignment",
        "CallStatement",
    ]


def test_onescript_directives_are_no_errors() -> None:
    module = parse_module("#!/usr/bin/env oscript\n#Использовать logos\n#Use cmdline\nСообщить(1);")
    assert module.errors == []
    assert module.uses == ["#Использовать logos", "#Use cmdline"]


@pytest.mark.parametrize("text", ["", "\n", "// только комментарий", "\r\n\r\n", ";", "\ufeff"])
def test_empty_modules_are_modules(text: str) -> None:
    module = parse_module(text)
    assert (module.errors, module.methods, module.variables) == ([], [], [])


def test_multi_line_parameters_and_nested_default_expressions() -> None:
    found = method('Функция Ф(\n\tА, // первый\n\tЗнач Б = Ложь,\n\tВ = "а\n\t|б"\n)\nЭкспорт\nКонецФункции')
    assert [parameter.name for parameter in found.parameters] == ["А", "Б", "В"]
    assert found.exported
    assert isinstance(found.parameters[2].default, t.Constant)
