"""Routes of logs at random access: windows, overview, search and plain text, of a task's try or of a whole run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import quote

import msgspec
from starlette.responses import StreamingResponse

from potok.api.call import Call
from potok.api.log_place import LogPlace, lowest_level, place_of_run, place_of_task
from potok.api.log_scan import ScanOrder
from potok.api.log_search import SEARCH_MAX_S, search
from potok.api.log_view import WindowAsked, overview, text_blocks, window
from potok.api.problem import ProblemError
from potok.api.routing import Encoded, Routes, Streamed
from potok.api.run_routes import RunPath
from potok.model.journal import LogMatches, LogOverview, LogWindow

Try = Annotated[int, msgspec.Meta(ge=1)]
Line = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
Row = Annotated[int, msgspec.Meta(ge=-1_000_000_000, le=1_000_000_000)]
Lines = Annotated[int, msgspec.Meta(ge=0, le=1000)]

routes = Routes()


class RunWindowQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`level`: the lowest level to show. Rows are the lines that pass it, counted from 0; a negative `from_row` counts
    from their end. `from_line` goes before `from_row`: begin at that line, or at the next one that passes.

    At most `lines` are given, fewer when they are long."""

    run_id: str
    level: str = ""
    from_row: Row = 0
    from_line: Line | None = None
    lines: Lines = 200


class TaskWindowQuery(RunWindowQuery, forbid_unknown_fields=True, kw_only=True):
    """`level`: the lowest level to show. Rows are the lines that pass it, counted from 0; a negative `from_row` counts
    from their end. `from_line` goes before `from_row`: begin at that line, or at the next one that passes.

    At most `lines` are given, fewer when they are long. `attempt`: a try number, the last one without it."""

    task_id: str
    attempt: Try | None = None


class RunLogQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`level` is for the plain text: the lowest level to show."""

    run_id: str
    level: str = ""


class TaskLogQuery(RunLogQuery, forbid_unknown_fields=True, kw_only=True):
    """`attempt`: a try number, the last one without it. `level` is for the plain text: the lowest level to show."""

    task_id: str
    attempt: Try | None = None


class TryPath(msgspec.Struct, forbid_unknown_fields=True):
    """`attempt`: a try number, the last one without it."""

    run_id: str
    task_id: str
    attempt: Try | None = None


class LogSearchQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`q`: a text, or with `regex=1` a regular expression as in Python; letters match whatever their case without
    `case=1`. `task`, `attempt` (its try) and `level` narrow the search. `limit`: the matches given; all are counted."""

    run_id: str
    q: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    task: str = ""
    attempt: Try | None = None
    level: str = ""
    regex: bool = False
    case: bool = False
    limit: Annotated[int, msgspec.Meta(ge=1, le=5000)] = 200


@routes.route("GET", "/runs/{run_id}/tasks/{task_id}/logs/window", summary="Numbered log lines from any place on")
async def task_window(call: Call, where: TaskWindowQuery) -> Encoded[LogWindow]:
    place = await place_of_task(call, where.run_id, where.task_id, where.attempt)
    return await _window(call, place, where)


@routes.route("GET", "/runs/{run_id}/logs/window", summary="Numbered log lines of all tasks, as they were written")
async def run_window(call: Call, where: RunWindowQuery) -> Encoded[LogWindow]:
    return await _window(call, await place_of_run(call, where.run_id), where)


async def _window(call: Call, place: LogPlace, where: RunWindowQuery) -> Encoded[LogWindow]:
    asked = WindowAsked(where.level, lowest_level(where.level), where.from_row, where.from_line, where.lines)
    return Encoded(await asyncio.to_thread(window, place, place.index(call), asked))


@routes.route("GET", "/runs/{run_id}/tasks/{task_id}/logs/overview", summary="What a log holds: levels, errors, losses")
async def task_overview(call: Call, where: TryPath) -> Encoded[LogOverview]:
    place = await place_of_task(call, where.run_id, where.task_id, where.attempt)
    return Encoded(await asyncio.to_thread(overview, place, place.index(call)))


@routes.route("GET", "/runs/{run_id}/logs/overview", summary="What the log of a run holds")
async def run_overview(call: Call, where: RunPath) -> Encoded[LogOverview]:
    place = await place_of_run(call, where.run_id)
    return Encoded(await asyncio.to_thread(overview, place, place.index(call)))


@routes.route(
    "GET",
    "/runs/{run_id}/tasks/{task_id}/logs/text",
    summary="A log as plain text",
    media_type="text/plain",
    streams=str,
)
async def task_text(call: Call, where: TaskLogQuery) -> Streamed:
    """As a download; ends with what is there now."""
    place = await place_of_task(call, where.run_id, where.task_id, where.attempt)
    return _text(call, place, where.level)


@routes.route(
    "GET", "/runs/{run_id}/logs/text", summary="The log of a run as plain text", media_type="text/plain", streams=str
)
async def run_text(call: Call, where: RunLogQuery) -> Streamed:
    """As a download; each line names its task."""
    return _text(call, await place_of_run(call, where.run_id), where.level)


def _text(call: Call, place: LogPlace, level: str) -> StreamingResponse:
    name = ".".join(part for part in (place.run_id, place.task_id, str(place.try_number or "")) if part)
    safe = quote(name.replace("/", "-"), safe="-_.~")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{safe}.log", "X-Accel-Buffering": "no"}
    content = _blocks(call, place, lowest_level(level))
    return StreamingResponse(content, media_type="text/plain; charset=utf-8", headers=headers)


async def _blocks(call: Call, place: LogPlace, lowest: int) -> AsyncIterator[bytes]:
    blocks = text_blocks(place, place.index(call), lowest)
    while (block := await asyncio.to_thread(next, blocks, None)) is not None:
        yield block


@routes.route("GET", "/runs/{run_id}/logs/search", summary="Log lines of a run that match")
async def search_logs(call: Call, where: LogSearchQuery) -> Encoded[LogMatches]:
    """A pattern that takes too long is stopped and answered with 422."""
    if where.attempt is not None and not where.task:
        raise ProblemError(422, "query.attempt: needs a task", field="query.attempt")
    if where.task:
        place = await place_of_task(call, where.run_id, where.task, where.attempt)
    else:
        place = await place_of_run(call, where.run_id)
    one_try = where.attempt is not None and place.attempt is not None
    order = ScanOrder(
        path=str(place.path),
        q=where.q,
        regex=where.regex,
        case=where.case,
        limit=where.limit,
        limit_s=SEARCH_MAX_S,
        lowest=lowest_level(where.level),
        start=place.start if one_try else 0,
        end=place.end if one_try else None,
        attempt_id=place.attempt.attempt_id if one_try and place.attempt else None,
        task_id=where.task,
    )
    return Encoded(await search(order, call.request, call.server.searches))
