"""Bad input: each thing that is wrong is named with its file, and the rest is still read."""

import os
import shutil
from pathlib import Path

import pytest

from potok_onec.configuration import Report, read
from potok_onec.testing import LAYOUTS, ODDITIES, Expected, generate, plant

# Everything but the spoiled object: what each oddity may cost at most, in objects.
_LOST_MAX = 1


def _report(folder: Path) -> Report:
    reading = read(folder, cache=False)
    for _ in reading.count():
        pass
    return reading.report


@pytest.mark.parametrize("oddity", sorted(ODDITIES))
@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_oddity_is_reported_and_the_rest_is_read(
    layout: str, oddity: str, sources: dict[str, Path], expected: Expected, tmp_path: Path
) -> None:
    folder = tmp_path / "source"
    shutil.copytree(sources[layout], folder)
    planted = plant(folder, oddity)
    report = _report(folder)
    named = [problem for problem in report.all_problems() if problem.code == planted.code]
    assert named, [problem.shown() for problem in report.all_problems()]
    assert any(planted.path in problem.shown() for problem in named)
    assert all(problem.line >= 1 for problem in named)
    assert report.is_complete
    found = sum(sum(part.counts.objects.values()) for part in report.projects)
    assert found >= sum(expected.objects.values()) - _LOST_MAX


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_problem_is_a_sentence_in_both_languages(language: str, sources: dict[str, Path], tmp_path: Path) -> None:
    for oddity in ODDITIES:
        folder = tmp_path / oddity
        shutil.copytree(sources["edt"], folder)
        planted = plant(folder, oddity)
        for problem in _report(folder).all_problems():
            if problem.code == planted.code:
                text = problem.text(language)
                assert "?" not in text.replace("checkout?", "").replace("памяти?", ""), text
                assert any("а" <= letter <= "я" for letter in text.lower()) or language == "en"


def test_a_folder_without_1c_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    report = _report(tmp_path)
    assert [problem.code for problem in report.all_problems()] == ["no-configuration"]
    assert report.is_complete


def test_a_path_that_does_not_exist_raises() -> None:
    with pytest.raises(FileNotFoundError, match="does not exist"):
        read("/nowhere/at/all")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_cyrillic_and_spaces_in_paths(layout: str, tmp_path: Path, expected: Expected) -> None:
    folder = tmp_path / "Мои исходники (копия)" / "конфигурация 1"
    generate(folder, layout=layout)
    report = _report(tmp_path)
    assert report.projects[0].counts.objects == expected.objects
    assert report.all_problems() == []


def test_two_configurations_in_neighbouring_folders_stay_apart(tmp_path: Path, expected: Expected) -> None:
    generate(tmp_path / "один", layout="edt", seed=1)
    generate(tmp_path / "два", layout="designer", seed=2)
    report = _report(tmp_path)
    assert [part.project.layout for part in report.projects] == ["designer", "edt"]
    assert all(part.counts.objects == expected.objects for part in report.projects)


def test_file_without_rights_is_refused_by_name(sources: dict[str, Path], tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root reads everything")
    folder = tmp_path / "source"
    shutil.copytree(sources["edt"], folder)
    module = next(folder.rglob("ObjectModule.bsl"))
    module.chmod(0)
    report = _report(folder)
    assert [problem.code for problem in report.all_problems()] == ["unreadable"]


def test_an_entity_bomb_costs_no_time_and_no_memory(sources: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "source"
    shutil.copytree(sources["designer"], folder)
    layers = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 100}">' for n in range(30))
    victim = next((folder / "Catalogs").glob("*.xml"))
    victim.write_text(f'<?xml version="1.0"?><!DOCTYPE x [{layers}]><MetaDataObject>&e29;</MetaDataObject>')
    report = _report(folder)
    assert [problem.code for problem in report.all_problems()] == ["bad-xml"]
    assert "DOCTYPE" in report.all_problems()[0].text()


def test_a_deep_pit_of_elements_is_refused(sources: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "source"
    shutil.copytree(sources["edt"], folder)
    victim = next(folder.rglob("Form.form"))
    victim.write_text("<Form>" + "<items>" * 100_000 + "</items>" * 100_000 + "</Form>")
    report = _report(folder)
    assert [problem.code for problem in report.all_problems()] == ["bad-xml"]


def test_an_extension_of_a_newer_platform_keeps_what_is_unknown(sources: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "source"
    shutil.copytree(sources["designer"], folder)
    (folder / "Gadgets").mkdir()
    head = '<MetaDataObject xmlns="http://v8.1c.ru/8.3/MDClasses" version="9.9"><Gadget uuid="1">'
    body = "<Properties><Name>Штука</Name><Power>true</Power></Properties></Gadget></MetaDataObject>"
    (folder / "Gadgets" / "Штука.xml").write_text(head + body, encoding="utf-8")
    reading = read(folder, cache=False)
    gadget = next(item for item in reading.objects() if item.kind == "Gadget")
    assert not gadget.is_known_kind
    assert gadget.properties == {"Power": True}
    assert {problem.code for problem in reading.report.all_problems()} == {"unknown-kind"}
