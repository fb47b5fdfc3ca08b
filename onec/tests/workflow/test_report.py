"""A step told: rows counted in the files, contracts, and nothing in place when one is broken."""

from pathlib import Path

import pytest

from potok_onec.testing.generate import generate
from potok_onec.workflow import report

pytestmark = pytest.mark.slow


def test_a_step_tells_rows_in_and_out_and_its_contracts(tmp_path: Path) -> None:
    expected = generate(tmp_path / "source")
    out = tmp_path / "out"
    parsed = report("parse", tmp_path / "source", out, {})
    assert parsed.rows_out["methods"] == expected.procedures + expected.functions
    assert parsed.rows_in["files"] > 0
    assert all(one.is_kept for one in parsed.contracts)
    edges = report("dependencies", tmp_path / "source", out, {})
    assert edges.rows_in == {"parse": sum(parsed.rows_out.values())}
    assert edges.rows_out["edges"] > 0
    again = report("dependencies", tmp_path / "source", out, {})
    assert again.was_kept
    assert (again.rows_out, again.contracts) == (edges.rows_out, edges.contracts)
    assert "kept, nothing had changed" in again.sentence


def test_a_broken_contract_is_told_and_its_output_is_nowhere(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    told = report("parse", tmp_path / "empty", tmp_path / "out", {})
    assert (told.output, told.rows_out) == ("", {})
    assert next(one.sentence for one in told.contracts if not one.is_kept) == "projects: 0, wanted at least 1"
    assert told.sentence == "parse: 2 of 6 contracts are broken, so nothing of this output is put in place"
    assert not (tmp_path / "out" / "parse").exists()
