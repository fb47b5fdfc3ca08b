"""`dag.test()`: the DAG in this very process, decided by the real engine."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from potok import BashOperator, Retry, dag, get_current_context, not_empty, skip, task, teardown, variable
from potok.model.errors import InvalidError
from potok.model.state import RunState, TaskState


@task
def numbers(count: int) -> list[int]:
    return list(range(count))


@task(checks=[not_empty()])
def total(values: list[int], ds: str = "") -> str:
    return f"{sum(values)} on {ds}"


@dag
def sums(count: int = 4) -> None:
    total(numbers(count))


def test_results_params_and_dates_reach_the_tasks() -> None:
    run = sums.test({"count": 5}, logical_date=datetime(2026, 3, 1, tzinfo=UTC))
    assert run.state is RunState.SUCCESS
    assert run.results == {"numbers": [0, 1, 2, 3, 4], "total": "10 on 2026-03-01"}


def test_params_are_checked_before_anything_runs() -> None:
    with pytest.raises(InvalidError, match="has no param 'cuont'"):
        sums.test({"cuont": 1})


tries: list[int] = []


@task(retry=Retry(2, delay="1h"))
def flaky() -> str:
    tries.append(get_current_context()["try_number"])
    if len(tries) < 3:
        raise ConnectionError("not yet")
    return "there"


@task
def skipped() -> None:
    skip("nothing to do")


@task
def never() -> None:
    raise AssertionError("this must not run")


@teardown
def tidy() -> None:
    return None


@dag
def journey() -> None:
    last = skipped()
    flaky() >> last >> never() >> tidy()


def test_retries_are_not_waited_for_and_skips_reach_the_tasks_below() -> None:
    tries.clear()
    run = journey.test()
    assert tries == [1, 2, 3]
    assert run.state is RunState.SUCCESS
    assert run.states["skipped"] is run.states["never"] is TaskState.SKIPPED


@task
def broken() -> None:
    raise ValueError("the reason")


@dag
def failing() -> None:
    broken() >> never()


def test_a_failure_keeps_its_exception_and_stops_what_is_below() -> None:
    run = failing.test()
    assert run.state is RunState.FAILED
    assert str(run.errors["broken"]) == "the reason"
    assert run.states["never"] is TaskState.UPSTREAM_FAILED


@dag
def shell() -> None:
    BashOperator(task_id="say", bash_command="echo first; echo {{ ds }}")


def test_a_command_prints_here_and_its_last_line_is_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    run = shell.test(logical_date=datetime(2026, 3, 1, tzinfo=UTC))
    assert run.results == {"say": "2026-03-01"}
    assert "first" in capsys.readouterr().out


@task(variables=["limit"])
def limited() -> object:
    return variable("limit")


def test_variables_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POTOK_VAR_LIMIT", "7")
    assert limited.test().results == {"limited": 7}
