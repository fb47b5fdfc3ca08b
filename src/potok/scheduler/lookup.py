"""Answers that read the scheduler's memory between two turns. Changes nothing."""

from __future__ import annotations

from potok.executors.protocol import Executor
from potok.model.errors import InvalidError, PotokError
from potok.scheduler.capacity import WaitingIs
from potok.scheduler.commands import (
    AskOccupancy,
    AskWaiting,
    Explained,
    ExplainRun,
    Failed,
    FailureKind,
    PreviewPool,
    Reply,
)
from potok.scheduler.core import Core
from potok.scheduler.occupancy import occupancy, preview_pool, waiting_for
from potok.scheduler.questions import explain_run


def looked_up(
    core: Core, executor: Executor, command: ExplainRun | AskOccupancy | AskWaiting | PreviewPool, now: float
) -> Reply:
    """What is not there, or asked wrongly, comes back as Failed."""
    capacity = executor.capacity()
    try:
        if isinstance(command, ExplainRun):
            return Explained(explain_run(core, command.run_id, now, capacity))
        if isinstance(command, AskWaiting):
            return WaitingIs(waiting_for(core, command.run_id, command.task_id, now, capacity))
        if isinstance(command, PreviewPool):
            return preview_pool(core, command.name, command.slots, capacity)
        return occupancy(core, capacity, executor.workers())
    except InvalidError as error:
        return Failed(FailureKind.INVALID, str(error))
    except PotokError as error:
        return Failed(FailureKind.NOT_FOUND, str(error))
