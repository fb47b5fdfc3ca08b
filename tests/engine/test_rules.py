"""`rules.judge` against the oracle that knows only the sentences of Airflow's documentation."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from potok.engine.rules import Tally, judge
from potok.model.state import TASK_ENDED, TaskState
from potok.model.trigger_rule import TriggerRule
from potok.testing import oracle

ENDINGS = [None, *sorted(TASK_ENDED)]
S, F, K, U, C = (
    TaskState.SUCCESS, TaskState.FAILED, TaskState.SKIPPED, TaskState.UPSTREAM_FAILED, TaskState.CANCELLED,
)  # fmt: skip
RUN, WAIT = TaskState.QUEUED, None

states_above = st.lists(st.sampled_from(ENDINGS), max_size=7)


def tally(states: list[TaskState | None]) -> Tally:
    failed = states.count(F) + states.count(C)
    return Tally(len(states), states.count(S), failed, states.count(K), states.count(U))


def test_there_are_thirteen_rules() -> None:
    assert len(TriggerRule) == 13


@pytest.mark.parametrize("rule", TriggerRule)
def test_judge_and_oracle_agree_on_every_combination_of_three_tasks_above(rule: TriggerRule) -> None:
    setup_lists: list[list[TaskState | None]] = [[]]
    if rule is TriggerRule.ALL_DONE_SETUP_SUCCESS:
        setup_lists = [list(states) for n in range(3) for states in itertools.product(ENDINGS, repeat=n)]
    for n in range(4):
        for above in map(list, itertools.product(ENDINGS, repeat=n)):
            for setups in setup_lists:
                judged = judge(rule, tally(above), tally(setups))
                assert judged is oracle.verdict(rule, above, setups), (rule, above, setups)


@given(rule=st.sampled_from(TriggerRule), above=states_above, setups=st.lists(st.sampled_from(ENDINGS), max_size=3))
def test_judge_and_oracle_agree_on_any_list(
    rule: TriggerRule, above: list[TaskState | None], setups: list[TaskState | None]
) -> None:
    assert judge(rule, tally(above), tally(setups)) is oracle.verdict(rule, above, setups)


@given(rule=st.sampled_from(TriggerRule), above=st.lists(st.sampled_from(sorted(TASK_ENDED)), max_size=6))
def test_no_rule_waits_once_everything_above_has_ended(rule: TriggerRule, above: list[TaskState]) -> None:
    assert judge(rule, tally(list(above)), tally([])) is not None


@given(rule=st.sampled_from(TriggerRule), above=st.lists(st.sampled_from(sorted(TASK_ENDED)), max_size=5))
def test_whatever_the_order_of_endings_the_first_verdict_is_an_attainable_one(
    rule: TriggerRule, above: list[TaskState]
) -> None:
    known: list[TaskState | None] = [None] * len(above)
    judged = judge(rule, tally(known), tally([]))
    for at, state in enumerate(above):
        if judged is not None:
            break
        known[at] = state
        judged = judge(rule, tally(known), tally([]))
    assert judged in oracle.attainable(rule, above)


# The sentences again, as examples that a person can check by eye.
EXAMPLES = [
    (TriggerRule.ALL_SUCCESS, [S, S], RUN),
    (TriggerRule.ALL_SUCCESS, [S, None], WAIT),
    (TriggerRule.ALL_SUCCESS, [F, None], U),
    (TriggerRule.ALL_SUCCESS, [C, S], U),
    (TriggerRule.ALL_SUCCESS, [K, None], K),
    (TriggerRule.ALL_FAILED, [F, U], RUN),
    (TriggerRule.ALL_FAILED, [S, None], K),
    (TriggerRule.ALL_DONE, [F, K, U, S], RUN),
    (TriggerRule.ALL_DONE, [S, None], WAIT),
    (TriggerRule.ALL_DONE_MIN_ONE_SUCCESS, [S, F, K], RUN),
    (TriggerRule.ALL_DONE_MIN_ONE_SUCCESS, [F, K], U),
    (TriggerRule.ALL_DONE_MIN_ONE_SUCCESS, [K, K], K),
    (TriggerRule.ALL_SKIPPED, [K, K], RUN),
    (TriggerRule.ALL_SKIPPED, [K, S], K),
    (TriggerRule.ONE_SUCCESS, [S, None], RUN),
    (TriggerRule.ONE_SUCCESS, [F, None], WAIT),
    (TriggerRule.ONE_SUCCESS, [F, K], U),
    (TriggerRule.ONE_SUCCESS, [K, K], K),
    (TriggerRule.ONE_FAILED, [F, None], RUN),
    (TriggerRule.ONE_FAILED, [U, None], RUN),
    (TriggerRule.ONE_FAILED, [S, S], K),
    (TriggerRule.ONE_DONE, [S, None], RUN),
    (TriggerRule.ONE_DONE, [K, None], WAIT),
    (TriggerRule.ONE_DONE, [K, U], K),
    (TriggerRule.NONE_FAILED, [S, K], RUN),
    (TriggerRule.NONE_FAILED, [U, None], U),
    (TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS, [S, K], RUN),
    (TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS, [K, K], K),
    (TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS, [F, None], U),
    (TriggerRule.NONE_SKIPPED, [S, F, U], RUN),
    (TriggerRule.NONE_SKIPPED, [K, None], K),
    (TriggerRule.ALWAYS, [None, None], RUN),
]


@pytest.mark.parametrize(("rule", "above", "expected"), EXAMPLES)
def test_rule_by_example(rule: TriggerRule, above: list[TaskState | None], expected: TaskState | None) -> None:
    assert judge(rule, tally(above), tally([])) is expected
    assert oracle.verdict(rule, above) is expected


SETUPS = [([S], RUN), ([S, F], RUN), ([K, K], K), ([F], U), ([F, K], U), ([], RUN), ([None], WAIT)]


@pytest.mark.parametrize(("setups", "expected"), SETUPS)
def test_a_teardown_runs_when_one_of_its_setups_succeeded(
    setups: list[TaskState | None], expected: TaskState | None
) -> None:
    assert judge(TriggerRule.ALL_DONE_SETUP_SUCCESS, tally([F, S]), tally(setups)) is expected
