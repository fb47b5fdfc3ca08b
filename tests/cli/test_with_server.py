"""Every command that talks to a server, against a real one, as a user types it."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.cli.running_server import RunningServer

pytestmark = pytest.mark.slow

DAGS = {
    "pipeline.py": """
from pathlib import Path
from potok import dag, task, variable, Retry

@task
def extract(count: int, name: str) -> list[int]:
    print(f"extracting {count} for {name!r}")
    return list(range(count))

@task(retry=Retry(1, delay="50ms"), pool="narrow")
def transform(rows: list[int]) -> int:
    print("transforming")
    if not Path("mended").exists():
        raise ValueError("the rate table is empty")
    return sum(rows)

@task
def load(total: int) -> None:
    print(f"loaded {total}")

@task
def report(rows: list[int]) -> None:
    print("reporting")

@dag(schedule="0 2 * * *", tz="Europe/Moscow", tags=["sales"])
def pipeline(count: int = 3, name: str = "world"):
    \"\"\"Sums rows.\"\"\"
    rows = extract(count, name)
    load(transform(rows))
    report(rows)

pipeline()
""",
    "waiting.py": """
import time
from pathlib import Path
from potok import dag, task

@task
def wait_for_file() -> None:
    print("waiting", flush=True)
    while not Path("go").exists():
        time.sleep(0.02)
    print("seen", flush=True)

@task
def after(x) -> None: ...

@dag
def waiting():
    after(wait_for_file())

waiting()
""",
    "prices.py": """
from potok import Verdict, dag, task

def promises(table):
    return [
        Verdict(True, "2", name="files", wanted="2"),
        Verdict(len(table) == 12, str(len(table)), name="rows of prices", wanted="12"),
    ]

@task(checks=[promises])
def read(rows: int) -> list[int]:
    return [0] * rows

@dag
def prices(rows: int = 0):
    read(rows)

prices()
""",
    "broken.py": "from potok import dag\nimport nowhere_to_be_found\n",
}
TOML = "[pools]\nnarrow = 1\n"


@pytest.fixture(scope="module", params=[(), ("--split",)], ids=["standalone", "split"])
def server(request: pytest.FixtureRequest) -> Iterator[RunningServer]:
    with RunningServer(DAGS, *request.param, toml=TOML) as running:
        yield running


def failed_run(server: RunningServer) -> str:
    (server.workspace / "mended").unlink(missing_ok=True)
    ended = server.potok("trigger", "pipeline", "--wait", "--json")
    assert ended.code == 1, ended.err
    assert ended.json["state"] == "failed"
    return str(ended.json["run_id"])


def test_dags_are_listed_with_the_broken_file_beside(server: RunningServer) -> None:
    listed = server.potok("dags", "--json").json
    assert [item["dag_id"] for item in listed["items"]] == ["pipeline", "prices", "waiting"]
    assert listed["import_errors"][0]["location"] == "broken.py:2"
    shown = server.potok("dags")
    assert "pipeline" in shown.out
    assert "broken broken.py:2" in shown.out
    assert server.potok("dags", "--tag", "sales", "--json").json["items"][0]["dag_id"] == "pipeline"


def test_dag_is_shown_with_params_schedule_and_tree(server: RunningServer) -> None:
    shown = server.potok("show", "pipeline")
    assert shown.code == 0, shown.err
    assert "0 2 * * * (Europe/Moscow)" in shown.out
    assert "count: integer = 3" in shown.out
    assert "extract\n├─ transform  (pool narrow, retries 1)\n│  └─ load\n└─ report" in shown.out
    assert server.potok("show", "pipeline", "--json").json["graph"]["tasks"][0]["task_id"] == "extract"


def test_unknown_names_end_with_2_and_one_sentence(server: RunningServer) -> None:
    for arguments in (
        ("show", "no"),
        ("trigger", "no"),
        ("why", "no"),
        ("tasks", "no"),
        ("runs", "no"),
        ("next", "no"),
    ):
        ended = server.potok(*arguments, "--json")
        assert ended.code == 2, arguments
        assert ended.out == ""
        assert ended.err.startswith("error: ")
        assert ended.err.count("\n") == 1


def test_wrong_token_ends_with_2(server: RunningServer) -> None:
    ended = server.potok("runs", POTOK_API_TOKEN="wrong")
    assert ended.code == 2
    assert "token" in ended.err


def test_failed_run_is_explained_by_its_root(server: RunningServer) -> None:
    run_id = failed_run(server)
    for name in (run_id, "pipeline"):
        why = server.potok("why", name, "--json").json
        assert why["run_id"] == run_id
        [root] = why["roots"]
        assert root["task_id"] == "transform"
        assert root["error"]["location"] == "pipeline.py:14"
        assert root["blocked"] == ["load"]
    shown = server.potok("why", run_id).out
    first = shown.splitlines()[0]
    assert first.startswith("`transform` failed on try 2 of 2")
    assert "the rate table is empty" in shown
    assert "did not run because of it: load" in shown
    assert "transform" in server.potok("why", run_id, "load").out


def test_waiting_for_a_failing_run_ends_with_1_and_its_verdict(server: RunningServer) -> None:
    (server.workspace / "mended").unlink(missing_ok=True)
    ended = server.potok("trigger", "pipeline", "--wait")
    assert ended.code == 1
    started, verdict, hint = ended.out.splitlines()
    run_id = started.removeprefix("started ")
    assert verdict.startswith("✖ failed  `transform` failed on try 2 of 2")
    assert hint == f"`potok why {run_id}` tells more"


def test_one_task_is_explained_alone(server: RunningServer) -> None:
    run_id = failed_run(server)
    why = server.potok("why", run_id, "load", "--json").json
    assert [task["task_id"] for task in why["tasks"]] in (["load"], [])
    assert [root["task_id"] for root in why["roots"]] == ["transform"]
    ended = server.potok("why", run_id, "nothing")
    assert ended.code == 2
    assert "has no task 'nothing'" in ended.err


def test_a_broken_contract_is_named_with_what_was_found_and_wanted(server: RunningServer) -> None:
    assert server.potok("trigger", "prices", "--wait").code == 1
    why = server.potok("why", "prices").out
    assert "the result fails its checks: rows of prices: 0, wanted 12" in why
    listed = server.potok("checks", "prices")
    assert listed.code == 1
    assert [line.split() for line in listed.out.splitlines()] == [
        ["TASK", "CHECK", "FOUND", "WANTED"],
        ["read", "✖", "rows", "of", "prices", "0", "12"],
        ["read", "✔", "files", "2", "2"],
    ]
    assert server.potok("trigger", "prices", "--param", "rows=12", "--wait").code == 0
    kept = server.potok("checks", "prices", "read", "--json")
    assert kept.code == 0
    [item] = kept.json["items"]
    assert [(each["check"], each["ok"], each["wanted"]) for each in item["checks"]] == [
        ("files", True, "2"),
        ("rows of prices", True, "12"),
    ]
    assert server.potok("checks", "prices", "no").code == 2


def test_retry_tells_its_price_and_runs_only_what_failed(server: RunningServer) -> None:
    run_id = failed_run(server)
    price = server.potok("retry", run_id, "--dry-run")
    assert price.out == f"{run_id}: would run 2 tasks (transform, load) again and keeps 2 results\n"
    assert server.potok("runs", "--json", "-n", "1").json["items"][0]["state"] == "failed"
    (server.workspace / "mended").touch()
    assert server.potok("retry", run_id, "--json").json["tasks"] == ["transform", "load"]
    server.until("runs", "-n", "1", holds=lambda page: page["items"][0]["state"] == "success")
    tries = {item["task_id"]: item["try_number"] for item in server.potok("tasks", run_id, "--json").json["items"]}
    assert tries["extract"] == 1
    assert tries["transform"] == 3
    again = server.potok("retry", run_id)
    assert again.code == 2
    assert again.err.startswith("error: ")


def test_retry_with_another_param_is_checked_and_runs_with_it(server: RunningServer) -> None:
    run_id = failed_run(server)
    wrong = server.potok("retry", run_id, "--param", "nothing=1")
    assert wrong.code == 2
    assert "has no param 'nothing'" in wrong.err
    (server.workspace / "mended").touch()
    run = server.potok("retry", run_id, "--param", "count=4", "--json").json["run"]
    assert run["params"]["count"] == 4


def test_params_reach_the_tasks_and_wrong_ones_are_refused(server: RunningServer) -> None:
    (server.workspace / "mended").touch()
    ended = server.potok(
        "trigger", "pipeline", "-p", "count=2", "-p", "name=5", "--note", "by hand", "--wait", "--json"
    )
    assert ended.code == 0, ended.err
    assert ended.json["params"] == {"count": 2, "name": "5"}
    assert ended.json["note"] == "by hand"
    assert "extracting 2 for '5'" in server.potok("logs", ended.json["run_id"], "extract").out
    refused = server.potok("trigger", "pipeline", "-p", "count=many", "--json")
    assert refused.code == 2
    assert "count" in refused.err
    unknown = server.potok("trigger", "pipeline", "-p", "cuont=1")
    assert unknown.code == 2
    assert "cuont" in unknown.err


def test_repeated_idempotency_key_is_the_first_run(server: RunningServer) -> None:
    (server.workspace / "mended").touch()
    first = server.potok("trigger", "pipeline", "--idempotency-key", "k1", "--json").json
    again = server.potok("trigger", "pipeline", "--idempotency-key", "k1")
    assert again.out == f"already there: {first['run_id']}\n"


def test_logical_date_is_taken_and_written_back_in_utc(server: RunningServer) -> None:
    ended = server.potok("trigger", "pipeline", "--logical-date", "2026-01-31T02:00+03:00", "--json")
    assert ended.code == 0, ended.err
    assert ended.json["logical_date"] == "2026-01-30T23:00:00Z"


def test_workers_and_queues_tell_what_there_is_to_run_on(server: RunningServer) -> None:
    (server.workspace / "go").unlink(missing_ok=True)
    run_id = server.potok("trigger", "waiting", "--json").json["run_id"]
    server.until("tasks", run_id, holds=lambda tasks: tasks["items"][0]["state"] == "running")
    workers = server.potok("workers", "--json").json
    assert {one["work"]["task_id"] for one in workers["items"] if one["work"]} == {"wait_for_file"}
    assert "wait_for_file of" in server.potok("workers").out
    (queue,) = server.potok("queues", "--json").json["items"]
    assert (queue["name"], queue["running"]) == ("default", 1)
    assert "default" in server.potok("queues").out
    (server.workspace / "go").touch()
    server.until("runs", holds=lambda runs: runs["items"][0]["state"] == "success")


def test_logs_follow_until_the_attempt_ends(server: RunningServer) -> None:
    (server.workspace / "go").unlink(missing_ok=True)
    run_id = server.potok("trigger", "waiting", "--json").json["run_id"]
    server.until("tasks", run_id, holds=lambda tasks: tasks["items"][0]["state"] == "running")
    with subprocess.Popen(
        [sys.executable, "-m", "potok", "logs", "waiting", "wait_for_file", "-f"],
        cwd=server.workspace, env=server.environment, stdout=subprocess.PIPE, text=True,
    ) as following:  # fmt: skip
        assert following.stdout is not None
        assert following.stdout.readline().endswith(" waiting\n")
        (server.workspace / "go").touch()
        assert following.stdout.readline().endswith(" seen\n")
        assert following.wait(20) == 0
    lines = [json.loads(line) for line in server.potok("logs", run_id, "wait_for_file", "--json").out.splitlines()]
    assert [line["msg"] for line in lines] == ["waiting", "seen"]
    first = server.potok("logs", run_id, "wait_for_file", "--attempt", "1", "--json")
    assert len(first.out.splitlines()) == 2
    assert server.potok("logs", run_id, "wait_for_file", "--tail", "1").out.endswith(" seen\n")
    assert server.potok("logs", run_id, "wait_for_file", "--attempt", "9").code == 2
    found = server.potok("logs", run_id, "--search", "SEEN")
    assert found.out.startswith("wait_for_file:2: ") and found.out.endswith(" seen\n")
    assert server.potok("logs", run_id, "--search", "never said").err == "no line matches\n"
    whole = server.potok("logs", run_id).out.splitlines()
    assert whole[0].endswith(" wait_for_file: waiting")
    assert server.potok("logs", run_id, "--tail", "1").code == 2
    stranger = server.potok("logs", "last", "extract").err
    assert "its tasks: wait_for_file, after; `potok logs DAG extract`" in stranger
    assert stranger.count("\n") == 1


def test_running_run_says_what_is_waited_for_and_can_be_cancelled(server: RunningServer) -> None:
    (server.workspace / "go").unlink(missing_ok=True)
    run_id = server.potok("trigger", "waiting", "--json").json["run_id"]
    server.until("tasks", run_id, holds=lambda tasks: tasks["items"][0]["state"] == "running")
    why = server.potok("why", "last")
    assert why.code == 0
    assert "wait_for_file" in why.out
    cancelled = server.potok("cancel", run_id, "--note", "enough", "--json")
    assert cancelled.code == 0, cancelled.err
    server.until("runs", "waiting", "-n", "1", holds=lambda page: page["items"][0]["state"] == "cancelled")
    again = server.potok("cancel", run_id)
    assert again.code == 2
    assert again.err.startswith("error: ")


def test_clear_and_mark_change_what_they_say(server: RunningServer) -> None:
    (server.workspace / "mended").touch()
    run_id = server.potok("trigger", "pipeline", "--wait", "--json").json["run_id"]
    price = server.potok("clear", run_id, "transform", "--downstream", "--dry-run", "--json").json
    assert price["tasks"] == ["transform", "load"]
    assert server.potok("clear", run_id, "report").code == 0
    server.until("runs", "pipeline", "-n", "1", holds=lambda page: page["items"][0]["state"] == "success")
    marked = server.potok("mark", run_id, "load", "--state", "failed", "--note", "it lied", "--json")
    assert marked.code == 0, marked.err
    states = {item["task_id"]: item["state"] for item in server.potok("tasks", run_id, "--json").json["items"]}
    assert states["load"] == "failed"


def test_mark_tells_what_did_not_run_below_and_how_to_run_it(server: RunningServer) -> None:
    run_id = failed_run(server)
    marked = server.potok("mark", run_id, "transform", "--state", "success").out
    assert f"1 task below did not run; `potok retry {run_id}` runs it" in marked
    assert server.potok("retry", run_id, "--dry-run", "--json").json["tasks"] == ["load"]


def test_pause_stops_the_schedule_and_not_people(server: RunningServer) -> None:
    paused = server.potok("pause", "pipeline", "--note", "holidays", "--json").json
    assert paused["paused"]
    assert "paused" in server.potok("show", "pipeline").out
    assert "holidays" in server.potok("show", "pipeline").out
    assert server.potok("trigger", "pipeline").code == 0
    assert not server.potok("unpause", "pipeline", "--json").json["paused"]


def test_next_starts_stand_on_the_clock_of_the_dag(server: RunningServer) -> None:
    starts = server.potok("next", "pipeline", "-n", "3", "--json").json["items"]
    assert len(starts) == 3
    assert all("T23:00:00" in start["at"] and "02:00" in start["local"] for start in starts)
    everything = server.potok("next", "--all", "--json").json["items"]
    assert {start["dag_id"] for start in everything} == {"pipeline"}
    assert server.potok("next", "--all").code == 0
    assert server.potok("next", "--json").json["items"] == everything


def test_now_tells_what_needs_a_person_until_it_is_muted(server: RunningServer) -> None:
    failed_run(server)
    told = server.potok("now")
    assert "need you" in told.out or "needs you" in told.out
    assert "pipeline · transform" in told.out
    assert "ValueError: the rate table is empty" in told.out
    assert "Next up" in told.out
    home = json.loads(server.potok("now", "--json").out)["now"]
    # other tests of this server may have left failures of other tasks
    [need] = [one for one in home["needs"] if (one["dag_id"], one["task_id"]) == ("pipeline", "transform")]
    assert need["retry"]["tasks"] == 2
    muted = server.potok("mute", need["key"], "--for", "1h", "--note", "known")
    assert f"{need['key']} is muted until" in muted.out
    assert "pipeline · transform" not in server.potok("now").out
    server.potok("unmute", need["key"])
    assert server.potok("mute", "pipeline").out.strip() == "dag:pipeline is muted until the next success"
    assert "pipeline · transform" not in server.potok("now").out
    server.potok("unmute", "pipeline")
    assert server.potok("unmute", "pipeline").code == 2


def test_pools_are_set_listed_and_deleted(server: RunningServer) -> None:
    assert server.potok("pools", "set", "etl", "2", "--description", "databases").code == 0
    pools = {pool["name"]: pool for pool in server.potok("pools", "list", "--json").json["items"]}
    assert pools["etl"]["slots"] == 2
    kept = {"name": "etl", "slots": 3, "description": "databases"}
    assert server.potok("pools", "set", "etl", "3", "--json").json == kept
    assert pools["narrow"]["source"] == "config"
    assert "etl" in server.potok("pools", "list").out
    assert server.potok("pools", "delete", "etl").code == 0
    assert server.potok("pools", "delete", "etl").code == 2


def test_pool_that_a_dag_was_missing_mends_it_at_once(server: RunningServer) -> None:
    text = "from potok import task\n\n@task(schedule='@daily', pool='wide')\ndef wants_wide(): ...\n"
    file = server.workspace / "dags" / "wants_wide.py"
    file.write_text(text)
    try:
        errors = server.until("dags", holds=lambda page: len(page["import_errors"]) == 2)["import_errors"]
        assert any("pool 'wide'" in error["message"] for error in errors)
        server.potok("pools", "set", "wide", "1")
        server.until("show", "wants_wide", holds=lambda view: view["dag"]["present"])
    finally:
        file.unlink()
        server.until("dags", holds=lambda page: len(page["items"]) == len(DAGS) - 1)
        server.potok("pools", "delete", "wide")


def test_secrets_go_in_and_never_come_out(server: RunningServer) -> None:
    set_up = server.potok(
        "connections", "set", "db", "postgresql://me@host:5432/main", "--password-stdin", stdin="hunter2\n"
    )
    assert set_up.code == 0, set_up.err
    assert server.potok("variables", "set", "pin", "--secret", "--value-stdin", stdin="hunter2").code == 0
    assert server.potok("variables", "set", "rates", '{"usd": 1}').code == 0
    shown = [
        server.potok("connections", "list"), server.potok("connections", "list", "--json"),
        server.potok("connections", "show", "db"), server.potok("connections", "show", "db", "--json"),
        server.potok("variables", "list"), server.potok("variables", "show", "pin", "--json"),
    ]  # fmt: skip
    assert all(answer.code == 0 for answer in shown)
    assert not any("hunter2" in answer.out + answer.err for answer in (set_up, *shown))
    assert "me" in shown[0].out
    assert server.potok("variables", "show", "rates", "--json").json["value"] == {"usd": 1}
    for kind, name in (("connections", "db"), ("variables", "pin"), ("variables", "rates")):
        assert server.potok(kind, "delete", name).code == 0
        assert server.potok(kind, "show", name).code == 2
    assert "hunter2" not in server.log()


def test_run_without_the_server_borrows_the_workspaces_secrets(server: RunningServer) -> None:
    text = """
from potok import connection, task, variable

@task(schedule="@daily", connections=["lent"], variables=["lent_secret", "lent_plain"])
def borrower():
    assert connection("lent").password == "hunter2"
    assert variable("lent_secret") == "hunter3" and variable("lent_plain") == 5
"""
    (server.workspace / "borrower.py").write_text(text)
    server.potok("connections", "set", "lent", "--uri-stdin", stdin="pg://me:hunter2@host/db")
    server.potok("variables", "set", "lent_secret", "--secret", "--value-stdin", stdin="hunter3")
    server.potok("variables", "set", "lent_plain", "5")
    ended = server.potok("run", "borrower.py")
    assert ended.code == 0, ended.out


def test_runs_are_filtered_and_limited(server: RunningServer) -> None:
    failed_run(server)
    page = server.potok("runs", "pipeline", "--state", "failed", "-n", "1", "--json").json
    assert len(page["items"]) == 1
    assert page["items"][0]["state"] == "failed"
    assert "✖ failed" in server.potok("runs", "-n", "2").out
    assert server.potok("runs", "-n", "1000", "--json").json["next_cursor"] is None
    assert server.potok("tasks", "last").code == 0


def test_doctor_and_backup_work_beside_the_server(server: RunningServer) -> None:
    found = server.potok("doctor", "--json")
    assert found.code == 0, found.out
    assert server.potok("db", "backup", f"copy-{time.monotonic_ns()}.db").code == 0
    assert server.potok("db", "status", "--json").json["pending"] == []


def test_completion_knows_dags_and_runs(server: RunningServer) -> None:
    shown = server.potok_process(
        "show", "", _POTOK_COMPLETE="complete_bash", COMP_WORDS="potok show pi", COMP_CWORD="2"
    )
    assert shown.out.split() == ["pipeline"]
    runs = server.potok_process("why", "", _POTOK_COMPLETE="complete_bash", COMP_WORDS="potok why ", COMP_CWORD="2")
    assert runs.out.split()[0] == "last"


def test_pipe_that_closes_early_is_no_error(server: RunningServer) -> None:
    ended = subprocess.run(
        f"{sys.executable} -m potok runs --json | head -c 1",
        shell=True, cwd=server.workspace, env=server.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.stderr == ""
