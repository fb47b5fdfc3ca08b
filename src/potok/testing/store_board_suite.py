"""What every store must hold for the home, the lists and the search.

A part of `store_suite.StoreSuite`; kept apart only for its length.
"""

from __future__ import annotations

import msgspec
import pytest

from potok.model.run import ErrorInfo
from potok.model.state import RunState, TaskState
from potok.store.board_rows import MuteRow, OpenFailureRow, SlotUseRow, TaskFacts
from potok.store.protocol import Store
from potok.store.rows import NewRun, RunCounts
from potok.testing.store_rows import T0, Writer, a_dag, a_run, a_run_update, a_task, a_version, an_attempt


def a_failure(dag_id: str = "etl", signature: str = "s", run_key: int = 1, **fields: object) -> OpenFailureRow:
    known = OpenFailureRow(dag_id, signature, run_key, 1, T0 + run_key, (run_key,))
    return msgspec.structs.replace(known, **fields)


def a_timed_run(run_key: int, took_s: float, state: RunState = RunState.SUCCESS, dag_id: str = "etl") -> NewRun:
    new = a_run(run_key, state=state, dag_id=dag_id)
    end = T0 + run_key + took_s
    record = msgspec.structs.replace(new.row.record, started_at=T0 + run_key, ended_at=end)
    return msgspec.structs.replace(new, row=msgspec.structs.replace(new.row, record=record))


class StoreBoardSuite:
    """Rows in, rows out."""

    __test__ = False

    @pytest.fixture
    def store(self) -> Store:
        """An empty store of the test's own, upgraded."""
        raise NotImplementedError

    @pytest.fixture
    def writer(self, store: Store) -> Writer:
        raise NotImplementedError

    def test_open_failures_come_newest_first_and_a_row_with_the_same_key_replaces_the_old_one(
        self, store: Store, writer: Writer
    ) -> None:
        writer.commit(open_failures=[a_failure(), a_failure("etl", "t", 2), a_failure("ж", "s", 3)])
        again = a_failure(run_key=4, run_keys=(1, 4), position=None)
        writer.commit(open_failures=[again], open_failures_gone=[("etl", "t")])
        assert store.open_failures(9) == [again, a_failure("ж", "s", 3)]
        assert store.open_failures(1) == [again]

    def test_a_failure_that_changes_its_signature_in_one_turn_is_kept_once(self, store: Store, writer: Writer) -> None:
        writer.commit(open_failures=[a_failure()])
        writer.commit(open_failures=[a_failure(signature="other")], open_failures_gone=[("etl", "s")])
        assert store.open_failures(9) == [a_failure(signature="other")]

    @pytest.mark.parametrize("position", [1, None])
    def test_the_failed_task_comes_with_its_run_and_its_last_attempt(
        self, store: Store, writer: Writer, position: int | None
    ) -> None:
        error = ErrorInfo("ValueError", "bad")
        writer.commit(
            runs_new=[a_run(1, tasks=3)],
            attempts_new=[an_attempt(1, 1, 1), an_attempt(2, 1, 1, try_number=2)],
        )
        writer.commit(
            runs=[a_run_update(1, RunCounts(total=3, failed=1), RunState.FAILED)],
            tasks=[a_task(1, 1, TaskState.FAILED, try_number=2)],
            attempts_ended=[
                an_attempt(n, 1, 1, try_number=n, outcome="failed", error=error if n == 2 else None) for n in (1, 2)
            ],
        )
        found = store.failed_task(a_failure(position=position))
        assert found is not None
        run, task, attempt = found
        assert run.record.state is RunState.FAILED
        assert task is not None and task.task_id == "step_1"
        assert attempt is not None and (attempt.attempt_id, attempt.error) == (2, error)

    def test_a_failure_whose_run_is_gone_has_no_task(self, store: Store) -> None:
        assert store.failed_task(a_failure(run_key=99)) is None

    def test_active_runs_are_brief_and_oldest_first(self, store: Store, writer: Writer) -> None:
        writer.commit(runs_new=[a_run(3, state=RunState.QUEUED), a_run(1, state=RunState.SUCCESS), a_run(2)])
        assert [run.run_key for run in store.active_briefs(9)] == [2, 3]
        assert [run.state for run in store.active_briefs(1)] == [RunState.RUNNING]

    def test_the_last_success_is_by_run_key(self, store: Store, writer: Writer) -> None:
        writer.commit(
            runs_new=[a_run(n, state=state) for n, state in ((1, RunState.SUCCESS), (2, RunState.SUCCESS))]
            + [a_run(3, state=RunState.FAILED)]
        )
        assert store.last_success("etl") == (2, "b1")
        assert store.last_success("nope") is None

    def test_overdue_are_only_starts_that_would_happen(self, store: Store, writer: Writer) -> None:
        writer.commit(
            dags=[
                a_dag("late", next_fire=T0 - 60),
                a_dag("later", next_fire=T0 - 90),
                a_dag("paused", next_fire=T0 - 60, paused=True),
                a_dag("gone", next_fire=T0 - 60, present=False),
                a_dag("due", next_fire=T0 + 60),
                a_dag("never"),
            ]
        )
        assert store.overdue_fires(T0, 9) == [("later", T0 - 90), ("late", T0 - 60)]

    def test_ended_runs_are_counted_and_listed_from_an_instant_on(self, store: Store, writer: Writer) -> None:
        writer.commit(
            runs_new=[
                a_run(1, state=RunState.FAILED, ended_at=T0),
                a_run(2, state=RunState.SUCCESS, ended_at=T0 + 5),
                a_run(3, state=RunState.SUCCESS, ended_at=T0 + 9),
                a_run(4),
            ]
        )
        assert store.ended_counts(T0 + 5) == {"success": 2}
        assert [run.run_key for run in store.briefs_ended(T0, 2)] == [3, 2]

    def test_the_newest_runs_and_good_lengths_of_each_dag(self, store: Store, writer: Writer) -> None:
        runs = [a_timed_run(1, 5), a_timed_run(2, 7), a_timed_run(3, 9, RunState.FAILED), a_timed_run(4, 1, dag_id="b")]
        writer.commit(runs_new=runs)
        briefs = store.briefs_of_dags(["etl", "b", "none"], 2)
        assert {dag_id: [run.run_key for run in found] for dag_id, found in briefs.items()} == {
            "etl": [3, 2],
            "b": [4],
            "none": [],
        }
        assert store.good_lengths(["etl", "none"], 9) == {"etl": [7.0, 5.0], "none": []}

    def test_dags_are_light_by_name_and_whole_by_id(self, store: Store, writer: Writer) -> None:
        rows = [a_dag("b", tags=("x",), owner="анна"), a_dag("a", present=False), a_dag("c", next_fire=T0)]
        writer.commit(dags=rows)
        light = store.light_dags()
        assert [dag.dag_id for dag in light] == ["a", "b", "c"]
        assert (light[1].tags, light[1].owner, light[0].present, light[2].next_fire) == (("x",), "анна", False, T0)
        assert [row.dag_id for row in store.dags_by_id(["c", "nope", "a"])] == ["c", "a"]

    def test_facts_of_a_version_are_read_without_its_whole_definition(self, store: Store, writer: Writer) -> None:
        version = a_version()
        writer.commit(versions=[version])
        facts = store.dag_facts("etl", "b1")
        assert facts is not None
        assert facts.tasks == (TaskFacts("extract"), TaskFacts("load"))
        assert facts.schedule == version.dag.schedule
        assert store.dag_facts("etl", "other") is None

    def test_runs_are_bounded_by_time_through_their_keys(self, store: Store, writer: Writer) -> None:
        writer.commit(runs_new=[a_run(n) for n in (1, 2, 5, 9)])
        assert [store.run_key_at(T0 + at) <= 5 for at in (0, 2, 5, 6)] == [True, True, True, False]
        since = store.run_key_at(T0 + 2)
        listed, _ = store.list_runs(limit=9, since_key=since, until_key=store.run_key_at(T0 + 9))
        assert [run.record.run_key for run in listed] == [5, 2]
        assert store.run_key_at(T0 + 99) == 10

    def test_a_count_stops_where_it_is_told_to(self, store: Store, writer: Writer) -> None:
        writer.commit(runs_new=[a_run(n, state=RunState.FAILED if n == 2 else RunState.SUCCESS) for n in (1, 2, 3)])
        assert store.listed_count() == 3
        assert store.listed_count(most=2) == 2
        assert store.listed_count(dag_id="etl", since_key=2) == 2
        assert store.listed_count(state=RunState.FAILED) == 1
        assert store.listed_count(dag_id="etl", state=RunState.SUCCESS) == 2

    def test_runs_are_found_by_the_beginning_of_their_id(self, store: Store, writer: Writer) -> None:
        writer.commit(runs_new=[a_run(1), a_run(12), a_run(13, dag_id="etl_two"), a_run(14, dag_id="жук")])
        assert [run.run_id for run in store.runs_like("etl__", 9)] == ["etl__12", "etl__1"]
        assert [run.run_id for run in store.runs_like("жу", 9)] == ["жук__14"]
        assert store.runs_like("%", 9) == []

    def test_a_mute_is_set_replaced_and_taken_back(self, store: Store, writer: Writer) -> None:
        writer.commit(mutes=[MuteRow("late:etl", T0 + 60, T0, "anna", "later"), MuteRow("dag:b", None, T0, "anna")])
        writer.commit(mutes=[MuteRow("late:etl", None, T0 + 1, "olga")], mutes_gone=["dag:b"])
        assert store.mutes() == [MuteRow("late:etl", None, T0 + 1, "olga")]

    def test_slot_use_of_one_bucket_adds_up_and_old_buckets_go(self, store: Store, writer: Writer) -> None:
        writer.commit(slot_use=[SlotUseRow(T0, 10.0, 2), SlotUseRow(T0 + 300, 5.0, 1)])
        writer.commit(slot_use=[SlotUseRow(T0, 7.0, 5)])
        assert store.slot_use(T0, T0 + 300) == [SlotUseRow(T0, 17.0, 5)]
        writer.commit(slot_use=[SlotUseRow(T0 + 9 * 86_400, 1.0, 1)])
        assert store.slot_use(0.0, T0 + 400) == []
