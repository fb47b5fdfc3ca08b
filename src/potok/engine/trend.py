"""Numbers over runs: how the newest one stands to the one before it and to the usual one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple


class Trend(NamedTuple):
    """`last` is of the newest run that has the number, `previous` of the one before that, `usual` the median of all
    before the last. None where there is none."""

    last: float | None
    previous: float | None
    usual: float | None


def trend(values: Sequence[float | None]) -> Trend:
    """`values` by run, oldest first; None: the run has no such number."""
    known = [value for value in values if value is not None]
    if not known:
        return Trend(None, None, None)
    *before, last = known
    return Trend(last, before[-1] if before else None, median(before) if before else None)
