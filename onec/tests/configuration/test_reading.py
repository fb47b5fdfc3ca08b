"""Streaming, workers and the cache: the same objects whatever way they come, and only what changed is read again."""

import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from potok_onec.configuration import Portion, pool, read, reading
from potok_onec.configuration.inventory import Unit
from potok_onec.configuration.task import Answer
from potok_onec.testing import generate


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source")
    generate(folder, layout="designer", size=2)
    return folder


@pytest.fixture
def _always_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_SPREAD_BYTES", 0)
    monkeypatch.setattr(pool, "_BATCH_UNITS", 5)


def _portions(folder: Path, **options: object) -> list[Portion]:
    return list(read(folder, **options))  # type: ignore[arg-type]


@pytest.mark.usefixtures("_always_spread")
def test_two_workers_give_what_one_process_gives(source: Path) -> None:
    assert _portions(source, workers=2, cache=False) == _portions(source, workers=1, cache=False)


def test_second_reading_comes_from_the_cache(source: Path, tmp_path: Path) -> None:
    first = _portions(source, workers=1, cache=tmp_path)
    again = read(source, workers=1, cache=tmp_path)
    assert list(again) == first
    assert again.report.hits == again.units
    assert again.report.is_complete


def test_only_the_changed_object_is_read_again(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(source, folder)
    cache = tmp_path / "cache"
    _portions(folder, workers=1, cache=cache)
    module = next(folder.rglob("ObjectModule.bsl"))
    module.write_text(module.read_text(encoding="utf-8") + "\n// правка\n", encoding="utf-8")
    again = read(folder, workers=1, cache=cache)
    fresh = list(again)
    assert again.report.hits == again.units - 1
    assert fresh == _portions(folder, workers=1, cache=False)


def test_counting_needs_no_bodies_and_gives_the_same_report(source: Path, tmp_path: Path) -> None:
    whole, counted = read(source, cache=tmp_path), read(source, cache=tmp_path)
    list(whole)
    done = list(counted.count())
    assert done == list(range(1, whole.units + 1))
    assert [part.counts for part in counted.report.projects] == [part.counts for part in whole.report.projects]


def test_a_cache_that_is_no_database_is_said_and_not_used(source: Path, tmp_path: Path) -> None:
    (tmp_path / "portions.sqlite").write_bytes(b"not a database at all, but long enough to be looked at" * 100)
    spoiled = read(source, workers=1, cache=tmp_path)
    assert list(spoiled) == _portions(source, workers=1, cache=False)
    assert spoiled.report.cache_trouble


def test_a_cache_folder_that_cannot_be_made_is_said(source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    blocked = read(source, workers=1, cache=tmp_path / "file" / "cache")
    list(blocked)
    assert blocked.report.cache_trouble


def test_a_reading_is_for_one_pass(source: Path) -> None:
    once = read(source, cache=False)
    list(once)
    with pytest.raises(RuntimeError, match="read\\(\\) again"):
        list(once)


@pytest.mark.usefixtures("_always_spread")
def test_closing_a_reading_early_leaves_no_process(source: Path) -> None:
    stream = iter(read(source, workers=2, cache=False))
    next(stream)
    workers = _children()
    assert workers
    stream.close()  # type: ignore[attr-defined]  # a generator
    assert not (workers & _children())


@pytest.mark.usefixtures("_always_spread")
def test_a_killed_worker_costs_nothing(source: Path) -> None:
    """The out-of-memory killer takes one worker in the middle: its batch is read again by another."""
    stream = iter(read(source, workers=2, cache=False))
    found = [next(stream)]
    victim = min(_children())
    threading.Timer(0.01, os.kill, (victim, signal.SIGKILL)).start()
    found.extend(stream)
    assert found == _portions(source, workers=1, cache=False)


@pytest.mark.usefixtures("_always_spread")
def test_an_object_that_always_kills_its_reader_is_named_and_the_rest_is_read(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = next((source / "Catalogs").glob("*.xml")).stem
    real = pool._Worker.read

    def deadly(worker: pool._Worker, batch: list[Unit]) -> Answer:
        if any(unit.chain[-1] == ("Catalog", victim) for unit in batch):
            worker._process.kill()
        return real(worker, batch)

    monkeypatch.setattr(pool._Worker, "read", deadly)
    spoiled = read(source, workers=2, cache=False)
    portions = list(spoiled)
    problems = spoiled.report.all_problems()
    assert [problem.code for problem in problems] == ["worker-died"]
    assert victim in problems[0].file
    assert len(portions) == spoiled.units
    assert spoiled.report.is_complete


def _children() -> set[int]:
    deadline = time.monotonic() + 5
    while True:
        listing = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=False
        ).stdout
        found = {int(line.split()[0]) for line in listing.splitlines() if "configuration.worker" in line}
        if found or time.monotonic() > deadline - 4.5:
            return found
        time.sleep(0.01)
