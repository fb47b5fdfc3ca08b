"""What a store tells of a DAG's past: the rows, and the part of the protocol that reads them."""

from __future__ import annotations

from typing import Protocol

import msgspec

from potok.model.run import TriggerKind
from potok.model.state import RunState
from potok.store.rows import AuditRow, TaskRow


class RunCellsRow(msgspec.Struct, frozen=True):
    """A run with one letter (`potok.model.history.LETTERS`) for each of its tasks, by position.

    `letters` is empty while the run is queued: then every task is scheduled.
    """

    run_key: int
    run_id: str
    bundle: str
    state: RunState
    trigger: TriggerKind
    logical_date: float
    created_at: float
    started_at: float | None
    ended_at: float | None
    letters: str


class RunLengthsRow(msgspec.Struct, frozen=True):
    """A run with the seconds that each of its tasks took in its last attempt, by position; None: it did not run."""

    run_key: int
    bundle: str
    started_at: float | None
    ended_at: float | None
    lengths_s: tuple[float | None, ...]


class RunNumbersRow(msgspec.Struct, frozen=True):
    """The metrics of one task of a run, by name, as its result had them."""

    run_key: int
    run_id: str
    state: RunState
    logical_date: float
    created_at: float
    position: int
    task_id: str
    numbers: dict[str, float]


class QuarterRow(msgspec.Struct, frozen=True):
    """How many runs with a logical date in the quarter of an hour that begins at `at` are in `state`."""

    at: float
    state: RunState
    runs: int


class BundleUseRow(msgspec.Struct, frozen=True):
    """How many runs a version has, and when its first and last one were created."""

    bundle: str
    runs: int
    first_at: float
    last_at: float


class HistoryStore(Protocol):
    """Each costs the same however long the history is, but for `quarters`, which reads an index of the span."""

    def run_cells(self, dag_id: str, limit: int, before: int | None = None) -> list[RunCellsRow]:
        """Runs with their letters, newest first; `before` is a run_key."""
        ...

    def good_run_lengths(self, dag_id: str, limit: int) -> list[RunLengthsRow]:
        """The newest runs that succeeded, newest first."""
        ...

    def run_lengths(self, run_key: int) -> RunLengthsRow | None: ...

    def run_numbers(self, dag_id: str, runs: int, limit: int, before: int | None = None) -> list[RunNumbersRow]:
        """The metrics of the DAG's newest `runs` runs, newest first, then by position; at most `limit` rows.

        `before` is a run_key.
        """
        ...

    def task_ids(self, dag_id: str, bundle: str) -> tuple[str, ...] | None:
        """The tasks of a version by position, without the cost of the whole version."""
        ...

    def quarters(self, dag_id: str, since: float, until: float) -> list[QuarterRow]:
        """Runs by quarter of an hour of their logical date, `until` excluded; active ones as they are now."""
        ...

    def neighbours(self, dag_id: str, run_key: int) -> tuple[str | None, str | None]:
        """The run_ids of the DAG's previous and next run."""
        ...

    def bundle_uses(self, dag_id: str, newest: int) -> list[BundleUseRow]:
        """Which versions the DAG's `newest` runs were made of."""
        ...

    def count_runs(self, dag_id: str, state: RunState, after: int, before: int | None, most: int) -> int:
        """Runs in `state` with a run_key between both (excluded), counted up to `most`."""
        ...

    def newest_in_state(self, dag_id: str, state: RunState, before: int | None = None) -> int | None:
        """The run_key of the newest run in `state`; `before` is a run_key."""
        ...

    def failed_tasks(self, run_key: int, limit: int) -> list[TaskRow]:
        """The run's failed tasks, the first one to end first."""
        ...

    def pauses(self, dag_id: str, limit: int) -> list[AuditRow]:
        """Who paused the DAG and went on with it, newest first."""
        ...
