"""Time and memory at 1x, 4x and 16x of a generated size: both layouts' cost must grow no faster than the source."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from onec.bench import analysis
from onec.bench.timed import Spent, spend
from potok_onec import bsl
from potok_onec.testing import generate

Facts = dict[str, Any]
UNIT_SIZE = 4
FACTORS = (1, 4, 16)


class Step(NamedTuple):
    """One size; the peak is of the biggest process."""

    factor: int
    objects: int
    megabytes: float
    wall_s: float
    peak_mb: float


def steps(measure: Callable[[Path], Spent], factors: tuple[int, ...] = FACTORS) -> Iterator[Step]:
    for factor in factors:
        with tempfile.TemporaryDirectory(prefix="potok-onec-growth-") as folder:
            generate(Path(folder), layout="designer", size=UNIT_SIZE * factor)
            project = inspect(Path(folder), "--no-cache")["projects"][0]
            spent = measure(Path(folder))
            yield Step(
                factor, project["objects_total"], project["files"]["bytes"] / 1e6, spent.seconds, spent.peak_mb
            )  # fmt: skip


def read(folder: Path) -> Spent:
    return spend(sys.executable, "-m", "potok_onec", "inspect", str(folder), "--json", "--no-cache")


def analyze(folder: Path) -> Spent:
    """All six steps with nothing kept from before."""
    with tempfile.TemporaryDirectory(prefix="potok-onec-growth-out-") as out:
        done = analysis.analyze(folder, Path(out, "out"), cache=Path(out, "cache"))
        if not done.is_green:
            raise RuntimeError(done.spent.stderr.strip() or f"analyze of {folder} is not green")
    return done.spent


def is_linear(found: list[Step]) -> bool:
    """Neither time nor memory grows faster than the source between any two sizes."""
    return all(
        after.wall_s / before.wall_s <= after.megabytes / before.megabytes
        and after.peak_mb / before.peak_mb <= after.megabytes / before.megabytes
        for before, after in pairwise(found)
    )


def inspect(path: Path, *options: str) -> Facts:
    """`potok-onec inspect --json` in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "potok_onec", "inspect", str(path), "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.stdout:
        raise RuntimeError(done.stderr.strip() or f"inspect of {path} printed nothing")
    facts: Facts = json.loads(done.stdout)
    return facts


def huge_module(lines: int = 57_000) -> tuple[int, float]:
    """Lines and CPU seconds of one module of that size, parsed with methods, queries and metrics."""
    with tempfile.TemporaryDirectory(prefix="potok-onec-module-") as folder:
        generate(Path(folder), layout="edt")
        texts = [path.read_text(encoding="utf-8") for path in sorted(Path(folder).rglob("*.bsl"))]
    text = ""
    while text.count("\n") < lines:
        text += "\n".join(texts)
    text = "\n".join(text.split("\n")[:lines])
    started = time.process_time()
    module = bsl.parse_module(text)
    bsl.queries(module)
    for method in module.methods:
        bsl.metrics(method)
    return module.line_count, time.process_time() - started
