"""Routes of DAGs: list, graph, code, pause, trigger."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec

from potok.api import dag_list, views
from potok.api.board import Board
from potok.api.bundle_files import read_bundle
from potok.api.call import Call
from potok.api.dag_list import DagOrder, DagState
from potok.api.problem import ProblemError
from potok.api.routing import Encoded, Routes
from potok.model.answers import DagItem, DagView, ImportFailure, Page, Run, Source, TriggerView
from potok.model.board import CountedPage, DagFacets
from potok.model.trigger import Mark
from potok.scheduler.commands import PauseDag, TriggerRun
from potok.store.rows import DagRow, VersionRow

Limit = Annotated[int, msgspec.Meta(ge=1, le=200)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=366 * 86_400)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
ShortText = Annotated[str, msgspec.Meta(max_length=2_000)]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]

# A long list with many bars costs milliseconds; the scheduler on the same loop goes first after each part.
_DAGS_AT_ONCE = 10

routes = Routes()


class DagsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`runs`: how many of each DAG's last runs come along. `present`: 0 lists the DAGs whose file is gone.

    `search` finds names by parts, also in the wrong keyboard layout. `order`: `attention` puts failed and late DAGs
    first.
    """

    limit: Limit = 50
    cursor: str | None = None
    search: ShortText = ""
    tag: str = ""
    owner: str = ""
    state: DagState | None = None
    order: DagOrder = DagOrder.NAME
    present: bool = True
    runs: Annotated[int, msgspec.Meta(ge=0, le=50)] = 5


class FacetsQuery(msgspec.Struct, forbid_unknown_fields=True):
    present: bool = True


class DagPath(msgspec.Struct, forbid_unknown_fields=True):
    dag_id: str


class DagVersionQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`bundle`: a version; the newest one without it."""

    dag_id: str
    bundle: str | None = None


class TriggerBody(msgspec.Struct, forbid_unknown_fields=True):
    """`countdown_s` delays the start; a run that has not started `expires_s` after its creation is cancelled.

    `logical_date` is an instant with its offset, such as `2026-11-23T02:00:00Z`; the present moment without it.
    """

    params: dict[str, object] = {}
    logical_date: Instant | None = None
    note: ShortText = ""
    idempotency_key: Key | None = None
    countdown_s: Seconds | None = None
    expires_s: Seconds | None = None


class NoteBody(msgspec.Struct, forbid_unknown_fields=True):
    note: ShortText = ""


class _EncodedView(msgspec.Struct):
    """A DagView whose graph is JSON already."""

    dag: DagItem
    graph: msgspec.Raw
    triggers: list[TriggerView]


@routes.route("GET", "/dags", summary="DAGs with their last runs, usual length and next start")
async def list_dags(call: Call, where: DagsQuery) -> Encoded[CountedPage[DagItem]]:
    choice = dag_list.DagChoice(where.search, where.tag, where.owner, where.state, where.present)

    def listed() -> CountedPage[DagItem]:
        board = Board(call.server.reader, call.server.board, call.now)
        return dag_list.page(board, choice, where.order, where.cursor, where.limit, where.runs)

    return await call.packed(listed)


@routes.route("GET", "/dag-facets", summary="What the list of DAGs can be filtered by")
async def dag_facets(call: Call, where: FacetsQuery) -> DagFacets:
    def counted() -> DagFacets:
        return dag_list.facets(Board(call.server.reader, call.server.board, call.now), where.present)

    return await asyncio.to_thread(counted)


@routes.route("GET", "/dags/{dag_id}", summary="One DAG with the graph of a version")
async def get_dag(call: Call, where: DagVersionQuery) -> Encoded[DagView]:
    row = await dag_row(call, where.dag_id)
    bundle = where.bundle or row.bundle
    cache = call.server.graphs
    graph = cache.get(row.dag_id, bundle)
    if graph is None:
        version = await _version(call, row.dag_id, bundle)
        graph = msgspec.json.encode(views.dag_graph(version.dag, bundle))
        cache.put(row.dag_id, bundle, graph)
    [item] = await _items(call, [row], 30)
    return Encoded(msgspec.json.encode(_EncodedView(item, msgspec.Raw(graph), await _triggers(call, row))))


@routes.route("GET", "/dags/{dag_id}/source", summary="The code of a version")
async def get_source(call: Call, where: DagVersionQuery) -> Source:
    row = await dag_row(call, where.dag_id)
    version = await _version(call, row.dag_id, where.bundle or row.bundle)
    files = read_bundle(call.server.settings.home / "bundles", version.bundle, version.files)
    return Source(row.dag_id, version.bundle, version.dag.file, version.dag.location, files)


@routes.route("POST", "/dags/{dag_id}/runs", summary="Start a run", statuses=(201, 200), errors=(409,))
async def trigger_run(call: Call, where: DagPath, body: TriggerBody) -> Run:
    """201 and the new run; 200 and the first run when the idempotency key was used before."""
    triggered = await call.trigger(
        TriggerRun(
            dag_id=where.dag_id,
            actor=call.actor,
            params=body.params,
            logical_date=body.logical_date.timestamp() if body.logical_date else None,
            note=body.note,
            idempotency_key=body.idempotency_key,
            countdown_s=body.countdown_s,
            expires_s=body.expires_s,
        )
    )
    call.status = 201 if triggered.created else 200
    return views.run(triggered.run, call.now)


@routes.route("POST", "/dags/{dag_id}/pause", summary="Stop starting runs by schedule")
async def pause_dag(call: Call, where: DagPath, body: NoteBody) -> DagItem:
    return await _set_paused(call, where.dag_id, True, body.note)


@routes.route("POST", "/dags/{dag_id}/unpause", summary="Start runs by schedule again")
async def unpause_dag(call: Call, where: DagPath, body: NoteBody) -> DagItem:
    return await _set_paused(call, where.dag_id, False, body.note)


@routes.route("GET", "/import-errors", summary="DAG files that cannot be used now")
async def list_import_errors(call: Call) -> Page[ImportFailure]:
    rows = await call.read(call.server.reader.import_errors)
    return Page([views.import_failure(row) for row in rows])


async def _set_paused(call: Call, dag_id: str, paused: bool, note: str) -> DagItem:
    await call.do(PauseDag(dag_id, call.actor, paused, note))
    [item] = await _items(call, [await dag_row(call, dag_id)], 10)
    return item


async def _items(call: Call, rows: Sequence[DagRow], runs: int) -> list[DagItem]:
    reader = call.server.reader
    errors = {error.file: error for error in await call.read(reader.import_errors)}
    items: list[DagItem] = []
    for part in range(0, len(rows), _DAGS_AT_ONCE):
        if part:
            await asyncio.sleep(0)
        some = rows[part : part + _DAGS_AT_ONCE]
        last_runs = await call.read(reader.last_runs, [row.dag_id for row in some], runs) if runs else {}
        items += [views.dag_item(row, last_runs.get(row.dag_id, ()), errors.get(row.file), call.now) for row in some]
    return items


async def _triggers(call: Call, row: DagRow) -> list[TriggerView]:
    """Those of the newest version. What has none has no marks either, and costs no look at its code."""
    marks = {mark.key: mark.mark for mark in await call.read(call.server.reader.trigger_marks, row.dag_id)}
    if not marks:
        return []
    version = await _version(call, row.dag_id, row.bundle)
    return [views.trigger(row.dag_id, each, marks.get(each.key) or Mark()) for each in version.dag.triggers]


async def dag_row(call: Call, dag_id: str) -> DagRow:
    """Raises ProblemError 404."""
    row = await call.read(call.server.reader.dag, dag_id)
    if row is None:
        raise ProblemError(404, f"there is no DAG {dag_id!r}; `potok dags` lists the DAGs")
    return row


async def _version(call: Call, dag_id: str, bundle: str) -> VersionRow:
    version = await call.read(call.server.reader.load_version, dag_id, bundle)
    if version is None:
        raise ProblemError(404, f"DAG {dag_id!r} has no version {bundle!r}")
    return version
