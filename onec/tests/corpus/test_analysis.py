"""The analysis of real configurations says what plain expressions count, or shows each difference by its line."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from onec.bench import pipeline
from onec.bench.analysis import Analysis, analyze
from onec.bench.calls import call_rows
from onec.bench.figures import DEMO, IRP, SSL, YAXUNIT, Row

CORPUS = os.environ.get("POTOK_ONEC_CORPUS", "")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not CORPUS, reason="POTOK_ONEC_CORPUS is not set: no checkouts of public configurations"),
]


def analyzed(name: str, folder: Path) -> Analysis:
    source = Path(CORPUS).resolve() / name
    if not source.is_dir():
        pytest.skip(f"no checkout at {source}")
    return analyze(source, folder)


def missed(rows: Iterator[Row]) -> list[str]:
    return ["; ".join((row.measure, row.reached, *row.notes)) for row in rows if row.is_met is False]


def test_the_standard_subsystems_library_is_told_exactly(tmp_path: Path) -> None:
    found = analyzed(SSL, tmp_path)
    assert found.is_green, found.steps
    assert missed(pipeline.proof_rows(found)) == []


def test_calls_in_an_english_configuration_are_all_found(tmp_path: Path) -> None:
    found = analyzed(IRP, tmp_path)
    assert found.is_green, found.steps
    assert missed(call_rows(IRP, found, found.source, IRP, 14355)) == []


@pytest.mark.parametrize("name", [DEMO, YAXUNIT])
def test_smaller_configurations_are_green_and_keep_their_contracts(name: str, tmp_path: Path) -> None:
    found = analyzed(name, tmp_path)
    assert found.is_green, found.steps
    assert len(found.contracts()) > 30
    _, loose = found.edges()
    assert [each for each in loose if each.kind == "call" and each.reason != "local_variable"] == []
