"""Who is declared where, what comes from outside, what goes out."""

from potok_onec.bsl import parse_module, symbols

_TEXT = """\
Перем Кэш Экспорт, Счётчик;

Функция Открытая(Параметр, Знач Второй = 1) Экспорт
    Перем Объявлена;
    Местная = Параметр + Второй;
    Для Каждого Строка Из ОбщийМодуль.Строки(Местная, 2) Цикл
        Счётчик = счётчик + 1;
        Вложить(Строка.Поле);
    КонецЦикла;
    Для Номер = 1 По 2 Цикл
    КонецЦикла;
    Справочники.Товары.Создать();
    Местная.Метод();
    Возврат Кэш;
КонецФункции

Процедура Вложить(А)
КонецПроцедуры

Вложить(Счётчик);
Итог = 1;
"""


def test_names_of_a_method_are_sorted_by_what_they_are() -> None:
    table = symbols(parse_module(_TEXT))
    scope = table.scopes[0]
    assert [symbol.name for symbol in scope.of_kind("parameter")] == ["Параметр", "Второй"]
    assert [symbol.name for symbol in scope.locals] == ["Объявлена", "Местная", "Строка", "Номер"]
    assert [symbol.name for symbol in scope.of_kind("declared")] == ["Объявлена"]
    assert [symbol.name for symbol in scope.undeclared] == ["ОбщийМодуль", "Справочники"]
    assert set(scope.module_variables) == {"кэш", "счётчик"}
    assert len(scope.module_variables["счётчик"]) == 2
    local = scope.symbols["местная"]
    assert (len(local.writes), len(local.reads)) == (1, 2)


def test_calls_know_their_receivers() -> None:
    scope = symbols(parse_module(_TEXT)).scopes[0]
    assert sorted((call.receiver, call.method, call.arguments) for call in scope.calls) == [
        ("", "Вложить", 1),
        ("", "Создать", 0),
        ("Местная", "Метод", 0),
        ("ОбщийМодуль", "Строки", 2),
    ]
    assert [(call.receiver, call.method) for call in scope.outer_calls] == [("ОбщийМодуль", "Строки")]


def test_the_export_surface() -> None:
    module = parse_module(_TEXT)
    table = symbols(module)
    assert [method.name for method in table.exported_methods] == ["Открытая"]
    assert [variable.name for variable in table.exported_variables] == ["Кэш"]
    scope = table.scope(module.methods[1])
    assert scope is not None and scope.method is module.methods[1]


def test_the_modules_own_code_is_a_scope_without_a_method() -> None:
    scope = symbols(parse_module(_TEXT)).scope(None)
    assert scope is not None
    assert [symbol.name for symbol in scope.locals] == ["Итог"]


def test_a_name_read_before_it_is_set_is_a_local_all_the_same() -> None:
    table = symbols(parse_module("Процедура А() Б = В; В = 1; КонецПроцедуры"))
    assert [symbol.name for symbol in table.scopes[0].undeclared] == []
    assert [symbol.name for symbol in table.scopes[0].locals] == ["Б", "В"]
