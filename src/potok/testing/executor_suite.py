"""The conformance suite of executors: what every implementation of `potok.executors.protocol.Executor` must hold.

    class TestMyExecutor(ExecutorSuite):
        __test__ = True

        @pytest.fixture
        def open_executor(self, tmp_path): return lambda workers: MyExecutor(tmp_path, workers)

Tasks are real processes on this machine: the suite reads what they did from files and from /proc.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from potok.executors.protocol import Executor
from potok.model.dag import CallableRef, FromParam, FromTask, PythonWork, Task
from potok.model.wire import AskResult, GotResult, Inline, Lost, Outcome, Refused, Stored, TaskCall
from potok.testing.executor_place import Ear, Place, eventually, inline, is_alive, kill

OpenExecutor = Callable[[int], Executor]

_FLOW = """
import ctypes, logging, os, subprocess, sys, time
from pathlib import Path

from potok.authoring.runtime import Skip


def nothing():
    pass


def add(left, right):
    return left + right


def pid():
    return os.getpid()


def leave_mark(path):
    with open(path, "a") as file:
        file.write("x")


def skip():
    raise Skip("nothing to do")


def fail():
    raise ValueError("no such customer")


def leave():
    sys.exit(3)


def vanish():
    print("about to vanish", flush=True)
    os._exit(3)


def crash():
    print("about to crash")
    ctypes.string_at(0)


def unserializable():
    return {"handles": [open(os.devnull)]}


def large(size):
    return "x" * size


def wait(path):
    Path(path).write_text(str(os.getpid()))
    time.sleep(60)


def wait_with_child(path):
    child = subprocess.Popen(["sleep", "60"])
    Path(path).write_text(f"{os.getpid()} {child.pid}")
    child.wait()


def leave_children(path):
    daemon = subprocess.Popen(["setsid", "sleep", "60"])
    Path(path).write_text(f"{os.getpid()} {daemon.pid}")


def stubborn(path):
    Path(path).write_text(str(os.getpid()))
    while True:
        try:
            time.sleep(60)
        except BaseException:
            pass


def flood(megabytes):
    line = "x" * 1023
    for _ in range(megabytes * 1024):
        print(line)


def talk():
    print("to stdout")
    print("to stderr", file=sys.stderr)
    logging.getLogger("shop").warning("to the log")
    os.write(1, b"bytes \\xff\\x00 end\\n")
    subprocess.run(["sh", "-c", "echo from a child; echo its error >&2"])


def ask(task_id):
    from potok.authoring.requests import result_of

    return result_of(task_id)


def ask_as_another():
    from potok.authoring import requests
    from potok.model.wire import AskResult

    reply = requests._desk().ask(AskResult(999_999, "another's token", "upstream"))
    return type(reply).__name__
"""


class ExecutorSuite:
    """Give `open_executor`; `__test__ = True` turns a subclass on."""

    __test__ = False

    @pytest.fixture
    def open_executor(self) -> OpenExecutor:
        raise NotImplementedError

    @pytest.fixture
    def place(self, tmp_path: Path) -> Place:
        place = Place(tmp_path)
        place.write(_FLOW)
        return place

    @asynccontextmanager
    async def running(self, open_executor: OpenExecutor, workers: int = 2) -> AsyncIterator[tuple[Executor, Ear]]:
        executor, ear = open_executor(workers), Ear()
        await executor.start(ear, ear.on_request, ear.on_capacity)
        try:
            yield executor, ear
        finally:
            await executor.stop(0.0)

    # -- outcomes ----------------------------------------------------------------------------------------------------

    async def test_a_result_comes_back_with_times_usage_and_pid(
        self, open_executor: OpenExecutor, place: Place
    ) -> None:
        async with self.running(open_executor) as (executor, ear):
            call = place.python("add", 2, 3)
            executor.submit(call)
            end = await ear.finished(call.attempt_id)
        assert end.outcome is Outcome.SUCCESS
        assert end.result == Inline(b"5")
        assert end.started_at <= end.ended_at
        assert end.pid > 0
        assert end.usage.rss_peak_mb > 1
        assert end.log is None

    async def test_a_task_without_result_succeeds_with_none(self, open_executor: OpenExecutor, place: Place) -> None:
        async with self.running(open_executor) as (executor, ear):
            call = place.python("nothing")
            executor.submit(call)
            end = await ear.finished(call.attempt_id)
        assert (end.outcome, end.result) == (Outcome.SUCCESS, None)

    async def test_results_of_tasks_above_and_params_become_arguments(
        self, open_executor: OpenExecutor, place: Place
    ) -> None:
        task = Task(
            "add", PythonWork(CallableRef("add")), args=(FromTask("above", "sum"),), kwargs={"right": FromParam("n")}
        )
        async with self.running(open_executor) as (executor, ear):
            call = place.call(task, params={"n": 4}, upstream={"above": inline({"sum": 3})})
            executor.submit(call)
            end = await ear.finished(call.attempt_id)
        assert end.result == Inline(b"7")

    async def test_an_error_tells_its_class_its_bases_and_the_line(
        self, open_executor: OpenExecutor, place: Place
    ) -> None:
        async with self.running(open_executor) as (executor, ear):
            call = place.python("fail")
            executor.submit(call)
            end = await ear.finished(call.attempt_id)
        assert end.outcome is Outcome.FAILED
        assert end.error is not None
        assert (end.error.kind, end.error.message) == ("ValueError", "no such customer")
        assert {"ValueError", "Exception"} <= set(end.error.names)
        line = 1 + _FLOW.splitlines().index('    raise ValueError("no such customer")')
        assert end.error.location == f"flow.py:{line}"
        assert 'File "flow.py"' in end.error.traceback
        assert "potok/worker" not in end.error.traceback

    async def test_a_skip_is_told_with_its_reason(self, open_executor: OpenExecutor, place: Place) -> None:
        async with self.running(open_executor) as (executor, ear):
            call = place.python("skip")
            executor.submit(call)
            end = await ear.finished(call.attempt_id)
        assert (end.outcome, end.skip_reason) == (Outcome.SKIPPED, "nothing to do")

    async def test_sys_exit_fails_the_task_and_not_its_worker(self, open_executor: OpenExecutor, place: Place) -> None:
        async with self.running(open_executor) as (executor, ear):
            call, after = place.python("leave"), place.python("add", 1, 1)
            executor.submit(call)
            end = await ear.finished(call.attempt_id)
            executor.submit(after)
            next_end = await ear.finished(after.attempt_id)
        assert end.error is not None
        assert end.error.message == "called sys.exit(3)"
        assert next_end.pid == end.pid

    async def test_a_result_without_json_form_fails_with_one_sentence(
        self, open_executor: OpenExecutor, place: Place
    ) -> None:
        async with self.running(open_executor) as (executor, ear):
            call = place.python("unserializable")
            executor.submit(call)
            end = await ear.finished(call.attempt_id)
        assert end.outcome is Outcome.FAILED
        assert end.error is not None
        assert "the result['handles'][0] (a _io.TextIOWrapper) cannot be kept as JSON" in end.error.message
        assert end.error.traceback == ""

    async def test_a_large_result_is_stored_and_can_be_passed_on(
        self, open_executor: OpenExecutor, place: Place
    ) -> None:
        size = 100_000
        async with self.running(open_executor) as (executor, ear):
            call = place.python("large", size)
            executor.submit(call)
            end = await ear.finished(call.attempt_id)
            assert isinstance(end.result, Stored)
            assert (place.results_dir / end.result.key).stat().st_size == end.result.size
            task = Task("add", PythonWork(CallableRef("add")), args=(FromTask("large"), FromTask("large")))
            user = place.call(task, upstream={"large": end.result})
            executor.submit(user)
            used = await ear.finished(user.attempt_id)
        assert isinstance(used.result, Stored)
        assert used.result.size == 2 * size + 2

    async def test_a_result_of_50_mb_fails_with_one_sentence(self, open_executor: OpenExecutor, place: Place) -> None:
        async with self.running(open_executor) as (executor, ear):
            call = place.python("large", 50_000_000)
            executor.submit(call)
            end = await ear.finished(call.attempt_id)
        assert end.error is not None
        assert end.error.message.startswith("the result has 50 MB as JSON and at most 32 MB is kept")

    # -- each attempt ends once --------------------------------------------------------------------------------------

    async def test_an_attempt_submitted_twice_runs_once(self, open_executor: OpenExecutor, place: Place) -> None:
        mark = place.folder / "mark"
        async with self.running(open_executor) as (executor, ear):
            call = place.python("leave_mark", str(mark))
            executor.submit(call)
            executor.submit(call)
            await ear.finished(call.attempt_id)
            executor.submit(call)
            after = place.python("nothing")
            executor.submit(after)
            await ear.finished(after.attempt_id)
        assert mark.read_text() == "x"
        assert len(ear.ends(call.attempt_id)) == 1

    async def test_each_of_many_attempts_ends_exactly_once(self, open_executor: OpenExecutor, place: Place) -> None:
        async with self.running(open_executor) as (executor, ear):
            calls = [place.python(name) for name in ("nothing", "fail", "skip", "vanish", "nothing") * 4]
            for call in calls:
                await eventually(lambda: executor.capacity().total_free > 0, "no slot became free")
                executor.submit(call)
            for call in calls:
                await ear.end(call.attempt_id)
        assert [len(ear.ends(call.attempt_id)) for call in calls] == [1] * len(calls)

    async def test_capacity_counts_what_runs(self, open_executor: OpenExecutor, place: Place) -> None:
        async with self.running(open_executor, workers=2) as (executor, ear):
            assert (executor.capacity().total, executor.capacity().total_free) == (2, 2)
            call = place.python("wait", str(place.folder / "pid"))
            executor.submit(call)
            assert executor.capacity().total_free == 1
            executor.cancel(call.attempt_id, 0.0)
            await ear.end(call.attempt_id)
            assert executor.capacity().total_free == 2
            assert executor.capacity().slots == {"default": 2}

    # -- deaths ------------------------------------------------------------------------------------------------------

    async def test_a_killed_worker_is_a_loss_with_its_signal_and_leaves_no_orphan(
        self, open_executor: OpenExecutor, place: Place
    ) -> None:
        async with self.running(open_executor) as (executor, ear):
            call = place.python("wait_with_child", str(place.folder / "p"))
            worker, child = await self.started(executor, place, call)
            kill(worker)
            end = await ear.lost(call.attempt_id)
            assert not is_alive(worker)
            assert not is_alive(child)
        assert (end.exit.signal, end.exit.exit_code) == (signal.SIGKILL, None)

    async def test_cancel_reaches_grandchildren(self, open_executor: OpenExecutor, place: Place) -> None:
        command = f"sleep 60 & echo $$ $! > {place.folder}/p.part && mv {place.folder}/p.part {place.folder}/p; wait"
        async with self.running(open_executor) as (executor, ear):
            call = place.bash(command)
            bash, child = await self.started(executor, place, call)
            executor.cancel(call.attempt_id, 5.0)
            await ear.end(call.attempt_id)
            assert not is_alive(bash)
            assert not is_alive(child)

    async def test_a_task_that_ignores_the_request_to_end_is_killed(
        self, open_executor: OpenExecutor, place: Place
    ) -> None:
        async with self.running(open_executor) as (executor, ear):
            call = place.python("stubborn", str(place.folder / "p"))
            (worker,) = await self.started(executor, place, call)
            executor.cancel(call.attempt_id, 0.1)
            end = await ear.lost(call.attempt_id)
            assert not is_alive(worker)
        assert end.exit.signal == signal.SIGKILL
        assert not end.exit.oom

    async def test_cancel_of_an_unknown_attempt_does_nothing(self, open_executor: OpenExecutor, place: Place) -> None:
        async with self.running(open_executor) as (executor, ear):
            executor.cancel(999_999, 0.0)
            call = place.python("nothing")
            executor.submit(call)
            await ear.finished(call.attempt_id)

    async def test_a_crash_is_named_by_its_signal_and_keeps_the_tail_of_the_log(
        self, open_executor: OpenExecutor, place: Place
    ) -> None:
        async with self.running(open_executor) as (executor, ear):
            call = place.python("crash")
            executor.submit(call)
            end = await ear.lost(call.attempt_id)
        assert end.exit.signal == signal.SIGSEGV
        texts = place.texts(end)
        assert texts[0] == "about to crash"
        assert any("Segmentation fault" in text for text in texts)
        assert any("in crash" in text for text in texts)

    async def test_an_exit_code_is_kept_with_the_tail_of_the_log(
        self, open_executor: OpenExecutor, place: Place
    ) -> None:
        async with self.running(open_executor) as (executor, ear):
            call = place.python("vanish")
            executor.submit(call)
            end = await ear.lost(call.attempt_id)
        assert (end.exit.exit_code, end.exit.signal) == (3, None)
        assert place.texts(end) == ["about to vanish"]

    async def test_processes_that_a_task_leaves_behind_end_with_it(
        self, open_executor: OpenExecutor, place: Place
    ) -> None:
        async with self.running(open_executor) as (executor, ear):
            call = place.python("leave_children", str(place.folder / "p"))
            _, daemon = await self.started(executor, place, call)
            await ear.finished(call.attempt_id)
            await eventually(lambda: not is_alive(daemon), "the daemon lives on")

    async def test_stop_leaves_no_process(self, open_executor: OpenExecutor, place: Place) -> None:
        async with self.running(open_executor) as (executor, ear):
            call = place.python("wait_with_child", str(place.folder / "p"))
            worker, child = await self.started(executor, place, call)
            workers = [info.pid for info in executor.workers()]
            assert worker in workers
            await executor.stop(0.0)
            assert [pid for pid in (*workers, child) if is_alive(pid)] == []
            assert isinstance(await ear.end(call.attempt_id), Lost)

    # -- logs --------------------------------------------------------------------------------------------------------

    async def test_everything_that_is_said_is_logged_with_its_source(
        self, open_executor: OpenExecutor, place: Place
    ) -> None:
        async with self.running(open_executor) as (executor, ear):
            call = place.python("talk")
            executor.submit(call)
            end = await ear.finished(call.attempt_id)
        lines = place.lines(call.attempt_id, end.log)
        said = {(line.src, line.level, line.logger, line.msg) for line in lines}
        assert said == {
            ("stdout", "info", "", "to stdout"),
            ("stderr", "info", "", "to stderr"),
            ("log", "warning", "shop", "to the log"),
            ("stdout", "info", "", "bytes \\xff\x00 end"),
            ("stdout", "info", "", "from a child"),
            ("stderr", "info", "", "its error"),
        }
        assert {(line.attempt_id, line.task, line.try_number) for line in lines} == {(call.attempt_id, "talk", 1)}
        assert end.log is not None
        assert (end.log.lines, end.log.lost) == (6, 0)

    async def test_a_flood_of_output_costs_no_memory(self, open_executor: OpenExecutor, place: Place) -> None:
        async with self.running(open_executor) as (executor, ear):
            calm, flood = place.python("flood", 0), place.python("flood", 200)
            executor.submit(calm)
            before = await ear.finished(calm.attempt_id)
            executor.submit(flood)
            after = await ear.finished(flood.attempt_id, 60.0)
        assert after.usage.rss_peak_mb < before.usage.rss_peak_mb + 10
        assert after.log is not None
        assert after.log.lines + after.log.lost == 200 * 1024

    # -- requests ----------------------------------------------------------------------------------------------------

    async def test_a_request_of_the_running_attempt_is_answered(
        self, open_executor: OpenExecutor, place: Place
    ) -> None:
        async with self.running(open_executor) as (executor, ear):
            ear.answer = lambda _request: GotResult(inline([1, 2]))
            call = place.python("ask", "above")
            executor.submit(call)
            end = await ear.finished(call.attempt_id)
        assert end.result == Inline(b"[1,2]")
        assert ear.requests == [AskResult(call.attempt_id, call.token, "above")]

    async def test_a_refusal_fails_the_task_with_its_sentence(self, open_executor: OpenExecutor, place: Place) -> None:
        async with self.running(open_executor) as (executor, ear):
            ear.answer = lambda _request: Refused("there is no task 'above'")
            call = place.python("ask", "above")
            executor.submit(call)
            end = await ear.finished(call.attempt_id)
        assert end.error is not None
        assert end.error.message == "there is no task 'above'"

    async def test_a_request_with_a_foreign_token_is_refused_unseen(
        self, open_executor: OpenExecutor, place: Place
    ) -> None:
        async with self.running(open_executor) as (executor, ear):
            call = place.python("ask_as_another")
            executor.submit(call)
            end = await ear.finished(call.attempt_id)
        assert end.result == Inline(b'"Refused"')
        assert ear.requests == []

    # -- how the suite waits -----------------------------------------------------------------------------------------

    async def started(self, executor: Executor, place: Place, call: TaskCall) -> list[int]:
        """Submit a call that writes process ids to the file `p`, and return them once it has."""
        executor.submit(call)
        file = place.folder / "p"

        def written() -> bool:
            with contextlib.suppress(FileNotFoundError):
                return bool(file.read_text().strip())
            return False

        await eventually(written, "the task did not start")
        return [int(word) for word in file.read_text().split()]
