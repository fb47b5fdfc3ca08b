"""What orchestrators and Prometheus ask: is it alive, can it work, how much does it do."""

from __future__ import annotations

import asyncio

from potok.api.call import Server
from potok.api.problem import ProblemError
from potok.api.sending import NO_STORE, Answer
from potok.model.errors import StoreError
from potok.scheduler.commands import AskHealth, AskWorkers, HealthIs, WorkersAre

PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
_READY_WITHIN_S = 2.0


async def probe(server: Server, path: str) -> Answer:
    """Raises ProblemError 503 when the scheduler cannot answer a scrape."""
    if path == "/healthz":
        return _word("ok")
    if path == "/readyz":
        return await _ready(server)
    return await _metrics(server)


async def _ready(server: Server) -> Answer:
    """200 when the scheduler answers and the store can be read."""
    try:
        async with asyncio.timeout(_READY_WITHIN_S):
            await server.ask(AskHealth(), HealthIs)
            await server.read(server.reader.leader)
    except TimeoutError:
        return _word("the scheduler does not answer", 503)
    except (ProblemError, StoreError) as error:
        return _word(str(error), 503)
    return _word("ready")


async def _metrics(server: Server) -> Answer:
    from potok.api.metrics import CONTENT_TYPE, scrape

    health = await server.ask(AskHealth(), HealthIs)
    workers = await server.ask(AskWorkers(), WorkersAre)
    runs_by_state = await server.read(server.reader.run_state_counts)
    store_bytes = await server.read(server.reader.size_bytes)
    text = scrape(health, workers, runs_by_state, store_bytes, server.settings.version)
    return Answer(200, text, CONTENT_TYPE.encode(), (NO_STORE,))


def _word(text: str, status: int = 200) -> Answer:
    return Answer(status, f"{text}\n".encode(), b"text/plain; charset=utf-8", (NO_STORE,))
