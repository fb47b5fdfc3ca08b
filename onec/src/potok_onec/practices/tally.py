"""Counts sights by project and object, and keeps the best and the worst of each statistic. Pure."""

from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b
from heapq import heappush, heapreplace
from typing import Final

from msgspec import Struct

from potok_onec.practices.sight import Sight

_EXAMPLES: Final = 10


class Share(Struct, frozen=True, gc=False):
    """`subsystem` is empty for the whole project; `share` is 1 where there was nothing to look at."""

    project: str
    subsystem: str
    statistic: str
    good: int
    all: int
    share: float


class Example(Struct, frozen=True, gc=False):
    statistic: str
    is_good: bool
    rank: int
    project: str
    object: str
    file: str
    line: int
    method: str
    weight: int
    detail: str


class Tally:
    """At most one example of a module in each list: they come from everywhere."""

    def __init__(self) -> None:
        self.sights = 0
        self.counts: dict[tuple[str, str], Counter[tuple[str, bool]]] = {}
        self._best: dict[tuple[str, bool], dict[str, tuple[int, int, Sight]]] = {}

    def take(self, sight: Sight) -> None:
        self.sights += 1
        place = (sight.project, sight.object)
        self.counts.setdefault(place, Counter())[sight.statistic, sight.is_good] += 1
        self._rank(sight)

    def _rank(self, sight: Sight) -> None:
        ranked = self._best.setdefault((sight.statistic, sight.is_good), {})
        known = ranked.get(sight.file)
        if known is None or sight.weight > known[0]:
            ranked[sight.file] = (sight.weight, _mixed(sight.file), sight)

    def add(self, counts: Iterable[tuple[str, str, str, bool, int]], best: Iterable[Sight]) -> None:
        """What another tally has counted, and its best."""
        for project, name, statistic, is_good, amount in counts:
            self.sights += amount
            self.counts.setdefault((project, name), Counter())[statistic, is_good] += amount
        for sight in best:
            self._rank(sight)

    def best(self) -> list[Sight]:
        """Of each statistic and module the first of the heaviest."""
        return [sight for ranked in self._best.values() for _, _, sight in ranked.values()]

    def examples(self) -> list[Example]:
        found: list[Example] = []
        for (statistic, is_good), by_file in sorted(self._best.items(), key=lambda each: each[0]):
            heap: list[tuple[int, int, str]] = []
            for file, (weight, mixed, _) in by_file.items():
                if len(heap) < _EXAMPLES:
                    heappush(heap, (weight, mixed, file))
                elif (weight, mixed, file) > heap[0]:
                    heapreplace(heap, (weight, mixed, file))
            for rank, (_, _, file) in enumerate(sorted(heap, reverse=True), 1):
                one = by_file[file][2]
                found.append(
                    Example(
                        statistic,
                        is_good,
                        rank,
                        one.project,
                        one.object,
                        one.file,
                        one.line,
                        one.method,
                        one.weight,
                        one.detail,
                    )
                )
        return found

    def shares(self, members: dict[tuple[str, str], set[str]]) -> list[Share]:
        """Of projects, then of subsystems by what belongs to them directly."""
        groups: dict[tuple[str, str], Counter[tuple[str, bool]]] = {}
        for (project, _), counts in self.counts.items():
            groups.setdefault((project, ""), Counter()).update(counts)
        for (project, subsystem), items in members.items():
            group = groups.setdefault((project, subsystem), Counter())
            for item in items:
                group.update(self.counts.get((project, item), {}))
        return [row for place in sorted(groups) for row in _rows(*place, groups[place])]


def _rows(project: str, subsystem: str, counts: Counter[tuple[str, bool]]) -> list[Share]:
    rows = []
    for statistic in sorted({name for name, _ in counts}):
        good = counts[statistic, True]
        whole = good + counts[statistic, False]
        rows.append(Share(project, subsystem, statistic, good, whole, round(good / whole, 6)))
    return rows


def _mixed(file: str) -> int:
    """Among equals neither the first nor the last by name is preferred, yet always the same."""
    return int.from_bytes(blake2b(file.encode("utf-8", "surrogatepass"), digest_size=6).digest(), "little")
