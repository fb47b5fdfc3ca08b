"""Ready-made contract checks of a result. They look at tables by what these can do; no table library is imported."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class Verdict(NamedTuple):
    """Whether a check holds, what was found, and what had to be; `name` when one check judges several things."""

    ok: bool
    detail: str
    name: str = ""
    wanted: str = ""


class Check:
    """A named check; as a function it says what it found."""

    def __init__(self, check_name: str, judge: Callable[[Any], Verdict]) -> None:
        self.check_name = check_name
        self._judge = judge

    def __call__(self, value: object) -> Verdict:
        return self._judge(value)

    def __repr__(self) -> str:
        return self.check_name


def not_empty() -> Check:
    """The result holds something: it is not None, has a length above zero and, as a table, rows."""

    def judge(value: object) -> Verdict:
        if value is None:
            return Verdict(False, "the result is None")
        count = _count(value)
        return Verdict(count != 0, "it is empty" if count == 0 else _counted(count, value))

    return Check("not_empty()", judge)


def rows(*, min: int | None = None, max: int | None = None) -> Check:
    """The number of rows of a table, or of items of a list, lies within the bounds (both included)."""
    bounds = ", ".join(f"{name}={bound}" for name, bound in (("min", min), ("max", max)) if bound is not None)

    def judge(value: object) -> Verdict:
        count = _count(value)
        if count is None:
            return Verdict(False, f"the result is {_kind(value)}, which has no rows")
        return Verdict(_within(count, min, max), f"{count} rows")

    return Check(f"rows({bounds})", judge)


def columns(*names: str) -> Check:
    """The table, or every mapping of the list, has these columns; more are welcome."""

    def judge(value: object) -> Verdict:
        present = _columns(value)
        if present is None:
            return Verdict(False, f"the result is {_kind(value)}, which has no columns")
        missing = [name for name in names if name not in present]
        if missing:
            return Verdict(
                False, f"there is no {', '.join(map(repr, missing))}; columns are {', '.join(present) or 'none'}"
            )
        return Verdict(True, f"{len(present)} columns")

    return Check(f"columns({', '.join(map(repr, names))})", judge)


def between(min: float | None, max: float | None, *, column: str | None = None) -> Check:
    """The number, every number of the list, or every value of `column` lies within the bounds (both included).

    `column` also names an item of a mapping, such as a metric. Missing values are left to `no_nulls`.
    """
    where = "" if column is None else f", column={column!r}"

    def judge(value: object) -> Verdict:
        found = value if column is None else _column(value, column)
        if found is None:
            return Verdict(False, "the result is None" if column is None else f"there is no {column!r} in the result")
        low, high = _extremes(found)
        if low is None or high is None:
            return Verdict(False, f"{column or 'the result'} has no numbers: it is {_kind(found)}")
        ok = _within(low, min, max) and _within(high, min, max)
        return Verdict(ok, f"found {low:g}" if low == high else f"found {low:g} to {high:g}")

    return Check(f"between({_bound(min)}, {_bound(max)}{where})", judge)


def no_nulls(*names: str) -> Check:
    """No value is missing (None or NaN) in these columns, or anywhere when none is named."""

    def judge(value: object) -> Verdict:
        wanted = names or _columns(value) or ()
        if not wanted:
            count = _nulls(value)
            return Verdict(count == 0, f"{count} missing values")
        holes = {}
        for name in wanted:
            column = _column(value, name)
            if column is None:
                return Verdict(False, f"there is no column {name!r}")
            count = _nulls(column)
            if count:
                holes[name] = count
        told = ", ".join(f"{count} missing in {name!r}" for name, count in holes.items())
        return Verdict(not holes, told or "none missing")

    return Check(f"no_nulls({', '.join(map(repr, names))})", judge)


def _count(value: Any) -> int | None:
    """Rows of a table, length of anything else that has one."""
    if isinstance(getattr(value, "num_rows", None), int):
        return int(value.num_rows)
    try:
        return len(value)
    except TypeError:
        return None


def _columns(value: Any) -> list[str] | None:
    names = getattr(value, "column_names", None)
    if names is None and not isinstance(value, Mapping):
        names = getattr(value, "columns", None)
    if names is not None:
        return [str(name) for name in names]
    if isinstance(value, Mapping):
        return [str(name) for name in value]
    if isinstance(value, list | tuple) and value and all(isinstance(row, Mapping) for row in value):
        everywhere = set(value[0]).intersection(*value[1:])
        return [str(name) for name in value[0] if name in everywhere]
    return None


def _column(value: Any, name: str) -> Any:
    if isinstance(value, list | tuple):
        return [row.get(name) if isinstance(row, Mapping) else None for row in value]
    try:
        return value[name]
    except (KeyError, TypeError, IndexError, ValueError):
        return None


def _values(found: Any) -> list[object]:
    for method in ("to_pylist", "tolist", "to_list"):
        listed = getattr(found, method, None)
        if callable(listed):
            found = listed()
            break
    if isinstance(found, Mapping):
        return list(found.values())
    return list(found) if isinstance(found, list | tuple | set | frozenset) else [found]


def _extremes(found: Any) -> tuple[float | None, float | None]:
    if not isinstance(found, list | tuple | set | frozenset | Mapping | int | float):
        low, high = getattr(found, "min", None), getattr(found, "max", None)
        if callable(low) and callable(high):
            return _number(low()), _number(high())
    numbers = [number for number in map(_number, _values(found)) if number is not None]
    return (min(numbers), max(numbers)) if numbers else (None, None)


def _number(value: Any) -> float | None:
    if value is None or isinstance(value, str | bytes):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return None if math.isnan(number) else number


def _nulls(found: Any) -> int:
    counted = getattr(found, "null_count", None)
    if counted is not None:
        return int(counted() if callable(counted) else counted)
    missing = getattr(found, "isna", None)
    if callable(missing):
        return int(missing().sum())
    return sum(1 for value in _values(found) if value is None or (isinstance(value, float) and math.isnan(value)))


def _within(number: float, low: float | None, high: float | None) -> bool:
    return (low is None or number >= low) and (high is None or number <= high)


def _counted(count: int | None, value: object) -> str:
    return f"{count} {'rows' if _columns(value) else 'items'}" if count is not None else f"it is {_kind(value)}"


def _bound(bound: float | None) -> str:
    return "None" if bound is None else f"{bound:g}"


def _kind(value: object) -> str:
    return "None" if value is None else f"of type {type(value).__name__}"
