"""The runs of the generated year: who ran when and how it went, in the order of time; the last hours as they stand."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec

from bench.ui import diary
from bench.ui.diary import DAY_S, Ending, Start
from bench.ui.editions import Editions
from bench.ui.failures import TROUBLES, habit
from bench.ui.folder import HERO, LARGE, SLOW, Pipeline
from bench.ui.journal import Journal
from bench.ui.run_logs import write_log, write_long_log
from bench.ui.run_rows import Made, Plan, Shape, ended_run, shape_of, waiting_run
from potok.engine.graph import Graph
from potok.model.run import TriggerKind
from potok.scheduler.run_names import manual_run_id, scheduled_run_id

_LOGS_KEPT_S = 2 * DAY_S
_FAILED_LOGS_KEPT_S = 28 * DAY_S
_LONG_LOG_AGO_S = 2 * 3600.0


class Past:
    """Writes through `journal`; logs of the last days go below `logs`."""

    def __init__(self, journal: Journal, editions: Editions, logs: Path, until: float, rng: random.Random) -> None:
        self._journal, self._editions, self._logs = journal, editions, logs
        self._until, self._rng = until, rng
        self._run_key = self._attempt_id = 0
        self._shapes: dict[str, list[tuple[float, Shape]]] = {}
        self._endings: dict[str, Ending] = {}
        self._runs: dict[str, int] = {}
        self._growth: dict[str, float] = {}

    def write(self, pipelines: list[Pipeline], hero_runs: int, log_lines: int) -> None:
        self._runs = {one.dag_id: one.runs for one in pipelines} | {HERO: hero_runs, LARGE: 5, SLOW: 2}
        self._endings = diary.endings([one.dag_id for one in pipelines if one.runs > 2], TROUBLES, self._rng)
        self._endings |= {HERO: Ending(1, TROUBLES[2]), LARGE: Ending(1, TROUBLES[1])}
        planned = []
        for dag_id in self._editions.all_ids():
            count = self._runs.setdefault(dag_id, 4 if dag_id.startswith("old_") else 0)
            self._shapes[dag_id] = self._shapes_of(dag_id)
            self._growth[dag_id] = self._rng.choice((0.0, 0.1, 0.1, 0.3, 0.8))
            dag = self._shapes[dag_id][-1][1].graph.dag
            since = 0.0 if dag_id in self._editions.last.dags else 9 * DAY_S
            planned.append(diary.starts(dag, count, self._until - since, self._rng))
        for start in diary.merged(planned):
            self._ended(start)
        self._long_log(next(one.dag_id for one in pipelines if one.dag_id not in self._endings), log_lines)
        self._present()

    def _shapes_of(self, dag_id: str) -> list[tuple[float, Shape]]:
        """(since when, shape) by version, the newest first; all versions of a DAG are equally slow."""
        seed = self._rng.random()
        made = []
        for days_ago, found in self._editions.versions(dag_id):
            rng = random.Random(seed)
            shape = shape_of(Graph(found.dag), found.bundle, habit(rng), rng)
            made.append((self._until - days_ago * DAY_S, shape))
        return made

    def _shape_at(self, dag_id: str, at: float) -> Shape:
        shapes = self._shapes[dag_id]
        return next((shape for since, shape in reversed(shapes) if since <= at), shapes[0][1])

    def _plan(self, start: Start) -> Plan:
        self._run_key += 1
        left = self._runs[start.dag_id] - start.number
        ending = self._endings.get(start.dag_id, diary.CALM)
        trigger = diary.trigger_of(start)
        by_hand = trigger is TriggerKind.MANUAL
        run_id = (
            manual_run_id(start.dag_id, start.created_at, self._run_key)
            if by_hand
            else scheduled_run_id(start.dag_id, start.logical_date)
        )
        return Plan(
            self._run_key, run_id, start.logical_date, start.interval_start, trigger, start.created_at,
            note=self._rng.choice(diary.NOTES) if by_hand else "", triggered_by="admin" if by_hand else "",
            must_fail=left <= ending.failed, must_succeed=left == ending.failed + 1, trouble=ending.trouble,
            pace=diary.pace(start, self._until, self._rng, self._growth[start.dag_id]),
        )  # fmt: skip

    def _ended(self, start: Start) -> None:
        plan = self._plan(start)
        if not plan.must_fail:
            plan = msgspec.structs.replace(plan, trouble=None)
        made = ended_run(self._shape_at(start.dag_id, start.created_at), plan, self._attempt_id, self._rng)
        self._attempt_id = made.last_attempt_id
        age_s = self._until - start.created_at
        failed = made.new.row.counts.failed > 0
        if age_s < (_FAILED_LOGS_KEPT_S if failed else _LOGS_KEPT_S):
            made = Made(made.new, write_log(self._logs, made.new, made.attempts, self._rng), made.last_attempt_id)
        self._journal.run(made)

    def _long_log(self, dag_id: str, lines: int) -> None:
        """One more run, by hand, in which one task was very talkative."""
        at = self._until - _LONG_LOG_AGO_S
        start = Start(at, dag_id, self._runs[dag_id], at, at, False)
        plan = msgspec.structs.replace(self._plan(start), must_fail=False, must_succeed=True, note="with all messages")
        made = ended_run(self._shape_at(dag_id, at), plan, self._attempt_id, self._rng)
        self._attempt_id = made.last_attempt_id
        attempts = write_log(self._logs, made.new, made.attempts[1:], self._rng)
        first = write_long_log(self._logs, made.new, made.attempts[0], lines, self._rng)
        self._journal.run(Made(made.new, [first, *attempts], made.last_attempt_id))

    def _present(self) -> None:
        """One run that is late by its own deadline, and three that wait for it."""
        for number, hours_ago in enumerate((3.1, 2.0, 1.2, 0.4)):
            at = round(self._until - hours_ago * 3600.0, 3)
            start = Start(at, SLOW, self._runs[SLOW] + number, at, at, False)
            plan = msgspec.structs.replace(self._plan(start), params={"seconds": 7200.0})
            shape = self._shape_at(SLOW, at)
            made = waiting_run(shape, plan, self._attempt_id, running=0 if number else 2, since=at + 0.4)
            self._attempt_id = made.last_attempt_id
            self._journal.run(made)
