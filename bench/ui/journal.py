"""Commits generated rows to the store in turns of the scheduler's own form, so that its roll-ups come out the same."""

from __future__ import annotations

from typing import Any

from bench.ui.board import Board
from bench.ui.run_rows import Made
from potok.store.protocol import Store
from potok.store.rows import (
    AttemptRow,
    AuditRow,
    Batch,
    DagRow,
    ImportErrorRow,
    NewRun,
    PoolRow,
    VersionRow,
)

_TURN_ROWS = 20_000


class Journal:
    """Gathers runs and commits them by the ten thousand rows. Call `close` at the end."""

    def __init__(self, store: Store, instance: str, now: float) -> None:
        self._store = store
        self._epoch = store.take_leadership(instance, now).epoch
        self._turn = 0
        self._board = Board(now)
        self._runs: list[NewRun] = []
        self._attempts: list[AttemptRow] = []
        self.runs = self.tasks = self.attempts = 0

    def pools(self, rows: list[PoolRow]) -> None:
        self._commit(pools=rows)

    def folder(
        self, dags: list[DagRow], versions: list[VersionRow], errors: list[ImportErrorRow], audit: list[AuditRow]
    ) -> None:
        self._commit(dags=dags, versions=versions, import_errors=errors, audit=audit)

    def run(self, made: Made) -> None:
        self._runs.append(made.new)
        self._attempts += made.attempts
        self._board.take(made)
        self.runs += 1
        self.tasks += len(made.new.tasks)
        self.attempts += len(made.attempts)
        if self.tasks // _TURN_ROWS != (self.tasks - len(made.new.tasks)) // _TURN_ROWS:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._commit(open_failures=self._board.open_failures(), slot_use=self._board.slot_use())

    def _flush(self) -> None:
        if self._runs:
            self._commit(runs_new=self._runs, attempts_new=self._attempts)
            self._runs, self._attempts = [], []

    def _commit(self, **rows: Any) -> None:
        self._turn += 1
        self._store.commit(Batch(epoch=self._epoch, turn=self._turn, **rows))
