"""The DAGs as known now: what the sources found, which are paused, when each fires next."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from potok.engine.plan import next_fire
from potok.model.dag import Dag
from potok.model.errors import ConflictError, NotFoundError
from potok.model.schedule import Once, Schedule
from potok.scheduler.timers import FireTimer, Timers
from potok.scheduler.turn import Turn
from potok.scheduler.versions import Version, Versions
from potok.store.rows import DagRow, ImportErrorRow, VersionRow


class FoundDag(msgspec.Struct, frozen=True):
    """A DAG that a file defines now, with the content hash of its code and the files inside that bundle."""

    dag: Dag
    bundle: str
    files: tuple[str, ...]


class FoundFailure(msgspec.Struct, frozen=True):
    """Why a file cannot be used; `location` is `file:line`."""

    message: str
    location: str
    traceback: str


class Folder(msgspec.Struct, frozen=True):
    """All that the DAG folder holds now: DAGs by id, failures by file."""

    dags: Mapping[str, FoundDag]
    failures: Mapping[str, FoundFailure]


class DagBook:
    """Rows by dag_id. Changes go into the turn's batch; timers are set for schedules that run."""

    def __init__(self, versions: Versions, timers: Timers) -> None:
        self.rows: dict[str, DagRow] = {}
        self.failures: dict[str, FoundFailure] = {}
        self.loaded = False
        self._versions = versions
        self._timers = timers
        self._schedules: dict[str, Schedule | None] = {}

    def restore(self, rows: list[DagRow], failures: list[ImportErrorRow]) -> None:
        """What was known when the last turn was committed."""
        self.rows = {row.dag_id: row for row in rows}
        self.failures = {row.file: FoundFailure(row.message, row.location, row.traceback) for row in failures}
        for row in rows:
            self._set_timer(row)

    def current(self, dag_id: str) -> Version:
        """The version that new runs get; raises NotFoundError with the reason when there is none."""
        row = self.rows.get(dag_id)
        if row is None:
            raise NotFoundError(f"there is no DAG {dag_id!r}{_nearest(dag_id, self.rows)}")
        if not row.present:
            raise NotFoundError(f"DAG {dag_id!r} is gone: {row.file} defines it no more")
        version = self._versions.get(dag_id, row.bundle)
        if version is None:
            raise NotFoundError(f"DAG {dag_id!r} has no version {row.bundle} in the store")
        return version

    def schedule(self, dag_id: str) -> Schedule | None:
        row = self.rows.get(dag_id)
        if row is None or not row.present:
            return None
        if dag_id not in self._schedules:
            version = self._versions.get(dag_id, row.bundle)
            self._schedules[dag_id] = version.dag.schedule if version else None
        return self._schedules[dag_id]

    # --- what the sources found ---------------------------------------------------------------------------------
    def take(self, folder: Folder, turn: Turn, now: float) -> None:
        """Bring the book in line with the folder; a broken file leaves its DAGs as they were."""
        for dag_id, found in folder.dags.items():
            self._take_dag(dag_id, found, turn, now)
        for dag_id, row in list(self.rows.items()):
            if row.present and dag_id not in folder.dags and row.file not in folder.failures:
                self._put(msgspec.structs.replace(row, present=False, next_fire=None, updated_at=now), turn)
        for file, failure in folder.failures.items():
            if self.failures.get(file) != failure:
                turn.batch.import_errors.append(
                    ImportErrorRow(file, failure.message, failure.location, failure.traceback, now)
                )
                turn.dags_changed.append("")
        gone = [file for file in self.failures if file not in folder.failures]
        if gone:
            turn.batch.import_errors_gone.extend(gone)
            turn.dags_changed.append("")
        self.failures = dict(folder.failures)
        self.loaded = True

    def _take_dag(self, dag_id: str, found: FoundDag, turn: Turn, now: float) -> None:
        old = self.rows.get(dag_id)
        if old is not None and old.present and old.bundle == found.bundle and old.file == found.dag.file:
            return
        dag = found.dag
        self._versions.put(dag, found.bundle)
        turn.batch.versions.append(VersionRow(dag_id, found.bundle, now, found.files, dag))
        last_fire = self._since(dag.schedule, old, now)
        paused = old.paused if old else dag.paused_at_first
        row = DagRow(
            dag_id=dag_id,
            bundle=found.bundle,
            file=dag.file,
            present=True,
            paused=paused,
            first_seen_at=old.first_seen_at if old else now,
            updated_at=now,
            last_fire=last_fire,
            next_fire=None if paused else _next(dag.schedule, last_fire, now),
            paused_by=old.paused_by if old else "",
            paused_note=old.paused_note if old else "",
            paused_at=old.paused_at if old else None,
            tags=dag.tags,
            owner=dag.owner,
            description=dag.description,
            schedule_text=dag.schedule.text if dag.schedule else "",
            tz=dag.schedule.tz if dag.schedule else "UTC",
            location=dag.location,
            task_count=len(dag.tasks),
        )
        self._put(row, turn)

    def _since(self, schedule: Schedule | None, old: DagRow | None, now: float) -> float | None:
        """From when on fires count: what was dealt with, or now for a new or changed schedule without catchup."""
        if schedule is None:
            return None
        kept = old is not None and old.present and old.schedule_text == schedule.text and old.tz == schedule.tz
        if old is not None and kept and old.last_fire is not None:
            return old.last_fire
        if isinstance(schedule.timetable, Once):
            return old.last_fire if old is not None and old.schedule_text == schedule.text else None
        if schedule.catchup and schedule.start is not None:
            return max(schedule.start - 1e-3, old.last_fire or 0.0) if old else schedule.start - 1e-3
        return now

    # --- schedules ------------------------------------------------------------------------------------------------
    def fired(self, dag_id: str, last_fire: float, turn: Turn) -> None:
        """Remember that everything up to `last_fire` was dealt with, and wait for the next."""
        row = self.rows[dag_id]
        row = msgspec.structs.replace(
            row, last_fire=last_fire, next_fire=_next(self.schedule(dag_id), last_fire, last_fire)
        )
        self.rows[dag_id] = row
        turn.batch.fires.append((dag_id, row.last_fire, row.next_fire))
        self._set_timer(row)

    def pause(self, dag_id: str, paused: bool, by: str, note: str, turn: Turn, now: float) -> None:
        """Stop or go on with the schedule. Without catchup, what was missed while paused stays missed."""
        row = self.rows.get(dag_id)
        if row is None:
            raise NotFoundError(f"there is no DAG {dag_id!r}{_nearest(dag_id, self.rows)}")
        if row.paused == paused:
            raise ConflictError(f"DAG {dag_id!r} is {'paused' if paused else 'not paused'} already")
        schedule = self.schedule(dag_id)
        last_fire = row.last_fire
        is_once = schedule is not None and isinstance(schedule.timetable, Once)
        if not paused and schedule is not None and not schedule.catchup and not is_once:
            last_fire = max(now, last_fire or 0.0)
        self._put(
            msgspec.structs.replace(
                row,
                paused=paused,
                paused_by=by if paused else "",
                paused_note=note if paused else "",
                paused_at=now if paused else None,
                last_fire=last_fire,
                next_fire=None if paused else _next(schedule, last_fire, now),
                updated_at=now,
            ),
            turn,
        )

    def _put(self, row: DagRow, turn: Turn) -> None:
        self.rows[row.dag_id] = row
        self._schedules.pop(row.dag_id, None)
        turn.batch.dags.append(row)
        turn.dags_changed.append(row.dag_id)
        self._set_timer(row)

    def _set_timer(self, row: DagRow) -> None:
        if row.present and not row.paused and row.next_fire is not None:
            self._timers.add(row.next_fire, FireTimer(row.dag_id))


def _next(schedule: Schedule | None, last_fire: float | None, now: float) -> float | None:
    """The next fire after what was dealt with; a `once` that never ran is due at its start, or now."""
    if schedule is None:
        return None
    if isinstance(schedule.timetable, Once):
        return (schedule.start or now) if last_fire is None else None
    return next_fire(schedule, last_fire) if last_fire is not None else None


def _nearest(name: str, known: Mapping[str, object], say: Callable[[str], str] = "; did you mean {!r}?".format) -> str:
    import difflib

    close = difflib.get_close_matches(name, known, 1)
    return say(close[0]) if close else ""
