"""Marks of habits: what a block is and where it stands."""

from potok_onec.bsl import parse_module
from potok_onec.bsl.marks import marks


def _found(text: str) -> list[tuple[str, str, str]]:
    module = parse_module(text)
    return [(mark.kind, mark.method, mark.detail) for mark in marks(module)]


def _method(body: str) -> str:
    return f"Процедура А()\n{body}\nКонецПроцедуры"


def test_a_transaction_before_an_attempt_is_guarded() -> None:
    guarded = _method(
        "НачатьТранзакцию();\nПопытка ЗафиксироватьТранзакцию(); Исключение ВызватьИсключение; КонецПопытки;"
    )
    assert _found(guarded) == [("begin", "А", "guarded"), ("try", "А", ""), ("handler", "А", "raises")]
    assert _found(_method("НачатьТранзакцию(); Б(); Попытка Исключение КонецПопытки;"))[0] == ("begin", "А", "bare")
    conditional = _found(_method("Если Да Тогда\nНачатьТранзакцию();\nКонецЕсли;\nПопытка Исключение КонецПопытки;"))
    assert conditional[0] == ("begin", "А", "guarded")
    inside = _found(_method("Попытка\nBeginTransaction();\nБ();\nИсключение\nКонецПопытки;"))
    assert inside == [("try", "А", ""), ("begin", "А", "inside"), ("handler", "А", "empty")]


def test_outermost_loops_only_and_what_is_repeated_in_them() -> None:
    module = parse_module(_method("Для Каждого Х Из Список() Цикл\nПока Да() Цикл Б(); КонецЦикла;\nКонецЦикла;"))
    (loop,) = marks(module)
    repeated = module.text[loop.start : loop.end]
    assert loop.kind == "loop"
    assert "Список" not in repeated
    assert repeated.startswith("Пока Да()")
    (asked,) = marks(parse_module(_method("Пока Да() Цикл КонецЦикла;")))
    assert asked.start == len("Процедура А()\nПока ")


def test_privileged_mode_by_its_argument() -> None:
    text = _method(
        "УстановитьПривилегированныйРежим(Истина); SetPrivilegedMode(False); УстановитьПривилегированныйРежим(Было);"
        "УстановитьПривилегированныйРежим();"
    )
    assert [detail for kind, _, detail in _found(text) if kind == "privileged"] == ["on", "off", "value", "on"]


def test_query_variables_jumps_and_code_of_the_module() -> None:
    text = 'Для Н = 1 По 2 Цикл\nЗ = Новый Запрос("");\nКонецЦикла;\nПерейти ~М;\n~М:\nВыполнить Текст;'
    assert _found(text) == [("loop", "", ""), ("query", "", "З"), ("goto", "", ""), ("execute", "", "")]


def test_arms_of_the_preprocessor_are_walked() -> None:
    assert _found(_method("#Если Сервер Тогда\nНачатьТранзакцию();\n#КонецЕсли")) == [("begin", "А", "bare")]
