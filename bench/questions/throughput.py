"""How many independent no-op tasks a second, from the trigger of 1,000 until the client knows that all are done?"""

from __future__ import annotations

from bench.celery_stack import CeleryStack
from bench.figures import Answer, Goal, Row, median
from bench.machine import sync_ms
from bench.potok_server import PotokServer
from bench.stage import Stage, others_busy
from potok.testing.postgres import PrivatePostgres

TASKS = 1000


def measure(stage: Stage) -> Answer:
    rounds = stage.options.times(7, 3)
    celery = stage.celery()
    rows = []
    with PrivatePostgres({"fsync": "off"}) as hasty:
        for name, settings, goal in (
            ("SQLite", {"POTOK_DATABASE_URL": ""}, Goal(3000, at_most=False)),
            ("SQLite, durability full", {"POTOK_DATABASE_URL": "", "POTOK_DURABILITY": "full"}, None),
            ("PostgreSQL", {"POTOK_DATABASE_URL": stage.postgres_url("throughput")}, Goal(1500, at_most=False)),
            ("PostgreSQL, fsync off", {"POTOK_DATABASE_URL": hasty.create_database("throughput")}, None),
        ):
            busy, disk = others_busy(), sync_ms()
            with stage.fresh_potok(**settings) as server:
                rows.append(row(stage, server, celery, rounds, f"1,000 no-op tasks, {name}", goal))
            rows[-1].busy = busy
            rows[-1].note += f"; the disk confirms a write in {disk:.2f} ms"
    return Answer(rows)


def row(
    stage: Stage, server: PotokServer, celery: CeleryStack | None, rounds: int, name: str, goal: Goal | None
) -> Row:
    ours, theirs = stage.take_turns(
        rounds,
        lambda: TASKS / server.run("noop_1000"),
        (lambda: TASKS / float(celery.ask("noops", TASKS))) if celery else None,
    )
    note = f"n={len(ours)}, {min(ours):.0f}–{max(ours):.0f}"
    peer = median(theirs) if theirs else None
    return Row(name, "tasks/s", median(ours), peer, goal, False, note, ours, theirs)
