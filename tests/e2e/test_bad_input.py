"""What goes wrong in DAG files, results and logs, on a real server: one clear sentence, nothing else is disturbed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.server import Server, children, until

pytestmark = pytest.mark.slow

GOOD = """
from potok import dag, task

@task
def greet(name: str) -> str:
    return f"hello {name}"

@dag
def good(name: str = "world"):
    greet(name)

good()
"""
RESULTS = """
import threading
from potok import dag, task

@task
def lock():
    return {"rows": [threading.Lock()]}

@task
def huge(megabytes: int):
    return "x" * (megabytes * 1024 * 1024)

@task
def length(text):
    return len(text)

@dag
def unserialisable():
    length(lock())

@dag
def large(megabytes: int = 50):
    length(huge(megabytes))

unserialisable()
large()
"""
LOGS = """
import os
from potok import dag, task

@task
def binary():
    os.write(1, bytes(range(256)) * 40 + b"\\nplain words\\n")
    return "said"

@task
def flood(megabytes: int):
    line = b"0123456789abcdef" * 63 + b"0123456789abcde\\n"
    for _ in range(megabytes):
        os.write(1, line * 1024)
    print("the end")

@dag
def binary_log():
    binary()

@dag
def flooded_log(megabytes: int = 40):
    flood(megabytes)

binary_log()
flooded_log()
"""
GATED = """
import time
from pathlib import Path
from potok import dag, task

@task
def wait():
    Path("begun").touch()
    while not Path("go").exists():
        time.sleep(0.01)

@task
def after(x):
    return "went on"

@dag
def gated():
    after(wait())

gated()
"""
DAGS = {"good.py": GOOD, "results.py": RESULTS, "logs.py": LOGS, "gated.py": GATED}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(DAGS, toml='import_timeout = "1s"\n') as running:
        running.start()
        yield running
        assert "Traceback" not in running.log()


def file(server: Server, name: str) -> Path:
    return server.workspace / "dags" / name


@pytest.fixture
def bad_file(server: Server) -> Iterator[Path]:
    """A place for a DAG file; afterwards it is gone, and what was wrong with it too."""
    yield (path := file(server, "bad.py"))
    path.unlink()
    until(lambda: not server.get("/import-errors")["items"], "the error goes with its file")


def import_error(server: Server, name: str) -> Any:
    found = until(lambda: [one for one in server.get("/import-errors")["items"] if one["file"] == name], name)
    return found[0]


def the_good_one_runs(server: Server) -> None:
    assert server.ended(server.trigger("good")) == "success"


@pytest.mark.parametrize(
    ("text", "location", "words"),
    [
        ("from potok import dag\n\ndef broken(:\n", "bad.py:3", "invalid syntax"),
        ("import potok\nimport sys\n\nsys.exit(3)\n", "bad.py:4", "sys.exit (3)"),
        ("import potok\nimport os\nos._exit(0)\n", "bad.py", "ended the process"),
        ("import potok\nwhile True:\n    pass\n", "bad.py:", "1 s"),
        ("import potok\nimport time\ntime.sleep(3600)\n", "bad.py:3", "1 s"),
        ("import potok\nfrom nowhere import gone\n", "bad.py:2", "nowhere"),
    ],
    ids=["syntax error", "sys.exit", "os._exit", "endless loop", "hangs", "missing module"],
)
def test_a_file_that_cannot_be_imported_is_told_and_disturbs_nothing(
    server: Server, bad_file: Path, text: str, location: str, words: str
) -> None:
    bad_file.write_text(text)
    the_good_one_runs(server)
    error = import_error(server, "bad.py")
    assert error["location"].startswith(location)
    assert words in error["message"]
    assert "\n" not in error["message"]
    the_good_one_runs(server)


def test_of_two_dags_with_one_id_the_first_keeps_running(server: Server, bad_file: Path) -> None:
    bundle = server.get("/dags/good")["dag"]["bundle"]
    bad_file.write_text(GOOD.replace("hello", "good bye"))
    error = import_error(server, "bad.py")
    assert "'good' belongs to good.py" in error["message"]
    assert error["location"] == "bad.py:8"
    run_id = server.trigger("good")
    assert server.ended(run_id) == "success"
    assert server.get(f"/runs/{run_id}/tasks/greet/result")["value"] == "hello world"
    assert server.get("/dags/good")["dag"]["bundle"] == bundle


def test_a_run_of_a_dag_that_is_deleted_meanwhile_goes_on_with_its_version(server: Server) -> None:
    run_id = server.trigger("gated")
    until((server.workspace / "begun").exists, "the first task runs")
    file(server, "gated.py").unlink()
    refused = until(lambda: refusal(server, "gated", {}, 404), "the DAG is gone")
    assert refused == "DAG 'gated' is gone: gated.py defines it no more"
    (server.workspace / "go").touch()
    assert server.ended(run_id) == "success"
    assert server.get(f"/runs/{run_id}/tasks/after/result")["value"] == "went on"
    file(server, "gated.py").write_text(GATED)
    until(lambda: not refusal(server, "gated", {}, 404), "the DAG is back")


def refusal(server: Server, dag_id: str, body: dict[str, object], status: int) -> str:
    """The sentence of a trigger that is refused with `status`; empty when it is not."""
    with server.client() as client:
        answer = client.post(f"/dags/{dag_id}/runs", json=body)
        return str(answer.json()["detail"]) if answer.status_code == status else ""


def test_params_that_do_not_fit_are_refused_by_name(server: Server) -> None:
    assert "no param 'nmae'; its params: name" in refusal(server, "good", {"params": {"nmae": "x"}}, 422)
    assert "megabytes must be integer" in refusal(server, "large", {"params": {"megabytes": "many"}}, 422)
    assert "there is no DAG 'godo'; did you mean 'good'?" in refusal(server, "godo", {}, 404)


def failed(server: Server, run_id: str, task_id: str) -> Any:
    assert server.ended(run_id) == "failed"
    return server.attempts(run_id, task_id)[-1]["error"]


def test_a_result_that_json_cannot_carry_fails_its_task_in_one_sentence(server: Server) -> None:
    run_id = server.trigger("unserialisable")
    error = failed(server, run_id, "lock")
    assert error["kind"] == "ResultNotSerializable"
    assert "lock" in error["message"]
    assert error["location"].startswith("results.py:")
    assert server.tasks(run_id)["length"]["state"] == "upstream_failed"


def test_a_result_of_50_mb_fails_its_task_in_one_sentence_and_one_of_20_mb_does_not(server: Server) -> None:
    error = failed(server, server.trigger("large"), "huge")
    assert error["kind"] == "ResultTooLarge"
    assert "52 MB" in error["message"]
    assert "write it to a file" in error["message"]
    run_id = server.trigger("large", params={"megabytes": 20})
    assert server.ended(run_id) == "success"
    assert server.get(f"/runs/{run_id}/tasks/length/result")["value"] == 20 * 1024 * 1024


def test_binary_output_is_kept_as_text_and_harms_nothing(server: Server) -> None:
    run_id = server.trigger("binary_log")
    assert server.ended(run_id) == "success"
    lines = server.log_lines(run_id, "binary")
    assert lines[-1] == "plain words"
    assert any("\\x80" in line or "\ufffd" in line for line in lines)


@pytest.mark.parametrize("megabytes", [40, pytest.param(1024, marks=pytest.mark.prove)])
@pytest.mark.timeout(600)
def test_a_flood_of_output_is_cut_with_a_count_and_costs_little_memory(
    server: Server, megabytes: int, capsys: pytest.CaptureFixture[str]
) -> None:
    before = memory_mb(server)
    run_id = server.trigger("flooded_log", params={"megabytes": megabytes})
    assert server.ended(run_id, within_s=300) == "success"
    [attempt] = server.attempts(run_id, "flood")
    assert attempt["log_lines"] + attempt["log_lines_lost"] >= megabytes * 1024 + 1
    segments = sum(each.stat().st_size for each in (server.home / "logs").rglob("*") if each.is_file())
    assert segments < 300 * 1024 * 1024
    read = 0
    with server.client(60) as client, client.stream("GET", f"/runs/{run_id}/tasks/flood/logs?attempt=1") as answer:
        for chunk in answer.iter_bytes():
            read += len(chunk)
    assert read > min(megabytes, 200) * 1024 * 1024
    grown = memory_mb(server) - before
    assert grown < 40
    report = (
        f"{megabytes} MB of output: {segments / 2**20:.0f} MB kept, {attempt['log_lines_lost']} lines cut, "
        f"server and workers {before:.0f} MB before, {grown:+.1f} MB after, "
        f"task peak {attempt['rss_peak_mb']:.0f} MB, {attempt['duration_s']:.1f} s"
    )
    with capsys.disabled() if megabytes > 100 else nullcontext():
        print(f"\n{report}")


def memory_mb(server: Server) -> float:
    """Proportional memory of the server alone and its zygote: workers come and go."""
    total = 0.0
    for pid in (server.pid, *children(server.pid)):
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024
    return total
