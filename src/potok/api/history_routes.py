"""Routes of a DAG's past and plans: grid, calendar, usual run, planned starts, what was missed, how it stands."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from potok.api import dag_plans
from potok.api.call import Call
from potok.api.dag_past import Past
from potok.api.dag_routes import DagPath, Limit, dag_row
from potok.api.routing import Encoded, Routes
from potok.api.run_routes import RunPath
from potok.api.trends import metrics_of
from potok.model.answers import Page
from potok.model.history import (
    Calendar,
    Grid,
    Missed,
    Neighbours,
    PlannedStart,
    Standing,
    Usual,
    VersionUse,
)
from potok.model.trend import Metrics

routes = Routes()


class GridQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`runs`: how many columns; fewer come where they have very many tasks. `before`: the `next_cursor` of a grid."""

    dag_id: str
    runs: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 90
    before: Annotated[int, msgspec.Meta(ge=1)] | None = None


class CalendarQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`year`: the present one in the DAG's zone without it."""

    dag_id: str
    year: Annotated[int, msgspec.Meta(ge=1970, le=9998)] | None = None


class MetricsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`runs`: how many of the newest runs are looked at."""

    dag_id: str
    runs: Annotated[int, msgspec.Meta(ge=1, le=400)] = 90


class NextQuery(msgspec.Struct, forbid_unknown_fields=True):
    dag_id: str
    limit: Limit = 10


@routes.route("GET", "/dags/{dag_id}/grid", summary="A year of a DAG: tasks by runs, one letter a cell")
async def get_grid(call: Call, where: GridQuery) -> Encoded[Grid]:
    row = await dag_row(call, where.dag_id)
    return await call.packed(lambda: _past(call).grid(row, where.runs, where.before, call.now))


@routes.route("GET", "/dags/{dag_id}/calendar", summary="A year of a DAG by day, in its zone")
async def get_calendar(call: Call, where: CalendarQuery) -> Calendar:
    row = await dag_row(call, where.dag_id)
    year = where.year or datetime.fromtimestamp(call.now, ZoneInfo(row.tz)).year
    return await asyncio.to_thread(_past(call).calendar, row, year, call.now)


@routes.route("GET", "/dags/{dag_id}/metrics", summary="The numbers of a DAG's results over its runs")
async def get_metrics(call: Call, where: MetricsQuery) -> Metrics:
    """What tasks declare as metrics: each with its values, the last one, the one before and the usual one."""
    row = await dag_row(call, where.dag_id)
    return await asyncio.to_thread(metrics_of, call.server.reader, row, where.runs)


@routes.route("GET", "/dags/{dag_id}/standing", summary="How a DAG does: its last outcome and how long it is so")
async def get_standing(call: Call, where: DagPath) -> Standing:
    row = await dag_row(call, where.dag_id)
    return await call.read(_past(call).standing, row, call.now)


@routes.route("GET", "/dags/{dag_id}/usual", summary="The usual run: what its tasks take, what decides its length")
async def get_usual(call: Call, where: DagPath) -> Usual:
    row = await dag_row(call, where.dag_id)
    return await asyncio.to_thread(dag_plans.usual, _past(call), row, await _slots(call))


@routes.route("GET", "/dags/{dag_id}/next", summary="The next starts by schedule, with clock changes and collisions")
async def list_next(call: Call, where: NextQuery) -> Page[PlannedStart]:
    row = await dag_row(call, where.dag_id)
    slots = await _slots(call)
    return Page(await asyncio.to_thread(dag_plans.planned_starts, _past(call), row, slots, where.limit, call.now))


@routes.route("GET", "/dags/{dag_id}/catchup", summary="What the scheduler would start at once for missed fires")
async def get_catchup(call: Call, where: DagPath) -> Missed:
    row = await dag_row(call, where.dag_id)
    return await asyncio.to_thread(dag_plans.missed, _past(call), row, call.now)


@routes.route("GET", "/dags/{dag_id}/versions", summary="Versions of the code, newest first, with their runs")
async def list_versions(call: Call, where: DagPath) -> Page[VersionUse]:
    row = await dag_row(call, where.dag_id)
    return Page(await call.read(_past(call).versions, row))


@routes.route("GET", "/runs/{run_id}/neighbours", summary="The runs before and after a run of the same DAG")
async def get_neighbours(call: Call, where: RunPath) -> Neighbours:
    record = (await call.run_row(where.run_id)).record
    previous, following = await call.read(call.server.reader.neighbours, record.dag_id, record.run_key)
    return Neighbours(previous, following)


async def _slots(call: Call) -> dict[str, int]:
    """How large each pool is: the scheduler knows those that potok.toml declares as well."""
    return {use.name: use.slots for use in (await call.health()).pools}


def _past(call: Call) -> Past:
    return Past(call.server.reader, call.server.history)
