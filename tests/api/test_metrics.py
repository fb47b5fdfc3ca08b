"""The numbers of a DAG's results over HTTP."""

from typing import Any

import httpx

from potok.api import trends
from potok.model.state import RunState, TaskState
from tests.api.scheduler import QuietScheduler

DAY_S = 86_400.0


def run_with(
    scheduler: QuietScheduler, numbers: dict[str, float] | None, *, task: str = "evaluate", **fields: Any
) -> str:
    run = scheduler.new_run("ml_pipeline", **fields)
    attempt = scheduler.begin_attempt(run.record.run_id, task)
    scheduler.end_attempt(run.record.run_id, attempt, TaskState.SUCCESS)
    scheduler.put_result(run.record.run_id, attempt, b"{}", numbers=numbers)
    return run.record.run_id


async def metrics(http: httpx.AsyncClient, **query: Any) -> Any:
    answer = await http.get("/api/v1/dags/ml_pipeline/metrics", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_dag_without_numbers_has_none(http: httpx.AsyncClient, scheduler: QuietScheduler) -> None:
    run_with(scheduler, None)
    found = await metrics(http)
    assert (found["runs"]["run_id"], found["metrics"], found["cut"]) == ([], [], False)
    assert (await http.get("/api/v1/dags/nope/metrics")).status_code == 404
    assert (await http.get("/api/v1/dags/ml_pipeline/metrics", params={"runs": 401})).status_code == 422


async def test_each_number_is_a_series_over_the_runs_that_have_any(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    first = run_with(scheduler, {"rows": 10, "share": 0.5}, logical_date=DAY_S)
    run_with(scheduler, None)
    second = run_with(scheduler, {"share": 0.75}, logical_date=2 * DAY_S, state=RunState.RUNNING)
    third = run_with(scheduler, {"rows": 30, "new": 1}, logical_date=3 * DAY_S)
    found = await metrics(http)
    assert found["runs"]["run_id"] == [first, second, third]
    assert found["runs"]["logical_at"] == [DAY_S, 2 * DAY_S, 3 * DAY_S]
    assert [(one["name"], one["values"]) for one in found["metrics"]] == [
        ("rows", [10, None, 30]),
        ("new", [None, None, 1]),
        ("share", [0.5, 0.75, None]),
    ]
    rows = found["metrics"][0]
    assert (rows["task_id"], rows["last"], rows["previous"], rows["usual"]) == ("evaluate", 30, 10, 10)
    newest = await metrics(http, runs=1)
    assert newest["runs"]["run_id"] == [third]


async def test_what_is_answered_is_bounded(
    http: httpx.AsyncClient, scheduler: QuietScheduler, monkeypatch: Any
) -> None:
    for at in range(4):
        run_with(scheduler, {"a": at, "b": at})
    monkeypatch.setattr(trends, "ROWS_MAX", 3)
    found = await metrics(http)
    assert (len(found["runs"]["run_id"]), found["cut"]) == (3, True)
    monkeypatch.setattr(trends, "SERIES_MAX", 1)
    assert len((await metrics(http))["metrics"]) == 1
