"""The usual run of a DAG and its starts to come, from the store's rows. Blocks: called in a thread."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from potok.api import views
from potok.api.dag_past import Past
from potok.engine.collide import PoolDemand, clashes, pool_demand
from potok.engine.graph import Graph
from potok.engine.plan import CATCHUP_MAX, plan, preview
from potok.engine.usual import (
    GOOD_RUNS_MAX,
    GOOD_RUNS_MIN,
    RunLengths,
    Spread,
    longest_chain,
    parallel_parts,
    shorten,
    spread,
    steps,
    task_spreads,
)
from potok.model.dag import DEFAULT_POOL
from potok.model.history import (
    Collision,
    Faster,
    Missed,
    ParallelPart,
    PlannedStart,
    Usual,
    UsualTask,
)
from potok.model.schedule import Once, Schedule
from potok.model.state import RUN_ENDED, RunState
from potok.store.history_rows import RunLengthsRow
from potok.store.rows import DagRow

_MISSED_SHOWN = 50
_RIVALS_MAX = 20
_DAGS_PER_BREATH = 50


# --- the usual run ------------------------------------------------------------------------------------------------
def usual(past: Past, row: DagRow, slots: dict[str, int]) -> Usual:
    """Made anew only when a good run has come, gone or changed."""
    good = past.reader.newest_in_state(row.dag_id, RunState.SUCCESS)
    ended = max((past.reader.newest_in_state(row.dag_id, state) or 0 for state in RUN_ENDED), default=0)
    run = past.reader.list_runs(limit=1, since_key=ended, until_key=ended + 1)[0] if ended else []
    key = (row.dag_id, row.bundle, good, ended, run[0].record.ended_at if run else None, tuple(slots.items()))
    return past.cache.usual.get(key, lambda: _usual(past, row, slots, ended))


def _usual(past: Past, row: DagRow, slots: dict[str, int], newest: int) -> Usual:
    graph = past.graph(row)
    rows = past.reader.good_run_lengths(row.dag_id, GOOD_RUNS_MAX)
    good, basis = len(rows), "usual"
    if good < GOOD_RUNS_MIN:
        last = past.reader.run_lengths(newest) if newest else None
        rows, basis = ([last], "last") if last else ([], "none")
    runs = [_lengths(past, row.dag_id, one) for one in rows]
    whole = spread(run.length_s for run in runs if run.length_s is not None)
    if graph is None:
        return Usual(row.dag_id, row.bundle, basis, good, *_bounds(whole), 0, [], [], [], "", 0.0, None)
    return _described(row, graph, runs, whole, basis, good, slots)


def _described(
    row: DagRow,
    graph: Graph,
    runs: Sequence[RunLengths],
    whole: Spread | None,
    basis: str,
    good: int,
    slots: dict[str, int],
) -> Usual:
    names = [task.task_id for task in graph.dag.tasks]
    spreads = task_spreads(graph, runs)
    lengths = [one.median_s if one else 0.0 for one in spreads]
    chain = longest_chain(graph, lengths)
    shorter = shorten(graph, lengths, chain) if runs else None
    length_s = whole.median_s if whole else 0.0
    critical, step_of = set(chain.path) if runs else set(), steps(graph)
    slowest = max(range(len(names)), key=lambda at: lengths[at], default=0)
    has_slowest = bool(names) and lengths[slowest] > 0
    return Usual(
        dag_id=row.dag_id,
        bundle=row.bundle,
        basis=basis,
        good_runs=good,
        length_s=whole.median_s if whole else None,
        p10_s=whole.p10_s if whole else None,
        p90_s=whole.p90_s if whole else None,
        steps=max(step_of, default=0),
        tasks=[
            UsualTask(
                name, *_bounds(spreads[at]), spreads[at].count if spreads[at] else 0,  # type: ignore[union-attr]
                step_of[at], _share(lengths[at], length_s), at in critical,
            )
            for at, name in enumerate(names)
        ],
        critical=[names[at] for at in chain.path] if runs else [],
        parallel=_parts(graph, slots),
        slowest=names[slowest] if has_slowest else "",
        slowest_share=_share(lengths[slowest], length_s) if has_slowest else 0.0,
        faster=Faster(names[shorter.at], shorter.saved_s, "" if shorter.next_at is None else names[shorter.next_at])
        if shorter
        else None,
    )  # fmt: skip


def _lengths(past: Past, dag_id: str, row: RunLengthsRow) -> RunLengths:
    names = past.names(dag_id, row.bundle)
    took = {name: seconds for name, seconds in zip(names, row.lengths_s, strict=False) if seconds is not None}
    return RunLengths(views.duration_s(row.started_at, row.ended_at, row.ended_at or 0.0), took)


def _bounds(found: Spread | None) -> tuple[float | None, float | None, float | None]:
    return (found.median_s, found.p10_s, found.p90_s) if found else (None, None, None)


def _share(part_s: float, whole_s: float) -> float:
    return round(min(1.0, part_s / whole_s), 4) if whole_s > 0 else 0.0


def _parts(graph: Graph, slots: dict[str, int]) -> list[ParallelPart]:
    parts = []
    for part in parallel_parts(graph):
        pools = {graph.dag.tasks[at].pool for at in part}
        pool = pools.pop() if len(pools) == 1 else DEFAULT_POOL
        parts.append(ParallelPart([graph.dag.tasks[at].task_id for at in part], pool, slots.get(pool)))
    return parts


# --- starts to come -----------------------------------------------------------------------------------------------
def planned_starts(past: Past, row: DagRow, sizes: dict[str, int], limit: int, now: float) -> list[PlannedStart]:
    graph = past.graph(row)
    if graph is None or graph.dag.schedule is None:
        return []
    length_s = _usual_length_s(past, row.dag_id)
    slots = pool_demand(graph)
    rivals = _rivals(past, row, set(slots)) if slots and length_s else []
    zone = ZoneInfo(graph.dag.schedule.tz)
    starts = preview(graph.dag.schedule, now, limit)
    met = clashes([fire.at for fire in starts], length_s or 0.0, slots, sizes, rivals)
    return [
        PlannedStart(
            at=views.instant(fire.at),
            local=fire.local,
            note=fire.note,
            clock_shift_s=_clock_shift_s(fire.at, zone) if fire.note else 0,
            until=views.instant_or_none(fire.at + length_s if length_s else None),
            collisions=[
                Collision(
                    clash.dag_id, views.instant(clash.at), views.instant(clash.until), clash.pool,
                    sizes.get(clash.pool, 0), clash.wanted,
                )
                for clash in found
            ],
        )
        for fire, found in zip(starts, met, strict=True)
    ]  # fmt: skip


def _clock_shift_s(at: float, zone: ZoneInfo) -> int:
    midnight = datetime.fromtimestamp(at, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    before, after = midnight.utcoffset(), (midnight + timedelta(days=1)).utcoffset()
    return int(((after or timedelta()) - (before or timedelta())).total_seconds())


def _usual_length_s(past: Past, dag_id: str) -> float | None:
    """Seconds; None from fewer than five good runs."""
    runs, _ = past.reader.list_runs(limit=GOOD_RUNS_MAX, dag_id=dag_id, state=RunState.SUCCESS)
    found = spread(
        row.record.ended_at - row.record.started_at
        for row in runs
        if row.record.ended_at is not None and row.record.started_at is not None
    )
    return found.median_s if found and found.count >= GOOD_RUNS_MIN else None


def _rivals(past: Past, row: DagRow, pools: set[str]) -> list[PoolDemand]:
    """Other DAGs that run by schedule and want one of the pools."""
    rivals: list[PoolDemand] = []
    for seen, other in enumerate(past.reader.dags()):
        if other.dag_id == row.dag_id or other.paused or not other.present or other.next_fire is None:
            continue
        if seen % _DAGS_PER_BREATH == 0:
            time.sleep(0)  # the scheduler's thread shares this interpreter
        schedule, wanted = _demand(past, other)
        shared = {pool: slots for pool, slots in wanted.items() if pool in pools}
        if schedule is None or not shared:
            continue
        length_s = _usual_length_s(past, other.dag_id)
        if length_s is not None:
            rivals.append(PoolDemand(other.dag_id, schedule, shared, length_s))
        if len(rivals) == _RIVALS_MAX:
            break
    return rivals


def _demand(past: Past, row: DagRow) -> tuple[Schedule | None, dict[str, int]]:
    def read() -> tuple[Schedule | None, dict[str, int]]:
        version = past.reader.load_version(row.dag_id, row.bundle)
        return (version.dag.schedule, pool_demand(Graph(version.dag))) if version else (None, {})

    return past.cache.demands.get((row.dag_id, row.bundle), read)


def missed(past: Past, row: DagRow, now: float) -> Missed:
    graph = past.graph(row)
    schedule = graph.dag.schedule if graph else None
    if schedule is None or row.last_fire is None or isinstance(schedule.timetable, Once):
        return Missed(row.dag_id, bool(schedule and schedule.catchup), row.paused, None, 0, 0, None, None, [])
    due = plan(schedule, row.last_fire, now, CATCHUP_MAX)
    # going on after a pause passes over what was missed, unless it is to be caught up
    starts = due.run if schedule.catchup or not row.paused else ()
    return Missed(
        dag_id=row.dag_id,
        catchup=schedule.catchup,
        paused=row.paused,
        since=views.instant(row.last_fire),
        missed=len(due.run) + due.passed_over,
        starts=len(starts),
        first=views.instant(starts[0]) if starts else None,
        last=views.instant(starts[-1]) if starts else None,
        items=[views.instant(at) for at in starts[:_MISSED_SHOWN]],
    )
