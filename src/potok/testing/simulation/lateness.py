"""Whether the scheduler sleeps through something: timers that are due, kills, and work that could start."""

from __future__ import annotations

from potok.model.state import RUN_ENDED, RunState, TaskState
from potok.testing.simulation.faults import ViolationError
from potok.testing.simulation.ledger import Ledger, SeenRun
from potok.testing.simulation.limits import key_of, running
from potok.testing.simulation.workers import KILL_S

TOLERANCE_S = 2.0


def check_nothing_is_late(ledger: Ledger, now: float) -> None:
    """Raises ViolationError when a timer was due more than TOLERANCE_S ago and nothing came of it."""
    for run in ledger.runs.values():
        if run.record.state in RUN_ENDED:
            continue
        name = run.record.run_id
        if run.record.state is RunState.RUNNING and run.record.reason is None and run.dag.timeout_s is not None:
            _late(f"the time limit of {name}", (run.record.started_at or now) + run.dag.timeout_s, now)
        if run.record.state is RunState.QUEUED and run.record.expires_at is not None:
            _late(f"the expiry of {name}", run.record.expires_at, now)
        for row in run.tasks:
            if row.state is TaskState.UP_FOR_RETRY:
                _late(f"the retry of {name}/{row.task_id}", row.retry_at or now, now)
            elif row.state is TaskState.RUNNING:
                _check_running(run, row.position, now)


def _check_running(run: SeenRun, at: int, now: float) -> None:
    row, name = run.tasks[at], f"{run.record.run_id}/{run.tasks[at].task_id}"
    attempt_id = row.attempt_id or 0
    if attempt_id in run.kill_asked_at:
        _late(f"the killing of {name}", run.kill_asked_at[attempt_id] + KILL_S + 10.0, now)
        return
    timeout_s = run.dag.tasks[at].timeout_s
    if timeout_s is not None:
        began_at = max(one.created_at for one in run.attempts if one.attempt_id == attempt_id)
        _late(f"the time limit of {name}", began_at + timeout_s + 10.0, now)


def _late(what: str, due_at: float, now: float) -> None:
    if now > due_at + TOLERANCE_S:
        raise ViolationError(f"{what} was due {now - due_at:.1f} s ago")


def check_nothing_idles(ledger: Ledger, free: int, slots: dict[str, int], now: float) -> None:
    """Raises ViolationError when something waits that has waited a while and that no limit keeps from starting."""
    runs = ledger.runs
    busy = list(running(runs))
    # a DAG whose file is gone has the limit of whatever run waits first, which changes as they begin
    waiting = {run.dag.dag_id: run for run in runs.values() if run.record.state is RunState.QUEUED}
    limits = {dag_id: ledger.run_limit(run) if ledger.is_present(dag_id) else 1 for dag_id, run in waiting.items()}
    for run in runs.values():
        if run.record.state is RunState.QUEUED:
            active = sum(
                one.dag.dag_id == run.dag.dag_id and one.record.state is RunState.RUNNING for one in runs.values()
            )
            since = max(run.record.created_at, run.record.run_after or 0.0)
            if now > since + TOLERANCE_S and (not limits[run.dag.dag_id] or active < limits[run.dag.dag_id]):
                raise ViolationError(f"{run.record.run_id} waits to begin for nothing: {active} runs are active")
        if run.record.state is not RunState.RUNNING or free <= 0:
            continue
        for row in run.tasks:
            task = run.dag.tasks[row.position]
            if row.state is not TaskState.QUEUED or now < (row.queued_at or now) + TOLERANCE_S:
                continue
            pool_used = sum(one.pool_slots for _, one in busy if one.pool == task.pool)
            key_used = sum(key_of(one, other) == key_of(run, task) for one, other in busy if other.concurrency)
            dag_used = sum(one.dag.dag_id == run.dag.dag_id for one, _ in busy)
            fits = (
                (not task.pool or pool_used + task.pool_slots <= slots.get(task.pool, 0))
                and (task.concurrency is None or key_used < task.concurrency.limit)
                and (not run.dag.max_active_tasks or dag_used < run.dag.max_active_tasks)
            )
            if fits:
                raise ViolationError(f"{run.record.run_id}/{row.task_id} waits for nothing, {free} workers are free")
