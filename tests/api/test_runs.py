"""Runs, tasks, attempts and results over HTTP."""

import asyncio
from pathlib import Path

import httpx
import pytest

from potok.api.app import PotokApp
from potok.model.run import ErrorInfo, LogRange, Usage
from potok.model.state import RunState, TaskState
from potok.scheduler.commands import ClearTasks, Failed, FailureKind, MarkTasks, RetryRun
from potok.store.rows import RunCounts
from tests.api.scheduler import QuietScheduler

RUN_FIELDS = {
    "run_id",
    "dag_id",
    "state",
    "logical_date",
    "params",
    "bundle",
    "trigger",
    "created_at",
    "started_at",
    "ended_at",
    "duration_s",
    "data_interval_start",
    "data_interval_end",
    "note",
    "triggered_by",
    "idempotency_key",
    "run_after",
    "expires_at",
    "counts",
    "reason",
    "event",
}


@pytest.fixture
def run_id(scheduler: QuietScheduler) -> str:
    return scheduler.new_run("ml_pipeline").record.run_id


def path_of(run_id: str) -> str:
    return f"/api/v1/runs/{run_id.replace('/', '%2F')}"


async def test_a_run_has_all_its_fields(http: httpx.AsyncClient, scheduler: QuietScheduler, run_id: str) -> None:
    scheduler.move_run(run_id, RunState.SUCCESS, RunCounts(total=6, success=6))
    run = (await http.get(path_of(run_id))).json()
    assert set(run) == RUN_FIELDS
    assert run["state"] == "success"
    assert run["counts"]["success"] == 6
    assert run["duration_s"] >= 0
    assert run["started_at"].endswith("Z")


async def test_runs_are_listed_newest_first_by_dag_and_state_and_paged(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    ids = [scheduler.new_run("ml_pipeline").record.run_id for _ in range(5)]
    scheduler.move_run(ids[1], RunState.FAILED)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = (await http.get("/api/v1/runs", params=query)).json()
        assert len(page["items"]) <= 2
        seen += [run["run_id"] for run in page["items"]]
        cursor = page["next_cursor"]
    assert seen == ids[::-1]
    failed = (await http.get("/api/v1/runs", params={"state": "failed", "dag_id": "ml_pipeline"})).json()["items"]
    assert [run["run_id"] for run in failed] == [ids[1]]
    assert (await http.get("/api/v1/runs", params={"dag_id": "nope"})).json()["items"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "query.limit"),
        ({"limit": "201"}, "query.limit"),
        ({"limit": "many"}, "query.limit"),
        ({"state": "broken"}, "query.state"),
        ({"limt": "5"}, "query"),
        ({"cursor": "';--"}, ""),
    ],
)
async def test_a_bad_query_is_422_with_its_field(http: httpx.AsyncClient, query: dict[str, str], field: str) -> None:
    answer = await http.get("/api/v1/runs", params=query)
    assert answer.status_code == 422
    assert answer.json()["field"] == field
    assert answer.json()["detail"]


async def test_tasks_come_in_order_and_are_paged_by_position(http: httpx.AsyncClient, run_id: str) -> None:
    everything = (await http.get(f"{path_of(run_id)}/tasks")).json()
    assert [task["position"] for task in everything["items"]] == list(range(6))
    assert everything["next_cursor"] is None
    first = (await http.get(f"{path_of(run_id)}/tasks", params={"limit": "4"})).json()
    second = (await http.get(f"{path_of(run_id)}/tasks", params={"limit": "4", "cursor": first["next_cursor"]})).json()
    assert first["items"] + second["items"] == everything["items"]
    assert second["next_cursor"] is None
    none = (await http.get(f"{path_of(run_id)}/tasks", params={"state": "running"})).json()
    assert none["items"] == []


async def test_an_attempt_tells_its_end_cost_and_error(
    http: httpx.AsyncClient, scheduler: QuietScheduler, run_id: str
) -> None:
    attempt = scheduler.begin_attempt(run_id, "train_2")
    error = ErrorInfo("ValueError", "Input X contains NaN.", location="train.py:88", traceback="Traceback …")
    scheduler.end_attempt(
        run_id,
        attempt,
        TaskState.FAILED,
        signal=9,
        oom=True,
        usage=Usage(1.5, 0.5, 412.0),
        error=error,
        log=LogRange("x.jsonl", 0, 10, 3, 1),
    )
    [shown] = (await http.get(f"{path_of(run_id)}/tasks/train_2/attempts")).json()["items"]
    assert shown["outcome"] == "failed"
    assert (shown["signal"], shown["signal_name"], shown["oom"]) == (9, "SIGKILL", True)
    assert (shown["cpu_user_s"], shown["rss_peak_mb"]) == (1.5, 412.0)
    assert shown["error"]["location"] == "train.py:88"
    assert (shown["log_lines"], shown["log_lines_lost"]) == (3, 1)


async def test_an_unknown_run_or_task_is_404(http: httpx.AsyncClient, run_id: str) -> None:
    for path in (
        "/api/v1/runs/nope",
        "/api/v1/runs/nope/tasks",
        "/api/v1/runs/nope/explain",
        f"{path_of(run_id)}/tasks/nope/attempts",
        f"{path_of(run_id)}/tasks/nope/logs",
        f"{path_of(run_id)}/tasks/nope/result",
        f"{path_of(run_id)}/tasks/train_1/result",
        f"{path_of(run_id)}/tasks/train_1/logs?attempt=3",
        "/api/v1/runs/..%2F..%2Ftoken",
        "/api/v1/nothing",
    ):
        assert (await http.get(path)).status_code == 404, path
    for action in ("cancel", "retry"):
        assert (await http.post(f"/api/v1/runs/nope/{action}")).status_code == 404


async def test_results_come_inline_or_as_bytes(
    http: httpx.AsyncClient, scheduler: QuietScheduler, run_id: str, potok_home: Path
) -> None:
    attempt = scheduler.begin_attempt(run_id, "train_1")
    scheduler.put_result(run_id, attempt, b'{"accuracy":0.97}')
    result = (await http.get(f"{path_of(run_id)}/tasks/train_1/result")).json()
    assert result["value"] == {"accuracy": 0.97}
    assert result["stored"] is False
    assert (await http.get(f"{path_of(run_id)}/tasks/train_1/result?raw=1")).content == b'{"accuracy":0.97}'

    (potok_home / "results" / "r1").mkdir(parents=True)
    (potok_home / "results" / "r1" / "t.parquet").write_bytes(b"PAR1")
    other = scheduler.begin_attempt(run_id, "train_2")
    scheduler.put_result(run_id, other, None, codec="parquet", size=4, key="r1/t.parquet", sha256="00")
    stored = (await http.get(f"{path_of(run_id)}/tasks/train_2/result")).json()
    assert stored["stored"] is True and "value" not in stored
    raw = await http.get(f"{path_of(run_id)}/tasks/train_2/result?raw=1")
    assert (raw.content, raw.headers["content-type"]) == (b"PAR1", "application/vnd.apache.parquet")
    assert raw.headers["x-content-type-options"] == "nosniff"

    outside = scheduler.begin_attempt(run_id, "train_3")
    scheduler.put_result(run_id, outside, None, size=4, key="../token", sha256="00")
    assert (await http.get(f"{path_of(run_id)}/tasks/train_3/result?raw=1")).status_code == 404


async def test_explain_gives_the_verdict_first(http: httpx.AsyncClient, run_id: str) -> None:
    why = (await http.get(f"{path_of(run_id)}/explain")).json()
    assert why["verdict"]["text"].startswith("train_2 failed on try 2 of 2")
    assert why["roots"][0]["blocked"] == ["evaluate", "cleanup"]


async def test_actions_reach_the_scheduler_as_they_were_asked(
    http: httpx.AsyncClient, scheduler: QuietScheduler, run_id: str
) -> None:
    retry = await http.post(f"{path_of(run_id)}/retry", json={"tasks": ["train_2"], "downstream": False})
    assert retry.status_code == 200
    assert retry.json()["tasks"] == ["train_2"] and retry.json()["kept"] == 4
    assert retry.json()["run"]["run_id"] == run_id
    clear = await http.post(f"{path_of(run_id)}/clear", json={"tasks": ["train_2"], "downstream": True})
    assert clear.status_code == 200
    mark = await http.post(f"{path_of(run_id)}/mark", json={"tasks": ["train_2"], "state": "skipped", "note": "ok"})
    assert mark.status_code == 200
    assert scheduler.received == [
        RetryRun(run_id, "admin", ("train_2",), downstream=False),
        ClearTasks(run_id, "admin", ("train_2",), downstream=True),
        MarkTasks(run_id, "admin", ("train_2",), TaskState.SKIPPED, "ok"),
    ]


async def test_what_an_ended_run_forbids_is_409(
    http: httpx.AsyncClient, scheduler: QuietScheduler, run_id: str
) -> None:
    assert (await http.post(f"{path_of(run_id)}/cancel")).json()["run"]["state"] == "cancelled"
    again = await http.post(f"{path_of(run_id)}/cancel")
    assert again.status_code == 409
    assert "already ended" in again.json()["detail"]


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("clear", {}),
        ("clear", {"tasks": []}),
        ("mark", {"tasks": ["train_1"]}),
        ("mark", {"tasks": ["train_1"], "state": "running"}),
        ("mark", {"tasks": ["train_1"], "state": "fine"}),
        ("retry", {"tasks": "train_1"}),
        ("cancel", {"nte": "x"}),
    ],
)
async def test_a_bad_action_is_422(http: httpx.AsyncClient, run_id: str, action: str, body: dict) -> None:
    assert (await http.post(f"{path_of(run_id)}/{action}", json=body)).status_code == 422


async def test_a_silent_scheduler_is_503_with_retry_after(
    http: httpx.AsyncClient, scheduler: QuietScheduler, run_id: str
) -> None:
    scheduler.fails = Failed(FailureKind.UNAVAILABLE, "the database is locked")
    answer = await http.post(f"{path_of(run_id)}/cancel")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert answer.json()["detail"] == "the database is locked"


async def test_a_long_poll_answers_when_the_run_ends(
    http: httpx.AsyncClient, scheduler: QuietScheduler, run_id: str
) -> None:
    waiting = asyncio.create_task(http.get(f"{path_of(run_id)}?wait=30"))
    while not scheduler.subscribers:
        await asyncio.sleep(0)
    scheduler.move_run(run_id, RunState.RUNNING)
    scheduler.move_run(scheduler.new_run("ml_pipeline").record.run_id, RunState.SUCCESS)
    for _ in range(20):
        await asyncio.sleep(0)
    assert not waiting.done(), "neither a start nor another run's end is the end"
    scheduler.move_run(run_id, RunState.FAILED)
    async with asyncio.timeout(5):
        answer = await waiting
    assert answer.json()["state"] == "failed"
    while scheduler.subscribers:  # nobody listens any more, so the hub lets the scheduler go
        await asyncio.sleep(0)


async def test_a_long_poll_ends_with_its_time_and_at_once_for_an_ended_run(
    http: httpx.AsyncClient, scheduler: QuietScheduler, run_id: str
) -> None:
    assert (await http.get(f"{path_of(run_id)}?wait=0.05")).json()["state"] == "queued"
    scheduler.move_run(run_id, RunState.SUCCESS)
    assert (await http.get(f"{path_of(run_id)}?wait=60")).json()["state"] == "success"
    assert (await http.get(f"{path_of(run_id)}?wait=61")).status_code == 422


async def test_a_long_poll_ends_when_the_server_closes(
    http: httpx.AsyncClient, scheduler: QuietScheduler, app: PotokApp, run_id: str
) -> None:
    waiting = asyncio.create_task(http.get(f"{path_of(run_id)}?wait=60"))
    while not scheduler.subscribers:
        await asyncio.sleep(0)
    app.close()
    async with asyncio.timeout(5):
        assert (await waiting).json()["state"] == "queued"


async def test_a_result_that_may_be_missing_is_no_error(
    http: httpx.AsyncClient, scheduler: QuietScheduler, run_id: str
) -> None:
    path = f"{path_of(run_id)}/tasks/cleanup/result"
    assert (await http.get(path)).status_code == 404
    answer = await http.get(path, params={"optional": "1"})
    assert (answer.status_code, answer.content) == (204, b"")
