"""Which planned runs of other DAGs will want the same pool at the same time. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from potok.engine.graph import Graph
from potok.engine.plan import fires
from potok.engine.usual import steps
from potok.model.dag import DEFAULT_POOL
from potok.model.schedule import Schedule

_SHOWN_OF_ONE_DAG = 1


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
    at: float, length_s: float, slots: dict[str, int], sizes: dict[str, int], others: Sequence[PoolDemand]
) -> list[Clash]:
    """Runs of `others` that overlap ours (from `at`, `length_s` long) and together want more than a pool has."""
    found: list[Clash] = []
    for other in others:
        contested = [
            (pool, slots[pool] + wanted)
            for pool, wanted in other.slots.items()
            if pool in slots and pool in sizes and slots[pool] + wanted > sizes[pool]
        ]
        if not contested:
            continue
        pool, wanted = max(contested, key=lambda one: one[1] - sizes[one[0]])
        for start in fires(other.schedule, at - other.length_s, at + length_s, _SHOWN_OF_ONE_DAG):
            # one that ends as ours begins, or begins as ours ends, does not meet it
            if start < at + length_s:
                found.append(Clash(other.dag_id, start, start + other.length_s, pool, wanted))
    return sorted(found, key=lambda clash: (clash.at, clash.dag_id))
