"""Which worker takes a call: one warm for its file, else a lean one, else a new one, else an idle stranger makes room.

Keeps the count of processes within `size`. Knows no sockets' contents and no attempts' outcomes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from potok.executors.process.worker import Worker
from potok.model.wire import TaskCall

# An idle worker of a file whose newer version has been seen serves old runs only.
_OLD_VERSION_IDLE_S = 5.0


class PoolLimits(msgspec.Struct, frozen=True):
    """`size`: workers in all. `warm`: lean ones kept in stock. A worker is replaced after `max_calls` calls, when it
    holds more than `rss_max_mb`, or when idle for `idle_retire_s`."""

    size: int
    warm: int = 2
    idle_retire_s: float = 60.0
    max_calls: int = 10_000
    rss_max_mb: float = 1024.0


class WorkerPool:
    """Workers that take calls: busy, idle for a file, or lean. Those that are on their way out are not in it."""

    def __init__(self, limits: PoolLimits, fork: Callable[[], Worker], retire: Callable[[Worker], None]) -> None:
        self.limits = limits
        self._fork = fork
        self._retire = retire
        self._members: dict[int, Worker] = {}
        self._lean: list[Worker] = []
        self._idle: dict[tuple[str, str], list[Worker]] = {}
        self._newest: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._members)

    def __iter__(self) -> Iterator[Worker]:
        return iter(self._members.values())

    def take(self, call: TaskCall) -> Worker | None:
        """The best worker for the call, ready to be sent it; None when all `size` are busy."""
        key = (call.bundle, call.file)
        if call.isolation != "fork":
            self._newest[call.file] = call.bundle
            warm = self._idle.get(key)
            if warm:
                return warm.pop()
        worker = self._lean.pop() if self._lean else self._new()
        if worker is not None:
            worker.key = key
        return worker

    def give_back(self, worker: Worker, now: float) -> None:
        """Its call has ended: keep it for the next one of its file, or retire it."""
        assert worker.key is not None, worker.number
        if worker.is_retiring or worker.calls >= self.limits.max_calls or worker.has_ended:
            self.retire(worker)
            return
        worker.idle_since = now
        self._idle.setdefault(worker.key, []).append(worker)

    def retire(self, worker: Worker) -> None:
        """It takes no more calls; the process ends by itself."""
        self.forget(worker)
        self._retire(worker)

    def forget(self, worker: Worker) -> None:
        """It is dead or dying."""
        self._members.pop(worker.number, None)
        if worker in self._lean:
            self._lean.remove(worker)
        idle = self._idle.get(worker.key, []) if worker.key is not None else []
        if worker in idle:
            idle.remove(worker)

    def refill(self) -> None:
        """Fork lean workers up to `warm`, as far as `size` allows."""
        while len(self._lean) < self.limits.warm and len(self._members) < self.limits.size:
            self._lean.append(self._add())

    def needs_refill(self) -> bool:
        return len(self._lean) < self.limits.warm and len(self._members) < self.limits.size

    def retire_idle(self, now: float) -> float | None:
        """Retire who has been idle too long; returns the instant at which the next one will have been, None if none."""
        next_at: float | None = None
        for worker in [worker for idle in self._idle.values() for worker in idle]:
            expires_at = worker.idle_since + self._idle_max_s(worker)
            if expires_at <= now:
                self.retire(worker)
            else:
                next_at = expires_at if next_at is None else min(next_at, expires_at)
        self._idle = {key: idle for key, idle in self._idle.items() if idle}
        return next_at

    def _idle_max_s(self, worker: Worker) -> float:
        assert worker.key is not None, worker.number
        bundle, file = worker.key
        if self._newest.get(file, bundle) != bundle:
            return min(_OLD_VERSION_IDLE_S, self.limits.idle_retire_s)
        return self.limits.idle_retire_s

    def _new(self) -> Worker | None:
        if len(self._members) >= self.limits.size:
            longest_idle = min(
                (worker for idle in self._idle.values() for worker in idle),
                key=lambda one: one.idle_since,
                default=None,
            )
            if longest_idle is None:
                return None
            self.retire(longest_idle)
        return self._add()

    def _add(self) -> Worker:
        worker = self._fork()
        self._members[worker.number] = worker
        return worker
