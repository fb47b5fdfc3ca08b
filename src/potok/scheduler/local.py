"""One run without a server: the real scheduler over a store in memory, for `potok run`. Nothing is left behind."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from potok.engine.explain import Explanation
from potok.executors.protocol import Executor
from potok.model.errors import InvalidError
from potok.model.state import RUN_ENDED
from potok.scheduler.commands import (
    CancelRun,
    Explained,
    ExplainRun,
    Failed,
    LiveEvent,
    RunChanged,
    Triggered,
    TriggerRun,
)
from potok.scheduler.outside import FolderSource
from potok.scheduler.service import SchedulerService, ServiceSettings
from potok.store.protocol import Store
from potok.store.rows import AttemptRow, RunRow, TaskRow


class LocalRun(msgspec.Struct, frozen=True):
    """What a run in process left: its rows and why it ended as it did."""

    run: RunRow
    tasks: tuple[TaskRow, ...]
    attempts: tuple[AttemptRow, ...]
    explanation: Explanation


class LocalSettings(msgspec.Struct, frozen=True):
    """`home` takes bundles, logs and results; `pools` are those of the configuration."""

    home: Path
    pools: Mapping[str, int] = {}


async def run_local(
    store: Store,
    executor: Executor,
    source: FolderSource,
    settings: LocalSettings,
    trigger: TriggerRun,
    on_events: Callable[[list[LiveEvent]], None],
) -> LocalRun:
    """Run `trigger` to its end. Raises InvalidError with the scheduler's sentence when it cannot begin."""
    service = SchedulerService(
        store, executor, source, ServiceSettings(settings.home, f"local-{uuid.uuid4().hex}", settings.pools)
    )
    await service.start()
    try:
        return await _follow(service, trigger, on_events)
    finally:
        await service.stop(1.0)


async def _follow(
    service: SchedulerService, trigger: TriggerRun, on_events: Callable[[list[LiveEvent]], None]
) -> LocalRun:
    changes = service.subscribe()
    reply = await service.submit(trigger)
    if isinstance(reply, Failed):
        raise InvalidError(reply.message)
    assert isinstance(reply, Triggered)
    run_id = reply.run.record.run_id
    try:
        async for events in changes:
            on_events(events)
            if any(isinstance(one, RunChanged) and one.run_id == run_id and one.state in RUN_ENDED for one in events):
                break
    except BaseException:
        with contextlib.suppress(Exception):
            await service.submit(CancelRun(run_id, trigger.actor))
        raise
    row = service.store.run(run_id)
    answer = await service.submit(ExplainRun(run_id))
    assert row is not None and isinstance(answer, Explained)
    key = row.record.run_key
    tasks, attempts = service.store.tasks(key), service.store.attempts(key)
    return LocalRun(row, tuple(tasks), tuple(attempts), answer.explanation)
