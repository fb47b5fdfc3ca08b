"""What does `import potok` cost a DAG file? Fresh interpreters with it less fresh interpreters without."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from typing import NamedTuple

from bench.figures import Answer, Goal, Row, median
from bench.stage import Stage, others_busy

LINE = "from potok import Retry, chain, dag, task"


class Start(NamedTuple):
    """A fresh interpreter from its start to its end, in ms."""

    wall: float
    cpu: float


def measure(stage: Stage) -> Answer:
    busy = others_busy()
    bare, with_it = [], []
    start(LINE)
    for _ in range(stage.options.times(31, 11)):
        bare.append(start("pass"))
        with_it.append(start(LINE))
    cost = [after.wall - before.wall for before, after in zip(bare, with_it, strict=True)]
    cpu = median([one.cpu for one in with_it]) - median([one.cpu for one in bare])
    note = (
        f"n={len(cost)}, `{LINE}`, at best {min(cost):.0f} ms, {cpu:.0f} ms of CPU; -X importtime says "
        f"{by_import_time():.0f} ms; the bare interpreter {median([one.wall for one in bare]):.0f} ms"
    )
    return Answer([Row("import potok in a DAG file", "ms", median(cost), None, Goal(100), True, note, cost, [], busy)])


def start(code: str) -> Start:
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True, cwd="/")
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Start(wall * 1000, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)


def by_import_time() -> float:
    """Milliseconds that the interpreter itself counts for modules which a bare start does not load."""
    return max(_own_us(LINE) - _own_us("pass"), 0) / 1000


def _own_us(code: str) -> int:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code], check=True, capture_output=True, text=True, cwd="/"
    )
    lines = [line.removeprefix("import time:").split("|") for line in done.stderr.splitlines()]
    return sum(int(fields[0]) for fields in lines if len(fields) == 3 and fields[0].strip().isdigit())
