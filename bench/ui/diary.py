"""When every run of the generated year began and what was special about it. Pure: a seed in, plans out."""

from __future__ import annotations

import random
from collections.abc import Iterator

import msgspec

from bench.ui.failures import Trouble
from potok.engine.plan import fires
from potok.model.dag import Dag
from potok.model.run import TriggerKind

DAY_S = 86_400.0
YEAR_DAYS = 365


class Start(msgspec.Struct, frozen=True):
    """The beginning of one run of a DAG; `number` counts its runs from 0."""

    created_at: float
    dag_id: str
    number: int
    logical_date: float
    interval_start: float
    is_scheduled: bool


def starts(dag: Dag, count: int, until: float, rng: random.Random) -> list[Start]:
    """The last `count` fires of the schedule within the year before `until`; what is missing was started by hand."""
    schedule = dag.schedule
    dates = fires(schedule, until - YEAR_DAYS * DAY_S, until - 60.0) if schedule is not None and count else []
    dates = dates[-count:] if count else []
    before = [dates[0] - DAY_S, *dates[:-1]] if dates else []
    found = [
        (round(date + rng.uniform(0.003, 0.05), 3), date, since, True)
        for date, since in zip(dates, before, strict=True)
    ]
    for _ in range(count - len(found)):
        at = round(until - rng.uniform(0.02, YEAR_DAYS) * DAY_S, 3)
        found.append((at, at, at, False))
    found.sort()
    return [Start(at, dag.dag_id, number, date, since, planned) for number, (at, date, since, planned) in
            enumerate(found)]  # fmt: skip


class Ending(msgspec.Struct, frozen=True):
    """How the last runs of a DAG went: the last `failed` of them failed, all with the same `trouble`."""

    failed: int
    trouble: Trouble | None


NOTES = ("after the mend of the source", "asked for by finance", "second try with fresh data", "")
CALM = Ending(0, None)


def endings(dag_ids: list[str], troubles: tuple[Trouble, ...], rng: random.Random) -> dict[str, Ending]:
    """A few DAGs whose last runs failed: most once, some again and again for the same reason."""
    needy = rng.sample(dag_ids, min(len(dag_ids), max(3, len(dag_ids) // 160)))
    return {dag_id: Ending(rng.choice((1, 1, 1, 2, 6)), rng.choice(troubles)) for dag_id in needy}


def trigger_of(start: Start) -> TriggerKind:
    return TriggerKind.SCHEDULE if start.is_scheduled else TriggerKind.MANUAL


def pace(start: Start, until: float, rng: random.Random, growth: float) -> float:
    """How long this run took against the usual: data grows over the year, and some nights are slow."""
    year = (start.created_at - until) / (YEAR_DAYS * DAY_S)
    slow = 1.0 if rng.random() > 0.02 else rng.uniform(1.5, 3.0)
    return (1.0 + growth * year) * slow


def merged(by_dag: list[list[Start]]) -> Iterator[Start]:
    """All runs in the order in which the store would have seen them."""
    everything = [start for one in by_dag for start in one]
    everything.sort(key=lambda start: (start.created_at, start.dag_id))
    return iter(everything)
