"""The starts to come over all DAGs: what is next, what meets another run at a pool. Blocks: called in a thread."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator

from potok.api.board import Board
from potok.api.views import instant
from potok.engine.plan import fires, next_fire
from potok.engine.sentences import sentence
from potok.model.board import Upcoming, UpcomingStarts
from potok.model.dag import DEFAULT_POOL
from potok.model.reason import Reason, reason
from potok.model.schedule import Schedule

COUNTED_MAX = 1_000
_AT_ONCE = 24
_HOUR_S = 3600.0
# runs that overlap are looked for among the starts of this time around
_AROUND_S = 6 * 3600.0


def upcoming(board: Board, limit: int, until: float, each_once: bool = False) -> UpcomingStarts:
    """The next `limit` starts (of each DAG only the first with `each_once`), and how many there are before `until`."""
    starts: list[tuple[float, str]] = []
    seen: set[str] = set()
    total = 0
    for at, dag_id in _in_order(board, until, limit):
        if at < until:
            total += 1
        if len(starts) < limit and not (each_once and dag_id in seen):
            starts.append((at, dag_id))
            seen.add(dag_id)
        if total >= COUNTED_MAX or (at >= until and len(starts) >= limit):
            break
    broken = {row.file for row in board.reader.import_errors()}
    usual = board.cache.usual(board.reader, [dag_id for _, dag_id in starts], board.now)
    lengths = {dag_id: found.length_s for dag_id, found in usual.items() if found is not None}
    items = []
    for at, dag_id in starts:
        caveats = _collisions(board, at, dag_id, starts, lengths)
        if board.dags[dag_id].file in broken:
            caveats.append(reason("next_previous_version"))
        items.append(Upcoming(instant(at), dag_id, lengths.get(dag_id), [sentence(why) for why in caveats]))
    return UpcomingStarts(items, total, total >= COUNTED_MAX, instant(until))


def schedule_of(board: Board, dag_id: str) -> Schedule | None:
    """The schedule that the DAG runs by now; None for one that is paused, gone or has none."""
    dag = board.dags.get(dag_id)
    if dag is None or dag.paused or not dag.present or dag.next_fire is None:
        return None
    facts = board.cache.facts(board.reader, dag.dag_id, dag.bundle)
    return facts.schedule if facts is not None else None


def starts_of(board: Board, dag_id: str, until: float, limit: int) -> list[float]:
    """The DAG's next starts up to `until`; the first is what the scheduler waits for."""
    dag = board.dags.get(dag_id)
    schedule = schedule_of(board, dag_id)
    if dag is None or schedule is None or dag.next_fire is None or dag.next_fire > until:
        return []
    return [dag.next_fire, *fires(schedule, dag.next_fire, until, limit - 1)]


def _in_order(board: Board, until: float, limit: int) -> Iterator[tuple[float, str]]:
    """Every start up to `until` and at least `limit` of them, soonest first; a schedule is only looked at once its
    DAG's turn has come."""
    heap = [
        (dag.next_fire, dag.dag_id)
        for dag in board.dags.values()
        if dag.next_fire is not None and dag.present and not dag.paused
    ]
    heapq.heapify(heap)
    ahead: dict[str, list[float]] = {}
    given = 0
    while heap:
        at, dag_id = heap[0]
        yield at, dag_id
        given += 1
        waiting = ahead.get(dag_id) or _following(board, dag_id, at, until, given < limit)
        if waiting:
            heapq.heapreplace(heap, (waiting.pop(), dag_id))
            ahead[dag_id] = waiting
        else:
            heapq.heappop(heap)


def _following(board: Board, dag_id: str, at: float, until: float, further: bool) -> list[float]:
    """Some starts after `at`, the soonest last; many at once, since beginning to count costs most.

    `further`: the next one even when it lies behind `until`.
    """
    schedule = schedule_of(board, dag_id)
    if schedule is None:
        return []
    # up to a whole hour: what is remembered serves questions that end a moment later as well
    horizon = math.ceil(until / _HOUR_S) * _HOUR_S
    found = [start for start in board.cache.starts(dag_id, schedule, at, horizon, _AT_ONCE) if start <= until]
    if not found and further:
        one = next_fire(schedule, at)
        return [one] if one is not None else []
    return list(reversed(found))


def _collisions(
    board: Board, at: float, dag_id: str, starts: list[tuple[float, str]], lengths: dict[str, float]
) -> list[Reason]:
    """The first other DAG of the list whose run meets this one and wants a pool that this one wants too."""
    ours = _pools(board, dag_id)
    if not ours:
        return []
    end = at + lengths.get(dag_id, 0.0)
    for other_at, other in starts:
        if other == dag_id or abs(other_at - at) > _AROUND_S:
            continue
        if other_at <= end and at <= other_at + lengths.get(other, 0.0) and (shared := ours & _pools(board, other)):
            return [reason("next_collision", dag=other, pool=min(shared))]
    return []


def _pools(board: Board, dag_id: str) -> set[str]:
    dag = board.dags[dag_id]
    facts = board.cache.facts(board.reader, dag_id, dag.bundle)
    return {task.pool for task in facts.tasks} - {DEFAULT_POOL} if facts is not None else set()
