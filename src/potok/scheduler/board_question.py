"""What the home asks of the scheduler's memory: what runs, what waits and for what, which queues nobody serves."""

from __future__ import annotations

from potok.engine.allocate import Claim, Lane, Supply, why_waiting
from potok.executors.protocol import Executor
from potok.model.reason import Reason
from potok.model.state import TaskState
from potok.scheduler.commands import BoardIs, QueuedTask, UnservedQueue
from potok.scheduler.core import Core


def board(core: Core, executor: Executor, now: float, lag_s: float, commit_ms: float) -> BoardIs:
    """The home's answer; costs little however many tasks wait."""
    capacity = executor.capacity()
    supply = core.books.supply(capacity)
    first = core.demand.oldest()
    counts = [active.live.counts for active in core.runs.values()]
    return BoardIs(
        running=len(core.attempts),
        queued=core.demand.size,
        waiting=sum(count[TaskState.WAITING] for count in counts),
        retrying=sum(count[TaskState.UP_FOR_RETRY] for count in counts),
        oldest_queued=_queued(core, *first, supply) if first else None,
        unserved=_unserved(core, supply),
        losses=core.attention.losses(core),
        slot_use=core.slots.so_far(now),
        lag_s=lag_s,
        commit_ms=commit_ms,
        workers=len(executor.workers()),
        slots=capacity.total,
        free=capacity.total_free,
    )


def _queued(core: Core, lane: Lane, claim: Claim, supply: Supply) -> QueuedTask:
    active = core.runs[claim.run_key]
    since = active.live.instances[claim.position].queued_at or active.record.created_at
    why: Reason = why_waiting(lane, supply, {})[0]
    return QueuedTask(active.record.run_id, active.record.dag_id, active.task_id(claim.position), since, why)


def _unserved(core: Core, supply: Supply) -> tuple[UnservedQueue, ...]:
    waiting: dict[str, tuple[int, Lane, Claim]] = {}
    for lane in core.demand.lanes():
        if lane.queue in supply.queues:
            continue
        claims = core.demand.claims(lane)
        first = min(claims, key=lambda claim: claim.order)
        count, known_lane, known = waiting.get(lane.queue, (0, lane, first))
        older = (known_lane, known) if known.order <= first.order else (lane, first)
        waiting[lane.queue] = (count + len(claims), *older)
    return tuple(
        UnservedQueue(queue, count, _queued(core, lane, claim, supply))
        for queue, (count, lane, claim) in sorted(waiting.items())
    )
