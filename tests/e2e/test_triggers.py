"""A commit, a changed folder and a push start runs of a real server, once, though it is killed at any moment."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.chaos.server import Server, until

pytestmark = pytest.mark.slow

DAG = """
from potok import dag, on_change, on_commit, on_push, task

@task
def read(commit: str, files: list) -> str:
    return f"{commit} {files}"

@dag(triggers=[on_commit("erp", params={"commit": "commit", "before": "before"})])
def analysis(commit: str = "", before: str = ""):
    read(commit, [])

@dag(triggers=[on_change("inbox", ignore=["*.part"], quiet="300ms", params={"files": "files"})])
def intake(files: list = []):
    read("", files)

@dag(triggers=[on_push(secret="forge", branches=["main"], params={"commit": "commit"})])
def pushed(commit: str = ""):
    read(commit, [])
"""


class Checkout:
    """A git checkout that nobody's configuration touches."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        told = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        names = {
            f"GIT_{role}_{what}": "tests@potok.test" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        self._environment = {**os.environ, **told, **names}
        folder.mkdir()
        self.git("init", "-b", "main")
        self.commit()

    def git(self, *words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=self.folder, env=self._environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit(self) -> str:
        self.git("commit", "--allow-empty", "-m", "work")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server({"flows.py": DAG}) as server:
        yield server


@pytest.fixture
def checkout(server: Server) -> Checkout:
    (server.workspace / "inbox").mkdir()
    return Checkout(server.workspace / "erp")


def runs(server: Server, dag_id: str) -> list[dict[str, Any]]:
    """Oldest first."""
    found: list[dict[str, Any]] = server.get("/runs", dag_id=dag_id, limit=200)["items"]
    return found[::-1]


def commits(server: Server) -> list[str]:
    return [run["params"]["commit"] for run in runs(server, "analysis")]


def is_followed(server: Server, dag_id: str) -> bool:
    triggers = server.get(f"/dags/{dag_id}")["triggers"]
    return bool(triggers) and triggers[0]["seen_at"] is not None


def test_a_commit_starts_a_run_at_once_and_every_page_says_why(server: Server, checkout: Checkout) -> None:
    server.start()
    until(lambda: is_followed(server, "analysis"), "the checkout is followed", 10)
    assert commits(server) == []
    first = checkout.git("rev-parse", "HEAD")
    began = time.monotonic()
    second = checkout.commit()
    until(lambda: commits(server) == [second], "the commit starts a run", 5)
    assert time.monotonic() - began < 2.0
    run = runs(server, "analysis")[0]
    assert (run["trigger"], run["params"]["before"]) == ("commit", first)
    cause = f"commit {second[:7]} on main in {checkout.folder}"
    assert run["event"]["text"] == run["triggered_by"] == cause
    told = server.get(f"/runs/{run['run_id']}/explain")
    assert told["cause"]["text"] == f"Started by {cause}"
    [trigger] = server.get("/dags/analysis")["triggers"]
    assert (trigger["state"], trigger["run_id"], trigger["trouble"]) == (second, run["run_id"], "")


def test_a_commit_made_while_the_server_was_down_starts_one_run_at_its_start(
    server: Server, checkout: Checkout
) -> None:
    server.start()
    until(lambda: is_followed(server, "analysis"), "the checkout is followed", 10)
    server.stop()
    checkout.commit()
    newest = checkout.commit()
    server.start()
    until(lambda: commits(server) == [newest], "the commit starts a run", 10)
    server.stop()
    server.start()
    until(lambda: is_followed(server, "analysis"), "the checkout is followed", 10)
    assert commits(server) == [newest]


def test_files_that_come_start_a_run_with_their_names(server: Server, checkout: Checkout) -> None:
    server.start()
    until(lambda: is_followed(server, "intake"), "the folder is followed", 10)
    inbox = server.workspace / "inbox"
    (inbox / "a.csv").write_text("1")
    (inbox / "b.csv.part").write_text("half")
    (inbox / "c.csv").write_text("3")
    until(lambda: len(runs(server, "intake")) == 1, "the files start a run", 10)
    [run] = runs(server, "intake")
    assert run["params"]["files"] == ["a.csv", "c.csv"]
    assert run["event"]["text"] == f"2 files changed in {inbox}"


def test_a_signed_push_starts_a_run_and_a_missing_secret_is_told(server: Server, checkout: Checkout) -> None:
    server.start()
    [trigger] = server.get("/dags/pushed")["triggers"]
    assert trigger["trouble"].endswith("make it: potok variables set forge --secret")
    with server.client() as client:
        assert client.put("/variables/forge", json={"value": "s3cret", "secret": True}).status_code < 300
    assert server.get("/dags/pushed")["triggers"][0]["trouble"] == ""
    body = json.dumps({"commit": "b" * 40, "branch": "main"}).encode()
    stamp = str(int(time.time()))
    mac = hmac.new(b"s3cret", f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Potok-Timestamp": stamp, "X-Potok-Signature": f"sha256={mac}"}
    url = f"{server.url}{trigger['hook']}"
    answers = [httpx.post(url, content=body, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert httpx.post(url, content=body).status_code == 401
    [run] = runs(server, "pushed")
    assert (run["run_id"], run["params"]["commit"]) == (answers[0].json()["run_id"], "b" * 40)


@pytest.mark.chaos
@pytest.mark.timeout(240)
def test_a_server_that_is_killed_between_seeing_and_starting_loses_nothing_and_doubles_nothing(
    server: Server, checkout: Checkout
) -> None:
    dice = random.Random(5)
    server.start()
    until(lambda: is_followed(server, "analysis"), "the checkout is followed", 10)
    made = []
    for _ in range(8):
        made.append(checkout.commit())
        time.sleep(dice.uniform(0.0, 0.12))
        server.kill()
        server.start()
        until(lambda: made[-1] in commits(server), "the commit has its run", 15)
    assert commits(server) == made
    befores = [run["params"]["before"] for run in runs(server, "analysis")]
    assert befores[1:] == made[:-1]
