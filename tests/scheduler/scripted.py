"""An executor that does what a test tells it, and a folder that holds what a test puts there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from potok.executors.protocol import Capacity, EventSink, RequestHandler, WorkerInfo
from potok.model.dag import CallableRef, Dag, EdgeGroup, PythonWork, Task
from potok.model.run import ErrorInfo, WorkerExit
from potok.model.state import RunState
from potok.model.wire import Finished, Inline, Lost, Outcome, TaskCall, TaskEvent
from potok.scheduler.commands import RunChanged, Triggered, TriggerRun
from potok.scheduler.dag_book import Folder, FoundDag, FoundFailure
from potok.scheduler.service import SchedulerService, ServiceSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from potok.store.protocol import Store

WORK = PythonWork(CallableRef("work"))
Script = Callable[[TaskCall], TaskEvent | None]


def task(task_id: str, **options: object) -> Task:
    return Task(task_id, WORK, **options)  # type: ignore[arg-type]


def chain_of(dag_id: str, *task_ids: str, **options: object) -> Dag:
    """A DAG whose tasks follow each other."""
    tasks = tuple(task(name) for name in task_ids)
    edges = tuple(EdgeGroup((at,), (at + 1,)) for at in range(len(tasks) - 1))
    return Dag(dag_id, tasks, edges, file=f"{dag_id}.py", **options)  # type: ignore[arg-type]


def succeed(call: TaskCall, result: bytes | None = None) -> Finished:
    return Finished(call.attempt_id, Outcome.SUCCESS, 1.0, 2.0, result=Inline(result) if result else None)


def fail(call: TaskCall, kind: str = "ValueError", message: str = "bad") -> Finished:
    return Finished(call.attempt_id, Outcome.FAILED, 1.0, 2.0, error=ErrorInfo(kind, message, (kind,)))


def lose(call: TaskCall) -> Lost:
    return Lost(call.attempt_id, WorkerExit(signal=9))


class ScriptedExecutor:
    """Runs `script` for each call; None leaves the attempt running until `tell`."""

    def __init__(self, script: Script = succeed, slots: int = 4) -> None:
        self.script = script
        self.slots = slots
        self.calls: list[TaskCall] = []
        self.cancelled: list[int] = []
        self.running: dict[int, TaskCall] = {}
        self.cleared: list[str] = []
        self.without_worker: set[int] = set()
        self._ended: list[TaskEvent] = []
        self.in_grace: Callable[[], Awaitable[None]] | None = None

    def clear_leftovers(self, instance: str) -> None:
        self.cleared.append(instance)

    async def start(self, sink: EventSink, requests: RequestHandler, capacity_changed: Callable[[], None]) -> None:
        self.sink, self.requests = sink, requests
        self.loop = asyncio.get_running_loop()

    def submit(self, call: TaskCall) -> None:
        self.calls.append(call)
        self.running[call.attempt_id] = call
        event = self.script(call)
        if event is not None:
            if not self._ended:
                self.loop.call_soon(self._tell_ended)
            self._ended.append(event)

    def _tell_ended(self) -> None:
        events, self._ended = self._ended, []
        self.tell(*events)

    def tell(self, *events: TaskEvent) -> None:
        for event in events:
            self.running.pop(event.attempt_id, None)
        self.sink(list(events))

    def cancel(self, attempt_id: int, grace_s: float) -> None:
        self.cancelled.append(attempt_id)
        call = self.running.get(attempt_id)
        if call is not None:
            self.loop.call_soon(self.tell, Lost(attempt_id, WorkerExit(signal=15)))

    def capacity(self) -> Capacity:
        return Capacity({"default": self.slots}, self.slots, self.slots - len(self.running))

    def workers(self) -> list[WorkerInfo]:
        return [WorkerInfo(f"w{at}", at, "", at, 0.0, 1, 1.0) for at in self.running if at not in self.without_worker]

    def attempts(self) -> frozenset[int]:
        return frozenset(self.running)

    async def stop(self, grace_s: float) -> None:
        self.slots = 0
        if self.in_grace is not None:
            await self.in_grace()
        self.tell(*[lose(call) for call in list(self.running.values())])


class FolderOf:
    """A DAG folder in memory."""

    def __init__(self, *dags: Dag, failures: dict[str, FoundFailure] | None = None) -> None:
        self.folder = Folder({dag.dag_id: FoundDag(dag, "b1", (dag.file,)) for dag in dags}, failures or {})

    async def load(self) -> Folder:
        return self.folder

    async def watch(self, changed: Callable[[Folder], None]) -> None:
        self.changed = changed
        await asyncio.Event().wait()


@asynccontextmanager
async def serving(
    store: Store, executor: ScriptedExecutor, *dags: Dag, home: Path, pools: dict[str, int] | None = None
) -> AsyncIterator[SchedulerService]:
    service = SchedulerService(store, executor, FolderOf(*dags), ServiceSettings(home, "test", pools or {}))
    await service.start()
    try:
        yield service
    finally:
        await service.stop(0)


async def trigger(service: SchedulerService, dag_id: str, **options: object) -> str:
    reply = await service.submit(TriggerRun(dag_id, "ann", **options))  # type: ignore[arg-type]
    assert isinstance(reply, Triggered), reply
    return reply.run.record.run_id


async def ended(service: SchedulerService, run_id: str) -> RunState:
    """Waits until the run has ended (at most 10 s)."""
    changes = service.subscribe()
    row = service.store.run(run_id)
    if row is not None and row.record.ended_at is not None:
        return row.record.state
    async with asyncio.timeout(10):
        async for events in changes:
            for event in events:
                if isinstance(event, RunChanged) and event.run_id == run_id and event.state in _ENDED:
                    return event.state
    raise AssertionError("the scheduler stopped before the run ended")


_ENDED = {RunState.SUCCESS, RunState.FAILED, RunState.CANCELLED}
