"""Simulated workers: bodies that take virtual time, end or die, and tell their outcome in every wrong way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random
from typing import Any

import msgspec

from potok.executors.protocol import Capacity, EventSink, RequestHandler, WorkerInfo
from potok.model.dag import DEFAULT_QUEUE
from potok.model.run import ErrorInfo, WorkerExit
from potok.model.wire import CallKind, Finished, Inline, Lost, Outcome, Started, TaskCall, TaskEvent
from potok.testing.simulation.dags import chance
from potok.testing.simulation.faults import Faults, ServerKilledError
from potok.testing.simulation.store import SIMULATED
from potok.testing.simulation.virtual_loop import VirtualLoop

KILL_S = 3.0
SLOTS = 4


class VirtualWorkers:
    """The executor of one life of the server: its workers die with it. `starts` and `is_killed` hear of it first."""

    def __init__(
        self,
        loop: VirtualLoop,
        rng: Random,
        faults: Faults,
        clock: Callable[[], float],
        starts: Callable[[TaskCall], None],
        is_killed: Callable[[int], None],
        poison: Callable[[int], None],
    ) -> None:
        self._loop = loop
        self._rng = rng
        self._faults = faults
        self._clock = clock
        self._starts = starts
        self._is_killed = is_killed
        self._poison = poison
        self._sink: EventSink | None = None
        self._capacity_changed: Callable[[], None] = lambda: None
        self.bodies: dict[int, TaskCall] = {}
        self.changed_at = loop.time()
        self._ended: set[int] = set()

    # --- the protocol -----------------------------------------------------------------------------------------------
    def clear_leftovers(self, instance: str) -> None:
        """Nothing survives: the workers of an earlier life died with it."""

    async def start(self, sink: EventSink, requests: RequestHandler, capacity_changed: Callable[[], None]) -> None:
        self._sink, self._capacity_changed = sink, capacity_changed

    def submit(self, call: TaskCall) -> None:
        if chance(self._rng, self._faults.crash_at_send / 2):
            raise ServerKilledError("before an order was sent")
        self._starts(call)
        self.bodies[call.attempt_id] = call
        self.changed_at = self._loop.time()
        if chance(self._rng, self._faults.crash_at_send / 2):
            raise ServerKilledError("after an order was sent")
        self._live(call)

    def cancel(self, attempt_id: int, grace_s: float) -> None:
        if attempt_id in self.bodies:
            self._is_killed(attempt_id)
            self._later(self._rng.uniform(0.01, KILL_S), self._dies, attempt_id, WorkerExit(signal=15))

    def capacity(self) -> Capacity:
        return Capacity({DEFAULT_QUEUE: SLOTS}, SLOTS, SLOTS - len(self.bodies))

    def workers(self) -> list[WorkerInfo]:
        return [WorkerInfo(f"w{at}", at + 1, "", at, 0.0, 1, 1.0) for at in self.bodies]

    def attempts(self) -> frozenset[int]:
        return frozenset(self.bodies)

    async def stop(self, grace_s: float) -> None:
        if self.bodies:
            await asyncio.sleep(grace_s)
        for attempt_id in list(self.bodies):
            self._dies(attempt_id, WorkerExit(signal=9))
        self.bodies.clear()

    # --- a body's life ----------------------------------------------------------------------------------------------
    def _later(self, delay_s: float, what: Callable[..., None], *args: Any) -> None:
        self._loop.call_later(delay_s, what, *args)

    def _live(self, call: TaskCall) -> None:
        rng, faults = self._rng, self._faults
        took_s = rng.choice((0.01, 0.2, 1.0, 4.0, 8.0, 40.0)) * rng.uniform(0.5, 1.0)
        began_at = self._clock()
        if chance(rng, 0.2):
            self._later(took_s / 3, self._tell, Started(call.attempt_id, began_at, 1))
        if chance(rng, faults.worker_killed):
            self._later(took_s, self._dies, call.attempt_id, WorkerExit(signal=9))
            return
        if chance(rng, faults.worker_crashes):
            end = rng.choice((WorkerExit(signal=11), WorkerExit(signal=9, oom=True), WorkerExit(exit_code=3)))
            self._later(took_s, self._dies, call.attempt_id, end)
            return
        if call.kind is CallKind.TASK and chance(rng, faults.poisoned_outcome):
            self._poison(call.attempt_id)
        self._later(took_s, self._finishes, call, began_at)

    def _finishes(self, call: TaskCall, began_at: float) -> None:
        attempt_id, rng, faults = call.attempt_id, self._rng, self._faults
        if attempt_id not in self.bodies or attempt_id in self._ended:
            return
        self._ended.add(attempt_id)
        event = self._outcome(attempt_id, began_at)
        if chance(rng, faults.outcome_lost):
            self._later(rng.uniform(0.0, 2.0), self._end, Lost(attempt_id, WorkerExit(signal=9)))
        elif chance(rng, faults.event_late):
            self._later(rng.uniform(0.1, 9.0), self._end, event)
        else:
            self._end(event)

    def _dies(self, attempt_id: int, how: WorkerExit) -> None:
        if attempt_id not in self.bodies or attempt_id in self._ended:
            return
        self._ended.add(attempt_id)
        self._end(Lost(attempt_id, how))
        if chance(self._rng, self._faults.stale_outcome):
            event = self._outcome(attempt_id, self._clock())
            self._later(self._rng.choice((0.01, 0.5, 5.0)), self._tell, event)

    def _outcome(self, attempt_id: int, began_at: float) -> Finished:
        rng, now = self._rng, self._clock()
        outcome = rng.choices((Outcome.SUCCESS, Outcome.FAILED, Outcome.SKIPPED), (70, 22, 8))[0]
        if outcome is Outcome.FAILED:
            names = ("Hopeless", "Exception") if chance(rng, 0.2) else ("ValueError", "Exception")
            return Finished(attempt_id, outcome, began_at, now, error=ErrorInfo(names[0], SIMULATED, names))
        if outcome is Outcome.SKIPPED:
            return Finished(attempt_id, outcome, began_at, now, skip_reason="nothing to do")
        return Finished(attempt_id, outcome, began_at, now, result=Inline(b"%d" % attempt_id))

    def _end(self, event: Finished | Lost) -> None:
        """The worker is free at the moment at which its last word arrives."""
        self.bodies.pop(event.attempt_id, None)
        self.changed_at = self._loop.time()
        self._tell(event)
        if chance(self._rng, self._faults.event_doubled):
            self._later(self._rng.choice((0.0, 0.3, 6.0)), self._tell, event)
        self._capacity_changed()

    def _tell(self, event: TaskEvent) -> None:
        assert self._sink is not None
        # over the wire and back: nothing but bytes passes between a worker and the scheduler
        data = msgspec.msgpack.encode(event)
        self._sink([msgspec.msgpack.decode(data, type=TaskEvent)])
