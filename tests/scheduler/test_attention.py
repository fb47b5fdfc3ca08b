"""What needs a person is written in the turn that ends a run, and ends by itself once the DAG is well."""

from __future__ import annotations

import time
from pathlib import Path

from potok.engine.slot_use import SlotUse
from potok.model.dag import Dag
from potok.model.reason import Reason
from potok.model.wire import TaskCall, TaskEvent
from potok.scheduler.commands import (
    AskBoard,
    BoardIs,
    CancelRun,
    DeleteMute,
    Done,
    Failed,
    FailureKind,
    MarkTasks,
    PutMute,
    RetryRun,
)
from potok.scheduler.service import SchedulerService
from potok.store.open import open_store
from potok.store.protocol import Store
from tests.scheduler.scripted import ScriptedExecutor, chain_of, ended, fail, lose, serving, succeed, task, trigger


class Moody:
    """Fails with the message that is set, and succeeds without one."""

    def __init__(self) -> None:
        self.message = "row 1 is bad"

    def __call__(self, call: TaskCall) -> TaskEvent:
        return fail(call, message=self.message) if self.message else succeed(call)


async def board(service: SchedulerService) -> BoardIs:
    reply = await service.submit(AskBoard())
    assert isinstance(reply, BoardIs)
    return reply


async def test_equal_errors_are_one_open_failure_until_the_dag_succeeds(store: Store, tmp_path: Path) -> None:
    moody = Moody()
    async with serving(store, ScriptedExecutor(moody), chain_of("etl", "a", "b"), home=tmp_path) as service:
        for number in (1, 2, 3):
            moody.message = f"row {number} is bad"
            await ended(service, await trigger(service, "etl"))
        [failure] = store.open_failures(9)
        assert (failure.dag_id, failure.run_keys, failure.position) == ("etl", (1, 2, 3), 0)
        moody.message = ""
        await ended(service, await trigger(service, "etl"))
        assert store.open_failures(9) == []


async def test_a_retry_that_succeeds_closes_the_failure_and_one_that_fails_otherwise_replaces_it(
    store: Store, tmp_path: Path
) -> None:
    moody = Moody()
    async with serving(store, ScriptedExecutor(moody), chain_of("etl", "a"), home=tmp_path) as service:
        run_id = await trigger(service, "etl")
        await ended(service, run_id)
        [first] = store.open_failures(9)
        moody.message = "disk full"
        await service.submit(RetryRun(run_id, "ann"))
        await ended(service, run_id)
        [second] = store.open_failures(9)
        assert second.signature != first.signature
        moody.message = ""
        await service.submit(RetryRun(run_id, "ann"))
        await ended(service, run_id)
        assert store.open_failures(9) == []


async def test_a_failure_that_a_newer_success_has_overtaken_needs_nobody(store: Store, tmp_path: Path) -> None:
    held: list[TaskCall] = []

    def script(call: TaskCall) -> TaskEvent | None:
        held.append(call)
        return None

    executor = ScriptedExecutor(script)
    async with serving(store, executor, chain_of("etl", "a"), home=tmp_path) as service:
        older, newer = await trigger(service, "etl"), await trigger(service, "etl")
        executor.tell(succeed(held[1]))
        await ended(service, newer)
        executor.tell(fail(held[0]))
        await ended(service, older)
        assert store.open_failures(9) == []


async def test_a_failed_run_that_is_marked_well_or_cancelled_needs_nobody(store: Store, tmp_path: Path) -> None:
    from potok.model.state import TaskState

    moody = Moody()
    async with serving(store, ScriptedExecutor(moody), chain_of("etl", "a"), home=tmp_path) as service:
        run_id = await trigger(service, "etl")
        await ended(service, run_id)
        await service.submit(MarkTasks(run_id, "ann", ("a",), TaskState.SUCCESS))
        assert store.open_failures(9) == []
        other = await trigger(service, "etl")
        await ended(service, other)
        service.executor.script = lambda call: None  # type: ignore[attr-defined]
        await service.submit(RetryRun(other, "ann"))
        await service.submit(CancelRun(other, "ann"))
        await ended(service, other)
        assert store.open_failures(9) == []


async def test_open_failures_and_mutes_outlive_the_server(store_url: str, tmp_path: Path) -> None:
    moody = Moody()
    for _ in range(2):
        opened = open_store(store_url)
        opened.upgrade()
        async with serving(opened, ScriptedExecutor(moody), chain_of("etl", "a"), home=tmp_path) as service:
            await ended(service, await trigger(service, "etl"))
            await service.submit(PutMute("dag:etl", "ann"))
        opened.close()
    opened = open_store(store_url)
    assert [failure.run_keys for failure in opened.open_failures(9)] == [(1, 2)]
    assert [mute.key for mute in opened.mutes()] == ["dag:etl"]
    opened.close()


async def test_a_mute_until_the_next_success_ends_with_it_and_one_until_a_time_stays(
    store: Store, tmp_path: Path
) -> None:
    moody, later = Moody(), time.time() + 3600
    async with serving(store, ScriptedExecutor(moody), chain_of("etl", "a"), home=tmp_path) as service:
        await ended(service, await trigger(service, "etl"))
        [failure] = store.open_failures(9)
        key = f"failed:etl:{failure.signature}"
        assert isinstance(await service.submit(PutMute(key, "ann", note="known")), Done)
        assert isinstance(await service.submit(PutMute("late:etl", "ann", later)), Done)
        assert isinstance(await service.submit(PutMute("late:other", "ann")), Done)
        moody.message = ""
        await ended(service, await trigger(service, "etl"))
        assert [(mute.key, mute.until) for mute in store.mutes()] == [("late:etl", later), ("late:other", None)]
        assert {row.action for row in store.audit()} >= {"mute"}


async def test_a_mute_that_makes_no_sense_is_refused_with_a_sentence(store: Store, tmp_path: Path) -> None:
    async with serving(store, ScriptedExecutor(), chain_of("etl", "a"), home=tmp_path) as service:
        for command in (
            PutMute("nonsense", "ann"),
            PutMute("weather:etl", "ann"),
            PutMute("unserved_queue:gpu", "ann"),
            PutMute("late:etl", "ann", time.time() - 1),
        ):
            reply = await service.submit(command)
            assert isinstance(reply, Failed) and reply.kind is FailureKind.INVALID, command
        reply = await service.submit(DeleteMute("late:etl", "ann"))
        assert isinstance(reply, Failed) and reply.kind is FailureKind.NOT_FOUND
        assert store.mutes() == []


async def test_the_board_tells_what_waits_longest_and_for_what(store: Store, tmp_path: Path) -> None:
    dag = Dag("etl", (task("a", pool="p"), task("b", pool="p"), task("c", queue="gpu")), file="etl.py")
    executor = ScriptedExecutor(lambda call: None)
    async with serving(store, executor, dag, home=tmp_path, pools={"p": 1}) as service:
        run_id = await trigger(service, "etl")
        found = await board(service)
        assert (found.running, found.queued, found.slots, found.free) == (1, 2, 4, 3)
        assert found.oldest_queued is not None
        assert (found.oldest_queued.run_id, found.oldest_queued.task_id) == (run_id, "b")
        assert found.oldest_queued.reason.code == "wait_pool"
        [queue] = found.unserved
        assert (queue.queue, queue.tasks, queue.first.task_id) == ("gpu", 1, "c")
        assert queue.first.reason == Reason("wait_queue", {"queue": "gpu"})
        assert found.slot_use is None or isinstance(found.slot_use, SlotUse)


async def test_a_lost_worker_is_told_while_its_run_goes_on(store: Store, tmp_path: Path) -> None:
    ends = [lose, lose, None]
    executor = ScriptedExecutor(lambda call: end(call) if (end := ends.pop(0)) else None)
    async with serving(store, executor, chain_of("etl", "a"), home=tmp_path) as service:
        run_id = await trigger(service, "etl")
        while not executor.running or ends:
            await _turns()
        [loss] = (await board(service)).losses
        assert (loss.run_id, loss.task_id, loss.times) == (run_id, "a", 2)
        assert "SIGKILL" in loss.how
        executor.tell(succeed(next(iter(executor.running.values()))))
        await ended(service, run_id)
        assert (await board(service)).losses == ()


async def _turns() -> None:
    import asyncio

    await asyncio.sleep(0)
