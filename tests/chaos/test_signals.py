"""Signals to real servers: an end in order, a freeze, the death of one half. Runs go on, and nothing runs twice."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator

import pytest

from tests.chaos.ledger import Ledger, overlaps
from tests.chaos.server import Server, below, is_alive, kill_all, until

pytestmark = [pytest.mark.chaos, pytest.mark.slow]

DAGS = {
    "gated.py": """
import os, time
from pathlib import Path
from potok import dag, get_current_context, task

HOME = Path(os.environ["CHAOS_LEDGER"])

def write(what):
    facts = get_current_context()
    with HOME.open("a") as ledger:
        ledger.write(f"{facts['run_id']} {facts['ti'].task_id} {facts['ti'].try_number} {os.getpid()} {what}\\n")

@task
def first():
    write("start")
    write("end")
    return 1

@task
def wait(number):
    write("start")
    while not HOME.with_name("go").exists():
        time.sleep(0.01)
    write("end")
    return number + 1

@task
def last(number):
    write("start")
    write("end")

@dag
def gated():
    last(wait(first()))

gated()
""",
    "orphan.py": """
from potok import BashOperator, dag

@dag
def orphaned():
    BashOperator(task_id="wait", bash_command='''
        export ME="$POTOK_RUN_ID $POTOK_TASK_ID $POTOK_TRY_NUMBER" GO="$(dirname "$CHAOS_LEDGER")/go"
        beat() { while [ ! -e "$GO" ]; do echo "$ME $$ beat" >> "$CHAOS_LEDGER"; sleep 0.02; done; }
        export -f beat
        echo "$ME $$ start" >> "$CHAOS_LEDGER"
        setsid bash -c beat &
        beat
        wait
        echo "$ME $$ end" >> "$CHAOS_LEDGER"
    ''')

orphaned()
""",
    "soon.py": """
import time
from pathlib import Path
from potok import dag, task

@task(at_most_once=True)
def work(length_s: float):
    Path("begun").touch()
    time.sleep(length_s)
    return "done"

@dag
def soon(length_s: float = 0.8):
    work(length_s)

soon()
""",
}


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(DAGS, toml='stop_grace = "2s"\n') as made:
        made.environment["CHAOS_LEDGER"] = str(made.workspace / "ledger")
        yield made


def ledger(server: Server) -> Ledger:
    return Ledger(server.workspace / "ledger")


def begun(server: Server, run_id: str, times: int = 1) -> None:
    until(
        lambda: sum((line.task_id, line.what) == ("wait", "start") for line in ledger(server).lines()) >= times,
        f"{run_id} begins to wait",
    )


def go(server: Server) -> None:
    (server.workspace / "go").touch()


def assert_each_body_ran(server: Server, **times: int) -> None:
    lines = ledger(server).lines()
    found = {task_id: sum(line.task_id == task_id and line.what == "start" for line in lines) for task_id in times}
    assert found == times
    assert not overlaps([line for line in lines if line.task_id == "wait"])


def test_what_ends_within_the_grace_time_is_kept(server: Server) -> None:
    server.start()
    run_id = server.trigger("soon")
    until((server.workspace / "begun").exists, "the body begins")
    server.stop()
    assert server.marked() == {}
    server.start()
    assert server.ended(run_id) == "success"
    assert [one["outcome"] for one in server.attempts(run_id, "work")] == ["success"]


def test_a_stop_ends_within_its_grace_time_and_the_run_goes_on_at_the_next_start(server: Server) -> None:
    server.start()
    run_id = server.trigger("gated")
    begun(server, run_id)
    took_s = server.stop()
    assert 1.5 < took_s < 5.0
    assert server.marked() == {}
    server.start()
    go(server)
    assert server.ended(run_id) == "success"
    assert [one["outcome"] for one in server.attempts(run_id, "wait")] == ["lost", "success"]
    assert_each_body_ran(server, first=1, wait=2, last=1)


@pytest.mark.parametrize("frozen_s", [1.0, pytest.param(5.0, marks=pytest.mark.prove)])
def test_a_frozen_worker_is_waited_for(server: Server, frozen_s: float) -> None:
    server.start()
    run_id = server.trigger("gated")
    begun(server, run_id)
    worker = next(line.pid for line in ledger(server).lines() if line.task_id == "wait")
    os.kill(worker, signal.SIGSTOP)
    go(server)
    time.sleep(frozen_s)
    os.kill(worker, signal.SIGCONT)
    assert server.ended(run_id) == "success"
    assert_each_body_ran(server, first=1, wait=1, last=1)


@pytest.mark.parametrize("frozen_s", [1.0, pytest.param(5.0, marks=pytest.mark.prove)])
def test_a_frozen_server_goes_on_where_it_was(server: Server, frozen_s: float) -> None:
    server.start()
    run_id = server.trigger("gated")
    begun(server, run_id)
    os.kill(server.pid, signal.SIGSTOP)
    go(server)
    thaw = threading.Timer(frozen_s, os.kill, (server.pid, signal.SIGCONT))
    thaw.start()
    late = server.trigger("gated", idempotency_key="asked while nobody answers")
    thaw.join()
    assert server.ended(run_id) == server.ended(late) == "success"
    assert_each_body_ran(server, first=2, wait=2, last=2)


def test_processes_of_a_frozen_zygote_are_gone_before_their_work_is_done_again(server: Server) -> None:
    """The zygote cannot see that its server died, and its workers would work on under the next one."""
    server.start()
    run_id = server.trigger("gated")
    begun(server, run_id)
    zygote = server.zygote()
    assert zygote is not None
    os.kill(zygote, signal.SIGSTOP)
    server.kill()
    old = server.marked()
    assert len(old) >= 2
    server.start()
    assert not any(is_alive(pid) for pid in old)
    go(server)
    assert server.ended(run_id) == "success"
    assert_each_body_ran(server, first=1, wait=2, last=1)


def test_children_of_a_killed_worker_are_dead_before_its_task_runs_again(server: Server) -> None:
    server.start()
    run_id = server.trigger("orphaned")
    begun(server, run_id)
    kill_all([worker for worker in server.workers() if below(worker)])
    begun(server, run_id, times=2)
    go(server)
    assert server.ended(run_id) == "success"
    assert_each_body_ran(server, wait=2)


@pytest.mark.parametrize("is_killed_again", [False, True], ids=["once", "and once more while it recovers"])
def test_what_a_dead_tree_left_behind_is_dead_before_its_task_runs_again(server: Server, is_killed_again: bool) -> None:
    """A second death in recovery must not let the next server forget whose processes those are."""
    server.start()
    run_id = server.trigger("orphaned")
    begun(server, run_id)
    zygote = server.zygote()
    assert zygote is not None
    left = [pid for worker in server.workers() for pid in below(worker)]
    for watcher in (server.pid, zygote):
        os.kill(watcher, signal.SIGSTOP)  # else the one that dies last has time to clean up
    kill_all([server.pid, zygote, *server.workers()])
    server.kill()
    assert any(is_alive(pid) for pid in left), "bash and its children have nobody above them now"
    if is_killed_again:
        leader = instance_of_leader(server)
        server.spawn()
        until(lambda: instance_of_leader(server) != leader, "it takes over")
        server.kill()
    server.start()
    assert not any(is_alive(pid) for pid in left)
    begun(server, run_id, times=2)
    go(server)
    assert server.ended(run_id) == "success"
    assert_each_body_ran(server, wait=2)


def instance_of_leader(server: Server) -> str:
    store = sqlite3.connect(f"file:{server.home / 'potok.db'}?mode=ro", uri=True)
    try:
        return str(store.execute("SELECT instance FROM leader").fetchone()[0])
    finally:
        store.close()


@pytest.mark.parametrize("part", ["api", "scheduler"])
def test_of_two_halves_the_killed_one_comes_back_and_runs_go_on(part: str) -> None:
    with Server(DAGS, "--split") as server:
        server.environment["CHAOS_LEDGER"] = str(server.workspace / "ledger")
        server.start()
        run_id = server.trigger("gated")
        begun(server, run_id)
        old = server.part(part)
        kill_all([old])
        until(lambda: not is_alive(old) and server.answers(), f"the {part} is back")
        assert server.part(part) != old
        if part == "scheduler":
            begun(server, run_id, times=2)
        go(server)
        assert server.ended(run_id) == "success"
        assert_each_body_ran(server, first=1, wait=1 if part == "api" else 2, last=1)
        assert server.ended(server.trigger("gated")) == "success"
        server.stop()
        assert server.marked() == {}
