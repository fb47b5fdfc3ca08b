"""A core whose clock the test sets, with a store and no worker."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from potok.executors.protocol import Capacity
from potok.scheduler.calls import CallMaker, Places
from potok.scheduler.commands import Command, Reply
from potok.scheduler.core import Core, Item
from potok.scheduler.turn import Asked
from potok.scheduler.vault import Vault
from potok.store.protocol import Store
from potok.store.rows import RunRow

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()
HOUR = 3600.0
NO_WORKER = Capacity({"default": 0}, 0, 0)


class Clockwork:
    """A core with a store and no worker: runs start and stay."""

    def __init__(self, store: Store, home: Path) -> None:
        self.store = store
        self.home = home
        self.start()

    def start(self) -> None:
        leader = self.store.take_leadership("test", NOON)
        calls = CallMaker(Places.under(self.home), b"k" * 32)
        self.core = Core(self.store, leader, calls, Vault(self.home), {})
        self.core.load()

    def at(self, now: float, *items: Item) -> None:
        turn = self.core.turn(items, now, NO_WORKER)
        self.store.commit(turn.batch)
        self.core.committed(turn)

    def runs(self) -> list[RunRow]:
        return self.store.list_runs(limit=100)[0][::-1]

    def dates(self) -> list[float]:
        return [(row.record.logical_date - NOON) / HOUR for row in self.runs()]

    def ask(self, now: float, command: Command) -> Reply:
        turn = self.core.turn([Asked(command, lambda reply: None)], now, NO_WORKER)
        self.store.commit(turn.batch)
        self.core.committed(turn)
        return turn.replies[0][1]()
