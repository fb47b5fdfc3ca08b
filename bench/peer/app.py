"""The same bodies as Celery tasks. Runs in .venv-bench; settings are Celery's own but for where Redis listens."""

import os
import time

from celery import Celery
from celery.schedules import crontab

app = Celery("app", broker=os.environ["BENCH_REDIS"], backend=os.environ["BENCH_REDIS"])
# Something for beat to watch over, as in any real use; it never comes due during a bench.
app.conf.beat_schedule = {
    "yearly": {"task": "app.noop", "schedule": crontab("0", "0", day_of_month="29", month_of_year="2")}
}


def fibonacci(n: int) -> int:
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


@app.task(name="app.clock")
def clock() -> list[int]:
    started = time.time_ns()
    return [started, time.time_ns()]


@app.task(name="app.clocks")
def clocks(before: list[list[int]]) -> list[list[int]]:
    """A step of a chain hands on what the steps before it noted: Celery's chain keeps only its last result."""
    started = time.time_ns()
    return [*before, [started, time.time_ns()]]


@app.task(name="app.noop")
def noop() -> None:
    pass


@app.task(name="app.fib")
def fib() -> None:
    fibonacci(10)


@app.task(name="app.step")
def step(length_s: float) -> None:
    time.sleep(length_s)
