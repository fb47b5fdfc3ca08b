"""The analysis of a 1C configuration as a DAG, by real processes: green, red by name, and killed in step 3."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from potok.authoring.registry import build_file
from potok.model.errors import DagError
from potok.model.trigger import OnPush
from potok_onec.testing import generate
from tests.chaos.server import Server, below, kill_all, until
from tests.cli.running_server import RunningServer

pytest.importorskip("pyarrow", reason="the example's libraries are not installed")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / "onec" / "workflows" / "edt_analysis.py"
STEPS = ("parse", "architecture", "dependencies", "ml-dataset", "best-practices", "docs")
CORPUS = os.environ.get("POTOK_ONEC_CORPUS", "")
SETTINGS = """
path = "trade"

[configuration.trade]
path = "trade"
schedule = "0 3 * * *"
tz = "Europe/Moscow"

[configuration.erp]
path = "erp"
schedule = "@weekly"
quick = true
"""


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    dags = {"edt_analysis.py": WORKFLOW.read_text(encoding="utf-8"), "edt_analysis.toml": SETTINGS}
    running = RunningServer(dags, toml="[pools]\nedt_analysis = 2\n")
    running.environment["POTOK_ONEC_CACHE"] = str(running.workspace / "cache")
    generate(running.workspace / "trade")
    with running:
        yield running


def analysed(server: RunningServer, *arguments: str) -> tuple[str, str, dict[str, str]]:
    """A run by hand, waited for: its id, its state, and the states of its tasks."""
    ended = server.potok("trigger", "edt_analysis", "--wait", "--json", *arguments)
    assert ended.code in (0, 1), ended.err
    run_id = str(ended.json["run_id"])
    tasks = {item["task_id"]: str(item["state"]) for item in server.potok("tasks", run_id, "--json").json["items"]}
    return run_id, str(ended.json["state"]), tasks


def result(server: RunningServer, run_id: str, task_id: str) -> Any:
    from potok.client.api import PotokClient
    from potok.client.discovery import find_server

    with PotokClient(*find_server({"POTOK_HOME": str(server.home)})) as client:
        return json.loads(client.result_bytes(run_id, task_id))


def broken(server: RunningServer, run_id: str, *task: str) -> list[str]:
    """Names of the contracts that do not hold, as the API tells them."""
    items = server.potok("checks", run_id, *task, "--json").json["items"]
    return [each["check"] for item in items for each in item["checks"] if not each["ok"]]


def test_each_configuration_is_a_dag_with_a_schedule_of_its_own(server: RunningServer) -> None:
    items = {item["dag_id"]: item for item in server.potok("dags", "--json").json["items"]}
    assert sorted(items) == ["edt_analysis", "edt_analysis_erp", "edt_analysis_trade"]
    assert "0 3 * * * (Europe/Moscow)" in server.potok("show", "edt_analysis_trade").out
    assert server.potok("show", "edt_analysis").out.count("pool edt_analysis") == len(STEPS)


def test_all_steps_are_green_with_rows_in_and_out_and_contracts_found_beside_wanted(server: RunningServer) -> None:
    run_id, state, tasks = analysed(server)
    assert (state, tasks) == ("success", dict.fromkeys(STEPS, "success"))
    assert broken(server, run_id) == []
    checks = {
        item["task_id"]: {each["check"]: each for each in item["checks"]}
        for item in server.potok("checks", run_id, "--json").json["items"]
    }
    assert set(checks) == set(STEPS)
    methods = checks["ml-dataset"]["rows of methods"]
    assert methods["detail"] == methods["wanted"] == str(result(server, run_id, "parse")["rows_out"]["methods"])
    assert all(each["wanted"] for step in checks.values() for each in step.values())
    edges = result(server, run_id, "dependencies")
    assert edges["rows_in"]["parse"] > 0
    assert edges["rows_out"]["edges"] > 0
    site = Path(edges["out"]) / "docs" / "index.html"
    assert site.is_file()
    again, state, _ = analysed(server)
    assert state == "success"
    assert all(result(server, again, step)["was_kept"] for step in STEPS)


def test_steps_that_are_not_asked_for_are_skipped_and_not_failed(server: RunningServer) -> None:
    _, state, tasks = analysed(server, "--param", 'steps=["architecture"]')
    assert state == "success"
    assert [name for name in STEPS if tasks[name] == "success"] == ["parse", "architecture"]
    assert [name for name in STEPS if tasks[name] == "skipped"] == [*STEPS[2:]]
    run_id, _, quick = analysed(server, "--param", "quick=true")
    assert [name for name in STEPS if quick[name] == "success"] == [*STEPS[:3]]
    assert "a quick run has" in server.potok("why", run_id, "docs").out
    refused = server.potok("trigger", "edt_analysis", "--param", 'steps=["dataset"]')
    assert refused.code == 2
    assert "steps" in refused.err


def test_a_source_of_nothing_is_red_and_why_names_the_contract(server: RunningServer) -> None:
    (server.workspace / "nothing").mkdir(exist_ok=True)
    run_id, state, tasks = analysed(server, "--param", "path=nothing")
    assert (state, tasks["parse"], tasks["docs"]) == ("failed", "failed", "upstream_failed")
    assert broken(server, run_id) == ["projects", "objects"]
    why = server.potok("why", run_id).out
    assert "the result fails its checks: projects: 0, wanted at least 1; objects: 0, wanted at least 1" in why
    assert server.potok("tasks", run_id, "--json").json["items"][0]["try_number"] == 1


def test_a_planted_empty_snapshot_turns_every_later_step_red_by_name(server: RunningServer) -> None:
    shutil.copytree(server.workspace / "trade", server.workspace / "planted")
    analysed(server, "--param", "path=planted", "--param", "steps=[]", "--param", "quick=true")
    [out] = (server.workspace / "data" / "edt_analysis").glob("planted-*")
    before = (out / "architecture").resolve()
    snapshot = (out / "parse").resolve()
    for name in ("portions.bin", "texts.bin"):
        (snapshot / name).write_bytes(b"")
    for step in ("architecture", "dependencies"):
        shutil.rmtree((out / step).resolve())
        (out / step).unlink()
    run_id, state, tasks = analysed(server, "--param", "path=planted")
    assert (state, tasks["parse"]) == ("failed", "success")
    assert all(tasks[name] == "failed" for name in STEPS[1:])
    assert broken(server, run_id, "architecture") == ["modules surveyed"]
    assert broken(server, run_id, "dependencies") == ["modules looked at", "edges"]
    assert "rows of methods" in broken(server, run_id, "ml-dataset")
    why = server.potok("why", run_id, "ml-dataset").out
    methods = result(server, run_id, "parse")["rows_out"]["methods"]
    assert f"rows of methods: 0, wanted {methods}" in why
    assert not before.exists()
    assert sorted(path.name for path in out.iterdir() if path.is_symlink()) == ["parse"]


def test_a_step_that_fails_leaves_its_siblings_whole_and_the_site_says_what_is_missing(server: RunningServer) -> None:
    source = shutil.copytree(server.workspace / "trade", server.workspace / "lost-calls")
    module = next((source / "src" / "CommonModules").glob("*/Module.bsl"))
    good = module.read_bytes()
    calls = "".join(f"\t{module.parent.name}.НетТакогоМетода{n}();\r\n" for n in range(200))
    module.write_bytes(good + f"\r\nПроцедура Лишняя() Экспорт\r\n{calls}КонецПроцедуры\r\n".encode())
    run_id, state, tasks = analysed(server, "--param", "path=lost-calls")
    assert state == "failed"
    assert {name for name in STEPS if tasks[name] != "success"} == {"dependencies"}
    assert "calls that lead to a method: " in server.potok("why", run_id).out
    docs = result(server, run_id, "docs")
    assert docs["facts"]["missing"] == ["dependencies"]
    page = (Path(docs["out"]) / "docs" / "dependencies.html").read_text(encoding="utf-8")
    assert "missing" in page.lower()
    module.write_bytes(good)
    mended, state, _ = analysed(server, "--param", "path=lost-calls", "--param", 'steps=["dependencies", "docs"]')
    assert state == "success"
    assert "dependencies" not in result(server, mended, "docs")["facts"]["missing"]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_tag_of_a_repository_is_analysed_as_it_was(server: RunningServer) -> None:
    checkout = shutil.copytree(server.workspace / "trade", server.workspace / "repository")
    git(checkout, "init", "--quiet")
    commit(checkout, "first")
    git(checkout, "tag", "v1")
    shutil.rmtree(checkout / "src" / "CommonModules")
    commit(checkout, "second")
    counts = []
    for path, ref in (("trade", ""), ("repository", "v1"), (f"file://{checkout}", "v1"), ("repository", "")):
        run_id, state, _ = analysed(
            server, "--param", f"path={path}", "--param", f"ref={ref}", "--param", 'steps=["parse"]'
        )
        assert state == "success", server.potok("why", run_id).out
        counts.append(result(server, run_id, "parse")["rows_out"]["methods"])
    assert counts[0] == counts[1] == counts[2] > counts[3]
    assert list((server.workspace / "cache" / "sources").iterdir())
    wrong, state, _ = analysed(server, "--param", "path=repository", "--param", "ref=v2")
    assert state == "failed"
    assert "has no v2" in server.potok("why", wrong).out
    assert server.potok("tasks", wrong, "--json").json["items"][0]["try_number"] == 1


WATCHED = """
[configuration.trade]
path = "trade"
watch = true
quick = true
"""


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_commit_in_a_watched_checkout_starts_an_incremental_run_within_two_seconds() -> None:
    dags = {"edt_analysis.py": WORKFLOW.read_text(encoding="utf-8"), "edt_analysis.toml": WATCHED}
    server = RunningServer(dags, toml="[pools]\nedt_analysis = 2\n")
    server.environment["POTOK_ONEC_CACHE"] = str(server.workspace / "cache")
    checkout = server.workspace / "trade"
    generate(checkout)
    git(checkout, "init", "--quiet")
    commit(checkout, "first")
    with server:
        # a trigger that was never looked at has no commit before: the first look starts nothing
        server.until(
            "show", "edt_analysis_trade", holds=lambda told: told["triggers"] and told["triggers"][0]["seen_at"]
        )
        assert server.potok("runs", "--json").json["items"] == []
        first, told = committed(server, checkout, runs=1)
        assert told["facts"]["reread"] == told["rows_out"]["modules"]
        second, told = committed(server, checkout, runs=2)
        assert second["params"]["since"] == git(checkout, "rev-parse", "HEAD~1")
        assert first["params"]["since"] == git(checkout, "rev-parse", "HEAD~2")
        assert told["facts"]["reread"] == 1


def committed(server: RunningServer, checkout: Path, runs: int) -> tuple[Any, Any]:
    """A method more in one module, committed: the run that comes of it, ended, and what its first step told."""
    module = min((checkout / "src" / "CommonModules").glob("*/Module.bsl"))
    method = f"\r\nПроцедура Новая{runs}() Экспорт\r\nКонецПроцедуры\r\n"
    module.write_bytes(module.read_bytes() + method.encode())
    began = time.time()
    commit(checkout, method)
    page = server.until("runs", "edt_analysis_trade", holds=lambda page: len(page["items"]) == runs)
    assert page["items"][0]["trigger"] == "commit"
    assert datetime.fromisoformat(page["items"][0]["created_at"]).timestamp() - began < 2.0
    page = server.until("runs", holds=lambda page: page["items"][0]["ended_at"], within_s=60)
    run = page["items"][0]
    assert run["state"] == "success"
    return run, result(server, run["run_id"], "parse")


def git(folder: Path, *words: str) -> str:
    named = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org"]
    done = subprocess.run(["git", *named, *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


@pytest.mark.chaos
def test_killed_in_step_3_it_finishes_without_repeating_1_and_2() -> None:
    dags = {"edt_analysis.py": WORKFLOW.read_text(encoding="utf-8"), "edt_analysis.toml": 'path = "trade"\n'}
    with Server(dags, toml="[pools]\nedt_analysis = 1\n") as server:
        generate(server.workspace / "trade", size=4)
        server.start()
        run_id = server.trigger("edt_analysis")
        until(lambda: server.tasks(run_id)["dependencies"]["state"] == "running", "step 3 runs", 120)
        kill_all([*below(server.pid), server.pid])
        server.kill()
        [out] = (server.workspace / "data" / "edt_analysis").iterdir()
        manifests = {step: (out / step / "manifest.json").resolve() for step in ("parse", "architecture")}
        made = {step: (path, path.stat().st_mtime_ns) for step, path in manifests.items()}
        server.start()
        assert server.ended(run_id, within_s=180) == "success"
        outcomes = {name: [one["outcome"] for one in server.attempts(run_id, name)] for name in STEPS}
        assert outcomes["parse"] == outcomes["architecture"] == ["success"]
        assert outcomes["dependencies"] == ["lost", "success"]
        for step, (path, at) in made.items():
            now = (out / step / "manifest.json").resolve()
            assert (now, now.stat().st_mtime_ns) == (path, at), step
        assert not list((out / ".store").glob(".*")), "a half-made output is left behind"
        server.stop()
        assert server.marked() == {}


PUSHED = """
[configuration.erp]
path = "https://git.example.org/team/erp.git"
push_secret = "forge_secret"
repository = "team/erp"
branches = ["main", "release/*"]
"""


def test_a_push_starts_a_run_of_the_pushed_commit(tmp_path: Path) -> None:
    shutil.copyfile(WORKFLOW, tmp_path / "edt_analysis.py")
    (tmp_path / "edt_analysis.toml").write_text(PUSHED)
    dag = build_file(tmp_path / "edt_analysis.py")["edt_analysis_erp"].dag
    assert dag.triggers == (OnPush("forge_secret", "team/erp", ("main", "release/*"), {"ref": "commit"}),)
    assert dag.max_active_runs == 1
    assert dag.schedule is None


def test_settings_that_cannot_be_used_are_told_with_their_place(tmp_path: Path) -> None:
    shutil.copyfile(WORKFLOW, tmp_path / "edt_analysis.py")
    (tmp_path / "edt_analysis.toml").write_text("[configuration.erp]\nwatch = true\n")
    with pytest.raises(DagError, match=r"\[configuration.erp\]: it lacks the setting `path`") as caught:
        build_file(tmp_path / "edt_analysis.py")
    assert caught.value.location == "edt_analysis.toml"


@pytest.mark.prove
@pytest.mark.skipif(not CORPUS, reason="POTOK_ONEC_CORPUS is not set: no public configurations to read")
@pytest.mark.parametrize("repository", ["dt-demo-configuration"])
def test_a_real_configuration_is_green_with_its_contracts(server: RunningServer, repository: str) -> None:
    run_id, state, tasks = analysed(server, "--param", f"path={CORPUS}/{repository}")
    assert (state, tasks) == ("success", dict.fromkeys(STEPS, "success"))
    assert broken(server, run_id) == []


def test_the_example_workspace_has_the_very_same_file() -> None:
    assert (ROOT / "examples" / "dags" / "edt_analysis.py").read_bytes() == WORKFLOW.read_bytes()
