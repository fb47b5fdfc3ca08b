"""DAGs over HTTP."""

from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from potok.model.dag import Dag, EmptyWork, Task
from potok.model.state import RunState
from tests.api.conftest import BUNDLE, ml_pipeline, put_dag
from tests.api.scheduler import QuietScheduler


async def test_the_list_tells_last_runs_next_start_and_import_state(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    first = scheduler.new_run("ml_pipeline")
    scheduler.move_run(first.record.run_id, RunState.FAILED)
    second = scheduler.new_run("ml_pipeline")
    answer = await http.get("/api/v1/dags")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    [item] = answer.json()["items"]
    assert item["dag_id"] == "ml_pipeline"
    assert item["tags"] == ["ml"]
    assert item["schedule"] == "0 2 * * *"
    assert item["next_run_at"].endswith("Z")
    assert item["import_error"] is None
    assert [run["run_id"] for run in item["last_runs"]] == [second.record.run_id, first.record.run_id]
    assert item["last_runs"][1]["state"] == "failed"
    assert answer.json()["next_cursor"] is None


async def test_the_list_is_paged_by_cursor_and_misses_nothing(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    for n in range(5):
        put_dag(scheduler, Dag(f"dag_{n}", (Task("only", EmptyWork()),), file=f"{n}.py"))
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query = {"limit": "2", "runs": "0", **({"cursor": cursor} if cursor else {})}
        page = (await http.get("/api/v1/dags", params=query)).json()
        seen += [item["dag_id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [*(f"dag_{n}" for n in range(5)), "ml_pipeline"]


async def test_search_and_tag_narrow_the_list(http: httpx.AsyncClient, scheduler: QuietScheduler) -> None:
    put_dag(scheduler, Dag("backup", (Task("only", EmptyWork()),), file="b.py"))
    by_tag = (await http.get("/api/v1/dags", params={"tag": "ml"})).json()
    by_search = (await http.get("/api/v1/dags", params={"search": "back"})).json()
    assert [item["dag_id"] for item in by_tag["items"]] == ["ml_pipeline"]
    assert [item["dag_id"] for item in by_search["items"]] == ["backup"]


async def test_a_dag_carries_its_graph_with_edges_in_groups(http: httpx.AsyncClient) -> None:
    for _ in ("fresh", "from the cache"):
        view = (await http.get("/api/v1/dags/ml_pipeline")).json()
        graph = view["graph"]
        assert view["dag"]["dag_id"] == "ml_pipeline"
        assert graph["bundle"] == BUNDLE
        assert [task["task_id"] for task in graph["tasks"]] == [task.task_id for task in ml_pipeline().tasks]
        assert graph["edges"][0] == {"upstream": ["update_features"], "downstream": ["train_1", "train_2", "train_3"]}
        assert graph["tasks"][1]["pool"] == "ml_training"
        assert graph["tasks"][1]["retries"] == 1
        assert graph["tasks"][5]["operator"] == "bash"
        assert graph["params"]["properties"]["days"]["default"] == 7


async def test_an_unknown_dag_or_version_is_404_with_a_sentence(http: httpx.AsyncClient) -> None:
    for path in (
        "/dags/nope",
        "/dags/nope/source",
        "/dags/nope/versions",
        "/dags/nope/next",
        "/dags/ml_pipeline?bundle=ffff",
        "/dags/ml_pipeline/source?bundle=..%2F..",
    ):
        answer = await http.get(f"/api/v1{path}")
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["status"] == 404 and problem["type"] == "about:blank"
        assert "no " in problem["detail"]


async def test_source_shows_the_files_of_the_bundle_and_nothing_outside_it(
    http: httpx.AsyncClient, potok_home: Path
) -> None:
    source = (await http.get("/api/v1/dags/ml_pipeline/source")).json()
    files = {file["path"]: file for file in source["files"]}
    assert source["bundle"] == BUNDLE
    assert set(files) == {"ml.py", "lib/model.py", "picture.bin"}
    assert files["ml.py"]["text"].startswith("# модель")
    assert files["picture.bin"]["text"] is None
    outside = potok_home / "token"
    (potok_home / "bundles" / BUNDLE / "lib" / "model.py").unlink()
    (potok_home / "bundles" / BUNDLE / "lib" / "model.py").symlink_to(outside)
    again = (await http.get("/api/v1/dags/ml_pipeline/source")).json()
    assert "lib/model.py" not in {file["path"] for file in again["files"]}


async def test_versions_and_next_starts_are_listed(http: httpx.AsyncClient) -> None:
    versions = (await http.get("/api/v1/dags/ml_pipeline/versions")).json()["items"]
    assert [version["bundle"] for version in versions] == [BUNDLE]
    fires = (await http.get("/api/v1/dags/ml_pipeline/next", params={"limit": "200"})).json()["items"]
    assert len(fires) == 200
    assert all("T02:00" in fire["local"] or "T03:00" in fire["local"] for fire in fires)
    assert any(fire["note"] for fire in fires), "200 days hold a clock change of Berlin"


async def test_a_dag_without_a_schedule_has_no_next_start(http: httpx.AsyncClient, scheduler: QuietScheduler) -> None:
    put_dag(scheduler, Dag("by_hand", (Task("only", EmptyWork()),), file="h.py"))
    assert (await http.get("/api/v1/dags/by_hand/next")).json() == {"items": [], "next_cursor": None}


async def test_trigger_creates_a_run_and_a_repeated_key_yields_the_first(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    body = {
        "params": {"days": 3},
        "logical_date": "2026-11-23T02:00:00+03:00",
        "note": "by hand",
        "idempotency_key": "k1",
        "countdown_s": 5,
        "expires_s": 60,
    }
    first = await http.post("/api/v1/dags/ml_pipeline/runs", json=body)
    second = await http.post("/api/v1/dags/ml_pipeline/runs", json=body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["run_id"] == second.json()["run_id"]
    run = first.json()
    assert run["logical_date"] == "2026-11-22T23:00:00Z"
    assert run["params"] == {"days": 3}
    assert run["triggered_by"] == "admin"
    assert run["counts"]["total"] == 6
    assert run["run_after"] and run["expires_at"]
    assert len(scheduler.received) == 2


async def test_trigger_needs_no_body(http: httpx.AsyncClient) -> None:
    assert (await http.post("/api/v1/dags/ml_pipeline/runs")).status_code == 201


@pytest.mark.parametrize(
    ("dag_id", "body", "status", "says"),
    [
        ("nope", {}, 404, "no DAG"),
        ("ml_pipeline", {"params": {"days": "many"}}, 422, "days"),
        ("ml_pipeline", {"params": []}, 422, "body.params"),
        ("ml_pipeline", {"logical_date": "yesterday"}, 422, "body.logical_date"),
        ("ml_pipeline", {"logical_date": "2026-11-23T02:00:00"}, 422, "body.logical_date"),
        ("ml_pipeline", {"parms": {}}, 422, "parms"),
        ("ml_pipeline", {"countdown_s": -1}, 422, "body.countdown_s"),
        ("ml_pipeline", {"idempotency_key": ""}, 422, "body.idempotency_key"),
    ],
)
async def test_a_bad_trigger_is_refused_with_the_field(
    http: httpx.AsyncClient, dag_id: str, body: dict, status: int, says: str
) -> None:
    answer = await http.post(f"/api/v1/dags/{dag_id}/runs", json=body)
    assert answer.status_code == status
    assert says in answer.json()["detail"]


async def test_pause_and_unpause_answer_the_dag_as_it_is_now(http: httpx.AsyncClient) -> None:
    paused = await http.post("/api/v1/dags/ml_pipeline/pause", json={"note": "holidays"})
    assert paused.json()["paused"] is True
    assert paused.json()["paused_note"] == "holidays"
    assert paused.json()["next_run_at"] is None
    assert (await http.post("/api/v1/dags/ml_pipeline/unpause")).json()["paused"] is False
    assert (await http.post("/api/v1/dags/nope/pause")).status_code == 404


async def test_import_errors_are_listed_with_their_place(http: httpx.AsyncClient) -> None:
    [error] = (await http.get("/api/v1/import-errors")).json()["items"]
    assert (error["file"], error["location"], error["message"]) == ("broken.py", "broken.py:7", "invalid syntax")


async def test_ids_may_hold_any_character(http: httpx.AsyncClient, scheduler: QuietScheduler) -> None:
    strange = "crontab:2/x'; DROP TABLE runs;-- <b>%00 ж"
    put_dag(scheduler, Dag(strange, (Task("a/b", EmptyWork()),), file="crontab"))
    view = await http.get(f"/api/v1/dags/{_quoted(strange)}")
    assert view.status_code == 200
    assert view.json()["dag"]["dag_id"] == strange
    run = (await http.post(f"/api/v1/dags/{_quoted(strange)}/runs")).json()
    tasks = (await http.get(f"/api/v1/runs/{_quoted(run['run_id'])}/tasks")).json()["items"]
    assert [task["task_id"] for task in tasks] == ["a/b"]
    attempts = await http.get(f"/api/v1/runs/{_quoted(run['run_id'])}/tasks/{_quoted('a/b')}/attempts")
    assert attempts.status_code == 200


def _quoted(text: str) -> str:

    return quote(text, safe="")
