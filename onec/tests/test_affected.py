"""Who is affected by a change of version: callers and users by file and line, before and after, bounded with counts."""

from functools import partial
from pathlib import Path

import pytest

from potok_onec.affected import Affected, affected
from potok_onec.configuration import read
from potok_onec.difference import compare
from potok_onec.testing import generate

LIBRARY = "Процедура Одна(А) Экспорт\r\nКонецПроцедуры\r\nПроцедура Другая() Экспорт\r\nКонецПроцедуры\r\n"
CALLER = (
    "Процедура Зовёт() Экспорт\r\n\tБиблиотека.Одна(1);\r\n\tБиблиотека.Другая();\r\n\tБиблиотека.Другая();\r\n"
    "КонецПроцедуры\r\n"
)
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<mdclass:CommonModule xmlns:mdclass="http://g5.1c.ru/v8/dt/metadata/mdclass" uuid="{uuid}">
  <name>{name}</name>
  <server>true</server>
</mdclass:CommonModule>
"""


def add_module(source: Path, name: str, code: str, at: int) -> Path:
    folder = next(source.rglob("CommonModules")) / name
    folder.mkdir()
    uuid = f"00000000-0000-4000-8000-{at:012d}"
    (folder / f"{name}.mdo").write_text(MODULE.format(uuid=uuid, name=name), encoding="utf-8")
    (folder / "Module.bsl").write_bytes(code.encode("utf-8-sig"))
    return folder


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Path, Path]:
    """The same configuration twice, with a library and who calls it."""
    found = (tmp_path / "before", tmp_path / "after")
    for folder in found:
        folder.mkdir()
        generate(folder)
        add_module(folder, "Библиотека", LIBRARY, 1)
        add_module(folder, "Потребитель", CALLER, 2)
    return found


def told(versions: tuple[Path, Path], users_max: int = 10) -> dict[str, Affected]:
    readers = [partial(read, folder, cache=False) for folder in versions]
    found = compare(readers[0](), readers[1]())
    return {one.name: one for one in affected(found, readers[0], readers[1], users_max=users_max)}


def library(folder: Path) -> Path:
    return next(folder.rglob("Библиотека/Module.bsl"))


def test_nobody_is_affected_by_nothing(versions: tuple[Path, Path]) -> None:
    assert told(versions) == {}


def test_callers_of_a_removed_export_are_told_before_and_still(versions: tuple[Path, Path]) -> None:
    library(versions[1]).write_text("Процедура Одна(А) Экспорт\r\nКонецПроцедуры\r\n", encoding="utf-8-sig", newline="")
    (one,) = told(versions).values()
    assert one.name == "CommonModule.Библиотека/Module.Другая"
    assert (one.how, one.users_before, one.users_after, len(one.objects)) == ("removed", 2, 2, 1)
    assert [(user.object, user.method, user.line) for user in one.after] == [
        ("CommonModule.Потребитель", "Зовёт", 3),
        ("CommonModule.Потребитель", "Зовёт", 4),
    ]
    assert one.before[0].file.endswith("Потребитель/Module.bsl")


def test_an_export_that_is_none_any_more_is_gone_for_others(versions: tuple[Path, Path]) -> None:
    library(versions[1]).write_bytes(LIBRARY.replace("Другая() Экспорт", "Другая()").encode("utf-8-sig"))
    (one,) = told(versions).values()
    assert (one.how, one.users_before, one.users_after) == ("removed", 2, 2)
    assert one.objects == {"CommonModule.Потребитель"}


def test_callers_of_a_changed_signature_are_those_of_the_new_version(versions: tuple[Path, Path]) -> None:
    library(versions[1]).write_bytes(LIBRARY.replace("Другая()", "Другая(Б)").encode("utf-8-sig"))
    (one,) = told(versions, users_max=1).values()
    assert (one.how, one.users_before, one.users_after, len(one.after)) == ("changed", 0, 2, 1)


def test_a_method_that_is_not_exported_affects_nobody(versions: tuple[Path, Path]) -> None:
    for folder, body in zip(versions, ("А = 1;", "А = 2;"), strict=True):
        code = f"{LIBRARY}Процедура Своя()\r\n\t{body}\r\nКонецПроцедуры\r\n"
        library(folder).write_bytes(code.encode("utf-8-sig"))
    assert told(versions) == {}


def test_a_part_of_an_object_affects_the_users_of_the_object(versions: tuple[Path, Path]) -> None:
    described = next(versions[1].rglob("Catalogs/*/Товары1.mdo"))
    text = described.read_text(encoding="utf-8")
    start, end = text.index("\t<attributes"), text.index("</attributes>") + len("</attributes>\n")
    described.write_text(text[:start] + text[end:], encoding="utf-8")
    found = told(versions)
    name = f"Catalog.{described.stem}"
    assert found[name].how == "changed"
    assert found[name].parts[0].startswith("- Attribute.")
    assert found[name].users_after >= 1
    assert all(user.kind not in ("subsystem", "right") for user in found[name].after)
