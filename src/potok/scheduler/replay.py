"""A turn that could not be committed, item by item: which are done, which is poison, whether the store is at fault."""

from __future__ import annotations

from collections import deque

from potok.model.errors import StoreError
from potok.model.wire import Finished, Heartbeat, Lost, Ready, Started
from potok.scheduler.core import Item
from potok.scheduler.turn import Asked
from potok.store.protocol import CommitFailedError
from potok.store.rows import ParkedEvent


class Replay:
    """`next_item` is None when an empty turn must first show that the store can be written at all."""

    def __init__(self, items: list[Item]) -> None:
        self._left: deque[Item] = deque(items)
        self.parked_events: list[ParkedEvent] = []
        self.store_was_well = False
        self._suspected = False
        self._probe = not items

    def next_item(self) -> Item | None:
        return None if self._probe or not self._left else self._left[0]

    def done(self, item: Item) -> None:
        assert self._left[0] is item
        self._left.popleft()
        self.store_was_well = self._suspected = False

    def suspect_store(self) -> None:
        """The item failed: see first whether anything can be written."""
        self._probe = self._suspected = True

    def store_is_well(self) -> None:
        """An empty turn was committed: if the same item fails once more, the fault is its own."""
        self._probe = False
        self.store_was_well = self._suspected

    @property
    def is_over(self) -> bool:
        return not self._left and not self._probe

    def attempt_ids(self) -> frozenset[int]:
        """Attempts whose events still wait here: they are accounted for, whatever became of their workers."""
        told = (Finished, Lost, Started, Ready, Heartbeat)
        return frozenset(item.attempt_id for item in self._left if isinstance(item, told))

    def take_commands(self) -> list[Asked]:
        """Commands can be refused and sent again; facts can not."""
        asked = [item for item in self._left if isinstance(item, Asked)]
        self._left = deque(item for item in self._left if not isinstance(item, Asked))
        return asked

    def park(self, event: ParkedEvent) -> None:
        """The event goes into the next turn that is committed, an empty one if need be."""
        self.parked_events.append(event)
        self._probe = True


def is_of_the_store(error: BaseException) -> bool:
    """Whether the database is at fault for sure, whatever was to be written."""
    return isinstance(error, StoreError) and not (isinstance(error, CommitFailedError) and not error.transient)
