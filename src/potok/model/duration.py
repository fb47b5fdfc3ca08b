"""Durations as people write them (`90`, `"5m"`, `"1h30m"`, `timedelta`), always seconds inside."""

from __future__ import annotations

import re
from datetime import timedelta

from potok.model.errors import InvalidError

Duration = int | float | str | timedelta

_UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d|w)")


def seconds(value: Duration) -> float:
    """The length of `value` in seconds; raises InvalidError when it is not a duration or is negative."""
    if isinstance(value, timedelta):
        return _checked(value.total_seconds(), value)
    if isinstance(value, bool):
        raise InvalidError(f"{value!r} is not a duration; write seconds or a text such as '5m' or '1h30m'")
    if isinstance(value, int | float):
        return _checked(float(value), value)
    text = value.strip().replace(" ", "")
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise InvalidError(f"{value!r} is not a duration; write seconds or a text such as '5m' or '1h30m'")
    return sum(float(number) * _UNITS_S[unit] for number, unit in parts)


def _checked(length_s: float, value: Duration) -> float:
    if length_s < 0:
        raise InvalidError(f"{value!r} is negative; a duration is zero or more")
    return length_s


def human(length_s: float) -> str:
    """`length_s` as a person reads it: `0.4 s`, `41 s`, `10 min 22 s`, `1 h 06 min`, `2 d 3 h`."""
    if length_s < 0.9995:
        return f"{length_s * 1000:.0f} ms" if length_s < 0.0995 else f"{length_s:.1f} s"
    if length_s < 9.95:
        return f"{length_s:.1f} s"
    whole = round(length_s)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    if whole < 86400:
        hours, rest = divmod(whole // 60, 60)
        return f"{hours} h {rest:02d} min"
    days, rest = divmod(whole // 3600, 24)
    return f"{days} d {rest} h" if rest else f"{days} d"
