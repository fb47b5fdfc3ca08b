"""How a task may end itself; the worker alone decides what comes of it."""

from __future__ import annotations

from typing import NoReturn

from potok.authoring.runtime import Skip


def skip(reason: str = "") -> NoReturn:
    """End this task as skipped; tasks after it follow their trigger rules."""
    raise Skip(reason)
