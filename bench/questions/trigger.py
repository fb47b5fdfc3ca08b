"""How long from the trigger until the task's body starts? Potok over HTTP, durable; Celery from its warm client."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from bench.figures import Answer, Goal, Row, Split, median, percentile
from bench.potok_server import PotokServer
from bench.stage import Stage, others_busy
from potok.model.answers import Run

# Triggers come at random distances, so that no period of either system can hide or show by phase.
SPACING_S = (0.02, 0.06)
ROUNDS = 4
CLIENTS = 5
PAGER = Path(__file__).resolve().parents[1] / "pager.py"


class Lap(msgspec.Struct, frozen=True):
    """One task's way in ms: to its body, through it, and on until the client knows."""

    assign: float
    execute: float
    transition: float


def measure(stage: Stage) -> Answer:
    busy = others_busy()
    server, celery = stage.potok(), stage.celery()
    count = stage.options.times(100, 50)
    ours, theirs = stage.take_turns(
        ROUNDS,
        lambda: potok_laps(server, count),
        (lambda: celery_laps(celery.ask("trigger", count, *SPACING_S, random.randrange(2**32)))) if celery else None,
    )
    mine, peer = [lap for laps in ours for lap in laps], [lap for laps in theirs for lap in laps]
    with paging(server, 3 + count * 0.08) as pages:
        loaded = potok_laps(server, count * 2)
    starts, peer_starts = [lap.assign for lap in mine], [lap.assign for lap in peer]
    loaded_starts = [lap.assign for lap in loaded]
    rows = [
        row("trigger → body starts, p50", starts, peer_starts, 50, Goal(1.5), busy),
        row("trigger → body starts, p95", starts, peer_starts, 95, Goal(4.0), busy),
        row(f"the same p95 while {CLIENTS} clients page flat out", loaded_starts, [], 95, Goal(10.0), busy),
    ]
    rows[0].note = f"n={len(starts)}, over HTTP; Celery: delay() in its own process, not durable"
    rows[2].note = f"n={len(loaded)}, p50 {median(loaded_starts):.2f}; {pages.rate:.0f} pages/s meanwhile"
    done = [lap.assign + lap.execute + lap.transition for lap in mine]
    peer_done = [lap.assign + lap.execute + lap.transition for lap in peer]
    rows.append(row("trigger → client knows that it is done, p50", done, peer_done, 50, None, busy))
    return Answer(rows, splits(mine, peer))


def row(name: str, ours: list[float], theirs: list[float], percent: float, goal: Goal | None, busy: float) -> Row:
    peer = percentile(theirs, percent) if theirs else None
    return Row(name, "ms", percentile(ours, percent), peer, goal, True, "", ours, theirs, busy)


def splits(mine: list[Lap], peer: list[Lap]) -> list[Split]:
    return [
        Split(
            measure="one task",
            system=system,
            assign=median([lap.assign for lap in laps]),
            execute=median([lap.execute for lap in laps]),
            transition=median([lap.transition for lap in laps]),
            meaning="order sent → body | body | body's end → client knows",
        )
        for system, laps in (("Potok", mine), ("Celery", peer))
        if laps
    ]


def potok_laps(server: PotokServer, count: int) -> list[Lap]:
    wire = server.connect()
    order = wire.encode("POST", "/api/v1/dags/one/runs", {})
    times: list[tuple[str, int, int]] = []
    wire.call("GET", "/healthz")
    for _ in range(count):
        time.sleep(random.uniform(*SPACING_S))
        ordered = time.time_ns()
        wire.send(order)
        status, data = wire.receive()
        assert status == 201, data
        run_id = msgspec.json.decode(data, type=Run).run_id
        wire.call("GET", f"/api/v1/runs/{run_id}?wait=60")
        times.append((run_id, ordered, time.time_ns()))
    wire.close()
    laps = []
    for run_id, ordered, known in times:
        start, end = server.clocks(run_id, "clock")
        laps.append(Lap((start - ordered) / 1e6, (end - start) / 1e6, (known - end) / 1e6))
    return laps


def celery_laps(told: list[list[int]]) -> list[Lap]:
    return [
        Lap((start - ordered) / 1e6, (end - start) / 1e6, (known - end) / 1e6) for ordered, start, end, known in told
    ]


class Pages:
    """How many answers a second the paging clients got, once they are done."""

    rate = 0.0


@contextmanager
def paging(server: PotokServer, length_s: float) -> Iterator[Pages]:
    command = [sys.executable, str(PAGER), server.host, str(server.port), server.token, str(length_s)]
    clients = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(CLIENTS)]
    pages = Pages()
    try:
        for client in clients:
            assert client.stdout is not None
            assert client.stdout.readline() == "ready\n"
        yield pages
        pages.rate = sum(int(client.communicate()[0]) for client in clients) / length_s
    finally:
        for client in clients:
            client.kill()
            client.wait()
