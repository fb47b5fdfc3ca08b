"""Reads a DAG's past: the part of `SqlReader` that serves the pages of a DAG. Must never write."""

from __future__ import annotations

import zlib
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence

import msgspec

from potok.model.run import TriggerKind
from potok.model.state import RunState
from potok.store import decode
from potok.store.decode import Row
from potok.store.encode import Value
from potok.store.history_rows import BundleUseRow, QuarterRow, RunCellsRow, RunLengthsRow, RunNumbersRow
from potok.store.rows import AuditRow, TaskRow

_KEY_MAX = 2**63 - 1
_QUARTER_S = 900
_ACTIVE_MAX = 10_000


class _NamedTask(msgspec.Struct):
    task_id: str


class _NamedTasks(msgspec.Struct):
    tasks: list[_NamedTask]


_decode_names = msgspec.msgpack.Decoder(_NamedTasks).decode


class HistoryReader(ABC):
    """Statements are named as in `queries.sql`."""

    @abstractmethod
    def _fetch(self, statement: str, parameters: Sequence[Value] = ()) -> list[Row]:
        """All rows of one statement. Raises StoreError."""

    def run_cells(self, dag_id: str, limit: int, before: int | None = None) -> list[RunCellsRow]:
        rows = self._fetch("run_cells", (dag_id, _KEY_MAX if before is None else before, limit))
        return [
            RunCellsRow(key, run_id, bundle, RunState(state), TriggerKind(trigger), logical, created, start, end,
                        letters or "")
            for key, run_id, bundle, state, trigger, logical, created, start, end, letters in rows
        ]  # fmt: skip

    def good_run_lengths(self, dag_id: str, limit: int) -> list[RunLengthsRow]:
        return [_lengths(row) for row in self._fetch("good_run_lengths", (dag_id, limit))]

    def run_lengths(self, run_key: int) -> RunLengthsRow | None:
        rows = self._fetch("one_run_lengths", (run_key,))
        return _lengths(rows[0]) if rows else None

    def run_numbers(self, dag_id: str, runs: int, limit: int, before: int | None = None) -> list[RunNumbersRow]:
        rows = self._fetch("numbers_of_runs", (dag_id, _KEY_MAX if before is None else before, runs, limit))
        return [decode.run_numbers_row(row) for row in rows]

    def task_ids(self, dag_id: str, bundle: str) -> tuple[str, ...] | None:
        rows = self._fetch("version", (dag_id, bundle))
        if not rows:
            return None
        return tuple(task.task_id for task in _decode_names(zlib.decompress(rows[0][4])).tasks)

    def quarters(self, dag_id: str, since: float, until: float) -> list[QuarterRow]:
        counts: Counter[tuple[int, str]] = Counter()
        for quarter, state, runs in self._fetch("quarters", (dag_id, since, until)):
            counts[quarter, state] += runs
        for logical, state, rolled_up, rolled_up_at in self._fetch("active_runs_of_dag", (dag_id, _ACTIVE_MAX)):
            # a run that was taken up again still has the roll-up of its first end
            if rolled_up is not None and since <= rolled_up_at < until:
                counts[int(rolled_up_at // _QUARTER_S), rolled_up] -= 1
            if since <= logical < until:
                counts[int(logical // _QUARTER_S), state] += 1
        return [
            QuarterRow(quarter * _QUARTER_S, RunState(state), runs)
            for (quarter, state), runs in sorted(counts.items())
            if runs > 0
        ]

    def neighbours(self, dag_id: str, run_key: int) -> tuple[str | None, str | None]:
        before = self._fetch("run_before", (dag_id, run_key))
        after = self._fetch("run_after", (dag_id, run_key))
        return before[0][0] if before else None, after[0][0] if after else None

    def bundle_uses(self, dag_id: str, newest: int) -> list[BundleUseRow]:
        return [BundleUseRow(*row) for row in self._fetch("bundles_of_newest_runs", (dag_id, newest))]

    def count_runs(self, dag_id: str, state: RunState, after: int, before: int | None, most: int) -> int:
        bound = _KEY_MAX if before is None else before
        return int(self._fetch("runs_between", (dag_id, state.value, after, bound, most))[0][0])

    def newest_in_state(self, dag_id: str, state: RunState, before: int | None = None) -> int | None:
        bound = _KEY_MAX if before is None else before
        rows = self._fetch("newest_in_state", (dag_id, state.value, bound))
        return int(rows[0][0]) if rows else None

    def failed_tasks(self, run_key: int, limit: int) -> list[TaskRow]:
        return decode.task_rows(self._fetch("failed_tasks", (run_key, limit)))

    def pauses(self, dag_id: str, limit: int) -> list[AuditRow]:
        return [decode.audit_row(row) for row in self._fetch("pauses", (dag_id, limit))]


def _lengths(row: Row) -> RunLengthsRow:
    run_key, bundle, started_at, ended_at, text = row
    lengths = tuple(float(part) if part else None for part in text.split(",")) if text is not None else ()
    return RunLengthsRow(run_key, bundle, started_at, ended_at, lengths)
