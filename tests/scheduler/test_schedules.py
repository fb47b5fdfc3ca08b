"""Schedules in the scheduler: which runs start when, and what survives downtime, pauses and new versions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from potok.model.dag import Dag
from potok.model.schedule import Cron, Overlap, Schedule
from potok.model.state import RunState
from potok.scheduler.commands import CancelRun, PauseDag
from potok.scheduler.dag_book import Folder, FoundDag
from potok.scheduler.turn import Asked
from potok.store.protocol import Store
from tests.scheduler.clockwork import HOUR, NOON, Clockwork
from tests.scheduler.scripted import chain_of

ODD = 0.37


def hourly(**options: object) -> Schedule:
    return Schedule(Cron("0 * * * *"), "@hourly", **options)  # type: ignore[arg-type]


def dag(schedule: Schedule, bundle: str = "b1", **options: object) -> Folder:
    made = chain_of("etl", "a", schedule=schedule, **options)
    return Folder({"etl": FoundDag(made, bundle, ("etl.py",))}, {})


@pytest.fixture
def clockwork(store: Store, tmp_path: Path) -> Iterator[Clockwork]:
    yield Clockwork(store, tmp_path)


def test_a_new_schedule_starts_with_its_next_fire(clockwork: Clockwork) -> None:
    clockwork.at(NOON + 60, dag(hourly()))
    assert clockwork.runs() == []
    assert clockwork.core.next_wake() == NOON + HOUR
    clockwork.at(NOON + HOUR, *())
    row = clockwork.runs()[0]
    assert row.record.run_id == "etl.20260301T130000"
    assert (row.record.interval_start, row.record.interval_end) == (NOON, NOON + HOUR)
    assert clockwork.core.next_wake() == NOON + 2 * HOUR


def test_after_downtime_only_the_latest_missed_fire_runs(clockwork: Clockwork) -> None:
    clockwork.at(NOON + 60, dag(hourly()))
    clockwork.start()
    clockwork.at(NOON + 5.5 * HOUR, dag(hourly()))
    assert clockwork.dates() == [5]


def test_with_catchup_each_missed_fire_runs_once_whatever_restarts(clockwork: Clockwork) -> None:
    schedule = hourly(catchup=True, start=NOON - 2 * HOUR)
    clockwork.at(NOON, dag(schedule))
    clockwork.start()
    clockwork.at(NOON + 2 * HOUR, dag(schedule))
    clockwork.start()
    clockwork.at(NOON + 2 * HOUR + 1, dag(schedule))
    assert clockwork.dates() == [-2, -1, 0, 1, 2]


def test_max_active_runs_bounds_what_begins(clockwork: Clockwork) -> None:
    schedule = hourly(catchup=True, start=NOON - 5 * HOUR)
    clockwork.at(NOON, dag(schedule, max_active_runs=2))
    states = [row.record.state for row in clockwork.runs()]
    assert states == [RunState.RUNNING] * 2 + [RunState.QUEUED] * 4


def test_overlap_skip_leaves_a_due_run_out_and_goes_on(clockwork: Clockwork) -> None:
    clockwork.at(NOON, dag(hourly(overlap=Overlap.SKIP), max_active_runs=1))
    for hours in (1, 2, 3):
        clockwork.at(NOON + hours * HOUR)
    assert clockwork.dates() == [1]
    assert clockwork.core.next_wake() == NOON + 4 * HOUR


def test_overlap_cancel_stops_the_run_before(clockwork: Clockwork) -> None:
    clockwork.at(NOON, dag(hourly(overlap=Overlap.CANCEL), max_active_runs=1))
    clockwork.at(NOON + HOUR)
    clockwork.at(NOON + 2 * HOUR)
    states = [row.record.state for row in clockwork.runs()]
    assert states == [RunState.CANCELLED, RunState.RUNNING]


def test_what_was_missed_while_paused_stays_missed(clockwork: Clockwork) -> None:
    clockwork.at(NOON, dag(hourly()))
    clockwork.ask(NOON + 60, PauseDag("etl", "ann", True))
    clockwork.at(NOON + 3 * HOUR)
    clockwork.ask(NOON + 3.5 * HOUR, PauseDag("etl", "ann", False))
    clockwork.at(NOON + 4 * HOUR)
    assert clockwork.dates() == [4]


def test_a_run_keeps_its_version_and_new_runs_get_the_new_one(clockwork: Clockwork) -> None:
    clockwork.at(NOON, dag(hourly()))
    clockwork.at(NOON + HOUR)
    clockwork.at(NOON + 1.5 * HOUR, dag(hourly(), bundle="b2"))
    clockwork.at(NOON + 2 * HOUR)
    assert [row.record.bundle for row in clockwork.runs()] == ["b1", "b2"]


def test_a_schedule_that_cannot_start_is_told_in_the_audit_and_never_blocks(clockwork: Clockwork) -> None:
    folder = dag(hourly(), params={"properties": {"who": {"type": "string"}}, "required": ["who"]})
    clockwork.at(NOON, folder)
    clockwork.at(NOON + HOUR)
    assert clockwork.runs() == []
    told = clockwork.store.audit()[0]
    assert (told.action, told.subject) == ("start failed", "etl") and "needs param 'who'" in str(told.detail)
    assert clockwork.core.next_wake() == NOON + 2 * HOUR


def test_a_dag_that_came_back_does_not_run_what_it_missed(clockwork: Clockwork) -> None:
    clockwork.at(NOON, dag(hourly()))
    clockwork.at(NOON + 60, Folder({}, {}))
    clockwork.at(NOON + 3 * HOUR)
    clockwork.at(NOON + 3.5 * HOUR, dag(hourly()))
    clockwork.at(NOON + 4 * HOUR)
    assert clockwork.dates() == [4]


def test_once_runs_once(clockwork: Clockwork) -> None:
    from potok.model.schedule import Once

    folder = dag(Schedule(Once(), "@once"))
    clockwork.at(NOON + ODD, folder)
    clockwork.at(NOON + 1)
    clockwork.start()
    clockwork.at(NOON + HOUR, folder)
    clockwork.at(NOON + 2 * HOUR + ODD)
    assert len(clockwork.runs()) == 1
    assert clockwork.core.next_wake() is None


def test_a_long_backlog_is_caught_up_a_few_runs_ahead(clockwork: Clockwork) -> None:
    folder = dag(hourly(catchup=True, start=NOON - 1000 * HOUR), max_active_runs=1)
    clockwork.at(NOON, folder)
    assert clockwork.dates() == [-1000, -999, -998, -997, -996]
    clockwork.at(NOON + 1)
    assert len(clockwork.runs()) == 5
    first = clockwork.runs()[0].record.run_id
    clockwork.at(NOON + 2, Asked(CancelRun(first, "ann"), lambda reply: None))
    clockwork.at(NOON + 3)
    assert clockwork.dates()[-1] == -995


def test_a_changed_schedule_counts_from_now_on(clockwork: Clockwork) -> None:
    clockwork.at(NOON, dag(hourly()))
    daily = msgspec.structs.replace(hourly(), timetable=Cron("0 0 * * *"), text="@daily")
    made: Dag = dag(daily, bundle="b2").dags["etl"].dag
    clockwork.at(NOON + 0.5 * HOUR, Folder({"etl": FoundDag(made, "b2", ())}, {}))
    assert clockwork.core.next_wake() is not None
    clockwork.at(NOON + HOUR)
    assert clockwork.runs() == []
    clockwork.at(NOON + 12 * HOUR)
    assert clockwork.dates() == [12]
