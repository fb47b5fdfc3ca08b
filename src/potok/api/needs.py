"""Rows as things that need a person. Pure: no I/O, no clock."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from potok.api.views import instant, trouble_of
from potok.engine.failure_memory import first_line, signature
from potok.engine.lateness import UsualLength
from potok.engine.sentences import sentence
from potok.model.board import Need, NeedKind
from potok.model.reason import Reason, Sentence, reason
from potok.model.state import RUN_ENDED
from potok.model.story import Price
from potok.scheduler.commands import UnservedQueue, WorkerLoss
from potok.store.board_rows import BriefRow, OpenFailureRow
from potok.store.rows import AttemptRow, ImportErrorRow, RunRow, TaskRow, TriggerMarkRow


class FailedRun(msgspec.Struct, frozen=True):
    """Everything about the newest run of an open failure. `good_bundle`: the code of the last good run."""

    failure: OpenFailureRow
    run: RunRow
    task: TaskRow | None
    attempts: Sequence[AttemptRow]
    good_bundle: str | None
    usual: UsualLength | None


class LateRun(msgspec.Struct, frozen=True):
    """A run past its deadline; `run` is None for a start that is due and did not happen."""

    dag_id: str
    run: BriefRow | None
    due_at: float
    row: RunRow | None = None
    usual: UsualLength | None = None


def failure_key(failure: OpenFailureRow) -> str:
    return f"failed:{failure.dag_id}:{failure.signature}"


def failed_need(found: FailedRun) -> Need:
    """A failed run, or one that is being retried."""
    failure, run, task = found.failure, found.run, found.task
    last = found.attempts[-1] if found.attempts else None
    error = last.error if last is not None else None
    return Need(
        key=failure_key(failure),
        kind=NeedKind.FAILED,
        at=instant(failure.at),
        name=failure.dag_id,
        dag_id=failure.dag_id,
        run_id=run.record.run_id,
        task_id=task.task_id if task else None,
        lead=_lead(found, last),
        more=[sentence(why) for why in _more(found)],
        location=error.location if error else "",
        times=len(failure.run_keys),
        blocked=run.counts.upstream_failed,
        try_number=task.try_number if task else 0,
        max_tries=task.max_tries if task else 0,
        deadline_at=None,
        retrying=run.record.state not in RUN_ENDED,
        retry=_price(found),
    )


def _lead(found: FailedRun, last: AttemptRow | None) -> Sentence:
    task = found.task
    if last is not None and last.error is not None:
        return sentence(reason("error_line", line=first_line(last.error)))
    if task is not None and task.reason is not None:
        return sentence(task.reason)
    if found.run.record.reason is not None:
        why = found.run.record.reason
        return sentence(Reason("run_timeout" if why.code == "timeout" else why.code, why.values))
    return sentence(reason("error_line", line="no error was told"))


def _more(found: FailedRun) -> list[Reason]:
    told: list[Reason] = []
    if len(found.failure.run_keys) > 1:
        told.append(reason("need_times", n=len(found.failure.run_keys)))
    if found.run.counts.failed > 1:
        told.append(reason("need_roots", n=found.run.counts.failed))
    errors = {signature(one.error) if one.error else "" for one in found.attempts}
    if len(found.attempts) > 1 and len(errors) == 1:
        told.append(reason("need_tries_alike", n=len(found.attempts)))
    if found.run.counts.upstream_failed:
        told.append(reason("need_blocked", n=found.run.counts.upstream_failed))
    if found.good_bundle is None:
        told.append(reason("need_never_good"))
    elif found.good_bundle != found.run.record.bundle:
        told.append(reason("need_code_changed"))
    return told


def _price(found: FailedRun) -> Price | None:
    counts = found.run.counts
    tasks = counts.failed + counts.upstream_failed + counts.cancelled
    if not tasks or found.run.record.state not in RUN_ENDED:
        return None
    return Price(tasks, counts.success, _left_s(found))


def _left_s(found: FailedRun) -> float | None:
    """About how long the rest takes: the usual length less what stood before the task that failed."""
    record, task = found.run.record, found.task
    if found.usual is None or task is None or record.started_at is None or task.started_at is None:
        return None
    return round(max(found.usual.length_s - max(task.started_at - record.started_at, 0.0), 1.0), 1)


def late_need(late: LateRun, now: float) -> Need:
    """A run that should have ended, or a start that should have happened."""
    run = late.run
    if run is None:
        return _late(late, None, reason("late_start", at=late.due_at))
    lead = reason("late_by", late_s=round(now - late.due_at, 1), deadline_at=late.due_at)
    return _late(late, run.run_id, lead, _progress(late, run, now))


def _late(late: LateRun, run_id: str | None, lead: Reason, *more: Reason) -> Need:
    need = _need(NeedKind.LATE, late.dag_id, late.due_at, lead, *more)
    return msgspec.structs.replace(need, dag_id=late.dag_id, run_id=run_id, deadline_at=instant(late.due_at))


def _progress(late: LateRun, run: BriefRow, now: float) -> Reason:
    if run.started_at is None or late.row is None:
        return reason("late_queued")
    counts = late.row.counts
    done = counts.success + counts.failed + counts.skipped + counts.upstream_failed + counts.cancelled
    usual_s = late.usual.length_s if late.usual else None
    return reason("late_progress", done=done, total=counts.total, for_s=round(now - run.started_at, 1), usual_s=usual_s)


def import_need(row: ImportErrorRow, dags: int) -> Need:
    """A file that cannot be used; `dags` keep running an older version of it."""
    lines = row.message.strip().splitlines()
    lead = reason("error_line", line=lines[0] if lines else "")
    keeps = reason("import_keeps", n=dags) if dags else reason("import_none")
    need = _need(NeedKind.IMPORT_ERROR, row.file, row.at, lead, keeps)
    return msgspec.structs.replace(need, location=row.location or row.file)


def trigger_need(row: TriggerMarkRow) -> Need:
    """A trigger that sees nothing, or whose last event could start no run."""
    mark = row.mark
    at = mark.trouble_at if mark.trouble else mark.seen_at
    need = _need(NeedKind.TRIGGER, f"{row.dag_id}:{row.key}", at or 0.0, reason("error_line", line=trouble_of(mark)))
    return msgspec.structs.replace(need, name=row.dag_id, dag_id=row.dag_id)


def lost_worker_need(loss: WorkerLoss) -> Need:
    """A worker that died under a task of a run that goes on."""
    lead, more = reason("lost_worker", how=loss.how), reason("lost_runs_again", times=loss.times)
    need = _need(NeedKind.LOST_WORKER, f"{loss.dag_id}:{loss.task_id}", loss.at, lead, more)
    return msgspec.structs.replace(
        need, name=loss.dag_id, dag_id=loss.dag_id, run_id=loss.run_id, task_id=loss.task_id, times=loss.times
    )


def queue_need(queue: UnservedQueue) -> Need:
    """Tasks that wait in a queue that no live worker serves."""
    first = queue.first
    lead = reason("queue_unserved", queue=queue.queue)
    more = reason("queue_waiters", n=queue.tasks, task=first.task_id, dag=first.dag_id)
    need = _need(NeedKind.UNSERVED_QUEUE, queue.queue, first.since, lead, more)
    return msgspec.structs.replace(
        need, dag_id=first.dag_id, run_id=first.run_id, task_id=first.task_id, times=queue.tasks
    )


def _need(kind: NeedKind, what: str, at: float, lead: Reason, *more: Reason) -> Need:
    return Need(
        key=f"{kind}:{what}",
        kind=kind,
        at=instant(at),
        name=what,
        dag_id=None,
        run_id=None,
        task_id=None,
        lead=sentence(lead),
        more=[sentence(why) for why in more],
        location="",
        times=1,
        blocked=0,
        try_number=0,
        max_tries=0,
        deadline_at=None,
        retrying=False,
        retry=None,
    )
