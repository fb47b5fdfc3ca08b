"""One run of the generated year as the rows that the scheduler would have left of it. Pure: a plan and a seed in."""

from __future__ import annotations

import random

import msgspec

from bench.ui.failures import Habit, Trouble, error_of
from potok.engine.graph import Graph
from potok.model.run import RunRecord, TriggerKind, Usage
from potok.model.state import RunState, TaskState
from potok.store.rows import AttemptRow, NewRun, RunCounts, RunRow, TaskRow

_STEP_GAP_S = 0.004


class Shape(msgspec.Struct, frozen=True):
    """A DAG version with what its runs have in common: usual seconds of each task, and what stands above each."""

    graph: Graph
    bundle: str
    usual_s: tuple[float, ...]
    above: tuple[tuple[int, ...], ...]
    habit: Habit


def shape_of(graph: Graph, bundle: str, habit: Habit, rng: random.Random) -> Shape:
    tasks = graph.dag.tasks
    usual = tuple(round(min(1800.0, rng.lognormvariate(2.2, 1.1)), 3) for _ in tasks)
    return Shape(graph, bundle, usual, tuple(tuple(graph.upstream(at)) for at in range(len(tasks))), habit)


class Plan(msgspec.Struct, frozen=True):
    """What is to happen in a run. `must_fail`, `must_succeed`: the habit is not asked. `trouble` None: a usual one."""

    run_key: int
    run_id: str
    logical_date: float
    interval_start: float
    trigger: TriggerKind
    created_at: float
    params: dict[str, object] = {}
    note: str = ""
    triggered_by: str = ""
    must_fail: bool = False
    must_succeed: bool = False
    trouble: Trouble | None = None
    pace: float = 1.0


class Made(msgspec.Struct, frozen=True):
    """The rows of one run, and the number of the last attempt that was given out."""

    new: NewRun
    attempts: list[AttemptRow]
    last_attempt_id: int


def ended_run(shape: Shape, plan: Plan, last_attempt_id: int, rng: random.Random) -> Made:
    """A run that went from its beginning to its end: in order of the graph, each task after what stands above it."""
    return _Run(shape, plan, last_attempt_id, rng).made()


class _Run:
    def __init__(self, shape: Shape, plan: Plan, last_attempt_id: int, rng: random.Random) -> None:
        self.shape, self.plan, self.rng = shape, plan, rng
        self.attempt_id = last_attempt_id
        self.started_at = round(plan.created_at + rng.uniform(0.002, 0.4), 3)
        self.rows: list[TaskRow] = []
        self.attempts: list[AttemptRow] = []
        self.ends: list[float] = []
        self.bad: list[bool] = []
        self.failing = self._failing_positions()

    def _failing_positions(self) -> frozenset[int]:
        """Where it goes wrong, rarely at two places."""
        plan, size = self.plan, len(self.shape.usual_s)
        if plan.must_succeed or not (plan.must_fail or self.rng.random() < self.shape.habit.share):
            return frozenset()
        return frozenset(self.rng.randrange(size) for _ in range(2 if self.rng.random() < 0.1 else 1))

    def made(self) -> Made:
        for at in range(len(self.shape.usual_s)):
            self._task(at)
        failed = any(row.state is TaskState.FAILED for row in self.rows)
        plan = self.plan
        record = RunRecord(
            plan.run_key, plan.run_id, self.shape.graph.dag.dag_id, self.shape.bundle,
            RunState.FAILED if failed else RunState.SUCCESS, plan.logical_date, plan.interval_start, plan.logical_date,
            plan.trigger, plan.created_at, plan.params, plan.note, plan.triggered_by, None, None, None,
            self.started_at, round(max(self.ends) + 0.001, 3),
        )  # fmt: skip
        return Made(NewRun(RunRow(record, counts_of(self.rows)), tuple(self.rows)), self.attempts, self.attempt_id)

    def _task(self, at: int) -> None:
        above = self.shape.above[at]
        queued_at = self.started_at
        for one in above:
            if self.ends[one] > queued_at:
                queued_at = self.ends[one]
        if any(self.bad[one] for one in above):
            self._end(TaskRow(self.plan.run_key, at, self.shape.graph.dag.tasks[at].task_id,
                              TaskState.UPSTREAM_FAILED, ended_at=queued_at), queued_at, is_bad=True)  # fmt: skip
            return
        self._executed(at, round(queued_at + _STEP_GAP_S, 3))

    def _end(self, row: TaskRow, at: float, *, is_bad: bool) -> None:
        self.rows.append(row)
        self.ends.append(at)
        self.bad.append(is_bad)

    def _executed(self, at: int, queued_at: float) -> None:
        task = self.shape.graph.dag.tasks[at]
        tries = task.retry.retries + 1
        will_fail = at in self.failing
        helped = will_fail and not self.plan.must_fail and self.rng.random() < self.shape.habit.retry_helps
        bad_tries = (1 if helped and tries > 1 else tries) if will_fail else 0
        number, is_bad = 1, bad_tries > 0
        started_at, ended_at = self._try(at, number, queued_at, is_bad=is_bad)
        while is_bad and number < tries:
            number, is_bad = number + 1, bad_tries > number
            again_at = round(ended_at + task.retry.delay_s, 3)
            started_at, ended_at = self._try(at, number, again_at, is_bad=is_bad)
        state = TaskState.FAILED if is_bad else TaskState.SUCCESS
        row = TaskRow(self.plan.run_key, at, task.task_id, state, number, tries, 0, self.attempt_id, queued_at,
                      started_at, ended_at)  # fmt: skip
        self._end(row, ended_at, is_bad=is_bad)

    def _try(self, at: int, number: int, queued_at: float, *, is_bad: bool) -> tuple[float, float]:
        rng = self.rng
        waited = rng.uniform(0.001, 0.02) if rng.random() < 0.9 else rng.uniform(1.0, 60.0)
        length = self.shape.usual_s[at] * self.plan.pace * rng.uniform(0.85, 1.2) * (0.4 if is_bad else 1.0)
        started_at = round(queued_at + waited, 3)
        ended_at = round(started_at + length, 3)
        self.attempt_id += 1
        error = None
        if is_bad:
            trouble = self.plan.trouble or rng.choice(self.shape.habit.troubles)
            error = error_of(trouble, self.shape.graph.dag, at, rng)
        usage = Usage(round(length * 0.6, 2), round(length * 0.05, 2), round(40.0 + 25.0 * (at % 7) + length, 1))
        self.attempts.append(
            AttemptRow(self.attempt_id, self.plan.run_key, at, self.shape.graph.dag.tasks[at].task_id, number,
                       queued_at, "failed" if is_bad else "success", started_at, ended_at, 20_000 + at, 0, None, False,
                       usage, error, queued_at=queued_at)
        )  # fmt: skip
        return started_at, ended_at


def counts_of(rows: list[TaskRow]) -> RunCounts:
    states = [row.state for row in rows]
    return RunCounts(
        total=len(states),
        success=states.count(TaskState.SUCCESS),
        failed=states.count(TaskState.FAILED),
        skipped=states.count(TaskState.SKIPPED),
        upstream_failed=states.count(TaskState.UPSTREAM_FAILED),
        cancelled=states.count(TaskState.CANCELLED),
        running=states.count(TaskState.RUNNING),
    )


def waiting_run(shape: Shape, plan: Plan, last_attempt_id: int, *, running: int, since: float) -> Made:
    """A run in the middle of its life: `running` of its first tasks run since `since`, the rest waits; 0: queued."""
    rows, attempts, attempt_id = [], [], last_attempt_id
    for at, task in enumerate(shape.graph.dag.tasks):
        tries = task.retry.retries + 1
        row = TaskRow(plan.run_key, at, task.task_id, TaskState.SCHEDULED, 0, tries)
        if running and not shape.above[at]:
            row = msgspec.structs.replace(row, state=TaskState.QUEUED, queued_at=since)
        if running and at < running:
            attempt_id += 1
            row = TaskRow(plan.run_key, at, task.task_id, TaskState.RUNNING, 1, tries, 0, attempt_id, since, since)
            attempts.append(
                AttemptRow(attempt_id, plan.run_key, at, task.task_id, 1, since, started_at=since, queued_at=since)
            )
        rows.append(row)
    record = RunRecord(
        plan.run_key, plan.run_id, shape.graph.dag.dag_id, shape.bundle,
        RunState.RUNNING if running else RunState.QUEUED, plan.logical_date, plan.interval_start, plan.logical_date,
        plan.trigger, plan.created_at, plan.params, plan.note, plan.triggered_by,
        started_at=since if running else None,
    )  # fmt: skip
    return Made(NewRun(RunRow(record, counts_of(rows)), tuple(rows)), attempts, attempt_id)
