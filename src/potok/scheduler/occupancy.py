"""Who holds and who waits for slots, pools and queues now; what a task waits for. Reads memory, changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from potok.engine import waiting
from potok.engine.allocate import Lane, allocate
from potok.engine.waiting import Above, Condition, Holding, Waiting
from potok.executors.protocol import Capacity, WorkerInfo
from potok.model.errors import InvalidError, NotFoundError
from potok.model.state import RunState, TaskState
from potok.scheduler.active_run import ActiveRun
from potok.scheduler.capacity import Occupancy, PoolHeld, PoolPreview, QueueUse, WorkerWork
from potok.scheduler.core import Core
from potok.scheduler.questions import waiting_run

SHOWN_MAX = 200
# Beyond this many in a lane nobody counts who comes first: it is far anyway.
_COUNTED_MAX = 2_000


def occupancy(core: Core, capacity: Capacity, workers: list[WorkerInfo]) -> Occupancy:
    claims = _Claims(core)
    holders = _holders(core)
    return Occupancy(
        pools=tuple(_pool(core, name, claims, holders) for name in sorted(core.books.pool_slots)),
        queues=tuple(_queue(core, name, claims, capacity) for name in sorted(_queue_names(core, claims, capacity))),
        workers=tuple(WorkerWork(info, _work(core, info.attempt_id)) for info in workers),
        slots=capacity.total,
        free=max(0, capacity.total_free),
    )


class _Claims:
    """Who waits, by pool and by queue: how many, since when, and the first of them."""

    def __init__(self, core: Core) -> None:
        self.pool_count: dict[str, int] = {}
        self.pool_since: dict[str, float] = {}
        self.pool_first: dict[str, list[Holding]] = {}
        self.queue_count: dict[str, int] = {}
        self.queue_since: dict[str, float] = {}
        for lane in core.demand.lanes():
            count, first = core.demand.first_of(lane, SHOWN_MAX)
            waiters = [_waiter(core, claim.run_key, claim.position, lane) for claim in first]
            oldest = waiters[0].since if waiters else None
            _gather(self.queue_count, self.queue_since, lane.queue, count, oldest)
            if lane.pool:
                _gather(self.pool_count, self.pool_since, lane.pool, count, oldest)
                self.pool_first.setdefault(lane.pool, []).extend(waiters)


def _gather(counts: dict[str, int], since: dict[str, float], name: str, count: int, oldest: float | None) -> None:
    counts[name] = counts.get(name, 0) + count
    if oldest is not None:
        since[name] = min(oldest, since.get(name, oldest))


def _waiter(core: Core, run_key: int, position: int, lane: Lane) -> Holding:
    active = core.runs[run_key]
    record = active.record
    since = active.live.instances[position].queued_at
    return Holding(record.run_id, record.dag_id, active.task_id(position), since, lane.pool_slots)


def _holders(core: Core) -> dict[str, list[Holding]]:
    """As `Books.holders`, with the DAGs that have a limit."""
    held: dict[str, list[Holding]] = {}
    for (run_key, position), lane in core.books.holding.items():
        active = core.runs.get(run_key)
        if active is None:
            continue
        record, since = active.record, active.live.instances[position].started_at
        one = Holding(record.run_id, record.dag_id, active.task_id(position), since, lane.pool_slots)
        held.setdefault("worker", []).append(one)
        if lane.pool:
            held.setdefault("pool:" + lane.pool, []).append(one)
        if lane.concurrency_limit:
            held.setdefault("key:" + lane.concurrency_key, []).append(one)
        if lane.dag_limit:
            held.setdefault("dag:" + lane.dag_id, []).append(one)
    return held


def _pool(core: Core, name: str, claims: _Claims, holders: Mapping[str, list[Holding]]) -> PoolHeld:
    held = sorted(holders.get("pool:" + name, ()), key=lambda one: one.since or 0.0)
    return PoolHeld(
        name=name,
        slots=core.books.pool_slots[name],
        used=core.books.pool_used.get(name, 0),
        queued=claims.pool_count.get(name, 0),
        queued_since=claims.pool_since.get(name),
        holders=tuple(held[:SHOWN_MAX]),
        waiters=tuple(sorted(claims.pool_first.get(name, ()), key=lambda one: one.since or 0.0)[:SHOWN_MAX]),
    )


def _queue_names(core: Core, claims: _Claims, capacity: Capacity) -> set[str]:
    return {*capacity.slots, *claims.queue_count, *core.books.queue_used}


def _queue(core: Core, name: str, claims: _Claims, capacity: Capacity) -> QueueUse:
    return QueueUse(
        name=name,
        queued=claims.queue_count.get(name, 0),
        queued_since=claims.queue_since.get(name),
        running=core.books.queue_used.get(name, 0),
        slots=capacity.slots.get(name, 0),
        served_at=core.books.queue_served.get(name),
    )


def _work(core: Core, attempt_id: int | None) -> Holding | None:
    row = core.attempts.get(attempt_id) if attempt_id is not None else None
    active = core.runs.get(row.run_key) if row is not None else None
    if row is None or active is None:
        return None
    return Holding(active.record.run_id, active.record.dag_id, row.task_id, row.started_at)


# --- one task ---------------------------------------------------------------------------------------------------
def waiting_for(core: Core, run_id: str, task_id: str, now: float, capacity: Capacity) -> Waiting:
    """The conditions of a task instance. Raises NotFoundError."""
    active = core.activate(run_id)
    if active is None:
        raise NotFoundError(f"there is no run {run_id!r}")
    at = active.version.graph.position.get(task_id)
    if at is None:
        raise NotFoundError(f"run {run_id!r} has no task {task_id!r}")
    record, instance = active.record, active.live.instances[at]
    since = {
        TaskState.SCHEDULED: record.started_at or record.created_at,
        TaskState.QUEUED: instance.queued_at,
        TaskState.WAITING: instance.queued_at,
        TaskState.UP_FOR_RETRY: instance.ended_at or instance.started_at,
        TaskState.RUNNING: instance.started_at,
    }.get(instance.state, instance.ended_at)
    conditions = _conditions(core, active, at, now, capacity) if instance.state in waiting.WAITS else []
    return Waiting(run_id, record.dag_id, task_id, instance.state, since, waiting.ordered(conditions))


def _conditions(core: Core, active: ActiveRun, at: int, now: float, capacity: Capacity) -> list[Condition]:
    record, graph, instances = active.record, active.version.graph, active.live.instances
    instance = instances[at]
    siblings = _active_siblings(core, record.dag_id) if record.state is RunState.QUEUED else []
    begins = record.created_at if record.state is RunState.QUEUED else record.started_at
    found = [waiting.begun(record.state, waiting_run(core, active, now), siblings, begins)]
    above = [
        Above(active.task_id(other), instances[other].state, _since(active, other)) for other in graph.upstream(at)
    ]
    if above:
        found.append(waiting.upstream(above, str(graph.rules[at]), record.started_at))
    if instance.state is TaskState.UP_FOR_RETRY and instance.retry_at is not None:
        found.append(waiting.retry_time(instance.retry_at, now, instance.try_number + 1, instance.max_tries))
    lane = core.demand.lane_of(record.run_key, at)
    is_queued = lane is not None
    lane = lane or active.version.lane(at, record.params)
    ahead = _ahead(core, lane, record.run_key, at) if is_queued and lane.pool else None
    queue = waiting.served(lane.queue, capacity.slots, core.books.queue_served.get(lane.queue))
    slots = waiting.of_lane(lane, core.books.supply(capacity), queue, _holders(core), ahead)
    # what is not asked for yet may be free by then: only a queued instance waits for its slot
    found += slots if is_queued else [one for one in slots if one.name != "turn"]
    return found


def _since(active: ActiveRun, at: int) -> float | None:
    one = active.live.instances[at]
    return one.ended_at or one.started_at or one.queued_at


def _active_siblings(core: Core, dag_id: str) -> list[Holding]:
    return [
        Holding(other.record.run_id, dag_id, "", other.record.started_at)
        for other in core.runs.values()
        if other.record.dag_id == dag_id and other.record.state is RunState.RUNNING
    ]


def _ahead(core: Core, lane: Lane, run_key: int, position: int) -> int | None:
    """How many slots of the pool are wanted by those that come first: a higher priority, or longer in the queue."""
    mine = core.demand.order_of(run_key, position)
    wanted = counted = 0
    for other in core.demand.lanes():
        if other.pool != lane.pool or other.priority < lane.priority:
            continue
        for _, _, claim in core.demand.in_turn(other):
            counted += 1
            if counted > _COUNTED_MAX:
                return None
            if other.priority > lane.priority or (mine is not None and claim.order < mine):
                wanted += other.pool_slots
    return wanted


def preview_pool(core: Core, name: str, slots: int, capacity: Capacity) -> PoolPreview:
    """What a change of the pool would start in the next turn. Raises InvalidError."""
    if slots < 0:
        raise InvalidError("a pool has 0 slots or more")
    supply = core.books.supply(capacity)
    now_starts = {(claim.run_key, claim.position) for claim in allocate(core.demand, supply)}
    changed = msgspec.structs.replace(supply, pool_slots={**supply.pool_slots, name: slots})
    granted = [one for one in allocate(core.demand, changed) if (one.run_key, one.position) not in now_starts]
    first = []
    for claim in granted[:50]:
        lane = core.demand.lane_of(claim.run_key, claim.position)
        if lane is not None:
            first.append(_waiter(core, claim.run_key, claim.position, lane))
    return PoolPreview(len(granted), tuple(first))
