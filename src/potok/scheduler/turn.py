"""One turn of the scheduler: what is to be committed together, and what is to be done once that is safe."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec

from potok.engine.decision import Transition
from potok.engine.live_run import LiveRun
from potok.model.wire import TaskCall
from potok.scheduler.commands import Command, Reply
from potok.store.rows import Batch


class Asked(msgspec.Struct, frozen=True):
    """A command with the ear that waits for its reply; the reply is given after the commit."""

    command: Command
    answer: Callable[[Reply], None]


def take_asked(inbox: deque[Any]) -> list[Asked]:
    """The commands of an inbox, taken out of it."""
    asked = [item for item in inbox if isinstance(item, Asked)]
    kept = [item for item in inbox if not isinstance(item, Asked)]
    inbox.clear()
    inbox.extend(kept)
    return asked


class Turn:
    """Everything one turn decided. `batch` is committed first; only then the rest may leave the process."""

    __slots__ = ("batch", "calls", "cancels", "dags_changed", "new_runs", "replies", "runs", "touched", "transitions")

    def __init__(self, epoch: int, number: int) -> None:
        self.batch = Batch(epoch, number)
        self.calls: list[TaskCall] = []
        self.cancels: list[int] = []
        self.replies: list[tuple[Asked, Callable[[], Reply]]] = []
        self.runs: dict[int, LiveRun] = {}
        self.touched: dict[tuple[int, int], None] = {}
        self.new_runs: dict[int, None] = {}
        self.transitions: list[tuple[LiveRun, Transition]] = []
        self.dags_changed: list[str] = []

    def is_empty(self) -> bool:
        """Whether there is nothing to commit and nothing to send."""
        return self.batch.is_empty() and not (self.calls or self.cancels or self.runs)
