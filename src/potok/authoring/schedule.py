"""`schedule`, `tz`, `start`, `end` of a DAG as authors write them, read into the model's Schedule. Computes no runs."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from potok.authoring.hint import nearest
from potok.model.duration import human, seconds
from potok.model.errors import DagError, InvalidError
from potok.model.schedule import Cron, Interval, Once, Overlap, Schedule, Timetable

ScheduleText = str | timedelta | None

PRESETS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@quarterly": "0 0 1 */3 *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_ONCE = "@once"
_EVERY = re.compile(r"@?every\s+(.+)", re.IGNORECASE)
_PLAIN_FIELD = re.compile(r"[\d*,/-]+")


def read_schedule(
    schedule: object, *, tz: object, start: object, end: object, catchup: bool, overlap: Overlap, location: str
) -> Schedule | None:
    """The schedule of a DAG, or None when it runs only when asked.

    Raises DagError at `location` for a bad cron, zone, bound or interval.
    """
    zone = _zone(tz, location)
    started = _instant(start, "start", zone, location)
    ended = _instant(end, "end", zone, location)
    if started is not None and ended is not None and ended < started:
        raise DagError(f"end ({end}) is before start ({start})", location=location)
    if schedule is None:
        return None
    if catchup and started is None:
        raise DagError("catchup=True needs start=: the day from which missed runs are made up", location=location)
    return Schedule(
        timetable=_timetable(schedule, location),
        text=f"every {human(schedule.total_seconds())}" if isinstance(schedule, timedelta) else str(schedule),
        tz=zone.key,
        start=started,
        end=ended,
        catchup=catchup,
        overlap=overlap,
    )


def _timetable(schedule: object, location: str) -> Timetable:
    if isinstance(schedule, timedelta):
        return _interval(schedule, location)
    if not isinstance(schedule, str):
        raise DagError(
            f"schedule is a cron text, a preset, 'every 15m', a timedelta or None, not {schedule!r}", location=location
        )
    text = schedule.strip()
    if text == _ONCE:
        return Once()
    every = _EVERY.fullmatch(text)
    if every:
        return _interval(every.group(1), location)
    if text.startswith("@"):
        if text not in PRESETS:
            known = (*PRESETS, _ONCE)
            raise DagError(
                f"there is no preset {text!r}{nearest(text, known) or '; known are ' + ', '.join(known)}",
                location=location,
            )
        return Cron(PRESETS[text])
    return Cron(_cron(text, location))


def _interval(length: str | timedelta, location: str) -> Interval:
    try:
        every_s = seconds(length)
    except InvalidError as error:
        raise DagError(f"the interval of schedule: {error}", location=location) from None
    if every_s < 1:
        raise DagError(f"an interval of {every_s:g} s is too short; the least is one second", location=location)
    return Interval(every_s)


def _cron(text: str, location: str) -> str:
    fields = text.split()
    if len(fields) != 5:
        raise DagError(
            f"cron {text!r} has {len(fields)} fields; it needs five: minute, hour, day of month, month, day of week",
            location=location,
        )
    expression = " ".join(field if _PLAIN_FIELD.fullmatch(field) else field.upper() for field in fields)
    from cronsim import CronSim, CronSimError

    since = datetime(2024, 1, 1, tzinfo=UTC)
    try:
        first = next(CronSim(expression, since), None)
    except CronSimError as error:
        raise DagError(
            f"cron {text!r} is not valid: {str(error)[:1].lower()}{str(error)[1:]}", location=location
        ) from None
    if first is None:
        raise DagError(f"cron {text!r} never fires: there is no such day", location=location)
    return expression


def _zone(tz: object, location: str) -> ZoneInfo:
    if isinstance(tz, ZoneInfo) and tz.key:
        return tz
    if not isinstance(tz, str):
        raise DagError(f"tz is the name of a time zone such as 'Europe/Moscow', not {tz!r}", location=location)
    try:
        return ZoneInfo(tz)
    except (KeyError, ValueError, OSError):
        from zoneinfo import available_timezones

        hint = nearest(tz, sorted(available_timezones())) or "; it wants a name such as 'Europe/Moscow'"
        raise DagError(f"there is no time zone {tz!r}{hint}", location=location) from None


def _instant(value: object, option: str, zone: ZoneInfo, location: str) -> float | None:
    """Seconds since the epoch; a date or time without a zone is meant in the DAG's own."""
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise DagError(f"{option} is not a date: {value!r}; write it as '2026-01-31'", location=location) from None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - the zone follows
    if not isinstance(value, datetime):
        raise DagError(
            f"{option} is a date, a datetime or a text such as '2026-01-31', not {value!r}", location=location
        )
    return (value if value.tzinfo is not None else value.replace(tzinfo=zone)).timestamp()
