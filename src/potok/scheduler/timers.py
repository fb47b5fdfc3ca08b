"""What is to happen later: a heap of instants. Nothing is scanned on a period; a stale timer changes nothing."""

from __future__ import annotations

import heapq

import msgspec

from potok.engine.events import RunEvent


class RunTimer(msgspec.Struct, frozen=True):
    """Hand `event` to the run."""

    run_key: int
    event: RunEvent


class FireTimer(msgspec.Struct, frozen=True):
    """The schedule of this DAG is due."""

    dag_id: str


class AdmitTimer(msgspec.Struct, frozen=True):
    """A delayed run may begin now."""

    dag_id: str


class ExpiryTimer(msgspec.Struct, frozen=True):
    """A run that is still queued expires now."""

    run_key: int


Timer = RunTimer | FireTimer | AdmitTimer | ExpiryTimer


class Timers:
    """Timers in the order they are due."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Timer]] = []
        self._number = 0

    def add(self, at: float, timer: Timer) -> None:
        self._number += 1
        heapq.heappush(self._heap, (at, self._number, timer))

    def due(self, now: float) -> list[Timer]:
        """Take out all that is due at `now`."""
        found = []
        while self._heap and self._heap[0][0] <= now:
            found.append(heapq.heappop(self._heap)[2])
        return found

    def next_at(self) -> float | None:
        return self._heap[0][0] if self._heap else None
