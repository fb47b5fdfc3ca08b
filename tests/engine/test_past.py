"""A DAG's past in cells and days."""

from datetime import UTC, date, datetime

from potok.engine.past import Realign, by_day, failures, union_of_tasks, usual_interval_s, year_bounds
from potok.model.state import RunState


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def test_tasks_of_older_versions_stand_below_those_of_the_newest() -> None:
    assert union_of_tasks(["a", "c"], [["a", "b"], ["a", "c"]]) == ["a", "c", "b"]


def test_letters_move_to_the_rows_of_the_grid_and_leave_a_blank_where_a_task_was_not() -> None:
    rows = ["a", "c", "b"]
    assert Realign(rows, ["a", "b"])("SF") == "S F"
    assert Realign(rows, rows)("SFK") == "SFK"


def test_a_run_that_waits_for_its_start_is_all_scheduled() -> None:
    assert Realign(["a", "b"], ["a", "b"])("") == "ss"
    assert Realign(["b", "a"], ["a", "b"])("") == "ss"


def test_letters_that_do_not_fit_their_version_lose_nothing_and_break_nothing() -> None:
    assert Realign(["b", "a", "c"], ["a", "b", "c"])("SF") == "FS "


def test_failures_are_counted_by_task() -> None:
    assert failures(["SF", "FF", "SR"], 2) == [1, 2]
    assert failures([], 2) == [0, 0]


def test_the_interval_is_the_usual_one_and_unknown_from_few_runs() -> None:
    assert usual_interval_s([0.0, 60.0, 120.0, 900.0]) == 60.0
    assert usual_interval_s([0.0, 60.0]) is None


def test_days_are_those_of_the_zone_and_show_the_worst() -> None:
    quarters = [
        (at("2026-03-20T22:00"), RunState.SUCCESS, 2),  # the 21st in Moscow
        (at("2026-03-21T08:00"), RunState.FAILED, 1),
        (at("2026-03-22T08:00"), RunState.RUNNING, 1),
    ]
    days = by_day(quarters, [at("2026-03-22T21:30")], "Europe/Moscow")
    assert list(days) == [date(2026, 3, 21), date(2026, 3, 22), date(2026, 3, 23)]
    assert (days[date(2026, 3, 21)].runs, days[date(2026, 3, 21)].failed) == (3, 1)
    assert [day.worst for day in days.values()] == [RunState.FAILED, RunState.RUNNING, None]
    assert days[date(2026, 3, 23)].planned == 1


def test_a_year_begins_and_ends_in_its_zone() -> None:
    assert year_bounds(2026, "Asia/Kathmandu")[0] == at("2025-12-31T18:15")
