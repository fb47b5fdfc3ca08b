"""A DAG's past and plans over HTTP."""

import time
from typing import Any

import httpx
import msgspec
import pytest

from potok.model.dag import BashWork, Dag, EdgeGroup, Task
from potok.model.run import TriggerKind
from potok.model.schedule import Cron, Interval, Schedule
from potok.model.state import RunState, TaskState
from potok.store.rows import AuditRow, PoolRow, RunCounts, RunUpdate, TaskRow
from tests.api.conftest import put_dag
from tests.api.scheduler import QuietScheduler

DAY_S = 86_400.0
TASKS = ("update_features", "train_1", "train_2", "train_3", "evaluate", "cleanup")
TOOK_S = (110.0, 370.0, 260.0, 280.0, 98.0, 19.0)


def past_run(scheduler: QuietScheduler, days_ago: float, failed: str = "", dag_id: str = "ml_pipeline") -> str:
    """A scheduled run that went as usual, or that `failed` at a task."""
    at = time.time() - days_ago * DAY_S
    run = scheduler.new_run(
        dag_id, logical_date=at, created_at=at, trigger=TriggerKind.SCHEDULE, state=RunState.RUNNING
    ).record
    version = scheduler.store.load_version(dag_id, run.bundle)
    assert version is not None
    rows, broken = [], False
    for position, task in enumerate(version.dag.tasks):
        state = TaskState.UPSTREAM_FAILED if broken else TaskState.SUCCESS
        if task.task_id == failed:
            state, broken = TaskState.FAILED, True
        took = TOOK_S[position] if position < len(TOOK_S) else 1.0
        ran = state is not TaskState.UPSTREAM_FAILED
        rows.append(
            TaskRow(
                run.run_key, position, task.task_id, state, try_number=1,
                started_at=at if ran else None, ended_at=at + took if ran else at,
            )
        )  # fmt: skip
    state_of_run = RunState.FAILED if failed else RunState.SUCCESS
    scheduler.commit(tasks=rows, runs=[RunUpdate(run.run_key, state_of_run, at, at + 622, None, RunCounts(total=6))])
    return run.run_id


async def get(http: httpx.AsyncClient, path: str, **query: Any) -> Any:
    answer = await http.get(f"/api/v1{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_dag_without_runs_has_an_empty_past(http: httpx.AsyncClient) -> None:
    grid = await get(http, "/dags/ml_pipeline/grid")
    assert [task["task_id"] for task in grid["tasks"]] == list(TASKS)
    assert grid["runs"]["run_id"] == [] and grid["next_cursor"] is None and grid["interval_s"] is None
    usual = await get(http, "/dags/ml_pipeline/usual")
    assert (usual["basis"], usual["length_s"], usual["faster"], usual["steps"]) == ("none", None, None, 4)
    standing = await get(http, "/dags/ml_pipeline/standing")
    assert (standing["code"], standing["run"]) == ("never_ran", None)


async def test_the_grid_has_a_letter_for_each_task_of_each_run_oldest_first(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    ids = [past_run(scheduler, 3), past_run(scheduler, 2, failed="train_2"), past_run(scheduler, 1)]
    grid = await get(http, "/dags/ml_pipeline/grid", runs=30)
    assert grid["runs"]["run_id"] == ids
    assert grid["runs"]["letters"] == ["SSSSSS", "SSFUUU", "SSSSSS"]
    assert grid["runs"]["duration_s"] == [622, 622, 622]
    assert {task["task_id"]: task["failures"] for task in grid["tasks"]}["train_2"] == 1
    page = await get(http, "/dags/ml_pipeline/grid", runs=2)
    assert page["runs"]["run_id"] == ids[1:]
    rest = await get(http, "/dags/ml_pipeline/grid", runs=2, before=page["next_cursor"])
    assert rest["runs"]["run_id"] == ids[:1] and rest["next_cursor"] is None


async def test_a_task_of_an_older_version_keeps_its_row_and_a_new_one_is_blank_before(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    old = Dag("etl", (Task("load", BashWork("true")), Task("report", BashWork("true"))), file="etl.py")
    put_dag(scheduler, old)
    past_run(scheduler, 2, dag_id="etl")
    new = Dag("etl", (Task("check", BashWork("true")), Task("load", BashWork("true"))), file="etl.py")
    put_dag(scheduler, new)
    row, version = scheduler.store.dag("etl"), scheduler.store.load_version("etl", "b20e44d0")
    assert row is not None and version is not None
    # both versions stay: the first under its own name
    scheduler.commit(
        versions=[msgspec.structs.replace(version, bundle="b2"), msgspec.structs.replace(version, dag=old)],
        dags=[msgspec.structs.replace(row, bundle="b2")],
    )
    past_run(scheduler, 1, dag_id="etl")
    grid = await get(http, "/dags/etl/grid")
    assert [(task["task_id"], task["present"]) for task in grid["tasks"]] == [
        ("check", True), ("load", True), ("report", False),
    ]  # fmt: skip
    assert grid["runs"]["letters"] == [" SS", "SS "]
    uses = (await get(http, "/dags/etl/versions"))["items"]
    assert {use["bundle"]: (use["runs"], use["current"]) for use in uses} == {"b20e44d0": (1, False), "b2": (1, True)}


async def test_a_grid_travels_packed_to_whom_asks_for_it(http: httpx.AsyncClient, scheduler: QuietScheduler) -> None:
    past_run(scheduler, 1)
    packed = await http.get("/api/v1/dags/ml_pipeline/grid", headers={"Accept-Encoding": "gzip"})
    plain = await http.get("/api/v1/dags/ml_pipeline/grid", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()


async def test_pauses_are_told_with_who_and_why(http: httpx.AsyncClient, scheduler: QuietScheduler) -> None:
    scheduler.commit(
        audit=[
            AuditRow(1_000.0, "anna", "pause", "ml_pipeline", {"note": "holidays"}),
            AuditRow(2_000.0, "anna", "unpause", "ml_pipeline"),
            AuditRow(3_000.0, "boris", "pause", "ml_pipeline"),
        ]
    )
    pauses = (await get(http, "/dags/ml_pipeline/grid"))["pauses"]
    assert [(pause["by"], pause["note"], pause["until"]) for pause in pauses] == [
        ("anna", "holidays", "1970-01-01T00:33:20Z"), ("boris", "", None),
    ]  # fmt: skip


async def test_the_usual_run_tells_order_parallel_part_slowest_and_what_would_be_faster(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    for days in range(6, 1, -1):
        past_run(scheduler, days)
    past_run(scheduler, 1, failed="train_1")
    usual = await get(http, "/dags/ml_pipeline/usual")
    assert (usual["basis"], usual["good_runs"], usual["length_s"], usual["steps"]) == ("usual", 5, 622, 4)
    assert usual["critical"] == ["update_features", "train_1", "evaluate", "cleanup"]
    assert usual["parallel"] == [{"tasks": ["train_1", "train_2", "train_3"], "pool": "ml_training", "slots": 4}]
    assert (usual["slowest"], round(usual["slowest_share"], 2)) == ("train_1", 0.59)
    assert usual["faster"] == {"task_id": "train_1", "saved_s": 90.0, "next_task_id": "train_3"}
    [train] = [task for task in usual["tasks"] if task["task_id"] == "train_2"]
    assert (train["median_s"], train["step"], train["critical"], train["runs"]) == (260.0, 2, False, 5)


async def test_with_few_good_runs_the_last_run_stands_in_and_a_new_one_is_seen(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    past_run(scheduler, 2)
    past_run(scheduler, 1, failed="train_1")
    usual = await get(http, "/dags/ml_pipeline/usual")
    assert (usual["basis"], usual["good_runs"], usual["critical"]) == ("last", 1, ["update_features", "train_1"])
    for days in (0.9, 0.8, 0.7, 0.6):
        past_run(scheduler, days)
    assert (await get(http, "/dags/ml_pipeline/usual"))["basis"] == "usual"


async def test_standing_tells_how_long_it_was_good_before_it_failed(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    past_run(scheduler, 9, failed="cleanup")
    for days in (8, 7, 6):
        past_run(scheduler, days)
    good = await get(http, "/dags/ml_pipeline/standing")
    assert (good["code"], good["streak"], good["task_id"]) == ("good", 3, "")
    failed = past_run(scheduler, 1, failed="train_2")
    scheduler.new_run("ml_pipeline")
    standing = await get(http, "/dags/ml_pipeline/standing")
    assert (standing["code"], standing["streak"], standing["good_before"]) == ("failed", 1, 3)
    assert (standing["task_id"], standing["run"]["run_id"]) == ("train_2", failed)
    assert standing["active"]["state"] == "queued"


async def test_the_calendar_counts_days_of_the_zone_and_plans_the_rest_of_the_year(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    past_run(scheduler, 1)
    past_run(scheduler, 1, failed="train_2")
    calendar = await get(http, "/dags/ml_pipeline/calendar")
    days = {day["day"]: day for day in calendar["days"]}
    seen = [day for day in days.values() if day["runs"]]
    assert [(day["runs"], day["failed"], day["worst"]) for day in seen] == [(2, 1, "failed")]
    assert all(day["planned"] == 1 for day in days.values() if not day["runs"])
    assert (await get(http, "/dags/ml_pipeline/calendar", year=1999))["days"] == []


async def test_next_starts_tell_who_else_wants_the_pool(http: httpx.AsyncClient, scheduler: QuietScheduler) -> None:
    for days in range(6, 0, -1):
        past_run(scheduler, days)
    rival = Dag(
        "nightly", (Task("embed", BashWork("true"), pool="ml_training", pool_slots=2),), file="n.py",
        schedule=Schedule(Cron("55 1 * * *"), "55 1 * * *", tz="Europe/Berlin"),
    )  # fmt: skip
    put_dag(scheduler, rival)
    for days in range(6, 0, -1):
        past_run(scheduler, days, dag_id="nightly")
    [start] = (await get(http, "/dags/ml_pipeline/next", limit=1))["items"]
    [clash] = start["collisions"]
    assert (clash["dag_id"], clash["pool"], clash["slots"], clash["wanted"]) == ("nightly", "ml_training", 4, 5)
    assert start["until"] > start["at"] > clash["at"]
    scheduler.commit(pools=[PoolRow("ml_training", 5)])
    [roomy] = (await get(http, "/dags/ml_pipeline/next", limit=1))["items"]
    assert roomy["collisions"] == []


@pytest.mark.parametrize(("catchup", "paused", "starts"), [(True, True, 4), (True, False, 4), (False, True, 0)])
async def test_what_catchup_would_start_is_told(
    http: httpx.AsyncClient, scheduler: QuietScheduler, catchup: bool, paused: bool, starts: int
) -> None:
    now = time.time()
    begin = now - 4.5 * 3600
    schedule = Schedule(Interval(3600.0), "1h", start=begin, catchup=catchup)
    dag = Dag("hourly", (Task("only", BashWork("true")),), (EdgeGroup((0,), ()),)[:0], schedule=schedule, file="h.py")
    put_dag(scheduler, dag)
    row = scheduler.store.dag("hourly")
    assert row is not None
    scheduler.commit(dags=[msgspec.structs.replace(row, last_fire=begin, paused=paused)])
    missed = await get(http, "/dags/hourly/catchup")
    assert (missed["missed"], missed["starts"], missed["catchup"], missed["paused"]) == (4, starts, catchup, paused)
    assert len(missed["items"]) == starts


async def test_the_neighbours_of_a_run_are_told(http: httpx.AsyncClient, scheduler: QuietScheduler) -> None:
    first, second = scheduler.new_run("ml_pipeline").record.run_id, scheduler.new_run("ml_pipeline").record.run_id
    path = f"/runs/{first.replace('/', '%2F')}/neighbours"
    assert await get(http, path) == {"previous": None, "next": second}


@pytest.mark.parametrize("part", ["grid", "calendar", "standing", "usual", "next", "catchup", "versions"])
async def test_an_unknown_dag_is_404(http: httpx.AsyncClient, part: str) -> None:
    answer = await http.get(f"/api/v1/dags/nope/{part}")
    assert answer.status_code == 404 and "no DAG" in answer.json()["detail"]
