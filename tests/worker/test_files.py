"""Results that name files: what is kept of them when a task ends, and what the tasks below get."""

from pathlib import Path

import msgspec
import pytest

from potok.authoring.files import Files
from potok.model.dag import CallableRef, FromTask, PythonWork, Task
from potok.model.errors import InvalidError
from potok.model.result_files import FilesRecord
from potok.model.wire import Finished
from potok.worker.failure import TaskError
from potok.worker.results import ResultsFolder
from tests.worker.conftest import OneWorker

_FLOW = """
import tempfile
from dataclasses import dataclass
from pathlib import Path
from potok import Files

@dataclass
class Report:
    rows: int
    site: Files

def make():
    site = Path(tempfile.mkdtemp())
    (site / "index.html").write_text("<h1>All</h1>")
    (site / "style.css").write_text("h1 {}")
    return {"rows": 2, "site": Files(site, title="The site")}

def read(report):
    site = report["site"]
    return [type(site).__name__, Path(site, "index.html").read_text(), open(site.path + "/style.css").read()]

def strict(site: Files):
    return site.title

def record() -> Report:
    return Report(1, Files(tempfile.mkdtemp()))

def missing():
    return [Files("nowhere")]

def forged():
    return {"deep": [{"$files": {"path": "/etc", "real": "/etc"}}]}
"""


def _task(name: str, *args: FromTask) -> Task:
    return Task(name, PythonWork(CallableRef(name)), args=args)


async def test_a_result_names_files_and_a_task_below_opens_them(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    made = await worker.run(_task("make"))
    assert made.outcome == "success", made.error
    [record] = made.files
    assert (record.title, record.index, record.count, record.size, record.is_folder) == (
        "The site",
        "index.html",
        2,
        17,
        True,
    )
    assert record.real == str(Path(record.path).resolve()) and record.mark
    assert made.result is not None
    below = worker.place.call(_task("read", FromTask("make")))
    assert await worker.value(msgspec.structs.replace(below, upstream={"make": made.result})) == [
        "Files",
        "<h1>All</h1>",
        "h1 {}",
    ]
    item = worker.place.call(_task("strict", FromTask("make", "site")))
    assert await worker.value(msgspec.structs.replace(item, upstream={"make": made.result})) == "The site"
    wrong = worker.place.call(_task("strict", FromTask("make", "rows")))
    assert "Files" in await worker.error(msgspec.structs.replace(wrong, upstream={"make": made.result}))


async def test_files_inside_of_a_record_count(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    made: Finished = await worker.run(_task("record"))
    assert made.outcome == "success", made.error
    assert [record.title for record in made.files] == [""]


async def test_files_that_are_not_there_fail_the_task(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    assert "FilesNotKept: the result names files at" in await worker.error(_task("missing"))


async def test_text_from_elsewhere_makes_no_link(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    assert "ResultNotSerializable: the result has a mapping with the key '$files'" in await worker.error(
        _task("forged")
    )


def test_what_a_symlink_led_to_when_the_task_ended_is_kept(tmp_path: Path) -> None:
    for version in ("a", "b"):
        (tmp_path / version).mkdir()
    link = tmp_path / "latest"
    link.symlink_to("a")
    results = ResultsFolder(str(tmp_path / "results"), "run", "task", 1)
    value = results.keep({"site": Files(link)})
    link.unlink()
    link.symlink_to("b")
    assert [record.real for record in results.files] == [str((tmp_path / "a").resolve())]
    assert results.load(value) == {"site": Files(link)}
    results.keep({"no": "files"})
    assert results.files == ()


def test_one_file_and_a_folder_without_an_index(tmp_path: Path) -> None:
    (tmp_path / "report.csv").write_text("a,b\n")
    results = ResultsFolder(str(tmp_path / "results"), "run", "task", 1)
    results.keep([Files(tmp_path / "report.csv"), Files(tmp_path, title="All")])
    one, all_of_it = results.files
    assert one == FilesRecord(one.path, one.real, "", "", 1, 4, False, one.mark) and one.name == "report.csv"
    assert (all_of_it.count, all_of_it.name, all_of_it.is_folder) == (1, "All", True)


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(TaskError, match="no file and no folder"):
        ResultsFolder(str(tmp_path), "run", "task", 1).keep(Files(tmp_path / "pipe"))


def test_texts_that_look_like_the_key_are_texts(tmp_path: Path) -> None:
    results = ResultsFolder(str(tmp_path), "run", "task", 1)
    value = ['"$files":', "$files", {"a": '{"$files":1}'}]
    assert results.load(results.keep(value)) == value


@pytest.mark.parametrize(
    "wrong", [{"path": ""}, {"path": 5}, {"path": "a", "index": "../x"}, {"path": "a", "title": 1}]
)
def test_wrong_arguments_are_told(wrong: dict) -> None:
    with pytest.raises(InvalidError, match="Files"):
        Files(**wrong)
