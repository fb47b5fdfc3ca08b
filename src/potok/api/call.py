"""What a handler works with: the request's caller, the store to read, the scheduler to ask. Decides nothing."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

import msgspec
from starlette.requests import Request

from potok.api.auth import FailedLogins
from potok.api.board_cache import BoardCache
from potok.api.graph_cache import GraphCache
from potok.api.history_cache import HistoryCache
from potok.api.index_cache import IndexCache
from potok.api.live import LiveHub
from potok.api.problem import ProblemError, from_failed, unavailable
from potok.api.routing import Encoded
from potok.api.settings import ApiSettings
from potok.api.shape_cache import ShapeCache
from potok.scheduler.commands import (
    AskBoard,
    AskHealth,
    AskWorkers,
    BoardIs,
    Changed,
    Command,
    Done,
    Explained,
    ExplainRun,
    Failed,
    HealthIs,
    Reply,
    SchedulerPort,
    Triggered,
    TriggerRun,
    WorkersAre,
)
from potok.store.protocol import Store
from potok.store.rows import RunRow

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R", bound=msgspec.Struct)

# A command answers after its commit, which takes milliseconds; a scheduler that is silent this long is not there.
_REPLY_TIMEOUT_S = 30.0
# Each search in a large log costs a core for seconds.
_SEARCHES_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Server:
    """What all requests share."""

    port: SchedulerPort
    reader: Store
    settings: ApiSettings
    live: LiveHub
    graphs: GraphCache = field(default_factory=GraphCache)
    board: BoardCache = field(default_factory=BoardCache)
    history: HistoryCache = field(default_factory=HistoryCache)
    shapes: ShapeCache = field(default_factory=ShapeCache)
    indexes: IndexCache = field(default_factory=IndexCache)
    failed_logins: FailedLogins = field(default_factory=FailedLogins)
    searches: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_SEARCHES_AT_ONCE))

    async def read(self, query: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The rows of a store's query: inline where it takes microseconds, else in a thread."""
        if self.reader.commits_inline:
            return query(*args, **kwargs)
        return await asyncio.to_thread(query, *args, **kwargs)

    async def ask(self, command: Command, expected: type[R]) -> R:
        """The scheduler's answer; raises ProblemError for a refusal or when it is not there."""
        try:
            async with asyncio.timeout(_REPLY_TIMEOUT_S):
                reply: Reply = await self.port.submit(command)
        except (TimeoutError, ConnectionError) as error:
            raise unavailable("the scheduler does not answer; it may be starting or stopping") from error
        if isinstance(reply, Failed):
            raise from_failed(reply)
        assert isinstance(reply, expected), f"{type(command).__name__} was answered by {type(reply).__name__}"
        return reply


@dataclass(slots=True)
class Call:
    """One authorised request. `status` may be set by the handler to another success code of its route."""

    server: Server
    request: Request
    actor: str
    status: int
    now: float = field(default_factory=time.time)

    async def read(self, query: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.server.read(query, *args, **kwargs)

    async def packed(self, work: Callable[[], T]) -> Encoded[T]:
        """An answer that may be large: made in a thread, and packed there for a caller that takes it so."""
        takes = "gzip" in self.request.headers.get("accept-encoding", "")

        def made() -> Encoded[T]:
            data = msgspec.json.encode(work())
            # level 1: what repeats itself shrinks to a tenth in a few milliseconds
            return Encoded(gzip.compress(data, 1) if takes else data, packed=takes)

        return await asyncio.to_thread(made)

    async def change(self, command: Command) -> Changed:
        return await self.server.ask(command, Changed)

    async def do(self, command: Command) -> None:
        await self.server.ask(command, Done)

    async def trigger(self, command: TriggerRun) -> Triggered:
        return await self.server.ask(command, Triggered)

    async def explain(self, run_id: str) -> Explained:
        return await self.server.ask(ExplainRun(run_id), Explained)

    async def health(self) -> HealthIs:
        return await self.server.ask(AskHealth(), HealthIs)

    async def board(self) -> BoardIs:
        return await self.server.ask(AskBoard(), BoardIs)

    async def workers(self) -> WorkersAre:
        return await self.server.ask(AskWorkers(), WorkersAre)

    async def run_row(self, run_id: str) -> RunRow:
        """Raises ProblemError 404."""
        row = await self.read(self.server.reader.run, run_id)
        if row is None:
            raise ProblemError(404, f"there is no run {run_id!r}; `potok runs` lists the runs")
        return row
