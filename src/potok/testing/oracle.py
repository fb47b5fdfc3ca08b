"""What must come out, worked out another way than the engine does it: from plain lists of states. Pure; shares no code.

The trigger rules are written from the sentences of Airflow's documentation. A sentence says when a task may start;
whether it can still start is found by trying every way in which the unfinished tasks above could end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import combinations_with_replacement

from potok.model.dag import Dag, TaskRole
from potok.model.state import RunState, TaskState
from potok.model.trigger_rule import TriggerRule

# A task above: its final state, or None while it has not ended.
Above = TaskState | None

_S, _F, _K, _U = TaskState.SUCCESS, TaskState.FAILED, TaskState.SKIPPED, TaskState.UPSTREAM_FAILED
_WAYS_TO_END = (_S, _F, _K, _U)


def _known(above: Sequence[Above], *states: TaskState) -> bool:
    return any(state in states for state in above)


def _all(above: Sequence[Above], *states: TaskState) -> bool:
    return all(state in states for state in above)


_MAY_START: dict[TriggerRule, Callable[[Sequence[Above]], bool]] = {
    # all upstream tasks have succeeded
    TriggerRule.ALL_SUCCESS: lambda above: _all(above, _S),
    # all upstream tasks are in a failed or upstream_failed state
    TriggerRule.ALL_FAILED: lambda above: _all(above, _F, _U),
    # all upstream tasks are done with their execution
    TriggerRule.ALL_DONE: lambda above: None not in above,
    # all non-skipped upstream tasks are done, and at least one upstream task has succeeded
    TriggerRule.ALL_DONE_MIN_ONE_SUCCESS: lambda above: None not in above and _known(above, _S),
    # all upstream tasks are in a skipped state
    TriggerRule.ALL_SKIPPED: lambda above: _all(above, _K),
    # at least one upstream task has succeeded, without waiting for the others
    TriggerRule.ONE_SUCCESS: lambda above: _known(above, _S),
    # at least one upstream task has failed, without waiting for the others
    TriggerRule.ONE_FAILED: lambda above: _known(above, _F, _U),
    # at least one upstream task succeeded or failed
    TriggerRule.ONE_DONE: lambda above: _known(above, _S, _F),
    # no upstream task has failed or upstream_failed: all have succeeded or been skipped
    TriggerRule.NONE_FAILED: lambda above: _all(above, _S, _K),
    # the same, and at least one upstream task has succeeded
    TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS: lambda above: _all(above, _S, _K) and _known(above, _S),
    # no upstream task is in a skipped state: all are success, failed or upstream_failed
    TriggerRule.NONE_SKIPPED: lambda above: _all(above, _S, _F, _U),
    # no dependencies at all
    TriggerRule.ALWAYS: lambda above: True,
}

# Rules that wait for work to be done well: what failed above breaks them. The others are merely not met: skipped.
_NEEDS_SUCCESS = frozenset(
    {
        TriggerRule.ALL_SUCCESS,
        TriggerRule.ONE_SUCCESS,
        TriggerRule.ALL_DONE_MIN_ONE_SUCCESS,
        TriggerRule.NONE_FAILED,
        TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS,
    }
)


def verdict(rule: TriggerRule, above: Sequence[Above], setups: Sequence[Above] = ()) -> TaskState | None:
    """What becomes of a scheduled task: queued, skipped, upstream_failed, or None while it has to wait."""
    return _verdict(rule, _plain(above), _plain(setups))


def attainable(rule: TriggerRule, above: Sequence[Above], setups: Sequence[Above] = ()) -> frozenset[TaskState]:
    """Every verdict that some order of the endings seen so far could have led to."""
    return _attainable(rule, _plain(above), _plain(setups))


def _plain(states: Iterable[Above]) -> tuple[Above, ...]:
    """In a fixed order, with a cancelled task as a failed one and an unfinished one as None."""
    plain = (_F if state is TaskState.CANCELLED else state if state in _WAYS_TO_END else None for state in states)
    return tuple(sorted(plain, key=lambda state: state or ""))


@lru_cache(maxsize=100_000)
def _verdict(rule: TriggerRule, above: tuple[Above, ...], setups: tuple[Above, ...]) -> TaskState | None:
    if not above:
        return TaskState.QUEUED
    if rule is TriggerRule.ALL_DONE_SETUP_SUCCESS:
        return _after_setups(above, setups)
    may_start = _MAY_START[rule]
    if may_start(above):
        return TaskState.QUEUED
    ended = [state for state in above if state is not None]
    open_count = len(above) - len(ended)
    if any(may_start([*ended, *ends]) for ends in combinations_with_replacement(_WAYS_TO_END, open_count)):
        return None
    return _U if rule in _NEEDS_SUCCESS and _known(above, _F, _U) else _K


def _after_setups(above: tuple[Above, ...], setups: tuple[Above, ...]) -> TaskState | None:
    """Like all_done, but of the setups (if it has any) at least one must have succeeded."""
    if None in above or None in setups:
        return None
    if not setups or _S in setups:
        return TaskState.QUEUED
    return _U if _known(setups, _F, _U) else _K


@lru_cache(maxsize=100_000)
def _attainable(rule: TriggerRule, above: tuple[Above, ...], setups: tuple[Above, ...]) -> frozenset[TaskState]:
    seen: set[tuple[tuple[Above, ...], tuple[Above, ...]]] = set()
    for some_above in _pasts(above):
        for some_setups in _pasts(setups):
            seen.add((some_above, some_setups))
    found = {_verdict(rule, some_above, some_setups) for some_above, some_setups in seen}
    return frozenset(state for state in found if state is not None)


def _pasts(states: tuple[Above, ...]) -> set[tuple[Above, ...]]:
    """The states as they may have looked earlier: any of them may not have ended yet."""
    pasts: set[tuple[Above, ...]] = {()}
    for state in states:
        pasts = {(*past, now) for past in pasts for now in {state, None}}
    return {_plain(past) for past in pasts}


def colour(dag: Dag, states: Sequence[TaskState], stopped_as: RunState | None = None) -> RunState:
    """The state of an ended run: what stopped it, else failed when a task that has to succeed did not (ADR 0002)."""
    if stopped_as is not None:
        return stopped_as
    for task, state in zip(dag.tasks, states, strict=True):
        excused = task.may_fail or task.role is TaskRole.TEARDOWN
        if state in (TaskState.FAILED, TaskState.UPSTREAM_FAILED, TaskState.CANCELLED) and not excused:
            return RunState.FAILED
    return RunState.SUCCESS
