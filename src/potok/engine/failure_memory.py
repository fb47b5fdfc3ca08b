"""Whether an error was seen before: errors are compared by a signature that leaves out what differs each time. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from potok.model.run import ErrorInfo

_LINE_MAX = 300
# Ids, addresses, paths and numbers differ between two occurrences of the same error; the words do not.
_VARIABLE = re.compile(
    r"0x[0-9a-f]+|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    r"|\b[0-9a-f]{12,}\b|(?:/[\w.+-]+){2,}|\d+",
    re.IGNORECASE,
)


class PastRun(msgspec.Struct, frozen=True):
    """A run before the one that is looked at: the signatures of its errors by task, and whether it ended well."""

    run_id: str
    at: float
    succeeded: bool
    signatures: frozenset[tuple[str, str]]


class Memory(msgspec.Struct, frozen=True):
    """In how many of the last `of` runs the error occurred; `recovered` of them ended well all the same.

    `whole`: these are all the runs there are. `last`: the newest run that had it.
    """

    seen: int
    of: int
    recovered: int
    whole: bool
    last: PastRun | None


def first_line(error: ErrorInfo) -> str:
    """`ValueError: Input X contains NaN.`: the error as one line."""
    lines = error.message.strip().splitlines()
    text = lines[0].strip() if lines else ""
    if not text:
        return error.kind
    return (text if text.startswith(f"{error.kind}:") else f"{error.kind}: {text}")[:_LINE_MAX]


def signature(error: ErrorInfo) -> str:
    """Equal for two occurrences of the same error."""
    return _VARIABLE.sub("#", first_line(error))


def remember(task_id: str, error: ErrorInfo, past: Sequence[PastRun], whole: bool) -> Memory:
    """`past`: the runs before, newest first."""
    wanted = (task_id, signature(error))
    found = [run for run in past if wanted in run.signatures]
    recovered = sum(run.succeeded for run in found)
    return Memory(len(found), len(past), recovered, whole, found[0] if found else None)
