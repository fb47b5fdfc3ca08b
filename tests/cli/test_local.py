"""`potok run` and `potok validate`: no server, the real scheduler and real workers."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Potok

pytestmark = pytest.mark.slow

GOOD = """
from potok import dag, task

@task
def double(n: int) -> int:
    print(f"doubling {n}")
    return 2 * n

@task
def show(n: int) -> None:
    print(n)

@dag(schedule="* * * * *")
def doubled(n: int = 1, name: str = "x"):
    show(double(n))

doubled()
"""
BAD = """
from potok import dag, task

@task
def explode() -> int:
    print("about to explode")
    raise ValueError("boom [bold]")

@task
def after(n: int) -> None: ...

@dag
def exploding():
    after(explode())

exploding()
"""


@pytest.fixture
def dags(workspace: Path) -> Path:
    folder = workspace / "dags"
    folder.mkdir()
    (folder / "good.py").write_text(GOOD)
    return folder


def test_file_runs_and_tells_each_task(dags: Path, potok: Potok) -> None:
    ended = potok("run", "dags/good.py", "-p", "n=4")
    assert ended.code == 0, ended.err
    assert [line.split()[2] for line in ended.out.splitlines()[:2]] == ["double", "show"]
    assert ended.out.splitlines()[-1].startswith("✔ success  Succeeded in")


def test_dag_runs_by_its_id_and_speaks_json(dags: Path, potok: Potok) -> None:
    ended = potok("run", "doubled", "--logical-date", "2026-01-31", "--json")
    assert ended.code == 0, ended.err
    facts = json.loads(ended.out)
    assert facts["state"] == "success"
    assert {task["task_id"]: task["state"] for task in facts["tasks"]} == {"double": "success", "show": "success"}


def test_failure_ends_with_1_and_shows_the_place_and_the_log(dags: Path, potok: Potok) -> None:
    (dags / "bad.py").write_text(BAD)
    ended = potok("run", "dags/bad.py")
    assert ended.code == 1
    assert "`explode` failed" in ended.out
    assert "boom [bold]" in ended.out
    assert "at dags/bad.py:7" in ended.out
    assert "did not run because of it: after" in ended.out
    assert "about to explode" in ended.out
    facts = json.loads(potok("run", "dags/bad.py", "--json").out)
    assert facts["roots"][0]["task_id"] == "explode"


def test_run_leaves_nothing_behind(dags: Path, potok: Potok, potok_home: Path) -> None:
    assert potok("run", "dags/good.py").code == 0
    assert list(potok_home.iterdir()) == []
    assert sorted(path.name for path in dags.parent.iterdir()) == ["dags"]


def test_file_outside_the_dag_folder_runs_too(workspace: Path, potok: Potok) -> None:
    (workspace / "alone.py").write_text(
        "from potok import task\n\n@task(schedule='@daily')\ndef alone():\n    return 1\n"
    )
    assert potok("run", "alone.py").code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("run", "nowhere.py"), "there is no file"),
        (("run", "dubled"), "is called 'dubled': doubled"),
        (("run", "dags/good.py", "-p", "n=many"), "n"),
        (("run", "dags/good.py", "-p", "m=1"), "m"),
        (("run", "dags/good.py", "--dag", "other"), "has no DAG 'other': doubled"),
        (("validate", "nowhere"), "is not there"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else "",
)
def test_mistakes_are_sentences(arguments: tuple[str, ...], sentence: str, dags: Path, potok: Potok) -> None:
    ended = potok(*arguments)
    assert ended.code == 2
    assert sentence in ended.err
    assert ended.err.count("\n") == 1
    assert ended.out == ""


def test_file_with_several_dags_asks_for_one(dags: Path, potok: Potok) -> None:
    (dags / "two.py").write_text(
        "from potok import task\n@task(schedule='@daily')\ndef a(): ...\n@task(schedule='@daily')\ndef b(): ...\n"
    )
    ended = potok("run", "dags/two.py")
    assert ended.code == 2
    assert "holds several DAGs: a, b" in ended.err
    assert potok("run", "dags/two.py", "--dag", "b").code == 0


BROKEN = {
    "syntax.py": ("from potok import dag\ndef (:\n", "dags/syntax.py:2"),
    "missing.py": ("from potok import dag\n\nimport nowhere_to_be_found\n", "dags/missing.py:3"),
    "leaves.py": ("from potok import dag\nimport sys\nsys.exit(3)\n", "dags/leaves.py"),
    "cron.py": ("from potok import task\n\n@task(schedule='61 * * * *')\ndef often(): ...\n", "dags/cron.py"),
    "pool.py": ("from potok import task\n\n@task(schedule='@daily', pool='etl')\ndef pooled(): ...\n", "dags/pool.py"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_validate_names_file_and_line(name: str, dags: Path, potok: Potok) -> None:
    text, location = BROKEN[name]
    (dags / name).write_text(text)
    ended = potok("validate", "--json")
    assert ended.code == 1
    found = json.loads(ended.out)
    assert not found["ok"]
    assert [dag["dag_id"] for dag in found["dags"]] == ["doubled"]
    [error] = found["errors"]
    assert error["file"] == f"dags/{name}"
    assert error["location"].startswith(location)
    assert f"✖ {location}" in potok("validate", f"dags/{name}").out
    refused = potok("run", f"dags/{name}")
    assert refused.code == 2
    assert refused.err.startswith(f"error: {location}")


def test_validate_of_good_files_ends_with_0(dags: Path, potok: Potok) -> None:
    ended = potok("validate")
    assert ended.code == 0
    assert ended.out == "✔ doubled  2 tasks  dags/good.py:13\n"
    assert potok("validate", "dags/good.py").code == 0


def test_import_that_hangs_is_told(dags: Path, potok: Potok, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POTOK_IMPORT_TIMEOUT", "1s")
    (dags / "hangs.py").write_text("from potok import dag\nimport time\n\ntime.sleep(60)\n")
    ended = potok("validate", "dags/hangs.py")
    assert ended.code == 1
    assert "dags/hangs.py:4" in ended.out
    assert "did not end within 1 s" in ended.out


def test_pools_of_the_settings_are_known(dags: Path, potok: Potok) -> None:
    (dags / "pool.py").write_text(BROKEN["pool.py"][0])
    (dags.parent / "potok.toml").write_text("[pools]\netl = 2\n")
    assert potok("validate").code == 0


ASKING = """
from potok import connection, dag, task, variable

@task(connections=["db"], variables=["rates"])
def ask() -> None:
    found = connection("db")
    print(found.host, found.password, variable("rates"))
    assert (found.host, found.password) == ("host", "hunter2")
    assert variable("rates") == {"usd": 1}

@dag
def asking():
    ask()

asking()
"""


def test_declared_connections_and_variables_come_from_the_environment(
    dags: Path, potok: Potok, monkeypatch: pytest.MonkeyPatch
) -> None:
    (dags / "asking.py").write_text(ASKING)
    missing = potok("run", "dags/asking.py")
    assert missing.code == 1
    assert "there is no connection 'db'" in missing.out
    monkeypatch.setenv("POTOK_CONN_DB", "postgresql://me:hunter2@host/main")
    monkeypatch.setenv("POTOK_VAR_RATES", '{"usd": 1}')
    ended = potok("run", "dags/asking.py")
    assert ended.code == 0, ended.out
    assert "hunter2" not in ended.out


@pytest.mark.chaos
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_interrupted_run_ends_its_tasks_and_leaves_nothing(
    number: signal.Signals, dags: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (dags / "slow.py").write_text(
        "from potok import task\nimport os, pathlib, time\n\n@task(schedule='@daily')\ndef slow():\n"
        f"    pathlib.Path('{dags}/pid').write_text(str(os.getpid()))\n    time.sleep(60)\n"
    )
    temporary = tmp_path_factory.mktemp("t")
    with subprocess.Popen(
        [sys.executable, "-m", "potok", "run", "dags/slow.py"],
        cwd=dags.parent, env={**os.environ, "TMPDIR": str(temporary)}, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        wait_until((dags / "pid").exists)
        wait_until(lambda: (dags / "pid").read_text() != "")
        running.send_signal(number)
        assert running.wait(20) == 130
        assert running.stderr is not None
        assert running.stderr.read().startswith("error: interrupted")
    worker = int((dags / "pid").read_text())
    wait_until(lambda: not Path(f"/proc/{worker}").exists())
    assert list(temporary.iterdir()) == []


def wait_until(holds: Callable[[], bool], within_s: float = 20.0) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
