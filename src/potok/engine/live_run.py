"""A run in memory: what `decide` reads and `advance` replaces. Nothing here decides or does I/O."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from potok.engine.graph import Graph
from potok.model.reason import Reason
from potok.model.run import RunRecord
from potok.model.state import TASK_ENDED, TaskState

# success, failed (cancelled too), skipped, upstream_failed: how the upstream tasks of one edge group ended
GroupTally = tuple[int, int, int, int]
NO_TALLY: GroupTally = (0, 0, 0, 0)
TALLY_SLOT = {
    TaskState.SUCCESS: 0,
    TaskState.FAILED: 1,
    TaskState.CANCELLED: 1,
    TaskState.SKIPPED: 2,
    TaskState.UPSTREAM_FAILED: 3,
}


class Instance(msgspec.Struct, frozen=True):
    """A task instance. While it runs, `reason` holds the verdict that awaits the end of a killed attempt.

    `max_tries` is the attempt number that may not be passed; `losses` counts workers that died under it.
    """

    state: TaskState = TaskState.SCHEDULED
    try_number: int = 0
    max_tries: int = 1
    losses: int = 0
    attempt_id: int | None = None
    queued_at: float | None = None
    started_at: float | None = None
    ended_at: float | None = None
    retry_at: float | None = None
    reason: Reason | None = None


class LiveRun:
    """`instances` by position; `tallies` by edge group; `counts` by state. Changed by `advance` alone."""

    __slots__ = ("counts", "graph", "instances", "record", "tallies")

    def __init__(self, graph: Graph, record: RunRecord, instances: Iterable[Instance]) -> None:
        self.graph = graph
        self.record = record
        self.instances = list(instances)
        self.tallies = tally_groups(graph, self.instances)
        self.counts = count_states(self.instances)

    @property
    def run_key(self) -> int:
        return self.record.run_key

    @property
    def is_cancelling(self) -> bool:
        """Whether the run is being brought down: its final state and reason stand in the record already."""
        return self.record.reason is not None


def first_instances(graph: Graph) -> list[Instance]:
    """All instances of a new run; equal ones are one object."""
    shared: dict[int, Instance] = {}
    result = []
    for task in graph.dag.tasks:
        tries = task.retry.retries + 1
        result.append(shared.setdefault(tries, Instance(max_tries=tries)))
    return result


def tally_groups(graph: Graph, instances: list[Instance]) -> list[GroupTally]:
    tallies = [NO_TALLY] * len(graph.dag.edges)
    for at, instance in enumerate(instances):
        slot = TALLY_SLOT.get(instance.state)
        if slot is not None:
            for number in graph.feeds[at]:
                tallies[number] = bump(tallies[number], slot, 1)
    return tallies


def bump(tally: GroupTally, slot: int, by: int) -> GroupTally:
    a, b, c, d = tally
    if slot == 0:
        return (a + by, b, c, d)
    if slot == 1:
        return (a, b + by, c, d)
    if slot == 2:
        return (a, b, c + by, d)
    return (a, b, c, d + by)


def count_states(instances: Iterable[Instance]) -> dict[TaskState, int]:
    counts: dict[TaskState, int] = dict.fromkeys(TaskState, 0)
    for instance in instances:
        counts[instance.state] += 1
    return counts


def ended_count(counts: dict[TaskState, int]) -> int:
    return sum(counts[state] for state in TASK_ENDED)
