"""Uvicorn round the API app: ended by us, in our order, and asleep when nobody asks."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from uvicorn.config import Config
from uvicorn.server import Server

if TYPE_CHECKING:
    from potok.api.app import PotokApp

# Requests under way when the server stops get this long; streams were ended before.
GRACEFUL_STOP_S = 5


class HttpServer(Server):
    """Uvicorn without its signal handlers (ours end everything in order) and without its ten ticks a second."""

    def __init__(self, app: PotokApp) -> None:
        config = Config(
            app,
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACEFUL_STOP_S,
        )
        super().__init__(config)
        self._app = app
        self._ending = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def main_loop(self) -> None:
        # `on_tick(0)` renews the Date header: once a second is what it needs.
        while not await self.on_tick(0):
            try:
                await asyncio.wait_for(self._ending.wait(), timeout=1.0)
            except TimeoutError:
                pass

    def stop(self) -> None:
        """Take no more connections, end streams, let `serve` return when the rest is answered."""
        self._app.close()
        self.should_exit = True
        self._ending.set()
