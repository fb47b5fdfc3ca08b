"""Routes of what there is to run on: workers, queues and pools with who holds them, and what a task waits for."""

from __future__ import annotations

import asyncio
from typing import Annotated

import msgspec

from potok.api import capacity_views as views
from potok.api.admin_routes import NameText
from potok.api.call import Call
from potok.api.problem import ProblemError
from potok.api.routing import Routes
from potok.api.run_facts import RunFacts
from potok.api.run_routes import TaskPath
from potok.engine.explanation import Sentence
from potok.model.answers import Page
from potok.model.capacity import Occupancy, PoolPreview, PoolState, QueueState, Waiting
from potok.scheduler import capacity as held
from potok.scheduler.commands import AskOccupancy, AskWaiting
from potok.scheduler.commands import PreviewPool as AskPreview

routes = Routes()


class PoolPath(msgspec.Struct, forbid_unknown_fields=True):
    name: NameText


class PreviewQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`slots`: the number to try."""

    name: NameText
    slots: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


@routes.route("GET", "/occupancy", summary="Workers, queues and pools now, with who holds and who waits")
async def get_occupancy(call: Call) -> Occupancy:
    return await _occupancy(call)


async def _occupancy(call: Call) -> Occupancy:
    found = await call.server.ask(AskOccupancy(), held.Occupancy)
    rows = {row.name: row for row in await call.read(call.server.reader.pools)}
    version = call.server.settings.version
    return await asyncio.to_thread(views.occupancy, found, rows, version, _usual(call), call.now)


@routes.route("GET", "/queues", summary="Queues now: who waits, since when, who serves them")
async def list_queues(call: Call) -> Page[QueueState]:
    found = await call.server.ask(AskOccupancy(), held.Occupancy)
    return Page([views.queue(one) for one in found.queues])


@routes.route("GET", "/pools/{name}", summary="A pool with who holds it and who waits for it")
async def get_pool(call: Call, where: PoolPath) -> PoolState:
    for pool in (await _occupancy(call)).pools:
        if pool.name == where.name:
            return pool
    raise _no_pool(where.name)


@routes.route("GET", "/pools/{name}/preview", summary="What another number of slots would start at once")
async def preview_pool(call: Call, where: PreviewQuery) -> PoolPreview:
    occupied = await call.server.ask(AskOccupancy(), held.Occupancy)
    pool = next((one for one in occupied.pools if one.name == where.name), None)
    if pool is None:
        raise _no_pool(where.name)
    found = await call.server.ask(AskPreview(where.name, where.slots), held.PoolPreview)
    first = [views.waiter(one) for one in found.first]
    return PoolPreview(where.name, where.slots, found.starts, max(0, pool.used - where.slots), first)


@routes.route("GET", "/runs/{run_id}/tasks/{task_id}/waiting", summary="What a task waits for, unmet conditions first")
async def get_waiting(call: Call, where: TaskPath) -> Waiting:
    """For a task that does not wait (any more), why it is in its state."""
    found = (await call.server.ask(AskWaiting(where.run_id, where.task_id), held.WaitingIs)).waiting
    reasons: tuple[Sentence, ...] = ()
    if all(one.met for one in found.conditions):
        explained = (await call.explain(where.run_id)).explanation
        reasons = next((why.reasons for why in explained.tasks if why.task_id == where.task_id), ())
    return await asyncio.to_thread(views.waiting, found, reasons, _usual(call))


def _usual(call: Call) -> views.UsualTimes:
    def facts_of(run_id: str) -> RunFacts | None:
        row = call.server.reader.run(run_id)
        try:
            return RunFacts(call.server.reader, call.server.shapes, row, call.now) if row else None
        except LookupError:
            return None

    return views.UsualTimes(facts_of, call.now)


def _no_pool(name: str) -> ProblemError:
    return ProblemError(404, f"there is no pool {name!r}; `potok pools list` lists them")
