"""What a survey tells of modules written for it: server calls, dead exports, subsystems of two projects."""

from potok_onec.architecture.survey import Survey, Surveyor
from potok_onec.configuration import MetadataObject, Module, Project
from potok_onec.configuration.code import read
from potok_onec.dependencies import Edge, resolve
from potok_onec.dependencies.facts import facts
from potok_onec.dependencies.index import Index

BASE = Project("Основная", "configuration", "edt", "base")
ADDON = Project("Дополнение", "extension", "edt", "addon", base_project="Основная")


def module(kind: str, file: str, text: str, owner: str = "") -> Module:
    found, _ = read(text.encode(), kind, file, owner)
    assert found is not None
    return found


def common(name: str, text: str, project: str = "Основная", **switches: bool) -> MetadataObject:
    code = module("Module", f"{project}/{name}.bsl", text)
    return MetadataObject(project, "CommonModule", name, f"{name}.mdo", 1, properties=dict(switches), modules=(code,))


def subsystem(name: str, *content: str, project: str = "Основная") -> MetadataObject:
    return MetadataObject(project, "Subsystem", name, f"{name}.mdo", 1, properties={"Content": list(content)})


def surveyed(*items: MetadataObject) -> Survey:
    index, surveyor = Index((BASE, ADDON)), Surveyor()
    for item in items:
        index.add(item)
        surveyor.take_object(item)
    for item in items:
        for fact in facts(item):
            for found in resolve(index, item.project, fact):
                if isinstance(found, Edge):
                    surveyor.take_edge(found)
    return surveyor.survey()


def test_server_calls_of_a_form_and_what_they_carry() -> None:
    text = """&НаКлиенте
Процедура Команда()
    Полный();
    Лёгкий();
    ВызовСервера.Взять();
    НаКлиентеТоже();
КонецПроцедуры
&НаКлиенте
Процедура НаКлиентеТоже()
КонецПроцедуры
&НаСервере
Процедура Полный()
    ВызовСервера.Взять();
КонецПроцедуры
&НаСервереБезКонтекста
Процедура Лёгкий()
КонецПроцедуры"""
    form = MetadataObject(
        "Основная", "CommonForm", "Форма", "f.mdo", 1, modules=(module("Module", "f.bsl", text),)
    )  # fmt: skip
    server = common("ВызовСервера", "Процедура Взять() Экспорт\nКонецПроцедуры", Server=True, ServerCall=True)
    found = [(each.line, each.target_method, each.carries) for each in surveyed(form, server).server_calls]
    assert found == [(3, "Полный", "form"), (4, "Лёгкий", "parameters"), (5, "Взять", "parameters")]


def test_an_export_that_may_be_called_on_an_object_is_not_dead() -> None:
    code = "Процедура Рассчитать() Экспорт КонецПроцедуры\nПроцедура Забытая() Экспорт КонецПроцедуры"
    processor = MetadataObject(
        "Основная", "DataProcessor", "Расчёт", "p.mdo", 1, modules=(module("ObjectModule", "p.bsl", code),)
    )  # fmt: skip
    caller = common("Вызов", "Процедура П()\nО = Обработки.Расчёт.Создать();\nО.Рассчитать();\nКонецПроцедуры")
    assert [each.method for each in surveyed(processor, caller).dead_exports] == ["Забытая"]


def test_subsystems_count_objects_of_their_own_project_and_empty_ones_are_there() -> None:
    used = "Процедура Х() Экспорт\nКонецПроцедуры\n"
    found = surveyed(
        subsystem("Пустая"),
        subsystem("Торговля", "CommonModule.Товары"),
        subsystem("Торговля", "CommonModule.Товары", project="Дополнение"),
        common("Товары", used + "Процедура П()\nСклад.Х();\nКонецПроцедуры"),
        common("Склад", used),
        common("Товары", used, project="Дополнение"),
    )
    rows = {(each.project, each.subsystem): (each.objects, each.methods, each.outward) for each in found.subsystems}
    assert rows == {
        ("Дополнение", "Subsystem.Торговля"): (1, 1, 0),
        ("Основная", "Subsystem.Пустая"): (0, 0, 0),
        ("Основная", "Subsystem.Торговля"): (1, 2, 1),
    }
