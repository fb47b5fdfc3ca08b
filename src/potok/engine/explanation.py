"""Why a run is as it is: what `explain` answers and what people, the CLI and the UI read."""

from __future__ import annotations

import msgspec

from potok.model.reason import Sentence
from potok.model.run import ErrorInfo
from potok.model.state import RunState, TaskState

__all__ = ["Explanation", "Root", "Sentence", "TaskWhy"]


class Root(msgspec.Struct, frozen=True):
    """A task that failed by itself, and the tasks that did not run because of it (`blocked`)."""

    task_id: str
    try_number: int
    max_tries: int
    attempt_id: int | None
    duration_s: float | None
    error: ErrorInfo | None
    reason: Sentence
    blocked: tuple[str, ...]


class TaskWhy(msgspec.Struct, frozen=True):
    """Why one task instance is in its state; for a waiting one, every unmet condition with live numbers."""

    task_id: str
    state: TaskState
    reasons: tuple[Sentence, ...]


class Explanation(msgspec.Struct, frozen=True):
    """`verdict` is the sentence a colleague would say. `roots` are ordered by how much they block."""

    run_id: str
    dag_id: str
    state: RunState
    verdict: Sentence
    cause: Sentence
    roots: tuple[Root, ...]
    tasks: tuple[TaskWhy, ...]
