"""Tuples that come out of a SELECT back to rows; columns in the order of the blocks in `queries.sql`."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from potok.model.dag import Dag
from potok.model.reason import Reason
from potok.model.result_files import FilesRecord
from potok.model.run import CheckResult, ErrorInfo, LogRange, RunRecord, TriggerKind, Usage
from potok.model.state import RunState, TaskState
from potok.model.trigger import Event, Mark
from potok.store.history_rows import RunNumbersRow
from potok.store.rows import (
    AttemptRow,
    AttemptSpanRow,
    AuditRow,
    ConnectionRow,
    DagRow,
    EnvironmentRow,
    ErrorRow,
    ImportErrorRow,
    OutboxRow,
    ParamsEditRow,
    ParkedEvent,
    PoolRow,
    ResultRow,
    RunCounts,
    RunFilesRow,
    RunRow,
    TaskRow,
    TriggerMarkRow,
    VariableRow,
    VersionRow,
)

# Drivers type a row as a tuple of Any; it goes no further than this module.
Row = Sequence[Any]

_RUN_STATES = {state.value: state for state in RunState}
_TASK_STATES = {state.value: state for state in TaskState}
_TRIGGERS = {kind.value: kind for kind in TriggerKind}

_decode_reason = msgspec.json.Decoder(Reason).decode
_decode_event = msgspec.json.Decoder(Event).decode
_decode_mark = msgspec.json.Decoder(Mark).decode
_decode_counts = msgspec.json.Decoder(RunCounts).decode
_decode_usage = msgspec.json.Decoder(Usage).decode
_decode_error = msgspec.json.Decoder(ErrorInfo).decode
_decode_log = msgspec.json.Decoder(LogRange).decode
_decode_checks = msgspec.json.Decoder(tuple[CheckResult, ...]).decode
_decode_rendered = msgspec.json.Decoder(dict[str, str]).decode
_decode_object = msgspec.json.Decoder(dict[str, object]).decode
_decode_texts = msgspec.json.Decoder(tuple[str, ...]).decode
_decode_dag = msgspec.msgpack.Decoder(Dag).decode
_decode_files = msgspec.json.Decoder(tuple[FilesRecord, ...]).decode
_decode_numbers = msgspec.json.Decoder(dict[str, float]).decode
_NO_USAGE = Usage()


def run_row(row: Row) -> RunRow:
    (
        run_key, run_id, dag_id, bundle, state, logical_date, interval_start, interval_end, trigger, created_at, params,
        note, triggered_by, idempotency_key, run_after, expires_at, started_at, ended_at, reason, counts, event,
    ) = row  # fmt: skip
    record = RunRecord(
        run_key, run_id, dag_id, bundle, _RUN_STATES[state], logical_date, interval_start, interval_end,
        _TRIGGERS[trigger], created_at, _decode_object(params) if params else {}, note or "", triggered_by or "",
        idempotency_key, run_after, expires_at, started_at, ended_at, _decode_reason(reason) if reason else None,
        _decode_event(event) if event else None,
    )  # fmt: skip
    return RunRow(record, _decode_counts(counts))


def task_rows(rows: Iterable[Row]) -> list[TaskRow]:
    states = _TASK_STATES
    return [
        TaskRow(
            run_key, position, task_id, states[state], try_number, max_tries, losses, attempt_id, queued_at,
            started_at, ended_at, retry_at, _decode_reason(reason) if reason else None,
        )
        for (
            run_key, position, task_id, state, try_number, max_tries, losses, attempt_id, queued_at, started_at,
            ended_at, retry_at, reason,
        ) in rows
    ]  # fmt: skip


def attempt_rows(rows: Iterable[Row]) -> list[AttemptRow]:
    return [
        AttemptRow(
            attempt_id, run_key, position, task_id, try_number, created_at, outcome, started_at, ended_at, pid,
            exit_code, signal, bool(oom), _decode_usage(usage) if usage else _NO_USAGE,
            _decode_error(error) if error else None, _decode_log(log) if log else None,
            _decode_checks(checks) if checks else (), _decode_rendered(rendered) if rendered else {}, queued_at,
        )
        for (
            attempt_id, run_key, position, task_id, try_number, created_at, outcome, started_at, ended_at, pid,
            exit_code, signal, oom, usage, error, log, checks, rendered, queued_at,
        ) in rows
    ]  # fmt: skip


def attempt_spans(rows: Iterable[Row]) -> list[AttemptSpanRow]:
    return [
        AttemptSpanRow(
            attempt_id, position, task_id, try_number, outcome, queued_at, started_at, ended_at, exit_code, signal,
            bool(oom), _decode_usage(usage) if usage else _NO_USAGE, _decode_error(error) if error else None,
        )
        for (
            attempt_id, position, task_id, try_number, outcome, queued_at, started_at, ended_at, exit_code, signal, oom,
            usage, error,
        ) in rows
    ]  # fmt: skip


def error_row(row: Row) -> ErrorRow:
    task_id, attempt_id, error = row
    return ErrorRow(task_id, attempt_id, _decode_error(error))


def environment_row(row: Row) -> EnvironmentRow:
    seen_at, digest, python, platform, packages = row
    return EnvironmentRow(seen_at, digest, python, platform, _decode_rendered(packages))


def params_edit_row(row: Row) -> ParamsEditRow:
    run_key, at, actor, before, after = row
    return ParamsEditRow(run_key, at, actor, _decode_object(before), _decode_object(after))


def trigger_mark_row(row: Row) -> TriggerMarkRow:
    dag_id, key, mark = row
    return TriggerMarkRow(dag_id, key, _decode_mark(mark))


def result_row(row: Row) -> ResultRow:
    run_key, position, task_id, attempt_id, codec, size, data, key, sha256, files, numbers = row
    return ResultRow(
        run_key, position, task_id, attempt_id, codec, size, data, key, sha256,
        _decode_files(files) if files else None, _decode_numbers(numbers) if numbers else None,
    )  # fmt: skip


def run_files_row(row: Row) -> RunFilesRow:
    position, task_id, attempt_id, files = row
    return RunFilesRow(position, task_id, attempt_id, _decode_files(files))


def run_numbers_row(row: Row) -> RunNumbersRow:
    run_key, run_id, state, logical_date, created_at, position, task_id, numbers = row
    return RunNumbersRow(
        run_key, run_id, _RUN_STATES[state], logical_date, created_at, position, task_id, _decode_numbers(numbers)
    )


def outbox_row(row: Row) -> OutboxRow:
    return OutboxRow(*row)


def dag_row(row: Row) -> DagRow:
    (
        dag_id, bundle, file, present, paused, first_seen_at, updated_at, last_fire, next_fire, paused_by, paused_note,
        paused_at, tags, owner, description, schedule_text, tz, location, task_count,
    ) = row  # fmt: skip
    return DagRow(
        dag_id, bundle, file, bool(present), bool(paused), first_seen_at, updated_at, last_fire, next_fire, paused_by,
        paused_note, paused_at, _decode_texts(tags) if tags else (), owner, description, schedule_text, tz, location,
        task_count,
    )  # fmt: skip


def version_row(row: Row) -> VersionRow:
    dag_id, bundle, created_at, files, definition = row
    return VersionRow(dag_id, bundle, created_at, _decode_texts(files), _decode_dag(zlib.decompress(definition)))


def import_error_row(row: Row) -> ImportErrorRow:
    return ImportErrorRow(*row)


def pool_row(row: Row) -> PoolRow:
    return PoolRow(*row)


def connection_row(row: Row) -> ConnectionRow:
    return ConnectionRow(*row)


def variable_row(row: Row) -> VariableRow:
    name, secret, sealed, updated_at = row
    return VariableRow(name, bool(secret), sealed, updated_at)


def audit_row(row: Row) -> AuditRow:
    at, actor, action, subject, detail, audit_id = row
    return AuditRow(at, actor, action, subject, _decode_object(detail) if detail else {}, audit_id)


def parked_event(row: Row) -> ParkedEvent:
    return ParkedEvent(*row)
