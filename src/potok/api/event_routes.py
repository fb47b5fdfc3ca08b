"""The live stream: committed changes as server-sent events, in batches. One connection is enough for a page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
from starlette.responses import StreamingResponse

from potok.api.call import Call
from potok.api.live import LiveHub
from potok.api.routing import Routes, Streamed
from potok.scheduler.commands import LiveEvent

KEEP_ALIVE_S = 15.0
# A burst of turns becomes one message: a browser redraws no faster than this anyway.
GATHER_S = 0.03
_RECONNECT_MS = 1_000

_encode = msgspec.json.Encoder().encode

routes = Routes()


class EventsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Without a filter: all runs and DAGs."""

    run_id: str = ""
    dag_id: str = ""


@routes.route(
    "GET",
    "/events",
    summary="Committed changes as they happen (SSE)",
    media_type="text/event-stream",
    streams=list[LiveEvent],
)
async def stream_events(call: Call, where: EventsQuery) -> Streamed:
    """Each message is a JSON list of changes; `lagged` means that some are missing: read the state anew.

    An event `beat` every 15 s without changes tells a listener that the line lives.
    """
    return StreamingResponse(
        _messages(call.server.live, where.run_id, where.dag_id),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


async def _messages(live: LiveHub, run_id: str, dag_id: str) -> AsyncIterator[bytes]:
    number = 0
    with live.listen(run_id=run_id, dag_id=dag_id) as listener:
        yield f"retry: {_RECONNECT_MS}\n: potok\n\n".encode()
        while True:
            events: list[LiveEvent] | None = await listener.next(KEEP_ALIVE_S)
            if events is None:
                return
            if not events:
                yield b"event: beat\ndata: 1\n\n"
                continue
            number += 1
            yield b"id: %d\ndata: %s\n\n" % (number, _encode(events))
            await asyncio.sleep(GATHER_S)
