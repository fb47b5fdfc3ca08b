"""What a module refers to: chains of names with who their first name is, handlers, names in strings."""

from potok_onec.bsl import parse_module
from potok_onec.bsl.references import Reference, references


def found(text: str, *kinds: str) -> list[Reference]:
    return [each for each in references(parse_module(text)) if not kinds or each.kind in kinds]


def paths(text: str, *kinds: str) -> list[tuple[str, str]]:
    return [(each.path, each.root) for each in found(text, *kinds)]


def test_a_call_on_a_common_module_is_outer() -> None:
    [call] = found("Процедура П()\n\tОбщегоНазначения.СообщитьПользователю(Текст, , Поле);\nКонецПроцедуры", "call")
    assert (call.path, call.root, call.method, call.arguments) == (
        "ОбщегоНазначения.СообщитьПользователю",
        "outer",
        "П",
        3,
    )


def test_a_variable_named_like_a_module_is_a_variable_everywhere_in_its_method() -> None:
    text = """
Функция Ф(Параметр)
    Склад.Принять();
    Склад = Параметр;
    Параметр.Отдать();
    Для Каждого Строка Из Склад Цикл
        Строка.Проверить();
    КонецЦикла;
КонецФункции
Процедура Другая()
    Склад.Принять();
КонецПроцедуры"""
    assert paths(text, "call") == [
        ("Склад.Принять", "local"),
        ("Параметр.Отдать", "parameter"),
        ("Строка.Проверить", "local"),
        ("Склад.Принять", "outer"),
    ]


def test_a_variable_of_the_module_is_told_apart() -> None:
    text = "Перем Кэш;\nПроцедура П()\n\tКэш.Очистить();\nКонецПроцедуры"
    assert paths(text, "call") == [("Кэш.Очистить", "variable")]


def test_a_variable_that_holds_a_common_module_stands_for_it() -> None:
    text = """
Процедура П()
    МодульПочты = ОбщегоНазначения.ОбщийМодуль("РаботаСПочтой");
    МодульПочты.Отправить(Письмо);
    Оповещение = Новый ОписаниеОповещения("ПослеОтправки", МодульПочты);
КонецПроцедуры"""
    assert ("РаботаСПочтой.Отправить", "alias") in paths(text, "call")
    assert paths(text, "handler") == [("РаботаСПочтой:ПослеОтправки", "alias")]


def test_chains_on_managers_are_read_whole_and_once() -> None:
    text = """
Процедура П()
    А = Справочники.Товары.ПустаяСсылка();
    Б = Catalogs.Goods;
    В = Метаданные.Документы.Заказ.Имя;
КонецПроцедуры"""
    assert paths(text, "call", "names") == [
        ("Справочники.Товары.ПустаяСсылка", "outer"),
        ("Catalogs.Goods", "outer"),
        ("Метаданные.Документы.Заказ.Имя", "outer"),
    ]


def test_handlers_by_name_and_dotted_texts() -> None:
    text = """
Процедура П()
    ПодключитьОбработчикОжидания("Обновить", 1, Истина);
    Кнопка.УстановитьДействие("Нажатие", "ПриНажатии");
    Описание = Новый ОписаниеОповещения("После", ЭтотОбъект);
    ОткрытьФорму("Справочник.Товары.ФормаСписка");
    Сообщить("Просто текст. С точкой");
КонецПроцедуры"""
    assert [path for path, _ in paths(text, "handler")] == ["Обновить", "ПриНажатии", "ЭтотОбъект:После"]
    assert [path for path, _ in paths(text, "text")] == ["Справочник.Товары.ФормаСписка"]


def test_code_of_the_module_itself_has_no_method() -> None:
    assert [(each.path, each.method) for each in found("Настройки.Загрузить();", "call")] == [
        ("Настройки.Загрузить", "")
    ]


def test_a_call_on_the_result_of_a_call_is_no_reference_but_its_inside_is() -> None:
    assert paths("А = Б().В(Г.Д());", "call") == [("Б", ""), ("Г.Д", "outer")]


def test_a_method_inside_a_directive_is_read_once() -> None:
    text = "#Если Сервер Тогда\nПроцедура П()\n\tМодуль.Метод();\nКонецПроцедуры\nИнициализация();\n#КонецЕсли"
    assert [(each.path, each.method) for each in found(text, "call")] == [("Модуль.Метод", "П"), ("Инициализация", "")]
