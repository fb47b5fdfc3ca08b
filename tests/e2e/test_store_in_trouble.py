"""A database that is locked, a disk that is full, under a real server: it says so, waits, and loses nothing."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.chaos.ledger import Ledger, doubled, overlaps
from tests.chaos.server import Server, until
from tests.chaos.shapes import DAG_FILE, DAG_IDS, STATES, TOML

pytestmark = [pytest.mark.slow, pytest.mark.chaos]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server({"shapes.py": DAG_FILE}, toml=TOML) as made:
        made.environment["CHAOS_LEDGER"] = str(made.workspace / "ledger")
        yield made


def assert_all_is_well(server: Server, runs: dict[str, str]) -> None:
    """Each run came to what its DAG gives, and each body ran once for each attempt, one after the other."""
    attempts = 0
    for run_id, dag_id in runs.items():
        server.ended(run_id, within_s=60)
        assert {name: task["state"] for name, task in server.tasks(run_id).items()} == STATES[dag_id]
        attempts += sum(len(server.attempts(run_id, name)) for name in STATES[dag_id] if name != "never")
    found = Ledger(server.workspace / "ledger").of_tasks()
    assert not [lines for lines in found.values() if overlaps(lines) or doubled(lines)]
    assert sum(line.what == "start" for lines in found.values() for line in lines) == attempts


@pytest.mark.parametrize("locked_s", [3.0, pytest.param(12.0, marks=pytest.mark.prove)])
def test_while_another_process_locks_the_database_commands_wait_or_are_refused_and_runs_go_on_after(
    server: Server, locked_s: float
) -> None:
    server.start()
    runs = {server.trigger(dag_id): dag_id for dag_id in DAG_IDS}
    lock = sqlite3.connect(server.home / "potok.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        unlock_at = time.monotonic() + locked_s
        refused = _refused_until(server, unlock_at)
    finally:
        lock.execute("ROLLBACK")
        lock.close()
    assert refused or locked_s < 10
    assert all("is locked by another process" in sentence for sentence in refused)
    for key in ("meanwhile", "after"):
        until(lambda key=key: _triggered(server, runs, key), "commands are taken again")
    assert_all_is_well(server, runs)
    assert "Traceback" not in server.log()
    server.stop()


def _refused_until(server: Server, instant: float) -> list[str]:
    """The sentences of commands that were refused until then; none may be acknowledged, some may not be answered."""
    refused = []
    with server.client() as client:
        while (left_s := instant - time.monotonic()) > 0:
            try:
                answer = client.post("/dags/fan/runs", json={"idempotency_key": "meanwhile"}, timeout=left_s)
            except httpx.TimeoutException:
                break
            assert answer.status_code == 503, answer.text
            refused.append(answer.json()["detail"])
            time.sleep(0.05)
    return refused


def _triggered(server: Server, runs: dict[str, str], key: str) -> bool:
    with server.client() as client:
        answer = client.post("/dags/fan/runs", json={"idempotency_key": key})
        if answer.status_code in (200, 201):
            runs[answer.json()["run_id"]] = "fan"
        return answer.status_code in (200, 201)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    place = Path(tempfile.mkdtemp(prefix="potok-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        place.rmdir()
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
        place.rmdir()


def fill(disk: Path) -> Path:
    """Leave not one free byte."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        size = 1024 * 1024
        while size:
            try:
                if file.write(b"\0" * size) < size:
                    size //= 2
            except OSError:
                size //= 2
    return ballast


def test_on_a_full_disk_the_server_says_so_and_goes_on_once_there_is_room(small_disk: Path) -> None:
    with Server({"shapes.py": DAG_FILE}, toml=TOML, home=small_disk / "home") as server:
        server.environment["CHAOS_LEDGER"] = str(server.workspace / "ledger")
        server.start()
        runs = {server.trigger(dag_id): dag_id for dag_id in DAG_IDS}
        ballast = fill(small_disk)
        sentence = until(lambda: _refusal(server), "a command is refused")
        assert "No room is left on the disk" in sentence
        assert server.get("/runs")["items"], "reading goes on"
        ballast.unlink()
        until(lambda: _triggered(server, runs, "after"), "commands are taken again")
        retry_for_want_of_room(server, runs)
        assert_all_is_well(server, runs)
        server.stop()
        store = sqlite3.connect(server.home / "potok.db")
        assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        store.close()


def retry_for_want_of_room(server: Server, runs: dict[str, str]) -> None:
    """A result that found no room fails its task, with that as the reason; asked again it goes through."""
    for run_id, dag_id in runs.items():
        if server.ended(run_id) == "failed" and dag_id == "large_results":
            [attempt] = server.attempts(run_id, "large")
            assert "No space left on device" in attempt["error"]["message"]
            with server.client() as client:
                assert client.post(f"/runs/{run_id}/retry", json={}).status_code == 200


def _refusal(server: Server) -> str:
    with server.client() as client:
        answer = client.post("/dags/fan/runs", json={"idempotency_key": f"{time.monotonic()}"})
        return str(answer.json()["detail"]) if answer.status_code == 503 else ""


def test_a_server_that_cannot_write_its_home_does_not_start_and_says_why(small_disk: Path) -> None:
    with Server({}, home=small_disk / "home") as server:
        fill(small_disk)
        server.spawn()
        assert server.process is not None
        assert server.process.wait(30) == 2
        assert "Traceback" not in server.log()
        assert "No space left" in server.log() or "No room is left" in server.log()
