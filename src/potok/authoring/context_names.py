"""The names of the task context, and which of them a function asks for by its signature."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

CONTEXT_NAMES = frozenset(
    {
        "conn", "dag", "dag_run", "data_interval_end", "data_interval_start", "ds", "ds_nodash", "logical_date",
        "macros", "params", "run_id", "task", "task_instance", "ti", "ts", "ts_nodash", "try_number", "var",
    }
)  # fmt: skip


_NO_VALUE = (None, "", inspect.Parameter.empty)


class Wanted(NamedTuple):
    """Context values that a function takes by name (positions of the positional ones), and whether it takes all."""

    names: dict[str, int | None]
    everything: bool
    all_names: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def wanted_context(function: Callable[..., object]) -> Wanted:
    """A parameter named as a context value gets it if it has no default or an empty one: `ds=None`, `ds: str = ""`."""
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return Wanted({}, False)
    names: dict[str, int | None] = {}
    everything = False
    for position, parameter in enumerate(parameters.values()):
        if parameter.kind is parameter.VAR_KEYWORD:
            everything = True
        elif parameter.name in CONTEXT_NAMES and parameter.default in _NO_VALUE:
            if parameter.kind is parameter.KEYWORD_ONLY:
                names[parameter.name] = None
            elif parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
                names[parameter.name] = position
    return Wanted(names, everything, frozenset(parameters))
