"""What every store must hold when it is read: rows come back as they were written, pages are stable, lists are exact.

A part of `store_suite.StoreSuite`; kept apart only for its length.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Thread

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from potok.model.errors import InvalidError
from potok.model.run import ErrorInfo
from potok.model.state import RunState, TaskState
from potok.store.open import open_store as open_store_url
from potok.store.protocol import Store
from potok.store.rows import (
    AttemptRow,
    AuditRow,
    ConnectionRow,
    DagRow,
    ImportErrorRow,
    NewRun,
    OutboxRow,
    ParkedEvent,
    PoolRow,
    ResultRow,
    RunCounts,
    RunRow,
    TaskRow,
    VariableRow,
)
from potok.testing import store_rows as rows
from potok.testing.store_rows import T0, Writer, a_dag, a_result, a_run, a_task, a_version, an_attempt

# The store lives through all examples of a test: each example writes under a run_key of its own.
many = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.differing_executors],
)


class StoreReadsSuite:
    """Rows in, rows out."""

    __test__ = False

    @pytest.fixture
    def store_url(self) -> str:
        """The URL of an empty database of the test's own."""
        raise NotImplementedError

    @pytest.fixture
    def open_store(self, store_url: str) -> Iterator[Callable[[], Store]]:
        opened: list[Store] = []

        def open_one() -> Store:
            opened.append(open_store_url(store_url))
            return opened[-1]

        yield open_one
        for store in opened:
            store.close()

    @pytest.fixture
    def store(self, open_store: Callable[[], Store]) -> Store:
        store = open_store()
        store.upgrade()
        return store

    @pytest.fixture
    def writer(self, store: Store) -> Writer:
        return Writer(store)

    # --- nothing yet ------------------------------------------------------------------------------------------
    def test_a_new_store_has_nothing_and_says_so(self, store: Store) -> None:
        assert store.leader() is None
        assert store.last_ids() == (0, 0, 0)
        ones: list[object] = [
            store.load_run(1),
            store.run("x"),
            store.task(1, "x"),
            store.result(1, "x"),
            store.dag("etl"),
        ]
        ones += [store.load_version("etl", "b1"), store.run_by_idempotency_key("etl", "k")]
        ones += [store.connection("c"), store.variable("v")]
        assert ones == [None] * 9
        lists: list[object] = [store.load_active_runs(), store.next_queued_runs("etl", 10), store.load_outbox()]
        lists += [store.dags(), store.versions("etl"), store.tasks(1), store.attempts(1), store.audit()]
        lists += [store.import_errors(), store.pools(), store.connections(), store.variables(), store.parked_events()]
        assert lists == [[]] * 13
        assert store.list_runs(limit=5) == ([], None)
        assert store.list_dags(limit=5) == ([], None)
        assert store.last_runs(["etl"], 3) == {"etl": []}
        assert store.run_state_counts() == dict.fromkeys((state.value for state in RunState), 0)
        assert store.size_bytes() > 0

    # --- rows come back as they were --------------------------------------------------------------------------
    @many
    @given(data=st.data())
    def test_a_run_comes_back_as_it_was_written(self, writer: Writer, data: st.DataObject) -> None:
        record = data.draw(rows.run_records(writer.turn + 1))
        run = RunRow(record, data.draw(rows.counts))
        writer.commit(runs_new=[NewRun(run, ())])
        assert writer.store.run(record.run_id) == run
        if record.idempotency_key is not None:
            assert writer.store.run_by_idempotency_key(record.dag_id, record.idempotency_key) == run

    @many
    @given(data=st.data())
    def test_a_task_comes_back_as_it_was_written(self, writer: Writer, data: st.DataObject) -> None:
        first, second = data.draw(rows.task_rows(writer.turn + 1)), data.draw(rows.task_rows(writer.turn + 1))
        second = msgspec.structs.replace(second, position=first.position)
        new = a_run(writer.turn + 1)
        writer.commit(runs_new=[NewRun(new.row, (first,))])
        assert writer.store.tasks(first.run_key) == [first]
        assert writer.store.task(first.run_key, first.task_id) == first
        writer.commit(tasks=[second])
        assert writer.store.tasks(first.run_key) == [second]

    @many
    @given(data=st.data())
    def test_an_attempt_comes_back_as_it_was_written_and_as_it_ended(self, writer: Writer, data: st.DataObject) -> None:
        first, last = data.draw(rows.attempt_rows(writer.turn + 1)), data.draw(rows.attempt_rows(writer.turn + 1))
        last = msgspec.structs.replace(last, attempt_id=first.attempt_id, position=first.position)
        writer.commit(attempts_new=[first])
        assert writer.store.attempts(first.run_key) == [first]
        writer.commit(attempts_ended=[last])
        assert writer.store.attempts(first.run_key, first.position) == [last]

    @many
    @given(data=st.data())
    def test_a_result_comes_back_inline_and_by_key(self, writer: Writer, data: st.DataObject) -> None:
        result = data.draw(rows.result_rows(writer.turn + 1))
        writer.commit(results=[result])
        assert writer.store.result(result.run_key, result.task_id) == result

    @many
    @given(dag=rows.dag_rows)
    def test_a_dag_comes_back_as_it_was_written(self, writer: Writer, dag: DagRow) -> None:
        writer.commit(dags=[a_dag(dag.dag_id), dag])
        assert writer.store.dag(dag.dag_id) == dag

    @pytest.mark.parametrize("text", ["\0", "a\0b\0\0c", r"\u0000", "\\\0", "\\\\\0"])
    def test_a_nul_that_a_program_printed_loses_no_outcome(self, writer: Writer, text: str) -> None:
        """PostgreSQL's text cannot hold it, so there U+FFFD may stand in its place; nothing else may change."""
        error = ErrorInfo("ValueError", text, traceback=text)
        rendered = {"command": text}
        writer.commit(
            runs_new=[a_run(1)], audit=[AuditRow(T0, "anna", "note", text)],
            attempts_new=[an_attempt(1, 1, error=error, rendered=rendered)],
        )  # fmt: skip
        attempt = writer.store.attempts(1)[0]
        assert attempt.error is not None
        stored = [attempt.error.message, attempt.error.traceback, attempt.rendered["command"]]
        stored.append(writer.store.audit()[0].subject)
        assert [found.replace("\0", "\ufffd") for found in stored] == [text.replace("\0", "\ufffd")] * 4
        assert writer.store.run(text) is None

    def test_a_version_comes_back_with_its_whole_dag(self, writer: Writer) -> None:
        version = a_version()
        writer.commit(versions=[version])
        assert writer.store.load_version("etl", "b1") == version

    def test_settings_are_set_replaced_and_taken_away(self, writer: Writer) -> None:
        store = writer.store
        connection = ConnectionRow("db", "postgres", "h", 5432, "u", "s", b"\x00\xffsealed", T0)
        other = ConnectionRow("api", "http", "h", None, "", "", b"", T0)
        variable = VariableRow("key", secret=True, sealed=b"\x00\xff", updated_at=T0)
        pool = PoolRow("ml", 4, "for training", "config")
        writer.commit(connections=[connection, other], variables=[variable], pools=[pool, PoolRow("io", 1)])
        assert store.connections() == [other, connection]
        assert store.connection("db") == connection
        assert store.variables() == [variable]
        assert store.variable("key") == variable
        assert store.pools() == [PoolRow("io", 1), pool]
        plain = VariableRow("key", secret=False, sealed=b"1", updated_at=T0 + 1)
        writer.commit(variables=[plain], connections_gone=["db"], pools_gone=["ml"])
        assert store.variables() == [plain]
        assert store.connections() == [other]
        assert store.pools() == [PoolRow("io", 1)]
        writer.commit(variables_gone=["key", "never there"])
        assert store.variables() == []

    def test_import_errors_are_replaced_by_file_and_go(self, writer: Writer) -> None:
        first = ImportErrorRow("a.py", "no module", "a.py:3", "Traceback…", T0)
        second = ImportErrorRow("a.py", "still no module", "a.py:4", "", T0 + 1)
        other = ImportErrorRow("b.py", "syntax", "b.py:1", "", T0)
        writer.commit(import_errors=[other, first])
        writer.commit(import_errors=[second])
        assert writer.store.import_errors() == [second, other]
        writer.commit(import_errors_gone=["a.py"])
        assert writer.store.import_errors() == [other]

    def test_audit_is_numbered_by_the_store_and_paged_newest_first(self, writer: Writer) -> None:
        written = [AuditRow(T0 + n, "anna", "pause", f"dag:{n}", {"n": n}) for n in range(5)]
        writer.commit(audit=written[:2])
        writer.commit(audit=written[2:])
        newest = writer.store.audit(limit=2)
        older = writer.store.audit(limit=10, before=newest[-1].audit_id)
        seen = [*newest, *older]
        assert [row.subject for row in seen] == [f"dag:{n}" for n in (4, 3, 2, 1, 0)]
        assert len({row.audit_id for row in seen}) == 5
        assert [msgspec.structs.replace(row, audit_id=0) for row in reversed(seen)] == written

    def test_parked_events_stay_in_order(self, writer: Writer) -> None:
        events = [ParkedEvent(T0 + n, "finished", b"\x81\x00", f"constraint {n}") for n in range(3)]
        writer.commit(parked=events)
        assert writer.store.parked_events() == events

    def test_outbox_rows_stay_until_they_are_done(self, writer: Writer) -> None:
        promises = [OutboxRow(n, "callback", bytes([n, 0, 255]), T0, run_key=None if n == 1 else n) for n in (1, 2, 3)]
        writer.commit(outbox_new=promises)
        assert writer.store.load_outbox() == promises
        writer.commit(outbox_done=[2])
        assert writer.store.load_outbox() == [promises[0], promises[2]]

    # --- what the scheduler loads -----------------------------------------------------------------------------
    def test_active_runs_are_loaded_whole_and_oldest_first(self, writer: Writer) -> None:
        running, queued = a_run(7), a_run(9, state=RunState.QUEUED, tasks=0)
        attempts = [an_attempt(1, 7, 1, outcome="lost"), an_attempt(2, 7, 0), an_attempt(3, 7, 1)]
        writer.commit(
            runs_new=[queued, running, a_run(8, state=RunState.SUCCESS)],
            attempts_new=[*attempts, an_attempt(4, 8)],
            results=[a_result(7, 1, b"[1]"), a_result(8)],
        )
        loaded = writer.store.load_active_runs()
        assert [run.row for run in loaded] == [running.row, queued.row]
        assert loaded[0].tasks == running.tasks
        assert loaded[0].attempts == tuple(attempts)
        assert loaded[0].results == (a_result(7, 1, b"[1]"),)
        assert (loaded[1].tasks, loaded[1].attempts, loaded[1].results) == ((), (), ())
        assert writer.store.load_run(7) == loaded[0]
        ended = writer.store.load_run(8)
        assert ended is not None
        assert ended.attempts == (an_attempt(4, 8),)

    def test_results_are_loaded_with_their_run_large_inline_ones_too(self, writer: Writer) -> None:
        large = a_result(1, 0, b"x" * 65_536)
        stored = a_result(1, 1, None, key="runs/1/r.parquet", size=9**9, sha256="ab")
        writer.commit(runs_new=[a_run(1)], results=[large, stored])
        loaded = writer.store.load_run(1)
        assert loaded is not None
        assert loaded.results == (large, stored)
        assert writer.store.result(1, "step_0") == large

    def test_a_dropped_result_is_gone(self, writer: Writer) -> None:
        writer.commit(results=[a_result(1, 0), a_result(1, 1)])
        writer.commit(results_dropped=[(1, 0)])
        assert writer.store.result(1, "step_0") is None
        assert writer.store.result(1, "step_1") == a_result(1, 1)

    def test_queued_runs_of_a_dag_are_given_oldest_first_up_to_the_limit(self, writer: Writer) -> None:
        queued = [a_run(key, state=RunState.QUEUED) for key in (5, 3, 4)]
        writer.commit(runs_new=[*queued, a_run(1), a_run(2, state=RunState.QUEUED, dag_id="other")])
        loaded = writer.store.next_queued_runs("etl", 2)
        assert [run.row.record.run_key for run in loaded] == [3, 4]
        assert loaded[0].tasks == queued[1].tasks

    def test_an_idempotency_key_finds_the_first_run_of_its_dag_alone(self, writer: Writer) -> None:
        run = a_run(1, idempotency_key="order-7")
        writer.commit(runs_new=[run, a_run(2, dag_id="other", idempotency_key="order-7"), a_run(3), a_run(4)])
        assert writer.store.run_by_idempotency_key("etl", "order-7") == run.row
        assert writer.store.run_by_idempotency_key("etl", "order-8") is None

    # --- lists ------------------------------------------------------------------------------------------------
    def test_pages_of_runs_are_whole_and_stable_under_inserts(self, writer: Writer) -> None:
        writer.commit(runs_new=[a_run(key, tasks=0) for key in range(1, 8)])
        seen: list[int] = []
        cursor = None
        for inserted in range(8, 100):
            page, cursor = writer.store.list_runs(limit=3, cursor=cursor)
            seen += [run.record.run_key for run in page]
            writer.commit(runs_new=[a_run(inserted, tasks=0)])
            if cursor is None:
                break
        assert seen == [7, 6, 5, 4, 3, 2, 1]

    @pytest.mark.parametrize("dag_id", [None, "etl", "other", "unknown"])
    @pytest.mark.parametrize("state", [None, RunState.RUNNING, RunState.FAILED])
    def test_runs_are_filtered_by_dag_and_state(
        self, writer: Writer, dag_id: str | None, state: RunState | None
    ) -> None:
        runs = [
            a_run(key, tasks=0, dag_id="etl" if key % 2 else "other", state=list(RunState)[key % 5])
            for key in range(1, 31)
        ]
        writer.commit(runs_new=runs)
        wanted = [
            run.row
            for run in reversed(runs)
            if dag_id in (None, run.row.record.dag_id) and state in (None, run.row.record.state)
        ]
        first, cursor = writer.store.list_runs(limit=2, dag_id=dag_id, state=state)
        rest: list[RunRow] = []
        if cursor is not None:
            rest, cursor = writer.store.list_runs(limit=100, cursor=cursor, dag_id=dag_id, state=state)
        assert cursor is None
        assert first + rest == wanted

    @pytest.mark.parametrize("cursor", ["%%%", "abc", "🙂", "oWE"])
    def test_a_foreign_cursor_is_refused_in_one_sentence(self, store: Store, cursor: str) -> None:
        with pytest.raises(InvalidError, match=r"cursor .* is not one of this listing"):
            store.list_runs(limit=1, cursor=cursor)

    def test_dags_are_listed_by_name_searched_and_paged(self, writer: Writer) -> None:
        known = [
            a_dag("Zebra"), a_dag("alpha", tags=("ml",)), a_dag("beta", description="Выгрузка в 1С", tags=("ml", "x")),
            a_dag("gone", present=False), a_dag("omega", owner="Anna"),
        ]  # fmt: skip
        writer.commit(dags=known[::-1])
        store = writer.store
        assert store.dags() == known
        present, cursor = store.list_dags(limit=2)
        assert (present, cursor is None) == (known[:2], False)
        assert store.list_dags(limit=2, cursor=cursor) == ([known[2], known[4]], None)
        assert store.list_dags(limit=9, present=None) == (known, None)
        assert store.list_dags(limit=9, present=False) == ([known[3]], None)
        assert store.list_dags(limit=9, tag="ml") == (known[1:3], None)
        assert store.list_dags(limit=9, tag="m") == ([], None)
        assert store.list_dags(limit=9, search="ВЫГРУЗКА") == ([known[2]], None)
        assert store.list_dags(limit=9, search="anna") == ([known[4]], None)
        assert store.list_dags(limit=9, search="100%_") == ([], None)

    def test_versions_are_listed_newest_first(self, writer: Writer) -> None:
        writer.commit(versions=[a_version(bundle=f"b{n}", created_at=T0 + n) for n in (2, 1, 3)])
        assert writer.store.versions("etl", 2) == [("b3", T0 + 3), ("b2", T0 + 2)]

    def test_fires_change_the_schedule_of_a_dag_and_nothing_else(self, writer: Writer) -> None:
        writer.commit(dags=[a_dag("etl", owner="Anna")], fires=[("etl", T0, T0 + 60), ("unknown", T0, None)])
        assert writer.store.dags() == [a_dag("etl", owner="Anna", last_fire=T0, next_fire=T0 + 60)]

    def test_last_runs_are_the_newest_of_each_dag(self, writer: Writer) -> None:
        writer.commit(runs_new=[a_run(key, tasks=0, dag_id=f"d{key % 3}") for key in range(1, 13)])
        newest = writer.store.last_runs(["d0", "d2", "unknown"], 2)
        assert {dag_id: [run.record.run_key for run in runs] for dag_id, runs in newest.items()} == {
            "d0": [12, 9],
            "d2": [11, 8],
            "unknown": [],
        }

    def test_attempts_are_given_in_the_order_they_were_made(self, writer: Writer) -> None:
        made: list[AttemptRow] = [an_attempt(n, 1, position=(n * 7) % 3) for n in range(1, 10)]
        writer.commit(attempts_new=made[::-1])
        assert writer.store.attempts(1) == made
        assert writer.store.attempts(1, 1) == [attempt for attempt in made if attempt.position == 1]

    def test_tasks_are_given_by_position_and_found_by_name(self, writer: Writer) -> None:
        new = a_run(1, tasks=30)
        writer.commit(runs_new=[NewRun(new.row, new.tasks[::-1]), a_run(2, tasks=40)])
        tasks: list[TaskRow] = writer.store.tasks(1)
        assert tasks == list(new.tasks)
        assert writer.store.task(1, "step_29") == new.tasks[29]
        assert writer.store.task(1, "step_30") is None

    def test_state_counts_are_exact_for_active_runs_and_cover_a_day_for_ended_ones(self, writer: Writer) -> None:
        now = time.time()
        runs = [a_run(1), a_run(2), a_run(3, state=RunState.QUEUED)]
        ended = [(4, RunState.SUCCESS, 60), (5, RunState.SUCCESS, 90_000), (6, RunState.FAILED, 80_000)]
        runs += [a_run(key, state=state, ended_at=now - ago) for key, state, ago in ended]
        writer.commit(runs_new=runs)
        assert writer.store.run_state_counts() == {
            "queued": 1, "running": 2, "success": 1, "failed": 1, "cancelled": 0,
        }  # fmt: skip

    def test_other_threads_read_while_turns_are_committed(self, writer: Writer) -> None:
        """Each turn moves a whole run at once: a reader in another thread never sees half of it."""
        writer.commit(runs_new=[a_run(1, tasks=5)])
        seen: list[set[TaskState]] = []

        def read() -> None:
            while len(seen) < 30:
                loaded = writer.store.load_run(1)
                assert loaded is not None
                assert len({loaded.row.counts.running, *(task.try_number for task in loaded.tasks)}) == 1
                seen.append({task.state for task in loaded.tasks})

        reader = Thread(target=read)
        reader.start()
        try:
            number = 0
            while reader.is_alive():
                number += 1
                state = TaskState.RUNNING if number % 2 else TaskState.QUEUED
                moved = [a_task(1, position, state, try_number=number) for position in range(5)]
                update = rows.a_run_update(1, RunCounts(total=5, running=number))
                writer.commit(tasks=moved, runs=[update])
        finally:
            reader.join()
        assert len(seen) == 30
        assert all(len(states) == 1 for states in seen)

    def test_a_result_of_another_run_is_not_mistaken(self, writer: Writer) -> None:
        mine: ResultRow = a_result(1, 0, b'"mine"')
        writer.commit(results=[mine, a_result(2, 0, b'"other"')])
        assert writer.store.result(1, "step_0") == mine
