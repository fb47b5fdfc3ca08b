"""What crosses runs, counted anew at every commit: pools, keys, tasks and runs per DAG. Reads what was committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from potok.model.dag import Task
from potok.model.state import RUN_ENDED, RunState, TaskState
from potok.store.rows import TaskRow
from potok.testing.simulation.faults import ViolationError

if TYPE_CHECKING:
    from potok.testing.simulation.ledger import SeenRun

Runs = Mapping[int, "SeenRun"]


def check_limits(
    runs: Runs, before: Mapping[int, SeenRun | None], slots: Mapping[str, int], run_limit: Callable[[SeenRun], int]
) -> None:
    """`before`: the runs that this commit changed, as they were. A limit may be passed only by what ran already."""
    for key, old in before.items():
        run = runs[key]
        for at, row in enumerate(run.tasks):
            held = old.tasks[at].attempt_id if old else None
            if row.state is TaskState.RUNNING and row.attempt_id != held:
                _check_start(runs, run, row, slots)
    reopened = any(old and old.record.state in RUN_ENDED for old in before.values())
    for key, old in before.items():
        admitted = runs[key].record.state is RunState.RUNNING and (not old or old.record.state is RunState.QUEUED)
        if admitted and not reopened:
            _check_admission(runs, runs[key], run_limit(runs[key]))


def running(runs: Runs, until: int | None = None) -> Iterator[tuple[SeenRun, Task]]:
    """Every instance that runs now, by its task; of attempts up to `until` alone: that is the order of grants."""
    for run in runs.values():
        if run.record.state is RunState.RUNNING:
            for row in run.tasks:
                if row.state is TaskState.RUNNING and (until is None or (row.attempt_id or 0) <= until):
                    yield run, run.dag.tasks[row.position]


def key_of(run: SeenRun, task: Task) -> str:
    if task.concurrency is None:
        return ""
    return task.concurrency.key.replace("{client}", str(run.record.params.get("client", "{client}")))


def _check_start(runs: Runs, run: SeenRun, row: TaskRow, slots: Mapping[str, int]) -> None:
    task = run.dag.tasks[row.position]
    name = f"{run.record.run_id}/{task.task_id}"
    busy = list(running(runs, row.attempt_id))
    if task.pool:
        used = sum(other.pool_slots for _, other in busy if other.pool == task.pool)
        if used > slots.get(task.pool, 0):
            raise ViolationError(f"{name} starts: pool {task.pool} has {slots.get(task.pool, 0)} slots, {used} in use")
    if task.concurrency is not None:
        key = key_of(run, task)
        used = sum(key_of(one, other) == key for one, other in busy if other.concurrency is not None)
        if used > task.concurrency.limit:
            raise ViolationError(f"{name} starts: {used} run with key {key}, at most {task.concurrency.limit} may")
    limit = run.dag.max_active_tasks
    if limit:
        used = sum(one.dag.dag_id == run.dag.dag_id for one, _ in busy)
        if used > limit:
            raise ViolationError(f"{name} starts: {used} tasks of {run.dag.dag_id} run, at most {limit} may")


def _check_admission(runs: Runs, run: SeenRun, limit: int) -> None:
    dag_id = run.dag.dag_id
    active = sum(one.dag.dag_id == dag_id and one.record.state is RunState.RUNNING for one in runs.values())
    if limit and active > limit:
        raise ViolationError(
            f"{run.record.run_id} begins: {active} runs of {dag_id} are active, at most {limit} may be"
        )
