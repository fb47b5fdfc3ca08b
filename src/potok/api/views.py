"""Rows of the store as answers of the API. Pure: no I/O, no clock."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote

import msgspec

from potok.executors.protocol import WorkerInfo
from potok.model import answers
from potok.model.dag import BashWork, Dag, EmptyWork, OperatorWork, PythonWork, Task, Work
from potok.model.run import RunRecord
from potok.model.trigger import Event, Mark, OnChange, OnPush, Trigger
from potok.scheduler.commands import PoolUse
from potok.store.rows import (
    AttemptRow,
    AuditRow,
    ConnectionRow,
    DagRow,
    ImportErrorRow,
    PoolRow,
    RunRow,
    TaskRow,
    VariableRow,
)


def instant(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def instant_or_none(at: float | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)


def duration_s(started_at: float | None, ended_at: float | None, now: float) -> float | None:
    """Seconds it took, or takes so far."""
    if started_at is None:
        return None
    return round(max(0.0, (now if ended_at is None else ended_at) - started_at), 6)


def run(row: RunRow, now: float) -> answers.Run:
    record, counts = row.record, row.counts
    return answers.Run(
        run_id=record.run_id,
        dag_id=record.dag_id,
        state=record.state,
        logical_date=instant(record.logical_date),
        params=record.params,
        bundle=record.bundle,
        trigger=record.trigger,
        created_at=instant(record.created_at),
        started_at=instant_or_none(record.started_at),
        ended_at=instant_or_none(record.ended_at),
        duration_s=duration_s(record.started_at, record.ended_at, now),
        data_interval_start=instant(record.interval_start),
        data_interval_end=instant(record.interval_end),
        note=record.note,
        triggered_by=record.triggered_by,
        idempotency_key=record.idempotency_key,
        run_after=instant_or_none(record.run_after),
        expires_at=instant_or_none(record.expires_at),
        counts=answers.Counts(
            total=counts.total,
            success=counts.success,
            failed=counts.failed,
            skipped=counts.skipped,
            upstream_failed=counts.upstream_failed,
            cancelled=counts.cancelled,
            running=counts.running,
        ),
        reason=record.reason,
        event=run_event(record.event) if record.event else None,
    )


def run_event(event: Event) -> answers.RunEvent:
    return answers.RunEvent(
        kind=event.kind,
        at=instant(event.at),
        text=event.text,
        path=event.path,
        commit=event.commit,
        before=event.before,
        branch=event.branch,
        ref=event.ref,
        repository=event.repository,
        url=event.url,
        delivery=event.delivery,
        by=event.by,
        files=event.files,
        files_count=event.files_count,
    )


def trigger(dag_id: str, trigger: Trigger, mark: Mark) -> answers.TriggerView:
    is_push = isinstance(trigger, OnPush)
    return answers.TriggerView(
        kind=str(trigger.__struct_config__.tag),
        text=trigger.text,
        path="" if isinstance(trigger, OnPush) else trigger.path,
        branches=() if isinstance(trigger, OnChange) else trigger.branches,
        repository=trigger.repository if isinstance(trigger, OnPush) else "",
        secret=trigger.secret if isinstance(trigger, OnPush) else "",
        hook=f"/api/v1/hooks/{quote(dag_id, safe='')}" if is_push else "",
        params=trigger.params,
        state=mark.state,
        seen_at=instant_or_none(mark.seen_at),
        run_id=mark.run_id,
        started_at=instant_or_none(mark.started_at),
        waiting=mark.waiting.event.text if mark.waiting and mark.waiting.event else "",
        trouble=trouble_of(mark),
    )


def trouble_of(mark: Mark) -> str:
    """What keeps a trigger from starting runs, in one sentence; empty when nothing does."""
    return mark.trouble or mark.refused


def run_bar(record: RunRecord, now: float) -> answers.RunBar:
    length_s = duration_s(record.started_at, record.ended_at, now)
    return answers.RunBar(record.run_id, record.state, instant(record.created_at), length_s)


def run_brief(record: RunRecord, now: float) -> answers.RunBrief:
    return answers.RunBrief(
        run_id=record.run_id,
        state=record.state,
        trigger=record.trigger,
        logical_date=instant(record.logical_date),
        created_at=instant(record.created_at),
        started_at=instant_or_none(record.started_at),
        ended_at=instant_or_none(record.ended_at),
        duration_s=duration_s(record.started_at, record.ended_at, now),
    )


def task_instance(row: TaskRow, now: float) -> answers.TaskInstance:
    return answers.TaskInstance(
        task_id=row.task_id,
        position=row.position,
        state=row.state,
        try_number=row.try_number,
        max_tries=row.max_tries,
        losses=row.losses,
        attempt_id=row.attempt_id,
        queued_at=instant_or_none(row.queued_at),
        started_at=instant_or_none(row.started_at),
        ended_at=instant_or_none(row.ended_at),
        duration_s=duration_s(row.started_at, row.ended_at, now),
        retry_at=instant_or_none(row.retry_at),
        reason=row.reason,
    )


def attempt(row: AttemptRow, now: float) -> answers.Attempt:
    error = row.error
    return answers.Attempt(
        attempt_id=row.attempt_id,
        task_id=row.task_id,
        try_number=row.try_number,
        outcome=row.outcome,
        created_at=instant(row.created_at),
        started_at=instant_or_none(row.started_at),
        ended_at=instant_or_none(row.ended_at),
        duration_s=duration_s(row.started_at, row.ended_at, now),
        pid=row.pid,
        exit_code=row.exit_code,
        signal=row.signal,
        signal_name=_signal_name(row.signal),
        oom=row.oom,
        cpu_user_s=row.usage.cpu_user_s,
        cpu_system_s=row.usage.cpu_system_s,
        rss_peak_mb=row.usage.rss_peak_mb,
        error=answers.AttemptError(error.kind, error.message, error.location, error.traceback) if error else None,
        log_lines=row.log.lines if row.log else 0,
        log_lines_lost=row.log.lost if row.log else 0,
        checks=row.checks,
        rendered=row.rendered,
    )


def _signal_name(number: int | None) -> str | None:
    if number is None:
        return None
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def import_failure(row: ImportErrorRow) -> answers.ImportFailure:
    return answers.ImportFailure(row.file, row.message, row.location, row.traceback, instant(row.at))


def dag_item(row: DagRow, last_runs: Sequence[RunRow], error: ImportErrorRow | None, now: float) -> answers.DagItem:
    return answers.DagItem(
        dag_id=row.dag_id,
        description=row.description,
        owner=row.owner,
        tags=row.tags,
        schedule=row.schedule_text,
        tz=row.tz,
        next_run_at=None if row.paused or not row.present else instant_or_none(row.next_fire),
        paused=row.paused,
        paused_by=row.paused_by,
        paused_note=row.paused_note,
        paused_at=instant_or_none(row.paused_at),
        present=row.present,
        bundle=row.bundle,
        file=row.file,
        location=row.location,
        task_count=row.task_count,
        first_seen_at=instant(row.first_seen_at),
        updated_at=instant(row.updated_at),
        import_error=import_failure(error) if error else None,
        last_runs=[run_bar(last.record, now) for last in last_runs],
    )


def dag_graph(dag: Dag, bundle: str) -> answers.DagGraph:
    names = [task.task_id for task in dag.tasks]
    schedule = dag.schedule
    return answers.DagGraph(
        bundle=bundle,
        doc=dag.doc,
        params=dag.params,
        tasks=[_graph_task(task) for task in dag.tasks],
        edges=[
            answers.Edges([names[position] for position in edge.upstream], [names[below] for below in edge.downstream])
            for edge in dag.edges
        ],
        groups=[answers.GraphGroup(group.group_id, group.label, group.doc) for group in dag.groups],
        max_active_runs=dag.max_active_runs,
        max_active_tasks=dag.max_active_tasks,
        timeout_s=dag.timeout_s,
        deadline_s=dag.deadline_s,
        catchup=schedule.catchup if schedule else False,
        start=instant_or_none(schedule.start) if schedule else None,
        end=instant_or_none(schedule.end) if schedule else None,
    )


def _graph_task(task: Task) -> answers.GraphTask:
    return answers.GraphTask(
        task_id=task.task_id,
        operator=_operator(task.work),
        trigger_rule=task.trigger_rule.value,
        role=task.role.value,
        group=task.group,
        pool=task.pool,
        pool_slots=task.pool_slots,
        priority=task.priority,
        queue=task.queue,
        retries=task.retry.retries,
        retry_delay_s=task.retry.delay_s,
        timeout_s=task.timeout_s,
        concurrency_key=task.concurrency.key if task.concurrency else None,
        at_most_once=task.at_most_once,
        may_fail=task.may_fail,
        doc=task.doc,
        location=task.location,
    )


def _operator(work: Work) -> str:
    match work:
        case PythonWork():
            return "python"
        case BashWork():
            return "bash"
        case EmptyWork():
            return "empty"
        case OperatorWork(operator):
            return operator


def pool(row: PoolRow, use: PoolUse | None) -> answers.Pool:
    return answers.Pool(
        name=row.name,
        slots=row.slots,
        used=use.used if use else 0,
        queued=use.queued if use else 0,
        holders=use.holders if use else (),
        description=row.description,
        source=row.source,
    )


def connection(row: ConnectionRow) -> answers.ConnectionItem:
    return answers.ConnectionItem(
        row.name, row.kind, row.host, row.port, row.login, row.schema, instant(row.updated_at)
    )


def variable(row: VariableRow) -> answers.VariableItem:
    value = None if row.secret else msgspec.json.decode(row.sealed)
    return answers.VariableItem(row.name, row.secret, value, instant(row.updated_at))


def worker(info: WorkerInfo) -> answers.Worker:
    return answers.Worker(
        worker_id=info.worker_id,
        pid=info.pid,
        bundle=info.bundle,
        attempt_id=info.attempt_id,
        started_at=instant(info.started_at),
        calls=info.calls,
        rss_mb=info.rss_mb,
    )


def audit_item(row: AuditRow) -> answers.AuditItem:
    return answers.AuditItem(row.audit_id, instant(row.at), row.actor, row.action, row.subject, row.detail)
