"""The night at a glance: lanes of what ran and what is planned, and how busy the slots were. Blocks: for a thread."""

from __future__ import annotations

from collections import defaultdict

from potok.api.board import Attended, Board
from potok.api.planned import starts_of
from potok.api.views import instant, instant_or_none
from potok.engine.slot_use import BUCKET_S
from potok.model.board import BusySlots, Lane, LaneRun, PlannedRun, Timeline
from potok.scheduler.commands import BoardIs
from potok.store.board_rows import BriefRow

# the newest runs of the span; a DAG that runs every minute fills its lane long before
RUNS_MAX = 4_000
LANE_RUNS_MAX = 200
PLANNED_MAX = 500


def timeline(board: Board, told: BoardIs, since: float, until: float, limit: int) -> Timeline:
    """At most `limit` lanes."""
    attended = board.attended()
    runs = _runs(board, attended, since, until)
    first_start = {
        dag.dag_id: dag.next_fire
        for dag in board.dags.values()
        if dag.next_fire is not None and dag.next_fire <= until and dag.present and not dag.paused
    }
    chosen = _order(attended, runs, first_start)
    shown = chosen[:limit]
    usual = board.cache.usual(board.reader, shown, board.now)
    lengths = {dag_id: found.length_s for dag_id, found in usual.items() if found is not None}
    broken = {row.file for row in board.reader.import_errors()}
    needing = attended.failed_dags | attended.late_dags
    lanes = _Lanes(board, attended, lengths, until)
    return Timeline(
        since=instant(since),
        until=instant(until),
        at=instant(board.now),
        slots=told.slots,
        bucket_s=BUCKET_S,
        busy=_busy(board, told, since, until),
        lanes=[
            Lane(
                dag_id=dag_id,
                needs_you=dag_id in needing,
                import_error=dag_id in board.dags and board.dags[dag_id].file in broken,
                usual_s=lengths.get(dag_id),
                runs=lanes.runs(runs[dag_id][-LANE_RUNS_MAX:]),
                left_off=max(len(runs[dag_id]) - LANE_RUNS_MAX, 0),
                planned=lanes.planned(dag_id),
            )
            for dag_id in shown
        ],
        lanes_total=len(chosen),
    )


def _runs(board: Board, attended: Attended, since: float, until: float) -> defaultdict[str, list[BriefRow]]:
    """Runs that overlap the span, by DAG, oldest first."""
    found: defaultdict[str, list[BriefRow]] = defaultdict(list)
    ended = board.reader.briefs_ended(since, RUNS_MAX)
    for run in sorted([*ended, *attended.active], key=lambda run: run.run_key):
        if run.started_at is not None and run.started_at <= until and not (found[run.dag_id] and _same(found, run)):
            found[run.dag_id].append(run)
    return found


def _same(found: defaultdict[str, list[BriefRow]], run: BriefRow) -> bool:
    """A run that ended between the two reads is in both."""
    return found[run.dag_id][-1].run_key == run.run_key


def _order(attended: Attended, runs: dict[str, list[BriefRow]], first_start: dict[str, float]) -> list[str]:
    """DAGs with something to show: those that need a person, then what runs, then the last and the next."""
    needing = [*dict.fromkeys([one.dag_id for one in attended.late] + [one.dag_id for one in attended.failures])]
    active = {run.dag_id for run in attended.active}
    newest = sorted((dag_id for dag_id in runs if runs[dag_id]), key=lambda one: -(runs[one][-1].started_at or 0.0))
    running = [dag_id for dag_id in newest if dag_id in active]
    planned = sorted(first_start, key=lambda one: first_start[one])
    shown = [dag_id for dag_id in needing if runs.get(dag_id) or dag_id in first_start]
    return [*dict.fromkeys([*shown, *running, *newest, *planned])]


class _Lanes:
    def __init__(self, board: Board, attended: Attended, lengths: dict[str, float], until: float) -> None:
        self._board = board
        self._lengths = lengths
        self._until = until
        self._late = {late.run.run_key for late in attended.late if late.run is not None}
        self._failures = {failure.run_key: failure for failure in attended.failures}

    def runs(self, rows: list[BriefRow]) -> list[LaneRun]:
        return [self._run(row) for row in rows]

    def _run(self, row: BriefRow) -> LaneRun:
        started_at = row.started_at or row.created_at
        usual_s = self._lengths.get(row.dag_id)
        is_over = row.ended_at is not None
        return LaneRun(
            run_id=row.run_id,
            state=row.state,
            started_at=instant(started_at),
            ended_at=instant_or_none(row.ended_at),
            expected_at=None if is_over or usual_s is None else instant(started_at + usual_s),
            late=row.run_key in self._late,
            failed_task=self._failed_task(row),
        )

    def _failed_task(self, row: BriefRow) -> str | None:
        failure = self._failures.get(row.run_key)
        if failure is None or failure.position is None:
            return None
        dag = self._board.dags[row.dag_id]
        facts = self._board.cache.facts(self._board.reader, row.dag_id, dag.bundle)
        known = facts is not None and failure.position < len(facts.tasks)
        return facts.tasks[failure.position].task_id if facts is not None and known else None

    def planned(self, dag_id: str) -> list[PlannedRun]:
        usual_s = self._lengths.get(dag_id)
        return [
            PlannedRun(instant(at), None if usual_s is None else instant(at + usual_s))
            for at in starts_of(self._board, dag_id, self._until, PLANNED_MAX)
        ]


def _busy(board: Board, told: BoardIs, since: float, until: float) -> list[BusySlots]:
    buckets = [(row.at, row.busy_s, row.peak, BUCKET_S) for row in board.reader.slot_use(since - BUCKET_S, until)]
    if told.slot_use is not None and told.slot_use.at <= until:
        use = told.slot_use
        buckets.append((use.at, use.busy_s, use.peak, max(board.now - use.at, 1.0)))
    return [BusySlots(instant(at), round(busy_s / length_s, 3), peak) for at, busy_s, peak, length_s in buckets]
