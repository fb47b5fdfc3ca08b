"""Webhooks: each forge's signature, what is pushed, and that strangers learn nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from potok.api.app import PotokApp
from potok.api.forge import Ignored, read_push, signature_of
from potok.model.errors import InvalidError
from potok.model.trigger import Event, OnPush
from potok.scheduler.commands import TakePush
from potok.scheduler.vault import Vault
from potok.store.rows import VariableRow
from tests.api.conftest import client_of, ml_pipeline, put_dag
from tests.api.scheduler import QuietScheduler

SECRET = "correct horse battery staple"
OLD, NEW, ZERO = "a" * 40, "b" * 40, "0" * 40
URL = "/api/v1/hooks/ml_pipeline"
STRANGER = "the signature is missing or does not fit"

GITHUB = {
    "ref": "refs/heads/main",
    "before": OLD,
    "after": NEW,
    "forced": False,
    "repository": {"full_name": "team/erp", "clone_url": "https://github.test/team/erp.git"},
    "pusher": {"name": "ann", "email": None},
    "commits": [{"added": ["a.bsl"], "modified": ["b.bsl"], "removed": []}, {"modified": ["b.bsl"], "removed": ["c"]}],
}
GITLAB = {
    "object_kind": "push",
    "ref": "refs/heads/main",
    "before": OLD,
    "after": NEW,
    "user_username": "ann",
    "project": {"path_with_namespace": "team/erp", "git_http_url": "https://gitlab.test/team/erp.git"},
    "total_commits_count": 1,
    "commits": [{"added": ["a.bsl"], "modified": [], "removed": []}],
}


def mac(body: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def github(body: bytes, event: str = "push", delivery: str = "d-1", secret: str = SECRET) -> dict[str, str]:
    return {
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": delivery,
        "X-Hub-Signature-256": f"sha256={mac(body, secret)}",
        "Content-Type": "application/json",
    }


def gitea(body: bytes) -> dict[str, str]:
    told = {"X-Gitea-Event": "push", "X-Gitea-Delivery": "d-2", "X-Gitea-Signature": mac(body)}
    return {**github(body, delivery="d-2"), "X-Hub-Signature-256": "sha256=of-something-else", **told}


def gitlab(body: bytes) -> dict[str, str]:
    return {"X-Gitlab-Event": "Push Hook", "X-Gitlab-Event-UUID": "d-3", "X-Gitlab-Token": SECRET}


def plain(body: bytes, at: float | None = None) -> dict[str, str]:
    stamp = str(int(time.time() if at is None else at))
    return {"X-Potok-Timestamp": stamp, "X-Potok-Signature": f"sha256={mac(f'{stamp}.'.encode() + body)}"}


def dumped(payload: object) -> bytes:
    return json.dumps(payload, ensure_ascii=False).encode()


@pytest.fixture
def hooked(scheduler: QuietScheduler, potok_home: Path) -> QuietScheduler:
    """The DAG waits for pushes to main and releases of team/erp; the secret is in the vault."""
    trigger = OnPush("forge", "team/erp", ("main", "release/*"))
    put_dag(scheduler, msgspec.structs.replace(ml_pipeline(), triggers=(trigger,)))
    sealed = Vault(potok_home).seal(json.dumps(SECRET).encode())
    scheduler.commit(variables=[VariableRow("forge", True, sealed, time.time())])
    return scheduler


@pytest.fixture
async def forge(app: PotokApp, hooked: QuietScheduler) -> AsyncIterator[httpx.AsyncClient]:
    """A caller without a token."""
    async with client_of(app) as client:
        yield client
    app.close()


def taken(scheduler: QuietScheduler) -> list[Event]:
    return [command.event for command in scheduler.received if isinstance(command, TakePush)]


async def test_a_push_of_github_starts_one_run_for_each_delivery(
    forge: httpx.AsyncClient, hooked: QuietScheduler
) -> None:
    body = dumped(GITHUB)
    first = await forge.post(URL, content=body, headers=github(body))
    again = await forge.post(URL, content=body, headers=github(body))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == {"run_id": "ml_pipeline/1", "created": True, "note": ""}
    assert again.json() == {"run_id": "ml_pipeline/1", "created": False, "note": ""}
    event = taken(hooked)[0]
    assert (event.commit, event.before, event.branch, event.by) == (NEW, OLD, "main", "ann")
    assert (event.repository, event.url) == ("team/erp", "https://github.test/team/erp.git")
    assert (event.files, event.delivery) == (("a.bsl", "b.bsl", "c"), "d-1")


@pytest.mark.parametrize(("signed", "payload"), [(gitea, GITHUB), (gitlab, GITLAB)])
async def test_other_forges_sign_in_their_own_way(
    forge: httpx.AsyncClient, hooked: QuietScheduler, signed: Any, payload: dict[str, object]
) -> None:
    body = dumped(payload)
    answer = await forge.post(URL, content=body, headers=signed(body))
    assert answer.status_code == 201, answer.text
    event = taken(hooked)[0]
    assert (event.repository, event.branch, event.commit, event.by) == ("team/erp", "main", NEW, "ann")
    assert event.delivery == signed(body).get("X-Gitea-Delivery", "d-3")


async def test_a_plain_call_is_signed_with_its_time_and_right_for_five_minutes(
    forge: httpx.AsyncClient, hooked: QuietScheduler
) -> None:
    body = dumped({"commit": NEW, "branch": "main", "repository": "team/erp", "files": ["a"]})
    headers = plain(body)
    assert (await forge.post(URL, content=body, headers=headers)).status_code == 201
    assert (await forge.post(URL, content=body, headers=headers)).status_code == 200
    for at in (time.time() - 301, time.time() + 320):
        assert (await forge.post(URL, content=body, headers=plain(body, at))).status_code == 401
    moved = {**plain(body), "X-Potok-Timestamp": str(int(time.time()) - 5)}
    assert (await forge.post(URL, content=body, headers=moved)).status_code == 401
    assert len(taken(hooked)) == 2
    assert taken(hooked)[0].ref == "refs/heads/main"


async def test_a_paused_dag_takes_the_push_and_says_that_it_waits(
    forge: httpx.AsyncClient, hooked: QuietScheduler
) -> None:
    row = hooked.store.dag("ml_pipeline")
    assert row is not None
    hooked.commit(dags=[msgspec.structs.replace(row, paused=True)])
    body = dumped(GITHUB)
    answer = await forge.post(URL, content=body, headers=github(body))
    assert (answer.status_code, answer.json()["note"][:17]) == (202, "the DAG is paused")


@pytest.mark.parametrize(
    ("change", "event", "status", "note"),
    [
        ({}, "ping", 200, "the webhook works"),
        ({}, "issues", 202, "an event 'issues' starts nothing; only a push does"),
        ({"ref": "refs/heads/dev"}, "push", 202, "branch 'dev' is left out: the trigger waits for main or release/*"),
        ({"ref": "refs/tags/v1"}, "push", 202, "refs/tags/v1 is no branch; only a push to a branch starts a run"),
        ({"after": ZERO}, "push", 202, "branch main was deleted"),
        (
            {"repository": {"full_name": "team/crm"}},
            "push",
            202,
            "no trigger of this DAG waits for pushes to team/crm",
        ),
    ],
)
async def test_what_starts_nothing_is_answered_with_the_reason(
    forge: httpx.AsyncClient, hooked: QuietScheduler, change: dict[str, object], event: str, status: int, note: str
) -> None:
    body = dumped({**GITHUB, **change})
    answer = await forge.post(URL, content=body, headers=github(body, event))
    assert (answer.status_code, answer.json()) == (status, {"run_id": None, "created": False, "note": note})
    assert taken(hooked) == []


@pytest.mark.parametrize("dag_id", ["ml_pipeline", "nothing", "x" * 5000])
@pytest.mark.parametrize("kind", ["none", "wrong", "empty", "other body", "token of nobody", "sha1"])
async def test_a_stranger_learns_nothing_not_even_whether_the_dag_is_there(
    forge: httpx.AsyncClient, hooked: QuietScheduler, dag_id: str, kind: str
) -> None:
    body = dumped(GITHUB)
    headers: Any = {
        "none": {},
        "wrong": github(body, secret="guessed"),
        "empty": {**github(body), "X-Hub-Signature-256": ""},
        "other body": github(b"{}"),
        "token of nobody": {b"X-Gitlab-Token": "é".encode(), b"X-Gitlab-Event": b"Push Hook"},
        "sha1": {"X-GitHub-Event": "push", "X-Hub-Signature": hmac.new(b"x", body, hashlib.sha1).hexdigest()},
    }[kind]
    answer = await forge.post(f"/api/v1/hooks/{dag_id}", content=body, headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (401, STRANGER)
    assert hooked.received == []


async def test_a_secret_that_is_missing_or_not_secret_lets_nobody_in(app: PotokApp, scheduler: QuietScheduler) -> None:
    put_dag(scheduler, msgspec.structs.replace(ml_pipeline(), triggers=(OnPush("forge"),)))
    body = dumped(GITHUB)
    async with client_of(app) as client:
        assert (await client.post(URL, content=body, headers=github(body, secret=""))).status_code == 401
        scheduler.commit(variables=[VariableRow("forge", False, json.dumps(SECRET).encode(), time.time())])
        assert (await client.post(URL, content=body, headers=github(body))).status_code == 401
        scheduler.commit(variables=[VariableRow("forge", True, b"sealed by another key", time.time())])
        assert (await client.post(URL, content=body, headers=github(body))).status_code == 401


async def test_wrong_signatures_count_as_failed_logins_and_a_right_one_is_not_held_up(
    forge: httpx.AsyncClient,
) -> None:
    body = dumped(GITHUB)
    statuses = [(await forge.post(URL, content=body)).status_code for _ in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert (await forge.get("/api/v1/dags", headers={"Authorization": "Bearer wrong"})).status_code == 429
    assert (await forge.post(URL, content=body, headers=github(body))).status_code == 201


async def test_a_body_beyond_the_limit_and_one_that_is_no_push_are_refused(forge: httpx.AsyncClient) -> None:
    assert (await forge.post(URL, content=b" " * (5 * 1024 * 1024 + 1))).status_code == 413
    for body in (b"payload=%7B%7D", b"[]", b'{"ref": 5}', b"[" * 100_000):
        answer = await forge.post(URL, content=body, headers=github(body))
        assert answer.status_code == 422, body[:20]
        assert answer.json()["detail"].startswith("the body is no push")


async def test_nothing_else_of_the_api_is_open(forge: httpx.AsyncClient) -> None:
    assert (await forge.get(URL)).status_code == 405
    assert (await forge.get("/api/v1/hooks")).status_code == 401
    assert (await forge.post("/api/v1/dags/ml_pipeline/runs")).status_code == 401
    assert (await forge.post("/api/v1/hooks/ml_pipeline/../../dags/ml_pipeline/runs")).status_code == 401


def pushed(payload: dict[str, object]) -> Event | Ignored:
    body = dumped(payload)
    headers = {name.lower(): value for name, value in github(body).items()}
    signature = signature_of(headers)
    assert signature is not None
    return read_push(signature, headers, body, 0.0)


@pytest.mark.parametrize(
    "change",
    [
        {"forced": True},
        {"before": ZERO},
        {"total_commits": 3},
        {"commits": [{"modified": [f"f{number}" for number in range(1001)]}]},
        {"commits": None},
        {"commits": [{}] * 2048},
    ],
)
def test_files_are_told_whole_or_not_at_all(change: dict[str, object]) -> None:
    event = pushed({**GITHUB, **change})
    assert isinstance(event, Event)
    assert (event.files, event.files_count) == ((), 0)


def test_a_new_branch_has_no_commit_before() -> None:
    event = pushed({**GITHUB, "before": ZERO})
    assert isinstance(event, Event)
    assert event.before == ""


def test_a_plain_body_with_a_misspelt_field_is_told() -> None:
    body = dumped({"comit": NEW})
    headers = {name.lower(): value for name, value in plain(body).items()}
    signature = signature_of(headers)
    assert signature is not None
    with pytest.raises(InvalidError, match="comit"):
        read_push(signature, headers, body, 0.0)
