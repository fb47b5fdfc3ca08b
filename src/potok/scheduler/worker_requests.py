"""What a running attempt may ask for: results of its run, and the connections and variables that its task declares."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping

import msgspec

from potok.model.connection_text import connection_from_text
from potok.model.errors import PotokError
from potok.model.wire import (
    AskConnection,
    AskResult,
    Connection,
    GotConnection,
    GotResult,
    GotVariable,
    Refused,
    WorkerReply,
    WorkerRequest,
)
from potok.scheduler.active_run import ActiveRun, value_of
from potok.scheduler.core import Core
from potok.scheduler.vault import Vault
from potok.store.rows import AttemptRow


class WorkerRequests:
    """Least privilege: the attempt's own token opens its own run and what its task declared, nothing else.

    `environment` of the server (POTOK_CONN_<NAME>, POTOK_VAR_<NAME>) goes before the store; workers inherit none of it.
    """

    def __init__(self, core: Core, vault: Vault, environment: Mapping[str, str]) -> None:
        self._core = core
        self._vault = vault
        self._environment = environment

    def answer(self, request: WorkerRequest) -> WorkerReply:
        """The reply, or Refused with a sentence for the task's author."""
        row = self._core.attempts.get(request.attempt_id)
        active = self._core.runs.get(row.run_key) if row else None
        token = self._core.calls.token(request.attempt_id)
        if row is None or active is None or not hmac.compare_digest(token, request.token):
            return Refused("this attempt is not running any more, so it may ask for nothing")
        try:
            if isinstance(request, AskResult):
                return self._result(active, request.task_id)
            if isinstance(request, AskConnection):
                return self._connection(active, row, request.name)
            return self._variable(active, row, request.name)
        except PotokError as error:
            return Refused(str(error))

    def _result(self, active: ActiveRun, task_id: str) -> WorkerReply:
        if task_id not in active.version.graph.position:
            return Refused(f"this run has no task {task_id!r}")
        kept = active.results.get(active.version.graph.position[task_id])
        if kept is not None:
            return GotResult(kept)
        row = self._core.store.result(active.record.run_key, task_id)
        return GotResult(value_of(row) if row is not None else None)

    def _connection(self, active: ActiveRun, row: AttemptRow, name: str) -> WorkerReply:
        task = active.version.dag.tasks[row.position]
        if name not in task.connections:
            return Refused(
                f"task {row.task_id!r} uses connection {name!r} without declaring it: add connections=[{name!r}]"
            )
        text = self._environment.get(_variable_name("POTOK_CONN_", name))
        if text is not None:
            return GotConnection(connection_from_text(name, text))
        found = self._core.store.connection(name)
        if found is None:
            return Refused(f"there is no connection {name!r}: set it with `potok connections set {name}`")
        return GotConnection(msgspec.msgpack.decode(self._vault.open(found.sealed), type=Connection))

    def _variable(self, active: ActiveRun, row: AttemptRow, name: str) -> WorkerReply:
        task = active.version.dag.tasks[row.position]
        if name not in task.variables:
            return Refused(
                f"task {row.task_id!r} uses variable {name!r} without declaring it: add variables=[{name!r}]"
            )
        text = self._environment.get(_variable_name("POTOK_VAR_", name))
        if text is not None:
            return GotVariable(_json_or_text(text), True)  # nobody said that it is not one
        found = self._core.store.variable(name)
        if found is None:
            return Refused(f"there is no variable {name!r}: set it with `potok variables set {name} VALUE`")
        data = self._vault.open(found.sealed) if found.secret else found.sealed
        return GotVariable(msgspec.json.decode(data), found.secret)


def _variable_name(prefix: str, name: str) -> str:
    """`POTOK_CONN_MY_DB` for `my-db`."""
    return prefix + re.sub(r"\W", "_", name).upper()


def _json_or_text(text: str) -> object:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
