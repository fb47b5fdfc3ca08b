"""The conformance suite of stores: what every implementation of `potok.store.protocol.Store` must hold.

    class TestMyStore(StoreSuite):
        __test__ = True

        @pytest.fixture
        def store_url(self, tmp_path): return f"sqlite:///{tmp_path}/potok.db"

What an implementation cannot do is said by a capability, so that a skip is seen.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from potok.model.errors import StoreError
from potok.model.state import RunState, TaskState
from potok.store.open import open_store as open_store_url
from potok.store.protocol import CommitFailedError, LostLeadershipError, Store
from potok.store.rows import AuditRow, Batch, OutboxRow, PoolRow, RunCounts
from potok.testing.store_board_suite import StoreBoardSuite
from potok.testing.store_history_suite import StoreHistorySuite
from potok.testing.store_reads_suite import StoreReadsSuite
from potok.testing.store_rows import T0, Writer, a_dag, a_result, a_run, a_run_update, a_task, a_version, an_attempt
from potok.testing.store_story_suite import StoreStorySuite
from potok.testing.store_writer import LOST_LEADERSHIP, TASKS_PER_RUN

_LIFETIME_MAX_S = 60


@contextmanager
def writing_process(url: str) -> Iterator[subprocess.Popen[str]]:
    """A process that commits turns as fast as it can and prints `turn run_key` for each (see `store_writer`)."""
    command = [sys.executable, "-m", "potok.testing.store_writer", url]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=_LIFETIME_MAX_S)


def acknowledged_turns(process: subprocess.Popen[str], wanted: int) -> list[int]:
    """The run keys of the next `wanted` turns that the process saw committed."""
    assert process.stdout is not None
    keys = []
    for _ in range(wanted):
        line = process.stdout.readline()
        assert line, f"the writer ended: {process.communicate(timeout=_LIFETIME_MAX_S)[1]}"
        keys.append(int(line.split()[1]))
    return keys


def assert_only_whole_turns(store: Store, run_keys: range) -> None:
    """Every run but the last has ended with all its tasks and attempts; the last has just begun."""
    for run_key in run_keys:
        run = store.load_run(run_key)
        assert run is not None
        is_last = run_key == run_keys[-1]
        assert run.row.record.state == (RunState.RUNNING if is_last else RunState.SUCCESS)
        state = TaskState.SCHEDULED if is_last else TaskState.SUCCESS
        assert [task.state for task in run.tasks] == [state] * TASKS_PER_RUN
        assert len(run.attempts) == (0 if is_last else TASKS_PER_RUN)


@contextmanager
def committing_thread(writer: Writer) -> Iterator[None]:
    """Turn n inserts run n, from now until the end of the block."""
    is_enough = Event()

    def write() -> None:
        while not is_enough.is_set():
            writer.commit(runs_new=[a_run(writer.turn + 1)])

    thread = Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        is_enough.set()
        thread.join()


class StoreSuite(StoreReadsSuite, StoreStorySuite, StoreHistorySuite, StoreBoardSuite):
    """One writer, whole turns, nothing lost."""

    __test__ = False
    survives_reopen = True  # what was committed is there when the store is opened again, also by another process
    makes_backups = True  # `backup` writes a file that opens as a store

    # --- leadership -------------------------------------------------------------------------------------------
    def test_each_leader_has_a_higher_epoch_and_knows_whom_it_follows(self, store: Store) -> None:
        first = store.take_leadership("server-1", T0)
        second = store.take_leadership("server-2", T0 + 5)
        assert (first.turn, first.instance, first.previous_instance) == (0, "server-1", None)
        assert (second.turn, second.instance, second.previous_instance) == (0, "server-2", "server-1")
        assert second.epoch > first.epoch
        assert store.leader() == second

    def test_the_leader_row_tells_the_last_committed_turn(self, store: Store) -> None:
        writer = Writer(store)
        for turn in (1, 2, 7):
            writer.turn = turn - 1
            writer.commit()
            leader = store.leader()
            assert leader is not None
            assert (leader.epoch, leader.turn) == (writer.leader.epoch, turn)

    def test_a_stale_writer_loses_and_leaves_no_trace(self, store: Store) -> None:
        stale = Writer(store, "server-1")
        stale.commit(runs_new=[a_run(1)])
        fresh = Writer(store, "server-2")
        with pytest.raises(LostLeadershipError):
            stale.commit(
                runs_new=[a_run(2)], tasks=[a_task(1, 0, TaskState.SUCCESS)], attempts_new=[an_attempt(1, 1)],
                outbox_new=[OutboxRow(1, "callback", b"", T0)], pools=[PoolRow("p", 1)],
            )  # fmt: skip
        assert store.run("etl__2") is None
        assert store.tasks(1) == list(a_run(1).tasks)
        assert store.tasks(1, start=1, limit=1) == list(a_run(1).tasks)[1:2]
        assert not (store.attempts(1) or store.load_outbox() or store.pools())
        leader = store.leader()
        assert leader == fresh.leader
        fresh.commit(runs_new=[a_run(2)])
        assert store.run("etl__2") is not None

    def test_nobody_writes_before_somebody_leads(self, store: Store) -> None:
        with pytest.raises(LostLeadershipError):
            store.commit(Batch(epoch=0, turn=1, pools=[PoolRow("p", 1)]))
        assert store.pools() == []

    # --- a turn is whole --------------------------------------------------------------------------------------
    def test_a_whole_turn_is_seen_at_once(self, writer: Writer) -> None:
        store = writer.store
        writer.commit(runs_new=[a_run(1, tasks=3)])
        done = a_task(1, 0, TaskState.SUCCESS, try_number=1, attempt_id=1, started_at=T0, ended_at=T0 + 1)
        going = a_task(1, 1, TaskState.RUNNING, try_number=1, attempt_id=2, started_at=T0 + 1)
        writer.commit(
            attempts_new=[an_attempt(1, 1), an_attempt(2, 1, 1)], tasks=[done, going],
            attempts_ended=[an_attempt(1, 1, outcome="success", ended_at=T0 + 1)], results=[a_result(1)],
            runs=[a_run_update(1, RunCounts(total=3, success=1, running=1))],
            audit=[AuditRow(T0, "anna", "trigger", "etl")], dags=[a_dag("etl")], versions=[a_version()],
        )  # fmt: skip
        assert store.tasks(1) == [done, going, a_task(1, 2)]
        assert [attempt.outcome for attempt in store.attempts(1)] == ["success", None]
        assert store.result(1, "step_0") == a_result(1)
        run = store.run("etl__1")
        assert run is not None
        assert run.counts == RunCounts(total=3, success=1, running=1)
        assert len(store.audit()) == len(store.dags()) == len(store.versions("etl")) == 1

    @pytest.mark.parametrize("poison", ["run_key", "run_id", "attempt", "idempotency_key", "number", "text"])
    def test_a_poison_row_fails_its_turn_which_leaves_no_trace(self, writer: Writer, poison: str) -> None:
        store = writer.store
        writer.commit(
            runs_new=[a_run(1), a_run(2, idempotency_key="k")], attempts_new=[an_attempt(1, 1)], pools=[PoolRow("p", 1)]
        )
        before = (store.load_active_runs(), store.last_ids(), store.leader())
        poisons: dict[str, dict[str, Any]] = {
            "run_key": {"runs_new": [a_run(1, dag_id="other")]},
            "run_id": {"runs_new": [a_run(3), a_run(4), a_run(3)]},
            "attempt": {"attempts_new": [an_attempt(1, 1)]},
            "idempotency_key": {"runs_new": [a_run(3, idempotency_key="k")]},
            "number": {"attempts_new": [an_attempt(2, 1, pid=2**70)]},
            "text": {"attempts_new": [an_attempt(2, 1, outcome="\ud800")]},
        }
        with pytest.raises(CommitFailedError) as failure:
            writer.commit(
                tasks=[a_task(1, 0, TaskState.RUNNING)], pools=[PoolRow("q", 9)], pools_gone=["p"],
                outbox_new=[OutboxRow(1, "callback", b"", T0)], results=[a_result(1)], **poisons[poison],
            )  # fmt: skip
        assert not failure.value.transient
        assert (store.load_active_runs(), store.last_ids(), store.leader()) == before
        assert store.pools() == [PoolRow("p", 1)]
        assert store.load_outbox() == []
        writer.commit(tasks=[a_task(1, 0, TaskState.RUNNING)])
        task = store.task(1, "step_0")
        assert task is not None
        assert task.state is TaskState.RUNNING

    def test_of_two_rows_with_one_key_the_later_one_stays(self, writer: Writer) -> None:
        store = writer.store
        writer.commit(runs_new=[a_run(1)], attempts_new=[an_attempt(1, 1)])
        writer.commit(
            tasks=[a_task(1, 0, TaskState.RUNNING), a_task(1, 1, TaskState.FAILED), a_task(1, 0, TaskState.SUCCESS)],
            runs=[a_run_update(1, RunCounts(total=1)), a_run_update(1, RunCounts(total=2))],
            attempts_ended=[an_attempt(1, 1, outcome="lost"), an_attempt(1, 1, outcome="success")],
            results=[a_result(1, 0, b"1"), a_result(1, 0, b"2")], pools=[PoolRow("p", 1), PoolRow("p", 2)],
        )  # fmt: skip
        run = store.load_run(1)
        assert run is not None
        assert [task.state for task in run.tasks] == [TaskState.SUCCESS, TaskState.FAILED]
        assert run.row.counts == RunCounts(total=2)
        assert [attempt.outcome for attempt in run.attempts] == ["success"]
        assert run.results == (a_result(1, 0, b"2"),)
        assert store.pools() == [PoolRow("p", 2)]

    def test_what_is_both_set_and_gone_ends_up_gone(self, writer: Writer) -> None:
        writer.commit(
            results=[a_result(1)], results_dropped=[(1, 0)], outbox_new=[OutboxRow(1, "callback", b"", T0)],
            outbox_done=[1], pools=[PoolRow("p", 1)], pools_gone=["p"],
        )  # fmt: skip
        assert writer.store.result(1, "step_0") is None
        assert not (writer.store.load_outbox() or writer.store.pools())

    def test_a_run_of_ten_thousand_tasks_is_written_and_read_whole(self, writer: Writer) -> None:
        new = a_run(1, tasks=10_000)
        writer.commit(runs_new=[new])
        started = [a_task(1, n, TaskState.RUNNING, attempt_id=n + 1, try_number=1) for n in range(10_000)]
        attempts = [an_attempt(n + 1, 1, n) for n in range(10_000)]
        writer.commit(tasks=started, attempts_new=attempts)
        run = writer.store.load_run(1)
        assert run is not None
        assert list(run.tasks) == started
        assert list(run.attempts) == attempts

    def test_numbers_are_never_given_twice_even_after_their_rows_are_gone(self, writer: Writer) -> None:
        writer.commit(
            runs_new=[a_run(3, state=RunState.SUCCESS), a_run(9, state=RunState.SUCCESS)],
            attempts_new=[an_attempt(41, 3), an_attempt(17, 9)], outbox_new=[OutboxRow(5, "callback", b"", T0)],
        )  # fmt: skip
        writer.commit(outbox_done=[5])
        writer.store.delete_runs_before(T0 + 10**6, 1.0)
        assert writer.store.list_runs(limit=1) == ([], None)
        assert writer.store.last_ids() == (9, 41, 5)
        assert Writer(writer.store).store.last_ids() == (9, 41, 5)

    # --- retention --------------------------------------------------------------------------------------------
    def test_retention_deletes_old_ended_runs_with_all_that_hangs_on_them(self, writer: Writer) -> None:
        store = writer.store
        old = [a_run(key, tasks=200, state=RunState.SUCCESS, ended_at=T0 - key) for key in range(1, 8)]
        kept = [
            a_run(20, ended_at=T0 - 5),
            a_run(21, state=RunState.QUEUED),
            a_run(22, state=RunState.FAILED, ended_at=T0 + 1),
        ]
        writer.commit(
            runs_new=[*old, *kept], results=[a_result(1, 0), a_result(22, 0)],
            attempts_new=[an_attempt(n + 1, 1, n) for n in range(200)] + [an_attempt(900, 22)],
        )  # fmt: skip
        before = [store.load_run(key) for key in (20, 21, 22)]
        assert store.delete_runs_before(T0, 30.0) == 7
        assert store.list_runs(limit=50, state=RunState.SUCCESS) == ([], None)
        assert not (store.tasks(1) or store.attempts(1))
        assert store.result(1, "step_0") is None
        assert [store.load_run(key) for key in (20, 21, 22)] == before
        assert store.delete_runs_before(T0, 30.0) == 0

    def test_retention_keeps_to_its_budget_and_goes_on_where_it_stopped(self, writer: Writer) -> None:
        writer.commit(runs_new=[a_run(n, tasks=20, state=RunState.FAILED, ended_at=T0 - 9) for n in range(1, 400)])
        assert writer.store.delete_runs_before(T0, 0.0) == 0
        deleted = 0
        for _ in range(10_000):
            deleted += writer.store.delete_runs_before(T0, 0.001)
            if deleted == 399:
                break
        assert deleted == 399
        assert writer.store.list_runs(limit=1) == ([], None)

    # --- nothing is lost --------------------------------------------------------------------------------------
    def test_all_is_there_when_the_store_is_opened_again(self, open_store: Callable[[], Store]) -> None:
        if not self.survives_reopen:
            pytest.skip("this store lives as long as it is open")
        store = open_store()
        assert store.upgrade() != []
        writer = Writer(store)
        writer.commit(runs_new=[a_run(1)], dags=[a_dag("etl")], versions=[a_version()], results=[a_result(1)])
        before = (store.load_active_runs(), store.dags(), store.load_version("etl", "b1"), store.leader())
        store.close()
        again = open_store()
        assert again.pending_migrations() == again.upgrade() == []
        assert (again.load_active_runs(), again.dags(), again.load_version("etl", "b1"), again.leader()) == before

    @pytest.mark.slow
    def test_kill_9_of_the_writing_process_leaves_only_whole_turns(self, store_url: str) -> None:
        if not self.survives_reopen:
            pytest.skip("this store lives as long as it is open")
        for kill_after in (1, 20, 70):
            with writing_process(store_url) as process:
                keys = acknowledged_turns(process, kill_after)
                process.kill()
            store = open_store_url(store_url)
            try:
                leader = store.leader()
                assert leader is not None
                assert leader.turn >= kill_after
                last = store.last_ids()[0]
                assert last >= keys[-1]
                assert_only_whole_turns(store, range(keys[0], last + 1))
            finally:
                store.close()

    @pytest.mark.slow
    def test_of_two_racing_processes_the_later_leader_alone_goes_on(self, store_url: str) -> None:
        if not self.survives_reopen:
            pytest.skip("this store lives as long as it is open")
        with writing_process(store_url) as first:
            acknowledged_turns(first, 5)
            with writing_process(store_url) as second:
                mine = acknowledged_turns(second, 5)
                first.communicate(timeout=_LIFETIME_MAX_S)
                assert first.returncode == LOST_LEADERSHIP
                mine += acknowledged_turns(second, 5)
        assert mine == list(range(mine[0], mine[0] + 10))
        store = open_store_url(store_url)
        try:
            assert_only_whole_turns(store, range(mine[0], store.last_ids()[0] + 1))
        finally:
            store.close()

    # --- migrations, backup -----------------------------------------------------------------------------------
    def test_an_upgrade_is_applied_once_and_listed_before(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        pending = store.pending_migrations()
        assert pending[0] == "0001_init"
        assert store.upgrade() == pending
        assert store.pending_migrations() == store.upgrade() == []

    def test_a_store_without_tables_says_how_to_mend_it(self, open_store: Callable[[], Store]) -> None:
        with pytest.raises(StoreError, match="potok db upgrade"):
            open_store().dags()

    def test_a_backup_made_under_load_opens_as_a_store(self, writer: Writer, tmp_path: Path) -> None:
        if not self.makes_backups:
            with pytest.raises(StoreError):
                writer.store.backup(tmp_path / "copy.db")
            return
        writer.commit(runs_new=[a_run(1, tasks=5000)], versions=[a_version()])
        target = tmp_path / "copy.db"
        target.write_text("an older file")
        with committing_thread(writer):
            writer.store.backup(target)
        copy = open_store_url(f"sqlite:///{target}")
        try:
            leader = copy.leader()
            assert leader is not None
            assert copy.pending_migrations() == []
            assert copy.load_active_runs() == writer.store.load_active_runs()[: leader.turn]
            assert copy.load_version("etl", "b1") == a_version()
        finally:
            copy.close()
        assert not list(tmp_path.glob("*.partial"))
