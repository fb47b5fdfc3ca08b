"""How attempts end: errors and their sentences, contracts, deadlines, callbacks, results of every kind."""

import json
import time
from pathlib import Path

import msgspec
import pytest

from potok.model.dag import BashWork, CallableRef, EmptyWork, FromTask, Literal, PythonWork, Task
from potok.model.run import ErrorInfo
from potok.model.wire import CallbackCall, CallKind, Finished, Started, Stored
from potok.testing.executor_place import eventually, inline, is_alive
from tests.worker.conftest import OneWorker

_FLOW = """
import asyncio, os, subprocess, sys, time
from dataclasses import dataclass
from pathlib import Path


class ShopError(Exception):
    pass


class Silent(Exception):
    def __str__(self):
        raise RuntimeError("no text")


class Rude(BaseException):
    pass


@dataclass
class Report:
    rows: int


def chained():
    try:
        {}["customer"]
    except KeyError as error:
        raise ShopError("no such customer") from error


def silent():
    raise Silent


def rude():
    raise Rude("out of here")


def interrupt():
    raise KeyboardInterrupt


def leave_well():
    sys.exit(0)


def long_message():
    raise ValueError("x" * 1_000_000)


def endless():
    return endless()


def generator():
    yield 1


def circle():
    value = []
    value.append(value)
    return value


def report() -> Report:
    return Report(3)


def broken_promise() -> Report:
    return {"rows": "three"}


async def meanwhile():
    await asyncio.sleep(0)
    return "later"


async def sleep_async():
    await asyncio.sleep(60)


def sleep():
    time.sleep(60)


def sleep_with_child(path):
    child = subprocess.Popen(["sleep", "60"])
    Path(path).write_text(str(child.pid))
    child.wait()


def swallow(path):
    while True:
        try:
            time.sleep(60)
        except BaseException:
            Path(path).write_text("swallowed")


def move_away():
    os.chdir("/")


def where():
    return os.getcwd()


def told(context):
    path = context["params"]["path"]
    Path(path).write_text(f"{context['ti'].task_id} {context['state']} {context['exception']}")


def told_nothing():
    Path(os.environ["HOME"])


def frame():
    import pandas

    return pandas.DataFrame({"n": [1, 2, 3]})


def arrow():
    import pyarrow

    return pyarrow.table({"n": [1, 2]})


def total(table):
    return [type(table).__module__.split(".")[0], int(table["n"].sum())]


def numbers():
    import numpy

    return {"mean": numpy.float64(0.5), "counts": numpy.array([1, 2]), "path": Path("/data")}
"""


def python(function: str, *args: object, timeout_s: float | None = None) -> Task:
    inputs = tuple(Literal(value) for value in args)
    return Task(function, PythonWork(CallableRef(function)), args=inputs, timeout_s=timeout_s)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("chained", "ShopError: no such customer"),
        ("silent", "Silent: <Silent whose text cannot be made>"),
        ("rude", "Rude: out of here"),
        ("interrupt", "KeyboardInterrupt: raised KeyboardInterrupt"),
        ("leave_well", "SystemExit: called sys.exit(0); return from the function to succeed"),
        ("endless", "RecursionError: maximum recursion depth exceeded"),
        ("circle", "ResultNotSerializable: the result is nested too deeply or contains itself"),
        (
            "generator",
            "ResultNotSerializable: the result (a generator) cannot be kept as JSON: return plain values (numbers,"
            " texts, lists, dicts, dataclasses), a table, or a path to a file",
        ),
        ("not_there", "DagError: there is no function 'not_there' in this file any more"),
        ("broken_promise", "ContractError: the result is not the Report that the function declares: "),
    ],
)
async def test_each_failure_is_one_sentence(worker: OneWorker, function: str, expected: str) -> None:
    worker.place.write(_FLOW)
    assert (await worker.error(python(function))).startswith(expected.split("declares:", maxsplit=1)[0])


async def test_the_worker_goes_on_after_every_failure(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    ends = [await worker.run(python(name)) for name in ("rude", "interrupt", "endless", "circle", "where")]
    assert len({end.pid for end in ends}) == 1


async def test_names_for_retry_policies_are_short_and_qualified(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    end = await worker.run(python("chained"))
    assert end.error is not None
    assert end.error.names == ("ShopError", "potok_dag_flow.ShopError", "Exception", "BaseException")
    assert "KeyError: 'customer'" in end.error.traceback


async def test_a_huge_message_is_shortened(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    end = await worker.run(python("long_message"))
    assert end.error is not None
    assert len(end.error.message) < 10_000
    assert len(end.error.traceback) < 40_000


async def test_an_async_function_runs_in_a_loop_of_its_own(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    assert await worker.value(python("meanwhile")) == "later"


async def test_a_dataclass_result_becomes_json(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    assert await worker.value(python("report")) == {"rows": 3}


async def test_the_next_attempt_starts_in_the_same_folder(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    before = await worker.value(python("where"))
    await worker.value(python("move_away"))
    assert await worker.value(python("where")) == before


# -- files that cannot be imported -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "expected", "location"),
    [
        ("def f(:\n    pass\n", "SyntaxError: invalid syntax", "flow.py:1"),
        ("import nowhere\n", "ModuleNotFoundError: No module named 'nowhere'", "flow.py:1"),
        ("import sys\n\nsys.exit(2)\n", "SystemExit: called sys.exit(2)", "flow.py:3"),
    ],
)
async def test_a_file_that_cannot_be_imported_fails_the_task_with_its_line(
    worker: OneWorker, code: str, expected: str, location: str
) -> None:
    worker.place.write(code)
    end = await worker.run(python("f"))
    assert end.error is not None
    assert f"{end.error.kind}: {end.error.message}".startswith(expected)
    assert end.error.location == location


async def test_a_file_that_is_gone_is_said(worker: OneWorker) -> None:
    error = await worker.error(python("f"))
    assert error == "DagError: the file is not in the bundle; trigger a new run, which takes the code as it is now"


async def test_a_slow_import_is_told_before_the_body_begins(worker: OneWorker) -> None:
    worker.place.write("import time\ntime.sleep(0.1)\n\ndef f():\n    pass\n")
    end = await worker.run(python("f"))
    started = [event for event in worker.ear.events if isinstance(event, Started)]
    assert [event.at for event in started] == [end.started_at]


async def test_a_neighbour_module_is_found_and_does_not_shadow_the_standard_library(worker: OneWorker) -> None:
    worker.place.write("raise RuntimeError('not this one')\n", "queue.py")
    worker.place.write("RATE = 3\n", "shop_rates.py")
    worker.place.write(
        "import queue\nimport shop_rates\n\ndef f():\n    return [shop_rates.RATE, queue.Queue.__name__]\n"
    )
    assert await worker.value(python("f")) == [3, "Queue"]


# -- deadlines ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", ["sleep", "sleep_async"])
async def test_a_deadline_ends_the_body(worker: OneWorker, function: str) -> None:
    worker.place.write(_FLOW)
    call = worker.place.call(python(function, timeout_s=0.1), deadline=time.time() + 0.1)
    end = await worker.run(call)
    assert end.error is not None
    assert end.error.message == "timed out after 0.1 s"
    assert {"TaskTimeout", "TimeoutError"} <= set(end.error.names)


async def test_a_late_task_has_no_children_left_when_its_failure_is_told(worker: OneWorker, tmp_path: Path) -> None:
    worker.place.write(_FLOW)
    call = worker.place.call(python("sleep_with_child", str(tmp_path / "p")), deadline=time.time() + 0.3)
    end = await worker.run(call)
    assert end.error is not None
    assert end.error.kind == "TaskTimeout"
    assert not is_alive(int((tmp_path / "p").read_text()))


async def test_a_late_command_has_no_children_left_when_its_failure_is_told(worker: OneWorker, tmp_path: Path) -> None:
    task = Task("command", BashWork(f"sleep 60 & echo $! > {tmp_path}/p; wait"))
    end = await worker.run(worker.place.call(task, deadline=time.time() + 0.3))
    assert end.error is not None
    assert end.error.kind == "TaskTimeout"
    assert not is_alive(int((tmp_path / "p").read_text()))


async def test_a_task_that_swallows_the_request_to_end_is_killed_after_its_grace(
    worker: OneWorker, tmp_path: Path
) -> None:
    worker.place.write(_FLOW)
    call = worker.place.call(python("swallow", str(tmp_path / "mark")), deadline=time.time() + 0.1)
    worker.executor.submit(call)
    await eventually((tmp_path / "mark").exists, "the deadline is raised in the task")
    worker.executor.cancel(call.attempt_id, 0.0)
    assert (await worker.ear.lost(call.attempt_id)).exit.signal == 9


async def test_a_cancelled_task_may_end_itself(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    call = worker.place.call(python("sleep"))
    worker.executor.submit(call)
    worker.executor.cancel(call.attempt_id, 20.0)
    end = await worker.ear.end(call.attempt_id)
    if isinstance(end, Finished):
        assert end.error is not None
        assert end.error.kind == "TaskCancelled"


# -- callbacks ---------------------------------------------------------------------------------------------------------


async def test_a_callback_is_told_what_happened(worker: OneWorker, tmp_path: Path) -> None:
    worker.place.write(_FLOW)
    failed = ErrorInfo("ValueError", "no such customer", ("ValueError",))
    callback = CallbackCall("on_failure", "told", 0, "train", "failed", 2, failed)
    call = worker.place.call(
        Task("train", EmptyWork()), params={"path": str(tmp_path / "told")}, kind=CallKind.CALLBACK, callback=callback
    )
    assert (await worker.run(call)).outcome == "success"
    assert (tmp_path / "told").read_text() == "train failed ValueError: no such customer"


async def test_a_callback_without_parameters_is_called_without_arguments(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    callback = CallbackCall("on_success", "told_nothing", 0, None, "success", 1)
    call = worker.place.call(Task("demo", EmptyWork()), kind=CallKind.CALLBACK, callback=callback)
    assert (await worker.run(call)).outcome == "success"


async def test_a_callback_known_only_by_building_is_found(worker: OneWorker, tmp_path: Path) -> None:
    worker.place.write(
        f"""
from pathlib import Path
from potok import dag, task

def teller(text):
    return lambda context: Path({str(tmp_path / "told")!r}).write_text(text)

@task(on_failure=teller("task"))
def train():
    pass

@dag(on_failure=teller("run"))
def demo():
    train()

demo()
"""
    )
    for task_id, expected in (("train", "task"), (None, "run")):
        callback = CallbackCall("on_failure", None, 0, task_id, "failed", 1)
        call = worker.place.call(Task("train", EmptyWork()), kind=CallKind.CALLBACK, callback=callback)
        end = await worker.run(call)
        assert end.outcome == "success", end.error
        assert (tmp_path / "told").read_text() == expected


# -- results -----------------------------------------------------------------------------------------------------------


async def test_numpy_values_and_paths_become_json(worker: OneWorker) -> None:
    pytest.importorskip("numpy")
    worker.place.write(_FLOW)
    assert await worker.value(python("numbers")) == {"mean": 0.5, "counts": [1, 2], "path": "/data"}


@pytest.mark.slow
@pytest.mark.parametrize(("function", "expected"), [("frame", 6), ("arrow", 3)])
async def test_a_table_is_stored_as_parquet_and_comes_back_as_a_frame(
    worker: OneWorker, function: str, expected: int
) -> None:
    pytest.importorskip("pyarrow")
    pytest.importorskip("pandas")
    worker.place.write(_FLOW)
    end = await worker.run(python(function))
    assert isinstance(end.result, Stored), end.error
    assert end.result.codec == "parquet"
    assert end.result.key == f"manual__1/{function}/{end.attempt_id}.parquet"
    task = Task("total", PythonWork(CallableRef("total")), args=(FromTask(function),))
    assert await worker.value(worker.place.call(task, upstream={function: end.result})) == ["pandas", expected]


async def test_a_stored_result_that_was_changed_or_removed_is_said(worker: OneWorker) -> None:
    worker.place.write("def large():\n    return 'x' * 100_000\n\ndef same(value):\n    return len(value)\n")
    end = await worker.run(python("large"))
    assert isinstance(end.result, Stored)
    task = Task("same", PythonWork(CallableRef("same")), args=(FromTask("large"),))
    path = worker.place.results_dir / end.result.key
    path.write_bytes(json.dumps("y" * 100_000).encode())
    upstream = {"large": end.result}
    changed = await worker.error(worker.place.call(task, upstream=upstream))
    assert changed == f"ResultChanged: the stored result {end.result.key} was changed since: clear its task"
    path.unlink()
    gone = await worker.error(worker.place.call(task, upstream=upstream))
    assert gone == f"ResultGone: the stored result {end.result.key} is gone: clear the task that made it"


async def test_a_results_folder_that_cannot_be_written_is_said(worker: OneWorker) -> None:
    worker.place.write("def large():\n    return 'x' * 100_000\n")
    worker.place.results_dir.write_text("a file where the folder should be")
    error = await worker.error(python("large"))
    assert error.startswith("ResultNotKept: the result cannot be written to the results folder: ")


# -- bash --------------------------------------------------------------------------------------------------------------


def bash(command: str, **fields: object) -> Task:
    return Task("command", msgspec.convert({"type": "bash", "command": command, **fields}, BashWork))


async def test_the_last_line_of_stdout_is_the_result_of_a_command(worker: OneWorker) -> None:
    end = await worker.run(bash("echo one; echo two >&2; echo three"))
    assert end.result == inline("three")
    assert sorted(worker.place.texts(end)) == ["one", "three", "two"]
    assert end.usage.cpu_user_s + end.usage.cpu_system_s > 0


async def test_a_command_without_output_has_no_result(worker: OneWorker) -> None:
    assert await worker.value(bash("true")) is None


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("exit 3", "BashFailed: exited with 3"),
        ("echo no space left >&2; exit 1", "BashFailed: exited with 1: no space left"),
        ("kill -SEGV $$", "BashFailed: was killed by SIGSEGV"),
        ("sh -c 'kill -9 $$'; exit $?", "BashFailed: exited with 137 (its command was killed by SIGKILL)"),
    ],
)
async def test_a_command_that_fails_says_how(worker: OneWorker, command: str, expected: str) -> None:
    assert (await worker.error(bash(command))).startswith(expected)


async def test_a_command_may_skip_its_task(worker: OneWorker) -> None:
    end = await worker.run(bash("exit 99"))
    assert (end.outcome, end.skip_reason) == ("skipped", "exited with 99")


async def test_a_command_is_rendered_and_knows_its_run(worker: OneWorker) -> None:
    task = bash("echo $POTOK_DAG_ID/$POTOK_TASK_ID {{ ds }} $DAY", env={"DAY": "{{ ds_nodash }}"})
    end = await worker.run(task)
    assert end.result == inline("demo/command 2023-11-14 20231114")
    assert end.rendered == {
        "command": "echo $POTOK_DAG_ID/$POTOK_TASK_ID 2023-11-14 $DAY",
        "env.DAY": "20231114",
    }


async def test_a_relative_folder_is_meant_from_the_dag_file(worker: OneWorker) -> None:
    (worker.place.bundle_dir / "team").mkdir()
    (worker.place.bundle_dir / "team" / "hello.sh").write_text("echo hello")
    call = worker.place.call(bash("sh ./hello.sh", cwd="."), file="team/flow.yaml")
    assert await worker.value(call) == "hello"


async def test_a_folder_that_is_not_there_is_said(worker: OneWorker) -> None:
    assert (
        await worker.error(bash("true", cwd="/not/there"))
        == "BashNotStarted: the working folder /not/there is not there"
    )


async def test_a_command_without_the_servers_environment_still_carries_our_mark(worker: OneWorker) -> None:
    """The mark is how a new server finds what a dead one left running."""
    result = await worker.value(bash("env | cut -d= -f1 | sort | tr '\\n' ' '", append_env=False, env={"A": "1"}))
    assert isinstance(result, str)
    assert {"A", "POTOK_INSTANCE", "POTOK_RUN_ID"} <= set(result.split())
    assert "HOME" not in result.split()
