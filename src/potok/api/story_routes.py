"""Routes behind the page of a run: its story, its attempts in time, and what changed since the last good run."""

from __future__ import annotations

import asyncio
from typing import Annotated

import msgspec

from potok.api.call import Call
from potok.api.problem import ProblemError
from potok.api.routing import Routes
from potok.api.run_changes import changes_of
from potok.api.run_facts import RunFacts
from potok.api.run_routes import RunPath
from potok.api.run_story import attempt_span, tell
from potok.model.answers import Page
from potok.model.state import RunState
from potok.model.story import AttemptSpan, RunChanges, RunStory
from potok.store.rows import RunRow

routes = Routes()


class SpansQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`cursor` is that of the answer before."""

    run_id: str
    limit: Annotated[int, msgspec.Meta(ge=1, le=5000)] = 2000
    cursor: Annotated[str, msgspec.Meta(pattern=r"^\d{1,9}-\d{1,18}$")] | None = None


@routes.route("GET", "/runs/{run_id}/story", summary="All that the top of a run's page says")
async def get_story(call: Call, where: RunPath) -> RunStory:
    """The verdict, what speaks for a retry and what it costs, the usual length, the critical path."""
    run = await call.run_row(where.run_id)
    # only the scheduler knows why a run has not begun
    waits = run.record.state is RunState.QUEUED
    explained = (await call.explain(where.run_id)).explanation if waits else None
    return await asyncio.to_thread(lambda: tell(_facts(call, run), explained))


@routes.route("GET", "/runs/{run_id}/attempts", summary="All attempts of a run on the time axis")
async def list_spans(call: Call, where: SpansQuery) -> Page[AttemptSpan]:
    """By the tasks' positions, then in the order of the tries."""
    run = await call.run_row(where.run_id)
    after = (-1, -1)
    if where.cursor is not None:
        position, _, attempt_id = where.cursor.partition("-")
        after = (int(position), int(attempt_id))
    reader = call.server.reader
    rows = await asyncio.to_thread(reader.attempt_spans, run.record.run_key, where.limit + 1, after)
    shown = rows[: where.limit]
    cursor = f"{shown[-1].position}-{shown[-1].attempt_id}" if len(rows) > len(shown) else None
    return Page([attempt_span(row) for row in shown], cursor)


@routes.route("GET", "/runs/{run_id}/changes", summary="What changed since the last good run of the DAG")
async def get_changes(call: Call, where: RunPath) -> RunChanges:
    """Differences, not a diagnosis: code, results above the failure, params, environment, waiting, lengths."""
    run = await call.run_row(where.run_id)
    return await asyncio.to_thread(lambda: changes_of(_facts(call, run), call.server.shapes, call.server.settings.home))


def _facts(call: Call, run: RunRow) -> RunFacts:
    try:
        return RunFacts(call.server.reader, call.server.shapes, run, call.now)
    except LookupError as gone:
        raise ProblemError(404, str(gone)) from gone
