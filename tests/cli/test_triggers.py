"""Commands tell of triggers: what a DAG waits for, what went wrong, what a run was started by."""

import os
import subprocess
from collections.abc import Iterator

import pytest

from tests.cli.running_server import RunningServer

pytestmark = pytest.mark.slow

DAG = """
from potok import dag, on_change, on_commit, on_push, task

@task
def read(commit): ...

@dag(triggers=[
    on_commit("erp", branches=["main"], params={"commit": "commit"}),
    on_change("inbox"),
    on_push(secret="forge", repository="team/erp"),
])
def flow(commit: str = ""):
    read(commit)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    server = RunningServer({"flow.py": DAG})
    # there before the server: what comes to its place later is news and starts a run of its own
    git(server, "init", "-b", "main", str(server.workspace / "erp"))
    git(server, "-C", str(server.workspace / "erp"), "commit", "--allow-empty", "-m", "one")
    with server:
        server.until("show", "flow", holds=lambda view: any(one["seen_at"] for one in view["triggers"]))
        git(server, "-C", str(server.workspace / "erp"), "commit", "--allow-empty", "-m", "two")
        server.until("runs", "flow", holds=lambda page: len(page["items"]) == 1)
        yield server


def git(server: RunningServer, *words: str) -> None:
    told = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    names = {f"GIT_{role}_{what}": "t@potok.test" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(["git", *words], env={**os.environ, **told, **names}, check=True, capture_output=True)


def commit(server: RunningServer) -> str:
    [run] = server.potok("runs", "flow", "--json").json["items"]
    return str(run["event"]["commit"])


def test_show_lists_triggers_with_their_last_run_and_their_trouble(server: RunningServer) -> None:
    told = " ".join(server.potok("show", "flow").out.split())
    assert "schedule none: started by its triggers" in told
    assert "trigger commit in erp on main; last run flow." in told
    assert f"trigger change in inbox the folder {server.workspace}/inbox is not there; make it" in told
    assert "trigger push to team/erp, at /api/v1/hooks/flow" in told
    assert "there is no variable 'forge' to check signatures by; make it: potok variables set forge --secret" in told


def test_runs_and_why_say_which_commit_started_it(server: RunningServer) -> None:
    cause = f"commit {commit(server)[:7]} on main in {server.workspace}/erp"
    assert cause in " ".join(server.potok("runs", "flow").out.split())
    assert f"Started by {cause}" in " ".join(server.potok("why", "flow").out.split())


def test_a_secret_that_is_made_mends_the_push(server: RunningServer) -> None:
    assert server.potok("variables", "set", "forge", "--secret", "--value-stdin", stdin="s3cret").code == 0
    assert "there is no variable" not in server.potok("show", "flow").out
