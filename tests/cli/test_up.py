"""`potok up`: one server to a home, a port that is free, an end in order."""

import os
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running_server import RunningServer

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with RunningServer({}) as running:
        yield running


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def tree(pid: int) -> list[int]:
    """The process and all below it."""
    found = [pid]
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            found += tree(int(folder.name))
    return found


def all_gone(pids: list[int], within_s: float = 10.0) -> bool:
    deadline = time.monotonic() + within_s
    while any(is_alive(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_it_answers_where_it_says(server: RunningServer) -> None:
    with urllib.request.urlopen(f"{server.announced['url']}/healthz", timeout=5) as answer:
        assert answer.status == 200
    assert server.potok("doctor", "--json").code == 0


def test_its_home_is_closed_to_others(server: RunningServer) -> None:
    assert server.home.stat().st_mode & 0o777 == 0o700
    assert (server.home / "token").stat().st_mode & 0o777 == 0o600
    assert (server.home / "server.json").stat().st_mode & 0o777 == 0o600


def test_login_link_opens_the_page(server: RunningServer) -> None:
    for link in (server.announced["login"], server.potok("token", "link").out.strip()):
        with urllib.request.urlopen(link, timeout=5) as answer:
            assert answer.status == 200


def test_second_server_of_a_home_is_told_who_has_it(server: RunningServer) -> None:
    assert server.process is not None
    second = server.potok_process("up", "--port", "0")
    assert second.code == 2
    assert f"process {server.process.pid}" in second.err
    assert second.err.count("\n") == 1


def test_taken_port_is_a_sentence(server: RunningServer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = server.potok_process("up", "--port", str(port), POTOK_HOME="other")
    assert ended.code == 2
    assert ended.err == (
        f"error: port {port} is taken by another program; choose another by `potok up --port`, "
        "or set it in potok.toml\n"
    )


def test_missing_dag_folder_is_a_sentence(server: RunningServer) -> None:
    ended = server.potok_process("up", "--dags", "nowhere", "--port", "0", POTOK_HOME="other")
    assert ended.code == 2
    assert "the DAG folder" in ended.err
    assert ended.err.count("\n") == 1


def test_home_that_is_too_deep_for_a_socket_is_a_sentence(server: RunningServer) -> None:
    ended = server.potok_process("up", "--split", "--port", "0", POTOK_HOME="deep" * 30)
    assert ended.code == 2
    assert "set POTOK_HOME to a shorter one" in ended.err
    assert ended.err.count("\n") == 1


def test_database_newer_than_the_code_is_a_sentence(server: RunningServer) -> None:
    import sqlite3

    assert server.potok("db", "upgrade", POTOK_HOME="newer").code == 0
    with sqlite3.connect(server.workspace / "newer" / "potok.db") as newer:
        newer.execute("INSERT INTO schema_migration VALUES ('9999_from_the_future', 0)")
    newer.close()
    ended = server.potok_process("up", "--port", "0", POTOK_HOME="newer")
    assert ended.code == 2
    assert "9999_from_the_future" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("mode", [(), ("--split",)], ids=["standalone", "split"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_signal_ends_it_in_order_and_leaves_no_process(mode: tuple[str, ...], number: signal.Signals) -> None:
    with RunningServer({}, *mode) as running:
        assert running.process is not None
        pids = tree(running.process.pid)
        assert len(pids) > 1
        running.process.send_signal(number)
        assert running.process.wait(20) == 0
        assert all_gone(pids)
        assert not (running.home / "server.json").exists()
        assert running.potok("runs").code == 3
        assert "Traceback" not in running.log()


@pytest.mark.chaos
@pytest.mark.parametrize("mode", [(), ("--split",)], ids=["standalone", "split"])
def test_killed_server_takes_its_processes_along_and_starts_again(mode: tuple[str, ...]) -> None:
    with RunningServer({}, *mode) as running:
        assert running.process is not None
        pids = tree(running.process.pid)
        running.process.kill()
        running.process.wait()
        assert all_gone(pids)
        assert running.process.stdout is not None
        running.process.stdout.close()
        assert running.potok("runs").code == 3
        running.start()
        assert running.potok("runs").code == 0


@pytest.mark.chaos
def test_split_starts_the_part_again_that_died() -> None:
    with RunningServer({}, "--split") as running:
        assert running.process is not None
        for part in ("api", "scheduler"):
            [pid] = [pid for pid in tree(running.process.pid) if part in command_line(pid)]
            os.kill(pid, signal.SIGKILL)
            deadline = time.monotonic() + 20
            while running.potok("pools", "list").code != 0:
                assert time.monotonic() < deadline, running.log()
            assert [other for other in tree(running.process.pid) if part in command_line(other)] != [pid]


def test_import_that_hangs_does_not_hold_the_start_up() -> None:
    good = "from potok import task\n\n@task(schedule='@daily')\ndef good(): ...\n"
    hanging = "from potok import task\nimport time\n\ntime.sleep(60)\n"
    with RunningServer({"good.py": good}) as running:
        assert running.stop() == 0
        (running.workspace / "dags" / "hanging.py").write_text(hanging)
        running.environment["POTOK_IMPORT_TIMEOUT"] = "5s"
        running.start()
        listed = running.potok("dags", "--json").json
        assert [item["dag_id"] for item in listed["items"]] == ["good"]
        assert running.potok("trigger", "good", "--wait").code == 0
        running.until("dags", holds=lambda page: page["import_errors"][0]["location"] == "hanging.py:4")


def command_line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except FileNotFoundError:
        return []


def test_mistake_in_the_settings_is_told_before_anything_starts(server: RunningServer) -> None:
    ended = server.potok_process("up", POTOK_WORKERS="many")
    assert ended.code == 2
    assert ended.err == "error: POTOK_WORKERS is 'many'; write a whole number\n"
