"""Deleting old runs in chunks so short that they never stand in a turn's way."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from potok.store.decode import Row
from potok.store.encode import Value

CHUNK_S = 0.0025  # half of the 5 ms that a chunk may take: the commit itself and one late slice need the rest
SLICE_POSITIONS = 64
_RUNS_LOOKED_UP_AT_ONCE = 50


class WriteTransaction(Protocol):
    """What a chunk runs in."""

    def fetch(self, statement: str, parameters: Sequence[Value]) -> list[Row]: ...

    def execute(self, statement: str, parameters: Sequence[Value]) -> None: ...


def delete_in_chunks(
    begin: Callable[[], AbstractContextManager[WriteTransaction]], ended_before: float, budget_s: float
) -> int:
    """Children before their run, so that a chunk that is the last one leaves no orphan. Returns runs deleted."""
    give_up_at = time.monotonic() + budget_s
    deleted = 0
    while time.monotonic() < give_up_at:
        with begin() as transaction:
            runs_deleted, is_done = _delete_chunk(transaction, ended_before, time.monotonic() + CHUNK_S)
        deleted += runs_deleted
        if is_done:
            break
    return deleted


def _delete_chunk(transaction: WriteTransaction, ended_before: float, until: float) -> tuple[int, bool]:
    runs = [row[0] for row in transaction.fetch("expired_runs", (ended_before, _RUNS_LOOKED_UP_AT_ONCE))]
    for deleted, run_key in enumerate(runs):
        if not _delete_run(transaction, run_key, until):
            return deleted, False
        if time.monotonic() >= until:
            return deleted + 1, False
    return len(runs), len(runs) < _RUNS_LOOKED_UP_AT_ONCE


def _delete_run(transaction: WriteTransaction, run_key: int, until: float) -> bool:
    """Deletes at least one slice, from the highest position down, so that the next chunk finds where to go on.

    False: the run is not gone yet.
    """
    highest = transaction.fetch("last_position", (run_key,))[0][0]
    while highest is not None and highest >= 0:
        lowest = highest - SLICE_POSITIONS + 1
        for statement in ("delete_attempts", "delete_results", "delete_tasks"):
            transaction.execute(statement, (run_key, lowest, highest))
        highest = lowest - 1
        if time.monotonic() >= until:
            return False
    transaction.execute("delete_params_edits", (run_key,))
    transaction.execute("delete_cells", (run_key,))
    transaction.execute("delete_run", (run_key,))
    return True
