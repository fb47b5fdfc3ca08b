"""What does `import potok` cost a DAG file? Fresh interpreters with it less fresh interpreters without."""

from __future__ import annotations

import subprocess
import sys
import time

from bench.figures import Answer, Goal, Row, median
from bench.stage import Stage, others_busy

LINE = "from potok import Retry, chain, dag, task"


def measure(stage: Stage) -> Answer:
    busy = others_busy()
    bare, with_it = [], []
    start(LINE)
    for _ in range(stage.options.times(31, 11)):
        bare.append(start("pass"))
        with_it.append(start(LINE))
    cost = [after - before for before, after in zip(bare, with_it, strict=True)]
    note = (
        f"n={len(cost)}, `{LINE}`; -X importtime says {by_import_time():.0f} ms; bare interpreter {median(bare):.0f} ms"
    )
    return Answer([Row("import potok in a DAG file", "ms", median(cost), None, Goal(100), True, note, cost, [], busy)])


def start(code: str) -> float:
    """Milliseconds of a fresh interpreter."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, cwd="/")
    return (time.perf_counter() - started) * 1000


def by_import_time() -> float:
    """Milliseconds that the interpreter itself counts for modules which a bare start does not load."""
    return max(_own_us(LINE) - _own_us("pass"), 0) / 1000


def _own_us(code: str) -> int:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code], check=True, capture_output=True, text=True, cwd="/"
    )
    lines = [line.removeprefix("import time:").split("|") for line in done.stderr.splitlines()]
    return sum(int(fields[0]) for fields in lines if len(fields) == 3 and fields[0].strip().isdigit())
