"""What executors tell about attempts, inside a turn: outcomes, losses, results; each attempt ends once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from potok.engine.events import AttemptFinished, AttemptLost, AttemptSetAside, AttemptStarted
from potok.engine.exits import crash_error, interruption
from potok.engine.sentences import sentence
from potok.model.reason import Reason
from potok.model.run import ErrorInfo, WorkerExit
from potok.model.state import TaskState
from potok.model.wire import Finished, Lost, Outcome, Started, TaskEvent
from potok.scheduler.active_run import ActiveRun, result_row
from potok.scheduler.turn import Turn
from potok.store.rows import AttemptRow

if TYPE_CHECKING:
    from potok.scheduler.core import Core


def take(core: Core, event: TaskEvent, turn: Turn, now: float) -> None:
    """Take in what an executor told about an attempt; an attempt that is not known changes nothing."""
    if core.callbacks.ended(event, turn, now):
        return
    row = core.attempts.get(event.attempt_id)
    active = core.runs.get(row.run_key) if row else None
    if row is None or active is None:
        return
    if isinstance(event, Finished):
        _finished(core, active, row, event, turn, now)
    elif isinstance(event, Lost):
        lost(core, active, row, event.exit, turn, now, event)
    elif isinstance(event, Started):
        core.apply(active, AttemptStarted(row.position, event.attempt_id, event.at), turn, now)


def _finished(core: Core, active: ActiveRun, row: AttemptRow, event: Finished, turn: Turn, now: float) -> None:
    verdict = active.live.instances[row.position].reason
    killed = verdict if event.outcome is Outcome.FAILED else None
    turn.batch.attempts_ended.append(
        msgspec.structs.replace(
            row,
            outcome=_killed_outcome(killed) if killed else str(event.outcome),
            started_at=event.started_at,
            ended_at=event.ended_at,
            pid=event.pid or None,
            usage=event.usage,
            error=event.error,
            log=event.log,
            checks=event.checks,
            rendered=event.rendered,
        )
    )
    fact = AttemptFinished(
        row.position,
        event.attempt_id,
        event.outcome,
        event.ended_at,
        event.error,
        event.skip_reason,
        core.random.random(),
    )
    del core.attempts[event.attempt_id]
    decision = core.apply(active, fact, turn, now)
    if event.outcome is Outcome.SUCCESS and not decision.stale:
        _keep_result(active, row, event, turn)


def _keep_result(active: ActiveRun, row: AttemptRow, event: Finished, turn: Turn) -> None:
    if active.live.instances[row.position].state is not TaskState.SUCCESS:
        return
    if event.result is None:
        if active.results.pop(row.position, None) is not None:
            turn.batch.results_dropped.append((row.run_key, row.position))
        return
    if row.position in active.version.consumed:
        active.results[row.position] = event.result
    result = result_row(row.run_key, row.position, row.task_id, event.attempt_id, event.result)
    if event.files or event.numbers:
        result = msgspec.structs.replace(result, files=event.files or None, numbers=event.numbers or None)
    turn.batch.results.append(result)


def lost(
    core: Core, active: ActiveRun, row: AttemptRow, end: WorkerExit, turn: Turn, now: float, told: Lost | None = None
) -> None:
    verdict = active.live.instances[row.position].reason
    turn.batch.attempts_ended.append(
        msgspec.structs.replace(
            row,
            outcome=_killed_outcome(verdict) if verdict else "failed" if crash_error(end) else "lost",
            ended_at=now,
            exit_code=end.exit_code,
            signal=end.signal,
            oom=end.oom,
            usage=end.usage,
            error=_lost_error(end, verdict),
            log=told.log if told else None,
        )
    )
    core.attempts.pop(row.attempt_id, None)
    if verdict is None and end.signal is not None and crash_error(end) is None:
        core.attention.worker_lost(active.live, row.position, interruption(end), now)
    core.apply(active, AttemptLost(row.position, row.attempt_id, end, core.random.random()), turn, now)


def set_aside(core: Core, turn: Turn, now: float) -> None:
    """We stop, and our workers are gone: what they had runs again at the next start, as if it had not begun."""
    for row in list(core.attempts.values()):
        active = core.runs.get(row.run_key)
        if active is None:
            continue
        verdict = active.live.instances[row.position].reason
        outcome = _killed_outcome(verdict) if verdict else "lost"
        error = None if verdict else ErrorInfo("ServerStopped", "the server was stopped", ("ServerStopped",))
        turn.batch.attempts_ended.append(msgspec.structs.replace(row, outcome=outcome, ended_at=now, error=error))
        del core.attempts[row.attempt_id]
        core.apply(active, AttemptSetAside(row.position, row.attempt_id), turn, now)


def _killed_outcome(verdict: Reason) -> str:
    """The outcome of an attempt that we had killed."""
    return "timeout" if verdict.code == "timeout" else "cancelled"


def _lost_error(end: WorkerExit, verdict: Reason | None) -> ErrorInfo | None:
    if verdict is not None and verdict.code == "timeout":
        return ErrorInfo("TaskTimeout", sentence(verdict).text, ("TaskTimeout", "TimeoutError"))
    if verdict is not None:
        return None
    return crash_error(end) or ErrorInfo("WorkerLost", interruption(end), ("WorkerLost",))
