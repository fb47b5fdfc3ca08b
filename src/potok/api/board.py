"""Gathers the home from the store and from what the scheduler told. Blocks: it is called in a thread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import msgspec

from potok.api.board_cache import BoardCache
from potok.api.needs import (
    FailedRun,
    LateRun,
    failed_need,
    failure_key,
    import_need,
    late_need,
    lost_worker_need,
    queue_need,
    trigger_need,
)
from potok.api.views import instant, trouble_of
from potok.engine.lateness import START_GRACE_S, due_at
from potok.engine.sentences import sentence
from potok.model.board import Need, Now, NowCounts, Pulse, QueueHead
from potok.model.state import RunState
from potok.model.trigger import Mark
from potok.scheduler.attention import is_active
from potok.scheduler.commands import BoardIs, QueuedTask
from potok.store.board_rows import BriefRow, LightDag, MuteRow, OpenFailureRow
from potok.store.protocol import Store
from potok.store.rows import RunRow

# Beyond these nobody reads single items, and counts say "more".
FAILURES_MAX = 2_000
ACTIVE_MAX = 5_000
OVERDUE_MAX = 100
# A clone, a deployment or a rebase takes its time.
TROUBLE_PATIENCE_S = 300.0


class Attended(msgspec.Struct, frozen=True):
    """Which DAGs need a person, and why: what the lists sort by and the lanes show."""

    failures: list[OpenFailureRow]
    late: list[LateRun]
    active: list[BriefRow]
    failed_dags: frozenset[str]
    late_dags: frozenset[str]


class Board:
    """One question to the home. `dags` are all DAGs, light."""

    def __init__(self, reader: Store, cache: BoardCache, now: float) -> None:
        self.reader = reader
        self.cache = cache
        self.now = now
        self.dags: dict[str, LightDag] = {dag.dag_id: dag for dag in reader.light_dags()}

    def attended(self) -> Attended:
        """What is open, late and active now."""
        active = self.reader.active_briefs(ACTIVE_MAX)
        failures = [one for one in self.reader.open_failures(FAILURES_MAX) if self._is_present(one.dag_id)]
        late = [*self._late_runs(active), *self._late_starts()]
        failed_dags = frozenset(failure.dag_id for failure in failures)
        return Attended(failures, late, active, failed_dags, frozenset(one.dag_id for one in late))

    def _is_present(self, dag_id: str) -> bool:
        dag = self.dags.get(dag_id)
        return dag is not None and dag.present

    def _late_runs(self, active: list[BriefRow]) -> list[LateRun]:
        late = []
        for run in active:
            dag = self.dags.get(run.dag_id)
            facts = self.cache.facts(self.reader, dag.dag_id, dag.bundle) if dag else None
            if facts is None or facts.deadline_s is None:
                continue
            due = due_at(run.trigger, run.logical_date, run.created_at, run.run_after, facts.deadline_s)
            if due < self.now:
                late.append(LateRun(run.dag_id, run, due))
        return late

    def _late_starts(self) -> list[LateRun]:
        overdue = self.reader.overdue_fires(self.now - START_GRACE_S, OVERDUE_MAX)
        return [LateRun(dag_id, None, at) for dag_id, at in overdue]

    # --- the home -------------------------------------------------------------------------------------------------
    def home(self, told: BoardIs, since: float, limit: int) -> Now:
        """The whole answer; at most `limit` things that need a person."""
        attended = self.attended()
        muted = Muted(self.reader.mutes(), self.now)
        things = self._things(attended, told)
        shown = [thing for thing in things if not muted.hides(thing[1], thing[2])]
        shown.sort(key=lambda thing: -thing[0])
        needs = [need for thing in shown[:limit] if (need := self._need(thing[3])) is not None]
        return Now(
            at=instant(self.now),
            since=instant(since),
            pulse=Pulse(told.lag_s, told.commit_ms, self.reader.size_bytes(), told.workers, told.slots, told.free),
            counts=self._counts(told, attended, since),
            needs=needs,
            needs_total=len(shown),
            muted=len(things) - len(shown),
            dags=sum(dag.present for dag in self.dags.values()),
        )

    def _things(self, attended: Attended, told: BoardIs) -> list[tuple[float, str, str, object]]:
        """(when, key, DAG, the thing itself), still without what only the shown ones need."""
        things: list[tuple[float, str, str, object]] = [
            (one.at, failure_key(one), one.dag_id, one) for one in attended.failures
        ]
        seen: set[str] = set()
        for late in attended.late:
            if late.dag_id not in seen:
                seen.add(late.dag_id)
                things.append((late.due_at, f"late:{late.dag_id}", late.dag_id, late))
        users = Counter(dag.file for dag in self.dags.values() if dag.present)
        for row in self.reader.import_errors():
            need = import_need(row, users[row.file])
            things.append((row.at, need.key, "", need))
        for mark in self.reader.trigger_marks():
            if trouble_of(mark.mark) and self._is_present(mark.dag_id) and self._is_patience_over(mark.mark):
                need = trigger_need(mark)
                things.append((need.at.timestamp(), need.key, mark.dag_id, need))
        for loss in told.losses:
            need = lost_worker_need(loss)
            things.append((loss.at, need.key, loss.dag_id, need))
        for queue in told.unserved:
            need = queue_need(queue)
            things.append((queue.first.since, need.key, "", need))
        return things

    def _is_patience_over(self, mark: Mark) -> bool:
        return not mark.trouble or self.now - (mark.trouble_at or 0.0) > TROUBLE_PATIENCE_S

    def _need(self, thing: object) -> Need | None:
        if isinstance(thing, OpenFailureRow):
            return self._failed(thing)
        if isinstance(thing, LateRun):
            return self._late(thing)
        assert isinstance(thing, Need)
        return thing

    def _failed(self, failure: OpenFailureRow) -> Need | None:
        found = self.reader.failed_task(failure)
        if found is None:
            return None
        run, task, last = found
        attempts = [last] if last else []
        if task is not None and task.try_number > 1:
            attempts = [one for one in self.reader.attempts(task.run_key, task.position) if one.outcome is not None]
        good = self.reader.last_success(failure.dag_id)
        usual = self.cache.usual(self.reader, [failure.dag_id], self.now)
        return failed_need(
            FailedRun(failure, run, task, attempts, good[1] if good else None, usual.get(failure.dag_id))
        )

    def _late(self, late: LateRun) -> Need:
        row: RunRow | None = self.reader.run(late.run.run_id) if late.run else None
        usual = self.cache.usual(self.reader, [late.dag_id], self.now).get(late.dag_id)
        return late_need(msgspec.structs.replace(late, row=row, usual=usual), self.now)

    def _counts(self, told: BoardIs, attended: Attended, since: float) -> NowCounts:
        ended = self.reader.ended_counts(since)
        most = max((self.now - late.due_at for late in attended.late), default=None)
        return NowCounts(
            tasks_running=told.running,
            tasks_queued=told.queued,
            tasks_waiting=told.waiting,
            tasks_retrying=told.retrying,
            queue_head=_head(told.oldest_queued),
            late_runs=len(attended.late),
            late_most_s=round(most, 1) if most is not None else None,
            failed_runs=ended.get(RunState.FAILED, 0),
            done_runs=ended.get(RunState.SUCCESS, 0),
        )


class Muted:
    """Which things somebody muted."""

    def __init__(self, mutes: list[MuteRow], now: float) -> None:
        self._keys: Mapping[str, MuteRow] = {mute.key: mute for mute in mutes if is_active(mute, now)}

    def hides(self, key: str, dag_id: str) -> bool:
        return key in self._keys or f"dag:{dag_id}" in self._keys


def _head(queued: QueuedTask | None) -> QueueHead | None:
    if queued is None:
        return None
    return QueueHead(queued.run_id, queued.dag_id, queued.task_id, instant(queued.since), sentence(queued.reason))
