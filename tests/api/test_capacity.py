"""Slots, pools and queues with who holds them, and what a task waits for, over the real scheduler."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from potok.api.app import create_app
from potok.api.settings import ApiSettings
from potok.executors.protocol import Capacity
from potok.model.dag import Concurrency, Dag, EdgeGroup
from potok.model.retry import Retry
from potok.model.wire import TaskCall, TaskEvent
from potok.scheduler.service import SchedulerService
from potok.store.protocol import Store
from tests.api.conftest import TOKEN, client_of
from tests.scheduler.scripted import ScriptedExecutor, fail, serving, succeed, task, trigger


def trainings() -> Dag:
    tasks = (
        task("load"),
        *(task(f"train_{n}", pool="gpu", priority=3 - n) for n in (1, 2, 3)),
        task("publish", queue="far"),
        task("report", concurrency=Concurrency("model", 1)),
    )
    return Dag("ml", tasks, (EdgeGroup((0,), (1, 2, 3)), EdgeGroup((1, 2, 3), (5,))), file="ml.py")


class Held:
    """Tasks whose names are in `held` go on running until the test ends; those in `broken` fail."""

    def __init__(self) -> None:
        self.held = {"train_1", "train_2", "train_3"}
        self.broken: set[str] = set()

    def __call__(self, call: TaskCall) -> TaskEvent | None:
        if self._is_one_of(self.held, call):
            return None
        return fail(call) if self._is_one_of(self.broken, call) else succeed(call)

    def _is_one_of(self, names: set[str], call: TaskCall) -> bool:
        return any(name.encode() in bytes(call.task) for name in names)


class Executor(ScriptedExecutor):
    """Serves the queue `default`, and those of `more` with the same slots."""

    more: tuple[str, ...] = ()

    def capacity(self) -> Capacity:
        served = dict.fromkeys(("default", *self.more), self.slots)
        return Capacity(served, self.slots, self.slots - len(self.running))


@pytest.fixture
def script() -> Held:
    return Held()


@pytest.fixture
def executor(script: Held) -> Executor:
    return Executor(script, slots=4)


@pytest.fixture
async def service(store: Store, executor: Executor, potok_home: Path) -> AsyncIterator[SchedulerService]:
    retried = Dag("flaky", (task("load", retry=Retry(1, 600.0)),), file="flaky.py")
    one = Dag("single", (task("train_1"),), file="single.py", max_active_runs=1)
    (potok_home / "token").write_text(TOKEN)
    async with serving(store, executor, trainings(), retried, one, home=potok_home, pools={"gpu": 2}) as service:
        yield service


@pytest.fixture
async def http(service: SchedulerService, store: Store, potok_home: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(service, store, ApiSettings(token=TOKEN, home=potok_home, version="0.1.0"))
    async with client_of(app) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        yield client
    app.close()


async def get(http: httpx.AsyncClient, path: str) -> dict:
    answer = await http.get(f"/api/v1{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def running(executor: Executor, service: SchedulerService, count: int) -> None:
    deadline = time.monotonic() + 5
    changes = service.subscribe()
    while len(executor.running) < count:
        assert time.monotonic() < deadline
        await anext(changes)


def run_path(run_id: str) -> str:
    return f"/runs/{quote(run_id, safe='')}"


def task_path(run_id: str, task_id: str, what: str) -> str:
    return f"{run_path(run_id)}/tasks/{task_id}/{what}"


async def test_a_full_pool_names_its_holders_and_who_waits(
    http: httpx.AsyncClient, service: SchedulerService, executor: Executor
) -> None:
    run_id = await trigger(service, "ml")
    await running(executor, service, 2)
    found = await get(http, "/occupancy")
    (pool,) = found["pools"]
    assert (pool["name"], pool["slots"], pool["used"], pool["queued"], pool["source"]) == ("gpu", 2, 2, 1, "config")
    assert {one["task_id"] for one in pool["holders"]} == {"train_1", "train_2"}
    assert [(one["task_id"], one["run_id"]) for one in pool["waiters"]] == [("train_3", run_id)]
    assert pool["queued_since"] == pool["waiters"][0]["since"]
    assert [one["work"]["task_id"] for one in found["workers"]] == ["train_1", "train_2"]
    assert (found["slots"], found["free"]) == (4, 2)
    queues = {one["name"]: one for one in found["queues"]}
    assert (queues["far"]["slots"], queues["far"]["queued"], queues["far"]["served_at"]) == (0, 1, None)
    assert (queues["default"]["slots"], queues["default"]["running"], queues["default"]["queued"]) == (4, 2, 1)
    assert queues["default"]["served_at"] is not None
    assert (await get(http, "/queues"))["items"] == found["queues"]
    assert (await get(http, "/pools/gpu"))["used"] == 2
    assert (await http.get("/api/v1/pools/none")).status_code == 404


async def test_a_change_of_a_pool_tells_what_it_would_start(
    http: httpx.AsyncClient, service: SchedulerService, executor: Executor
) -> None:
    await trigger(service, "ml")
    await running(executor, service, 2)
    preview = await get(http, "/pools/gpu/preview?slots=3")
    assert (preview["starts"], preview["over"], preview["first"][0]["task_id"]) == (1, 0, "train_3")
    assert (await get(http, "/pools/gpu/preview?slots=1"))["over"] == 1
    assert (await get(http, "/pools/gpu/preview?slots=2"))["starts"] == 0
    assert len(executor.running) == 2, "a preview starts nothing"
    assert (await http.put("/api/v1/pools/gpu", json={"slots": 3})).status_code == 204
    await running(executor, service, 3)


async def test_a_waiting_task_tells_unmet_conditions_first(
    http: httpx.AsyncClient, service: SchedulerService, executor: Executor
) -> None:
    run_id = await trigger(service, "ml")
    await running(executor, service, 2)
    found = await get(http, task_path(run_id, "train_3", "waiting"))
    assert [(one["name"], one["met"]) for one in found["conditions"]] == [
        ("pool", False),
        ("run", True),
        ("upstream", True),
        ("queue", True),
        ("worker", True),
    ]
    assert found["headline"]["code"] == "wait_pool"
    assert found["headline"]["text"].startswith("waits for a slot of pool gpu: 2/2, held by ")
    pool = found["conditions"][0]
    assert {one["task_id"] for one in pool["holders"]} == {"train_1", "train_2"}
    assert pool["ahead"] == 0
    assert found["left_s"] is None, "nothing is promised without good runs"
    assert [way["action"] for way in found["ways_out"]] == ["raise_pool", "cancel_run"]
    assert found["ways_out"][0] == {"action": "raise_pool", "name": "gpu", "slots": 3, "run_id": "", "task_id": ""}

    found = await get(http, task_path(run_id, "report", "waiting"))
    assert found["headline"]["code"] == "wait_upstream"
    states = [(one["task_id"], one["state"]) for one in found["conditions"][0]["above"]]
    assert states == [("train_1", "running"), ("train_2", "running"), ("train_3", "queued")]

    found = await get(http, task_path(run_id, "publish", "waiting"))
    assert (found["headline"]["code"], found["ways_out"][0]["action"]) == ("wait_queue", "serve_queue")

    found = await get(http, task_path(run_id, "load", "waiting"))
    assert (found["state"], found["conditions"], found["headline"]["code"]) == ("success", [], "ran")
    assert (await http.get(f"/api/v1{task_path(run_id, 'none', 'waiting')}")).status_code == 404


async def test_a_retry_and_a_run_that_has_not_begun_tell_their_time(
    http: httpx.AsyncClient, service: SchedulerService, executor: Executor, script: Held
) -> None:
    script.broken = {"load"}
    flaky = await trigger(service, "flaky")
    deadline = time.monotonic() + 5
    while (await get(http, task_path(flaky, "load", "waiting")))["state"] != "up_for_retry":
        assert time.monotonic() < deadline
    found = await get(http, task_path(flaky, "load", "waiting"))
    assert found["headline"]["code"] == "up_for_retry"
    assert found["left_s"] == pytest.approx(600, abs=10)

    await trigger(service, "single")
    second = await trigger(service, "single")
    found = await get(http, task_path(second, "train_1", "waiting"))
    assert (found["headline"]["code"], found["conditions"][0]["name"]) == ("run_waits_runs", "run")
    assert [one["task_id"] for one in found["conditions"][0]["holders"]] == [""]


async def test_the_wait_is_estimated_from_good_runs(
    http: httpx.AsyncClient, service: SchedulerService, executor: Executor, script: Held
) -> None:
    held, script.held, executor.more = script.held, set(), ("far",)
    for _ in range(5):
        run_id = await trigger(service, "ml")
        assert (await http.get(f"/api/v1{run_path(run_id)}", params={"wait": "10"})).json()["state"] == "success"
    script.held = held
    run_id = await trigger(service, "ml")
    await running(executor, service, 2)
    found = await get(http, task_path(run_id, "train_3", "waiting"))
    assert [one["usual_s"] is not None for one in found["conditions"][0]["holders"]] == [True, True]
