"""When schedules fire: clock changes both ways, odd calendars, bounds, catchup, and what peers got wrong."""

import itertools
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potok.engine.plan import (
    CATCHUP_MAX,
    COUNTED_MAX,
    Course,
    check_cron,
    fires,
    next_fire,
    overlap,
    plan,
    preview,
    previous_fire,
)
from potok.model.errors import InvalidError
from potok.model.schedule import Cron, Interval, Once, Overlap, Schedule

BERLIN, NEW_YORK, LORD_HOWE, MOSCOW = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Europe/Moscow"


def cron(expression: str, tz: str = "UTC", **fields: object) -> Schedule:
    return Schedule(Cron(expression), expression, tz, **fields)  # type: ignore[arg-type]


def every(seconds: float, **fields: object) -> Schedule:
    return Schedule(Interval(seconds), f"every {seconds}", **fields)  # type: ignore[arg-type]


def at(text: str, tz: str = "UTC", fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz), fold=fold).timestamp()


def walls(schedule: Schedule, after: str, limit: int) -> list[str]:
    """The next fires as wall clocks with their offsets."""
    zone = ZoneInfo(schedule.tz)
    found = fires(schedule, at(after, schedule.tz), limit=limit)
    return [datetime.fromtimestamp(one, zone).strftime("%m-%d %H:%M%z") for one in found]


# --- clock changes ----------------------------------------------------------------------------------------------------

CHANGES = [
    # a fixed time inside the gap fires right after it
    (cron("30 2 * * *", BERLIN), "2026-03-28 12:00", ["03-29 03:00+0200", "03-30 02:30+0200"]),
    (cron("30 2 * * *", NEW_YORK), "2026-03-07 12:00", ["03-08 03:00-0400", "03-09 02:30-0400"]),
    (cron("15 2 * * *", LORD_HOWE), "2026-10-03 12:00", ["10-04 02:30+1100", "10-05 02:15+1100"]),
    # a fixed time that occurs twice fires once
    (cron("30 2 * * *", BERLIN), "2026-10-24 12:00", ["10-25 02:30+0200", "10-26 02:30+0100"]),
    (cron("30 1 * * *", NEW_YORK), "2026-10-31 12:00", ["11-01 01:30-0400", "11-02 01:30-0500"]),
    (cron("45 1 * * *", LORD_HOWE), "2026-04-04 12:00", ["04-05 01:45+1100", "04-06 01:45+1030"]),
    # wildcard hours follow elapsed time
    (cron("0 * * * *", BERLIN), "2026-03-29 00:30", ["03-29 01:00+0100", "03-29 03:00+0200", "03-29 04:00+0200"]),
    (
        cron("0 * * * *", BERLIN),
        "2026-10-25 01:30",
        ["10-25 02:00+0200", "10-25 02:00+0100", "10-25 03:00+0100"],
    ),
    (
        cron("*/15 * * * *", LORD_HOWE),
        "2026-04-05 01:30",
        ["04-05 01:45+1100", "04-05 01:30+1030", "04-05 01:45+1030", "04-05 02:00+1030"],
    ),
    # other fixed times of such a day are what they always are
    (cron("0 12 * * *", BERLIN), "2026-03-28 12:00", ["03-29 12:00+0200"]),
    # Moscow left summer time for good in 2014
    (cron("30 1 * * *", MOSCOW), "2014-10-25 12:00", ["10-26 01:30+0400", "10-27 01:30+0300"]),
    (cron("30 2 * * *", MOSCOW), "2026-03-28 12:00", ["03-29 02:30+0300", "03-30 02:30+0300"]),
]


@pytest.mark.parametrize(("schedule", "after", "expected"), CHANGES)
def test_fires_around_clock_changes(schedule: Schedule, after: str, expected: list[str]) -> None:
    assert walls(schedule, after, len(expected)) == expected


@pytest.mark.parametrize("tz", [BERLIN, NEW_YORK, LORD_HOWE])
@pytest.mark.parametrize("expression", ["0 * * * *", "30 * * * *", "* * * * *"])
def test_an_hourly_job_keeps_its_distance_through_both_clock_changes(tz: str, expression: str) -> None:
    """As in celery#10107: an hourly job that skipped, or ran twice, when the clock changed."""
    found = fires(cron(expression, tz), at("2026-01-01", tz), at("2026-12-31", tz), limit=20_000)
    gaps = {round(later - earlier) for earlier, later in itertools.pairwise(found)}
    if tz == LORD_HOWE and expression != "* * * * *":
        # its clock moves by half an hour, so the whole hour moves too
        assert gaps <= {3600, 1800, 5400}
    else:
        assert len(gaps) == 1


def test_a_range_of_hours_with_quarters_goes_on_over_every_clock_change() -> None:
    """As in airflow#35272: `0,15,30,45 6-22` came back to the same instant for ever."""
    schedule = cron("0,15,30,45 6-22 * * *", BERLIN)
    found = fires(schedule, at("2026-10-24", BERLIN), at("2026-10-28", BERLIN))
    assert len(found) == 4 * 17 * 4
    assert found == sorted(set(found))


# --- calendars --------------------------------------------------------------------------------------------------------


def test_leap_days_and_month_ends() -> None:
    assert walls(cron("0 0 29 2 *"), "2026-01-01", 2) == ["02-29 00:00+0000"] * 2
    assert next_fire(cron("0 0 29 2 *"), at("2096-03-01")) == at("2104-02-29"), "2100 is no leap year"
    assert walls(cron("0 0 31 * *"), "2026-01-31 01:00", 3) == [
        "03-31 00:00+0000",
        "05-31 00:00+0000",
        "07-31 00:00+0000",
    ]
    assert walls(cron("0 0 L * *"), "2028-01-31 01:00", 2) == ["02-29 00:00+0000", "03-31 00:00+0000"]


@pytest.mark.parametrize(
    ("preset", "spelled"), [("@daily", "0 0 * * *"), ("@hourly", "0 * * * *"), (" 5 4 * * 1 ", "5 4 * * 1")]
)
def test_presets_are_spelled_out(preset: str, spelled: str) -> None:
    assert check_cron(preset) == spelled


@pytest.mark.parametrize("wrong", ["", "* * * *", "61 * * * *", "0 0 31 2 *", "@often", "*/0 * * * *", "* * * * * *"])
def test_what_is_no_five_field_cron_is_refused_with_a_sentence(wrong: str) -> None:
    with pytest.raises(InvalidError, match="is not a cron expression"):
        check_cron(wrong)


# --- bounds -----------------------------------------------------------------------------------------------------------


def test_start_and_end_count_both() -> None:
    start, end = at("2026-05-01"), at("2026-05-03")
    schedule = cron("0 0 * * *", start=start, end=end)
    assert fires(schedule, 0.0) == [start, start + 86_400, end]
    assert next_fire(schedule, end) is None


def test_an_interval_counts_from_its_start_or_from_the_epoch() -> None:
    assert fires(every(90, start=1000.0), 0.0, limit=3) == [1000.0, 1090.0, 1180.0]
    assert fires(every(90, start=1000.0), 1090.0, limit=1) == [1180.0]
    assert fires(every(3600), 1800.0, limit=2) == [3600.0, 7200.0]


def test_once_fires_once() -> None:
    schedule = Schedule(Once(), "@once", start=500.0)
    assert fires(schedule, 0.0) == [500.0]
    assert fires(schedule, 500.0) == []


# --- plan -------------------------------------------------------------------------------------------------------------


def test_without_catchup_only_the_latest_missed_fire_runs_and_the_others_are_counted() -> None:
    due = plan(cron("0 * * * *"), at("2026-05-01"), at("2026-05-01 05:30"))
    assert due.run == (at("2026-05-01 05:00"),)
    assert (due.passed_over, due.last_fire, due.next_fire) == (4, at("2026-05-01 05:00"), at("2026-05-01 06:00"))


def test_with_catchup_every_missed_fire_runs_oldest_first() -> None:
    due = plan(cron("0 * * * *", catchup=True), at("2026-05-01"), at("2026-05-01 03:00"))
    assert due.run == tuple(at(f"2026-05-01 0{hour}:00") for hour in (1, 2, 3))
    assert due.passed_over == 0


def test_nothing_missed_is_nothing_to_do() -> None:
    due = plan(cron("0 0 * * *"), at("2026-05-01"), at("2026-05-01 05:30"))
    assert (due.run, due.passed_over, due.last_fire, due.next_fire) == ((), 0, at("2026-05-01"), at("2026-05-02"))


def test_a_catchup_of_years_comes_in_bites_that_join() -> None:
    schedule, since, until = every(1, catchup=True), 0.0, 25_000.0
    seen: list[float] = []
    while (due := plan(schedule, since, until)).run:
        assert len(due.run) <= CATCHUP_MAX
        seen += due.run
        assert due.last_fire is not None
        since = due.last_fire
    assert seen == [float(n) for n in range(1, 25_001)]


@pytest.mark.parametrize(
    ("policy", "active", "limit", "expected"),
    [
        (Overlap.QUEUE, 3, 3, (True, False)),
        (Overlap.SKIP, 3, 3, (False, False)),
        (Overlap.SKIP, 2, 3, (True, False)),
        (Overlap.CANCEL, 3, 3, (True, True)),
        (Overlap.CANCEL, 0, 1, (True, False)),
        (Overlap.SKIP, 99, 0, (True, False)),
    ],
)
def test_overlap_policies(policy: Overlap, active: int, limit: int, expected: tuple[bool, bool]) -> None:
    verdict = overlap(cron("* * * * *", overlap=policy), active, limit)
    assert (verdict.start, verdict.cancel_active) == expected


# --- properties -------------------------------------------------------------------------------------------------------

FIELDS = (
    st.sampled_from(("*", "0", "*/15", "5,35", "30", "0-59/7")),
    st.sampled_from(("*", "2", "*/3", "1-4", "6-22", "0,12", "1,2,3")),
    st.sampled_from(("*", "1", "*/2", "29", "L", "15")),
    st.sampled_from(("*", "2,3", "3", "10", "*/2")),
    st.sampled_from(("*", "1-5", "0", "6", "1#1")),
)
expressions = st.tuples(*FIELDS).map(" ".join).filter(lambda one: one.split()[2:4] != ["29", "2"])
zones = st.sampled_from((BERLIN, NEW_YORK, LORD_HOWE, MOSCOW, "UTC", "Asia/Kathmandu", "America/Havana"))
# around clock changes most of the time: late March and early April, October and November
moments = st.one_of(
    st.integers(int(at("2026-03-07")), int(at("2026-04-06"))),
    st.integers(int(at("2026-10-03")), int(at("2026-11-09"))),
    st.integers(int(at("2013-01-01")), int(at("2040-01-01"))),
).map(float)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    start = draw(st.none() | moments)
    end = None if start is None else draw(st.none() | st.floats(0, 1e7).map(lambda length: start + round(length)))
    if draw(st.integers(0, 3)):
        return cron(draw(expressions), draw(zones), start=start, end=end)
    step = draw(st.one_of(st.integers(1, 100_000).map(float), st.floats(0.05, 5.0)))
    return every(step, start=start, end=end)


@settings(max_examples=300)
@given(schedule=schedules(), after=moments)
def test_fires_only_go_forward_and_stay_within_bounds(schedule: Schedule, after: float) -> None:
    found = fires(schedule, after, limit=20)
    assert all(one > after for one in found)
    assert all(earlier < later for earlier, later in itertools.pairwise(found))
    assert all(schedule.start is None or one >= schedule.start for one in found)
    assert all(schedule.end is None or one <= schedule.end for one in found)


@settings(max_examples=300)
@given(schedule=schedules(), after=moments, cut=st.integers(0, 11))
def test_fires_in_two_pieces_are_the_fires_in_one(schedule: Schedule, after: float, cut: int) -> None:
    whole = fires(schedule, after, limit=12)
    if len(whole) > cut:
        assert fires(schedule, whole[cut], limit=11 - cut) == whole[cut + 1 :]
        assert fires(schedule, after, whole[cut]) == whole[: cut + 1]
        assert next_fire(schedule, after) == whole[0]


@settings(max_examples=300)
@given(schedule=schedules(), after=moments, steps=st.lists(st.floats(0, 400 * 86_400), max_size=8))
def test_a_course_gives_the_next_fire_of_ever_later_moments(
    schedule: Schedule, after: float, steps: list[float]
) -> None:
    course = Course(schedule)
    for step in [0.0, *steps]:
        after += step
        assert course.after(after) == next_fire(schedule, after)


@settings(max_examples=200)
@given(schedule=schedules(), after=moments)
def test_the_preview_is_what_will_happen(schedule: Schedule, after: float) -> None:
    shown = preview(schedule, after, 8)
    assert [one.at for one in shown] == fires(schedule, after, limit=8)
    for one in shown:
        minute = timedelta(seconds=one.at % 60)
        assert datetime.fromisoformat(one.local) + minute == datetime.fromtimestamp(one.at, UTC)


@settings(max_examples=300)
@given(schedule=schedules(), after=moments)
def test_the_previous_fire_is_the_one_before(schedule: Schedule, after: float) -> None:
    found = fires(schedule, after, limit=6)
    for earlier, later in pairwise(found):
        assert previous_fire(schedule, later) == pytest.approx(earlier, abs=1e-6)


def test_the_previous_fire_holds_where_the_clock_moves_by_half_an_hour() -> None:
    schedule = cron("0 */3 * 10 0", LORD_HOWE)
    found = fires(schedule, at("2026-10-03 12:00", LORD_HOWE), limit=4)
    assert [previous_fire(schedule, later) for later in found[1:]] == found[:3]


@given(schedule=schedules(), since=moments, length=st.floats(0, 200_000))
def test_planning_twice_over_the_same_time_makes_no_run_twice(schedule: Schedule, since: float, length: float) -> None:
    if isinstance(schedule.timetable, Interval) and schedule.timetable.every_s < 60:
        length %= 1000
    first = plan(schedule, since, since + length)
    assert plan(schedule, first.last_fire or since, since + length).run == ()


def test_a_preview_tells_of_the_clock_change() -> None:
    shown = preview(cron("30 2 * * *", BERLIN), at("2026-03-27 12:00", BERLIN), 3)
    assert [one.note for one in shown] == ["", "the clock goes forward by 60 min on this day", ""]
    shown = preview(cron("30 2 * * *", LORD_HOWE), at("2026-04-04 12:00", LORD_HOWE), 1)
    assert shown[0].note == "the clock goes back by 30 min on this day"


@pytest.mark.parametrize("timetable", [Cron("* * * * *"), Interval(60.0)], ids=["cron", "interval"])
def test_after_a_long_downtime_the_latest_fire_is_found_without_walking_all(timetable: Cron | Interval) -> None:
    schedule = Schedule(timetable, "each minute")
    until = at("2026-05-01 12:34") + 30.0
    due = plan(schedule, until - 400 * 86_400.0, until)
    assert due.run == (at("2026-05-01 12:34"),)
    assert (due.last_fire, due.next_fire) == (at("2026-05-01 12:34"), at("2026-05-01 12:35"))
    assert due.passed_over == COUNTED_MAX
