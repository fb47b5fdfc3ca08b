"""How fast does a run of 10,000 tasks in 100 layers go, and how much does the scheduler grow by it?"""

from __future__ import annotations

import time

from bench.figures import Answer, Goal, Row, median
from bench.potok_server import PotokServer
from bench.process_tree import peak_rss, reset_peak, weigh
from bench.stage import HERE, Stage, others_busy

TASKS = 10_000
SETTLE_S = 2.0


def measure(stage: Stage) -> Answer:
    busy = others_busy()
    rates, peaks, kept, sizes = [], [], [], []
    # A fresh server each time: memory once grown would hide the next growth.
    for _ in range(stage.options.times(3, 1)):
        with PotokServer(HERE / "dags_large", ("large", "small"), stage.store()) as server:
            rate, peak, after, size = one_run(server)
        rates.append(rate)
        peaks.append(peak)
        kept.append(after)
        sizes.append(size)
    note = f"n={len(rates)}, trigger to client knows"
    growth = (
        f"peak of RSS during the run over {median(sizes):.1f} MB before; "
        f"{median(kept):+.1f} MB (PSS) stay {SETTLE_S:.0f} s after"
    )
    return Answer(
        [
            Row(
                "10,000 tasks in 100 layers",
                "tasks/s",
                median(rates),
                None,
                Goal(2500, at_most=False),
                False,
                note,
                rates,
                busy=busy,
            ),
            Row("the scheduler's growth by it", "MB", median(peaks), None, Goal(30), True, growth, peaks, [], busy),
        ]
    )


def one_run(server: PotokServer) -> tuple[float, float, float, float]:
    """Tasks a second; in MB: growth of RSS at its peak, growth of PSS that stays, RSS before."""
    # What the first run of anything loads and makes is not of this run's size.
    for _ in range(3):
        server.run("small")
    time.sleep(SETTLE_S)
    before = weigh(server.pid)
    reset_peak(server.pid)
    elapsed = server.run("large")
    peak = peak_rss(server.pid)
    time.sleep(SETTLE_S)
    after = weigh(server.pid)
    assert before is not None
    assert after is not None
    return TASKS / elapsed, peak - before.rss, after.pss - before.pss, before.rss
