"""Celery's warm client: one process that takes a JSON order a line and answers a JSON line. Runs in .venv-bench."""

import json
import random
import sys
import time
from collections.abc import Callable

from celery import chain, chord, group

from bench.peer.app import clock, clocks, fib, noop, step

WAIT_S = 120


def trigger(count: int, low_s: float, high_s: float, seed: int) -> list[list[int]]:
    """[before delay(), start, end, seen by the client] of each of `count` tasks, in ns."""
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        time.sleep(chance.uniform(low_s, high_s))
        ordered = time.time_ns()
        start, end = clock.delay().get(timeout=WAIT_S)
        found.append([ordered, start, end, time.time_ns()])
    return found


def chain_of(count: int) -> list[list[int]]:
    """[start, end] of each step of one chain, in ns."""
    steps = chain(clocks.s([]), *[clocks.s() for _ in range(count - 1)])
    return steps.apply_async().get(timeout=WAIT_S)


def noops(count: int) -> float:
    """Seconds from the call until the results of `count` independent tasks are here."""
    started = time.perf_counter()
    group(noop.s() for _ in range(count)).apply_async().get(timeout=WAIT_S)
    return time.perf_counter() - started


def fibs(count: int) -> float:
    started = time.perf_counter()
    chain(*[fib.si() for _ in range(count)]).apply_async().get(timeout=WAIT_S)
    return time.perf_counter() - started


def pipeline() -> float:
    started = time.perf_counter()
    trainings = group(step.si(1.5), step.si(1.5), step.si(1.5))
    whole = chain(step.si(1.0), step.si(0.5), chord(trainings, step.si(0.5)), step.si(0.5))
    whole.apply_async().get(timeout=WAIT_S)
    return time.perf_counter() - started


ORDERS: dict[str, Callable[..., object]] = {
    "trigger": trigger,
    "chain": chain_of,
    "noops": noops,
    "fibs": fibs,
    "pipeline": pipeline,
}

if __name__ == "__main__":
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(ORDERS[order["do"]](*order["with"])), flush=True)
