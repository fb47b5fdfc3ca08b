"""The life of one run: `decide(run, event, now)` says what an event changes. Pure; the run is not touched.

An event touches its task and its neighbours: a 10,000-task run costs O(out-degree) an event. Events of an attempt
that is no longer current change nothing (fencing).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from potok.engine.decision import CallBack, CancelAttempt, Decision, Dispatch, WakeAt
from potok.engine.draft import Draft
from potok.engine.events import (
    AttemptFinished,
    AttemptLost,
    AttemptSetAside,
    AttemptStarted,
    AttemptTimedOut,
    Cleared,
    Granted,
    Marked,
    RetryDue,
    RunAdmitted,
    RunEvent,
    RunResumed,
    RunTimedOut,
    StopRequested,
)
from potok.engine.exits import LOSSES_MAX, crash_error, interruption
from potok.engine.live_run import Instance, LiveRun
from potok.model.reason import Reason, reason
from potok.model.state import RUN_ENDED, TASK_ENDED, RunState, TaskState
from potok.model.trigger_rule import TriggerRule
from potok.model.wire import Outcome

RUN_TIMEOUT = "run_timeout"


def decide(run: LiveRun, event: RunEvent, now: float) -> Decision:
    """What `event` changes in `run` at `now` (seconds since the epoch)."""
    draft = Draft(run, now)
    _HANDLERS[type(event)](draft, event)
    if draft.stale:
        return Decision(stale=draft.stale)
    draft.settle()
    if draft.record.state is RunState.RUNNING and draft.all_ended:
        _finish(draft)
    return draft.decision()


def final_state(draft: Draft) -> RunState:
    """A stopped run is what its stop says; else one failed task that is no teardown fails the run (ADR 0002)."""
    if draft.record.reason is not None:
        return RunState.FAILED if draft.record.reason.code == RUN_TIMEOUT else RunState.CANCELLED
    for at, task in enumerate(draft.graph.dag.tasks):
        state = draft.instance(at).state
        if state is TaskState.SUCCESS or state is TaskState.SKIPPED:
            continue
        if not task.may_fail and not draft.graph.is_teardown(at):
            return RunState.FAILED
    return RunState.SUCCESS


def _finish(draft: Draft) -> None:
    state = final_state(draft)
    if draft.ended_before is not None:
        draft.set_run(state, ended_at=draft.ended_before)
        return
    draft.set_run(state, ended_at=draft.now)
    callbacks = draft.graph.dag.callbacks
    if state is RunState.SUCCESS and callbacks.on_success:
        draft.commands.append(CallBack("on_success", None))
    if state is RunState.FAILED and callbacks.on_failure:
        draft.commands.append(CallBack("on_failure", None))


# --- the run ------------------------------------------------------------------------------------------------------


def _run_admitted(draft: Draft, event: RunAdmitted) -> None:
    if draft.record.state is not RunState.QUEUED:
        draft.stale = "the run has begun already"
        return
    draft.set_run(RunState.RUNNING, started_at=draft.now)
    _wake_for_run_timeout(draft)
    # Marked while it waited to begin: then tasks that are no roots may be ready as well.
    was_marked = draft.run.counts[TaskState.SCHEDULED] < len(draft.run.instances)
    for at, instance in enumerate(draft.run.instances):
        is_root = not draft.graph.upstream_count[at] or draft.graph.rules[at] is TriggerRule.ALWAYS
        if instance.state is TaskState.SCHEDULED and (is_root or was_marked):
            draft.consider(at)


def _run_resumed(draft: Draft, event: RunResumed) -> None:
    if draft.record.state is not RunState.RUNNING:
        draft.stale = "the run is not running"
        return
    _wake_for_run_timeout(draft)
    for at, instance in enumerate(draft.run.instances):
        if instance.state is TaskState.SCHEDULED:
            draft.consider(at)
        elif instance.state is TaskState.UP_FOR_RETRY:
            draft.commands.append(WakeAt(instance.retry_at or draft.now, RetryDue(at, instance.try_number)))
        elif instance.state is TaskState.RUNNING and instance.attempt_id is not None:
            _watch_again(draft, at, instance, instance.attempt_id)


def _watch_again(draft: Draft, at: int, instance: Instance, attempt_id: int) -> None:
    """An attempt that outlived our memory: kill it if that was decided, else wait for its time limit."""
    timeout_s = draft.graph.dag.tasks[at].timeout_s
    if instance.reason is not None:
        draft.commands.append(CancelAttempt(attempt_id))
    elif timeout_s is not None:
        due = (instance.started_at or draft.now) + timeout_s
        draft.commands.append(WakeAt(due, AttemptTimedOut(at, attempt_id)))


def _wake_for_run_timeout(draft: Draft) -> None:
    timeout_s = draft.graph.dag.timeout_s
    if timeout_s is not None and draft.record.started_at is not None:
        draft.commands.append(WakeAt(draft.record.started_at + timeout_s, RunTimedOut()))


def _run_timed_out(draft: Draft, event: RunTimedOut) -> None:
    timeout_s = draft.graph.dag.timeout_s
    started_at = draft.record.started_at
    if timeout_s is None or started_at is None or draft.record.state is not RunState.RUNNING:
        draft.stale = "the run has no time limit to pass"
    elif draft.record.reason is not None:
        draft.stale = "the run is being stopped already"
    elif draft.now < started_at + timeout_s:
        draft.stale = "the run began anew since this wake-up was set"
    else:
        _stop(draft, StopRequested(RunState.FAILED, reason(RUN_TIMEOUT, limit_s=timeout_s)))


def _stop(draft: Draft, event: StopRequested) -> None:
    if draft.record.state in RUN_ENDED:
        draft.stale = "the run has ended"
        return
    again = draft.record.reason is not None
    never_began = draft.record.state is RunState.QUEUED
    if not again:
        draft.set_run(RunState.RUNNING if never_began else draft.record.state, reason=event.reason)
    for at, instance in enumerate(draft.run.instances):
        if instance.state in TASK_ENDED or (draft.graph.is_teardown(at) and not never_began and not again):
            continue
        if instance.state is TaskState.RUNNING:
            _kill(draft, at, event.reason)
        else:
            draft.end(at, TaskState.CANCELLED, event.reason)


# --- attempts -----------------------------------------------------------------------------------------------------


def _granted(draft: Draft, event: Granted) -> None:
    old = draft.instance(event.position)
    if old.state is not TaskState.QUEUED:
        draft.stale = f"the task is {old.state}, not queued"
        return
    at, task = event.position, draft.graph.dag.tasks[event.position]
    draft.move(at, Instance(TaskState.RUNNING, old.try_number + 1, old.max_tries, old.losses, event.attempt_id,
                            old.queued_at, draft.now, None, None, None))  # fmt: skip
    draft.commands.append(Dispatch(at, event.attempt_id))
    if task.timeout_s is not None:
        draft.commands.append(WakeAt(draft.now + task.timeout_s, AttemptTimedOut(at, event.attempt_id)))


def _current(draft: Draft, position: int, attempt_id: int) -> Instance | None:
    """The running instance, unless the event speaks of another attempt than the current one."""
    instance = draft.instance(position)
    if instance.state is TaskState.RUNNING and instance.attempt_id == attempt_id:
        return instance
    draft.stale = f"attempt {attempt_id} is not the current one"
    return None


def _attempt_started(draft: Draft, event: AttemptStarted) -> None:
    instance = _current(draft, event.position, event.attempt_id)
    if instance is not None:
        draft.amend(event.position, msgspec.structs.replace(instance, started_at=event.at))


def _attempt_timed_out(draft: Draft, event: AttemptTimedOut) -> None:
    instance = _current(draft, event.position, event.attempt_id)
    if instance is None:
        return
    if instance.reason is not None:
        draft.stale = "the attempt is being killed already"
        return
    _kill(draft, event.position, reason("timeout", limit_s=draft.graph.dag.tasks[event.position].timeout_s))


def _kill(draft: Draft, at: int, verdict: Reason) -> None:
    """Have a running attempt killed; `verdict` decides what its end will mean.

    The first verdict stays, but an operator's word on this very task, which was acknowledged, outranks the others.
    """
    instance = draft.instance(at)
    assert instance.attempt_id is not None
    if instance.reason is None or verdict.code in ("marked", "cleared"):
        draft.amend(at, msgspec.structs.replace(instance, reason=verdict))
    draft.commands.append(CancelAttempt(instance.attempt_id))


def _attempt_finished(draft: Draft, event: AttemptFinished) -> None:
    instance = _current(draft, event.position, event.attempt_id)
    if instance is None:
        return
    at, task = event.position, draft.graph.dag.tasks[event.position]
    if instance.reason is not None and instance.reason.code in ("marked", "cleared"):
        _end_of_killed(draft, at, instance.reason, event.spread)
    elif event.outcome is Outcome.SUCCESS:
        draft.end(at, TaskState.SUCCESS)
        if task.callbacks.on_success:
            draft.commands.append(CallBack("on_success", at))
    elif event.outcome is Outcome.SKIPPED:
        draft.end(at, TaskState.SKIPPED, reason("skipped_by_task", note=event.skip_reason))
    elif instance.reason is not None:
        _end_of_killed(draft, at, instance.reason, event.spread)
    else:
        _failed(draft, at, event.error.names if event.error else (), None, event.spread)


def _attempt_lost(draft: Draft, event: AttemptLost) -> None:
    instance = _current(draft, event.position, event.attempt_id)
    if instance is None:
        return
    at, task = event.position, draft.graph.dag.tasks[event.position]
    error = crash_error(event.exit)
    if instance.reason is not None:
        _end_of_killed(draft, at, instance.reason, event.spread)
    elif error is not None:
        _failed(draft, at, error.names, reason("crashed", error=error.message), event.spread)
    elif task.at_most_once:
        _final_failure(draft, at, reason("lost_at_most_once", how=interruption(event.exit)))
    elif instance.losses + 1 >= LOSSES_MAX:
        draft.amend(at, msgspec.structs.replace(instance, losses=instance.losses + 1))
        _final_failure(draft, at, reason("poison", losses=instance.losses + 1, how=interruption(event.exit)))
    else:
        # An interruption is nobody's fault: the budget of tries grows by the one that was lost.
        draft.changes[at] = msgspec.structs.replace(
            instance, losses=instance.losses + 1, max_tries=instance.max_tries + 1
        )
        draft.queue(at, reason("interrupted", how=interruption(event.exit), losses=instance.losses + 1))


def _attempt_set_aside(draft: Draft, event: AttemptSetAside) -> None:
    instance = _current(draft, event.position, event.attempt_id)
    if instance is None:
        return
    at = event.position
    if instance.reason is not None:
        _end_of_killed(draft, at, instance.reason, 0.5)
    elif draft.graph.dag.tasks[at].at_most_once:
        _final_failure(draft, at, reason("lost_at_most_once", how="the server was stopped"))
    else:
        draft.changes[at] = msgspec.structs.replace(instance, max_tries=instance.max_tries + 1)
        draft.queue(at, reason("interrupted", how="the server was stopped", losses=instance.losses))


def _end_of_killed(draft: Draft, at: int, verdict: Reason, spread: float) -> None:
    """An attempt that we had killed is gone: now its verdict holds."""
    if verdict.code == "timeout":
        _failed(draft, at, ("TaskTimeout", "TimeoutError"), verdict, spread)
    elif verdict.code == "marked":
        draft.end(at, TaskState(str(verdict.values["state"])), verdict)
    elif verdict.code == "cleared":
        _clear(draft, at)
        draft.consider(at)
    else:
        draft.end(at, TaskState.CANCELLED, verdict)


def _failed(draft: Draft, at: int, names: tuple[str, ...], why: Reason | None, spread: float) -> None:
    """A try is spent: try again if the policy and the budget allow it."""
    task, old = draft.graph.dag.tasks[at], draft.instance(at)
    stopping = draft.record.reason is not None and not draft.graph.is_teardown(at)
    if old.try_number >= old.max_tries or stopping or task.at_most_once or not task.retry.covers(names):
        _final_failure(draft, at, why)
        return
    retry_number = task.retry.retries + 1 - (old.max_tries - old.try_number)
    wait_s = task.retry.wait_s(max(retry_number, 1), spread)
    if task.callbacks.on_retry:
        draft.commands.append(CallBack("on_retry", at))
    if wait_s <= 0:
        draft.queue(at, why or reason("retry"))
        return
    due = draft.now + wait_s
    draft.move(at, Instance(TaskState.UP_FOR_RETRY, old.try_number, old.max_tries, old.losses, None, old.queued_at,
                            old.started_at, draft.now, due, why), why)  # fmt: skip
    draft.commands.append(WakeAt(due, RetryDue(at, old.try_number)))


def _final_failure(draft: Draft, at: int, why: Reason | None) -> None:
    draft.end(at, TaskState.FAILED, why)
    if draft.graph.dag.tasks[at].callbacks.on_failure:
        draft.commands.append(CallBack("on_failure", at))


def _retry_due(draft: Draft, event: RetryDue) -> None:
    instance = draft.instance(event.position)
    if instance.state is not TaskState.UP_FOR_RETRY or instance.try_number != event.try_number:
        draft.stale = "the task does not wait for this retry"
    elif instance.retry_at is not None and draft.now < instance.retry_at:
        draft.stale = "the retry is not due yet"
    else:
        draft.queue(event.position, reason("retry"))


# --- operators ----------------------------------------------------------------------------------------------------


def _reopen(draft: Draft) -> None:
    if draft.record.state in RUN_ENDED:
        draft.set_run(RunState.RUNNING, started_at=draft.now, ended_at=None, reason=None)
        _wake_for_run_timeout(draft)


def _cleared(draft: Draft, event: Cleared) -> None:
    _reopen(draft)
    for at in event.positions:
        if draft.instance(at).state is TaskState.RUNNING:
            _kill(draft, at, event.reason)
        else:
            _clear(draft, at)
    if draft.record.state is RunState.RUNNING:
        for at in event.positions:
            if draft.instance(at).state is TaskState.SCHEDULED:
                draft.consider(at)


def _clear(draft: Draft, at: int) -> None:
    old = draft.instance(at)
    fresh = Instance(try_number=old.try_number, max_tries=old.try_number + draft.graph.dag.tasks[at].retry.retries + 1)
    if old.state is TaskState.SCHEDULED:
        draft.amend(at, fresh)
    else:
        draft.move(at, fresh)


def _marked(draft: Draft, event: Marked) -> None:
    """Nothing runs for a mark, so the times of an ended run and of ended tasks stay what they were."""
    changed = [at for at in event.positions if draft.instance(at).state is not event.state]
    if not changed:
        draft.stale = f"already {event.state}"
        return
    if draft.record.state in RUN_ENDED:
        draft.ended_before = draft.record.ended_at
        draft.set_run(RunState.RUNNING, reason=None)
    for at in changed:
        old = draft.instance(at)
        if old.state is TaskState.RUNNING:
            _kill(draft, at, event.reason)
        elif old.state in TASK_ENDED:
            draft.move(at, msgspec.structs.replace(old, state=event.state, reason=event.reason), event.reason)
        else:
            draft.end(at, event.state, event.reason)


_HANDLERS: dict[type, Callable[[Draft, Any], None]] = {
    RunAdmitted: _run_admitted,
    RunResumed: _run_resumed,
    RunTimedOut: _run_timed_out,
    StopRequested: _stop,
    Granted: _granted,
    AttemptStarted: _attempt_started,
    AttemptTimedOut: _attempt_timed_out,
    AttemptFinished: _attempt_finished,
    AttemptLost: _attempt_lost,
    AttemptSetAside: _attempt_set_aside,
    RetryDue: _retry_due,
    Cleared: _cleared,
    Marked: _marked,
}
