"""The figures on real configurations: run when POTOK_ONEC_CORPUS names the folder with the checkouts."""

import os
from pathlib import Path

import pytest

from onec.bench import figures, growth

CORPUS = os.environ.get("POTOK_ONEC_CORPUS", "")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not CORPUS, reason="POTOK_ONEC_CORPUS is not set: no checkouts of public configurations"),
]
# Seconds depend on who else uses the machine: `make bench-onec` judges them, a test does not.
_TIMES = ("s", "CPU s")


def test_figures_on_public_configurations() -> None:
    missed = []
    for row in figures.rows(Path(CORPUS)):
        if row.is_met is None:
            continue
        if row.is_met is False and row.measure.rpartition(", ")[2] not in _TIMES:
            missed.append(f"{row.measure}: {row.reached}, truth {row.truth}, goal {row.goal}")
    assert not missed, "\n".join(missed)


@pytest.mark.parametrize("name", figures.REPOSITORIES)
def test_no_reader_fails_and_no_file_is_lost(name: str) -> None:
    path = Path(CORPUS) / name
    if not path.is_dir():
        pytest.skip(f"no checkout at {path}")
    facts = growth.inspect(path, "--no-cache")
    assert facts["files"]["found"] == facts["files"]["accounted"]
    codes = {problem["code"] for part in facts["projects"] for problem in part["problems"]}
    assert not codes & {"reader-failed", "worker-died"}
