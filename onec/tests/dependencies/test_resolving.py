"""Who is meant by a reference: over the project and what it extends, never a variable, never a neighbour."""

from potok_onec.bsl import parse_module
from potok_onec.bsl.references import references
from potok_onec.configuration import Member, MetadataObject, Method, Module, Project, Query, Reference
from potok_onec.dependencies import Edge, Graph, Loose, resolve
from potok_onec.dependencies.facts import facts
from potok_onec.dependencies.index import Index

BASE = Project("Основная", "configuration", "edt", "base")
ADDON = Project("Дополнение", "extension", "edt", "addon", base_project="Основная")
OTHER = Project("Чужое", "extension", "edt", "other", base_project="Основная")


def module(kind: str, file: str, text: str) -> Module:
    parsed = parse_module(text)
    return Module(
        kind=kind,
        file=file,
        methods=tuple(
            Method(each.name, each.kind, each.start_line, each.end_line, is_exported=each.exported)
            for each in parsed.methods
        ),
        references=tuple(
            Reference(
                each.kind, parsed.position(each.offset).line, 1, each.method, each.path, each.root, each.arguments
            )
            for each in references(parsed)
        ),
    )


def common(name: str, text: str, project: str = "Основная", **switches: bool) -> MetadataObject:
    file = f"{project}/{name}.bsl"
    return MetadataObject(
        project,
        "CommonModule",
        name,
        f"{name}.mdo",
        1,
        properties=dict(switches),
        modules=(module("Module", file, text),),
    )


def resolved(*items: MetadataObject, projects: tuple[Project, ...] = (BASE,)) -> list[Edge | Loose]:
    index = Index(projects)
    for item in items:
        index.add(item)
    return [found for item in items for fact in facts(item) for found in resolve(index, item.project, fact)]


def calls(found: list[Edge | Loose]) -> list[tuple[str, str, str]]:
    return [
        (each.source, each.target, each.target_method)
        for each in found
        if isinstance(each, Edge) and each.kind == "call"
    ]


STOCK = common("Склад", "Процедура Принять() Экспорт\nКонецПроцедуры\nПроцедура Тайная()\nКонецПроцедуры")


def test_a_call_of_an_exported_method_is_an_edge_with_its_line() -> None:
    found = resolved(STOCK, common("Заказы", "Процедура П()\n\tсклад.принять();\nКонецПроцедуры"))
    [edge] = [each for each in found if isinstance(each, Edge)]
    assert (edge.kind, edge.target, edge.target_method, edge.line) == ("call", "CommonModule.Склад", "Принять", 2)


def test_a_method_that_is_missing_or_not_exported_is_told() -> None:
    found = resolved(STOCK, common("Заказы", "Процедура П()\n\tСклад.Тайная();\n\tСклад.Нет();\nКонецПроцедуры"))
    assert [each.reason for each in found if isinstance(each, Loose)] == ["not_exported", "no_method"]


def test_a_variable_or_an_attribute_named_like_a_module_is_not_the_module() -> None:
    local = common("Заказы", "Процедура П(Склад)\n\tСклад.Принять();\nКонецПроцедуры")
    document = MetadataObject(
        "Основная", "Document", "Заказ", "z.mdo", 1, members=(Member("Attribute", "Склад", 2),),
        modules=(module("ObjectModule", "z.bsl", "Процедура П()\n\tСклад.Принять();\nКонецПроцедуры"),),
    )  # fmt: skip
    found = resolved(STOCK, local, document)
    assert calls(found) == []
    assert [each.reason for each in found if isinstance(each, Loose)] == ["local_variable", "local_variable"]


def test_a_command_hides_no_module_of_its_name() -> None:
    processor = MetadataObject(
        "Основная", "DataProcessor", "Склад", "s.mdo", 1, members=(Member("Command", "Склад", 2),),
        modules=(module("ObjectModule", "s.bsl", "Процедура П()\n\tСклад.Принять();\nКонецПроцедуры"),),
    )  # fmt: skip
    assert calls(resolved(STOCK, processor)) == [("DataProcessor.Склад", "CommonModule.Склад", "Принять")]


def test_an_attribute_hides_no_module_that_is_fetched_by_its_name() -> None:
    text = """Процедура П()
    МодульСклада = ОбщегоНазначения.ОбщийМодуль("Склад");
    МодульСклада.Принять();
КонецПроцедуры"""
    document = MetadataObject(
        "Основная", "Document", "Заказ", "z.mdo", 1, members=(Member("TabularSection", "Склад", 2),),
        modules=(module("ObjectModule", "z.bsl", text),),
    )  # fmt: skip
    [edge] = [each for each in resolved(STOCK, document) if isinstance(each, Edge)]
    assert (edge.target_method, edge.via) == ("Принять", "alias")


def test_a_table_that_is_filled_in_at_run_time_is_no_missing_object() -> None:
    orders = MetadataObject(
        "Основная", "CommonModule", "Заказы", "z.mdo", 1,
        modules=(Module("Module", "z.bsl", queries=(Query(1, tables=("Документ.%1", "Документ.Нет")),)),),
    )  # fmt: skip
    found = [(each.path, each.reason) for each in resolved(orders) if isinstance(each, Loose)]
    assert found == [("Документ.%1", "filled_in"), ("Документ.Нет", "no_object")]


def test_properties_of_an_object_and_of_its_parts_name_objects() -> None:
    form, state = (MetadataObject("Основная", kind, name, "f.mdo", 1) for kind, name in (
        ("CommonForm", "ФормаОтчета"), ("Enum", "Состояния")
    ))  # fmt: skip
    part = Member(
        "Attribute", "Состояние", 7, properties={"FillValue": {"type": "Ref", "value": "Enum.Состояния.Новый"}}
    )
    report = MetadataObject(
        "Основная", "Report", "Продажи", "r.mdo", 3, members=(part,),
        properties={"DefaultForm": "CommonForm.ФормаОтчета", "Comment": "Report.Продажи", "Title": "Enum. Состояния"},
    )  # fmt: skip
    found = [(each.kind, each.line, each.target) for each in resolved(form, state, report) if isinstance(each, Edge)]
    assert found == [("metadata", 3, "CommonForm.ФормаОтчета"), ("metadata", 7, "Enum.Состояния")]


def test_a_global_module_is_called_without_its_name() -> None:
    shared = common("Общее", "Процедура Общая() Экспорт\nКонецПроцедуры", Global=True)
    found = resolved(shared, common("Заказы", "Процедура П()\n\tОбщая();\n\tСообщить(1);\nКонецПроцедуры"))
    assert calls(found) == [("CommonModule.Заказы", "CommonModule.Общее", "Общая")]


def test_a_manager_method_is_called_and_the_platforms_refer_to_the_object() -> None:
    goods = MetadataObject(
        "Основная", "Catalog", "Товары", "g.mdo", 1,
        modules=(module("ManagerModule", "g.bsl", "Функция Аналог() Экспорт\nКонецФункции"),),
    )  # fmt: skip
    text = """Процедура П()
    Справочники.Товары.Аналог();
    Catalogs.Товары.CreateItem();
    А = Метаданные.Справочники.Товары;
КонецПроцедуры"""
    found = resolved(goods, common("Заказы", text))
    assert calls(found) == [("CommonModule.Заказы", "Catalog.Товары", "Аналог")]
    assert [each.line for each in found if isinstance(each, Edge) and each.kind == "metadata"] == [3, 4]


def test_a_string_may_name_a_method_of_a_manager() -> None:
    goods = MetadataObject(
        "Основная", "Catalog", "Товары", "g.mdo", 1,
        modules=(module("ManagerModule", "g.bsl", "Процедура Обновить() Экспорт\nКонецПроцедуры"),),
    )  # fmt: skip
    text = 'Процедура П()\n А = "Справочники.Товары.Обновить"; Б = "Catalogs.Товары.Нет";\nКонецПроцедуры'
    found = [each for each in resolved(goods, common("Заказы", text)) if isinstance(each, Edge)]
    assert [(each.kind, each.target, each.target_method, each.via) for each in found] == [
        ("call", "Catalog.Товары", "Обновить", "text"), ("metadata", "Catalog.Товары", "", "text"),
    ]  # fmt: skip


def test_an_extension_sees_its_base_and_not_its_neighbour() -> None:
    neighbour = common("Соседний", "Процедура Х() Экспорт\nКонецПроцедуры", project="Чужое")
    text = "Процедура П()\n\tСклад.Принять();\n\tСоседний.Х();\nКонецПроцедуры"
    found = resolved(STOCK, neighbour, common("Мой", text, project="Дополнение"), projects=(BASE, ADDON, OTHER))
    assert calls(found) == [("CommonModule.Мой", "CommonModule.Склад", "Принять")]


def test_the_base_never_calls_its_extension() -> None:
    added = common("Добавленный", "Процедура Х() Экспорт\nКонецПроцедуры", project="Дополнение")
    found = resolved(added, common("Мой", "Процедура П()\n\tДобавленный.Х();\nКонецПроцедуры"), projects=(BASE, ADDON))
    assert found == []


def test_handlers_of_subscriptions_and_jobs_are_found_or_told() -> None:
    def item(kind: str, name: str, **properties: str) -> MetadataObject:
        return MetadataObject("Основная", kind, name, f"{name}.mdo", 1, properties=dict(properties))

    found = resolved(
        STOCK,
        item("EventSubscription", "ПриЗаписи", Handler="CommonModule.Склад.Принять"),
        item("ScheduledJob", "Ночное", MethodName="CommonModule.Склад.Нет"),
    )
    assert [(each.kind, type(each).__name__) for each in found] == [
        ("event_subscription", "Edge"),
        ("scheduled_job", "Loose"),
    ]


def test_questions_to_the_graph() -> None:
    second = common("Второй", "Процедура Б() Экспорт\n\tСклад.Принять();\nКонецПроцедуры")
    third = common("Третий", "Процедура В()\n\tВторой.Б();\nКонецПроцедуры")
    graph = Graph(each for each in resolved(STOCK, second, third) if isinstance(each, Edge))
    assert [edge.source for edge in graph.who_calls("склад.принять")] == ["CommonModule.Второй"]
    assert {item: far for item, (far, _) in graph.impact("Склад").items()} == {
        "CommonModule.Второй": 1,
        "CommonModule.Третий": 2,
    }
    assert list(graph.impact("Склад", depth=1)) == ["CommonModule.Второй"]
    way = graph.path("Третий", "Склад")
    assert way is not None
    assert [edge.target for edge in way] == ["CommonModule.Второй", "CommonModule.Склад"]
    assert graph.path("Склад", "Третий") is None
