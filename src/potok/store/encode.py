"""Rows to the tuples that statements take. On the hot path of every commit: no loops over columns, no generality."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import msgspec

from potok.model.reason import Reason
from potok.model.run import Usage
from potok.model.state import RUN_ENDED
from potok.store.board_rows import OpenFailureRow
from potok.store.rows import (
    AttemptRow,
    AuditRow,
    Batch,
    ConnectionRow,
    DagRow,
    EnvironmentRow,
    ImportErrorRow,
    NewRun,
    OutboxRow,
    ParamsEditRow,
    ParkedEvent,
    PoolRow,
    ResultRow,
    RunUpdate,
    TaskRow,
    TriggerMarkRow,
    VariableRow,
    VersionRow,
)

Value = str | int | float | bytes | None
Values = tuple[Value, ...]
Step = tuple[str, list[Values]]

_encode_json = msgspec.json.Encoder().encode
_NO_USAGE = Usage()
SLOT_USE_KEPT_S = 8 * 86_400.0


def _json(value: object) -> str:
    return _encode_json(value).decode()


def _reason(reason: Reason | None) -> str | None:
    return None if reason is None else _encode_json(reason).decode()


# `state._value_` and not `state`: sqlite3 binds an exact str four times faster than a subclass of it.


def run_values(new: NewRun) -> Values:
    r = new.row.record
    return (
        r.run_key, r.run_id, r.dag_id, r.bundle, r.state._value_, r.logical_date, r.interval_start, r.interval_end,
        r.trigger._value_, r.created_at, _json(r.params) if r.params else None, r.note or None, r.triggered_by or None,
        r.idempotency_key, r.run_after, r.expires_at, r.started_at, r.ended_at, _reason(r.reason),
        _json(new.row.counts), None if r.event is None else _json(r.event),
    )  # fmt: skip


def run_update_values(u: RunUpdate) -> Values:
    return (u.state._value_, u.started_at, u.ended_at, _reason(u.reason), _json(u.counts), u.run_key)


def task_values(t: TaskRow) -> Values:
    why = t.reason
    return (
        t.run_key, t.position, t.task_id, t.state._value_, t.try_number, t.max_tries, t.losses, t.attempt_id,
        t.queued_at, t.started_at, t.ended_at, t.retry_at, None if why is None else _encode_json(why).decode(),
    )  # fmt: skip


def attempt_values(a: AttemptRow) -> Values:
    return (
        a.attempt_id, a.run_key, a.position, a.task_id, a.try_number, a.created_at, a.outcome, a.started_at,
        a.ended_at, a.pid, a.exit_code, a.signal, 1 if a.oom else 0,
        None if a.usage == _NO_USAGE else _encode_json(a.usage).decode(),
        None if a.error is None else _encode_json(a.error).decode(),
        None if a.log is None else _encode_json(a.log).decode(),
        _encode_json(a.checks).decode() if a.checks else None,
        _encode_json(a.rendered).decode() if a.rendered else None, a.queued_at,
    )  # fmt: skip


def result_values(r: ResultRow) -> Values:
    return (
        r.run_key, r.position, r.task_id, r.attempt_id, r.codec, r.size, r.key, r.sha256, r.data,
        None if r.files is None else _json(r.files), None if r.numbers is None else _json(r.numbers),
    )  # fmt: skip


def outbox_values(o: OutboxRow) -> Values:
    return (o.outbox_id, o.kind, o.payload, o.created_at, o.run_key)


def _audit(a: AuditRow) -> Values:
    return (a.at, a.actor, a.action, a.subject, _json(a.detail) if a.detail else None)


def _parked(p: ParkedEvent) -> Values:
    return (p.at, p.kind, p.payload, p.error)


def _dag(d: DagRow) -> Values:
    return (
        d.dag_id, d.bundle, d.file, d.present, d.paused, d.first_seen_at, d.updated_at, d.last_fire, d.next_fire,
        d.paused_by, d.paused_note, d.paused_at, _json(d.tags) if d.tags else None, d.owner, d.description,
        d.schedule_text, d.tz, d.location, d.task_count,
    )  # fmt: skip


def _fire(fire: tuple[str, float | None, float | None]) -> Values:
    dag_id, last_fire, next_fire = fire
    return (last_fire, next_fire, dag_id)


def _version(v: VersionRow) -> Values:
    # Level 1: a DAG of 10,000 tasks shrinks about twenty times in a few milliseconds.
    definition = zlib.compress(msgspec.msgpack.encode(v.dag), 1)
    return (v.dag_id, v.bundle, v.created_at, _json(v.files), definition)


def _import_error(e: ImportErrorRow) -> Values:
    return (e.file, e.message, e.location, e.traceback, e.at)


def _params_edit(e: ParamsEditRow) -> Values:
    return (e.run_key, e.at, e.actor, _json(e.before), _json(e.after))


def _trigger_mark(row: TriggerMarkRow) -> Values:
    return (row.dag_id, row.key, _json(row.mark))


def environment_values(e: EnvironmentRow) -> Values:
    return (e.seen_at, e.digest, e.python, e.platform, _json(e.packages))


def _pool(p: PoolRow) -> Values:
    return (p.name, p.slots, p.description, p.source)


def _connection(c: ConnectionRow) -> Values:
    return (c.name, c.kind, c.host, c.port, c.login, c.schema, c.sealed, c.updated_at)


def _variable(v: VariableRow) -> Values:
    return (v.name, v.secret, v.sealed, v.updated_at)


def ended_run_keys(batch: Batch) -> list[int]:
    """The runs whose roll-up has to be written: what the batch tells of them may be the end or a change after it."""
    if not batch.runs and not batch.runs_new:
        return []
    keys = [new.row.record.run_key for new in batch.runs_new if new.row.record.state in RUN_ENDED]
    keys += [update.run_key for update in batch.runs if update.state in RUN_ENDED]
    return list(dict.fromkeys(keys))


def rare_steps(batch: Batch) -> Iterator[Step]:
    """What few turns hold, in both dialects. A name that is both set and gone ends up gone."""
    if batch.results_dropped:
        yield "results_dropped", list(batch.results_dropped)
    if batch.outbox_done:
        yield "outbox_done", [(outbox_id,) for outbox_id in batch.outbox_done]
    if batch.audit:
        yield "audit_new", [_audit(row) for row in batch.audit]
    if batch.parked:
        yield "parked", [_parked(row) for row in batch.parked]
    if batch.dags:
        yield "dags_seen", [_dag(row) for row in batch.dags]
    if batch.fires:
        yield "fires", [_fire(row) for row in batch.fires]
    if batch.versions:
        yield "versions_new", [_version(row) for row in batch.versions]
    if batch.import_errors:
        yield "import_errors_new", [_import_error(row) for row in batch.import_errors]
    if batch.import_errors_gone:
        yield "import_errors_gone", [(file,) for file in batch.import_errors_gone]
    if batch.params_edits:
        yield "run_params_set", [(_json(edit.after), edit.run_key) for edit in batch.params_edits]
        yield "params_edits_new", [_params_edit(edit) for edit in batch.params_edits]
    if batch.trigger_marks:
        yield "trigger_marks_set", [_trigger_mark(row) for row in batch.trigger_marks]
    if batch.trigger_marks_gone:
        yield "trigger_marks_gone", list(batch.trigger_marks_gone)
    yield from _setting_steps(batch)
    yield from _board_steps(batch)


def _setting_steps(batch: Batch) -> Iterator[Step]:
    if batch.pools:
        yield "pools_set", [_pool(row) for row in batch.pools]
    if batch.pools_gone:
        yield "pools_gone", [(name,) for name in batch.pools_gone]
    if batch.connections:
        yield "connections_set", [_connection(row) for row in batch.connections]
    if batch.connections_gone:
        yield "connections_gone", [(name,) for name in batch.connections_gone]
    if batch.variables:
        yield "variables_set", [_variable(row) for row in batch.variables]
    if batch.variables_gone:
        yield "variables_gone", [(name,) for name in batch.variables_gone]


def _board_steps(batch: Batch) -> Iterator[Step]:
    # Gone first: a failure that moves from one signature to another is both.
    if batch.open_failures_gone:
        yield "open_failures_gone", list(batch.open_failures_gone)
    if batch.open_failures:
        yield "open_failures_set", [_open_failure(row) for row in batch.open_failures]
    if batch.mutes:
        yield "mutes_set", [(row.key, row.until, row.muted_at, row.muted_by, row.note) for row in batch.mutes]
    if batch.mutes_gone:
        yield "mutes_gone", [(key,) for key in batch.mutes_gone]
    if batch.slot_use:
        yield "slot_use_added", [(row.at, row.busy_s, row.peak) for row in batch.slot_use]
        yield "slot_use_old", [(batch.slot_use[-1].at - SLOT_USE_KEPT_S,)]


def _open_failure(f: OpenFailureRow) -> Values:
    return (f.dag_id, f.signature, f.run_key, f.position, f.at, _json(f.run_keys))


def last_ids_of(batch: Batch) -> tuple[int, int, int]:
    """The highest run_key, attempt_id and outbox_id that the batch gives out, 0 for none."""
    return (
        max((new.row.record.run_key for new in batch.runs_new), default=0) if batch.runs_new else 0,
        max((row.attempt_id for row in batch.attempts_new), default=0) if batch.attempts_new else 0,
        max((row.outbox_id for row in batch.outbox_new), default=0) if batch.outbox_new else 0,
    )
