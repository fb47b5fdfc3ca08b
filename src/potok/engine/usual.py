"""The usual run of a DAG: medians, the critical path, what is parallel, and what would make it faster. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from potok.engine.graph import Graph

GOOD_RUNS_MIN = 5
GOOD_RUNS_MAX = 30


class RunLengths(msgspec.Struct, frozen=True):
    """Seconds that one run took, and each of its tasks by name (tasks that did not run are left out)."""

    length_s: float | None
    tasks_s: Mapping[str, float]


class Spread(msgspec.Struct, frozen=True):
    """The median of some lengths and the bounds of their middle 80 %, in seconds."""

    median_s: float
    p10_s: float
    p90_s: float
    count: int


class Chain(msgspec.Struct, frozen=True):
    """The chain of tasks (positions, in order) that takes longest, and how long in seconds."""

    length_s: float
    path: tuple[int, ...]


class Shortening(msgspec.Struct, frozen=True):
    """Saving up to `saved_s` seconds on task `at` makes the run shorter; then `next_at` is the slowest, or nothing."""

    at: int
    saved_s: float
    next_at: int | None


def spread(lengths_s: Iterable[float]) -> Spread | None:
    """None without a length."""
    ordered = sorted(lengths_s)
    if not ordered:
        return None
    return Spread(_quantile(ordered, 0.5), _quantile(ordered, 0.1), _quantile(ordered, 0.9), len(ordered))


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return round(ordered[low] + (ordered[high] - ordered[low]) * (place - low), 3)


def task_spreads(graph: Graph, runs: Sequence[RunLengths]) -> list[Spread | None]:
    """For each task by position: what it took in those of the runs in which it ran."""
    return [
        spread(run.tasks_s[task.task_id] for run in runs if task.task_id in run.tasks_s) for task in graph.dag.tasks
    ]


def steps(graph: Graph) -> list[int]:
    """For each task by position, counted from 1: how many tasks stand in the longest chain down to it."""
    below_group = [0] * len(graph.dag.edges)
    found = []
    for at in range(len(graph.dag.tasks)):
        step = 1 + max((below_group[number] for number in graph.fed_by[at]), default=0)
        found.append(step)
        for number in graph.feeds[at]:
            below_group[number] = max(below_group[number], step)
    return found


def longest_chain(graph: Graph, lengths_s: Sequence[float], without: int | None = None) -> Chain:
    """The critical path when each task takes that long. `without`: a task that no chain may pass."""
    best_of_group: list[tuple[float, int | None]] = [(0.0, None)] * len(graph.dag.edges)
    before: list[int | None] = []
    end, longest = None, -1.0
    for at in range(len(graph.dag.tasks)):
        start_s, above = max((best_of_group[number] for number in graph.fed_by[at]), default=(0.0, None), key=_length)
        before.append(above)
        if at == without:
            continue
        finish_s = start_s + lengths_s[at]
        if finish_s > longest:
            end, longest = at, finish_s
        for number in graph.feeds[at]:
            if best_of_group[number][1] is None or finish_s > best_of_group[number][0]:
                best_of_group[number] = (finish_s, at)
    path: list[int] = []
    while end is not None:
        path.append(end)
        end = before[end]
    return Chain(max(longest, 0.0), tuple(reversed(path)))


def _length(candidate: tuple[float, int | None]) -> float:
    return candidate[0]


def parallel_parts(graph: Graph) -> list[tuple[int, ...]]:
    """Tasks with the same tasks above and below: sets of two and more, in topological order."""
    alike: dict[tuple[tuple[int, ...], tuple[int, ...]], list[int]] = {}
    for at in range(len(graph.dag.tasks)):
        alike.setdefault((graph.fed_by[at], graph.feeds[at]), []).append(at)
    return [tuple(part) for (above, below), part in alike.items() if len(part) > 1 and (above or below)]


def shorten(graph: Graph, lengths_s: Sequence[float], chain: Chain) -> Shortening | None:
    """The slowest task of the critical path, and how much shorter it can usefully get. None when nothing takes time."""
    if not chain.path or chain.length_s <= 0:
        return None
    slowest = max(chain.path, key=lambda at: lengths_s[at])
    others = [at for at in chain.path if at != slowest]
    second = max(others, key=lambda at: lengths_s[at], default=None)
    rival = longest_chain(graph, lengths_s, without=slowest)
    aside = [at for at in rival.path if at not in chain.path]
    saved_by_rival = chain.length_s - rival.length_s
    choices: list[tuple[float, int | None]] = [(lengths_s[slowest], None)]
    if second is not None:
        choices.append((lengths_s[slowest] - lengths_s[second], second))
    if aside:
        choices.append((saved_by_rival, max(aside, key=lambda at: lengths_s[at])))
    saved_s, next_at = min(choices, key=_length)
    return Shortening(slowest, round(saved_s, 3), next_at)
