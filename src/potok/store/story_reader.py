"""The reads behind the page of a run, over the two primitives that a dialect supplies. Must never write."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from potok.store import decode
from potok.store.decode import Row
from potok.store.encode import Value
from potok.store.rows import (
    AttemptSpanRow,
    AuditRow,
    EnvironmentRow,
    ErrorRow,
    ParamsEditRow,
    ResultRow,
    RunFilesRow,
    RunRow,
)


class StoryReader(ABC):
    """Part of every store; see `potok.store.protocol.Store` for what each read promises."""

    @abstractmethod
    def _fetch(self, statement: str, parameters: Sequence[Value] = ()) -> list[Row]:
        """All rows of one statement. Raises StoreError."""

    @abstractmethod
    def _snapshot(self) -> AbstractContextManager[Callable[[str, Sequence[Value]], list[Row]]]:
        """Several statements that see the same state. Raises StoreError."""

    def runs_around(self, dag_id: str, run_key: int, before: int, after: int) -> tuple[list[RunRow], list[RunRow]]:
        earlier = self._fetch("run_before_of_dag", (dag_id, run_key, before)) if before else []
        later = self._fetch("run_after_of_dag", (dag_id, run_key, after)) if after else []
        return [decode.run_row(row) for row in earlier], [decode.run_row(row) for row in later]

    def good_runs_before(self, dag_id: str, run_key: int, limit: int) -> list[RunRow]:
        return [decode.run_row(row) for row in self._fetch("good_runs_before", (dag_id, run_key, limit))]

    def good_spans(self, run_key: int, limit: int) -> list[tuple[str, float, float]]:
        return [(task_id, start, end) for task_id, start, end in self._fetch("good_spans", (run_key, limit))]

    def attempt_spans(self, run_key: int, limit: int, after: tuple[int, int] = (-1, -1)) -> list[AttemptSpanRow]:
        return decode.attempt_spans(self._fetch("attempt_spans", (run_key, *after, limit)))

    def errors_of_runs(self, run_keys: Sequence[int], per_run: int) -> dict[int, list[ErrorRow]]:
        with self._snapshot() as fetch:
            return {key: [decode.error_row(row) for row in fetch("errors_of_run", (key, per_run))] for key in run_keys}

    def result_at(self, run_key: int, position: int) -> ResultRow | None:
        rows = self._fetch("result_at", (run_key, position))
        return decode.result_row(rows[0]) if rows else None

    def files_of_run(self, run_key: int, limit: int) -> list[RunFilesRow]:
        return [decode.run_files_row(row) for row in self._fetch("files_of_run", (run_key, limit))]

    def environment_at(self, at: float) -> EnvironmentRow | None:
        rows = self._fetch("environment_at", (at,))
        return decode.environment_row(rows[0]) if rows else None

    def settings_changed(self, since: float, until: float, limit: int) -> list[AuditRow]:
        return [decode.audit_row(row) for row in self._fetch("settings_changed", (since, until, limit))]

    def params_edits(self, run_key: int) -> list[ParamsEditRow]:
        return [decode.params_edit_row(row) for row in self._fetch("params_edits", (run_key,))]
