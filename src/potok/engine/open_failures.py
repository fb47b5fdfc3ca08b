"""Which failures still need a person: a failure is open until a newer run of its DAG succeeds. Pure.

Failures of one DAG with the same error are one thing to look at, however often it happened.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

import msgspec

from potok.engine.failure_memory import signature
from potok.model.run import ErrorInfo

RUNS_MAX = 99
SIGNATURES_MAX = 20


class OpenFailure(msgspec.Struct, frozen=True):
    """Failed runs of one DAG with one error: `run_keys` in order, the newest last; `position` is the task that failed
    in the newest one, which ended `at`."""

    signature: str
    run_keys: tuple[int, ...]
    position: int | None
    at: float

    @property
    def run_key(self) -> int:
        return self.run_keys[-1]


Open = dict[str, OpenFailure]


def signature_of(task_id: str, error: ErrorInfo | None, code: str) -> str:
    """A short mark, the same for equal errors of one task; `code` tells failures without an error apart."""
    text = f"{task_id}\n{signature(error) if error is not None else code}"
    return blake2b(text.encode(errors="replace"), digest_size=5).hexdigest()


def succeeded(known: Open, run_key: int) -> Open:
    """What is still open once that run succeeded: what failed after it."""
    return _without(known, lambda key: key <= run_key)


def forgotten(known: Open, run_key: int) -> Open:
    """Without that run: it was cancelled, or it failed in another way now."""
    return _without(known, lambda key: key == run_key)


def failed(known: Open, found: OpenFailure) -> Open:
    """With one more failed run (the only one in `found`); beyond SIGNATURES_MAX the oldest errors are let go."""
    left = forgotten(known, found.run_key)
    same = left.get(found.signature)
    if same is not None:
        keys = tuple(sorted({*same.run_keys, found.run_key}))[-RUNS_MAX:]
        newest = found if keys[-1] == found.run_key else same
        found = msgspec.structs.replace(newest, run_keys=keys)
    left[found.signature] = found
    if len(left) > SIGNATURES_MAX:
        del left[min(left, key=lambda mark: left[mark].run_key)]
    return left


def changes(before: Open, after: Open) -> tuple[list[OpenFailure], list[str]]:
    """What is to be written to get from one to the other, and the signatures that are gone."""
    written = [one for mark, one in after.items() if before.get(mark) != one]
    return written, [mark for mark in before if mark not in after]


def _without(known: Open, gone: Callable[[int], bool]) -> Open:
    left: Open = {}
    for mark, one in known.items():
        keys = tuple(key for key in one.run_keys if not gone(key))
        if keys == one.run_keys:
            left[mark] = one
        elif keys:
            # the newest run of the group went: which task failed in the one before is looked up when it is shown
            position = one.position if keys[-1] == one.run_key else None
            left[mark] = msgspec.structs.replace(one, run_keys=keys, position=position)
    return left
