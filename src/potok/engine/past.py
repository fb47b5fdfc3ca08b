"""A DAG's past in days and cells: columns of the grid, days of the calendar, spans of pauses. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

import msgspec

from potok.model.history import ABSENT, LETTERS
from potok.model.state import RunState, TaskState

_WORST_FIRST = (RunState.FAILED, RunState.CANCELLED, RunState.RUNNING, RunState.QUEUED, RunState.SUCCESS)
_INTERVALS_MIN = 3


def union_of_tasks(current: Sequence[str], older: Iterable[Sequence[str]]) -> list[str]:
    """The tasks of the newest version in order, then those that only older versions have."""
    return list(dict.fromkeys([*current, *(name for names in older for name in names)]))


class Realign:
    """Puts the letters of one version's runs in the order of the grid's rows."""

    def __init__(self, rows: Sequence[str], names: Sequence[str]) -> None:
        self._same = list(rows) == list(names)
        self._count = len(names)
        place = {name: at for at, name in enumerate(names)}
        self._places = [] if self._same else [place.get(name, -1) for name in rows]

    def __call__(self, letters: str) -> str:
        """Empty `letters`: a run that waits for its start."""
        letters = letters or LETTERS[TaskState.SCHEDULED] * self._count
        if self._same or len(letters) != self._count:
            return letters if self._same else "".join(_at(letters, place) for place in self._places)
        return "".join([letters[place] if place >= 0 else ABSENT for place in self._places])


def _at(letters: str, place: int) -> str:
    return letters[place] if 0 <= place < len(letters) else ABSENT


def failures(columns: Sequence[str], rows: int) -> list[int]:
    """For each row, in how many columns the task failed."""
    failed = LETTERS[TaskState.FAILED]
    if not columns:
        return [0] * rows
    return [cells.count(failed) for cells in zip(*columns, strict=True)]


def usual_interval_s(logical_at: Sequence[float]) -> float | None:
    """The usual time between neighbouring scheduled runs, in seconds; None from too few."""
    steps = [later - sooner for sooner, later in pairwise(logical_at) if later > sooner]
    return median(steps) if len(steps) >= _INTERVALS_MIN else None


class DayCount(msgspec.Struct):
    """What a day has seen."""

    runs: int = 0
    failed: int = 0
    worst: RunState | None = None
    planned: int = 0


def by_day(quarters: Iterable[tuple[float, RunState, int]], planned: Iterable[float], tz: str) -> dict[date, DayCount]:
    """Runs (instant, state, how many) and planned instants by day of the zone, in order."""
    zone = ZoneInfo(tz)
    states: dict[date, Counter[RunState]] = {}
    for at, state, runs in quarters:
        states.setdefault(datetime.fromtimestamp(at, zone).date(), Counter())[state] += runs
    plans = Counter(datetime.fromtimestamp(at, zone).date() for at in planned)
    days: dict[date, DayCount] = {}
    for day in sorted({*states, *plans}):
        seen: Mapping[RunState, int] = states.get(day, Counter())
        worst = next((state for state in _WORST_FIRST if seen.get(state)), None)
        days[day] = DayCount(sum(seen.values()), seen.get(RunState.FAILED, 0), worst, plans.get(day, 0))
    return days


def year_bounds(year: int, tz: str) -> tuple[float, float]:
    """Seconds since the epoch at which the year begins and ends in the zone."""
    zone = ZoneInfo(tz)
    return datetime(year, 1, 1, tzinfo=zone).timestamp(), datetime(year + 1, 1, 1, tzinfo=zone).timestamp()
