"""Numbers over runs: the newest one against those before it."""

from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from potok.engine.trend import trend

_VALUES = st.lists(st.none() | st.floats(-1e6, 1e6), max_size=30)


def test_the_last_number_stands_to_the_one_before_and_to_the_usual_one() -> None:
    assert trend([1, 2, None, 9, 4, None]) == (4, 9, 2)
    assert trend([None, 7]) == (7, None, None)
    assert trend([None]) == trend([]) == (None, None, None)


@given(_VALUES)
def test_runs_without_the_number_change_nothing(values: list[float | None]) -> None:
    known = [value for value in values if value is not None]
    assert trend(values) == trend(known)
    if len(known) > 1:
        assert trend(values) == (known[-1], known[-2], median(known[:-1]))
