"""What each trigger rule means: the verdict on a task from a tally of the tasks above it. Pure.

The rules are those of Airflow's documentation on trigger rules; a cancelled task counts as failed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from potok.model.state import TaskState
from potok.model.trigger_rule import TriggerRule


class Tally(NamedTuple):
    """How many of `total` tasks above have ended, and how."""

    total: int
    success: int = 0
    failed: int = 0
    skipped: int = 0
    upstream_failed: int = 0

    @property
    def done(self) -> int:
        return self.success + self.failed + self.skipped + self.upstream_failed

    @property
    def all_done(self) -> bool:
        return self.done >= self.total

    @property
    def broken(self) -> int:
        """Tasks above that did not do their work and should have."""
        return self.failed + self.upstream_failed


# What becomes of the task: QUEUED (start it), a final state, or None (wait).
Verdict = TaskState | None
_RUN = TaskState.QUEUED
_SKIP = TaskState.SKIPPED
_BROKEN = TaskState.UPSTREAM_FAILED


def _all_success(above: Tally) -> Verdict:
    if above.broken:
        return _BROKEN
    if above.skipped:
        return _SKIP
    return _RUN if above.success >= above.total else None


def _all_failed(above: Tally) -> Verdict:
    if above.success or above.skipped:
        return _SKIP
    return _RUN if above.broken >= above.total else None


def _all_done(above: Tally) -> Verdict:
    return _RUN if above.all_done else None


def _all_done_min_one_success(above: Tally) -> Verdict:
    if not above.all_done:
        return None
    if above.success:
        return _RUN
    return _SKIP if above.skipped >= above.total else _BROKEN


def _all_skipped(above: Tally) -> Verdict:
    if above.success or above.broken:
        return _SKIP
    return _RUN if above.skipped >= above.total else None


def _one_success(above: Tally) -> Verdict:
    if above.success:
        return _RUN
    if not above.all_done:
        return None
    return _SKIP if above.skipped >= above.total else _BROKEN


def _one_failed(above: Tally) -> Verdict:
    if above.broken:
        return _RUN
    return _SKIP if above.all_done else None


def _one_done(above: Tally) -> Verdict:
    if above.success or above.failed:
        return _RUN
    return _SKIP if above.all_done else None


def _none_failed(above: Tally) -> Verdict:
    if above.broken:
        return _BROKEN
    return _RUN if above.all_done else None


def _none_failed_min_one_success(above: Tally) -> Verdict:
    if above.broken:
        return _BROKEN
    if not above.all_done:
        return None
    return _RUN if above.success else _SKIP


def _none_skipped(above: Tally) -> Verdict:
    if above.skipped:
        return _SKIP
    return _RUN if above.all_done else None


def _always(above: Tally) -> Verdict:
    return _RUN


_RULES: dict[TriggerRule, Callable[[Tally], Verdict]] = {
    TriggerRule.ALL_SUCCESS: _all_success,
    TriggerRule.ALL_FAILED: _all_failed,
    TriggerRule.ALL_DONE: _all_done,
    TriggerRule.ALL_DONE_MIN_ONE_SUCCESS: _all_done_min_one_success,
    TriggerRule.ALL_SKIPPED: _all_skipped,
    TriggerRule.ONE_SUCCESS: _one_success,
    TriggerRule.ONE_FAILED: _one_failed,
    TriggerRule.ONE_DONE: _one_done,
    TriggerRule.NONE_FAILED: _none_failed,
    TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS: _none_failed_min_one_success,
    TriggerRule.NONE_SKIPPED: _none_skipped,
    TriggerRule.ALWAYS: _always,
}


def judge(rule: TriggerRule, above: Tally, setups: Tally) -> Verdict:
    """The verdict of `rule`. `setups` tallies the setups of a teardown (total 0 when it names none).

    A task with nothing above it runs, whatever its rule.
    """
    if above.total == 0:
        return _RUN
    if rule is TriggerRule.ALL_DONE_SETUP_SUCCESS:
        return _setup_success(above, setups)
    return _RULES[rule](above)


def _setup_success(above: Tally, setups: Tally) -> Verdict:
    if not above.all_done or not setups.all_done:
        return None
    if setups.total == 0 or setups.success:
        return _RUN
    return _SKIP if setups.skipped >= setups.total else _BROKEN
