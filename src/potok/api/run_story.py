"""Tells the story of a run from its facts. Blocks (reads the store), so it is called beside the event loop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from potok.api import views
from potok.api.run_facts import PAST_RUNS_MAX, RunFacts
from potok.engine import story as telling
from potok.engine.course import Forecast, busy_s, critical_path, slacks
from potok.engine.exits import signal_name
from potok.engine.explain import LastAttempt, RunView, headline
from potok.engine.explanation import Explanation, Root, Sentence
from potok.engine.failure_memory import Memory, PastRun, first_line, remember, signature
from potok.model.reason import reason
from potok.model.run import ErrorInfo
from potok.model.state import RUN_ENDED, RunState, TaskState
from potok.model.story import AttemptSpan, ParamsEdit, PoolWait, RootFailure, RunStory, SameError
from potok.scheduler.active_run import instance_of
from potok.store.rows import AttemptSpanRow, ErrorRow, ParamsEditRow, RunRow

ERRORS_PER_RUN_MAX = 20
ROOTS_MAX = 20
BLOCKED_MAX = 50

_RUNS_AGAIN = frozenset({TaskState.FAILED, TaskState.CANCELLED})


def tell(facts: RunFacts, explained: Explanation | None) -> RunStory:
    """The story of the run. `explained` is the scheduler's word on a run that waits to begin; others need none."""
    record = facts.record
    verdict, cause, roots = _headline(facts, explained)
    before, after = facts.reader.runs_around(record.dag_id, record.run_key, PAST_RUNS_MAX, 1)
    memories = _memories(facts, roots, before)
    errors = _errors_by_task(facts)
    left = facts.left()
    lengths = [took for run in facts.good_runs if (took := _length(run)) is not None]
    usual_s = telling.usual_length(lengths)
    path, path_s = _path(facts, left)
    first = roots[0] if roots else None
    tried = errors.get(first.task_id, []) if first else []
    dag = facts.reader.dag(record.dag_id)
    chosen = {at for at, row in enumerate(facts.tasks) if row.state in _RUNS_AGAIN}
    worked = [(row.started_at, row.ended_at or facts.now) for row in facts.attempts_now if row.started_at is not None]
    work_s, busy = sum(end - start for start, end in worked), busy_s(worked)
    return RunStory(
        run=views.run(facts.run, facts.now),
        verdict=telling.told_with_history(verdict, record, usual_s, left, _first_now(facts, left), facts.now),
        advice=telling.advice(record.state, first, tried, memories.get(first.task_id) if first else None),
        cause=cause,
        roots=tuple(_root(facts, root, memories.get(root.task_id), errors) for root in roots[:ROOTS_MAX]),
        root_count=len(roots),
        usual_s=usual_s,
        good_runs=len(lengths),
        work_s=round(work_s, 3),
        saved=round(max(0.0, 1 - busy / work_s), 4) if work_s > 0 else 0.0,
        waits=pool_waits(facts),
        critical_path=tuple(facts.tasks[at].task_id for at in path),
        critical_s=round(path_s, 3),
        slack_s=[None if one is None else round(one, 3) for one in slacks(facts.graph, facts.spans_now)],
        usual_task_s=[None if one is None else round(one, 3) for one in facts.usual_task_s],
        left_s=None if left is None else round(left.left_s, 3),
        last_good=views.run_brief(facts.good_runs[0].record, facts.now) if facts.good_runs else None,
        previous_run_id=before[0].record.run_id if before else None,
        next_run_id=after[0].record.run_id if after else None,
        version_is_newest=dag is None or dag.bundle == record.bundle,
        params_edits=tuple(map(_params_edit, facts.reader.params_edits(record.run_key))),
        retry=facts.price(chosen) if chosen and facts.has_ended else None,
    )


def pool_waits(facts: RunFacts) -> tuple[PoolWait, ...]:
    """By pool, the longest first; waits too short to be noticed are left out."""
    totals: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    longest: dict[str, tuple[float, str]] = {}
    for row in facts.attempts_now:
        if row.queued_at is None or row.started_at is None or row.position >= len(facts.tasks):
            continue
        pool = facts.graph.dag.tasks[row.position].pool
        waited = max(0.0, row.started_at - row.queued_at)
        totals[pool] += waited
        counts[pool] += 1
        longest[pool] = max(longest.get(pool, (0.0, "")), (waited, row.task_id))
    waits = [
        PoolWait(pool, round(total, 3), counts[pool], longest[pool][1], round(longest[pool][0], 3))
        for pool, total in totals.items()
        if total >= 0.05
    ]
    return tuple(sorted(waits, key=lambda wait: -wait.wait_s))


def attempt_span(row: AttemptSpanRow) -> AttemptSpan:
    return AttemptSpan(
        attempt_id=row.attempt_id,
        task_id=row.task_id,
        position=row.position,
        try_number=row.try_number,
        outcome=row.outcome,
        queued_at=views.instant_or_none(row.queued_at),
        started_at=views.instant_or_none(row.started_at),
        ended_at=views.instant_or_none(row.ended_at),
        exit_code=row.exit_code,
        signal_name=None if row.signal is None else signal_name(row.signal),
        oom=row.oom,
        error_line=first_line(row.error) if row.error else "",
        cpu_s=round(row.usage.cpu_user_s + row.usage.cpu_system_s, 3),
        rss_peak_mb=row.usage.rss_peak_mb,
    )


def _headline(facts: RunFacts, explained: Explanation | None) -> tuple[Sentence, Sentence, tuple[Root, ...]]:
    if explained is not None:
        return explained.verdict, explained.cause, explained.roots
    view = RunView(
        graph=facts.graph,
        record=facts.record,
        instances=[instance_of(row) for row in facts.tasks],
        attempts=_last_attempts(facts.attempts),
        waiting=lambda position: [],
        waiting_run=reason("run_waits"),
    )
    return headline(view, facts.now)


def _last_attempts(rows: Sequence[AttemptSpanRow]) -> dict[int, LastAttempt]:
    """Of the tasks that failed: the others need none for a headline."""
    found = {}
    for row in rows:
        if row.error is not None:
            took = row.ended_at - row.started_at if row.ended_at is not None and row.started_at is not None else None
            found[row.position] = LastAttempt(row.attempt_id, row.try_number, took, row.error, row.usage.rss_peak_mb)
        else:
            found.pop(row.position, None)
    return found


def _errors_by_task(facts: RunFacts) -> dict[str, list[ErrorInfo]]:
    """Errors of the failed tasks' tries since they were last cleared, in order."""
    found: dict[str, list[ErrorInfo]] = {}
    for before, row in pairwise([None, *facts.attempts]):
        if row is None:
            continue
        if before is not None and before.position == row.position and row.try_number <= before.try_number:
            found.pop(row.task_id, None)
        if row.error is not None:
            found.setdefault(row.task_id, []).append(row.error)
    return found


def _memories(facts: RunFacts, roots: Sequence[Root], before: Sequence[RunRow]) -> dict[str, Memory]:
    failed = [root for root in roots[:ROOTS_MAX] if root.error is not None]
    if not failed:
        return {}
    ended = [run for run in before if run.record.state in RUN_ENDED]
    rows = facts.reader.errors_of_runs([run.record.run_key for run in ended], ERRORS_PER_RUN_MAX)
    past = [_past_run(run, rows[run.record.run_key]) for run in ended]
    whole = len(before) < PAST_RUNS_MAX
    return {root.task_id: remember(root.task_id, root.error, past, whole) for root in failed if root.error is not None}


def _past_run(run: RunRow, errors: Sequence[ErrorRow]) -> PastRun:
    record = run.record
    signatures = frozenset((row.task_id, signature(row.error)) for row in errors)
    return PastRun(record.run_id, record.logical_date, record.state is RunState.SUCCESS, signatures)


def _root(facts: RunFacts, root: Root, memory: Memory | None, errors: dict[str, list[ErrorInfo]]) -> RootFailure:
    position = facts.graph.position[root.task_id]
    span = next((row for row in facts.attempts if row.attempt_id == root.attempt_id), None)
    error = root.error
    return RootFailure(
        task_id=root.task_id,
        position=position,
        try_number=root.try_number,
        max_tries=root.max_tries,
        attempt_id=root.attempt_id,
        duration_s=root.duration_s,
        kind=error.kind if error else "",
        error_line=first_line(error) if error else root.reason.text,
        location=error.location if error else "",
        exit_code=span.exit_code if span else None,
        signal_name=signal_name(span.signal) if span and span.signal is not None else None,
        oom=span.oom if span else False,
        reason=root.reason,
        blocked=root.blocked[:BLOCKED_MAX],
        blocked_count=len(root.blocked),
        tries_alike=telling.tries_alike(errors.get(root.task_id, [])),
        same_error=_same_error(memory) if memory else None,
        retry=facts.price({position}),
        retry_only=facts.price({position}, downstream=False),
    )


def _same_error(memory: Memory) -> SameError:
    last = memory.last
    return SameError(
        memory.seen,
        memory.of,
        memory.recovered,
        memory.whole,
        last.run_id if last else None,
        views.instant(last.at) if last else None,
    )


def _path(facts: RunFacts, left: Forecast | None) -> tuple[tuple[int, ...], float]:
    """The critical path and its length; of a running run it ends in what is still to come."""
    spans = facts.spans_now
    if left is None or not left.path:
        path = critical_path(facts.graph, spans)
        ends = [span for at in path if (span := spans[at]) is not None]
        return path, ends[-1][1] - ends[0][0] if ends else 0.0
    above = facts.graph.above({left.path[0]})
    behind = critical_path(facts.graph, [span if at in above else None for at, span in enumerate(spans)])
    began = facts.record.started_at or facts.now
    return (*behind, *left.path), facts.now - began + left.left_s


def _first_now(facts: RunFacts, left: Forecast | None) -> str:
    """The task of the critical path that runs or waits now."""
    return facts.tasks[left.path[0]].task_id if left is not None and left.path else ""


def _length(run: RunRow) -> float | None:
    record = run.record
    return (
        record.ended_at - record.started_at if record.ended_at is not None and record.started_at is not None else None
    )


def _params_edit(row: ParamsEditRow) -> ParamsEdit:
    return ParamsEdit(views.instant(row.at), row.actor, row.before, row.after)
