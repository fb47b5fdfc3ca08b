"""Callbacks of authors: promised in the outbox by the turn that decided them, called in a worker, crossed off after."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import msgspec

from potok.engine.decision import CallBack
from potok.model.dag import CallableRef
from potok.model.dag import Callbacks as Declared
from potok.model.run import ErrorInfo
from potok.model.wire import CallbackCall, Finished, Lost, TaskEvent
from potok.scheduler.active_run import ActiveRun
from potok.scheduler.calls import CallMaker
from potok.scheduler.turn import Turn
from potok.store.rows import AuditRow, OutboxRow

if TYPE_CHECKING:
    from potok.scheduler.core import Core

KIND = "callback"
DELIVERIES_MAX = 3
CALLBACK_MAX_S = 300.0


class Promise(msgspec.Struct, frozen=True):
    """What the outbox keeps: the callback and the run it is about."""

    run_id: str
    position: int
    call: CallbackCall


class Callbacks:
    """`waiting`: promises that no worker has yet, oldest first."""

    def __init__(self, calls: CallMaker) -> None:
        self._calls = calls
        self._outbox_id = 0
        self._running: dict[int, tuple[int, Promise, int]] = {}
        self.waiting: deque[tuple[int, Promise, int]] = deque()

    def restore(self, rows: list[OutboxRow], last_id: int) -> None:
        self._outbox_id = last_id
        for row in rows:
            if row.kind == KIND:
                self.waiting.append((row.outbox_id, msgspec.msgpack.decode(row.payload, type=Promise), 0))

    def promise(self, active: ActiveRun, command: CallBack, turn: Turn, now: float) -> None:
        """Put one outbox row for each function that the author named."""
        at = command.position
        declared = active.version.dag.callbacks if at is None else active.version.dag.tasks[at].callbacks
        for number, function in enumerate(_functions(declared, command.event)):
            call = _call(active, command, number, function, turn)
            promise = Promise(active.record.run_id, -1 if at is None else at, call)
            self._outbox_id += 1
            payload = msgspec.msgpack.encode(promise)
            turn.batch.outbox_new.append(OutboxRow(self._outbox_id, KIND, payload, now, active.record.run_key))
            self.waiting.append((self._outbox_id, promise, 0))

    def dispatch(self, core: Core, turn: Turn, now: float, free: int, total: int) -> int:
        """Hand waiting promises to workers, at most `free`; returns how many slots that took.

        Tasks keep half of the `total` slots, so that callbacks which hang cannot stop everything.
        """
        taken = 0
        free = min(free, max(1, total // 2) - len(self._running))
        while self.waiting and taken < free:
            outbox_id, promise, deliveries = self.waiting.popleft()
            active = core.activate(promise.run_id)
            if active is None or not active.version.dag.tasks:
                turn.batch.outbox_done.append(outbox_id)
                continue
            core.attempt_id += 1
            self._running[core.attempt_id] = (outbox_id, promise, deliveries + 1)
            turn.calls.append(
                self._calls.callback_call(
                    active.record, active.version, promise.call, promise.position, core.attempt_id, now + CALLBACK_MAX_S
                )
            )
            taken += 1
        return taken

    def ended(self, event: TaskEvent, turn: Turn, now: float) -> bool:
        """Whether the event is about a callback; if so it is crossed off, or tried again when its worker died."""
        found = self._running.get(event.attempt_id)
        if found is None:
            return False
        if isinstance(event, Finished | Lost):
            del self._running[event.attempt_id]
            outbox_id, promise, deliveries = found
            if isinstance(event, Lost) and deliveries < DELIVERIES_MAX:
                self.waiting.append(found)
            else:
                turn.batch.outbox_done.append(outbox_id)
                _tell_failure(event, promise, turn, now)
        return True

    def holders(self) -> tuple[str, ...]:
        """The callbacks that hold a worker now: `run_id on_failure`."""
        return tuple(f"{promise.run_id} {promise.call.event}" for _, promise, _ in self._running.values())

    @property
    def running(self) -> frozenset[int]:
        """Attempt ids of callbacks that a worker has now."""
        return frozenset(self._running)


def _tell_failure(event: Finished | Lost, promise: Promise, turn: Turn, now: float) -> None:
    """A callback that failed is nobody's task: the audit is where people find it."""
    if isinstance(event, Finished) and event.error is None:
        return
    error = (
        f"{event.error.kind}: {event.error.message}" if isinstance(event, Finished) and event.error else "worker lost"
    )
    detail: dict[str, object] = {"callback": promise.call.event, "task": promise.call.task_id, "error": error}
    turn.batch.audit.append(AuditRow(now, "callback", "callback failed", promise.run_id, detail))


def _functions(declared: Declared, event: str) -> tuple[CallableRef, ...]:
    return {
        "on_success": declared.on_success,
        "on_failure": declared.on_failure,
        "on_retry": declared.on_retry,
    }[event]


def _call(active: ActiveRun, command: CallBack, number: int, function: CallableRef, turn: Turn) -> CallbackCall:
    if command.position is None:
        return CallbackCall(command.event, function.qualname, number, None, str(active.record.state), 0, None)
    instance = active.live.instances[command.position]
    return CallbackCall(
        event=command.event,
        qualname=function.qualname,
        position=number,
        task_id=active.task_id(command.position),
        state=str(instance.state),
        try_number=instance.try_number,
        error=_error(active, command.position, turn),
    )


def _error(active: ActiveRun, at: int, turn: Turn) -> ErrorInfo | None:
    for row in reversed(turn.batch.attempts_ended):
        if row.run_key == active.record.run_key and row.position == at:
            return row.error
    return None
