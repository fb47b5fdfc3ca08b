"""What the home, the lists and the search ask of a store. A part of `protocol.Store`, apart for its length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from potok.model.state import RunState
from potok.store.board_rows import BriefRow, DagFacts, LightDag, MuteRow, OpenFailureRow, SlotUseRow
from potok.store.rows import AttemptRow, DagRow, RunRow, TaskRow


class BoardReads(Protocol):
    """Reads that cost the same however long the history is; pages and details are asked for by their keys."""

    def open_failures(self, limit: int) -> list[OpenFailureRow]:
        """Failures that no success of their DAG has overtaken, newest first."""
        ...

    def failed_task(self, failure: OpenFailureRow) -> tuple[RunRow, TaskRow | None, AttemptRow | None] | None:
        """The newest run of that failure, the task that failed in it and that task's last attempt."""
        ...

    def last_success(self, dag_id: str) -> tuple[int, str] | None:
        """run_key and bundle of the newest run that succeeded."""
        ...

    def active_briefs(self, limit: int) -> list[BriefRow]:
        """Queued and running runs, oldest first."""
        ...

    def overdue_fires(self, before: float, limit: int) -> list[tuple[str, float]]:
        """(dag_id, next_fire) of unpaused DAGs whose next start lies before that time, oldest first."""
        ...

    def ended_counts(self, since: float) -> dict[str, int]:
        """How many runs ended at or after `since`, by state."""
        ...

    def briefs_ended(self, since: float, limit: int) -> list[BriefRow]:
        """Runs that ended at or after `since`, the last one first."""
        ...

    def briefs_of_dags(self, dag_ids: Sequence[str], per_dag: int) -> dict[str, list[BriefRow]]:
        """The newest runs of each DAG, newest first."""
        ...

    def good_lengths(self, dag_ids: Sequence[str], per_dag: int) -> dict[str, list[float]]:
        """Seconds that the newest successful runs of each DAG took, newest first."""
        ...

    def light_dags(self) -> list[LightDag]:
        """All DAGs by name, absent ones included, as far as they are searched and planned."""
        ...

    def dags_by_id(self, dag_ids: Sequence[str]) -> list[DagRow]:
        """In the order of `dag_ids`, without those that are not there."""
        ...

    def dag_facts(self, dag_id: str, bundle: str) -> DagFacts | None:
        """Schedule, deadline, task names and pools of one version."""
        ...

    def run_key_at(self, at: float) -> int:
        """Runs created at or after `at` have this run_key or a higher one."""
        ...

    def listed_count(
        self, *, dag_id: str | None = None, state: RunState | None = None, since_key: int = 0, most: int = 10_000
    ) -> int:
        """How many runs there are, counted up to `most`."""
        ...

    def runs_like(self, prefix: str, limit: int) -> list[BriefRow]:
        """Runs whose id begins with `prefix`, the last by name first."""
        ...

    def mutes(self) -> list[MuteRow]:
        """By key, those whose time is over included."""
        ...

    def slot_use(self, since: float, until: float) -> list[SlotUseRow]:
        """Buckets that begin from `since` up to before `until`, in order; empty ones are left out."""
        ...
