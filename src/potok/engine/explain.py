"""Why: the verdict on a run, its root failures, and for each task why it is as it is. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from potok.engine.explanation import Explanation, Root, Sentence, TaskWhy
from potok.engine.graph import Graph
from potok.engine.live_run import Instance
from potok.engine.sentences import sentence
from potok.model.reason import Reason, ReasonValue, reason
from potok.model.run import ErrorInfo, RunRecord, TriggerKind
from potok.model.state import RUN_ENDED, TASK_ENDED, RunState, TaskState
from potok.model.trigger import Event

FAILED_ABOVE_MAX = 50

__all__ = ["Explanation", "LastAttempt", "RunView", "explain"]


class LastAttempt(msgspec.Struct, frozen=True):
    """The newest attempt of an instance that failed or ran."""

    attempt_id: int
    try_number: int
    duration_s: float | None
    error: ErrorInfo | None
    rss_peak_mb: float = 0.0


class RunView(msgspec.Struct, frozen=True):
    """A run as it is now, live or from the store. `waiting(position)` tells why a queued instance has no slot yet;
    `waiting_run` why a queued run has not begun."""

    graph: Graph
    record: RunRecord
    instances: Sequence[Instance]
    attempts: Mapping[int, LastAttempt]
    waiting: Callable[[int], list[Reason]]
    waiting_run: Reason


def headline(view: RunView, now: float) -> tuple[Sentence, Sentence, tuple[Root, ...]]:
    """The verdict, the cause and the root failures alone: cheap however many tasks there are."""
    roots = _roots(view)
    return _verdict(view, roots, now), sentence(_cause(view)), roots


def explain(view: RunView, now: float) -> Explanation:
    """Everything that is to be said about why a run is as it is at `now`."""
    verdict, cause, roots = headline(view, now)
    above = _FailedAbove(view)
    return Explanation(
        run_id=view.record.run_id,
        dag_id=view.record.dag_id,
        state=view.record.state,
        verdict=verdict,
        cause=cause,
        roots=roots,
        tasks=tuple(_task_why(view, at, above, now) for at in range(len(view.instances))),
    )


def _name(view: RunView, at: int) -> str:
    return view.graph.dag.tasks[at].task_id


def _roots(view: RunView) -> tuple[Root, ...]:
    failed = [at for at, instance in enumerate(view.instances) if instance.state is TaskState.FAILED]
    roots = []
    # Tasks of a layer share what is below them: a whole failed layer costs one look.
    blocked_by: dict[tuple[int, ...], tuple[str, ...]] = {}
    for at in failed:
        feeds = view.graph.feeds[at]
        if feeds not in blocked_by:
            blocked_by[feeds] = _blocked(view, at)
        blocked = blocked_by[feeds]
        instance, last = view.instances[at], view.attempts.get(at)
        roots.append(
            Root(
                task_id=_name(view, at),
                try_number=instance.try_number,
                max_tries=instance.max_tries,
                attempt_id=last.attempt_id if last else None,
                duration_s=last.duration_s if last else None,
                error=last.error if last else None,
                reason=_failure(instance, last),
                blocked=blocked,
            )
        )
    return tuple(sorted(roots, key=lambda root: -len(root.blocked)))


def _blocked(view: RunView, at: int) -> tuple[str, ...]:
    below = view.graph.below({at})
    return tuple(_name(view, one) for one in sorted(below) if view.instances[one].state is TaskState.UPSTREAM_FAILED)


def _failure(instance: Instance, last: LastAttempt | None) -> Sentence:
    if instance.reason is not None:
        return sentence(instance.reason)
    return sentence(
        reason(
            "failed",
            **{"try": instance.try_number, "of": instance.max_tries},
            error=f"{last.error.kind}: {last.error.message}" if last and last.error else "no error was told",
            duration_s=last.duration_s if last else None,
        )
    )


def _cause(view: RunView) -> Reason:
    record = view.record
    schedule = view.graph.dag.schedule
    if record.trigger is TriggerKind.SCHEDULE:
        return reason("cause_schedule", schedule=schedule.text if schedule else "", logical_date=record.logical_date)
    if record.trigger is TriggerKind.CATCHUP:
        return reason("cause_catchup", logical_date=record.logical_date)
    if record.event is not None:
        return _event(record.event)
    return reason("cause_manual", by=record.triggered_by, at=record.created_at, note=record.note)


def _event(event: Event) -> Reason:
    if event.kind == "change":
        return reason("cause_change", path=event.path, n=event.files_count)
    facts = {"commit": event.commit[:7], "branch": event.branch}
    if event.kind == "push":
        return reason("cause_push", **facts, repository=event.repository, by=event.by)
    return reason("cause_commit", **facts, path=event.path)


def _verdict(view: RunView, roots: tuple[Root, ...], now: float) -> Sentence:
    record = view.record
    if record.state is RunState.QUEUED:
        return sentence(view.waiting_run)
    if record.state not in RUN_ENDED:
        return sentence(_running(view, now))
    took = (record.ended_at or now) - (record.started_at or record.created_at)
    if record.reason is not None:
        return sentence(_stopped(view, record.reason))
    if record.state is RunState.SUCCESS:
        tolerated = tuple(root.task_id for root in roots)
        code = "run_success_but" if tolerated else "run_success"
        return sentence(Reason(code, {"duration_s": took, "tasks": tolerated} if tolerated else {"duration_s": took}))
    if not roots:
        return sentence(_unfinished(view))
    if len(roots) == 1:
        return sentence(_one_root(view, roots[0]))
    blocked = {name for root in roots for name in root.blocked}
    tasks = tuple(root.task_id for root in roots)
    return sentence(reason("run_failed_many", n=len(roots), tasks=tasks, blocked=len(blocked)))


def _one_root(view: RunView, root: Root) -> Reason:
    values: dict[str, ReasonValue] = {"task": root.task_id, "try": root.try_number, "of": root.max_tries}
    values |= {"duration_s": root.duration_s, "blocked": len(root.blocked)}
    told = {name: value for name, value in root.reason.values.items() if isinstance(value, str | int | float)}
    if root.reason.code in ("timeout", "poison", "marked"):
        return Reason(f"run_failed_{root.reason.code}", {**told, **values})
    if root.error is not None and root.error.kind == "OutOfMemory":
        last = view.attempts.get(view.graph.position[root.task_id])
        return Reason("run_failed_oom", {**values, "rss_mb": last.rss_peak_mb if last else 0.0})
    return Reason("run_failed", values)


def _unfinished(view: RunView) -> Reason:
    """A run that failed although no task did: an operator marked or cleared a part of a stopped one."""
    undone = (TaskState.CANCELLED, TaskState.UPSTREAM_FAILED)
    tasks = tuple(_name(view, at) for at, one in enumerate(view.instances) if one.state in undone)
    return reason("run_failed_unfinished", n=len(tasks), tasks=tasks)


def _running(view: RunView, now: float) -> Reason:
    running = tuple(_name(view, at) for at, one in enumerate(view.instances) if one.state is TaskState.RUNNING)
    if view.record.reason is not None:
        return reason("run_stopping", by=view.record.reason.values.get("by"), tasks=running)
    done = sum(instance.state in TASK_ENDED for instance in view.instances)
    since = now - (view.record.started_at or now)
    return reason("run_running", for_s=since, done=done, total=len(view.instances), tasks=running)


def _stopped(view: RunView, why: Reason) -> Reason:
    cancelled = sum(instance.state is TaskState.CANCELLED for instance in view.instances)
    code = {"cancelled": "run_cancelled", "expired": "run_expired"}.get(why.code, why.code)
    return Reason(code, {**why.values, "cancelled": cancelled})


def _task_why(view: RunView, at: int, above: _FailedAbove, now: float) -> TaskWhy:
    instance = view.instances[at]
    if instance.state is TaskState.UPSTREAM_FAILED:
        reasons = _why_upstream_failed(view, at, above.of(at))
    else:
        reasons = _WHY[instance.state](view, at, instance, now)
    return TaskWhy(_name(view, at), instance.state, tuple(map(sentence, reasons)))


def _why_success(view: RunView, at: int, instance: Instance, now: float) -> list[Reason]:
    if instance.reason is not None:
        return [instance.reason]
    if view.graph.is_empty(at):
        return [reason("passed_empty")]
    last = view.attempts.get(at)
    return [reason("ran", **{"try": instance.try_number}, duration_s=last.duration_s if last else None)]


def _why_failed(view: RunView, at: int, instance: Instance, now: float) -> list[Reason]:
    found = _failure(instance, view.attempts.get(at))
    last = view.attempts.get(at)
    reasons = [Reason(found.code, dict(instance.reason.values))] if instance.reason else []
    if not reasons or (last and last.error and instance.reason and instance.reason.code == "poison"):
        error = f"{last.error.kind}: {last.error.message}" if last and last.error else "no error was told"
        values: dict[str, ReasonValue] = {"try": instance.try_number, "of": instance.max_tries, "error": error}
        reasons.append(Reason("failed", values | {"duration_s": last.duration_s if last else None}))
    return reasons


def _why_upstream_failed(view: RunView, at: int, failed: tuple[int, ...]) -> list[Reason]:
    if failed:
        return [reason("upstream_failed", tasks=tuple(_name(view, other) for other in failed))]
    return [_by_rule("broken_by_rule", view, at)]


class _FailedAbove:
    """The failed tasks above each task that did not run because of them; what edge groups share is found once."""

    def __init__(self, view: RunView) -> None:
        self._view = view
        self._by_group: dict[int, tuple[int, ...]] = {}
        self._by_feeders: dict[tuple[int, ...], tuple[int, ...]] = {}

    def of(self, at: int) -> tuple[int, ...]:
        feeders = self._view.graph.fed_by[at]
        if feeders not in self._by_feeders:
            found = dict.fromkeys(other for number in feeders for other in self._of_group(number))
            self._by_feeders[feeders] = tuple(found)[:FAILED_ABOVE_MAX]
        return self._by_feeders[feeders]

    def _of_group(self, number: int) -> tuple[int, ...]:
        if number not in self._by_group:
            # tasks stand in topological order, so asking for those above goes no deeper than one group at a time
            states, found = self._view.instances, dict[int, None]()
            upstream = self._view.graph.dag.edges[number].upstream
            found.update(dict.fromkeys(other for other in upstream if states[other].state is TaskState.FAILED))
            for other in upstream:
                if states[other].state is TaskState.UPSTREAM_FAILED:
                    found.update(dict.fromkeys(self.of(other)))
            self._by_group[number] = tuple(found)[:FAILED_ABOVE_MAX]
        return self._by_group[number]


def _why_skipped(view: RunView, at: int, instance: Instance, now: float) -> list[Reason]:
    return [instance.reason or _by_rule("skipped_by_rule", view, at)]


def _by_rule(code: str, view: RunView, at: int) -> Reason:
    states: dict[TaskState, int] = {}
    for other in view.graph.upstream(at):
        state = view.instances[other].state
        states[state] = states.get(state, 0) + 1
    above = ", ".join(f"{n} {state}" for state, n in states.items())
    return reason(code, rule=str(view.graph.rules[at]), above=above)


def _why_scheduled(view: RunView, at: int, instance: Instance, now: float) -> list[Reason]:
    if view.record.state is RunState.QUEUED:
        return [reason("wait_run"), view.waiting_run]
    open_above = [other for other in view.graph.upstream(at) if view.instances[other].state not in TASK_ENDED]
    return [reason("wait_upstream", n=len(open_above), tasks=tuple(_name(view, other) for other in open_above[:50]))]


def _why_queued(view: RunView, at: int, instance: Instance, now: float) -> list[Reason]:
    before = [instance.reason] if instance.reason is not None else []
    return [*view.waiting(at), *before]


def _why_running(view: RunView, at: int, instance: Instance, now: float) -> list[Reason]:
    since = now - (instance.started_at or now)
    running = reason("running", for_s=since, **{"try": instance.try_number, "of": instance.max_tries})
    if instance.reason is None:
        return [running]
    return [reason("being_killed", why=sentence(instance.reason).text), running]


def _why_retry(view: RunView, at: int, instance: Instance, now: float) -> list[Reason]:
    in_s = max(0.0, (instance.retry_at or now) - now)
    waits = reason("up_for_retry", in_s=in_s, **{"try": instance.try_number + 1, "of": instance.max_tries})
    last = view.attempts.get(at)
    if instance.reason is not None or last is None or last.error is None:
        return [waits, *([instance.reason] if instance.reason else [])]
    error = f"{last.error.kind}: {last.error.message}"
    values: dict[str, ReasonValue] = {"try": instance.try_number, "of": instance.max_tries, "error": error}
    return [waits, Reason("failed", values | {"duration_s": last.duration_s})]


def _why_cancelled(view: RunView, at: int, instance: Instance, now: float) -> list[Reason]:
    return [instance.reason or view.record.reason or reason("cancelled")]


_WHY: dict[TaskState, Callable[[RunView, int, Instance, float], list[Reason]]] = {
    TaskState.SUCCESS: _why_success,
    TaskState.FAILED: _why_failed,
    TaskState.SKIPPED: _why_skipped,
    TaskState.SCHEDULED: _why_scheduled,
    TaskState.QUEUED: _why_queued,
    TaskState.RUNNING: _why_running,
    TaskState.UP_FOR_RETRY: _why_retry,
    TaskState.WAITING: _why_queued,
    TaskState.CANCELLED: _why_cancelled,
}
