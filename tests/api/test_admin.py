"""Pools, connections, variables, workers, health, audit and metrics over HTTP."""

import sys

import httpx
import pytest

from potok.api.app import PotokApp
from potok.scheduler.commands import Failed, FailureKind, PutConnection, PutVariable
from tests.api.conftest import client_of
from tests.api.scheduler import QuietScheduler


async def test_pools_show_their_use_and_can_be_made_and_deleted(http: httpx.AsyncClient) -> None:
    assert (await http.put("/api/v1/pools/etl", json={"slots": 6, "description": "ETL"})).status_code == 204
    pools = {pool["name"]: pool for pool in (await http.get("/api/v1/pools")).json()["items"]}
    assert pools["etl"]["slots"] == 6
    assert pools["ml_training"]["used"] == 1
    assert pools["ml_training"]["holders"] == ["ml_pipeline/1/train_1"]
    assert (await http.delete("/api/v1/pools/etl")).status_code == 204
    assert (await http.delete("/api/v1/pools/etl")).status_code == 404


async def test_secrets_go_in_and_never_come_out(http: httpx.AsyncClient, scheduler: QuietScheduler) -> None:
    body = {
        "kind": "postgres",
        "host": "db",
        "port": 5432,
        "login": "etl",
        "password": "s3cret",
        "extra": {"k": "s3cret"},
    }
    assert (await http.put("/api/v1/connections/warehouse", json=body)).status_code == 204
    assert (await http.put("/api/v1/variables/key", json={"value": "s3cret", "secret": True})).status_code == 204
    assert (await http.put("/api/v1/variables/plain", json={"value": [1, "two"]})).status_code == 204
    sent = [command for command in scheduler.received if isinstance(command, PutConnection | PutVariable)]
    assert isinstance(sent[0], PutConnection) and sent[0].connection.password == "s3cret"

    connections = await http.get("/api/v1/connections")
    variables = await http.get("/api/v1/variables")
    assert "s3cret" not in connections.text + variables.text + (await http.get("/api/v1/audit")).text
    [connection] = connections.json()["items"]
    assert (connection["host"], connection["port"]) == ("db", 5432)
    assert "password" not in connection and "extra" not in connection
    values = {item["name"]: item["value"] for item in variables.json()["items"]}
    assert values == {"key": None, "plain": [1, "two"]}
    assert (await http.delete("/api/v1/connections/warehouse")).status_code == 204
    assert (await http.delete("/api/v1/variables/key")).status_code == 204
    assert (await http.get("/api/v1/connections")).json()["items"] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("pools/p", {}),
        ("pools/p", {"slots": -1}),
        ("pools/p", {"slots": "4"}),
        ("connections/c", {"port": 0}),
        ("connections/c", {"passwd": "x"}),
        ("variables/v", {}),
        ("variables/" + "v" * 201, {"value": 1}),
    ],
)
async def test_bad_values_are_422(http: httpx.AsyncClient, path: str, body: dict) -> None:
    assert (await http.put(f"/api/v1/{path}", json=body)).status_code == 422


async def test_workers_and_health_tell_how_the_server_is(http: httpx.AsyncClient) -> None:
    workers = (await http.get("/api/v1/workers")).json()
    assert (workers["slots"], workers["free"], workers["items"][0]["pid"]) == (4, 4, 4711)
    health = (await http.get("/api/v1/health")).json()
    assert health["version"] == "0.1.0"
    assert health["store_bytes"] > 0
    assert health["counters"]["turns"] >= 1


async def test_the_audit_is_paged_newest_first(http: httpx.AsyncClient) -> None:
    for _ in range(3):
        await http.post("/api/v1/dags/ml_pipeline/pause")
    first = (await http.get("/api/v1/audit", params={"limit": "2"})).json()
    second = (await http.get("/api/v1/audit", params={"limit": "2", "cursor": first["next_cursor"]})).json()
    ids = [item["audit_id"] for item in first["items"] + second["items"]]
    assert len(ids) == 3 and ids == sorted(ids, reverse=True)
    assert second["next_cursor"] is None
    assert first["items"][0]["action"] == "pause" and first["items"][0]["actor"] == "admin"
    assert (await http.get("/api/v1/audit", params={"cursor": "x"})).status_code == 422


async def test_metrics_are_made_at_the_scrape(app: PotokApp, scheduler: QuietScheduler) -> None:
    scheduler.new_run("ml_pipeline")
    async with client_of(app) as client:
        answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    lines = answer.text.splitlines()
    assert 'potok_runs{state="queued"} 1.0' in lines
    assert 'potok_pool_slots{pool="ml_training"} 4.0' in lines
    assert 'potok_pool_used{pool="ml_training"} 1.0' in lines
    assert 'potok_workers{state="idle"} 1.0' in lines
    assert "potok_runs_started_total 1.0" in lines
    assert any(line.startswith("potok_loop_lag_seconds 0.001") for line in lines)
    assert not any(line.startswith(("python_", "process_")) for line in lines)


async def test_readiness_follows_the_scheduler_and_liveness_does_not(app: PotokApp, scheduler: QuietScheduler) -> None:
    async with client_of(app) as client:
        assert (await client.get("/readyz")).text == "ready\n"
        scheduler.fails = Failed(FailureKind.UNAVAILABLE, "recovering")
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.text) == (503, "recovering\n")
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/metrics")).status_code == 503


def test_the_app_loads_nothing_heavy() -> None:
    import subprocess

    code = (
        "import sys, potok.api.app; "
        "print([name for name in ('httpx', 'jinja2', 'rich', 'typer', 'prometheus_client', 'psycopg', 'multipart') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
