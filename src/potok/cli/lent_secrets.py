"""Connections and variables that a DAG declares, lent to a run without a server: from the environment, else from the
workspace's store. They are sealed again with the key of the temporary home and go with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from potok.authoring.requests import connection, variable
from potok.model.errors import NotFoundError, PotokError
from potok.model.wire import Connection
from potok.scheduler.vault import Vault
from potok.store.rows import Batch, ConnectionRow, VariableRow

if TYPE_CHECKING:
    from potok.model.dag import Dag
    from potok.model.settings import Settings
    from potok.store.protocol import Store

T = TypeVar("T")
INSTANCE = "potok run"


def lend(dag: Dag, settings: Settings, store: Store, home: Path) -> None:
    """Put what the tasks of `dag` declare into the run's own `store`. What is found nowhere is left out: the task that
    asks for it says so. Raises StoreError when a secret of the workspace can't be opened."""
    connections = sorted({name for task in dag.tasks for name in task.connections})
    variables = sorted({name for task in dag.tasks for name in task.variables})
    if not connections and not variables:
        return
    workspace = _Workspace(settings)
    vault, now = Vault(home), time.time()
    leader = store.take_leadership(INSTANCE, now)
    batch = Batch(leader.epoch, leader.turn + 1)
    try:
        for name in connections:
            found = _of_environment(connection, name) or workspace.connection(name)
            if found is not None:
                batch.connections.append(_connection_row(found, vault, now))
        for name in variables:
            row = _variable_row(name, vault, now) or workspace.variable(name, vault)
            if row is not None:
                batch.variables.append(row)
    finally:
        workspace.close()
    store.commit(batch)


def _of_environment(ask: Callable[[str], T], name: str) -> T | None:
    try:
        return ask(name)
    except NotFoundError:
        return None


def _connection_row(one: Connection, vault: Vault, now: float) -> ConnectionRow:
    sealed = vault.seal(msgspec.msgpack.encode(one))
    return ConnectionRow(one.name, one.kind, one.host, one.port, one.login, one.schema, sealed, now)


def _variable_row(name: str, vault: Vault, now: float) -> VariableRow | None:
    """A variable of the environment; it counts as secret, since nobody said that it is not."""
    try:
        value = variable(name)
    except NotFoundError:
        return None
    return VariableRow(name, True, vault.seal(msgspec.json.encode(value)), now)


class _Workspace:
    """The workspace's store where there is one that can be read; otherwise nothing is known."""

    def __init__(self, settings: Settings) -> None:
        self._vault = Vault(Path(settings.home))
        self._store = self._opened(settings)

    def _opened(self, settings: Settings) -> Store | None:
        from potok.cli.database_url import opened, require_database

        try:
            require_database(settings)
            store = opened(settings)
        except PotokError:
            return None
        if store.pending_migrations():
            store.close()
            return None
        return store

    def close(self) -> None:
        if self._store is not None:
            self._store.close()

    def connection(self, name: str) -> Connection | None:
        row = self._store.connection(name) if self._store is not None else None
        return msgspec.msgpack.decode(self._vault.open(row.sealed), type=Connection) if row is not None else None

    def variable(self, name: str, vault: Vault) -> VariableRow | None:
        row = self._store.variable(name) if self._store is not None else None
        if row is None or not row.secret:
            return row
        return msgspec.structs.replace(row, sealed=vault.seal(self._vault.open(row.sealed)))
