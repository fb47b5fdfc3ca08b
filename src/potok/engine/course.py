"""The course of a run in time: what decided its end, how much time the others had left, and what is still to come.

Pure: positions and seconds in, positions and seconds out. Costs O(tasks + sizes of the edge groups), never O(edges).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from potok.engine.graph import Graph

# (started, ended) in seconds since the epoch; None for a task that did not run. One that still runs ends now.
Span = tuple[float, float]


class Forecast(msgspec.Struct, frozen=True):
    """What is left of a run: seconds from now, and the chain of tasks (positions) that takes the longest."""

    left_s: float
    path: tuple[int, ...]


def critical_path(graph: Graph, spans: Sequence[Span | None]) -> tuple[int, ...]:
    """The chain of tasks that decided when the run was done: each one waited for the end of the one before it."""
    ran = [at for at, span in enumerate(spans) if span is not None]
    if not ran:
        return ()
    at = max(ran, key=lambda one: _end(spans, one))
    path = [at]
    while True:
        above = [other for other in graph.upstream(at) if spans[other] is not None]
        if not above:
            return tuple(reversed(path))
        at = max(above, key=lambda one: _end(spans, one))
        path.append(at)


def slacks(graph: Graph, spans: Sequence[Span | None]) -> list[float | None]:
    """By how many seconds each task could have ended later without delaying the run; None for one that did not run."""
    end = max((span[1] for span in spans if span is not None), default=0.0)
    latest: list[float | None] = [None] * len(spans)
    by_group: dict[int, float | None] = {}

    def latest_start(number: int) -> float | None:
        if number not in by_group:
            starts = [
                bound - (span[1] - span[0])
                for at in graph.dag.edges[number].downstream
                if (span := spans[at]) is not None and (bound := latest[at]) is not None
            ]
            by_group[number] = min(starts, default=None)
        return by_group[number]

    for at in reversed(range(len(spans))):
        if spans[at] is not None:
            bounds = [bound for number in graph.feeds[at] if (bound := latest_start(number)) is not None]
            latest[at] = min(bounds, default=end)
    return [
        None if span is None or bound is None else max(0.0, bound - span[1])
        for span, bound in zip(spans, latest, strict=True)
    ]


def busy_s(spans: Iterable[Span]) -> float:
    """Seconds in which at least one of them ran."""
    total, until = 0.0, float("-inf")
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, until))
        until = max(until, end)
    return total


def forecast(
    graph: Graph, usual: Sequence[float | None], to_run: Iterable[int], running_for: Callable[[int], float]
) -> Forecast | None:
    """How long the tasks `to_run` take when each takes its usual time and slots are free; the others are done.

    `running_for` tells how long a task runs already (0 when it does not). None when a usual time is not known.
    """
    left: dict[int, float] = {}
    before: dict[int, int | None] = {}
    by_group: dict[int, tuple[float, int | None]] = {}
    ordered = sorted(to_run)
    chosen = frozenset(ordered)

    def latest_above(number: int) -> tuple[float, int | None]:
        if number not in by_group:
            above = [at for at in graph.dag.edges[number].upstream if at in chosen]
            by_group[number] = max(((left[at], at) for at in above), default=(0.0, None))
        return by_group[number]

    for at in ordered:
        length = 0.0 if graph.is_empty(at) else usual[at]
        if length is None:
            return None
        start, before[at] = max((latest_above(number) for number in graph.fed_by[at]), default=(0.0, None))
        left[at] = start + max(0.0, length - running_for(at))
    if not left:
        return Forecast(0.0, ())
    last: int | None = max(ordered, key=lambda one: left[one])
    path: list[int] = []
    total = left[last] if last is not None else 0.0
    while last is not None:
        path.append(last)
        last = before[last]
    return Forecast(total, tuple(reversed(path)))


def _end(spans: Sequence[Span | None], at: int) -> float:
    span = spans[at]
    assert span is not None
    return span[1]
