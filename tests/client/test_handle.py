"""Handles of runs that a program started."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from potok.client import handle as handle_module
from potok.client.api import PotokClient
from potok.client.errors import TaskFailedError, UnreachableError
from potok.client.handle import RunHandle, trigger_run
from potok.model.dag import CallableRef, Dag, PythonWork, Task
from potok.model.errors import ConflictError, InvalidError, NotFoundError
from potok.model.state import RunState, TaskState
from potok.store.rows import RunCounts
from tests.api.conftest import TOKEN, Served, put_dag
from tests.api.scheduler import QuietScheduler


@pytest.fixture(autouse=True)
def found_server(served: Served, scheduler: QuietScheduler, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("POTOK_URL", served.url)
    monkeypatch.setenv("POTOK_API_TOKEN", TOKEN)
    served.call(put_dag, scheduler, Dag("add", (Task("add", PythonWork(CallableRef("add"))),), file="add.py"))
    yield
    for client in handle_module._clients.values():
        client.close()
    handle_module._clients.clear()


def soon(act: Callable[[], object]) -> threading.Timer:
    timer = threading.Timer(0.05, act)
    timer.start()
    return timer


def finish(served: Served, scheduler: QuietScheduler, run_id: str, data: bytes | None) -> None:
    attempt = served.call(scheduler.begin_attempt, run_id, "add")
    if data is not None:
        served.call(scheduler.put_result, run_id, attempt, data)
    served.call(scheduler.end_attempt, run_id, attempt, TaskState.SUCCESS)
    served.call(scheduler.move_run, run_id, RunState.SUCCESS, RunCounts(total=1, success=1))


@pytest.mark.parametrize(("data", "value"), [(b'{"sum":3}', {"sum": 3}), (b"null", None), (None, None)])
def test_get_waits_for_the_result_of_the_only_task(
    served: Served, scheduler: QuietScheduler, data: bytes | None, value: object
) -> None:
    started = trigger_run("add", {"x": 1})
    assert started.state is RunState.QUEUED
    timer = soon(lambda: finish(served, scheduler, started.run_id, data))
    assert started.get(timeout=20) == value
    timer.join()


def test_a_stored_result_is_fetched(served: Served, scheduler: QuietScheduler) -> None:
    started = trigger_run("add")
    results = served.app._server.settings.home / "results"
    results.mkdir()
    (results / "big.json").write_bytes(b"[1,2,3]")
    attempt = served.call(scheduler.begin_attempt, started.run_id, "add")
    served.call(scheduler.put_result, started.run_id, attempt, None, key="big.json", size=7, sha256="0")
    served.call(scheduler.move_run, started.run_id, RunState.SUCCESS, RunCounts(total=1, success=1))
    assert started.get(timeout=20) == [1, 2, 3]


def test_a_failed_run_raises_its_verdict(served: Served, scheduler: QuietScheduler) -> None:
    started = trigger_run("add")
    served.call(scheduler.move_run, started.run_id, RunState.FAILED)
    with pytest.raises(TaskFailedError, match="did not run: ValueError: Input X contains NaN") as raised:
        started.get(timeout=20)
    assert (raised.value.run_id, raised.value.state) == (started.run_id, "failed")
    assert started.wait(timeout=20) is RunState.FAILED


def test_waiting_ends_with_its_time() -> None:
    started = trigger_run("add")
    begun = time.monotonic()
    with pytest.raises(TimeoutError, match="still queued"):
        started.get(timeout=0.1)
    assert time.monotonic() - begun < 5


def test_cancel_and_bad_triggers_raise_what_is_wrong() -> None:
    started = trigger_run("add")
    started.cancel()
    assert started.state is RunState.CANCELLED
    with pytest.raises(ConflictError):
        started.cancel()
    with pytest.raises(TaskFailedError):
        started.get(timeout=5)
    with pytest.raises(NotFoundError):
        trigger_run("nope")
    with pytest.raises(InvalidError):
        trigger_run("ml_pipeline", {"days": "many"})


def test_a_repeated_key_is_the_same_run() -> None:
    first, second = (trigger_run("add", idempotency_key="once") for _ in range(2))
    assert first.run_id == second.run_id


def test_a_handle_of_a_server_that_is_gone_says_so_within_its_time() -> None:
    gone = RunHandle("r", PotokClient("http://127.0.0.1:9", "t"))
    with pytest.raises(UnreachableError):
        gone.get(timeout=0.3)
    with pytest.raises(UnreachableError):
        assert gone.state
