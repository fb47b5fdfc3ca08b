"""One worker behind a real executor, for tests of what happens inside it."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from potok.executors.process import ProcessExecutor
from potok.model.dag import Task
from potok.model.wire import Finished, Inline, Lost, TaskCall
from potok.testing.executor_place import Ear, Place


class OneWorker:
    """Submits calls to an executor of one worker and waits for their ends."""

    def __init__(self, place: Place, executor: ProcessExecutor, ear: Ear) -> None:
        self.place = place
        self.executor = executor
        self.ear = ear

    async def run(self, work: TaskCall | Task) -> Finished:
        call = self.place.call(work) if isinstance(work, Task) else work
        self.executor.submit(call)
        return await self.ear.finished(call.attempt_id)

    async def lose(self, call: TaskCall) -> Lost:
        self.executor.submit(call)
        return await self.ear.lost(call.attempt_id)

    async def value(self, work: TaskCall | Task) -> object:
        """The result of a task that succeeds."""
        end = await self.run(work)
        assert end.outcome == "success", end.error
        assert end.result is None or isinstance(end.result, Inline), end.result
        return None if end.result is None else json.loads(end.result.data)

    async def error(self, work: TaskCall | Task) -> str:
        """`Kind: message` of a task that fails."""
        end = await self.run(work)
        assert end.error is not None, end
        return f"{end.error.kind}: {end.error.message}"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
async def worker(place: Place) -> AsyncIterator[OneWorker]:
    executor, ear = ProcessExecutor(place.folder, 1, warm=1), Ear()
    await executor.start(ear, ear.on_request, ear.on_capacity)
    yield OneWorker(place, executor, ear)
    await executor.stop(0.0)
