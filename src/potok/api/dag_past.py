"""Works out what the pages of a DAG show, from the store's rows. Blocks: called in a thread, never on the loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from potok.api import views
from potok.api.history_cache import HistoryCache
from potok.engine.graph import Graph
from potok.engine.past import Realign, by_day, failures, union_of_tasks, usual_interval_s, year_bounds
from potok.engine.plan import fires
from potok.model.answers import RunBrief
from potok.model.history import Calendar, CalendarDay, Grid, GridRuns, GridTask, Pause, Standing, VersionUse
from potok.model.run import TriggerKind
from potok.model.state import RunState
from potok.store.history_rows import RunCellsRow
from potok.store.protocol import Store
from potok.store.rows import AuditRow, DagRow, RunRow

# A page of cells: a year of fifty tasks is 18,250.
CELLS_MAX = 500_000
_PAUSES_MAX = 400
_PLANNED_MAX = 10_000
_PLANNED_PER_DAY_MAX = 1_000
_USES_COUNTED = 1_000
_STREAK_MAX = 1_000
_ENDS_OF_STREAK = (RunState.SUCCESS, RunState.FAILED)


class Past(msgspec.Struct, frozen=True):
    """The store and what is kept of it."""

    reader: Store
    cache: HistoryCache

    def graph(self, row: DagRow) -> Graph | None:
        """The DAG's newest version laid out; None when its code is gone from the store."""
        version = self.reader.load_version(row.dag_id, row.bundle)
        return None if version is None else self.cache.graphs.get((row.dag_id, row.bundle), lambda: Graph(version.dag))

    def names(self, dag_id: str, bundle: str) -> tuple[str, ...]:
        """The tasks of a version by position."""
        return self.cache.names.get((dag_id, bundle), lambda: self.reader.task_ids(dag_id, bundle) or ())

    # --- grid ---------------------------------------------------------------------------------------------------
    def grid(self, row: DagRow, limit: int, before: int | None, now: float) -> Grid:
        current = self.names(row.dag_id, row.bundle)
        limit = max(1, min(limit, CELLS_MAX // max(1, len(current))))
        found = self.reader.run_cells(row.dag_id, limit + 1, before)
        more, cells = len(found) > limit, list(reversed(found[:limit]))
        names = {bundle: self.names(row.dag_id, bundle) for bundle in dict.fromkeys(cell.bundle for cell in cells)}
        rows = union_of_tasks(current, names.values())
        columns = _columns(cells, rows, names)
        tasks = [
            GridTask(task_id, failed, at < len(current))
            for at, (task_id, failed) in enumerate(zip(rows, failures(columns, len(rows)), strict=True))
        ]
        return Grid(
            dag_id=row.dag_id,
            tz=row.tz,
            tasks=tasks,
            runs=_grid_runs(cells, columns, now),
            pauses=_pauses(self.reader.pauses(row.dag_id, _PAUSES_MAX)),
            interval_s=usual_interval_s(
                [cell.logical_date for cell in cells if cell.trigger in (TriggerKind.SCHEDULE, TriggerKind.CATCHUP)]
            ),
            next_cursor=str(cells[0].run_key) if more else None,
        )

    # --- calendar -----------------------------------------------------------------------------------------------
    def calendar(self, row: DagRow, year: int, now: float) -> Calendar:
        since, until = year_bounds(year, row.tz)
        quarters = [(q.at, q.state, q.runs) for q in self.reader.quarters(row.dag_id, since, until)]
        planned = self._planned(row, max(since, now), until) if until > now else []
        days = [
            CalendarDay(day, seen.runs, seen.failed, seen.worst, min(seen.planned, _PLANNED_PER_DAY_MAX))
            for day, seen in by_day(quarters, planned, row.tz).items()
            if day.year == year
        ]
        return Calendar(row.dag_id, row.tz, year, days)

    def _planned(self, row: DagRow, since: float, until: float) -> list[float]:
        if row.paused or not row.present:
            return []
        graph = self.graph(row)
        schedule = graph.dag.schedule if graph else None
        return fires(schedule, since, until, _PLANNED_MAX) if schedule else []

    # --- standing, versions -------------------------------------------------------------------------------------
    def standing(self, row: DagRow, now: float) -> Standing:
        dag_id, reader = row.dag_id, self.reader
        newest = {state: reader.newest_in_state(dag_id, state) for state in RunState}
        active = self._run(max(newest[RunState.QUEUED] or 0, newest[RunState.RUNNING] or 0))
        ended = max(newest[state] or 0 for state in _ENDS_OF_STREAK)
        run = self._run(ended)
        any_run = any(key is not None for key in newest.values())
        if run is None:
            code = "unfinished" if any_run else "never_ran"
            return Standing(dag_id, code, 0, 0, None, "", None, _brief(active, now))
        state = run.record.state
        other = RunState.SUCCESS if state is RunState.FAILED else RunState.FAILED
        turned_at = newest[other] or 0
        streak = reader.count_runs(dag_id, state, turned_at, None, _STREAK_MAX)
        good_before, failed = 0, None
        if state is RunState.FAILED:
            if turned_at:
                earlier = reader.newest_in_state(dag_id, RunState.FAILED, before=turned_at) or 0
                good_before = reader.count_runs(dag_id, other, earlier, turned_at + 1, _STREAK_MAX)
            failed = next(iter(reader.failed_tasks(ended, 1)), None)
        return Standing(
            dag_id=dag_id,
            code="failed" if state is RunState.FAILED else "good",
            streak=streak,
            good_before=good_before,
            run=_brief(run, now),
            task_id=failed.task_id if failed else "",
            failed_at=views.instant_or_none(failed.ended_at if failed else None),
            active=_brief(active, now),
        )

    def _run(self, run_key: int) -> RunRow | None:
        runs = self.reader.list_runs(limit=1, since_key=run_key, until_key=run_key + 1)[0] if run_key else []
        return runs[0] if runs else None

    def versions(self, row: DagRow) -> list[VersionUse]:
        uses = {use.bundle: use for use in self.reader.bundle_uses(row.dag_id, _USES_COUNTED)}
        listed = []
        for bundle, created_at in self.reader.versions(row.dag_id):
            use = uses.get(bundle)
            listed.append(
                VersionUse(
                    bundle=bundle,
                    created_at=views.instant(created_at),
                    current=bundle == row.bundle,
                    runs=use.runs if use else 0,
                    first_run_at=views.instant_or_none(use.first_at if use else None),
                    last_run_at=views.instant_or_none(use.last_at if use else None),
                )
            )
        return listed


def _columns(cells: Sequence[RunCellsRow], rows: Sequence[str], names: Mapping[str, Sequence[str]]) -> list[str]:
    realign = {bundle: Realign(rows, tasks) for bundle, tasks in names.items()}
    return [realign[cell.bundle](cell.letters) for cell in cells]


def _grid_runs(cells: Sequence[RunCellsRow], columns: list[str], now: float) -> GridRuns:
    return GridRuns(
        run_id=[cell.run_id for cell in cells],
        state=[cell.state for cell in cells],
        trigger=[cell.trigger for cell in cells],
        logical_at=[cell.logical_date for cell in cells],
        started_at=[_rounded(cell.started_at) for cell in cells],
        duration_s=[_rounded(views.duration_s(cell.started_at, cell.ended_at, now)) for cell in cells],
        letters=columns,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _pauses(newest_first: Sequence[AuditRow]) -> list[Pause]:
    """Spans from the audit, oldest first; an end whose beginning is out of sight is left out."""
    spans: list[Pause] = []
    ended_at: float | None = None
    for entry in newest_first:
        if entry.action == "unpause":
            ended_at = entry.at
            continue
        note = entry.detail.get("note")
        spans.append(
            Pause(views.instant(entry.at), views.instant_or_none(ended_at), entry.actor, str(note) if note else "")
        )
        ended_at = None
    return spans[::-1]


def _brief(run: RunRow | None, now: float) -> RunBrief | None:
    return views.run_brief(run.record, now) if run else None
