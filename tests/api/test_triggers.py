"""What the API tells of triggers: with the DAG, with the run, on the home."""

from __future__ import annotations

import time
from urllib.parse import quote

import httpx
import msgspec

from potok.model.run import TriggerKind
from potok.model.state import RunState
from potok.model.trigger import Event, Mark, OnChange, OnCommit, OnPush, Sighting
from potok.store.rows import TriggerMarkRow
from tests.api.conftest import ml_pipeline, put_dag
from tests.api.scheduler import QuietScheduler

COMMIT = OnCommit("erp", ("main",), {"days": "commit"})
CHANGE, PUSH = OnChange("in"), OnPush("forge", "team/erp")


def event(kind: str = "commit") -> Event:
    return Event(kind, time.time(), "/srv/erp", "b" * 40, "a" * 40, "main", "refs/heads/main")


def mark(scheduler: QuietScheduler, key: str, found: Mark) -> None:
    scheduler.commit(trigger_marks=[TriggerMarkRow("ml_pipeline", key, found)])


async def test_a_dag_tells_its_triggers_with_what_they_saw(http: httpx.AsyncClient, scheduler: QuietScheduler) -> None:
    put_dag(scheduler, msgspec.structs.replace(ml_pipeline(), triggers=(COMMIT, CHANGE, PUSH)))
    now = time.time()
    waiting = Sighting("b" * 40, event())
    mark(scheduler, COMMIT.key, Mark("a" * 40, now, waiting, "ml_pipeline/1", now - 5))
    mark(scheduler, CHANGE.key, Mark(trouble="the folder in is not there", trouble_at=now))
    mark(scheduler, PUSH.key, Mark("d-1", now, refused="the push started no run: bad"))
    commit, change, push = (await http.get("/api/v1/dags/ml_pipeline")).json()["triggers"]
    assert (commit["kind"], commit["text"], commit["branches"]) == ("commit", "commit in erp on main", ["main"])
    assert (commit["state"], commit["run_id"], commit["params"]) == ("a" * 40, "ml_pipeline/1", {"days": "commit"})
    assert commit["waiting"] == "commit bbbbbbb on main in /srv/erp"
    assert (change["path"], change["trouble"]) == ("in", "the folder in is not there")
    assert (push["hook"], push["secret"]) == ("/api/v1/hooks/ml_pipeline", "forge")
    assert push["trouble"] == "the push started no run: bad"


async def test_a_dag_without_triggers_tells_none(http: httpx.AsyncClient) -> None:
    assert (await http.get("/api/v1/dags/ml_pipeline")).json()["triggers"] == []


async def test_a_run_tells_the_event_that_started_it(http: httpx.AsyncClient, scheduler: QuietScheduler) -> None:
    run = scheduler.new_run(
        "ml_pipeline", state=RunState.RUNNING, trigger=TriggerKind.COMMIT, event=event()
    ).record.run_id
    plain = scheduler.new_run("ml_pipeline").record.run_id
    found = (await http.get(f"/api/v1/runs/{quote(run, safe='')}")).json()
    assert (found["trigger"], found["event"]["commit"], found["event"]["before"]) == ("commit", "b" * 40, "a" * 40)
    assert found["event"]["text"] == "commit bbbbbbb on main in /srv/erp"
    assert (await http.get(f"/api/v1/runs/{quote(plain, safe='')}")).json()["event"] is None
    listed = (await http.get("/api/v1/runs")).json()["items"]
    assert [one["event"] is None for one in listed] == [True, False]
    story = (await http.get(f"/api/v1/runs/{quote(run, safe='')}/story")).json()
    assert story["cause"]["text"] == "Started by commit bbbbbbb on main in /srv/erp"


async def test_a_trigger_in_trouble_needs_a_person_after_a_while_and_can_be_muted(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    put_dag(scheduler, msgspec.structs.replace(ml_pipeline(), triggers=(COMMIT, CHANGE)))
    now = time.time()

    async def needs() -> list[dict[str, object]]:
        found = (await http.get("/api/v1/now")).json()["needs"]
        return [one for one in found if one["kind"] == "trigger"]

    mark(scheduler, COMMIT.key, Mark(trouble="the checkout erp is not there", trouble_at=now - 10))
    assert await needs() == []
    mark(scheduler, COMMIT.key, Mark(trouble="the checkout erp is not there", trouble_at=now - 400))
    mark(scheduler, CHANGE.key, Mark("x", now, refused="1 file changed in /in started no run: bad"))
    refused, missing = await needs()
    assert (missing["key"], missing["dag_id"]) == ("trigger:ml_pipeline:commit erp", "ml_pipeline")
    assert missing["lead"]["text"] == "the checkout erp is not there"  # type: ignore[index]
    assert refused["lead"]["text"] == "1 file changed in /in started no run: bad"  # type: ignore[index]
