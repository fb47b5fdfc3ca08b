"""The states of a task instance and of a run, and the edges that are legal between them."""

from __future__ import annotations

from enum import StrEnum


class TaskState(StrEnum):
    """`scheduled` waits for tasks above; `queued` is ready and waits for a slot; `waiting` is deferred."""

    SCHEDULED = "scheduled"
    QUEUED = "queued"
    RUNNING = "running"
    UP_FOR_RETRY = "up_for_retry"
    WAITING = "waiting"
    SUCCESS = "success"
    FAILED = "failed"
    SKIPPED = "skipped"
    UPSTREAM_FAILED = "upstream_failed"
    CANCELLED = "cancelled"


class RunState(StrEnum):
    """The life of one DAG run."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCESS = "success"
    FAILED = "failed"
    CANCELLED = "cancelled"


TASK_ENDED = frozenset(
    {TaskState.SUCCESS, TaskState.FAILED, TaskState.SKIPPED, TaskState.UPSTREAM_FAILED, TaskState.CANCELLED}
)
RUN_ENDED = frozenset({RunState.SUCCESS, RunState.FAILED, RunState.CANCELLED})

_T = TaskState
_ENDS = frozenset(TASK_ENDED)

# An ended instance leaves its state only by an operator's clear (to scheduled) or mark (to success, failed, skipped).
_MARKED = frozenset({_T.SCHEDULED, _T.SUCCESS, _T.FAILED, _T.SKIPPED})

TASK_EDGES: dict[TaskState, frozenset[TaskState]] = {
    _T.SCHEDULED: frozenset({_T.QUEUED}) | _ENDS,
    _T.QUEUED: frozenset({_T.RUNNING, _T.SCHEDULED}) | _ENDS,
    _T.RUNNING: frozenset({_T.QUEUED, _T.UP_FOR_RETRY, _T.WAITING, _T.SCHEDULED}) | _ENDS,
    _T.UP_FOR_RETRY: frozenset({_T.QUEUED, _T.SCHEDULED}) | _ENDS,
    _T.WAITING: frozenset({_T.QUEUED, _T.RUNNING, _T.UP_FOR_RETRY, _T.SCHEDULED}) | _ENDS,
    _T.SUCCESS: _MARKED,
    _T.FAILED: _MARKED,
    _T.SKIPPED: _MARKED,
    _T.UPSTREAM_FAILED: _MARKED,
    _T.CANCELLED: _MARKED,
}

RUN_EDGES: dict[RunState, frozenset[RunState]] = {
    RunState.QUEUED: frozenset({RunState.RUNNING, RunState.CANCELLED, RunState.FAILED}),
    RunState.RUNNING: frozenset(RUN_ENDED),
    RunState.SUCCESS: frozenset({RunState.RUNNING}),
    RunState.FAILED: frozenset({RunState.RUNNING}),
    RunState.CANCELLED: frozenset({RunState.RUNNING}),
}
