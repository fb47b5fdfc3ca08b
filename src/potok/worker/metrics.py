"""The numbers of a result that its task declares as metrics. Never fails a task: what is missing is told in its log."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping
from typing import NamedTuple

_EVERY = "*"
# `facts.*` of a mapping whose keys come from data must not flood the history.
_KEPT_MAX = 50


class Measured(NamedTuple):
    """`missing`: names of metrics that the result does not have as a number."""

    found: dict[str, float]
    missing: tuple[str, ...]


def measure(value: object, wanted: Mapping[str, str]) -> Measured:
    """Numbers by name. `wanted` gives each its path of keys and fields of records; a last `*` takes all numbers."""
    found: dict[str, float] = {}
    missing = []
    for name, path in wanted.items():
        *keys, last = path.split(".")
        if last == _EVERY:
            found |= _all_of(_at(value, keys), "" if name == path else f"{name}.")
            continue
        number = _number(_at(value, [*keys, last]))
        if number is None:
            missing.append(name)
        else:
            found[name] = number
    return Measured(dict(list(found.items())[:_KEPT_MAX]), tuple(missing))


def _at(value: object, keys: list[str]) -> object:
    for key in keys:
        if isinstance(value, Mapping):
            value = value.get(key)
        elif isinstance(value, list | tuple) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            value = getattr(value, key, None)
    return value


def _all_of(value: object, before: str) -> dict[str, float]:
    if not isinstance(value, Mapping):
        names = getattr(value, "__struct_fields__", None) or getattr(value, "__dataclass_fields__", None) or ()
        value = {name: getattr(value, name) for name in names}
    listed = {f"{before}{key}": _number(item) for key, item in value.items()}
    return {name: number for name, number in listed.items() if number is not None}


def _number(value: object) -> float | None:
    """A finite number that is no truth value; of NumPy and `Decimal`, too."""
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        return None
    if not isinstance(value, numbers.Number) or isinstance(value, complex):
        return None
    try:
        number = float(value)  # type: ignore[arg-type]  # Decimal is a Number that float() knows
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
