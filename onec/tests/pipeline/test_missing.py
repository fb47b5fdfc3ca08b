"""What the last step shows: outputs of this very snapshot, and "missing" for all else, whatever was there before."""

from pathlib import Path
from typing import Any

import pytest

from potok_onec.pipeline import Artifact, BrokenContractError, Finding, Inputs, Step, Store, equal

PARSE = Step("parse", (), (), "tests:parse")
SITE = Step("site", ("parse",), (), f"{__name__}:site", ("side",))


Made = tuple[dict[str, Any], list[Finding]]


def site(inputs: Inputs, folder: Path) -> Made:
    shown = inputs.folder("side") / "side.txt" if "side" in inputs.needs else None
    (folder / "site.txt").write_text(shown.read_text() if shown else "missing")
    return {}, []


class Bench:
    """One source with a snapshot, a step beside it that may fail, and the site over both."""

    def __init__(self, out: Path) -> None:
        self.store = Store(out)
        self._out = out

    def parse(self, text: str) -> None:
        self.snapshot = self._take("parse", {"source": text}, text).manifest.content

    def side(self, text: str, *, code: str = "1", fails: bool = False) -> None:
        inputs = {"parse": self.snapshot, "code": code}
        if not fails:
            self._take("side", inputs, text)
            return
        with pytest.raises(BrokenContractError):
            self.store.take("side", inputs, lambda folder: ({}, [equal("rows", 0, 1)]))

    def _take(self, step: str, inputs: dict[str, str], text: str) -> Artifact:
        def make(folder: Path) -> Made:
            (folder / f"{step}.txt").write_text(text)
            return {}, []

        return self.store.take(step, inputs, make)

    def shown(self) -> str:
        SITE.run(self.store, self._out, {}, {})
        return (self._out / "site" / "site.txt").read_text()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_the_output_of_an_older_snapshot_is_missing(bench: Bench) -> None:
    bench.parse("one")
    bench.side("A")
    assert bench.shown() == "A"
    bench.parse("two")
    bench.side("-", fails=True)
    assert bench.shown() == "missing"


def test_a_step_that_later_makes_the_same_as_before_is_missing_no_more(bench: Bench) -> None:
    bench.parse("one")
    bench.side("A")
    bench.parse("two")
    bench.side("-", fails=True)
    assert bench.shown() == "missing"
    bench.side("A", code="mended")
    assert bench.shown() == "A"


def test_a_step_that_has_failed_on_this_snapshot_is_missing_though_it_once_did_well(bench: Bench) -> None:
    bench.parse("one")
    bench.side("A")
    bench.side("-", code="2", fails=True)
    assert bench.shown() == "missing"
    bench.side("A", code="1")
    assert bench.shown() == "A"


def test_a_failure_on_another_snapshot_takes_nothing_from_this_one(bench: Bench) -> None:
    bench.parse("one")
    bench.side("A")
    bench.parse("two")
    bench.side("-", fails=True)
    bench.parse("one")
    assert bench.shown() == "A"


def test_a_step_that_was_killed_is_missing(bench: Bench) -> None:
    bench.parse("one")
    bench.side("A")

    def killed(folder: Path) -> Made:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bench.store.take("side", {"parse": bench.snapshot, "code": "2"}, killed)
    assert bench.shown() == "missing"


def test_what_is_missing_is_part_of_what_the_site_is_made_of(bench: Bench) -> None:
    bench.parse("one")
    assert bench.shown() == "missing"
    found = bench.store.find("site")
    assert found is not None
    assert found.manifest.inputs["side"] == "missing"
