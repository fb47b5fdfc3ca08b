"""When a run is late, how long runs usually take, and whether they get slower. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import msgspec

from potok.engine.usual import GOOD_RUNS_MAX, GOOD_RUNS_MIN
from potok.model.run import TriggerKind

# A start that is due begins within milliseconds; after a minute something is wrong.
START_GRACE_S = 60.0
TREND_MIN = 0.2
_RECENT = 5


class UsualLength(msgspec.Struct, frozen=True):
    """The usual length in seconds, and by which part the last runs took longer (less: negative) when that is much."""

    length_s: float
    trend: float | None


def due_at(
    trigger: TriggerKind, logical_date: float, created_at: float, run_after: float | None, deadline_s: float
) -> float:
    """When the run should have ended. The clock of a scheduled run starts at its date, that of others at its start."""
    if trigger is TriggerKind.SCHEDULE:
        return logical_date + deadline_s
    return (run_after or created_at) + deadline_s


def usual_length(lengths_s: Sequence[float]) -> UsualLength | None:
    """From the lengths of good runs, newest first; None from fewer than five."""
    recent = list(lengths_s[:GOOD_RUNS_MAX])
    if len(recent) < GOOD_RUNS_MIN:
        return None
    return UsualLength(round(median(recent), 3), _trend(recent))


def _trend(lengths_s: Sequence[float]) -> float | None:
    before = lengths_s[_RECENT:]
    if len(before) < GOOD_RUNS_MIN:
        return None
    base = median(before)
    change = median(lengths_s[:_RECENT]) / base - 1 if base > 0 else 0.0
    return round(change, 3) if abs(change) > TREND_MIN else None
