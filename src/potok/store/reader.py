"""Every read of the Store protocol over two primitives that a dialect supplies. Must never write."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Literal, TypeVar

from potok.model.state import RunState
from potok.store import decode
from potok.store.board_reader import BoardReader
from potok.store.cursor import decode_cursor, encode_cursor
from potok.store.decode import Row
from potok.store.encode import Value
from potok.store.history_reader import HistoryReader
from potok.store.rows import (
    AttemptRow,
    AuditRow,
    ConnectionRow,
    DagRow,
    ImportErrorRow,
    Leader,
    OutboxRow,
    ParkedEvent,
    PoolRow,
    ResultRow,
    RunRow,
    StoredRun,
    TaskRow,
    TriggerMarkRow,
    VariableRow,
    VersionRow,
)
from potok.store.story_reader import StoryReader

Fetch = Callable[[str, Sequence[Value]], list[Row]]
RunPart = TypeVar("RunPart", TaskRow, AttemptRow, ResultRow)
RunChoice = Literal["active_runs", "one_run", "queued_runs"]

_KEY_MAX = 2**63 - 1
_DAY_S = 86_400.0
_DAGS_SCANNED_AT_ONCE = 500


class SqlReader(HistoryReader, StoryReader, BoardReader, ABC):
    """Statements are named as in `queries.sql`."""

    @abstractmethod
    def _fetch(self, statement: str, parameters: Sequence[Value] = ()) -> list[Row]:
        """All rows of one statement. Raises StoreError."""

    @abstractmethod
    def _snapshot(self) -> AbstractContextManager[Fetch]:
        """Several statements that see the same state, without the deadline of an API read. Raises StoreError."""

    # --- what the scheduler loads -----------------------------------------------------------------------------
    def leader(self) -> Leader | None:
        rows = self._fetch("leader")
        return Leader(*rows[0]) if rows else None

    def last_ids(self) -> tuple[int, int, int]:
        rows = self._fetch("last_ids")
        return (rows[0][0], rows[0][1], rows[0][2]) if rows else (0, 0, 0)

    def load_active_runs(self) -> list[StoredRun]:
        return self._stored_runs("active_runs", ())

    def load_run(self, run_key: int) -> StoredRun | None:
        runs = self._stored_runs("one_run", (run_key,))
        return runs[0] if runs else None

    def next_queued_runs(self, dag_id: str, limit: int) -> list[StoredRun]:
        return self._stored_runs("queued_runs", (dag_id, limit))

    def _stored_runs(self, choice: RunChoice, parameters: Sequence[Value]) -> list[StoredRun]:
        with self._snapshot() as fetch:
            runs = [decode.run_row(row) for row in fetch(f"{choice}_rows", parameters)]
            if not runs:
                return []
            tasks = _by_run(decode.task_rows(fetch(f"{choice}_tasks", parameters)))
            attempts = _by_run(decode.attempt_rows(fetch(f"{choice}_attempts", parameters)))
            results = _by_run([decode.result_row(row) for row in fetch(f"{choice}_results", parameters)])
        stored = []
        for run in runs:
            key = run.record.run_key
            stored.append(StoredRun(run, tuple(tasks[key]), tuple(attempts[key]), tuple(results[key])))
        return stored

    def load_outbox(self) -> list[OutboxRow]:
        return [decode.outbox_row(row) for row in self._fetch("outbox")]

    def load_version(self, dag_id: str, bundle: str) -> VersionRow | None:
        rows = self._fetch("version", (dag_id, bundle))
        return decode.version_row(rows[0]) if rows else None

    def trigger_marks(self, dag_id: str | None = None) -> list[TriggerMarkRow]:
        rows = self._fetch("trigger_marks") if dag_id is None else self._fetch("trigger_marks_of", (dag_id,))
        return [decode.trigger_mark_row(row) for row in rows]

    def run_by_idempotency_key(self, dag_id: str, key: str) -> RunRow | None:
        return _first_run(self._fetch("run_by_idempotency_key", (dag_id, key)))

    # --- what the API reads -----------------------------------------------------------------------------------
    def dags(self) -> list[DagRow]:
        return [decode.dag_row(row) for row in self._fetch("dags")]

    def list_dags(
        self, *, limit: int, cursor: str | None = None, search: str = "", tag: str = "", present: bool | None = True
    ) -> tuple[list[DagRow], str | None]:
        # Matched here and not by LIKE: SQLite's folds only ASCII letters, and DAGs are few.
        after = decode_cursor(cursor, str) if cursor else ""
        needle = search.casefold()
        page: list[DagRow] = []
        for dag in self._dags_after(after):
            if _matches(dag, needle, tag, present):
                if len(page) == limit:
                    return page, encode_cursor(page[-1].dag_id)
                page.append(dag)
        return page, None

    def _dags_after(self, dag_id: str) -> Iterator[DagRow]:
        while True:
            rows = self._fetch("dags_after", (dag_id, _DAGS_SCANNED_AT_ONCE))
            yield from (decode.dag_row(row) for row in rows)
            if len(rows) < _DAGS_SCANNED_AT_ONCE:
                return
            dag_id = rows[-1][0]

    def dag(self, dag_id: str) -> DagRow | None:
        rows = self._fetch("dag", (dag_id,))
        return decode.dag_row(rows[0]) if rows else None

    def bundles_in_use(self) -> set[str]:
        return {str(bundle) for (bundle,) in self._fetch("bundles_in_use", ())}

    def versions(self, dag_id: str, limit: int = 50) -> list[tuple[str, float]]:
        return [(bundle, created_at) for bundle, created_at in self._fetch("versions", (dag_id, limit))]

    def list_runs(
        self,
        *,
        limit: int,
        cursor: str | None = None,
        dag_id: str | None = None,
        state: RunState | None = None,
        since_key: int = 0,
        until_key: int | None = None,
    ) -> tuple[list[RunRow], str | None]:
        statement = "runs"
        chosen: list[Value] = []
        if dag_id is not None:
            statement += "_of_dag"
            chosen.append(dag_id)
        if state is not None:
            statement += "_in_state"
            chosen.append(state.value)
        before = decode_cursor(cursor, int) if cursor else _KEY_MAX
        before = before if until_key is None else min(before, until_key)
        rows = self._fetch(statement, (*chosen, since_key, before, limit + 1))
        page = [decode.run_row(row) for row in rows[:limit]]
        return page, encode_cursor(page[-1].record.run_key) if len(rows) > limit and page else None

    def last_runs(self, dag_ids: Sequence[str], per_dag: int) -> dict[str, list[RunRow]]:
        newest: dict[str, list[RunRow]] = {}
        with self._snapshot() as fetch:
            for dag_id in dag_ids:
                newest[dag_id] = [decode.run_row(row) for row in fetch("runs_of_dag", (dag_id, 0, _KEY_MAX, per_dag))]
        return newest

    def run(self, run_id: str) -> RunRow | None:
        return _first_run(self._fetch("run", (run_id,)))

    def tasks(self, run_key: int, *, start: int = 0, limit: int | None = None) -> list[TaskRow]:
        return decode.task_rows(self._fetch("run_tasks_from", (run_key, start, _KEY_MAX if limit is None else limit)))

    def task(self, run_key: int, task_id: str) -> TaskRow | None:
        tasks = decode.task_rows(self._fetch("task", (run_key, task_id)))
        return tasks[0] if tasks else None

    def attempts(self, run_key: int, position: int | None = None) -> list[AttemptRow]:
        if position is None:
            return decode.attempt_rows(self._fetch("one_run_attempts", (run_key,)))
        return decode.attempt_rows(self._fetch("attempts_of_task", (run_key, position)))

    def result(self, run_key: int, task_id: str) -> ResultRow | None:
        rows = self._fetch("result", (run_key, task_id))
        return decode.result_row(rows[0]) if rows else None

    def import_errors(self) -> list[ImportErrorRow]:
        return [decode.import_error_row(row) for row in self._fetch("import_errors")]

    def pools(self) -> list[PoolRow]:
        return [decode.pool_row(row) for row in self._fetch("pools")]

    def connections(self) -> list[ConnectionRow]:
        return [decode.connection_row(row) for row in self._fetch("connections")]

    def connection(self, name: str) -> ConnectionRow | None:
        rows = self._fetch("connection", (name,))
        return decode.connection_row(rows[0]) if rows else None

    def variables(self) -> list[VariableRow]:
        return [decode.variable_row(row) for row in self._fetch("variables")]

    def variable(self, name: str) -> VariableRow | None:
        rows = self._fetch("variable", (name,))
        return decode.variable_row(rows[0]) if rows else None

    def audit(self, limit: int = 100, before: int | None = None) -> list[AuditRow]:
        bound = _KEY_MAX if before is None else before
        return [decode.audit_row(row) for row in self._fetch("audit", (bound, limit))]

    def parked_events(self) -> list[ParkedEvent]:
        return [decode.parked_event(row) for row in self._fetch("parked_events")]

    def run_state_counts(self) -> dict[str, int]:
        counts = {state.value: 0 for state in RunState}
        with self._snapshot() as fetch:
            counts.update((state, count) for state, count in fetch("ended_run_counts", (time.time() - _DAY_S,)))
            counts.update((state, count) for state, count in fetch("active_run_counts", ()))
        return counts


def _by_run(rows: list[RunPart]) -> defaultdict[int, list[RunPart]]:
    grouped: defaultdict[int, list[RunPart]] = defaultdict(list)
    for row in rows:
        grouped[row.run_key].append(row)
    return grouped


def _first_run(rows: list[Row]) -> RunRow | None:
    return decode.run_row(rows[0]) if rows else None


def _matches(dag: DagRow, needle: str, tag: str, present: bool | None) -> bool:
    if present is not None and dag.present is not present:
        return False
    if tag and tag not in dag.tags:
        return False
    return not needle or any(needle in text.casefold() for text in (dag.dag_id, dag.description, dag.owner))
