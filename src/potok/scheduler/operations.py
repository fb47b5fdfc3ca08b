"""What each command does, inside a turn. A refused command raises before it has changed anything."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from potok.engine.events import Cleared, Marked, StopRequested
from potok.model.errors import ConflictError, InvalidError, NotFoundError, PotokError, StoreError
from potok.model.reason import Reason, reason
from potok.model.run import TriggerKind
from potok.model.state import TASK_ENDED, RunState, TaskState
from potok.scheduler.active_run import ActiveRun, run_row
from potok.scheduler.commands import (
    CancelRun,
    Changed,
    ClearTasks,
    Command,
    DeleteConnection,
    DeleteMute,
    DeletePool,
    DeleteVariable,
    Done,
    Failed,
    FailureKind,
    MarkTasks,
    PauseDag,
    PutConnection,
    PutMute,
    PutPool,
    PutVariable,
    Reply,
    RetryRun,
    TakePush,
    Triggered,
    TriggerRun,
)
from potok.scheduler.turn import Asked, Turn
from potok.store.board_rows import MuteRow
from potok.store.rows import AuditRow, ConnectionRow, ParamsEditRow, PoolRow, VariableRow

if TYPE_CHECKING:
    from potok.scheduler.core import Core

Answer = Callable[[], Reply]
_KINDS: dict[type[PotokError], FailureKind] = {
    NotFoundError: FailureKind.NOT_FOUND,
    ConflictError: FailureKind.CONFLICT,
    InvalidError: FailureKind.INVALID,
    StoreError: FailureKind.UNAVAILABLE,
}
_RETRIED = frozenset({TaskState.FAILED, TaskState.CANCELLED})
_BELOW = frozenset({TaskState.UPSTREAM_FAILED, TaskState.CANCELLED, TaskState.SKIPPED})


def answer(core: Core, asked: Asked, turn: Turn, now: float) -> None:
    """Carry a command out and put its reply into the turn; it is given once the turn is committed."""
    try:
        reply = _HANDLERS[type(asked.command)](core, asked.command, turn, now)
    except PotokError as error:
        kind = next((kind for known, kind in _KINDS.items() if isinstance(error, known)), FailureKind.INVALID)
        reply = partial(Failed, kind, str(error), error.field if isinstance(error, InvalidError) else "")
    turn.replies.append((asked, reply))


def _audit(turn: Turn, now: float, command: Command, action: str, subject: str, **detail: object) -> None:
    actor = getattr(command, "actor", "")
    told = {name: value for name, value in detail.items() if value not in ("", None, False)}
    turn.batch.audit.append(AuditRow(now, actor, action, subject, told))


# --- runs -----------------------------------------------------------------------------------------------------------


def _trigger(core: Core, command: TriggerRun, turn: Turn, now: float) -> Answer:
    version = core.dags.current(command.dag_id)
    if command.idempotency_key is not None:
        first = _same_key(core, command)
        if first is not None:
            return first
    params = version.check_params(command.params)
    logical_date = now if command.logical_date is None else command.logical_date
    kind = TriggerKind.API if command.idempotency_key else TriggerKind.MANUAL
    record = msgspec.structs.replace(
        core.record(version, "", logical_date, kind, params, now),
        note=command.note,
        triggered_by=command.actor,
        idempotency_key=command.idempotency_key,
        run_after=now + command.countdown_s if command.countdown_s else None,
        expires_at=now + command.expires_s if command.expires_s is not None else None,
    )
    active = core.create(version, record, turn)
    return lambda: Triggered(run_row(active.live), True)


def _take_push(core: Core, command: TakePush, turn: Turn, now: float) -> Answer:
    return core.triggers.push(core, command, turn, now)


def _same_key(core: Core, command: TriggerRun) -> Answer | None:
    for active in core.runs.values():
        record = active.record
        if record.dag_id == command.dag_id and record.idempotency_key == command.idempotency_key:
            return partial(_first_run, active)
    row = core.store.run_by_idempotency_key(command.dag_id, command.idempotency_key or "")
    return partial(Triggered, row, False) if row is not None else None


def _first_run(active: ActiveRun) -> Reply:
    return Triggered(run_row(active.live), False)


def _run(core: Core, run_id: str) -> ActiveRun:
    active = core.activate(run_id)
    if active is None:
        raise NotFoundError(f"there is no run {run_id!r}")
    return active


def _cancel(core: Core, command: CancelRun, turn: Turn, now: float) -> Answer:
    active = _run(core, command.run_id)
    if active.has_ended:
        raise ConflictError(f"run {command.run_id!r} has ended already: {active.record.state}")
    stop = StopRequested(RunState.CANCELLED, _why("cancelled", command.actor, command.note))
    before = [one.state for one in active.live.instances]
    core.apply(active, stop, turn, now)
    _audit(turn, now, command, "cancel", command.run_id, note=command.note)
    stopped = tuple(active.task_id(at) for at, state in enumerate(before) if state not in TASK_ENDED)
    return partial(_changed, active, stopped)


def _why(code: str, by: str, note: str = "") -> Reason:
    return reason(code, by=by, note=note) if note else reason(code, by=by)


def _changed(active: ActiveRun, tasks: tuple[str, ...]) -> Reply:
    chosen = set(tasks)
    kept = sum(
        one.state is TaskState.SUCCESS and active.task_id(at) not in chosen
        for at, one in enumerate(active.live.instances)
    )
    return Changed(run_row(active.live), tasks, kept)


def _positions(active: ActiveRun, tasks: tuple[str, ...]) -> set[int]:
    known = active.version.graph.position
    for name in tasks:
        if name not in known:
            raise NotFoundError(f"run {active.record.run_id!r} has no task {name!r}; its tasks: {_some(known)}")
    return {known[name] for name in tasks}


def _some(known: dict[str, int]) -> str:
    names = list(known)
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def _retry(core: Core, command: RetryRun, turn: Turn, now: float) -> Answer:
    active = _run(core, command.run_id)
    states = [one.state for one in active.live.instances]
    chosen = _positions(active, command.tasks) or {at for at, state in enumerate(states) if state in _RETRIED}
    if not chosen:
        chosen = _held_up_no_more(active)
    wrong = [at for at in chosen if states[at] not in TASK_ENDED]
    if wrong:
        raise ConflictError(
            f"task {active.task_id(wrong[0])!r} is {states[wrong[0]]}; only an ended task can be retried"
        )
    if not chosen:
        raise ConflictError(f"run {command.run_id!r} has nothing to retry: no task failed")
    if command.downstream:
        below = active.version.graph.below(chosen)
        chosen |= {at for at in below if states[at] in _BELOW or active.version.graph.is_teardown(at)}
    return _clear_positions(core, active, command, chosen, "retry", turn, now, _edited_params(active, command))


def _edited_params(active: ActiveRun, command: RetryRun) -> dict[str, object] | None:
    """All params that the run has from now on; None when they stay as they are."""
    if not command.params:
        return None
    if not active.has_ended:
        raise ConflictError(
            f"run {command.run_id!r} still runs; its params can be edited once it has ended, or after `potok cancel`"
        )
    params = active.version.check_params(active.record.params | command.params)
    return None if params == active.record.params else params


def _held_up_no_more(active: ActiveRun) -> set[int]:
    """Tasks that did not run because of a failure above that has been marked away since."""
    broken = {TaskState.FAILED, TaskState.UPSTREAM_FAILED, TaskState.CANCELLED}
    instances, graph = active.live.instances, active.version.graph
    return {
        at
        for at, one in enumerate(instances)
        if one.state is TaskState.UPSTREAM_FAILED
        and not any(instances[above].state in broken for above in graph.upstream(at))
    }


def _clear(core: Core, command: ClearTasks, turn: Turn, now: float) -> Answer:
    active = _run(core, command.run_id)
    if not command.tasks:
        raise InvalidError("name at least one task to clear")
    chosen = _positions(active, command.tasks)
    graph = active.version.graph
    more = graph.below(chosen) if command.downstream else set()
    more |= graph.above(chosen) if command.upstream else set()
    return _clear_positions(core, active, command, chosen | more, "clear", turn, now)


def _clear_positions(
    core: Core,
    active: ActiveRun,
    command: RetryRun | ClearTasks,
    chosen: set[int],
    action: str,
    turn: Turn,
    now: float,
    params: dict[str, object] | None = None,
) -> Answer:
    """`params`: what the run has from now on instead of its own."""
    if active.record.reason is not None and not active.has_ended:
        raise ConflictError(f"run {command.run_id!r} is being stopped; {action} it once it has ended")
    if active.record.state is RunState.QUEUED:
        raise ConflictError(f"run {command.run_id!r} has not begun yet; there is nothing to {action}")
    positions = tuple(sorted(chosen))
    tasks = tuple(active.task_id(at) for at in positions)
    if command.dry_run:
        return partial(_changed, active, tasks)
    core.hold(active)
    why = _why("cleared", command.actor)
    changed: tuple[str, ...] = ()
    if params is not None:
        changed = _edit_params(core, active, command.actor, params, turn, now)
        why = reason("cleared", by=command.actor, params=changed)
    core.apply(active, Cleared(positions, why), turn, now)
    for at in positions:
        active.results.pop(at, None)
        turn.batch.results_dropped.append((active.record.run_key, at))
    told = {name: params[name] for name in changed} if params else None
    _audit(turn, now, command, action, command.run_id, tasks=list(tasks), params=told)
    return partial(_changed, active, tasks)


def _edit_params(
    core: Core, active: ActiveRun, actor: str, params: dict[str, object], turn: Turn, now: float
) -> tuple[str, ...]:
    """Give an ended run other params; returns the names of those that changed."""
    record = active.record
    changed = tuple(name for name in params if name not in record.params or record.params[name] != params[name])
    turn.batch.params_edits.append(ParamsEditRow(record.run_key, now, actor, record.params, params))
    active.live.record = msgspec.structs.replace(record, params=params)
    # calls to workers carry the params: the next one is made anew
    core.calls.forget(record.run_key)
    return changed


def _mark(core: Core, command: MarkTasks, turn: Turn, now: float) -> Answer:
    if command.state not in (TaskState.SUCCESS, TaskState.FAILED, TaskState.SKIPPED):
        raise InvalidError(f"a task can be marked success, failed or skipped, not {command.state}")
    active = _run(core, command.run_id)
    if active.record.state is RunState.QUEUED:
        raise ConflictError(f"run {command.run_id!r} has not begun yet; cancel it instead of marking its tasks")
    positions = tuple(sorted(_positions(active, command.tasks)))
    if not positions:
        raise InvalidError("name at least one task to mark")
    if all(active.live.instances[at].state is command.state for at in positions):
        raise ConflictError(f"task {command.tasks[0]!r} is {command.state} already")
    core.hold(active)
    why = _why("marked", command.actor, command.note)
    why = Reason(why.code, {**why.values, "state": str(command.state)})
    core.apply(active, Marked(positions, command.state, why), turn, now)
    _audit(turn, now, command, f"mark {command.state}", command.run_id, tasks=list(command.tasks), note=command.note)
    return partial(_changed, active, tuple(active.task_id(at) for at in positions))


# --- DAGs and settings ----------------------------------------------------------------------------------------------


def _pause(core: Core, command: PauseDag, turn: Turn, now: float) -> Answer:
    core.dags.pause(command.dag_id, command.paused, command.actor, command.note, turn, now)
    core.triggers.look_at(command.dag_id)
    _audit(turn, now, command, "pause" if command.paused else "unpause", command.dag_id, note=command.note)
    return Done


def _put_pool(core: Core, command: PutPool, turn: Turn, now: float) -> Answer:
    if not command.name or command.slots < 0:
        raise InvalidError("a pool needs a name and a number of slots of 0 or more")
    core.books.pool_slots[command.name] = command.slots
    turn.batch.pools.append(PoolRow(command.name, command.slots, command.description))
    _audit(turn, now, command, "set pool", command.name, slots=command.slots)
    return Done


def _delete_pool(core: Core, command: DeletePool, turn: Turn, now: float) -> Answer:
    if command.name not in core.books.pool_slots:
        raise NotFoundError(f"there is no pool {command.name!r}")
    if command.name in core.config_pools:
        raise ConflictError(f"pool {command.name!r} is declared in potok.toml; remove it there")
    users = [dag_id for dag_id in core.dags.rows if _uses_pool(core, dag_id, command.name)]
    if users:
        raise ConflictError(f"pool {command.name!r} is used by DAG {users[0]!r}; change its tasks first")
    del core.books.pool_slots[command.name]
    turn.batch.pools_gone.append(command.name)
    _audit(turn, now, command, "delete pool", command.name)
    return Done


def _uses_pool(core: Core, dag_id: str, pool: str) -> bool:
    row = core.dags.rows[dag_id]
    version = core.versions.get(dag_id, row.bundle) if row.present else None
    return version is not None and any(task.pool == pool for task in version.dag.tasks)


def _put_connection(core: Core, command: PutConnection, turn: Turn, now: float) -> Answer:
    one = command.connection
    if not one.name:
        raise InvalidError("a connection needs a name")
    sealed = core.vault.seal(msgspec.msgpack.encode(one))
    turn.batch.connections.append(
        ConnectionRow(one.name, one.kind, one.host, one.port, one.login, one.schema, sealed, now)
    )
    _audit(turn, now, command, "set connection", one.name)
    return Done


def _delete_connection(core: Core, command: DeleteConnection, turn: Turn, now: float) -> Answer:
    if core.store.connection(command.name) is None:
        raise NotFoundError(f"there is no connection {command.name!r}")
    turn.batch.connections_gone.append(command.name)
    _audit(turn, now, command, "delete connection", command.name)
    return Done


def _put_variable(core: Core, command: PutVariable, turn: Turn, now: float) -> Answer:
    if not command.name:
        raise InvalidError("a variable needs a name")
    data = msgspec.json.encode(command.value)
    sealed = core.vault.seal(data) if command.secret else data
    row = VariableRow(command.name, command.secret, sealed, now)
    turn.batch.variables.append(row)
    core.triggers.secret_changed(command.name, row, turn, now)
    _audit(turn, now, command, "set variable", command.name, secret=command.secret)
    return Done


def _delete_variable(core: Core, command: DeleteVariable, turn: Turn, now: float) -> Answer:
    if core.store.variable(command.name) is None:
        raise NotFoundError(f"there is no variable {command.name!r}")
    turn.batch.variables_gone.append(command.name)
    core.triggers.secret_changed(command.name, None, turn, now)
    _audit(turn, now, command, "delete variable", command.name)
    return Done


def _put_mute(core: Core, command: PutMute, turn: Turn, now: float) -> Answer:
    core.attention.mute(MuteRow(command.key, command.until, now, command.actor, command.note), turn)
    _audit(turn, now, command, "mute", command.key, until=command.until, note=command.note)
    return Done


def _delete_mute(core: Core, command: DeleteMute, turn: Turn, now: float) -> Answer:
    core.attention.unmute(command.key, turn)
    _audit(turn, now, command, "unmute", command.key)
    return Done


_HANDLERS: dict[type, Callable[[Core, Any, Turn, float], Answer]] = {
    TriggerRun: _trigger,
    CancelRun: _cancel,
    RetryRun: _retry,
    ClearTasks: _clear,
    MarkTasks: _mark,
    PauseDag: _pause,
    PutPool: _put_pool,
    DeletePool: _delete_pool,
    PutConnection: _put_connection,
    DeleteConnection: _delete_connection,
    PutVariable: _put_variable,
    TakePush: _take_push,
    DeleteVariable: _delete_variable,
    PutMute: _put_mute,
    DeleteMute: _delete_mute,
}
