"""`who-calls`, `impact` and `path` on a generated configuration: every answer stands in the source at its line."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from potok_onec.testing import generate

pytestmark = pytest.mark.slow

Run = Callable[..., "subprocess.CompletedProcess[str]"]
MODULE, METHOD = "Товары1", "Обработчик1"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources") / "trade"
    folder.mkdir()
    generate(folder, layout="edt")
    return folder


@pytest.fixture(scope="module")
def run(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Questions to one analysis that is made by the first of them."""
    place = tmp_path_factory.mktemp("questions")

    def run(command: str, *arguments: object, lang: str = "en") -> "subprocess.CompletedProcess[str]":
        env = {**os.environ, "LC_ALL": lang, "POTOK_ONEC_CACHE": str(place / "cache"), "COLUMNS": "200"}
        words = [sys.executable, "-m", "potok_onec", command, *map(str, arguments)]
        where = ["--source", str(source), "--analysis", str(place / "out")]
        return subprocess.run([*words, *where], capture_output=True, text=True, env=env, check=False)

    return run


def asked(done: "subprocess.CompletedProcess[str]") -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_callers_are_all_lines_that_call_and_no_others(run: Run, source: Path) -> None:
    answer = asked(run("who-calls", f"{MODULE}.{METHOD}", "--json"))
    found = {(each["source_file"], each["line"]) for each in answer if each["kind"] == "call"}
    written = {
        (path.relative_to(source).as_posix(), line)
        for path in source.rglob("*.bsl")
        for line, text in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1)
        if f"{MODULE}.{METHOD}(" in text.partition("//")[0]
    }
    assert written <= found
    own = f"src/CommonModules/{MODULE}/Module.bsl"
    assert {place for place in found - written if place[0] != own} == set()


def test_a_module_and_an_object_may_be_asked_for_by_their_full_names(run: Run) -> None:
    of_method = asked(run("who-calls", f"commonmodule.{MODULE.upper()}.{METHOD.lower()}", "--json"))
    of_module = asked(run("who-calls", f"CommonModule.{MODULE}", "--json"))
    assert of_method
    assert {each["target_method"] for each in of_module} >= {METHOD}
    assert len(of_module) >= len(of_method)


def test_callers_are_told_with_place_and_number_in_both_languages(run: Run) -> None:
    english, russian = (run("who-calls", f"{MODULE}.{METHOD}", lang=lang) for lang in ("en", "ru"))
    amount = len(asked(run("who-calls", f"{MODULE}.{METHOD}", "--json")))
    assert str(amount) in english.stdout.splitlines()[-1]
    assert english.stdout.splitlines()[0].split("  ")[0] == russian.stdout.splitlines()[0].split("  ")[0]
    assert english.stdout.splitlines()[-1] != russian.stdout.splitlines()[-1]


def test_impact_reaches_further_with_every_step_and_names_the_reference(run: Run) -> None:
    near, far = (asked(run("impact", f"CommonModule.{MODULE}", "--json", "--depth", depth)) for depth in (1, 2))
    assert {each["distance"] for each in near} == {1}
    assert {each["object"] for each in near} <= {each["object"] for each in far}
    callers = {each["source"] for each in asked(run("who-calls", f"CommonModule.{MODULE}", "--json"))}
    assert callers - {f"CommonModule.{MODULE}"} <= {each["object"] for each in near}
    assert all(each["by"]["target"] == f"CommonModule.{MODULE}" for each in near)


def test_a_way_is_a_chain_of_references(run: Run) -> None:
    start = asked(run("impact", f"CommonModule.{MODULE}", "--json"))[-1]["object"]
    way = asked(run("path", start, MODULE, "--json"))
    assert (way[0]["source"], way[-1]["target"]) == (start, f"CommonModule.{MODULE}")
    assert all(before["target"] == after["source"] for before, after in pairwise(way))
    assert all(each["source_file"] and each["line"] for each in way)


def test_nobody_and_nothing_are_said_by_the_exit_code(run: Run) -> None:
    nobody = run("who-calls", "НетТакого.Метода")
    assert (nobody.returncode, "Traceback" in nobody.stderr) == (1, False)
    unknown = run("impact", "Catalog.НетТакого")
    assert (unknown.returncode, "НетТакого" in unknown.stderr) == (3, True)
    assert run("path", "Catalog.НетТакого", MODULE).returncode == 3


def test_what_cannot_be_read_or_written_is_a_sentence(source: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    for where, out, code in ((tmp_path / "empty", tmp_path / "out", 3), (source, tmp_path / "file" / "out", 4)):
        words = [sys.executable, "-m", "potok_onec", "who-calls", MODULE, "--source", where, "--analysis", out]
        done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
        assert done.returncode == code
        assert done.stderr
        assert "Traceback" not in done.stderr
