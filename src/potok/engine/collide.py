"""Which planned runs of other DAGs will want the same pool at the same time. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from potok.engine.graph import Graph
from potok.engine.plan import Course
from potok.engine.usual import steps
from potok.model.dag import DEFAULT_POOL
from potok.model.schedule import Schedule


class PoolDemand(msgspec.Struct, frozen=True):
    """What a scheduled DAG wants: slots at once by pool, and how long its run usually takes in seconds."""

    dag_id: str
    schedule: Schedule
    slots: dict[str, int]
    length_s: float


class Clash(msgspec.Struct, frozen=True):
    """A run of `dag_id` due at `at` and done at about `until` wants `wanted` slots of `pool` together with ours."""

    dag_id: str
    at: float
    until: float
    pool: str
    wanted: int


def pool_demand(graph: Graph) -> dict[str, int]:
    """Slots of each pool that one run may want at once: the tasks of one step run side by side."""
    by_step: dict[tuple[str, int], int] = {}
    for task, step in zip(graph.dag.tasks, steps(graph), strict=True):
        if task.pool != DEFAULT_POOL:
            by_step[task.pool, step] = by_step.get((task.pool, step), 0) + task.pool_slots
    most: dict[str, int] = {}
    for (pool, _), slots in by_step.items():
        most[pool] = max(most.get(pool, 0), slots)
    return most


def clashes(
    ats: Sequence[float], length_s: float, slots: dict[str, int], sizes: dict[str, int], others: Sequence[PoolDemand]
) -> list[list[Clash]]:
    """For each of our runs (from `ats`, in order, each `length_s` long) those of `others` that overlap it and together
    with it want more than a pool has; of each other DAG the first."""
    found: list[list[Clash]] = [[] for _ in ats]
    for other in others:
        contested = [
            (pool, slots[pool] + wanted)
            for pool, wanted in other.slots.items()
            if pool in slots and pool in sizes and slots[pool] + wanted > sizes[pool]
        ]
        if not contested:
            continue
        pool, wanted = max(contested, key=lambda one: one[1] - sizes[one[0]])
        course = Course(other.schedule)
        for at, met in zip(ats, found, strict=True):
            start = course.after(at - other.length_s)
            # one that ends as ours begins, or begins as ours ends, does not meet it
            if start is not None and start < at + length_s:
                met.append(Clash(other.dag_id, start, start + other.length_s, pool, wanted))
    return [sorted(met, key=lambda clash: (clash.at, clash.dag_id)) for met in found]
