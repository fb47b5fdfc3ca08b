"""A commit whose fate nobody knows, met in the middle of a replay: the order is carried out once, and answered so."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from potok.scheduler.commands import Reply, Triggered, TriggerRun
from potok.scheduler.dag_book import Folder, FoundDag
from potok.scheduler.service import SchedulerService, ServiceSettings
from potok.store.protocol import CommitFailedError, CommitUnknownError
from potok.store.rows import Batch
from potok.store.sqlite.store import SqliteStore
from potok.testing.simulation import Faults
from potok.testing.simulation.store import FaultyStore
from potok.testing.simulation.virtual_loop import VirtualLoop
from potok.testing.simulation.workers import VirtualWorkers
from tests.engine.builds import dag, task


class Scripted(FaultyStore):
    """Commits that make a run follow the script; all others go through."""

    def __init__(self, script: list[str]) -> None:
        super().__init__(Random(1), Faults(), lambda batch: None)
        self.script = script

    def commit(self, batch: Batch) -> None:
        step = self.script.pop(0) if batch.runs_new and self.script else "through"
        if step == "refused":
            raise CommitFailedError("scripted: this turn breaks a rule")
        if step in ("through", "unknown, written"):
            SqliteStore.commit(self, batch)
        if step.startswith("unknown"):
            self.is_down = True
            raise CommitUnknownError("scripted: the connection broke during COMMIT")


@pytest.fixture
def loop() -> Iterator[VirtualLoop]:
    loop = VirtualLoop(0.0, lambda: 0.01)
    yield loop
    loop.abandon()


class Source:
    """A folder with one DAG that never changes."""

    async def load(self) -> Folder:
        one = dag(task("a"), file="d.py")
        return Folder({"d": FoundDag(one, "b1", ("d.py",))}, {})

    async def watch(self, changed: object) -> None:
        pass


async def order(service: SchedulerService, store: Scripted, loop: VirtualLoop) -> Reply:
    await service.start()
    # the store is out of reach for a while; the scheduler must wait for it before it does anything twice
    loop.call_later(5.0, setattr, store, "is_down", False)
    return await service.submit(TriggerRun("d", "ann", note="once"))


@pytest.mark.parametrize("fate", ["unknown, written", "unknown, lost"])
@pytest.mark.parametrize("inline", [True, False])
def test_an_order_in_a_replay_is_carried_out_once(loop: VirtualLoop, fate: str, inline: bool) -> None:
    store = Scripted(["refused", fate])
    store.upgrade()
    store.commits_inline = inline
    workers = VirtualWorkers(
        loop, Random(1), Faults(), loop.time, lambda call: None, lambda attempt: None, lambda attempt: None
    )
    settings = ServiceSettings(Path("simulated"), "life", {})
    service = SchedulerService(store, workers, Source(), settings, loop.time)
    reply = loop.run_until_complete(order(service, store, loop))
    runs, _ = store.honest().list_runs(limit=10)
    assert len(runs) <= 1
    assert isinstance(reply, Triggered) == bool(runs), reply
    if fate == "unknown, written":
        assert isinstance(reply, Triggered)
    store.close()
