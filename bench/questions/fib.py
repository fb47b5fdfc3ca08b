"""How long do 40 sequential tasks of next to no work take, from the trigger until the client knows?"""

from __future__ import annotations

from bench.figures import Answer, Goal, Row, median
from bench.stage import Stage, others_busy

TASKS = 40


def measure(stage: Stage) -> Answer:
    busy = others_busy()
    server, celery = stage.potok(), stage.celery()
    ours, theirs = stage.take_turns(
        stage.options.times(15, 7),
        lambda: server.run("fib_40"),
        (lambda: float(celery.ask("fibs", TASKS))) if celery else None,
    )
    note = f"n={len(ours)}, at best {min(ours) * 1000:.1f} ms; {median(ours) / TASKS * 1000:.2f} ms a task"
    peer = median(theirs) if theirs else None
    return Answer(
        [Row("40 sequential fib(10) tasks", "s", median(ours), peer, Goal(0.03), True, note, ours, theirs, busy)]
    )
