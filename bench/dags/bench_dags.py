"""The workloads as DAGs. Bodies read their own clock and do nothing else that is not measured."""

import time

from potok import chain, dag, task


def fibonacci(n: int) -> int:
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


@task
def clock() -> list[int]:
    started = time.time_ns()
    return [started, time.time_ns()]


@task
def noop() -> None:
    pass


@task
def fib() -> None:
    fibonacci(10)


@task
def step(length_s: float) -> list[int]:
    started = time.time_ns()
    time.sleep(length_s)
    return [started, time.time_ns()]


@dag
def one() -> None:
    clock()


@dag
def chain_10() -> None:
    chain(*[clock() for _ in range(10)])


@dag
def noop_1000() -> None:
    for _ in range(1000):
        noop()


@dag
def fib_40() -> None:
    chain(*[fib() for _ in range(40)])


@dag
def ml_shape() -> None:
    """Four steps in a row take 2.5 s, three trainings side by side 1.5 s: 4.0 s at best, 7.0 s one after another."""
    trainings = [step.override(task_id=f"train_{number}")(1.5) for number in (1, 2, 3)]
    chain(
        step.override(task_id="update_features")(1.0),
        step.override(task_id="check_drift")(0.5),
        trainings,
        step.override(task_id="evaluate")(0.5),
        step.override(task_id="cleanup")(0.5),
    )


one()
chain_10()
noop_1000()
fib_40()
ml_shape()
