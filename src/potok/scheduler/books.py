"""The books of what is in use: pools, keys, tasks per DAG, runs per DAG. Kept by transitions, read by `allocate`."""

from __future__ import annotations

from collections.abc import Mapping

from potok.engine.allocate import Lane, Supply
from potok.executors.protocol import Capacity


class Books:
    """Use by name, and who holds it (`run_id/task_id`). Every take is matched by one release."""

    def __init__(self) -> None:
        self.pool_slots: dict[str, int] = {}
        self.pool_used: dict[str, int] = {}
        self.key_used: dict[str, int] = {}
        self.dag_used: dict[str, int] = {}
        self.queue_used: dict[str, int] = {}
        self.queue_served: dict[str, float] = {}
        self.holding: dict[tuple[int, int], Lane] = {}
        self.active_runs: dict[str, int] = {}

    def take(self, run_key: int, position: int, lane: Lane) -> None:
        """An instance in `lane` begins to run."""
        self.holding[run_key, position] = lane
        self._count(lane, 1)

    def release(self, run_key: int, position: int) -> None:
        """An instance runs no more."""
        lane = self.holding.pop((run_key, position), None)
        if lane is not None:
            self._count(lane, -1)

    def _count(self, lane: Lane, by: int) -> None:
        _add(self.queue_used, lane.queue, by)
        if lane.pool:
            _add(self.pool_used, lane.pool, by * lane.pool_slots)
        if lane.concurrency_limit:
            _add(self.key_used, lane.concurrency_key, by)
        if lane.dag_limit:
            _add(self.dag_used, lane.dag_id, by)

    def run_begins(self, dag_id: str) -> None:
        _add(self.active_runs, dag_id, 1)

    def run_ends(self, dag_id: str) -> None:
        _add(self.active_runs, dag_id, -1)

    def supply(self, capacity: Capacity) -> Supply:
        """What there is now, for `allocate`."""
        return Supply(
            free=capacity.total_free,
            queues=frozenset(capacity.slots),
            pool_slots=self.pool_slots,
            pool_used=self.pool_used,
            key_used=self.key_used,
            dag_used=self.dag_used,
        )

    def holders(self, names: Mapping[tuple[int, int], str]) -> dict[str, tuple[str, ...]]:
        """Who holds each pool, key and worker; `names` tells what to call an instance."""
        held: dict[str, list[str]] = {}
        for place, lane in self.holding.items():
            name = names.get(place, "")
            held.setdefault("worker", []).append(name)
            if lane.pool:
                held.setdefault("pool:" + lane.pool, []).append(name)
            if lane.concurrency_limit:
                held.setdefault("key:" + lane.concurrency_key, []).append(name)
        return {what: tuple(who) for what, who in held.items()}


def _add(counts: dict[str, int], name: str, by: int) -> None:
    left = counts.get(name, 0) + by
    if left:
        counts[name] = left
    else:
        counts.pop(name, None)
