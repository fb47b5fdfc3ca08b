"""What is known of a run, read once: its graph, tasks, attempts, and what the good runs before it took. Blocks."""

from __future__ import annotations

from functools import cached_property

from potok.api.shape_cache import ShapeCache
from potok.engine import story as telling
from potok.engine.course import Forecast, Span, forecast
from potok.engine.graph import Graph
from potok.model.state import RUN_ENDED, TASK_ENDED, RunState, TaskState
from potok.model.story import Price
from potok.store.protocol import Store
from potok.store.rows import AttemptSpanRow, RunRow, TaskRow

# How far history is looked at: the answer is as cheap in the tenth year as on the first day.
PAST_RUNS_MAX = 30
# Usual task lengths come from a few good runs; of a large DAG from fewer.
_SPAN_RUNS_MAX = 5
_SPAN_ROWS_MAX = 12_000
_ALL = 2**31 - 1
# A worker tells its start by its own reading of the clock.
_CLOCK_S = 0.05

_RUNS_BELOW = frozenset({TaskState.UPSTREAM_FAILED, TaskState.CANCELLED, TaskState.SKIPPED})


class RunFacts:
    """One run with all that its story is made of, read once."""

    def __init__(self, reader: Store, shapes: ShapeCache, run: RunRow, now: float) -> None:
        """Raises LookupError when the run's version is gone from the store."""
        self.reader, self.run, self.record, self.now = reader, run, run.record, now
        self._shapes = shapes
        graph = shapes.get(run.record.dag_id, run.record.bundle, reader.load_version)
        if graph is None:
            raise LookupError(f"version {run.record.bundle!r} of DAG {run.record.dag_id!r} is not in the store")
        self.graph: Graph = graph
        self.tasks: list[TaskRow] = reader.tasks(run.record.run_key)
        self.attempts: list[AttemptSpanRow] = reader.attempt_spans(run.record.run_key, _ALL)
        self.spans = self._spans()
        self._below: dict[tuple[tuple[int, ...], ...], set[int]] = {}

    @property
    def has_ended(self) -> bool:
        return self.record.state in RUN_ENDED

    def _spans(self) -> list[Span | None]:
        """When each task ran (for the last time); one that still runs ends now."""
        now = self.now
        return [
            None if row.started_at is None else (row.started_at, now if row.ended_at is None else row.ended_at)
            for row in self.tasks
        ]

    @cached_property
    def spans_now(self) -> list[Span | None]:
        """Those since the run (last) began: what a retry kept is no part of its course."""
        began = self.record.started_at or self.record.created_at
        return [None if span is None or span[0] < began - _CLOCK_S else span for span in self.spans]

    @cached_property
    def attempts_now(self) -> list[AttemptSpanRow]:
        """Attempts since the run (last) began."""
        began = self.record.started_at or self.record.created_at
        return [row for row in self.attempts if row.started_at is not None and row.started_at >= began - _CLOCK_S]

    @cached_property
    def good_runs(self) -> list[RunRow]:
        """The last good runs before this one, newest first."""
        return self.reader.good_runs_before(self.record.dag_id, self.record.run_key, PAST_RUNS_MAX)

    @cached_property
    def usual_task_s(self) -> list[float | None]:
        """By position. A task that never went well in those runs takes what it took here, if it did."""
        looked_at = max(1, min(_SPAN_RUNS_MAX, _SPAN_ROWS_MAX // max(1, len(self.tasks))))
        good = [run.record for run in self.good_runs[:looked_at]]

        def read() -> dict[str, float]:
            return telling.usual_lengths([self.reader.good_spans(run.run_key, _SPAN_ROWS_MAX) for run in good])

        kept = self._shapes.lengths.get(tuple((run.run_key, run.ended_at) for run in good), read) if good else {}
        lengths = dict(kept)
        for row in self.tasks:
            if row.task_id not in lengths and row.started_at is not None and row.ended_at is not None:
                lengths[row.task_id] = row.ended_at - row.started_at
        return telling.by_position([row.task_id for row in self.tasks], lengths)

    def price(self, chosen: set[int], *, downstream: bool = True) -> Price:
        """The same choice of tasks as a retry makes (`scheduler.operations`), with its length."""
        tasks = self.tasks
        if downstream:
            chosen = chosen | self._runs_below(chosen)
        redone = sum(tasks[at].state is TaskState.SUCCESS for at in chosen)
        return Price(len(chosen), self.good_tasks - redone, self.length_of(chosen))

    def _runs_below(self, chosen: set[int]) -> set[int]:
        """Tasks that feed the same ones have the same tasks below them: a failed layer is walked once."""
        links = tuple(sorted({self.graph.feeds[at] for at in chosen}))
        if links not in self._below:
            tasks = self.tasks
            below = self.graph.below(chosen)
            self._below[links] = {at for at in below if tasks[at].state in _RUNS_BELOW or self.graph.is_teardown(at)}
        return self._below[links]

    @cached_property
    def good_tasks(self) -> int:
        """How many tasks went well."""
        return sum(row.state is TaskState.SUCCESS for row in self.tasks)

    def length_of(self, chosen: set[int]) -> float | None:
        """About how many seconds those tasks take together."""
        found = forecast(self.graph, self.usual_task_s, chosen, lambda at: 0.0)
        return None if found is None else round(found.left_s, 3)

    def left(self) -> Forecast | None:
        """What a running run still needs."""
        if self.record.state is not RunState.RUNNING or not self.good_runs:
            return None
        rows = self.tasks
        to_run = [at for at, row in enumerate(rows) if row.state not in TASK_ENDED]

        def running_for(at: int) -> float:
            row = rows[at]
            is_running = row.state is TaskState.RUNNING and row.started_at is not None
            return self.now - row.started_at if is_running and row.started_at is not None else 0.0

        return forecast(self.graph, self.usual_task_s, to_run, running_for)
