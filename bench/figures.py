"""Figures and what is said about them: a row of the table, its goal, medians and percentiles. Measures nothing."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import msgspec

# A miss by more than this share of the goal keeps the work open; a smaller one is explained.
NEAR = 0.2


class Goal(msgspec.Struct, frozen=True):
    """A limit in the row's unit: an upper one (`at_most`) or a lower one."""

    limit: float
    at_most: bool = True

    def verdict(self, value: float) -> str:
        """`yes`, `near` (a miss of at most 20 %) or `no`."""
        miss = (value - self.limit) / self.limit if self.at_most else (self.limit - value) / self.limit
        return "yes" if miss <= 0 else "near" if miss <= NEAR else "no"


class Row(msgspec.Struct):
    """One line of the table. `busy` is the mean number of cores that unrelated processes
    used before or after the measure, whichever was more."""

    measure: str
    unit: str
    potok: float | None
    celery: float | None = None
    goal: Goal | None = None
    lower_is_better: bool = True
    note: str = ""
    potok_samples: list[float] = []
    celery_samples: list[float] = []
    busy: float = 0.0

    @property
    def ratio(self) -> float | None:
        """How many times better Potok is; below 1 it is worse."""
        if not self.potok or not self.celery:
            return None
        return self.celery / self.potok if self.lower_is_better else self.potok / self.celery


class Split(msgspec.Struct):
    """Where the time of a task goes, medians in ms: from the order to the body, in the body, from the body on."""

    measure: str
    system: str
    assign: float
    execute: float
    transition: float
    meaning: str = ""


class Answer(msgspec.Struct):
    """What one question yields."""

    rows: list[Row]
    splits: list[Split] = []
    notes: list[str] = []


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of the values do not exceed."""
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(int(rank) - 1, 0)]
