"""Method descriptions by 1C's documentation standard."""

import pytest

from potok_onec.bsl import MethodDescription, ParameterDescription, describe_method, parse_module

_RUSSIAN = """\
// Складывает товары.
// Вторая строка назначения.
//
// Параметры:
//  Имя - Строка - имя, как его
//        видит пользователь
//      - Неопределено - если имени нет
//  Данные - Структура - что складывать:
//    * Ключ - Строка, Число - ключ
//    * Вложенная - Структура:
//      ** Дата - Дата - когда
//  Список - Массив из СправочникСсылка.Товары
//  Просто - что угодно без типа
//
// Возвращаемое значение:
//  Булево - Истина, если
//           сложилось
//  Структура:
//   * Итог - Число - сколько
//
// Пример:
//	Если Сложить(А) Тогда
//		Б();
//	КонецЕсли;
//
//	Сложить(Б);
//
// Варианты вызова:
//  Сложить(Имя) - по имени
//
// См. также Склад.Разложить.
"""
_ENGLISH = """\
// Deprecated. Use Stock.Add instead.
// Adds goods.
//
// Parameters:
//  Name - String - a name
//  Items - Array of CatalogRef.Goods, Undefined
//
// Returns:
//  Boolean - whether it worked
//
// Example:
//  Result = Add("a");
"""


def test_a_russian_description_is_read_whole() -> None:
    found = describe_method(_RUSSIAN)
    assert found.purpose == "Складывает товары.\nВторая строка назначения."
    assert [parameter.name for parameter in found.parameters] == ["Имя", "Данные", "Список", "Просто"]
    name, data, items, plain = found.parameters
    assert (name.types, name.text) == (
        ["Строка", "Неопределено"],
        "имя, как его\nвидит пользователь\nесли имени нет",
    )
    assert data.values[0].types == ["Структура"]
    key, nested = data.values[0].fields
    assert (key.name, key.types, key.text) == ("Ключ", ["Строка", "Число"], "ключ")
    assert [(field.name, field.types) for field in nested.values[0].fields] == [("Дата", ["Дата"])]
    assert items.types == ["Массив из СправочникСсылка.Товары"]
    assert (plain.types, plain.text) == ([], "что угодно без типа")
    first, second = found.returns
    assert (first.types, first.text) == (["Булево"], "Истина, если\nсложилось")
    assert [field.name for field in second.fields] == ["Итог"]
    assert len(found.examples) == 2 and found.examples[0].startswith("\tЕсли Сложить")
    assert found.call_options == ["Сложить(Имя) - по имени"]
    assert found.links == ["Склад.Разложить"]
    assert found.deprecated is None and not found.is_empty


def test_an_english_description_is_read_whole() -> None:
    found = describe_method(_ENGLISH)
    assert found.deprecated is not None and found.deprecated.startswith("Use Stock.Add instead.")
    assert [parameter.types for parameter in found.parameters] == [
        ["String"],
        ["Array of CatalogRef.Goods", "Undefined"],
    ]
    assert found.returns[0].types == ["Boolean"]
    assert found.examples == ['  Result = Add("a");']


@pytest.mark.parametrize("comment", ["", "//", "////////////////", "// ----\n// ===="])
def test_empty_comments_describe_nothing(comment: str) -> None:
    assert describe_method(comment) == MethodDescription()
    assert describe_method(comment).is_empty


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("// Устарела.", ""),
        ("// Устарела. Следует использовать Б.", "Следует использовать Б."),
        ("// Устарел: см. Б", "см. Б"),
        ("// Deprecated", ""),
    ],
)
def test_deprecation_with_and_without_advice(line: str, advice: str) -> None:
    assert describe_method(line).deprecated == advice


def test_a_type_below_the_fields_belongs_to_the_parameter_again() -> None:
    found = describe_method("// Параметры:\n//  А - Структура:\n//    * Б - Строка\n//    - Неопределено - пусто")
    assert found.parameters[0].types == ["Структура", "Неопределено"]


def test_a_heading_may_have_its_text_on_the_same_line() -> None:
    found = describe_method("// Возвращаемое значение: Строка - имя\n// Пример: А();")
    assert (found.returns[0].types, found.returns[0].text) == (["Строка"], "имя")
    assert found.examples == ["А();"]


def test_the_comment_of_a_parsed_method_can_be_described() -> None:
    module = parse_module(_RUSSIAN + "Функция Сложить(Имя, Данные, Список, Просто) Экспорт\nКонецФункции")
    assert describe_method(module.methods[0].comment) == describe_method(_RUSSIAN)


def test_lines_in_no_order_break_nothing() -> None:
    text = "// Параметры:\n// * Поле - Строка\n// - Число\n//\n//** х\n// А -\n// Параметры:\n// - - -"
    assert all(isinstance(each, ParameterDescription) for each in describe_method(text).parameters)
