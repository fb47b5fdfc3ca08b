"""What decided a run's end, how much time the others had left, what is still to come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from potok.engine.course import Span, busy_s, critical_path, forecast, slacks
from potok.engine.graph import Graph
from potok.model.dag import CallableRef, Dag, EdgeGroup, EmptyWork, PythonWork, Task

WORK = PythonWork(CallableRef("f"))


def graph(*edges: tuple[tuple[int, ...], tuple[int, ...]], tasks: int) -> Graph:
    return Graph(Dag("d", tuple(Task(f"t{at}", WORK) for at in range(tasks)), tuple(EdgeGroup(*one) for one in edges)))


# features -> drift -> three trainings -> evaluate
ML = graph(((0,), (1,)), ((1,), (2, 3, 4)), ((2, 3, 4), (5,)), tasks=6)
SPANS: list[Span | None] = [(0, 112), (112, 136), (136, 508), (136, 455), (136, 414), None]


def test_the_critical_path_goes_back_from_what_ended_last() -> None:
    assert critical_path(ML, SPANS) == (0, 1, 2)
    assert critical_path(ML, [None] * 6) == ()


def test_slack_is_what_a_task_could_have_taken_longer() -> None:
    assert slacks(ML, SPANS) == [0, 0, 0, 53, 94, None]


def test_busy_time_counts_what_overlaps_once() -> None:
    assert busy_s([(0, 10), (5, 12), (20, 21), (20, 20.5)]) == 13
    assert busy_s([]) == 0


def test_a_forecast_follows_the_longest_chain_of_what_is_left() -> None:
    found = forecast(ML, [112, 24, 372, 300, 278, 60], [2, 3, 4, 5], lambda at: 100.0 if at == 2 else 0.0)
    assert found is not None
    assert (found.left_s, found.path) == (360, (3, 5))


def test_a_task_that_runs_longer_than_usual_is_taken_to_end_now() -> None:
    found = forecast(ML, [112, 24, 372, 300, 278, 60], [2, 5], lambda at: 500.0 if at == 2 else 0.0)
    assert found is not None and found.left_s == 60


def test_there_is_no_forecast_without_a_usual_length_except_of_what_has_nothing_to_run() -> None:
    assert forecast(ML, [None] * 6, [5], lambda at: 0.0) is None
    empty = Graph(Dag("d", (Task("t0", EmptyWork()),)))
    found = forecast(empty, [None], [0], lambda at: 0.0)
    assert found is not None and found.left_s == 0


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 50)), min_size=6, max_size=6))
def test_the_last_of_the_critical_path_has_no_slack(times: list[tuple[float, float]]) -> None:
    spans: list[Span | None] = [(start, start + length) for start, length in times]
    path = critical_path(ML, spans)
    assert slacks(ML, spans)[path[-1]] == pytest.approx(0.0)
