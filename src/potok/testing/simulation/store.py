"""The real SQLite store in memory, with commits that fail, or that the server does not survive, and outages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random

from potok.model.errors import StoreError
from potok.store.decode import Row
from potok.store.encode import Value
from potok.store.protocol import CommitFailedError, CommitUnknownError
from potok.store.reader import Fetch
from potok.store.rows import AttemptRow, Batch
from potok.store.sqlite.store import SqliteStore
from potok.testing.simulation.faults import Faults, ServerKilledError

# the message of every error that a simulated body raises
SIMULATED = "simulated"


class FaultyStore(SqliteStore):
    """`watch` is called after every commit that took place. `poisoned`: attempts whose outcome cannot be written."""

    def __init__(self, rng: Random, faults: Faults, watch: Callable[[Batch], None]) -> None:
        super().__init__(None)
        self.rng = rng
        self.faults = faults
        self.watch = watch
        self.poisoned: set[int] = set()
        self.is_down = False
        self.failures = 0
        self.commits_inline = not faults.writer_thread

    def commit(self, batch: Batch) -> None:
        faults, roll = self.faults, self.rng.random
        if self.is_down:
            self.failures += 1
            raise CommitFailedError("simulated: the database is out of reach", transient=True)
        if roll() < faults.crash_before_commit:
            raise ServerKilledError("before a commit")
        if roll() < faults.commit_fails:
            self.failures += 1
            raise CommitFailedError("simulated: the database is locked", transient=True)
        if any(row.attempt_id in self.poisoned and _was_told(row) for row in batch.attempts_ended):
            self.failures += 1
            raise CommitFailedError("simulated: this outcome cannot be written")
        unknown = not self.commits_inline and roll() < faults.commit_unknown
        if unknown and roll() < 0.5:
            self.failures += 1
            self.is_down = roll() < 0.5
            raise CommitUnknownError("simulated: the connection broke before COMMIT arrived")
        super().commit(batch)
        self.watch(batch)
        if unknown:
            self.failures += 1
            self.is_down = roll() < 0.5
            raise CommitUnknownError("simulated: the connection broke after COMMIT arrived")
        if roll() < faults.crash_after_commit:
            raise ServerKilledError("after a commit")

    # --- reading ------------------------------------------------------------------------------------------------
    def honest(self) -> SqliteStore:
        """The same database for those who check: always in reach."""
        store = SqliteStore.__new__(SqliteStore)
        store.__dict__ = self.__dict__
        return store

    def _fetch(self, statement: str, parameters: Sequence[Value] = ()) -> list[Row]:
        self._refuse_when_down()
        return super()._fetch(statement, parameters)

    @contextmanager
    def _snapshot(self) -> Iterator[Fetch]:
        self._refuse_when_down()
        with super()._snapshot() as fetch:
            yield fetch

    def _refuse_when_down(self) -> None:
        if self.is_down:
            self.failures += 1
            raise StoreError("simulated: the database is out of reach")


def _was_told(row: AttemptRow) -> bool:
    """Whether this end is what the worker told, not what was made of its loss: only its word is poisoned."""
    return row.outcome in ("success", "skipped") or (row.error is not None and row.error.message == SIMULATED)
