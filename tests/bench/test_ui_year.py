"""The generated year that the pages are measured on: a small one is written and read back through the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.ui.year import HOME, Options, Summary, write_year
from potok.model.state import RunState, TaskState
from potok.store.open import open_store
from potok.store.protocol import Store

UNTIL = 1_795_000_000.0
SMALL = Options(dags=12, tasks=1_500, log_lines=300, until=UNTIL)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    folder = tmp_path_factory.mktemp("year")
    return folder, write_year(folder, SMALL)


@pytest.fixture
def store(year: tuple[Path, Summary]) -> Store:
    return open_store(f"sqlite:///{year[0] / HOME / 'potok.db'}", read_only=True)


@pytest.mark.slow
def test_it_has_what_was_ordered(year: tuple[Path, Summary], store: Store) -> None:
    done = year[1]
    assert (done.dags, done.import_errors) == (12, 2)
    assert abs(done.tasks - SMALL.tasks) < 150
    assert {row.dag_id for row in store.dags() if row.present} >= {"nightly_dwh", "warehouse_rebuild"}
    assert len(store.versions("nightly_dwh")) == 3
    assert [row.dag_id for row in store.dags() if not row.present] == ["old_import_1", "old_import_2", "old_import_3"]


@pytest.mark.slow
def test_counts_of_a_run_are_those_of_its_tasks(store: Store) -> None:
    runs, _ = store.list_runs(limit=500)
    for run in runs:
        states = [row.state for row in store.tasks(run.record.run_key)]
        assert run.counts.total == len(states)
        assert run.counts.failed == states.count(TaskState.FAILED)
        assert (run.record.state is RunState.FAILED) == (run.counts.failed > 0)


@pytest.mark.slow
def test_something_runs_something_waits_and_something_is_broken_now(store: Store) -> None:
    assert len(store.load_active_runs()) == 4
    failed, _ = store.list_runs(limit=1, dag_id="nightly_dwh", state=RunState.FAILED)
    newest, _ = store.list_runs(limit=1, dag_id="nightly_dwh")
    assert failed == newest


@pytest.mark.slow
def test_a_failed_attempt_has_its_error_and_its_log(year: tuple[Path, Summary], store: Store) -> None:
    failed, _ = store.list_runs(limit=1, dag_id="nightly_dwh", state=RunState.FAILED)
    attempts = [row for row in store.attempts(failed[0].record.run_key) if row.outcome == "failed"]
    assert attempts[0].error is not None and attempts[0].error.traceback.startswith("Traceback")
    assert attempts[0].log is not None
    lines = (year[0] / HOME / "logs" / attempts[0].log.segment).read_bytes()
    assert b"Traceback" in lines[attempts[0].log.start : attempts[0].log.end]


@pytest.mark.slow
def test_the_same_seed_and_present_give_the_same_year(year: tuple[Path, Summary], tmp_path: Path) -> None:
    again = write_year(tmp_path / "again", SMALL)
    assert (again.runs, again.tasks, again.attempts) == (year[1].runs, year[1].tasks, year[1].attempts)
