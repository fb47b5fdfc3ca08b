"""The same content in three layouts gives the same model, and exactly what was written."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import asdict

from potok_onec.configuration import MetadataObject, read
from potok_onec.difference import compare
from potok_onec.testing import LAYOUTS, Expected, generate

# Where a thing is written is the layout's own affair; all else is the model.
_PLACES = {"file", "line", "handler_lines", "project", "bytes", "encoding"}


def _objects(folder: Path) -> dict[str, MetadataObject]:
    return {item.full_name: item for item in read(folder, cache=False).objects()}


def _facts(value: Any) -> Any:
    if hasattr(value, "__struct_fields__"):
        return {name: _facts(item) for name, item in asdict(value).items() if name not in _PLACES}
    if isinstance(value, (list, tuple)):
        return [_facts(item) for item in value]
    if isinstance(value, dict):
        return {name: _facts(item) for name, item in value.items()}
    return value


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_number_is_the_one_that_was_written(layout: str, sources: dict[str, Path], expected: Expected) -> None:
    reading = read(sources[layout], cache=False)
    for _ in reading.count():
        pass
    (part,) = reading.report.projects
    assert part.counts.objects == expected.objects
    assert part.counts.nested == expected.nested
    assert part.counts.members == expected.members
    assert (part.counts.procedures, part.counts.functions) == (expected.procedures, expected.functions)
    assert part.counts.exported == expected.exported
    assert part.counts.modules == expected.modules
    assert part.counts.queries == expected.queries
    assert part.counts.queries_broken == 0
    assert reading.report.all_problems() == []
    assert reading.report.is_complete


@pytest.mark.parametrize("layout", ["designer", "designer-plain"])
def test_both_layouts_give_equal_models(layout: str, sources: dict[str, Path]) -> None:
    edt, other = _objects(sources["edt"]), _objects(sources[layout])
    assert set(edt) == set(other)
    for name, item in edt.items():
        ours, theirs = _facts(item), _facts(other[name])
        for field in ("children", "generated_types"):
            ours.pop(field), theirs.pop(field)
        assert ours == theirs, name


def test_difference_of_two_layouts_is_empty(sources: dict[str, Path]) -> None:
    one, two = read(sources["edt"], cache=False), read(sources["designer"], cache=False)
    assert not compare(one, two)


def test_an_object_comes_with_everything_that_is_its_own(sources: dict[str, Path]) -> None:
    objects = _objects(sources["designer"])
    catalog = next(item for item in objects.values() if item.kind == "Catalog")
    assert [member.name for member in catalog.attributes] == ["Attribute1", "Attribute2", "Attribute3", "Attribute4"]
    assert [member.kind for member in catalog.tabular_sections[0].members] == ["Attribute", "Attribute"]
    assert {form.member.name for form in catalog.forms} == {"ФормаЭлемента", "ФормаСписка"}
    form = next(form for form in catalog.forms if form.member.name == "ФормаЭлемента")
    assert form.content is not None
    assert form.content.handlers == {"OnOpen": "Обработчик1"}
    assert [0 < line < form.content.items[0].line for line in form.content.handler_lines] == [True]
    assert form.content.items[0].data_path == "Объект.Поле"
    assert form.content.attributes[0].is_main
    assert form.content.commands[0].action == "Обработчик2"
    assert catalog.predefined[0].name == "Основной"
    assert {module.kind for module in catalog.modules} == {"ObjectModule", "ManagerModule", "FormModule"}
    assert catalog.properties["CodeLength"] == 9
    assert catalog.properties["FoldersOnTop"] is False


def test_rights_schedules_and_contents_are_read(sources: dict[str, Path]) -> None:
    objects = _objects(sources["edt"]).values()
    role = next(item for item in objects if item.kind == "Role")
    assert role.rights is not None
    assert [(right.object, right.name, right.value) for right in role.rights.rights][:2] == [
        ("Catalog.Товары1", "Read", True),
        ("Catalog.Товары1", "Update", False),
    ]
    assert role.rights.rights[0].restrictions[0].condition == "ГДЕ ИСТИНА"
    job = next(item for item in objects if item.kind == "ScheduledJob")
    assert job.schedule is not None
    assert (job.schedule["BeginTime"], job.schedule["WeekDays"]) == ("03:00:00", ["1", "3", "5"])
    plan = next(item for item in objects if item.kind == "ExchangePlan")
    assert plan.exchange_content == {"Catalog.Товары1": True, "Document.Счета1": False}
    report = next(item for item in objects if item.kind == "Report")
    assert report.templates[0].data_sets[0].query.startswith("ВЫБРАТЬ")


def test_nested_subsystems_know_their_parents(sources: dict[str, Path]) -> None:
    names = [name for name, item in _objects(sources["designer-plain"]).items() if item.kind == "Subsystem"]
    assert len(names) == 6
    assert any(name.endswith(".Subsystem.Вложенная.Subsystem.Глубокая") for name in names)


@pytest.mark.parametrize("inside", ["src", "src/Configuration", "src/Configuration/Configuration.mdo"])
def test_a_path_inside_a_project_opens_the_project(inside: str, sources: dict[str, Path]) -> None:
    reading = read(sources["edt"] / inside, cache=False)
    assert [project.name for project in reading.projects] == ["УчетнаяКонфигурация"]


def test_generated_sources_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    for name in ("a", "b"):
        generate(tmp_path / name, seed=7)
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert files
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
