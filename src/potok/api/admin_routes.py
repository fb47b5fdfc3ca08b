"""Routes of what a server has: pools, connections, variables, workers, health, audit. Secrets go in, never out."""

from __future__ import annotations

from typing import Annotated

import msgspec

from potok.api import views
from potok.api.call import Call
from potok.api.dag_routes import Limit, ShortText
from potok.api.problem import ProblemError
from potok.api.routing import Routes
from potok.model.answers import AuditItem, ConnectionItem, Health, Page, Pool, VariableItem, Workers
from potok.model.wire import Connection
from potok.scheduler.commands import (
    DeleteConnection,
    DeletePool,
    DeleteVariable,
    PutConnection,
    PutPool,
    PutVariable,
)
from potok.store.rows import PoolRow

NameText = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]

routes = Routes()


class NamePath(msgspec.Struct, forbid_unknown_fields=True):
    name: NameText


class PoolBody(msgspec.Struct, forbid_unknown_fields=True):
    """Without `description` the pool keeps the one it has."""

    slots: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    description: ShortText | None = None


class ConnectionBody(msgspec.Struct, forbid_unknown_fields=True):
    """`password` and `extra` are encrypted at rest and never shown again."""

    kind: NameText | None = None
    host: str = ""
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] | None = None
    login: str = ""
    password: str = ""
    schema: str = ""
    extra: dict[str, object] = {}


class VariableBody(msgspec.Struct, forbid_unknown_fields=True):
    """`value` is any JSON value; a secret one is encrypted at rest and never shown again."""

    value: object
    secret: bool = False


class AuditQuery(msgspec.Struct, forbid_unknown_fields=True):
    limit: Limit = 50
    cursor: str | None = None


@routes.route("GET", "/pools", summary="Pools and their use now")
async def list_pools(call: Call) -> Page[Pool]:
    uses = {use.name: use for use in (await call.health()).pools}
    rows = {row.name: row for row in await call.read(call.server.reader.pools)}
    # what only the scheduler knows is declared in potok.toml
    rows |= {use.name: PoolRow(use.name, use.slots, source="config") for use in uses.values() if use.name not in rows}
    return Page([views.pool(rows[name], uses.get(name)) for name in sorted(rows)])


@routes.route("PUT", "/pools/{name}", summary="Make a pool or change its size", errors=(409,))
async def put_pool(call: Call, where: NamePath, body: PoolBody) -> None:
    description = body.description
    if description is None:
        known = {row.name: row.description for row in await call.read(call.server.reader.pools)}
        description = known.get(where.name, "")
    await call.do(PutPool(where.name, call.actor, body.slots, description))


@routes.route("DELETE", "/pools/{name}", summary="Delete a pool", errors=(409,))
async def delete_pool(call: Call, where: NamePath) -> None:
    await call.do(DeletePool(where.name, call.actor))


@routes.route("GET", "/connections", summary="Connections without their secrets")
async def list_connections(call: Call) -> Page[ConnectionItem]:
    rows = await call.read(call.server.reader.connections)
    return Page([views.connection(row) for row in rows])


@routes.route("PUT", "/connections/{name}", summary="Make or replace a connection")
async def put_connection(call: Call, where: NamePath, body: ConnectionBody) -> None:
    connection = Connection(
        name=where.name,
        kind=body.kind or "",
        host=body.host,
        port=body.port,
        login=body.login,
        password=body.password,
        schema=body.schema,
        extra=body.extra,
    )
    await call.do(PutConnection(connection, call.actor))


@routes.route("DELETE", "/connections/{name}", summary="Delete a connection")
async def delete_connection(call: Call, where: NamePath) -> None:
    await call.do(DeleteConnection(where.name, call.actor))


@routes.route("GET", "/variables", summary="Variables; the value of a secret one is null")
async def list_variables(call: Call) -> Page[VariableItem]:
    rows = await call.read(call.server.reader.variables)
    return Page([views.variable(row) for row in rows])


@routes.route("PUT", "/variables/{name}", summary="Set a variable")
async def put_variable(call: Call, where: NamePath, body: VariableBody) -> None:
    await call.do(PutVariable(where.name, call.actor, body.value, body.secret))


@routes.route("DELETE", "/variables/{name}", summary="Delete a variable")
async def delete_variable(call: Call, where: NamePath) -> None:
    await call.do(DeleteVariable(where.name, call.actor))


@routes.route("GET", "/workers", summary="Worker processes now")
async def list_workers(call: Call) -> Workers:
    workers = await call.workers()
    return Workers([views.worker(info) for info in workers.workers], workers.slots, workers.free)


@routes.route("GET", "/health", summary="How the server is")
async def get_health(call: Call) -> Health:
    health = await call.health()
    reader = call.server.reader
    return Health(
        version=call.server.settings.version,
        started_at=views.instant(health.started_at),
        epoch=health.epoch,
        turn=health.turn,
        lag_s=health.lag_s,
        commit_ms=health.commit_ms,
        active_runs=health.active_runs,
        tasks_running=health.tasks_running,
        tasks_queued=health.tasks_queued,
        runs_by_state=await call.read(reader.run_state_counts),
        store_bytes=await call.read(reader.size_bytes),
        parked_events=len(await call.read(reader.parked_events)),
        counters=health.counters,
    )


@routes.route("GET", "/audit", summary="Who did what, newest first")
async def list_audit(call: Call, where: AuditQuery) -> Page[AuditItem]:
    before = _audit_cursor(where.cursor)
    rows = await call.read(call.server.reader.audit, where.limit + 1, before)
    shown = rows[: where.limit]
    cursor = str(shown[-1].audit_id) if len(rows) > where.limit else None
    return Page([views.audit_item(row) for row in shown], cursor)


def _audit_cursor(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise ProblemError(422, "query.cursor: is not one that this listing gave", field="query.cursor")
    return int(cursor)
