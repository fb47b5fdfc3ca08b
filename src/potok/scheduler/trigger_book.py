"""The triggers of the DAGs as known now: what each saw, what waits, and the runs that they start."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from potok.engine import triggers
from potok.model.dag import Dag
from potok.model.errors import NotFoundError, PotokError
from potok.model.run import TriggerKind
from potok.model.state import RunState
from potok.model.trigger import Event, Mark, OnPush, Sighting, Trigger
from potok.scheduler.active_run import run_row
from potok.scheduler.commands import Failed, FailureKind, PushTaken, Reply, TakePush
from potok.store.rows import AuditRow, TriggerMarkRow, VariableRow

if TYPE_CHECKING:
    from potok.scheduler.core import Core
    from potok.scheduler.dag_book import Folder
    from potok.scheduler.turn import Turn

Pair = tuple[str, str]


class Sighted(msgspec.Struct, frozen=True):
    """What the watch saw for a trigger of a DAG."""

    dag_id: str
    key: str
    seen: Sighting


class TriggerBook:
    """`wanted` are the triggers of present DAGs by DAG and key; it outlives a failed turn, `marks` come from the store.

    A mark is written in the turn that starts its run: a run is started once for what was seen, whenever we are killed.
    """

    def __init__(self) -> None:
        self.wanted: dict[Pair, Trigger] = {}
        self.marks: dict[Pair, Mark] = {}
        self.wanted_changed = False
        self._look_at: dict[str, None] = {}

    def restore(self, rows: list[TriggerMarkRow]) -> None:
        """What was known when the last turn was committed."""
        self.marks = {(row.dag_id, row.key): row.mark for row in rows}
        self._look_at = dict.fromkeys(dag_id for dag_id, _ in self.marks)

    def look_at(self, dag_id: str) -> None:
        """Something about the DAG changed: what waits for it may begin."""
        if any(known == dag_id for known, _ in self.marks):
            self._look_at[dag_id] = None

    def of_dag(self, dag_id: str) -> list[Trigger]:
        return [trigger for (known, _), trigger in self.wanted.items() if known == dag_id]

    # --- what the files say -----------------------------------------------------------------------------------------
    def take(self, core: Core, folder: Folder, turn: Turn, now: float) -> None:
        """Bring the book in line with the folder; a trigger that is gone is forgotten with what it saw."""
        wanted: dict[Pair, Trigger] = {}
        for dag_id, known in core.dags.rows.items():
            found = folder.dags.get(dag_id)
            if not known.present:
                continue
            dag = found.dag if found is not None else _stored(core, dag_id, known.bundle)
            wanted.update({(dag_id, trigger.key): trigger for trigger in dag.triggers} if dag is not None else {})
        if wanted != self.wanted:
            self.wanted, self.wanted_changed = wanted, True
        for pair in [pair for pair in self.marks if pair not in wanted]:
            del self.marks[pair]
            turn.batch.trigger_marks_gone.append(pair)
        for pair, trigger in wanted.items():
            if isinstance(trigger, OnPush):
                row = core.store.variable(trigger.secret)
                self._put(pair, _with_secret(self.marks.get(pair), trigger, row, now), turn)
            self.look_at(pair[0])

    def secret_changed(self, name: str, row: VariableRow | None, turn: Turn, now: float) -> None:
        """A variable was set, or with None deleted."""
        for pair, trigger in self.wanted.items():
            if isinstance(trigger, OnPush) and trigger.secret == name:
                self._put(pair, _with_secret(self.marks.get(pair), trigger, row, now), turn)

    # --- what is seen -----------------------------------------------------------------------------------------------
    def sight(self, sighted: Sighted, turn: Turn, now: float) -> None:
        """Keep what was seen; a trigger that is gone meanwhile sees nothing."""
        pair = (sighted.dag_id, sighted.key)
        if pair in self.wanted:
            self._put(pair, triggers.sight(self.marks.get(pair), sighted.seen, now), turn)
            self._look_at[sighted.dag_id] = None

    def push(self, core: Core, command: TakePush, turn: Turn, now: float) -> Callable[[], Reply]:
        """Take a push in; its reply is known at the end of the turn. Raises NotFoundError."""
        pair, event = (command.dag_id, command.key), command.event
        if pair not in self.wanted:
            raise NotFoundError(f"DAG {command.dag_id!r} waits for no such push")
        known = core.store.run_by_idempotency_key(command.dag_id, _idempotency_key(event))
        if known is not None:
            return lambda: PushTaken(known, False)
        self.sight(Sighted(*pair, Sighting(event.delivery, event)), turn, now)
        return lambda: self._push_taken(core, pair)

    def _push_taken(self, core: Core, pair: Pair) -> Reply:
        mark = self.marks[pair]
        if mark.refused:
            return Failed(FailureKind.INVALID, mark.refused)
        if mark.waiting is None:
            key = core.run_keys.get(mark.run_id)
            row = run_row(core.runs[key].live) if key is not None else core.store.run(mark.run_id)
            return PushTaken(row, True)
        is_paused = core.dags.rows[pair[0]].paused
        wait = "the DAG is paused" if is_paused else f"run {mark.run_id} is still queued"
        return PushTaken(None, False, f"{wait}; a run for the newest push starts after that")

    def start_due(self, core: Core, turn: Turn, now: float) -> bool:
        """Start a run for whatever waits and may begin; whether any was started."""
        has_started = False
        while self._look_at:
            dag_id, _ = self._look_at.popitem()
            for pair, mark in list(self.marks.items()):
                if pair[0] == dag_id and mark.waiting is not None and self._start(core, pair, mark, turn, now):
                    has_started = True
        return has_started

    def _start(self, core: Core, pair: Pair, mark: Mark, turn: Turn, now: float) -> bool:
        row, trigger = core.dags.rows.get(pair[0]), self.wanted.get(pair)
        if row is None or trigger is None or not row.present:
            return False
        event = triggers.due(mark, is_paused=row.paused, is_queued=_is_queued(core, mark.run_id))
        if event is None:
            return False
        if event.kind == "commit":
            event = msgspec.structs.replace(event, before=mark.state)
        try:
            run_id = _create(core, pair[0], trigger, event, turn, now)
        except PotokError as error:
            # what cannot start must not fail the turn: it would be tried for ever
            turn.batch.audit.append(AuditRow(now, trigger.text, "start failed", pair[0], {"error": str(error)}))
            self._put(pair, triggers.refused(mark, f"{event.text} started no run: {error}"), turn)
            return False
        self._put(pair, triggers.started(mark, run_id, now), turn)
        return True

    def _put(self, pair: Pair, mark: Mark, turn: Turn) -> None:
        if self.marks.get(pair) != mark:
            self.marks[pair] = mark
            turn.batch.trigger_marks.append(TriggerMarkRow(*pair, mark))
            turn.dags_changed.append(pair[0])


def _create(core: Core, dag_id: str, trigger: Trigger, event: Event, turn: Turn, now: float) -> str:
    version = core.dags.current(dag_id)
    params = version.check_params({name: event.field(field) for name, field in trigger.params.items()})
    record = msgspec.structs.replace(
        core.record(version, "", now, TriggerKind(event.kind), params, now),
        triggered_by=event.text,
        idempotency_key=_idempotency_key(event) if event.delivery else None,
        event=event.brief(),
    )
    core.create(version, record, turn)
    return record.run_id


def _idempotency_key(event: Event) -> str:
    return f"push {event.delivery}"


def _is_queued(core: Core, run_id: str) -> bool:
    key = core.run_keys.get(run_id)
    return key is not None and core.runs[key].record.state is RunState.QUEUED


def _stored(core: Core, dag_id: str, bundle: str) -> Dag | None:
    """A DAG whose file is broken now stays as it was."""
    version = core.versions.get(dag_id, bundle)
    return version.dag if version is not None else None


def _with_secret(mark: Mark | None, trigger: OnPush, row: VariableRow | None, now: float) -> Mark:
    name, trouble = trigger.secret, ""
    if row is None:
        trouble = f"there is no variable {name!r} to check signatures by; make it: potok variables set {name} --secret"
    elif not row.secret:
        trouble = f"variable {name!r} is no secret; set it anew: potok variables set {name} --secret"
    return triggers.troubled(mark or Mark(), trouble, now)
