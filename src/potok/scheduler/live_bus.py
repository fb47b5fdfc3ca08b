"""Committed changes for whoever watches: bounded queues, a slow watcher is told that it missed some."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from potok.scheduler.active_run import counts_of
from potok.scheduler.commands import DagsChanged, Lagged, LiveEvent, RunChanged, TaskChanged
from potok.scheduler.turn import Turn

QUEUE_MAX = 10_000


class _Watcher:
    def __init__(self) -> None:
        self.queue: deque[LiveEvent] = deque()
        self.dropped = 0
        self.wake = asyncio.Event()
        self.closed = False


class LiveBus:
    """`publish` never waits. Each watcher gets every event in order, or a `Lagged` in place of those it missed."""

    def __init__(self) -> None:
        self._watchers: set[_Watcher] = set()

    @property
    def is_watched(self) -> bool:
        return bool(self._watchers)

    def publish(self, events: list[LiveEvent]) -> None:
        for watcher in self._watchers:
            room = QUEUE_MAX - len(watcher.queue)
            watcher.queue.extend(events[:room])
            watcher.dropped += max(0, len(events) - room)
            watcher.wake.set()

    def close(self) -> None:
        """End every subscription."""
        for watcher in self._watchers:
            watcher.closed = True
            watcher.wake.set()

    def subscribe(self) -> AsyncIterator[list[LiveEvent]]:
        """Events published from this very call on, in batches."""
        watcher = _Watcher()
        self._watchers.add(watcher)
        return self._read(watcher)

    async def _read(self, watcher: _Watcher) -> AsyncIterator[list[LiveEvent]]:
        try:
            while True:
                await watcher.wake.wait()
                watcher.wake.clear()
                batch: list[LiveEvent] = list(watcher.queue)
                watcher.queue.clear()
                if watcher.dropped:
                    batch.append(Lagged(watcher.dropped))
                    watcher.dropped = 0
                if batch:
                    yield batch
                if watcher.closed:
                    return
        finally:
            self._watchers.discard(watcher)


def live_events(turn: Turn, now: float) -> list[LiveEvent]:
    """What a committed turn has to tell."""
    events: list[LiveEvent] = []
    for live, transition in turn.transitions:
        one = live.instances[transition.position]
        task_id = live.graph.dag.tasks[transition.position].task_id
        events.append(TaskChanged(live.record.run_id, task_id, transition.after, one.try_number, now))
    for live in turn.runs.values():
        record = live.record
        events.append(RunChanged(record.run_id, record.dag_id, record.state, counts_of(live), now))
    if turn.dags_changed:
        events.append(DagsChanged(tuple(dict.fromkeys(turn.dags_changed))))
    return events
