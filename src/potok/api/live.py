"""Fans the scheduler's committed changes out to streams, log tails and long polls. Holds no state of runs.

One subscription to the scheduler, and only while somebody listens. A listener that is slow loses events and is told.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from potok.scheduler.commands import DagsChanged, Lagged, LiveEvent, SchedulerPort

QUEUE_MAX = 2_000


class Listener:
    """One reader's queue, at most QUEUE_MAX events; beyond that the oldest make way and are counted."""

    def __init__(self, run_id: str, dag_id: str) -> None:
        self.run_id = run_id
        self.dag_id = dag_id
        self._events: list[LiveEvent] = []
        self._dropped = 0
        self._closed = False
        self._ready = asyncio.Event()

    def offer(self, events: list[LiveEvent]) -> None:
        wanted = events if not (self.run_id or self.dag_id) else [event for event in events if self._wants(event)]
        if not wanted:
            return
        self._events.extend(wanted)
        overflow = len(self._events) - QUEUE_MAX
        if overflow > 0:
            del self._events[:overflow]
            self._dropped += overflow
        self._ready.set()

    def close(self) -> None:
        self._closed = True
        self._ready.set()

    async def next(self, timeout_s: float) -> list[LiveEvent] | None:
        """What came since the last call, waiting for it; an empty list after `timeout_s`, None at the end."""
        if not self._ready.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await self._ready.wait()
        events, self._events = self._events, []
        if self._dropped:
            events = [Lagged(self._dropped)]
            self._dropped = 0
        if not events and self._closed:
            return None
        if not self._closed:
            self._ready.clear()
        return events

    def _wants(self, event: LiveEvent) -> bool:
        if isinstance(event, Lagged):
            return True
        if isinstance(event, DagsChanged):
            return not self.run_id and (not self.dag_id or self.dag_id in event.dag_ids)
        if self.run_id:
            return event.run_id == self.run_id
        return getattr(event, "dag_id", None) == self.dag_id


class LiveHub:
    """Lives on the app's event loop. `close` ends every stream, so that the server can stop."""

    def __init__(self, port: SchedulerPort) -> None:
        self._port = port
        self._listeners: set[Listener] = set()
        self._pump: asyncio.Task[None] | None = None
        self._closed = False

    @contextmanager
    def listen(self, *, run_id: str = "", dag_id: str = "") -> Iterator[Listener]:
        """Events after this call, all of them or those of one run or one DAG."""
        listener = Listener(run_id, dag_id)
        if self._closed:
            listener.close()
        self._listeners.add(listener)
        if self._pump is None and not self._closed:
            self._pump = asyncio.create_task(self._run(), name="api live hub")
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
            if not self._listeners and self._pump is not None:
                self._pump.cancel()
                self._pump = None

    async def subscribed(self) -> None:
        """Let the pump take its first step: from then on no committed change of this process is missed."""
        await asyncio.sleep(0)

    def close(self) -> None:
        self._closed = True
        if self._pump is not None:
            self._pump.cancel()
            self._pump = None
        for listener in self._listeners:
            listener.close()

    async def _run(self) -> None:
        events: AsyncIterator[list[LiveEvent]] = self._port.subscribe()
        try:
            async for batch in events:
                for listener in tuple(self._listeners):
                    listener.offer(batch)
        finally:
            if asyncio.current_task() is self._pump:
                self._pump = None
                for listener in tuple(self._listeners):
                    listener.close()
            close = getattr(events, "aclose", None)
            if close is not None:
                await close()
