"""What crosses runs: which queued instances get a slot now, and why the others wait. Pure but for `Demand`'s own books.

Instances that share every limit stand in one lane; runs are served in turn, within a lane and over all lanes, so that
a run of ten thousand tasks does not starve a run of one. A blocked lane costs one look, however many wait in it.
"""

from __future__ import annotations

import heapq
import re
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import islice

import msgspec

from potok.model.dag import Dag, Task
from potok.model.reason import Reason, reason

_PARAM = re.compile(r"\{([^{}]*)\}")


class Lane(msgspec.Struct, frozen=True, cache_hash=True):
    """Everything that limits an instance. Limits of 0 are none; `dag_id` counts only with a `dag_limit`."""

    priority: int
    queue: str
    pool: str
    pool_slots: int
    concurrency_key: str
    concurrency_limit: int
    dag_id: str
    dag_limit: int


class Claim(msgspec.Struct, frozen=True):
    """A queued instance that asks for a slot. `order` grows with time over all runs."""

    order: int
    run_key: int
    position: int


def lane_of(dag: Dag, task: Task, params: Mapping[str, object]) -> Lane:
    """The lane in which instances of `task` stand; a concurrency key may name params: `client-{client_id}`."""
    key, limit = "", 0
    if task.concurrency is not None:
        key, limit = fill_key(task.concurrency.key, params), task.concurrency.limit
    dag_id = dag.dag_id if dag.max_active_tasks else ""
    return Lane(task.priority, task.queue, task.pool, task.pool_slots, key, limit, dag_id, dag.max_active_tasks)


def fill_key(key: str, params: Mapping[str, object]) -> str:
    """`key` with `{name}` replaced by params; names that are no params stay as they are written."""
    return _PARAM.sub(lambda found: str(params.get(found[1], found[0])), key)


class Demand:
    """Who waits, in which lane. `add` and `remove` keep the books; nothing else changes them."""

    __slots__ = ("_claims", "_lanes", "_serial", "_served", "_where", "size")

    def __init__(self) -> None:
        self._lanes: dict[Lane, dict[int, deque[Claim]]] = {}
        self._where: dict[tuple[int, int], tuple[Lane, Claim]] = {}
        self._claims: dict[int, int] = {}
        self._served: dict[int, int] = {}
        self._serial = 0
        self.size = 0

    def add(self, lane: Lane, claim: Claim) -> None:
        self._lanes.setdefault(lane, {}).setdefault(claim.run_key, deque()).append(claim)
        self._where[claim.run_key, claim.position] = (lane, claim)
        self._claims[claim.run_key] = self._claims.get(claim.run_key, 0) + 1
        self.size += 1

    def remove(self, run_key: int, position: int) -> None:
        """Take an instance out, granted or not; its run goes to the end of the round. Unknown: nothing."""
        found = self._where.pop((run_key, position), None)
        if found is None:
            return
        lane, claim = found
        self.size -= 1
        runs = self._lanes[lane]
        claims = runs.pop(run_key)
        if claims[0] is claim:
            claims.popleft()
        else:
            claims.remove(claim)
        if claims:
            runs[run_key] = claims
        elif not runs:
            del self._lanes[lane]
        self._serial += 1
        self._served[run_key] = self._serial
        self._claims[run_key] -= 1
        if not self._claims[run_key]:
            del self._claims[run_key], self._served[run_key]

    def lane_of(self, run_key: int, position: int) -> Lane | None:
        found = self._where.get((run_key, position))
        return found[0] if found else None

    def waiting_by_pool(self) -> dict[str, int]:
        """How many wait, by pool name."""
        waiting: dict[str, int] = {}
        for lane, runs in self._lanes.items():
            waiting[lane.pool] = waiting.get(lane.pool, 0) + sum(map(len, runs.values()))
        return waiting

    def lanes(self) -> Iterator[Lane]:
        return iter(self._lanes)

    def order_of(self, run_key: int, position: int) -> int | None:
        """When an instance came to wait, as a number that grows over all of them; None when it does not wait."""
        found = self._where.get((run_key, position))
        return found[1].order if found else None

    def first_of(self, lane: Lane, limit: int) -> tuple[int, list[Claim]]:
        """How many wait in a lane, and the first `limit` of them; the one that waits longest comes first."""
        runs = self._lanes[lane].values()
        first = heapq.nsmallest(limit, (claim for claims in runs for claim in islice(claims, limit)), key=_order)
        return sum(map(len, runs)), first

    def oldest(self) -> tuple[Lane, Claim] | None:
        """Who waits longest, in which lane."""
        return next(iter(self._where.values()), None)

    def claims(self, lane: Lane) -> list[Claim]:
        """All that wait in the lane."""
        return [claim for claims in self._lanes[lane].values() for claim in claims]

    def in_turn(self, lane: Lane) -> Iterator[tuple[int, int, Claim]]:
        """The lane's claims as they would be served: one of each run, then the second of each, and so on.

        With each comes its round and when its run was served last (0: not since it waits).
        """
        runs = list(self._lanes[lane].values())
        depth = 0
        while runs:
            for claims in runs:
                claim = claims[depth]
                yield depth, self._served.get(claim.run_key, 0), claim
            depth += 1
            runs = [claims for claims in runs if len(claims) > depth]


def _order(claim: Claim) -> int:
    return claim.order


class Supply(msgspec.Struct, frozen=True):
    """What there is. `free`: executor slots; `queues`: names that are served; the rest is (limit and) use now."""

    free: int
    queues: frozenset[str]
    pool_slots: Mapping[str, int]
    pool_used: Mapping[str, int]
    key_used: Mapping[str, int]
    dag_used: Mapping[str, int]


class _Use:
    """Use as it would be after the grants so far."""

    __slots__ = ("dags", "keys", "pools", "supply")

    def __init__(self, supply: Supply) -> None:
        self.supply = supply
        self.pools: dict[str, int] = {}
        self.keys: dict[str, int] = {}
        self.dags: dict[str, int] = {}

    def fits(self, lane: Lane) -> bool:
        supply = self.supply
        if lane.queue not in supply.queues:
            return False
        if lane.pool:
            used = supply.pool_used.get(lane.pool, 0) + self.pools.get(lane.pool, 0)
            if used + lane.pool_slots > supply.pool_slots.get(lane.pool, 0):
                return False
        if lane.concurrency_limit:
            used = supply.key_used.get(lane.concurrency_key, 0) + self.keys.get(lane.concurrency_key, 0)
            if used >= lane.concurrency_limit:
                return False
        if lane.dag_limit:
            return supply.dag_used.get(lane.dag_id, 0) + self.dags.get(lane.dag_id, 0) < lane.dag_limit
        return True

    def take(self, lane: Lane) -> None:
        if lane.pool:
            self.pools[lane.pool] = self.pools.get(lane.pool, 0) + lane.pool_slots
        if lane.concurrency_limit:
            self.keys[lane.concurrency_key] = self.keys.get(lane.concurrency_key, 0) + 1
        if lane.dag_limit:
            self.dags[lane.dag_id] = self.dags.get(lane.dag_id, 0) + 1


def allocate(demand: Demand, supply: Supply) -> list[Claim]:
    """The claims to grant now, in order: higher priority first, then runs in turn, then who waits longest."""
    if supply.free <= 0 or not demand.size:
        return []
    use = _Use(supply)
    heads: list[tuple[int, int, int, int, int, Lane, Iterator[tuple[int, int, Claim]], Claim]] = []
    for number, lane in enumerate(demand.lanes()):
        if use.fits(lane):
            claims = demand.in_turn(lane)
            depth, served, first = next(claims)
            heads.append((-lane.priority, depth, served, first.order, number, lane, claims, first))
    heapq.heapify(heads)
    grants: list[Claim] = []
    while heads and len(grants) < supply.free:
        priority, _, _, _, number, lane, claims, claim = heapq.heappop(heads)
        if not use.fits(lane):
            continue
        use.take(lane)
        grants.append(claim)
        following = next(claims, None)
        if following is not None:
            depth, served, claim = following
            heapq.heappush(heads, (priority, depth, served, claim.order, number, lane, claims, claim))
    return grants


def why_waiting(lane: Lane, supply: Supply, holders: Mapping[str, tuple[str, ...]]) -> list[Reason]:
    """Every condition that keeps an instance of `lane` from its slot; `holders` names who holds each pool and key."""
    reasons: list[Reason] = []
    if lane.queue not in supply.queues:
        reasons.append(reason("wait_queue", queue=lane.queue))
    if lane.pool:
        used, slots = supply.pool_used.get(lane.pool, 0), supply.pool_slots.get(lane.pool, 0)
        if used + lane.pool_slots > slots:
            held = holders.get("pool:" + lane.pool, ())
            numbers = {"used": used, "slots": slots, "wants": lane.pool_slots}
            reasons.append(reason("wait_pool", pool=lane.pool, held_by=held, **numbers))
    if lane.concurrency_limit and supply.key_used.get(lane.concurrency_key, 0) >= lane.concurrency_limit:
        held = holders.get("key:" + lane.concurrency_key, ())
        reasons.append(reason("wait_key", key=lane.concurrency_key, limit=lane.concurrency_limit, held_by=held))
    if lane.dag_limit and supply.dag_used.get(lane.dag_id, 0) >= lane.dag_limit:
        reasons.append(reason("wait_dag_tasks", dag=lane.dag_id, limit=lane.dag_limit))
    if supply.free <= 0:
        held = holders.get("worker", ())
        reasons.append(reason("wait_worker", busy=len(held), held_by=held))
    return reasons or [reason("wait_turn")]


class WaitingRun(msgspec.Struct, frozen=True):
    """A queued run: it may begin after `run_after`."""

    run_key: int
    run_after: float | None


def admit(waiting: list[WaitingRun], active: int, limit: int, now: float) -> list[int]:
    """Run keys that `max_active_runs` (0: no limit) lets begin now, in the order they wait."""
    room = limit - active if limit else len(waiting)
    due = [run.run_key for run in waiting if run.run_after is None or run.run_after <= now]
    return due[: max(room, 0)]
