"""Slot-seconds come out right from the turns alone."""

from hypothesis import given
from hypothesis import strategies as st

from potok.engine.slot_use import BUCKET_S, SlotMeter, SlotUse


def test_a_full_bucket_is_told_once_its_end_has_passed() -> None:
    meter = SlotMeter()
    assert meter.moved(2, 0.0) == []
    assert meter.moved(1, 100.0) == []
    assert meter.so_far(200.0) == SlotUse(0.0, 300.0, 2)
    assert meter.moved(0, 350.0) == [SlotUse(0.0, 400.0, 2)]
    assert meter.so_far(360.0) == SlotUse(300.0, 50.0, 1)


def test_a_long_run_without_turns_fills_every_bucket_and_an_idle_time_none() -> None:
    meter = SlotMeter()
    meter.moved(1, 0.0)
    assert meter.moved(0, 3 * BUCKET_S) == [SlotUse(n * BUCKET_S, BUCKET_S, 1) for n in range(3)]
    assert meter.moved(1, 40 * BUCKET_S) == []


def test_a_clock_that_goes_back_begins_anew() -> None:
    meter = SlotMeter()
    meter.moved(5, 1000.0)
    assert meter.moved(1, 10.0) == []
    assert meter.moved(1, 20.0) == []
    assert meter.so_far(20.0) == SlotUse(0.0, 10.0, 1)


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(0.0, 2000.0)), max_size=30))
def test_no_slot_second_is_lost(steps: list[tuple[int, float]]) -> None:
    meter, now, running, used, told = SlotMeter(), 7.0, 0, 0.0, 0.0
    meter.moved(0, now)
    for count, pause in steps:
        now += pause
        used += running * pause
        running = count
        told += sum(use.busy_s for use in meter.moved(count, now))
    rest = meter.so_far(now)
    assert abs(told + (rest.busy_s if rest else 0.0) - used) < 1e-6 * max(1.0, used)
