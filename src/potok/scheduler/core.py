"""The scheduler without its shell: items in, one Turn out. Reads the store, writes nothing; no clock of its own.

Memory may run ahead of the store for the length of one turn only: when its commit fails, `load` makes memory anew.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from random import Random

import msgspec

from potok.engine.allocate import Claim, Demand, WaitingRun, admit, allocate
from potok.engine.decide import decide
from potok.engine.decision import CallBack, CancelAttempt, Decision, Dispatch, Transition, WakeAt, advance
from potok.engine.events import (
    AttemptLost,
    Granted,
    RunAdmitted,
    RunEvent,
    RunResumed,
    StopRequested,
)
from potok.engine.live_run import Instance, LiveRun, first_instances
from potok.engine.plan import next_fire, overlap, plan, previous_fire
from potok.engine.slot_use import SlotMeter
from potok.executors.protocol import Capacity
from potok.model.dag import Dag
from potok.model.errors import PotokError
from potok.model.reason import reason
from potok.model.run import RunRecord, TriggerKind, WorkerExit
from potok.model.schedule import Schedule
from potok.model.state import RUN_ENDED, RunState, TaskState
from potok.model.wire import TaskEvent
from potok.scheduler import worker_events
from potok.scheduler.active_run import (
    ActiveRun,
    new_run,
    revive,
    run_update,
    task_row,
)
from potok.scheduler.attention import Attention
from potok.scheduler.books import Books
from potok.scheduler.callbacks import Callbacks
from potok.scheduler.calls import CallMaker
from potok.scheduler.dag_book import DagBook, Folder
from potok.scheduler.operations import answer
from potok.scheduler.run_names import manual_run_id, scheduled_run_id
from potok.scheduler.timers import AdmitTimer, ExpiryTimer, FireTimer, RunTimer, Timer, Timers
from potok.scheduler.trigger_book import Sighted, TriggerBook
from potok.scheduler.turn import Asked, Turn
from potok.scheduler.vault import Vault
from potok.scheduler.versions import Version, Versions
from potok.store.board_rows import SlotUseRow
from potok.store.protocol import Store
from potok.store.rows import AttemptRow, AuditRow, DagRow, Leader, StoredRun

log = logging.getLogger("potok.scheduler")

OPEN_FAILURES_MAX = 100_000
# how many runs a catchup keeps waiting behind those that may be active
RUNS_AHEAD = 4

Item = TaskEvent | Asked | Folder | Sighted


class Core:
    """All that the scheduler knows. `turn` is its only way to change; `committed` and `load` follow each turn."""

    def __init__(
        self,
        store: Store,
        leader: Leader,
        calls: CallMaker,
        vault: Vault,
        config_pools: Mapping[str, int],
        seed: int = 0,
    ) -> None:
        self.store = store
        self.vault = vault
        self.leader = leader
        self.calls = calls
        self.config_pools = dict(config_pools)
        self.run_key = 0
        self.attempt_id = 0
        self.random = Random(seed)
        self.turn_number = leader.turn
        self.slots = SlotMeter()
        self.triggers = TriggerBook()
        self._reset()

    def _reset(self) -> None:
        self.versions = Versions(self._load_dag)
        self.timers = Timers()
        self.dags = DagBook(self.versions, self.timers)
        self.books = Books()
        self.demand = Demand()
        self.runs: dict[int, ActiveRun] = {}
        self.run_keys: dict[str, int] = {}
        self.waiting: dict[str, list[WaitingRun]] = {}
        self.attempts: dict[int, AttemptRow] = {}
        self.callbacks = Callbacks(self.calls)
        self.attention = Attention()
        self._admit_next: dict[str, None] = {}
        self._order = 0
        self._pending: list[tuple[int, RunEvent]] = []
        self._catching_up: set[str] = set()

    def _load_dag(self, dag_id: str, bundle: str) -> Dag | None:
        row = self.store.load_version(dag_id, bundle)
        return row.dag if row is not None else None

    # --- loading ------------------------------------------------------------------------------------------------
    def load(self, *, alive: frozenset[int] = frozenset()) -> None:
        """Make memory anew from the store. Attempts that are not in `alive` are gone: their next turn says so."""
        self._reset()
        self.dags.restore(self.store.dags(), self.store.import_errors())
        self.triggers.restore(self.store.trigger_marks())
        self.attention.restore(self.store.open_failures(OPEN_FAILURES_MAX), self.store.mutes())
        self.run_key, attempt_id, outbox_id = self.store.last_ids()
        # Workers know ids that the store does not (callbacks): an id is never given out twice in one life.
        self.attempt_id = max(self.attempt_id, attempt_id, *alive)
        # A turn that failed may have given its run keys to other runs.
        self.calls.forget_all()
        self.load_pools()
        for stored in self.store.load_active_runs():
            self._revive(stored, alive)
        self.callbacks.restore(self.store.load_outbox(), outbox_id)

    def load_pools(self) -> None:
        """Pools of the configuration and those set by users; a user's setting wins."""
        self.books.pool_slots = dict(self.config_pools) | {row.name: row.slots for row in self.store.pools()}

    def _revive(self, stored: StoredRun, alive: frozenset[int]) -> None:
        record = stored.row.record
        version = self.versions.get(record.dag_id, record.bundle)
        if version is None:
            log.error("run %s cannot go on: version %s of its DAG is not in the store", record.run_id, record.bundle)
            return
        active = revive(stored, version)
        self._hold(active)
        if record.state is RunState.QUEUED:
            self._wait(active)
            return
        self.books.run_begins(record.dag_id)
        self._pending.append((record.run_key, RunResumed()))
        attempts = {row.attempt_id: row for row in stored.attempts if row.outcome is None}
        for at, instance in enumerate(active.live.instances):
            if instance.state is TaskState.QUEUED:
                self._demand(active, at)
            elif instance.state is TaskState.RUNNING and instance.attempt_id is not None:
                self.books.take(record.run_key, at, version.lane(at, record.params))
                self.attempts[instance.attempt_id] = attempts.get(instance.attempt_id) or _attempt(
                    instance.attempt_id, active, at, instance, instance.started_at or record.created_at
                )
                if instance.attempt_id not in alive:
                    lost = AttemptLost(at, instance.attempt_id, WorkerExit())
                    self._pending.append((record.run_key, lost))

    def activate(self, run_id: str) -> ActiveRun | None:
        """The run, brought back from the store if it has ended; None when there is no such run."""
        key = self.run_keys.get(run_id)
        if key is not None:
            return self.runs[key]
        row = self.store.run(run_id)
        stored = self.store.load_run(row.record.run_key) if row else None
        version = self.versions.get(row.record.dag_id, row.record.bundle) if row else None
        return revive(stored, version) if stored is not None and version is not None else None

    def hold(self, active: ActiveRun) -> None:
        """Keep a run that was brought back by `activate` and is about to run again."""
        if active.record.run_key not in self.runs:
            self._hold(active)

    def _hold(self, active: ActiveRun) -> None:
        self.runs[active.record.run_key] = active
        self.run_keys[active.record.run_id] = active.record.run_key

    # --- the turn -------------------------------------------------------------------------------------------------
    def turn(self, items: Iterable[Item], now: float, capacity: Capacity) -> Turn:
        """Everything that follows from `items` and from the timers that are due at `now`."""
        self.turn_number += 1
        turn = Turn(self.leader.epoch, self.turn_number)
        pending, self._pending = self._pending, []
        for run_key, event in pending:
            self._recovered(run_key, event, turn, now)
        for item in items:
            if isinstance(item, Asked):
                answer(self, item, turn, now)
            elif isinstance(item, Folder):
                self.dags.take(item, turn, now)
                self.triggers.take(self, item, turn, now)
                self.attention.files_mended(turn.batch.import_errors_gone, turn)
                # a version may let more runs be active than the one before
                self._admit_next.update(dict.fromkeys(self.waiting))
            elif isinstance(item, Sighted):
                self.triggers.sight(item, turn, now)
            else:
                worker_events.take(self, item, turn, now)
        for timer in self.timers.due(now):
            self._timer(timer, turn, now)
        self._admit(turn, now)
        while self.triggers.start_due(self, turn, now):
            self._admit(turn, now)
        self._grant(turn, now, capacity)
        self._write(turn, now)
        return turn

    def last_turn(self, now: float) -> Turn:
        """The turn of an orderly stop: every attempt that did not end in time is set aside."""
        self.turn_number += 1
        turn = Turn(self.leader.epoch, self.turn_number)
        worker_events.set_aside(self, turn, now)
        self._write(turn, now)
        return turn

    def committed(self, turn: Turn) -> None:
        """The turn is safe: let go of the runs that it ended."""
        for run_key, live in turn.runs.items():
            if live.record.state in RUN_ENDED:
                self.runs.pop(run_key, None)
                self.run_keys.pop(live.record.run_id, None)
                self.calls.forget(run_key)

    def next_wake(self) -> float | None:
        """When the next turn is due without any item."""
        return self.timers.next_at()

    @property
    def has_pending(self) -> bool:
        """Whether a turn is due at once (after loading)."""
        return bool(self._pending)

    def _write(self, turn: Turn, now: float) -> None:
        batch = turn.batch
        self.attention.take(self, turn)
        batch.slot_use.extend(
            SlotUseRow(use.at, use.busy_s, use.peak) for use in self.slots.moved(len(self.attempts), now)
        )
        for run_key, live in turn.runs.items():
            if run_key in turn.new_runs:
                batch.runs_new.append(new_run(self.runs[run_key]))
            else:
                batch.runs.append(run_update(live))
        for run_key, at in turn.touched:
            if run_key not in turn.new_runs:
                live = turn.runs[run_key]
                batch.tasks.append(task_row(run_key, at, live.graph.dag.tasks[at].task_id, live.instances[at]))

    # --- one run ----------------------------------------------------------------------------------------------------
    def apply(self, active: ActiveRun, event: RunEvent, turn: Turn, now: float) -> Decision:
        """Let the engine decide, install what it decided, and note what is to be written and done."""
        live = active.live
        before = live.record.state
        decision = decide(live, event, now)
        if decision.stale:
            return decision
        advance(live, decision)
        run_key = live.run_key
        turn.runs[run_key] = live
        for at in decision.changes:
            turn.touched[run_key, at] = None
        for transition in decision.transitions:
            turn.transitions.append((live, transition))
            self._keep_books(active, transition)
        for command in decision.commands:
            self._obey(active, command, turn, now)
        if live.record.state is not before:
            self._run_moved(active, before)
        return decision

    def _keep_books(self, active: ActiveRun, transition: Transition) -> None:
        run_key, at = active.record.run_key, transition.position
        if transition.before is TaskState.QUEUED:
            self.demand.remove(run_key, at)
        elif transition.before is TaskState.RUNNING:
            self.books.release(run_key, at)
        if transition.after is TaskState.QUEUED:
            self._demand(active, at)
        elif transition.after is TaskState.RUNNING:
            self.books.take(run_key, at, active.version.lane(at, active.record.params))

    def _demand(self, active: ActiveRun, at: int) -> None:
        self._order += 1
        lane = active.version.lane(at, active.record.params)
        self.demand.add(lane, Claim(self._order, active.record.run_key, at))

    def _run_moved(self, active: ActiveRun, before: RunState) -> None:
        record = active.record
        if before is RunState.QUEUED:
            self._unwait(record.dag_id, record.run_key)
        if record.state is RunState.RUNNING:
            self.books.run_begins(record.dag_id)
        elif record.state in RUN_ENDED:
            if before is RunState.RUNNING:
                self.books.run_ends(record.dag_id)
            self._admit_next[record.dag_id] = None
            if record.dag_id in self._catching_up:
                self._catching_up.discard(record.dag_id)
                self.timers.add(0.0, FireTimer(record.dag_id))

    def _obey(
        self, active: ActiveRun, command: Dispatch | CancelAttempt | WakeAt | CallBack, turn: Turn, now: float
    ) -> None:
        if isinstance(command, Dispatch):
            self._dispatch(active, command, turn, now)
        elif isinstance(command, CancelAttempt):
            turn.cancels.append(command.attempt_id)
        elif isinstance(command, WakeAt):
            self.timers.add(command.at, RunTimer(active.record.run_key, command.event))
        else:
            self.callbacks.promise(active, command, turn, now)

    def _dispatch(self, active: ActiveRun, command: Dispatch, turn: Turn, now: float) -> None:
        at, instance = command.position, active.live.instances[command.position]
        row = _attempt(command.attempt_id, active, at, instance, now)
        self.attempts[command.attempt_id] = row
        self.books.queue_served[active.version.dag.tasks[at].queue] = now
        turn.batch.attempts_new.append(row)
        tries = (instance.try_number, instance.max_tries)
        upstream = active.upstream_values(at)
        turn.calls.append(self.calls.task_call(active.record, active.version, at, command.attempt_id, tries, upstream))

    def _recovered(self, run_key: int, event: RunEvent, turn: Turn, now: float) -> None:
        active = self.runs.get(run_key)
        if active is None:
            return
        if isinstance(event, AttemptLost):
            row = self.attempts.get(event.attempt_id)
            if row is not None:
                worker_events.lost(self, active, row, event.exit, turn, now)
            return
        self.apply(active, event, turn, now)

    # --- timers, admission, grants ----------------------------------------------------------------------------------
    def _timer(self, timer: Timer, turn: Turn, now: float) -> None:
        if isinstance(timer, RunTimer):
            active = self.runs.get(timer.run_key)
            if active is not None:
                self.apply(active, timer.event, turn, now)
        elif isinstance(timer, FireTimer):
            self._fire(timer.dag_id, turn, now)
        elif isinstance(timer, AdmitTimer):
            self._admit_next[timer.dag_id] = None
        else:
            self._expire(timer, turn, now)

    def _expire(self, timer: ExpiryTimer, turn: Turn, now: float) -> None:
        active = self.runs.get(timer.run_key)
        if active is not None and not any(one.try_number for one in active.live.instances):
            self.apply(active, StopRequested(RunState.CANCELLED, reason("expired")), turn, now)

    def _fire(self, dag_id: str, turn: Turn, now: float) -> None:
        row, schedule = self.dags.rows.get(dag_id), self.dags.schedule(dag_id)
        if row is None or schedule is None or row.paused or row.next_fire is None or row.next_fire > now:
            return
        try:
            version = self.dags.current(dag_id)
            logical_dates = self._due(version, row, schedule, now)
            if not logical_dates:
                # enough of them wait; the end of a run makes room for the next
                self._catching_up.add(dag_id)
                return
            params = version.check_params({})
        except PotokError as error:
            # a schedule that cannot start must not fail the turn: it would be tried for ever
            turn.batch.audit.append(AuditRow(now, "schedule", "start failed", dag_id, {"error": str(error)}))
            logical_dates = (row.next_fire,)
        else:
            for at in logical_dates:
                late = next_fire(schedule, at)
                trigger = TriggerKind.CATCHUP if late is not None and late <= now else TriggerKind.SCHEDULE
                self._start_scheduled(version, at, trigger, params, turn, now)
        self.dags.fired(dag_id, logical_dates[-1], turn)

    def _due(self, version: Version, row: DagRow, schedule: Schedule, now: float) -> tuple[float, ...]:
        """The logical dates to start now. A long backlog is caught up a few runs ahead, never all at once."""
        if row.last_fire is None:
            return (row.next_fire,) if row.next_fire is not None else ()
        if not schedule.catchup:
            return plan(schedule, row.last_fire, now).run or (now if row.next_fire is None else row.next_fire,)
        dag_id = version.dag.dag_id
        held = self.books.active_runs.get(dag_id, 0) + len(self.waiting.get(dag_id, ()))
        room = (version.dag.max_active_runs or RUNS_AHEAD) + RUNS_AHEAD - held
        return plan(schedule, row.last_fire, now, room).run if room > 0 else ()

    def _start_scheduled(
        self, version: Version, at: float, trigger: TriggerKind, params: dict[str, object], turn: Turn, now: float
    ) -> None:
        dag, run_id = version.dag, scheduled_run_id(version.dag.dag_id, at)
        if run_id in self.run_keys or self.store.run(run_id) is not None or dag.schedule is None:
            return
        active_runs = self.books.active_runs.get(dag.dag_id, 0) + len(self.waiting.get(dag.dag_id, ()))
        verdict = overlap(dag.schedule, active_runs, dag.max_active_runs)
        if verdict.cancel_active:
            for other in list(self.runs.values()):
                # one that is being stopped already may still clean up; a second stop would end that too
                if other.record.dag_id == dag.dag_id and not other.has_ended and other.record.reason is None:
                    stop = StopRequested(
                        RunState.CANCELLED, reason("cancelled", by="schedule", note="the next run is due")
                    )
                    self.apply(other, stop, turn, now)
        if verdict.start:
            record = self.record(version, run_id, at, trigger, params, now)
            self.create(version, record, turn)

    def record(
        self,
        version: Version,
        run_id: str,
        logical_date: float,
        trigger: TriggerKind,
        params: dict[str, object],
        now: float,
    ) -> RunRecord:
        """The record of a new run; `run_id` empty gives it one of its own."""
        self.run_key += 1
        dag = version.dag
        start = previous_fire(dag.schedule, logical_date) if dag.schedule else logical_date
        return RunRecord(
            run_key=self.run_key,
            run_id=run_id or manual_run_id(dag.dag_id, now, self.run_key),
            dag_id=dag.dag_id,
            bundle=version.bundle,
            state=RunState.QUEUED,
            logical_date=logical_date,
            interval_start=start,
            interval_end=logical_date,
            trigger=trigger,
            created_at=now,
            params=params,
        )

    def create(self, version: Version, record: RunRecord, turn: Turn) -> ActiveRun:
        """A new run, waiting to be admitted in this very turn."""
        active = ActiveRun(LiveRun(version.graph, record, first_instances(version.graph)), version)
        self._hold(active)
        turn.new_runs[record.run_key] = None
        turn.runs[record.run_key] = active.live
        self._wait(active)
        return active

    def _wait(self, active: ActiveRun) -> None:
        record = active.record
        self.waiting.setdefault(record.dag_id, []).append(WaitingRun(record.run_key, record.run_after))
        self._admit_next[record.dag_id] = None
        if record.run_after is not None:
            self.timers.add(record.run_after, AdmitTimer(record.dag_id))
        if record.expires_at is not None:
            self.timers.add(record.expires_at, ExpiryTimer(record.run_key))

    def _unwait(self, dag_id: str, run_key: int) -> None:
        self.triggers.look_at(dag_id)
        left = [run for run in self.waiting.get(dag_id, ()) if run.run_key != run_key]
        if left:
            self.waiting[dag_id] = left
        else:
            self.waiting.pop(dag_id, None)

    def run_limit(self, dag_id: str, version: Version) -> int:
        """`max_active_runs` of the DAG as it is now, else of the run's version."""
        row = self.dags.rows.get(dag_id)
        current = self.versions.get(dag_id, row.bundle) if row is not None and row.present else None
        return (current or version).dag.max_active_runs

    def _admit(self, turn: Turn, now: float) -> None:
        while self._admit_next:
            dag_id, _ = self._admit_next.popitem()
            waiting = self.waiting.get(dag_id)
            if not waiting:
                continue
            limit = self.run_limit(dag_id, self.runs[waiting[0].run_key].version)
            for run_key in admit(waiting, self.books.active_runs.get(dag_id, 0), limit, now):
                self.apply(self.runs[run_key], RunAdmitted(), turn, now)

    def _grant(self, turn: Turn, now: float, capacity: Capacity) -> None:
        free = capacity.total_free
        if free > 0 and self.callbacks.waiting:
            free -= self.callbacks.dispatch(self, turn, now, free, capacity.total)
        if free <= 0 or not self.demand.size:
            return
        supply = self.books.supply(msgspec.structs.replace(capacity, total_free=free))
        for claim in allocate(self.demand, supply):
            self.attempt_id += 1
            self.apply(self.runs[claim.run_key], Granted(claim.position, self.attempt_id), turn, now)


def _attempt(attempt_id: int, active: ActiveRun, at: int, instance: Instance, now: float) -> AttemptRow:
    key, name = active.record.run_key, active.task_id(at)
    return AttemptRow(attempt_id, key, at, name, instance.try_number, now, None, now, queued_at=instance.queued_at)
