"""A scheduler of few words for the HTTP tests: it commits to a real store and publishes, but runs nothing."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from potok.engine.explanation import Explanation, Root, Sentence, TaskWhy
from potok.executors.protocol import WorkerInfo
from potok.model.run import ErrorInfo, RunRecord, TriggerKind
from potok.model.state import RUN_ENDED, RunState, TaskState
from potok.scheduler import commands as c
from potok.store.board_rows import MuteRow
from potok.store.protocol import Store
from potok.store.rows import (
    AttemptRow,
    AuditRow,
    Batch,
    ConnectionRow,
    NewRun,
    PoolRow,
    ResultRow,
    RunCounts,
    RunRow,
    RunUpdate,
    TaskRow,
    VariableRow,
)


class QuietScheduler:
    """Implements SchedulerPort. `fails` makes every command fail with that answer."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.leader = store.take_leadership("test", time.time())
        self.turn = 0
        self.run_key = 0
        self.attempt_id = 0
        self.received: list[c.Command] = []
        self.fails: c.Failed | None = None
        self.board = c.BoardIs(0, 0, 0, 0, None, (), (), None, 0.0004, 0.2, 1, 4, 4)
        self.subscribers: list[asyncio.Queue[list[c.LiveEvent] | None]] = []

    # --- SchedulerPort ----------------------------------------------------------------------------------------
    async def submit(self, command: c.Command) -> c.Reply:
        self.received.append(command)
        if self.fails is not None:
            return self.fails
        return self._answer(command)

    async def subscribe(self) -> AsyncIterator[list[c.LiveEvent]]:
        queue: asyncio.Queue[list[c.LiveEvent] | None] = asyncio.Queue()
        self.subscribers.append(queue)
        try:
            while (events := await queue.get()) is not None:
                yield events
        finally:
            self.subscribers.remove(queue)

    def publish(self, *events: c.LiveEvent) -> None:
        for queue in self.subscribers:
            queue.put_nowait(list(events))

    def stop(self) -> None:
        for queue in self.subscribers:
            queue.put_nowait(None)

    # --- what a test makes happen -----------------------------------------------------------------------------
    def commit(self, **parts: Any) -> None:
        self.turn += 1
        self.store.commit(Batch(epoch=self.leader.epoch, turn=self.turn, **parts))

    def new_run(self, dag_id: str, **fields: Any) -> RunRow:
        row = self.store.dag(dag_id)
        assert row is not None
        version = self.store.load_version(dag_id, row.bundle)
        assert version is not None
        self.run_key += 1
        now = time.time()
        tasks = version.dag.tasks
        values: dict[str, Any] = {
            "run_id": f"{dag_id}/{self.run_key}",
            "state": RunState.QUEUED,
            "logical_date": now,
            "interval_start": now - 60,
            "interval_end": now,
            "trigger": TriggerKind.API,
            "created_at": now,
            **fields,
        }
        record = RunRecord(run_key=self.run_key, dag_id=dag_id, bundle=row.bundle, **values)
        run = RunRow(record, RunCounts(total=len(tasks)))
        rows = tuple(TaskRow(self.run_key, n, task.task_id, TaskState.SCHEDULED) for n, task in enumerate(tasks))
        self.commit(runs_new=[NewRun(run, rows)])
        self.publish(c.RunChanged(record.run_id, dag_id, record.state, run.counts, now))
        return run

    def move_run(self, run_id: str, state: RunState, counts: RunCounts | None = None) -> RunRow:
        row = self.store.run(run_id)
        assert row is not None
        now = time.time()
        started_at = row.record.started_at or now
        ended_at = now if state in RUN_ENDED else None
        counts = counts or row.counts
        self.commit(runs=[RunUpdate(row.record.run_key, state, started_at, ended_at, None, counts)])
        self.publish(c.RunChanged(run_id, row.record.dag_id, state, counts, now))
        after = self.store.run(run_id)
        assert after is not None
        return after

    def begin_attempt(self, run_id: str, task_id: str, try_number: int = 1) -> AttemptRow:
        run, task = self._task(run_id, task_id)
        self.attempt_id += 1
        now = time.time()
        attempt = AttemptRow(
            self.attempt_id, run.record.run_key, task.position, task_id, try_number, now, started_at=now
        )
        running = msgspec.structs.replace(
            task, state=TaskState.RUNNING, try_number=try_number, attempt_id=self.attempt_id, started_at=now
        )
        self.commit(attempts_new=[attempt], tasks=[running])
        self.publish(c.TaskChanged(run_id, task_id, TaskState.RUNNING, try_number, now))
        return attempt

    def end_attempt(self, run_id: str, attempt: AttemptRow, state: TaskState, **fields: Any) -> None:
        _, task = self._task(run_id, attempt.task_id)
        now = time.time()
        ended = msgspec.structs.replace(attempt, outcome=str(state), ended_at=now, **fields)
        self.commit(attempts_ended=[ended], tasks=[msgspec.structs.replace(task, state=state, ended_at=now)])
        self.publish(c.TaskChanged(run_id, attempt.task_id, state, attempt.try_number, now))

    def put_result(self, run_id: str, attempt: AttemptRow, data: bytes | None, **fields: Any) -> None:
        values: dict[str, Any] = {"codec": "json", "size": len(data or b""), "data": data, **fields}
        self.commit(
            results=[ResultRow(attempt.run_key, attempt.position, attempt.task_id, attempt.attempt_id, **values)]
        )

    def _task(self, run_id: str, task_id: str) -> tuple[RunRow, TaskRow]:
        run = self.store.run(run_id)
        assert run is not None
        task = self.store.task(run.record.run_key, task_id)
        assert task is not None
        return run, task

    # --- commands ---------------------------------------------------------------------------------------------
    def _answer(self, command: c.Command) -> c.Reply:
        match command:
            case c.TriggerRun():
                return self._trigger(command)
            case c.TakePush():
                return self._take_push(command)
            case c.CancelRun() | c.RetryRun() | c.ClearTasks() | c.MarkTasks():
                return self._change(command)
            case c.PauseDag():
                return self._pause(command)
            case c.ExplainRun():
                return self._explain(command.run_id)
            case c.AskWorkers():
                return c.WorkersAre((WorkerInfo("w1", 4711, "", None, time.time(), 3, 7.5),), slots=4, free=4)
            case c.AskHealth():
                return self._health()
            case c.AskBoard():
                return self.board
            case c.PutMute() | c.DeleteMute():
                return self._mute(command)
            case _:
                return self._admin(command)

    def _take_push(self, command: c.TakePush) -> c.Reply:
        key = f"push {command.event.delivery}"
        known = self.store.run_by_idempotency_key(command.dag_id, key)
        if known is not None:
            return c.PushTaken(known, False)
        row = self.store.dag(command.dag_id)
        if row is not None and row.paused:
            return c.PushTaken(None, False, "the DAG is paused; a run for the newest push starts after that")
        told = {"trigger": TriggerKind.PUSH, "triggered_by": command.event.text, "idempotency_key": key}
        return c.PushTaken(self.new_run(command.dag_id, event=command.event, **told), True)

    def _trigger(self, command: c.TriggerRun) -> c.Reply:
        if self.store.dag(command.dag_id) is None:
            return _failed("not_found", f"there is no DAG {command.dag_id!r}")
        if "days" in command.params and not isinstance(command.params["days"], int):
            return _failed("invalid", "param days: 'many' is not an integer")
        if command.idempotency_key is not None:
            known = self.store.run_by_idempotency_key(command.dag_id, command.idempotency_key)
            if known is not None:
                return c.Triggered(known, created=False)
        fields: dict[str, Any] = {"params": command.params, "note": command.note, "triggered_by": command.actor}
        fields["idempotency_key"] = command.idempotency_key
        if command.logical_date is not None:
            fields["logical_date"] = command.logical_date
        if command.countdown_s is not None:
            fields["run_after"] = time.time() + command.countdown_s
        if command.expires_s is not None:
            fields["expires_at"] = time.time() + command.expires_s
        return c.Triggered(self.new_run(command.dag_id, **fields), created=True)

    def _change(self, command: c.CancelRun | c.RetryRun | c.ClearTasks | c.MarkTasks) -> c.Reply:
        row = self.store.run(command.run_id)
        if row is None:
            return _failed("not_found", f"there is no run {command.run_id!r}")
        if isinstance(command, c.CancelRun):
            if row.record.state in RUN_ENDED:
                return _failed("conflict", f"run {command.run_id} has already ended as {row.record.state}")
            return c.Changed(self.move_run(command.run_id, RunState.CANCELLED), (), 0)
        if not isinstance(command, c.MarkTasks) and command.dry_run:
            return c.Changed(row, command.tasks, 4)
        return c.Changed(self.move_run(command.run_id, RunState.RUNNING), command.tasks, 4)

    def _pause(self, command: c.PauseDag) -> c.Reply:
        row = self.store.dag(command.dag_id)
        if row is None:
            return _failed("not_found", f"there is no DAG {command.dag_id!r}")
        now = time.time()
        paused = msgspec.structs.replace(
            row, paused=command.paused, paused_by=command.actor, paused_note=command.note, paused_at=now
        )
        self.commit(dags=[paused], audit=[AuditRow(now, command.actor, "pause", command.dag_id)])
        self.publish(c.DagsChanged((command.dag_id,)))
        return c.Done()

    def _admin(self, command: c.Command) -> c.Reply:
        now = time.time()
        match command:
            case c.PutPool():
                self.commit(pools=[PoolRow(command.name, command.slots, command.description)])
            case c.DeletePool():
                if all(pool.name != command.name for pool in self.store.pools()):
                    return _failed("not_found", f"there is no pool {command.name!r}")
                self.commit(pools_gone=[command.name])
            case c.PutConnection():
                given = command.connection
                shown = (given.name, given.kind, given.host, given.port, given.login, given.schema)
                self.commit(connections=[ConnectionRow(*shown, sealed=b"sealed", updated_at=now)])
            case c.DeleteConnection():
                self.commit(connections_gone=[command.name])
            case c.PutVariable():
                sealed = b"sealed" if command.secret else msgspec.json.encode(command.value)
                self.commit(variables=[VariableRow(command.name, command.secret, sealed, now)])
            case c.DeleteVariable():
                self.commit(variables_gone=[command.name])
            case _:
                raise AssertionError(command)
        return c.Done()

    def _mute(self, command: c.PutMute | c.DeleteMute) -> c.Reply:
        now = time.time()
        if isinstance(command, c.PutMute):
            self.commit(mutes=[MuteRow(command.key, command.until, now, command.actor, command.note)])
        elif all(mute.key != command.key for mute in self.store.mutes()):
            return _failed("not_found", f"{command.key!r} is not muted")
        else:
            self.commit(mutes_gone=[command.key])
        return c.Done()

    def _explain(self, run_id: str) -> c.Reply:
        row = self.store.run(run_id)
        if row is None:
            return _failed("not_found", f"there is no run {run_id!r}")
        values: dict[str, object] = {"task": "train_2", "n": 2, "m": 2, "k": 2}
        verdict = Sentence("failed", values, "train_2 failed on try 2 of 2 after 41 s; 2 tasks below it did not run")
        error = ErrorInfo("ValueError", "Input X contains NaN.")
        root = Root("train_2", 2, 2, 1, 41.0, error, verdict, ("evaluate", "cleanup"))
        why = TaskWhy("train_2", TaskState.FAILED, (verdict,))
        cause = Sentence("api", {"actor": "admin"}, "started by admin")
        return c.Explained(Explanation(run_id, row.record.dag_id, row.record.state, verdict, cause, (root,), (why,)))

    def _health(self) -> c.HealthIs:
        pools = tuple(c.PoolUse(pool.name, pool.slots, 1, 2, ("ml_pipeline/1/train_1",)) for pool in self.store.pools())
        counters = {"turns": self.turn, "runs_started": self.run_key}
        return c.HealthIs(time.time() - 60, self.leader.epoch, self.turn, 0.001, 0.02, 1, 0, 0, pools, counters)


def _failed(kind: str, message: str) -> c.Failed:
    return c.Failed(c.FailureKind(kind), message)
