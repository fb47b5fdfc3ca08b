"""Logs of an attempt as NDJSON in bounded chunks, to their end or followed while it runs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import msgspec
from starlette.responses import StreamingResponse

from potok.api.call import Call
from potok.api.file_watch import watch_file
from potok.api.live import Listener
from potok.api.log_place import lowest_level
from potok.api.log_segment import LEVELS, SegmentReader, Skipping
from potok.api.problem import ProblemError
from potok.api.routing import Routes, Streamed
from potok.api.run_routes import task_row
from potok.model.answers import LogEntry
from potok.model.state import RUN_ENDED
from potok.scheduler.calls import log_segment
from potok.scheduler.commands import Lagged, RunChanged, TaskChanged
from potok.store.rows import AttemptRow, RunRow, TaskRow

# A chatty task writes hundreds of times a second; its watcher is told a few dozen times.
_GATHER_S = 0.03
# The live bus tells the end of an attempt; this look at the store only heals a lost message.
_SAFETY_LOOK_S = 10.0
# Fewer lines are read and thrown away sooner than an index is made.
_SEEK_FROM = 1_000

routes = Routes()


class LogsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`attempt`: a try number, the last one without it. `follow=1`: go on until the attempt ends.

    `level`: the lowest level to show. `offset`: lines to leave out; a negative one shows only the last lines.
    """

    run_id: str
    task_id: str
    attempt: Annotated[int, msgspec.Meta(ge=1)] | None = None
    follow: bool = False
    level: str = ""
    offset: Annotated[int, msgspec.Meta(ge=-100_000, le=1_000_000_000)] = 0


@routes.route(
    "GET",
    "/runs/{run_id}/tasks/{task_id}/logs",
    summary="Log lines of an attempt (NDJSON)",
    media_type="application/x-ndjson",
    streams=LogEntry,
)
async def stream_logs(call: Call, where: LogsQuery) -> Streamed:
    """Each line is a JSON object: at, level, src, msg, logger."""
    lowest_level(where.level)
    task = await task_row(call, where.run_id, where.task_id)
    attempt = await _attempt(call, task, where.attempt)
    if attempt is None and where.attempt is not None:
        raise ProblemError(404, f"task {task.task_id!r} of run {where.run_id!r} has no try {where.attempt}")
    lines = _followed(call, where, task) if where.follow else _written(call, where, attempt)
    return StreamingResponse(lines, media_type="application/x-ndjson", headers={"X-Accel-Buffering": "no"})


class RunLogsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`follow=1`: go on until the run ends. `level`: the lowest level to show. `offset`: lines to leave out."""

    run_id: str
    follow: bool = False
    level: str = ""
    offset: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)] = 0


@routes.route(
    "GET",
    "/runs/{run_id}/logs",
    summary="Log lines of all tasks of a run, as they were written (NDJSON)",
    media_type="application/x-ndjson",
    streams=LogEntry,
)
async def stream_run_logs(call: Call, where: RunLogsQuery) -> Streamed:
    """Each line is a JSON object: at, level, src, msg, logger, task_id, attempt."""
    lowest = lowest_level(where.level)
    run = await call.run_row(where.run_id)
    logs, segment = call.server.settings.home / "logs", log_segment(run.record)
    start, skip = 0, where.offset
    if skip >= _SEEK_FROM:
        index = call.server.indexes.get((logs / segment).resolve(), None, 0)
        start, skip = await asyncio.to_thread(index.seek_row, lowest, skip, None)
    reader, skipping = SegmentReader(logs, segment, None, where.level, start), Skipping(skip)
    lines = _run_followed(call, run, reader, skipping) if where.follow else _drained(reader, skipping, None)
    return StreamingResponse(lines, media_type="application/x-ndjson", headers={"X-Accel-Buffering": "no"})


async def _run_followed(call: Call, run: RunRow, reader: SegmentReader, skipping: Skipping) -> AsyncIterator[bytes]:
    with call.server.live.listen(run_id=run.record.run_id) as listener:
        await call.server.live.subscribed()
        ender = asyncio.create_task(_run_ended(call, run.record.run_id, listener))
        path = call.server.settings.home / "logs" / log_segment(run.record)
        async for chunk in _tail(reader, skipping, path, ender):
            yield chunk


async def _run_ended(call: Call, run_id: str, listener: Listener) -> None:
    """Returns when the run has ended or the server stops."""
    while (await call.run_row(run_id)).record.state not in RUN_ENDED:
        events = await listener.next(_SAFETY_LOOK_S)
        while events and not any(isinstance(event, RunChanged | Lagged) for event in events):
            events = await listener.next(_SAFETY_LOOK_S)
        if events is None:
            return


async def _attempt(call: Call, task: TaskRow, try_number: int | None) -> AttemptRow | None:
    """The attempt of that try (the last one, when a lost worker made it run twice); None when there is none."""
    rows = await call.read(call.server.reader.attempts, task.run_key, task.position)
    wanted = [row for row in rows if try_number is None or row.try_number == try_number]
    return wanted[-1] if wanted else None


async def _reader(call: Call, where: LogsQuery, attempt: AttemptRow) -> tuple[SegmentReader, Skipping]:
    """A reader that begins near the first line to show, and what is still to be left out."""
    run = await call.run_row(where.run_id)
    segment = attempt.log.segment if attempt.log else log_segment(run.record)
    start = attempt.log.start if attempt.log else 0
    logs, skip = call.server.settings.home / "logs", where.offset
    if skip >= _SEEK_FROM:
        index = call.server.indexes.get((logs / segment).resolve(), attempt.attempt_id, start)
        lowest = LEVELS.index(where.level) if where.level else 0
        end = attempt.log.end if attempt.log else None
        start, skip = await asyncio.to_thread(index.seek_row, lowest, skip, end)
    return SegmentReader(logs, segment, attempt.attempt_id, where.level, start), Skipping(skip)


async def _written(call: Call, where: LogsQuery, attempt: AttemptRow | None) -> AsyncIterator[bytes]:
    """What is there now."""
    if attempt is None or (attempt.outcome is not None and attempt.log is None):
        return
    reader, skipping = await _reader(call, where, attempt)
    async for chunk in _drained(reader, skipping, attempt.log.end if attempt.log else None):
        yield chunk
    held = skipping.caught_up()
    if held:
        yield _chunk(held)


async def _followed(call: Call, where: LogsQuery, task: TaskRow) -> AsyncIterator[bytes]:
    """What is there now and what comes, until the attempt has ended; waits for its beginning first."""
    with call.server.live.listen(run_id=where.run_id) as listener:
        await call.server.live.subscribed()
        attempt = await _begun(call, where, task, listener)
        if attempt is None:
            return
        reader, skipping = await _reader(call, where, attempt)
        path = call.server.settings.home / "logs" / log_segment((await call.run_row(where.run_id)).record)
        ender = asyncio.create_task(_ended(call, task, attempt.attempt_id, listener), name=f"log end {where.run_id}")
        async for chunk in _tail(reader, skipping, path, ender):
            yield chunk


async def _tail(
    reader: SegmentReader, skipping: Skipping, path: Path, ender: asyncio.Task[None]
) -> AsyncIterator[bytes]:
    """What is there now and what comes, until `ender` is done; cancels it in any case."""
    grown = asyncio.Event()
    watcher = asyncio.create_task(watch_file(path, grown.set), name=f"log watch {path.name}")
    try:
        while True:
            has_ended = ender.done()
            grown.clear()
            async for chunk in _drained(reader, skipping, None):
                yield chunk
            held = skipping.caught_up()
            if held:
                yield _chunk(held)
            if has_ended:
                return
            await _either(grown, ender)
    finally:
        for helper in (watcher, ender):
            helper.cancel()
        await asyncio.gather(watcher, ender, return_exceptions=True)


async def _either(grown: asyncio.Event, ender: asyncio.Task[None]) -> None:
    """Returns when the file grew (and a moment for more) or the attempt ended."""
    waiter = asyncio.create_task(grown.wait())
    try:
        await asyncio.wait((waiter, ender), return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiter.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await waiter
    if not ender.done():
        await asyncio.sleep(_GATHER_S)


async def _begun(call: Call, where: LogsQuery, task: TaskRow, listener: Listener) -> AttemptRow | None:
    """The attempt once it exists; None when the run ended without it or the server stops."""
    while True:
        attempt = await _attempt(call, task, where.attempt)
        if attempt is not None:
            return attempt
        run = await call.run_row(where.run_id)
        if run.record.state in RUN_ENDED or await _task_moved(listener, task.task_id) is None:
            return None


async def _ended(call: Call, task: TaskRow, attempt_id: int, listener: Listener) -> None:
    """Returns when the attempt has an outcome or the server stops."""
    while True:
        rows = await call.read(call.server.reader.attempts, task.run_key, task.position)
        if all(row.outcome is not None for row in rows if row.attempt_id == attempt_id):
            return
        if await _task_moved(listener, task.task_id) is None:
            return


async def _task_moved(listener: Listener, task_id: str) -> bool | None:
    """True after a change of the task (or a while without one), None when the live bus has ended."""
    while True:
        events = await listener.next(_SAFETY_LOOK_S)
        if events is None:
            return None
        if not events or any(isinstance(event, Lagged) for event in events):
            return True
        if any(isinstance(event, TaskChanged) and event.task_id == task_id for event in events):
            return True


async def _drained(reader: SegmentReader, skipping: Skipping, end: int | None) -> AsyncIterator[bytes]:
    """Blocks are read beside the event loop, one at a time: the client's pace bounds the memory."""
    blocks = reader.read(end)
    while (lines := await asyncio.to_thread(next, blocks, None)) is not None:
        shown = skipping.take(lines)
        if shown:
            yield _chunk(shown)


def _chunk(lines: list[bytes]) -> bytes:
    return b"\n".join(lines) + b"\n"
