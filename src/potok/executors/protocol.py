"""What the scheduler asks of an executor, and what it is told. One conformance suite holds for every implementation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from potok.model.wire import TaskCall, TaskEvent, WorkerReply, WorkerRequest


class WorkerInfo(msgspec.Struct, frozen=True):
    """A worker as people see it. `bundle` is empty for a lean one; `attempt_id` is None when idle."""

    worker_id: str
    pid: int
    bundle: str
    attempt_id: int | None
    started_at: float
    calls: int
    rss_mb: float


class Capacity(msgspec.Struct, frozen=True):
    """`slots`: how many attempts may run at once; `free`: how many more may be submitted now; by queue name.

    A queue that is not in `slots` is served by nobody. Queues of one executor may share their slots: `total_free`.
    """

    slots: dict[str, int]
    total: int
    total_free: int


class EventSink(Protocol):
    """The scheduler's ear: called on the event loop, never blocks, keeps the order of one attempt's events."""

    def __call__(self, events: list[TaskEvent]) -> None: ...


RequestHandler = Callable[[WorkerRequest], WorkerReply]


class Executor(Protocol):
    """Runs attempts. All methods are called on the event loop and return at once, but for `start` and `stop`.

    Every submitted attempt yields exactly one Finished or Lost, unless the server dies. `Lost` comes only after the
    attempt's process group is proved dead. After `cancel`, whatever ends it first is told (usually Lost).
    """

    def clear_leftovers(self, instance: str) -> None:
        """Kill what an earlier server marked `instance` left running and prove it dead. Blocks; before `start`."""
        ...

    async def start(self, sink: EventSink, requests: RequestHandler, capacity_changed: Callable[[], None]) -> None:
        """Become able to run attempts. `capacity_changed` is called when more can be submitted than before."""
        ...

    def submit(self, call: TaskCall) -> None:
        """Run the attempt. The scheduler keeps to `capacity()`; idempotent per attempt_id."""
        ...

    def cancel(self, attempt_id: int, grace_s: float) -> None:
        """Ask the attempt to end (SIGTERM to its group), kill the group after `grace_s`. Unknown ids: nothing."""
        ...

    def capacity(self) -> Capacity: ...

    def workers(self) -> list[WorkerInfo]: ...

    def attempts(self) -> frozenset[int]:
        """Attempts that were submitted and whose end was not told yet, whether a worker has them or not."""
        ...

    async def stop(self, grace_s: float) -> None:
        """End all workers; attempts still running get `grace_s` seconds. No process of ours survives it."""
        ...
