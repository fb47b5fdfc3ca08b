"""What every store must hold for the pages of a DAG: letters and lengths of runs, days, versions, pauses.

A part of `store_suite.StoreSuite`; kept apart only for its length.
"""

from __future__ import annotations

import msgspec
import pytest

from potok.model.history import LETTERS, RETRIED
from potok.model.state import RunState, TaskState
from potok.store.history_rows import BundleUseRow, QuarterRow
from potok.store.protocol import Store
from potok.store.rows import AuditRow, NewRun, RunCounts, RunUpdate
from potok.testing.store_rows import T0, Writer, a_result, a_run, a_run_update, a_task, a_version

QUARTER = T0 // 900 * 900


def a_run_at(run_key: int, logical_date: float, state: RunState = RunState.SUCCESS, bundle: str = "b1") -> NewRun:
    new = a_run(run_key, state=state)
    record = msgspec.structs.replace(new.row.record, logical_date=logical_date, bundle=bundle)
    return NewRun(msgspec.structs.replace(new.row, record=record), new.tasks)


class StoreHistorySuite:
    """Rows in, rows out."""

    __test__ = False

    @pytest.fixture
    def store(self) -> Store:
        """An empty store of the test's own, upgraded."""
        raise NotImplementedError

    @pytest.fixture
    def writer(self, store: Store) -> Writer:
        raise NotImplementedError

    def letters(self, store: Store, dag_id: str = "etl") -> list[str]:
        return [row.letters for row in store.run_cells(dag_id, 10)]

    def test_each_state_of_a_task_has_its_letter(self, writer: Writer) -> None:
        states = list(TaskState)
        writer.commit(runs_new=[a_run(1, tasks=len(states) + 1)])
        tasks = [a_task(1, at, state, try_number=1) for at, state in enumerate(states)]
        tasks.append(a_task(1, len(states), TaskState.SUCCESS, try_number=2))
        writer.commit(tasks=tasks, runs=[a_run_update(1, RunCounts())])
        expected = "".join(LETTERS[state] for state in states) + RETRIED
        assert self.letters(writer.store) == [expected]
        writer.commit(runs=[a_run_update(1, RunCounts(), RunState.FAILED)])
        assert self.letters(writer.store) == [expected]

    def test_a_run_that_goes_on_and_a_mark_after_the_end_are_seen_at_once(self, writer: Writer) -> None:
        writer.commit(runs_new=[a_run(1)])
        writer.commit(
            tasks=[a_task(1, 0, TaskState.SUCCESS, try_number=1), a_task(1, 1, TaskState.FAILED, try_number=1)],
            runs=[a_run_update(1, RunCounts(), RunState.FAILED)],
        )
        assert self.letters(writer.store) == ["SF"]
        writer.commit(tasks=[a_task(1, 1, TaskState.RUNNING)], runs=[a_run_update(1, RunCounts())])
        assert self.letters(writer.store) == ["Sr"]
        writer.commit(
            tasks=[a_task(1, 1, TaskState.SUCCESS, try_number=2)],
            runs=[RunUpdate(1, RunState.SUCCESS, T0, T0 + 9, None, RunCounts())],
        )
        assert self.letters(writer.store) == ["SR"]
        writer.commit(
            tasks=[a_task(1, 0, TaskState.SKIPPED, try_number=1)],
            runs=[RunUpdate(1, RunState.SUCCESS, T0, T0 + 9, None, RunCounts())],
        )
        assert self.letters(writer.store) == ["KR"]

    def test_cells_are_paged_newest_first_and_a_queued_run_has_no_letters(self, writer: Writer) -> None:
        writer.commit(runs_new=[a_run(key, state=RunState.SUCCESS) for key in (1, 2, 4)])
        writer.commit(runs_new=[a_run(3, dag_id="other"), a_run(5, state=RunState.QUEUED)])
        first = writer.store.run_cells("etl", 2)
        assert [(row.run_key, row.letters) for row in first] == [(5, ""), (4, "ss")]
        assert [row.run_key for row in writer.store.run_cells("etl", 9, before=4)] == [2, 1]
        assert (first[1].run_id, first[1].bundle, first[1].state) == ("etl__4", "b1", RunState.SUCCESS)
        assert writer.store.run_cells("nope", 9) == []

    def test_lengths_of_good_runs_tell_what_each_task_took(self, writer: Writer) -> None:
        writer.commit(runs_new=[a_run(1, tasks=3), a_run(2)])
        writer.commit(
            tasks=[
                a_task(1, 0, TaskState.SUCCESS, started_at=T0, ended_at=T0 + 1.25),
                a_task(1, 2, TaskState.SUCCESS, started_at=T0, ended_at=T0),
            ],
            runs=[a_run_update(1, RunCounts(), RunState.SUCCESS), a_run_update(2, RunCounts(), RunState.FAILED)],
        )
        [good] = writer.store.good_run_lengths("etl", 9)
        assert (good.run_key, good.bundle, good.started_at, good.ended_at) == (1, "b1", T0, T0 + 1)
        assert good.lengths_s == (1.25, None, 0.0)
        assert writer.store.run_lengths(1) == good
        assert writer.store.run_lengths(77) is None

    def test_metrics_of_the_newest_runs_come_newest_first_and_go_with_their_result(self, writer: Writer) -> None:
        writer.commit(
            runs_new=[a_run(key, dag_id="other" if key == 2 else "etl") for key in range(1, 5)],
            results=[
                a_result(1, 0, numbers={"rows": 1.5}), a_result(1, 1), a_result(2, 0, numbers={"rows": 9}),
                a_result(3, 1, numbers={"rows": 3, "all": -2}), a_result(3, 0, numbers={"rows": 2}),
            ],
        )  # fmt: skip
        found = writer.store.run_numbers("etl", 3, 100)
        assert [(row.run_key, row.position, row.numbers) for row in found] == [
            (3, 0, {"rows": 2}), (3, 1, {"rows": 3, "all": -2}), (1, 0, {"rows": 1.5}),
        ]  # fmt: skip
        assert (found[2].run_id, found[2].task_id, found[2].state) == ("etl__1", "step_0", RunState.RUNNING)
        assert len(writer.store.run_numbers("etl", 2, 100)) == 2, "two runs, of which one has no metrics"
        assert len(writer.store.run_numbers("etl", 9, 1)) == 1
        assert [row.run_key for row in writer.store.run_numbers("etl", 9, 9, before=3)] == [1]
        writer.commit(results=[a_result(3, 0, numbers={"rows": 5})], results_dropped=[(3, 1)])
        assert [row.numbers for row in writer.store.run_numbers("etl", 2, 9)] == [{"rows": 5}]

    def test_the_tasks_of_a_version_are_told_by_position(self, writer: Writer) -> None:
        writer.commit(versions=[a_version()])
        assert writer.store.task_ids("etl", "b1") == ("extract", "load")
        assert writer.store.task_ids("etl", "b2") is None

    def test_runs_are_counted_by_quarter_of_an_hour_as_they_are_now(self, writer: Writer) -> None:
        writer.commit(
            runs_new=[
                a_run_at(1, QUARTER), a_run_at(2, QUARTER + 899), a_run_at(3, QUARTER + 900, RunState.FAILED),
                a_run_at(4, QUARTER + 1800, RunState.RUNNING), a_run_at(5, QUARTER + 9000),
            ]
        )  # fmt: skip
        found = writer.store.quarters("etl", QUARTER, QUARTER + 3600)
        assert found == [
            QuarterRow(QUARTER, RunState.SUCCESS, 2),
            QuarterRow(QUARTER + 900, RunState.FAILED, 1),
            QuarterRow(QUARTER + 1800, RunState.RUNNING, 1),
        ]
        writer.commit(runs=[a_run_update(3, RunCounts())])
        again = writer.store.quarters("etl", QUARTER + 900, QUARTER + 1800)
        assert again == [QuarterRow(QUARTER + 900, RunState.RUNNING, 1)]

    def test_the_neighbours_of_a_run_are_of_its_dag(self, writer: Writer) -> None:
        writer.commit(runs_new=[a_run(key, dag_id="other" if key == 2 else "etl") for key in (1, 2, 3)])
        assert writer.store.neighbours("etl", 1) == (None, "etl__3")
        assert writer.store.neighbours("etl", 3) == ("etl__1", None)

    def test_versions_tell_their_part_of_the_newest_runs(self, writer: Writer) -> None:
        writer.commit(runs_new=[a_run_at(key, T0, bundle="b1" if key < 3 else "b2") for key in range(1, 6)])
        uses = sorted(writer.store.bundle_uses("etl", 4), key=lambda use: use.bundle)
        assert uses == [BundleUseRow("b1", 1, T0 + 2, T0 + 2), BundleUseRow("b2", 3, T0 + 3, T0 + 5)]

    def test_runs_in_a_state_are_counted_up_to_a_bound_and_the_newest_is_found(self, writer: Writer) -> None:
        states = [RunState.SUCCESS, RunState.FAILED, RunState.SUCCESS, RunState.SUCCESS, RunState.FAILED]
        writer.commit(runs_new=[a_run(at + 1, state=state) for at, state in enumerate(states)])
        store = writer.store
        assert store.count_runs("etl", RunState.SUCCESS, 0, None, 100) == 3
        assert store.count_runs("etl", RunState.SUCCESS, 2, 5, 100) == 2
        assert store.count_runs("etl", RunState.SUCCESS, 0, None, 2) == 2
        assert store.newest_in_state("etl", RunState.FAILED) == 5
        assert store.newest_in_state("etl", RunState.FAILED, before=5) == 2
        assert store.newest_in_state("etl", RunState.CANCELLED) is None

    def test_failed_tasks_come_in_the_order_of_their_ends(self, writer: Writer) -> None:
        writer.commit(runs_new=[a_run(1, tasks=3)])
        failed = TaskState.FAILED
        writer.commit(tasks=[a_task(1, 0, failed, ended_at=T0 + 9), a_task(1, 2, failed, ended_at=T0 + 3)])
        assert [task.task_id for task in writer.store.failed_tasks(1, 5)] == ["step_2", "step_0"]
        assert [task.task_id for task in writer.store.failed_tasks(1, 1)] == ["step_2"]

    def test_pauses_of_a_dag_are_told_newest_first(self, writer: Writer) -> None:
        writer.commit(
            audit=[
                AuditRow(T0, "anna", "pause", "etl", {"note": "holidays"}), AuditRow(T0, "anna", "trigger", "etl"),
                AuditRow(T0, "anna", "pause", "other"), AuditRow(T0 + 9, "boris", "unpause", "etl"),
            ]
        )  # fmt: skip
        found = [(row.actor, row.action, row.detail) for row in writer.store.pauses("etl", 5)]
        assert found == [("boris", "unpause", {}), ("anna", "pause", {"note": "holidays"})]

    def test_a_deleted_run_leaves_no_cells_behind(self, writer: Writer) -> None:
        writer.commit(runs_new=[a_run_at(1, QUARTER)])
        assert writer.store.delete_runs_before(T0 + 1_000_000, 5.0) == 1
        assert writer.store.quarters("etl", QUARTER, QUARTER + 900) == []
