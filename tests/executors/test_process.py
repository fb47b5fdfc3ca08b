"""The process executor: the conformance suite, and what only it promises."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from potok.executors.process import ProcessExecutor, kill_leftovers
from potok.executors.process.leftovers import leftovers
from potok.model.dag import CallableRef, PythonWork, Task
from potok.model.wire import AskConnection, Connection, GotConnection, GotVariable, Inline, Lost
from potok.testing.executor_place import Ear, Place, eventually, is_alive, kill
from potok.testing.executor_suite import ExecutorSuite, OpenExecutor


class TestProcessExecutor(ExecutorSuite):
    __test__ = True

    @pytest.fixture
    def open_executor(self, tmp_path: Path) -> OpenExecutor:
        return lambda workers: ProcessExecutor(tmp_path, workers, warm=1)


_FLOW = """
import ctypes, os, subprocess, sys, time
from pathlib import Path
from random import Random

LOADED_AT = time.time()
HELD = []


def pid():
    return os.getpid()


def loaded_at():
    return LOADED_AT


def environment():
    return dict(os.environ)


def hold(megabytes):
    HELD.append(b"x" * (megabytes << 20))


def wait(path):
    child = subprocess.Popen(["sleep", "60"])
    Path(path).write_text(f"{os.getpid()} {child.pid}")
    child.wait()


def garble():
    for fd in range(3, 64):
        try:
            if os.readlink(f"/proc/self/fd/{fd}").startswith("socket:"):
                os.write(fd, b"\\xff\\xff\\xff\\xff not a message")
        except OSError:
            pass
    time.sleep(60)


def close_everything():
    os.closerange(3, 256)
    time.sleep(60)


def die_telling():
    from potok import connection, variable

    words = [connection("shop").extra["token"], *variable("keys")["inner"]]
    last = "".join(f"{word}\\n" for word in words).encode()
    ctypes.PyDLL(None).write(1, last, len(last))  # keeps the GIL: no other thread reads what stands in the pipe
    os.kill(os.getpid(), 9)


def fork_and_return():
    os.fork()
    return os.getpid()
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.write(_FLOW)
    return place


@asynccontextmanager
async def running(place: Place, workers: int = 2, **options: float) -> AsyncIterator[tuple[ProcessExecutor, Ear]]:
    executor, ear = ProcessExecutor(place.folder, workers, **options), Ear()  # type: ignore[arg-type]
    await executor.start(ear, ear.on_request, ear.on_capacity)
    try:
        yield executor, ear
    finally:
        await executor.stop(0.0)
        assert leftovers(executor.instance) == []


async def result(executor: ProcessExecutor, ear: Ear, place: Place, function: str, *args: object) -> object:
    call = place.python(function, *args)
    executor.submit(call)
    end = await ear.finished(call.attempt_id)
    assert isinstance(end.result, Inline), end
    value: object = json.loads(end.result.data)
    return value


async def pids_in(file: Path) -> list[int]:
    await eventually(lambda: file.exists() and len(file.read_text().split()) == 2, "the task did not start")
    return [int(word) for word in file.read_text().split()]


async def test_calls_of_one_file_share_a_warm_worker_and_its_import(place: Place) -> None:
    async with running(place) as (executor, ear):
        pids = {await result(executor, ear, place, "pid") for _ in range(5)}
        loads = {await result(executor, ear, place, "loaded_at") for _ in range(2)}
    assert len(pids) == len(loads) == 1


async def test_a_worker_never_serves_another_bundle(place: Place) -> None:
    other = Place(place.folder, "b2")
    other.write(_FLOW)
    async with running(place) as (executor, ear):
        first = await result(executor, ear, place, "pid")
        assert await result(executor, ear, other, "pid") != first
        assert await result(executor, ear, place, "pid") == first


async def test_an_idle_stranger_makes_room_within_the_limit_of_workers(place: Place) -> None:
    other = Place(place.folder, "b2")
    other.write(_FLOW)
    async with running(place, workers=1) as (executor, ear):
        first = await result(executor, ear, place, "pid")
        second = await result(executor, ear, other, "pid")
        assert first != second
        assert [info.pid for info in executor.workers()] == [second]


async def test_lean_workers_are_kept_in_stock_and_made_anew(place: Place) -> None:
    async with running(place, workers=3, warm=2) as (executor, ear):
        await eventually(lambda: len(executor.workers()) == 2, "two lean workers are forked at the start")
        assert {info.bundle for info in executor.workers()} == {""}
        await result(executor, ear, place, "pid")
        await eventually(lambda: len(executor.workers()) == 3, "the used one is replaced")
        assert sorted(info.bundle for info in executor.workers()) == ["", "", "b1"]


async def test_a_worker_that_is_idle_for_long_is_replaced_by_a_lean_one(place: Place) -> None:
    async with running(place, workers=2, warm=2, idle_retire_s=0.1) as (executor, ear):
        used = await result(executor, ear, place, "pid")
        await eventually(lambda: {info.bundle for info in executor.workers()} == {""}, "the idle worker is retired")
        await eventually(lambda: len(executor.workers()) == 2, "the stock is full again")
        await eventually(lambda: not is_alive(int(str(used))), "the retired process ends")


async def test_a_worker_is_replaced_after_its_number_of_calls(place: Place) -> None:
    async with running(place, max_calls_per_worker=3) as (executor, ear):
        pids = [await result(executor, ear, place, "pid") for _ in range(6)]
    assert len(set(pids[:3])) == len(set(pids[3:])) == 1
    assert pids[0] != pids[3]


async def test_a_worker_that_holds_too_much_memory_is_replaced(place: Place) -> None:
    async with running(place, rss_max_mb=100) as (executor, ear):
        before = await result(executor, ear, place, "pid")
        call = place.python("hold", 120)
        executor.submit(call)
        end = await ear.finished(call.attempt_id)
        assert end.usage.rss_peak_mb > 120
        assert await result(executor, ear, place, "pid") != before


async def test_isolation_fork_gives_each_call_a_process(place: Place) -> None:
    async with running(place) as (executor, ear):
        calls = [place.fork("pid") for _ in range(3)]
        for call in calls:
            executor.submit(call)
        pids = {(await ear.finished(call.attempt_id)).pid for call in calls}
    assert len(pids) == 3


async def test_more_calls_than_workers_wait_and_run(place: Place) -> None:
    async with running(place, workers=1) as (executor, ear):
        calls = [place.python("pid") for _ in range(5)]
        for call in calls:
            executor.submit(call)
        pids = {(await ear.finished(call.attempt_id)).pid for call in calls}
    assert len(pids) == 1


async def test_tasks_inherit_the_environment_without_our_secrets(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POTOK_API_TOKEN", "the admin's token")
    monkeypatch.setenv("POTOK_CONN_SHOP", "postgres://shop:secret@db/shop")
    monkeypatch.setenv("POTOK_URL", "http://127.0.0.1:8080")
    monkeypatch.setenv("SHOP_NAME", "corner")
    async with running(place) as (executor, ear):
        seen = await result(executor, ear, place, "environment")
    assert isinstance(seen, dict)
    assert seen["SHOP_NAME"] == "corner"
    assert {name for name in seen if name.startswith("POTOK_")} <= {
        "POTOK_URL", "POTOK_HOME", "POTOK_INSTANCE", "POTOK_ZYGOTE",
    }  # fmt: skip
    assert "secret@db" not in json.dumps(seen)


async def test_secrets_are_masked_in_the_last_words_of_a_killed_worker(place: Place) -> None:
    shop = GotConnection(Connection("shop", password="pa55word", extra={"token": "t0ken of the shop"}))
    keys = GotVariable({"inner": ["first key", "second key"]}, secret=True)
    async with running(place) as (executor, ear):
        ear.answer = lambda request: shop if isinstance(request, AskConnection) else keys
        call = place.python("die_telling")
        executor.submit(call)
        end = await ear.lost(call.attempt_id)
    assert end.exit.signal == signal.SIGKILL
    assert place.texts(end) == ["***", "***", "***"]


async def test_the_death_of_the_zygote_loses_what_ran_and_nothing_else(place: Place) -> None:
    file = place.folder / "p"
    async with running(place) as (executor, ear):
        call = place.python("wait", str(file))
        executor.submit(call)
        worker, child = await pids_in(file)
        zygote = executor.zygote_pid
        assert zygote is not None
        kill(zygote)
        end = await ear.lost(call.attempt_id)
        assert end.exit.signal == signal.SIGKILL
        assert [pid for pid in (zygote, worker, child) if is_alive(pid)] == []
        await eventually(lambda: ear.capacity_changes > 0, "the zygote is started anew")
        assert await result(executor, ear, place, "pid") != worker


async def test_a_call_that_comes_while_there_is_no_zygote_runs_later(place: Place) -> None:
    async with running(place) as (executor, ear):
        zygote = executor.zygote_pid
        assert zygote is not None
        kill(zygote)
        await eventually(lambda: executor.zygote_pid != zygote, "the death is noticed")
        assert isinstance(await result(executor, ear, place, "pid"), int)


@pytest.mark.parametrize("function", ["garble", "close_everything"])
async def test_a_worker_that_breaks_its_own_socket_is_killed_and_lost(place: Place, function: str) -> None:
    async with running(place) as (executor, ear):
        call = place.python(function)
        executor.submit(call)
        end = await ear.lost(call.attempt_id)
        assert end.exit.signal == signal.SIGKILL
        assert isinstance(await result(executor, ear, place, "pid"), int)


async def test_a_forked_child_that_comes_back_does_not_answer_in_its_parents_name(place: Place) -> None:
    async with running(place) as (executor, ear):
        call = place.python("fork_and_return")
        executor.submit(call)
        end = await ear.finished(call.attempt_id)
        assert end.result == Inline(str(end.pid).encode())
        after = place.python("pid")
        executor.submit(after)
        await ear.finished(after.attempt_id)
    assert len(ear.ends(call.attempt_id)) == 1


_SERVER = """
import asyncio, sys
from pathlib import Path
from random import Random
from potok.executors.process import ProcessExecutor
from potok.testing.executor_place import Ear, Place


async def main():
    place, ear = Place(Path(sys.argv[1])), Ear()
    executor = ProcessExecutor(place.folder, 2, instance=sys.argv[2])
    await executor.start(ear, ear.on_request, ear.on_capacity)
    executor.submit(place.python("wait", str(place.folder / "p")))
    await asyncio.sleep(60)


asyncio.run(main())
"""


@pytest.mark.chaos
async def test_the_death_of_the_server_leaves_no_process(place: Place) -> None:
    instance = f"test-{os.getpid()}"
    server = subprocess.Popen([sys.executable, "-c", _SERVER, str(place.folder), instance])
    try:
        worker, child = await pids_in(place.folder / "p")
        assert {worker, child} <= set(leftovers(instance))
    finally:
        server.kill()
        server.wait()
    await eventually(lambda: leftovers(instance) == [], "everything below the server ends with it")
    assert not is_alive(worker)
    assert not is_alive(child)


@pytest.mark.chaos
async def test_what_outlives_server_and_zygote_is_found_by_its_mark(place: Place) -> None:
    """Both are killed at once, so nobody is left to kill the task's child: the next server does."""
    instance = f"test-both-{os.getpid()}"
    server = subprocess.Popen([sys.executable, "-c", _SERVER, str(place.folder), instance])
    try:
        _, child = await pids_in(place.folder / "p")
        zygote = next(pid for pid in leftovers(instance) if "potok.worker.zygote" in command_of(pid) and leads(pid))
        os.kill(zygote, signal.SIGSTOP)
    finally:
        server.kill()
        server.wait()
    kill(zygote)
    assert await asyncio.to_thread(kill_leftovers, instance) > 0
    assert leftovers(instance) == []
    assert not is_alive(child)


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def leads(pid: int) -> bool:
    """A zygote's parent is the server, a worker's (same command line) is the zygote."""
    parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return "potok.worker.zygote" not in command_of(parent)


async def test_many_workers_leave_no_descriptor_behind(place: Place) -> None:
    def descriptors() -> int:
        return len(os.listdir("/proc/self/fd"))

    async with running(place, warm=0) as (executor, ear):
        zygote = executor.zygote_pid
        before = descriptors(), len(os.listdir(f"/proc/{zygote}/fd"))
        for _ in range(10):
            call = place.fork("pid")
            executor.submit(call)
            await ear.finished(call.attempt_id)
        await eventually(lambda: (descriptors(), len(os.listdir(f"/proc/{zygote}/fd"))) == before, "descriptors leak")


async def test_stopping_while_the_zygote_is_started_anew_leaves_no_process(place: Place) -> None:
    async with running(place) as (executor, _):
        zygote = executor.zygote_pid
        assert zygote is not None
        kill(zygote)
        await eventually(lambda: executor.zygote_pid is None, "the death is noticed")
        await executor.stop(0.0)
        assert leftovers(executor.instance) == []


async def test_more_results_than_a_message_holds_fail_the_task_with_one_sentence(place: Place) -> None:
    upstream = {"a": Inline(b'"' + b"x" * (40 << 20) + b'"'), "b": Inline(b'"' + b"x" * (30 << 20) + b'"')}
    task = Task("pid", PythonWork(CallableRef("pid")))
    async with running(place) as (executor, ear):
        call = place.call(task, upstream=upstream)
        executor.submit(call)
        end = await ear.finished(call.attempt_id)
        assert end.error is not None
        assert end.error.message == (
            "the results of the tasks above come to 70 MB, more than the 64 MB of a message: return paths, or tables"
        )
        assert isinstance(await result(executor, ear, place, "pid"), int)


@pytest.mark.chaos
@pytest.mark.skipif(not os.access("/sys/fs/cgroup/memory", os.W_OK), reason="needs a memory cgroup to write to")
async def test_a_kill_for_memory_is_named_as_such(place: Place) -> None:
    cgroup = Path(f"/sys/fs/cgroup/memory/potok-test-{os.getpid()}")
    cgroup.mkdir()
    try:
        (cgroup / "memory.limit_in_bytes").write_text(str(64 << 20))
        async with running(place) as (executor, ear):
            worker = await result(executor, ear, place, "pid")
            (cgroup / "cgroup.procs").write_text(str(worker))
            call = place.python("hold", 200)
            executor.submit(call)
            end = await ear.lost(call.attempt_id)
        assert (end.exit.signal, end.exit.oom) == (signal.SIGKILL, True)
    finally:
        cgroup.rmdir()


@pytest.mark.chaos
async def test_a_storm_of_kills_ends_each_attempt_exactly_once(place: Place) -> None:
    """Workers are killed at random instants, the zygote twice; every attempt still ends once, by outcome or by loss."""
    random = Random(20260101)
    place.write("import time\n\ndef work(length_s):\n    time.sleep(length_s)\n")
    async with running(place, workers=3) as (executor, ear):
        calls = [place.python("work", random.choice((0.0, 0.001, 0.01))) for _ in range(300)]
        for number, call in enumerate(calls):
            executor.submit(call)
            if number % 5 == 0:
                victims = [info.pid for info in executor.workers()]
                if victims:
                    kill(random.choice(victims))
            if number in (100, 200) and executor.zygote_pid is not None:
                kill(executor.zygote_pid)
            await asyncio.sleep(random.choice((0.0, 0.002, 0.006)))
        for call in calls:
            await ear.end(call.attempt_id, 60.0)
        ends = [len(ear.ends(call.attempt_id)) for call in calls]
        assert ends == [1] * len(calls)
        assert executor.capacity().total_free == 3
        lost = [end for call in calls for end in ear.ends(call.attempt_id) if isinstance(end, Lost)]
        assert lost
        assert {end.exit.signal for end in lost} <= {signal.SIGKILL, None}
