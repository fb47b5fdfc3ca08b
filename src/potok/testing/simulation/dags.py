"""Random small DAGs that use everything at once: rules, retries, limits, teardowns. A generator, so the draw is all."""

from __future__ import annotations

import itertools
from random import Random

import msgspec

from potok.model.dag import (
    CallableRef,
    Callbacks,
    Concurrency,
    Dag,
    EdgeGroup,
    EmptyWork,
    FromTask,
    PythonWork,
    Task,
    TaskRole,
    Work,
)
from potok.model.retry import Retry
from potok.model.schedule import Cron, Interval, Overlap, Schedule
from potok.model.trigger_rule import TriggerRule

POOLS = {"narrow": 1, "wide": 3}
PLAIN_RULES = tuple(rule for rule in TriggerRule if rule is not TriggerRule.ALL_DONE_SETUP_SUCCESS)


def chance(rng: Random, share: float) -> bool:
    return rng.random() < share


def random_dag(rng: Random, dag_id: str, size_max: int = 7, teardown: float = 0.35) -> Dag:
    """A DAG of 1 to `size_max` tasks and maybe a teardown, in topological order, its edges in shared groups."""
    size = rng.randint(1, size_max)
    layers = _layers(rng, size)
    edges = _edges(rng, layers)
    tasks = _with_results(rng, [random_task(rng, f"t{at}") for at in range(size)], edges)
    if chance(rng, teardown):
        tasks, edges = _with_teardown(rng, tasks, edges)
    return Dag(
        dag_id=dag_id,
        tasks=tuple(tasks),
        edges=tuple(edges),
        file=f"{dag_id}.py",
        params={"properties": {"client": {"type": "string", "default": "a"}}},
        max_active_runs=rng.choice((0, 1, 2, 16)),
        max_active_tasks=rng.choice((0, 0, 1, 2)),
        timeout_s=rng.choice((None, None, None, 60.0, 300.0)),
        callbacks=Callbacks((), (CallableRef("told"),)) if chance(rng, 0.2) else Callbacks(),
    )


def random_task(rng: Random, task_id: str) -> Task:
    rule = TriggerRule.ALL_SUCCESS if chance(rng, 0.5) else rng.choice(PLAIN_RULES)
    work: Work = EmptyWork() if chance(rng, 0.12) else PythonWork(CallableRef(task_id))
    return Task(
        task_id=task_id,
        work=work,
        trigger_rule=rule,
        retry=random_retry(rng),
        timeout_s=rng.choice((None, None, None, 5.0, 30.0)),
        pool=rng.choice(("", "", *POOLS)),
        pool_slots=1,
        priority=rng.choice((0, 0, 0, 5)),
        concurrency=Concurrency(rng.choice(("lock", "lock-{client}")), rng.choice((1, 2)))
        if chance(rng, 0.2)
        else None,
        at_most_once=chance(rng, 0.1),
        may_fail=chance(rng, 0.1),
        callbacks=Callbacks((CallableRef("well"),), (), (CallableRef("again"),)) if chance(rng, 0.1) else Callbacks(),
    )


def random_retry(rng: Random) -> Retry:
    if chance(rng, 0.5):
        return Retry()
    return Retry(
        retries=rng.randint(1, 3),
        delay_s=rng.choice((0.0, 1.0, 10.0)),
        backoff=rng.choice((1.0, 2.0)),
        max_delay_s=15.0,
        jitter=rng.choice((0.0, 0.5)),
        never=("Hopeless",) if chance(rng, 0.3) else (),
    )


def random_schedule(rng: Random, start: float) -> Schedule:
    timetable = Interval(float(rng.choice((15, 30, 60, 90)))) if chance(rng, 0.5) else Cron("* * * * *")
    return Schedule(
        timetable=timetable,
        text="simulated",
        start=start,
        end=start + 400.0,
        catchup=chance(rng, 0.5),
        overlap=rng.choice((Overlap.QUEUE, Overlap.SKIP, Overlap.CANCEL, Overlap.CANCEL)),
    )


def _layers(rng: Random, size: int) -> list[list[int]]:
    layers: list[list[int]] = [[]]
    for at in range(size):
        if layers[-1] and chance(rng, 0.5):
            layers.append([])
        layers[-1].append(at)
    return layers


def _edges(rng: Random, layers: list[list[int]]) -> list[EdgeGroup]:
    """All-to-all between some layers, single edges from older ones; a pair occurs once."""
    groups: list[EdgeGroup] = []
    taken: set[tuple[int, int]] = set()
    for above, below in itertools.pairwise(layers):
        if chance(rng, 0.6):
            groups.append(EdgeGroup(tuple(above), tuple(below)))
            taken.update((up, down) for up in above for down in below)
    for number, layer in enumerate(layers[1:], 1):
        older = [at for before in layers[:number] for at in before]
        for at in layer:
            for up in older:
                if (up, at) not in taken and chance(rng, 0.25):
                    groups.append(EdgeGroup((up,), (at,)))
                    taken.add((up, at))
    return groups


def _with_results(rng: Random, tasks: list[Task], edges: list[EdgeGroup]) -> list[Task]:
    """Some tasks are passed the result of one that stands above them."""
    above: dict[int, list[int]] = {}
    for group in edges:
        for at in group.downstream:
            above.setdefault(at, []).extend(group.upstream)
    for at, candidates in above.items():
        if chance(rng, 0.4):
            giver = tasks[rng.choice(candidates)].task_id
            tasks[at] = msgspec.structs.replace(tasks[at], args=(FromTask(giver),))
    return tasks


def _with_teardown(rng: Random, tasks: list[Task], edges: list[EdgeGroup]) -> tuple[list[Task], list[EdgeGroup]]:
    """Add a teardown below some tasks; often the first task is its setup."""
    at = len(tasks)
    above = sorted(rng.sample(range(at), rng.randint(1, at)))
    setups: tuple[str, ...] = ()
    if chance(rng, 0.6):
        setup = rng.choice(above) if chance(rng, 0.8) else rng.randrange(at)
        setups = (tasks[setup].task_id,)
    teardown = Task(
        task_id="teardown",
        work=PythonWork(CallableRef("teardown")),
        retry=random_retry(rng),
        role=TaskRole.TEARDOWN,
        setups=setups,
    )
    return [*tasks, teardown], [*edges, EdgeGroup(tuple(above), (at,))]
