"""Numbers of a method, worked out by hand."""

import pytest

from potok_onec.bsl import metrics, parse_module


@pytest.mark.parametrize(
    ("body", "cyclomatic", "cognitive", "nesting", "statements"),
    [
        ("", 1, 0, 0, 0),
        ("А = 1; Б(А);", 1, 0, 0, 2),
        ("Если А Тогда Б(); КонецЕсли;", 2, 1, 1, 2),
        ("Если А И Б Или В Тогда КонецЕсли;", 4, 3, 1, 1),
        ("Если А И Б И В Тогда КонецЕсли;", 4, 2, 1, 1),
        ("Если А Тогда ИначеЕсли Б Тогда Иначе КонецЕсли;", 3, 3, 1, 1),
        ("Пока А Цикл Если Б Тогда Прервать; КонецЕсли; КонецЦикла;", 3, 3, 2, 3),
        ("Для А = 1 По 2 Цикл Для Каждого Б Из В Цикл КонецЦикла; КонецЦикла;", 3, 3, 2, 2),
        ("Попытка А(); Исключение Если Б Тогда КонецЕсли; КонецПопытки;", 3, 3, 2, 3),
        ("А = ?(Б, 1, ?(В, 2, 3));", 3, 3, 0, 1),
        ("Перейти ~М; ~М: А = 1;", 1, 1, 0, 3),
        ("Метод();", 1, 1, 0, 1),
        ("Метод(Метод());", 1, 1, 0, 1),
        ("#Если Сервер Тогда\nЕсли А Тогда КонецЕсли;\n#Иначе\nБ();\n#КонецЕсли", 2, 1, 1, 3),
    ],
)
def test_complexity(body: str, cyclomatic: int, cognitive: int, nesting: int, statements: int) -> None:
    module = parse_module(f"Процедура Метод()\n{body}\nКонецПроцедуры")
    assert module.errors == []
    found = metrics(module.methods[0])
    assert (found.cyclomatic, found.cognitive, found.nesting, found.statements) == (
        cyclomatic,
        cognitive,
        nesting,
        statements,
    )


def test_sizes() -> None:
    found = metrics(parse_module("\nФункция Ф(А,\n\tБ = 1)\n\tВозврат А;\nКонецФункции").methods[0])
    assert (found.lines, found.parameters, found.optional_parameters) == (4, 2, 1)


def test_a_chain_of_ten_thousand_conditions_is_counted() -> None:
    module = parse_module("Процедура П() А = Б" + " И Б" * 10_000 + "; КонецПроцедуры")
    assert metrics(module.methods[0]).cyclomatic == 10_001
