"""How much does the orchestrator add to the ML pipeline's shape with sleeps, 4.0 s at best?"""

from __future__ import annotations

from bench.celery_stack import CeleryStack
from bench.figures import Answer, Goal, Row, median
from bench.stage import Stage, others_busy


def measure(stage: Stage) -> Answer:
    busy = others_busy()
    server = stage.potok()
    ours: list[float] = []
    theirs: list[float] = []
    rounds = stage.options.times(5, 2)
    if stage.options.celery:
        # Three trainings at once need three slots: Celery's default of one a core would make it 5.5 s.
        with CeleryStack(4) as celery:
            for _ in range(rounds):
                ours.append(server.run("ml_shape"))
                theirs.append(float(celery.ask("pipeline")))
    else:
        ours = [server.run("ml_shape") for _ in range(rounds)]
    note = f"n={len(ours)}, at most {max(ours):.4f}; Celery with -c 4"
    peer = median(theirs) if theirs else None
    return Answer(
        [Row("ML pipeline's shape (ideal 4.0 s)", "s", median(ours), peer, Goal(4.02), True, note, ours, theirs, busy)]
    )
