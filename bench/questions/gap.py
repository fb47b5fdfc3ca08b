"""How long from the end of a step's body until the next one's starts, in a chain of 10? By the bodies' own clocks."""

from __future__ import annotations

from itertools import pairwise

from bench.figures import Answer, Goal, Row, Split, median, percentile
from bench.potok_server import PotokServer
from bench.stage import Stage, others_busy

STEPS = 10


def measure(stage: Stage) -> Answer:
    busy = others_busy()
    server, celery = stage.potok(), stage.celery()
    ours, theirs = stage.take_turns(
        stage.options.times(30, 10),
        lambda: potok_steps(server),
        (lambda: [(start, end) for start, end in celery.ask("chain", STEPS)]) if celery else None,
    )
    mine, peer = gaps(ours), gaps(theirs)
    note = f"n={len(mine)}, p95 {percentile(mine, 95):.2f}"
    if peer:
        note += f"; Celery p95 {percentile(peer, 95):.2f}, its -c 2 lets the next step start in the other process"
    rows = [
        Row(
            "gap between steps of a 10-step chain, median", "ms", median(mine), median(peer) if peer else None,
            Goal(0.5), True, note, mine, peer, busy,
        )
    ]  # fmt: skip
    splits = [stored_split(server)]
    return Answer(rows, splits)


def potok_steps(server: PotokServer) -> list[tuple[int, int]]:
    run_id = server.trigger("chain_10")
    server.wait(run_id)
    return [server.clocks(run_id, task_id) for task_id in step_ids()]


def step_ids() -> list[str]:
    return ["clock", *(f"clock__{number}" for number in range(1, STEPS))]


def gaps(chains: list[list[tuple[int, int]]]) -> list[float]:
    return [(after[0] - before[1]) / 1e6 for steps in chains for before, after in pairwise(steps)]


def stored_split(server: PotokServer) -> Split:
    """Where the gap goes, by the instants that the store keeps of each attempt."""
    run_id = server.trigger("chain_10")
    server.wait(run_id)
    assigned, executed, passed = [], [], []
    for before, after in pairwise(step_ids()):
        last, this = server.attempt(run_id, before), server.attempt(run_id, after)
        start, end = server.clocks(run_id, after)
        assert last.ended_at is not None
        ready = this.created_at.timestamp()
        assigned.append(start / 1e6 - ready * 1e3)
        executed.append((end - start) / 1e6)
        passed.append((ready - last.ended_at.timestamp()) * 1e3)
    return Split(
        "a step of a chain", "Potok", median(assigned), median(executed), median(passed),
        "decided → body | body | worker's end → next decided",
    )  # fmt: skip
