"""What the scheduler and the API ask of a store. One conformance suite holds for every implementation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from potok.model.errors import StoreError
from potok.model.state import RunState
from potok.store.board_reads import BoardReads
from potok.store.history_rows import HistoryStore
from potok.store.rows import (
    AttemptRow,
    AttemptSpanRow,
    AuditRow,
    Batch,
    ConnectionRow,
    DagRow,
    EnvironmentRow,
    ErrorRow,
    ImportErrorRow,
    Leader,
    OutboxRow,
    ParamsEditRow,
    ParkedEvent,
    PoolRow,
    ResultRow,
    RunFilesRow,
    RunRow,
    StoredRun,
    TaskRow,
    TriggerMarkRow,
    VariableRow,
    VersionRow,
)


class LostLeadershipError(StoreError):
    """Another server writes now: the epoch in the leader row is not ours. Nothing of the batch was written."""


class CommitFailedError(StoreError):
    """The batch was not written, for a reason that lies in it or in the database; the store is as before it.

    `transient`: the database is at fault (locked, full, out of reach), so the same batch may go through later;
    otherwise the batch itself breaks a rule, and trying it again is no use.
    """

    def __init__(self, message: str, *, transient: bool = False) -> None:
        super().__init__(message)
        self.transient = transient


class CommitUnknownError(StoreError):
    """The connection broke during COMMIT: compare `leader().turn` with the batch's turn to learn the outcome."""


class Store(HistoryStore, BoardReads, Protocol):
    """One writer, many readers. Methods block; each is atomic. Unknown ids give None or an empty list."""

    # whether a commit is so short that it may run on the event loop (SQLite on a fast disk)
    commits_inline: bool

    def upgrade(self) -> list[str]:
        """Apply missing migrations in order; returns their names. Raises StoreError when the database is newer."""
        ...

    def pending_migrations(self) -> list[str]:
        """Names of migrations that `upgrade` would apply."""
        ...

    def backup(self, target: Path) -> None:
        """Write a consistent copy of the database to the file `target` while the server runs."""
        ...

    def close(self) -> None: ...

    # --- the writer -------------------------------------------------------------------------------------------
    def take_leadership(self, instance: str, now: float) -> Leader:
        """Raise the epoch and become the writer. Raises StoreError when another live server holds it."""
        ...

    def leader(self) -> Leader | None: ...

    def commit(self, batch: Batch) -> None:
        """Write all of `batch` in one transaction, fenced by its epoch.

        Raises LostLeadershipError, CommitFailedError or CommitUnknownError.
        """
        ...

    # --- what the scheduler loads -----------------------------------------------------------------------------
    def load_active_runs(self) -> list[StoredRun]:
        """All runs that are queued or running, oldest first."""
        ...

    def load_run(self, run_key: int) -> StoredRun | None: ...

    def load_outbox(self) -> list[OutboxRow]: ...

    def load_version(self, dag_id: str, bundle: str) -> VersionRow | None: ...

    def trigger_marks(self, dag_id: str | None = None) -> list[TriggerMarkRow]:
        """Of one DAG or of all, by DAG and key."""
        ...

    def last_ids(self) -> tuple[int, int, int]:
        """The highest run_key, attempt_id and outbox_id ever given (0 when none)."""
        ...

    def run_by_idempotency_key(self, dag_id: str, key: str) -> RunRow | None: ...

    def next_queued_runs(self, dag_id: str, limit: int) -> list[StoredRun]: ...

    # --- what the API reads -----------------------------------------------------------------------------------
    def dags(self) -> list[DagRow]:
        """All DAGs by name, absent ones included."""
        ...

    def list_dags(
        self, *, limit: int, cursor: str | None = None, search: str = "", tag: str = "", present: bool | None = True
    ) -> tuple[list[DagRow], str | None]: ...

    def dag(self, dag_id: str) -> DagRow | None: ...

    def versions(self, dag_id: str, limit: int = 50) -> list[tuple[str, float]]:
        """(bundle, created_at), newest first."""
        ...

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
        """Newest first, run keys from `since_key` up to before `until_key`.

        A page costs the same however long the history is.
        """
        ...

    def last_runs(self, dag_ids: Sequence[str], per_dag: int) -> dict[str, list[RunRow]]:
        """The newest runs of each DAG, newest first."""
        ...

    def run(self, run_id: str) -> RunRow | None: ...

    def tasks(self, run_key: int, *, start: int = 0, limit: int | None = None) -> list[TaskRow]:
        """Task instances by position: all, or at most `limit` from position `start` on."""
        ...

    def task(self, run_key: int, task_id: str) -> TaskRow | None: ...

    def attempts(self, run_key: int, position: int | None = None) -> list[AttemptRow]:
        """Attempts of the run, or of one task instance, in the order they were made."""
        ...

    def result(self, run_key: int, task_id: str) -> ResultRow | None: ...

    # --- what the page of a run tells ------------------------------------------------------------------------
    def runs_around(self, dag_id: str, run_key: int, before: int, after: int) -> tuple[list[RunRow], list[RunRow]]:
        """At most `before` runs of the DAG made before that one and `after` runs made after it, nearest first."""
        ...

    def good_runs_before(self, dag_id: str, run_key: int, limit: int) -> list[RunRow]:
        """Successful runs of the DAG made before that one, newest first."""
        ...

    def good_spans(self, run_key: int, limit: int) -> list[tuple[str, float, float]]:
        """(task_id, started_at, ended_at) of the run's successful tasks that took time, by position."""
        ...

    def attempt_spans(self, run_key: int, limit: int, after: tuple[int, int] = (-1, -1)) -> list[AttemptSpanRow]:
        """By (position, attempt_id), from the one behind `after` on."""
        ...

    def errors_of_runs(self, run_keys: Sequence[int], per_run: int) -> dict[int, list[ErrorRow]]:
        """The newest errors of attempts of each run; costs the same however many attempts went well."""
        ...

    def result_at(self, run_key: int, position: int) -> ResultRow | None: ...

    def files_of_run(self, run_key: int, limit: int) -> list[RunFilesRow]:
        """What the run's results name, by position; costs the same however many results name nothing."""
        ...

    def environment_at(self, at: float) -> EnvironmentRow | None:
        """What tasks ran on at that time; None before the first one was noted."""
        ...

    def note_environment(self, environment: EnvironmentRow) -> bool:
        """Keep it when it differs from the newest one; whether it did. Called by the writer between two turns."""
        ...

    def settings_changed(self, since: float, until: float, limit: int) -> list[AuditRow]:
        """Who set or deleted which variable, connection or pool in (since, until], newest first."""
        ...

    def params_edits(self, run_key: int) -> list[ParamsEditRow]:
        """Oldest first."""
        ...

    def import_errors(self) -> list[ImportErrorRow]: ...

    def pools(self) -> list[PoolRow]: ...

    def connections(self) -> list[ConnectionRow]: ...

    def connection(self, name: str) -> ConnectionRow | None: ...

    def variables(self) -> list[VariableRow]: ...

    def variable(self, name: str) -> VariableRow | None: ...

    def audit(self, limit: int = 100, before: int | None = None) -> list[AuditRow]:
        """Newest first; `before` is an audit_id."""
        ...

    def parked_events(self) -> list[ParkedEvent]: ...

    def run_state_counts(self) -> dict[str, int]:
        """How many runs are in each state that is not final, and how many ended in the last 24 h by state."""
        ...

    def size_bytes(self) -> int: ...

    # --- retention --------------------------------------------------------------------------------------------
    def bundles_in_use(self) -> set[str]:
        """Bundles that a DAG has now or that a stored run was made of."""
        ...

    def delete_runs_before(self, ended_before: float, budget_s: float) -> int:
        """Delete ended runs older than that, in chunks, for at most `budget_s` seconds; returns runs deleted."""
        ...
