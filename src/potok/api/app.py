"""The HTTP app: checks who calls, finds the route, answers. Reads the store, sends commands; decides nothing."""

from __future__ import annotations

import logging
import time

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from potok.api import (
    admin_routes,
    board_routes,
    capacity_routes,
    dag_routes,
    event_routes,
    file_routes,
    history_routes,
    hook_routes,
    journal_routes,
    log_routes,
    probes,
    run_routes,
    story_routes,
)
from potok.api.auth import Gate
from potok.api.body import read_body
from potok.api.call import Call, Server
from potok.api.file_pages import ROOT as FILES_ROOT
from potok.api.file_pages import FilePages
from potok.api.hook_routes import HOOK_ACTOR, HOOKS
from potok.api.live import LiveHub
from potok.api.openapi import openapi
from potok.api.pages import Pages
from potok.api.problem import ProblemError, from_error
from potok.api.routing import Encoded, Route, Routes, decode_body, decode_params
from potok.api.sending import NO_STORE, PACKED, Answer, guarded, problem_answer
from potok.api.settings import ApiSettings
from potok.model.errors import PotokError
from potok.scheduler.commands import SchedulerPort
from potok.store.protocol import Store

API_ROOT = "/api/v1"
BODY_MAX_BYTES = 1024 * 1024

_log = logging.getLogger("potok.api")
_encode = msgspec.json.Encoder().encode


def all_routes() -> Routes:
    """Every route of the API, in the order of its documentation."""
    routes = Routes()
    for part in (
        board_routes,
        dag_routes,
        history_routes,
        run_routes,
        story_routes,
        file_routes,
        log_routes,
        journal_routes,
        event_routes,
        hook_routes,
        capacity_routes,
        admin_routes,
    ):
        routes.include(part.routes)
    return routes


def create_app(port: SchedulerPort, reader: Store, settings: ApiSettings) -> PotokApp:
    """The ASGI app. Call its `close` before stopping the HTTP server, or open streams hold the stop up."""
    return PotokApp(port, reader, settings)


class PotokApp:
    """One for each process that serves HTTP; lives on the event loop of `port`."""

    def __init__(self, port: SchedulerPort, reader: Store, settings: ApiSettings) -> None:
        self.live = LiveHub(port)
        self._server = Server(port, reader, settings, self.live)
        self._settings = settings
        self._gate = Gate(settings, self._server.failed_logins)
        self._pages = Pages(settings, self._gate)
        self._files = FilePages(self._server)
        self._routes = all_routes()
        self._openapi = b""

    def close(self) -> None:
        """End all live streams, log tails and long polls; other requests are still answered."""
        self.live.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            answer = await self._answer_or_problem(Request(scope, receive))
            try:
                await answer(scope, receive, send)
            except ClientDisconnect:
                pass
        else:
            await send({"type": "websocket.close", "code": 1003})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                self.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer_or_problem(self, request: Request) -> ASGIApp:
        try:
            return await self._answer(request)
        except ProblemError as problem:
            return problem_answer(problem)
        except PotokError as error:
            return problem_answer(from_error(error))
        except ClientDisconnect:
            return Answer(400, b"")
        except Exception:
            _log.exception("%s %s failed", request.method, request.url.path)
            return problem_answer(ProblemError(500, "the server made a mistake; its log has the details"))

    async def _answer(self, request: Request) -> ASGIApp:
        self._gate.check_host(request)
        now = time.time()
        path = self._path(request.scope)
        if path == API_ROOT or path.startswith(f"{API_ROOT}/"):
            below = path.removeprefix(API_ROOT)
            actor = HOOK_ACTOR if below.startswith(HOOKS) else self._gate.actor(request, now)
            return await self._api(request, below, actor, now)
        if path in probes.PATHS:
            if not self._settings.open_probes:
                self._gate.actor(request, now)
            return await probes.probe(self._server, path)
        if path.startswith(FILES_ROOT):
            return await self._files.answer(request, path, now)
        return await self._pages.answer(request, path, now)

    async def _api(self, request: Request, path: str, actor: str, now: float) -> ASGIApp:
        if path == "/openapi.json" and request.method == "GET":
            return Answer(200, self._openapi_document(), headers=(NO_STORE,))
        route, values = self._routes.match(request.method, path)
        call = Call(self._server, request, actor, route.statuses[0], now)
        arguments: dict[str, msgspec.Struct] = {}
        params = decode_params(route, values, request.scope["query_string"])
        if route.takes_params:
            arguments["where"] = params
        if route.body is not None:
            content = await read_body(request, BODY_MAX_BYTES)
            arguments["body"] = decode_body(route, request.headers.get("content-type", ""), content)
        return _encoded(route, call, await route.handler(call, **arguments))

    def _path(self, scope: Scope) -> str:
        """The path still percent-encoded and without the prefix of a proxy."""
        raw = scope.get("raw_path")
        path: str = raw.decode("latin-1").partition("?")[0] if raw else scope["path"]
        prefix = self._settings.path_prefix
        return path.removeprefix(prefix) or "/" if prefix else path

    def _openapi_document(self) -> bytes:
        if not self._openapi:
            root = f"{self._settings.path_prefix}{API_ROOT}"
            self._openapi = msgspec.json.encode(openapi(self._routes, self._settings.version, root))
        return self._openapi


def _encoded(route: Route, call: Call, answer: object) -> ASGIApp:
    assert call.status in route.statuses, f"{route.path} answered an undeclared {call.status}"
    if isinstance(answer, Response):
        return guarded(answer)
    if isinstance(answer, Encoded):
        return Answer(call.status, answer.data, headers=(NO_STORE, *(PACKED if answer.packed else ())))
    return Answer(call.status, b"" if route.answer is None else _encode(answer), headers=(NO_STORE,))
