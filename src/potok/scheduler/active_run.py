"""A run that the scheduler holds: its live state, its version, and the small results that tasks below will need."""

from __future__ import annotations

from potok.engine.graph import Graph
from potok.engine.live_run import Instance, LiveRun
from potok.model.run import RunRecord
from potok.model.state import RUN_ENDED, TaskState
from potok.model.wire import Inline, Stored, Value
from potok.scheduler.versions import Version
from potok.store.rows import NewRun, ResultRow, RunCounts, RunRow, RunUpdate, StoredRun, TaskRow


class ActiveRun:
    """`results` holds what `version.consumed` names, by position, for as long as the run is active."""

    __slots__ = ("live", "results", "version")

    def __init__(self, live: LiveRun, version: Version) -> None:
        self.live = live
        self.version = version
        self.results: dict[int, Value] = {}

    @property
    def record(self) -> RunRecord:
        return self.live.record

    @property
    def has_ended(self) -> bool:
        return self.live.record.state in RUN_ENDED

    def task_id(self, position: int) -> str:
        return self.version.dag.tasks[position].task_id

    def upstream_values(self, position: int) -> dict[str, Value]:
        """The results that this task's arguments need; a task that returned nothing is missing."""
        found = {}
        for name in self.version.needs.get(position, ()):
            value = self.results.get(self.version.graph.position[name])
            if value is not None:
                found[name] = value
        return found


def task_row(run_key: int, position: int, task_id: str, one: Instance) -> TaskRow:
    return TaskRow(
        run_key,
        position,
        task_id,
        one.state,
        one.try_number,
        one.max_tries,
        one.losses,
        one.attempt_id,
        one.queued_at,
        one.started_at,
        one.ended_at,
        one.retry_at,
        one.reason,
    )


def instance_of(row: TaskRow) -> Instance:
    return Instance(
        row.state,
        row.try_number,
        row.max_tries,
        row.losses,
        row.attempt_id,
        row.queued_at,
        row.started_at,
        row.ended_at,
        row.retry_at,
        row.reason,
    )


def counts_of(live: LiveRun) -> RunCounts:
    counts = live.counts
    return RunCounts(
        total=len(live.instances),
        success=counts[TaskState.SUCCESS],
        failed=counts[TaskState.FAILED],
        skipped=counts[TaskState.SKIPPED],
        upstream_failed=counts[TaskState.UPSTREAM_FAILED],
        cancelled=counts[TaskState.CANCELLED],
        running=counts[TaskState.RUNNING],
    )


def run_row(live: LiveRun) -> RunRow:
    return RunRow(live.record, counts_of(live))


def run_update(live: LiveRun) -> RunUpdate:
    record = live.record
    return RunUpdate(record.run_key, record.state, record.started_at, record.ended_at, record.reason, counts_of(live))


def new_run(active: ActiveRun) -> NewRun:
    live, tasks = active.live, active.version.dag.tasks
    key = live.run_key
    rows = tuple(task_row(key, at, tasks[at].task_id, one) for at, one in enumerate(live.instances))
    return NewRun(run_row(live), rows)


def value_of(row: ResultRow) -> Value:
    """A stored result as a worker gets it."""
    if row.key is not None:
        return Stored(row.key, row.codec, row.size, row.sha256)
    return Inline(row.data or b"null")


def result_row(run_key: int, position: int, task_id: str, attempt_id: int, value: Value) -> ResultRow:
    if isinstance(value, Stored):
        return ResultRow(run_key, position, task_id, attempt_id, value.codec, value.size, None, value.key, value.sha256)
    return ResultRow(run_key, position, task_id, attempt_id, "json", len(value.data), value.data)


def revive(stored: StoredRun, version: Version) -> ActiveRun:
    """A run from the store, as it was when its last turn was committed."""
    graph: Graph = version.graph
    active = ActiveRun(LiveRun(graph, stored.row.record, map(instance_of, stored.tasks)), version)
    for row in stored.results:
        if row.position in version.consumed:
            active.results[row.position] = value_of(row)
    return active
