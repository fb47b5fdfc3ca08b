"""What does a system weigh, and how much processor does it use, while nothing happens?"""

from __future__ import annotations

import time

from bench.celery_stack import CeleryStack
from bench.figures import Answer, Goal, Row
from bench.potok_server import ROOT, PotokServer
from bench.process_tree import ProcessTree, Weight
from bench.stage import Stage, others_busy

MINUTE_S = 60.0
EXAMPLES = ROOT / "examples"


def measure(stage: Stage) -> Answer:
    """One system after the other: side by side they would share pages, and each would seem lighter."""
    settle_s = 30.0 if stage.options.quick else 300.0
    busy = others_busy()
    with PotokServer(EXAMPLES / "dags", ("ml_training",), stage.store(), EXAMPLES):
        pass  # the first start compiles what it imports, and such a process weighs more
    with PotokServer(EXAMPLES / "dags", ("ml_training",), stage.store(), EXAMPLES) as server:
        start_s = server.start_s
        time.sleep(settle_s)
        ours, our_cpu = observe(server.tree)
    theirs: list[Weight] = []
    peer_cpu: float | None = None
    if stage.options.celery:
        with CeleryStack(2, beat=True) as celery:
            celery.stop_client()
            time.sleep(settle_s)
            theirs, peer_cpu = observe(celery.tree)
    note = f"{settle_s:.0f} s after start; RSS {sum(weight.rss for weight in ours):.0f}, {len(ours)} processes"
    memory = Row(
        "idle memory, PSS of all processes", "MB", sum(weight.pss for weight in ours),
        sum(weight.pss for weight in theirs) or None, Goal(65), True, note, busy=busy,
    )  # fmt: skip
    cpu = Row("idle CPU in a minute", "s", our_cpu, peer_cpu, Goal(0.2), True, "user + system", busy=busy)
    parts = [f"Potok was ready {start_s:.2f} s after its start.", *listing("Potok", ours), *listing("Celery", theirs)]
    return Answer([memory, cpu], [], parts)


def observe(tree: ProcessTree) -> tuple[list[Weight], float]:
    """Each process's memory, and the CPU seconds of all in the minute before."""
    before = tree.cpu_seconds()
    time.sleep(MINUTE_S)
    spent = tree.cpu_seconds() - before
    return tree.weigh(), spent


def listing(system: str, weights: list[Weight]) -> list[str]:
    return [
        f"{system}: PSS {one.pss:5.1f} MB, private {one.private:5.1f} MB, RSS {one.rss:5.1f} MB  {shown(one)}"
        for one in sorted(weights, key=lambda weight: -weight.pss)
    ]


def shown(weight: Weight) -> str:
    """The command without the folders of this machine."""
    return " ".join(word.rpartition("/")[2] for word in weight.command.split())[:80]
