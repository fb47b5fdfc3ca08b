"""What a task instance waits for: every condition with live numbers, unmet ones first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from potok.engine.allocate import Lane, Supply
from potok.model.reason import Reason, ReasonValue
from potok.model.state import TASK_ENDED, RunState, TaskState

HOLDERS_MAX = 200
ABOVE_MAX = 200
WAITS = frozenset({TaskState.SCHEDULED, TaskState.QUEUED, TaskState.WAITING, TaskState.UP_FOR_RETRY})


class Holding(msgspec.Struct, frozen=True):
    """Who holds something, or waits for it: a task instance, or a whole run when `task_id` is empty.

    `since`: when it began to hold or to wait, in seconds since the epoch. `slots`: how many it takes.
    """

    run_id: str
    dag_id: str
    task_id: str
    since: float | None
    slots: int = 1


class Above(msgspec.Struct, frozen=True):
    """A task right above the waiting one."""

    task_id: str
    state: TaskState
    since: float | None


class Condition(msgspec.Struct, frozen=True):
    """`why` has the code of the engine's reason when it is not met, else a code that begins with `met_`.

    `ahead`: who waits for the same and comes first; None when that was not counted. Lists are cut at 200.
    """

    name: str
    met: bool
    why: Reason
    since: float | None = None
    holders: tuple[Holding, ...] = ()
    holders_total: int = 0
    above: tuple[Above, ...] = ()
    ahead: int | None = None


class Waiting(msgspec.Struct, frozen=True):
    """A task instance and its conditions; `since`: how long it has been in this state."""

    run_id: str
    dag_id: str
    task_id: str
    state: TaskState
    since: float | None
    conditions: tuple[Condition, ...]


def ordered(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """Unmet ones first, each part in its own order."""
    found = tuple(conditions)
    return (*(one for one in found if not one.met), *(one for one in found if one.met))


def begun(state: RunState, why: Reason, holders: Sequence[Holding], since: float | None) -> Condition:
    """Whether the run has begun; `why` tells what a queued one waits for, `holders` the active runs of its DAG."""
    if state is not RunState.QUEUED:
        return Condition("run", True, Reason("met_run"), since)
    return Condition("run", False, why, since, tuple(holders[:HOLDERS_MAX]), len(holders))


def upstream(above: Sequence[Above], rule: str, since: float | None) -> Condition:
    """Whether all tasks right above have ended; the open ones come first."""
    left = [one for one in above if one.state not in TASK_ENDED]
    done = [one for one in above if one.state in TASK_ENDED]
    shown = (*left, *done)[:ABOVE_MAX]
    if not left:
        return Condition("upstream", True, Reason("met_upstream", {"n": len(above), "rule": rule}), since, above=shown)
    names = tuple(one.task_id for one in left[:50])
    why = Reason("wait_upstream", {"n": len(left), "of": len(above), "rule": rule, "tasks": names})
    return Condition("upstream", False, why, since, above=shown)


def retry_time(at: float, now: float, try_number: int, tries: int) -> Condition:
    """The wait before the next try."""
    values: dict[str, ReasonValue] = {"in_s": max(0.0, at - now), "at": at, "try": try_number, "of": tries}
    return Condition("retry", False, Reason("up_for_retry", values))


def of_lane(
    lane: Lane, supply: Supply, queue: Condition, holders: Mapping[str, Sequence[Holding]], ahead: int | None
) -> list[Condition]:
    """What stands between a queued instance and its slot. `holders` as in the books, with `dag:` besides."""
    found = [queue]
    if lane.pool:
        found.append(_pool(lane, supply, holders.get("pool:" + lane.pool, ()), ahead))
    if lane.concurrency_limit:
        used = supply.key_used.get(lane.concurrency_key, 0)
        values: dict[str, ReasonValue] = {"key": lane.concurrency_key, "used": used, "limit": lane.concurrency_limit}
        found.append(_limit("key", used < lane.concurrency_limit, values, holders.get("key:" + lane.concurrency_key)))
    if lane.dag_limit:
        used = supply.dag_used.get(lane.dag_id, 0)
        values = {"dag": lane.dag_id, "used": used, "limit": lane.dag_limit}
        found.append(_limit("dag_tasks", used < lane.dag_limit, values, holders.get("dag:" + lane.dag_id)))
    busy = holders.get("worker", ())
    values = {"busy": len(busy), "free": max(0, supply.free)}
    found.append(_limit("worker", supply.free > 0, values, busy))
    if all(one.met for one in found):
        found.insert(0, Condition("turn", False, Reason("wait_turn")))
    return found


def served(queue: str, slots: Mapping[str, int], served_at: float | None) -> Condition:
    """Whether a live worker serves the queue. `slots` by served queue; `served_at`: when one last took a task of it."""
    values: dict[str, ReasonValue] = {"queue": queue, "slots": slots.get(queue, 0), "served_at": served_at}
    met = queue in slots
    return Condition("queue", met, Reason("met_queue" if met else "wait_queue", values))


def _pool(lane: Lane, supply: Supply, holders: Sequence[Holding], ahead: int | None) -> Condition:
    used, slots = supply.pool_used.get(lane.pool, 0), supply.pool_slots.get(lane.pool, 0)
    values: dict[str, ReasonValue] = {"pool": lane.pool, "used": used, "slots": slots, "wants": lane.pool_slots}
    return _limit("pool", used + lane.pool_slots <= slots, values, holders, ahead)


def _limit(
    name: str,
    met: bool,
    values: dict[str, ReasonValue],
    holders: Sequence[Holding] | None,
    ahead: int | None = None,
) -> Condition:
    held = tuple(holders or ())
    if not met:
        values["held_by"] = tuple(one.run_id + "/" + one.task_id for one in held[:50])
    why = Reason(f"{'met' if met else 'wait'}_{name}", values)
    return Condition(name, met, why, None, held[:HOLDERS_MAX], len(held), ahead=ahead)


def free_in_s(lefts: Sequence[float | None], slots: Sequence[int], wanted: int) -> float | None:
    """In how many seconds holders, each with its time left, will have let go of `wanted` slots; None when not known."""
    if wanted <= 0:
        return 0.0
    freed = 0
    for left, count in sorted(
        (pair for pair in zip(lefts, slots, strict=True) if pair[0] is not None), key=lambda one: one[0] or 0.0
    ):
        freed += count
        if freed >= wanted:
            return left
    return None
