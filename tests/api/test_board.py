"""The home over HTTP: what needs a person, what is next, the night, the search, mutes."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest

from potok.engine.slot_use import SlotUse
from potok.model.dag import Dag, EmptyWork, Task
from potok.model.reason import Reason
from potok.model.run import ErrorInfo, TriggerKind
from potok.model.schedule import Interval, Schedule
from potok.model.state import RunState, TaskState
from potok.scheduler import commands as c
from potok.store.board_rows import OpenFailureRow, SlotUseRow
from potok.store.rows import RunCounts, RunUpdate
from tests.api.conftest import put_dag
from tests.api.scheduler import QuietScheduler

Json = dict[str, Any]


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


async def get(http: httpx.AsyncClient, path: str, **params: object) -> Json:
    answer = await http.get(f"/api/v1{path}", params={name: str(value) for name, value in params.items()})
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def a_failed_run(scheduler: QuietScheduler, times: int = 1) -> str:
    """`train_2` failed twice with the same error; two tasks below did not run."""
    run = scheduler.new_run("ml_pipeline")
    run_id, key = run.record.run_id, run.record.run_key
    scheduler.move_run(run_id, RunState.RUNNING)
    error = ErrorInfo("ValueError", "Input X contains NaN.\nmore", location="ml.py:9")
    for number in (1, 2):
        attempt = scheduler.begin_attempt(run_id, "train_2", number)
        scheduler.end_attempt(run_id, attempt, TaskState.FAILED, error=error)
    row = scheduler.move_run(run_id, RunState.FAILED, RunCounts(6, success=3, failed=1, upstream_failed=2))
    keys = tuple(range(key - times + 1, key + 1))
    scheduler.commit(open_failures=[OpenFailureRow("ml_pipeline", "f00d", key, 2, row.record.ended_at or 0.0, keys)])
    return run_id


def quick_dag(dag_id: str, **options: Any) -> Dag:
    return Dag(dag_id, (Task("only", EmptyWork(), pool=options.pop("pool", "")),), file=f"{dag_id}.py", **options)


def good_runs(scheduler: QuietScheduler, dag_id: str, *lengths_s: float) -> None:
    for length_s in lengths_s:
        run = scheduler.new_run(dag_id)
        end = time.time()
        update = RunUpdate(run.record.run_key, RunState.SUCCESS, end - length_s, end, None, RunCounts(1, success=1))
        scheduler.commit(runs=[update])


async def test_a_failed_run_says_its_error_what_it_blocks_and_the_price_of_a_retry(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    run_id = a_failed_run(scheduler, times=6)
    now = await get(http, "/now")
    need = next(one for one in now["needs"] if one["kind"] == "failed")
    assert need["key"] == "failed:ml_pipeline:f00d"
    assert (need["dag_id"], need["run_id"], need["task_id"]) == ("ml_pipeline", run_id, "train_2")
    assert need["lead"] == {
        "code": "error_line",
        "values": {"line": "ValueError: Input X contains NaN."},
        "text": "ValueError: Input X contains NaN.",
    }
    assert (need["times"], need["blocked"], need["location"]) == (6, 2, "ml.py:9")
    assert need["try_number"] == 2
    assert need["retry"]["tasks"] == 3
    assert need["retry"]["kept"] == 3
    assert [one["code"] for one in need["more"]] == [
        "need_times",
        "need_tries_alike",
        "need_blocked",
        "need_never_good",
    ]
    assert need["retrying"] is False
    assert now["counts"]["failed_runs"] == 1


async def test_a_retried_run_stays_until_it_is_well(http: httpx.AsyncClient, scheduler: QuietScheduler) -> None:
    run_id = a_failed_run(scheduler)
    scheduler.move_run(run_id, RunState.RUNNING)
    [need] = [one for one in (await get(http, "/now"))["needs"] if one["kind"] == "failed"]
    assert need["retrying"] is True
    assert need["retry"] is None


async def test_a_broken_file_tells_where_and_how_many_dags_keep_running(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    put_dag(scheduler, msgspec.structs.replace(quick_dag("old"), file="broken.py"))
    [need] = [one for one in (await get(http, "/now"))["needs"] if one["kind"] == "import_error"]
    assert (need["key"], need["location"], need["lead"]["text"]) == (
        "import_error:broken.py",
        "broken.py:7",
        "invalid syntax",
    )
    assert need["more"][0]["values"] == {"n": 1}


async def test_a_run_past_its_deadline_and_a_start_that_did_not_happen_are_late(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    now = time.time()
    put_dag(scheduler, quick_dag("slow", deadline_s=600.0))
    put_dag(scheduler, quick_dag("missed"))
    scheduler.new_run("slow", logical_date=now - 4200, trigger=TriggerKind.SCHEDULE)
    scheduler.new_run("slow", logical_date=now - 9000)
    row = scheduler.store.dag("missed")
    assert row is not None
    scheduler.commit(dags=[msgspec.structs.replace(row, next_fire=now - 300)])
    found = await get(http, "/now")
    late = {one["dag_id"]: one for one in found["needs"] if one["kind"] == "late"}
    assert late["slow"]["lead"]["code"] == "late_by"
    assert late["slow"]["lead"]["values"]["late_s"] == pytest.approx(3600, abs=5)
    assert late["missed"]["lead"]["code"] == "late_start"
    assert found["counts"]["late_runs"] == 2
    assert found["counts"]["late_most_s"] == pytest.approx(3600, abs=5)


async def test_what_the_scheduler_tells_is_counted_and_needs_a_person(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    now = time.time()
    head = c.QueuedTask("r1", "etl", "load", now - 240, Reason("wait_pool", {"pool": "etl", "used": 6, "slots": 6}))
    scheduler.board = msgspec.structs.replace(
        scheduler.board,
        running=14,
        queued=9,
        oldest_queued=head,
        unserved=(c.UnservedQueue("gpu", 2, head),),
        losses=(c.WorkerLoss("r2", "ml_pipeline", "train_1", "its worker was killed by SIGKILL", now, 1),),
    )
    found = await get(http, "/now")
    assert (found["counts"]["tasks_running"], found["counts"]["tasks_queued"]) == (14, 9)
    assert found["counts"]["queue_head"]["reason"]["text"].startswith("waits for a slot of pool etl: 6/6")
    kinds = [one["kind"] for one in found["needs"]]
    assert kinds[0] == "lost_worker"
    assert "unserved_queue" in kinds
    assert found["pulse"]["slots"] == 4
    assert found["pulse"]["store_bytes"] > 0


async def test_a_muted_thing_is_left_out_counted_and_comes_back(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    a_failed_run(scheduler)
    before = await get(http, "/now")
    path = "/api/v1/mutes/failed%3Aml_pipeline%3Af00d"
    assert (await http.put(path, json={"note": "known"})).status_code == 204
    found = await get(http, "/now")
    assert found["needs_total"] == before["needs_total"] - 1
    assert found["muted"] == 1
    [mute] = (await get(http, "/mutes"))["items"]
    assert (mute["key"], mute["until"], mute["note"]) == ("failed:ml_pipeline:f00d", None, "known")
    assert (await http.delete(path)).status_code == 204
    assert (await http.delete(path)).status_code == 404
    assert (await get(http, "/now"))["needs_total"] == before["needs_total"]
    assert (await http.put("/api/v1/mutes/dag:ml_pipeline", json={})).status_code == 204
    assert (await get(http, "/now"))["muted"] == 1


async def test_a_mute_whose_time_is_over_hides_nothing(http: httpx.AsyncClient, scheduler: QuietScheduler) -> None:
    a_failed_run(scheduler)
    past = stamp(time.time() - 5)
    await http.put("/api/v1/mutes/dag:ml_pipeline", json={"until": past})
    assert (await get(http, "/now"))["muted"] == 0
    assert (await get(http, "/mutes"))["items"] == []


async def test_since_counts_what_ended_and_may_not_lie_far_back(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    put_dag(scheduler, quick_dag("a"))
    good_runs(scheduler, "a", 1.0, 2.0)
    assert (await get(http, "/now"))["counts"]["done_runs"] == 2
    assert (await get(http, "/now", since=stamp(time.time() + 60)))["counts"]["done_runs"] == 0
    answer = await http.get("/api/v1/now", params={"since": stamp(time.time() - 30 * 86_400)})
    assert answer.status_code == 422
    assert "seven days" in answer.json()["detail"]


async def test_the_next_starts_are_in_order_counted_and_warn_of_what_meets(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    every = Schedule(Interval(1800.0), "@every 30m")
    for name in ("a", "b"):
        put_dag(scheduler, quick_dag(name, schedule=every, pool="etl"))
    put_dag(scheduler, msgspec.structs.replace(quick_dag("c", schedule=every), file="broken.py"))
    start = (time.time() // 1800 + 1) * 1800
    for name in ("a", "b", "c"):
        row = scheduler.store.dag(name)
        assert row is not None
        scheduler.commit(dags=[msgspec.structs.replace(row, next_fire=start)])
    good_runs(scheduler, "a", *[60.0] * 5)
    found = await get(http, "/upcoming", limit=4, until=stamp(start + 3600 + 1))
    assert [one["dag_id"] for one in found["items"][:3]] == ["a", "b", "c"]
    assert found["items"][0]["usual_s"] == pytest.approx(60.0)
    assert found["items"][1]["usual_s"] is None
    caveats = {one["dag_id"]: [caveat["code"] for caveat in one["caveats"]] for one in found["items"][:3]}
    assert caveats == {"a": ["next_collision"], "b": ["next_collision"], "c": ["next_previous_version"]}
    # three DAGs at three instants, and ml_pipeline once an hour from now
    assert found["total"] >= 9
    once = await get(http, "/upcoming", limit=9, each_once=True)
    assert sorted(one["dag_id"] for one in once["items"]) == ["a", "b", "c", "ml_pipeline"]


async def test_the_timeline_puts_dags_that_need_a_person_first(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    put_dag(scheduler, quick_dag("calm"))
    good_runs(scheduler, "calm", *[30.0] * 6)
    run_id = a_failed_run(scheduler)
    bucket = time.time() // 300 * 300
    scheduler.commit(slot_use=[SlotUseRow(bucket - 300, 600.0, 3)])
    scheduler.board = msgspec.structs.replace(scheduler.board, slot_use=SlotUse(bucket, 10.0, 2))
    found = await get(http, "/timeline")
    assert found["slots"] == 4
    assert [lane["dag_id"] for lane in found["lanes"]] == ["ml_pipeline", "calm"]
    failed = found["lanes"][0]
    assert failed["needs_you"] is True
    assert (failed["runs"][-1]["run_id"], failed["runs"][-1]["failed_task"]) == (run_id, "train_2")
    assert len(failed["planned"]) == 1
    assert found["lanes"][1]["usual_s"] == pytest.approx(30.0)
    assert len(found["lanes"][1]["runs"]) == 6
    assert found["busy"][0] | {"at": ""} == {"at": "", "mean": 2.0, "peak": 3}
    assert (await get(http, "/timeline", limit=1))["lanes_total"] == 2
    wrong = {"since": stamp(0), "until": stamp(time.time())}
    assert (await http.get("/api/v1/timeline", params=wrong)).status_code == 422


async def test_the_search_finds_dags_runs_and_tasks_also_in_the_wrong_layout(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    run = scheduler.new_run("ml_pipeline")
    for query in ("ml_pip", "ьд_зшз", "mlpipe", "pipeline"):
        items = (await get(http, "/search", q=query))["items"]
        assert (items[0]["kind"], items[0]["dag_id"], items[0]["state"]) == ("dag", "ml_pipeline", "queued"), query
    items = (await get(http, "/search", q=run.record.run_id))["items"]
    assert [(one["kind"], one["run_id"]) for one in items] == [("run", run.record.run_id)]
    items = (await get(http, "/search", q="train"))["items"]
    assert {one["task_id"] for one in items if one["kind"] == "task"} == {"train_1", "train_2", "train_3"}
    assert (await get(http, "/search", q="zzzz"))["items"] == []


async def test_the_list_puts_failed_and_late_dags_first_and_pages_in_that_order(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    for name in ("a", "b", "z"):
        put_dag(scheduler, quick_dag(name))
    a_failed_run(scheduler)
    seen: list[str] = []
    query: dict[str, object] = {"order": "attention", "limit": 2}
    while True:
        page = await get(http, "/dags", **query)
        seen += [item["dag_id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == ["ml_pipeline", "a", "b", "z"]
    assert page["total"] == 4


async def test_the_list_is_narrowed_by_state_owner_and_search_and_tells_trends(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    put_dag(scheduler, quick_dag("slower"))
    good_runs(scheduler, "slower", *[10.0] * 8, *[20.0] * 5)
    a_failed_run(scheduler)
    [failed] = (await get(http, "/dags", state="failed"))["items"]
    assert (failed["dag_id"], failed["failed"], failed["late"]) == ("ml_pipeline", True, False)
    [slower] = (await get(http, "/dags", search="ыдщцук"))["items"]
    assert slower["usual_s"] == pytest.approx(10.0, abs=0.1)
    assert slower["trend"] == pytest.approx(1.0, abs=0.05)
    assert (await get(http, "/dags", owner="nobody"))["items"] == []
    facets = await get(http, "/dag-facets")
    assert facets["total"] == 2
    assert facets["tags"] == [{"name": "ml", "count": 1}]
    assert {"name": "failed", "count": 1} in facets["states"]


async def test_runs_are_bounded_by_when_they_were_created_and_counted(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    now = time.time()
    for ago in (7200, 3600, 60):
        scheduler.new_run("ml_pipeline", created_at=now - ago)
    found = await get(http, "/runs", since=stamp(now - 4000), until=stamp(now - 100))
    assert len(found["items"]) == 1
    assert (await get(http, "/runs", since=stamp(now - 4000)))["total"] == 2
    assert (await get(http, "/runs", state="failed"))["total"] == 0
    day = timedelta(days=1)
    assert (await get(http, "/runs", until=(datetime.now(UTC) - day).isoformat()))["items"] == []
