"""When a schedule fires, and which runs are due: the same functions schedule, preview and simulate. Pure.

Cron follows Debian's cron on clock changes (by cronsim): a fixed time that the clock skips fires right after the
gap, one that occurs twice fires once; wildcard hours follow elapsed time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import msgspec
from cronsim import CronSim, CronSimError

from potok.model.errors import InvalidError
from potok.model.schedule import Cron, Interval, Overlap, Schedule

PRESETS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
CATCHUP_MAX = 10_000
COUNTED_MAX = 1_000
# So many fires cost less than beginning anew.
_STEPS_MAX = 3


def fires(schedule: Schedule, after: float, until: float | None = None, limit: int | None = None) -> list[float]:
    """Instants (seconds since the epoch) at which `schedule` fires: later than `after`, up to and with `until`."""
    found = _iterate(schedule, after)
    if until is not None:
        found = _up_to(found, until)
    return list(islice(found, limit))


class Course:
    """The fires of a schedule for moments that come in order: beginning anew costs as much as several fires."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._rest: Iterator[float] | None = None
        self._next: float | None = None

    def after(self, moment: float) -> float | None:
        """The first fire later than `moment`, which is not before the one asked for last."""
        steps = 0
        while self._rest is None or (self._next is not None and self._next <= moment):
            if self._rest is None or steps == _STEPS_MAX:
                self._rest = _iterate(self._schedule, moment)
            self._next = next(self._rest, None)
            steps += 1
        return self._next


def next_fire(schedule: Schedule, after: float) -> float | None:
    """The first instant later than `after` at which the schedule fires; None when it never does again."""
    return next(_iterate(schedule, after), None)


def previous_fire(schedule: Schedule, at: float) -> float:
    """The fire before `at` (the start of its data interval); `at` itself when there is none."""
    if isinstance(schedule.timetable, Interval):
        return at - schedule.timetable.every_s
    if isinstance(schedule.timetable, Cron):
        zone = ZoneInfo(schedule.tz)
        backward = CronSim(schedule.timetable.expression, datetime.fromtimestamp(at, zone), reverse=True)
        found = next((before for moment in backward if (before := moment.timestamp()) < at), None)
        if found is None:
            return at
        # going backward cronsim stumbles over clock changes; what fires is what fires going forward
        return max(
            (fire for fire in _up_to(_cron(schedule.timetable, schedule.tz, found - 1.0), at) if fire < at),
            default=found,
        )
    return at


def check_cron(expression: str) -> str:
    """The expression with presets spelled out; raises InvalidError with what is wrong with it."""
    spelled = PRESETS.get(expression.strip(), expression.strip())
    if len(spelled.split()) != 5:
        raise InvalidError(f"{expression!r} is not a cron expression: it needs five fields, minute to weekday")
    try:
        CronSim(spelled, datetime(2026, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        raise InvalidError(f"{expression!r} is not a cron expression: {str(error).lower()}") from error
    return spelled


def _iterate(schedule: Schedule, after: float) -> Iterator[float]:
    start = schedule.start
    if start is not None and after < start:
        # a fire exactly at the start counts
        after = start - 1e-6
    for at in _timetable(schedule, after):
        if schedule.end is not None and at > schedule.end:
            return
        yield at


def _timetable(schedule: Schedule, after: float) -> Iterator[float]:
    timetable = schedule.timetable
    if isinstance(timetable, Cron):
        yield from _cron(timetable, schedule.tz, after)
    elif isinstance(timetable, Interval):
        anchor = schedule.start or 0.0
        number = max(0, int((after - anchor) // timetable.every_s) + 1)
        while True:
            at = anchor + number * timetable.every_s
            number += 1
            # fractions of a second are rounded: the division above may come out one too low
            if at > after:
                yield at
    elif schedule.start is not None and schedule.start > after:
        yield schedule.start


def _cron(timetable: Cron, tz: str, after: float) -> Iterator[float]:
    zone = ZoneInfo(tz)
    last: float | None = after
    while last is not None:
        begin, last = last, None
        for at in _cronsim(timetable, begin, zone):
            sooner = _behind_odd_change(timetable, begin, at, zone)
            yield at if sooner is None else sooner
            if sooner is not None:
                last = sooner
                break
            begin = at


def _cronsim(timetable: Cron, after: float, zone: ZoneInfo) -> Iterator[float]:
    # cronsim looks strictly after its start, in whole minutes
    begin = datetime.fromtimestamp(after, zone)
    if begin.second or begin.microsecond:
        begin = begin.replace(second=0, microsecond=0)
    last = after
    for moment in CronSim(timetable.expression, begin):
        at = moment.timestamp()
        if at > last:
            last = at
            yield at


def _behind_odd_change(timetable: Cron, after: float, until: float, zone: ZoneInfo) -> float | None:
    """A fire that cronsim misses between two fires: it counts in whole hours, Lord Howe's clock moves by half a one."""
    before = datetime.fromtimestamp(after, zone).utcoffset()
    change_s = (
        (datetime.fromtimestamp(until, zone).utcoffset() or timedelta()) - (before or timedelta())
    ).total_seconds()
    if change_s % 3600 == 0:
        return None
    low, high = after, until
    while high - low > 0.5:
        middle = (low + high) / 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    changed = datetime.fromtimestamp(round(high), zone)
    next_hour = round(high) + 3600 - changed.minute * 60 - changed.second
    moments = CronSim(timetable.expression, datetime.fromtimestamp(next_hour - 1, zone))
    found = next((at for moment in moments if (at := moment.timestamp()) > after), until)
    return found if found < until else None


def _up_to(found: Iterator[float], until: float) -> Iterator[float]:
    for at in found:
        if at > until:
            return
        yield at


class Due(msgspec.Struct, frozen=True):
    """`run`: logical dates to start now, oldest first. `passed_over`: how many are left out without catchup,
    counted up to COUNTED_MAX.

    `last_fire` is to be remembered, `next_fire` to be waited for.
    """

    run: tuple[float, ...]
    passed_over: int
    last_fire: float | None
    next_fire: float | None


def plan(schedule: Schedule, since: float, until: float, most: int = CATCHUP_MAX) -> Due:
    """What is due at `until` when everything up to `since` was dealt with.

    With catchup every missed fire becomes a run (at most `most` at once); without it only the latest does.
    """
    missed = fires(schedule, since, until, most if schedule.catchup else COUNTED_MAX)
    if len(missed) == COUNTED_MAX and not schedule.catchup:
        # after a year of `* * * * *` nobody waits for half a million fires to be counted
        missed.append(_latest(schedule, until))
    chosen = missed if schedule.catchup else missed[-1:]
    last = missed[-1] if missed else since
    return Due(tuple(chosen), len(missed) - len(chosen), last, next_fire(schedule, max(last, since)))


def _latest(schedule: Schedule, until: float) -> float:
    """The last fire up to and with `until` of a schedule that has fired before."""
    until = until if schedule.end is None else min(until, schedule.end)
    if isinstance(schedule.timetable, Interval):
        anchor, every_s = schedule.start or 0.0, schedule.timetable.every_s
        return anchor + (until - anchor) // every_s * every_s
    return previous_fire(schedule, until + 0.001)


class OverlapVerdict(msgspec.Struct, frozen=True):
    """What to do with a due run while others are active: start it (it may queue), leave it out, or cancel those."""

    start: bool
    cancel_active: bool


def overlap(schedule: Schedule, active: int, max_active_runs: int) -> OverlapVerdict:
    """The overlap policy applied to a due run."""
    if max_active_runs == 0 or active < max_active_runs or schedule.overlap is Overlap.QUEUE:
        return OverlapVerdict(True, False)
    return OverlapVerdict(schedule.overlap is Overlap.CANCEL, schedule.overlap is Overlap.CANCEL)


class Fire(msgspec.Struct, frozen=True):
    """A planned start for people: local wall clock, and a note when the clock changes around it."""

    at: float
    local: str
    note: str


def preview(schedule: Schedule, after: float, limit: int) -> list[Fire]:
    """The next `limit` fires with their local time and notes on clock changes."""
    zone = ZoneInfo(schedule.tz)
    return [Fire(at, _local(at, zone), _clock_note(at, zone)) for at in fires(schedule, after, limit=limit)]


def _local(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, zone).isoformat(timespec="minutes")


def _clock_note(at: float, zone: ZoneInfo) -> str:
    midnight = datetime.fromtimestamp(at, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    before, after = midnight.utcoffset(), (midnight + timedelta(days=1)).utcoffset()
    change = (after or timedelta()) - (before or timedelta())
    if not change:
        return ""
    minutes = int(change.total_seconds() // 60)
    return f"the clock goes {'forward' if minutes > 0 else 'back'} by {abs(minutes)} min on this day"
