"""Answers about who holds and who waits for slots, pools and queues. Shapes only; `occupancy` fills them."""

from __future__ import annotations

import msgspec

from potok.engine.waiting import Holding, Waiting
from potok.executors.protocol import WorkerInfo


class PoolHeld(msgspec.Struct, frozen=True):
    """A pool now: who holds it and who waits for it (both cut at 200); `queued_since`: the longest wait."""

    name: str
    slots: int
    used: int
    queued: int
    queued_since: float | None
    holders: tuple[Holding, ...]
    waiters: tuple[Holding, ...]


class QueueUse(msgspec.Struct, frozen=True):
    """A queue now. `slots`: how many attempts of it can run at once, 0 when nobody serves it; `served_at`: when the
    last attempt of it began, since this server started."""

    name: str
    queued: int
    queued_since: float | None
    running: int
    slots: int
    served_at: float | None


class WorkerWork(msgspec.Struct, frozen=True):
    """A worker and the attempt that it runs; `work` is None for an idle one and for one that runs a callback."""

    info: WorkerInfo
    work: Holding | None


class Occupancy(msgspec.Struct, frozen=True, tag="occupancy"):
    """All of it at one instant."""

    pools: tuple[PoolHeld, ...]
    queues: tuple[QueueUse, ...]
    workers: tuple[WorkerWork, ...]
    slots: int
    free: int


class PoolPreview(msgspec.Struct, frozen=True, tag="pool_preview"):
    """What would start at once if the pool had so many slots: how many, and the first of them."""

    starts: int
    first: tuple[Holding, ...]


class WaitingIs(msgspec.Struct, frozen=True, tag="waiting_is"):
    waiting: Waiting
