"""Typed routes: one declaration drives decoding, encoding, dispatch and OpenAPI. Knows nothing of Potok's things.

A handler is `async def name(call, where: Struct, body: Struct) -> Answer`: the fields of `where` that stand in the
path template come from the path, the others from the query; `body` is JSON. Its annotations are the declaration.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl, unquote

import msgspec
from starlette.types import Receive, Scope, Send

from potok.api.problem import ProblemError, from_validation

T = TypeVar("T")
Handler = TypeVar("Handler", bound=Callable[..., Awaitable[object]])


class Streamed(Protocol):
    """What a handler returns that sends by itself: an ASGI response."""

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]: ...


class Encoded(Generic[T]):
    """An answer of type T that is JSON already; `packed`: as gzip, for a caller that takes it."""

    def __init__(self, data: bytes, *, packed: bool = False) -> None:
        self.data = data
        self.packed = packed


class NoParams(msgspec.Struct, forbid_unknown_fields=True):
    """A route without parameters."""


@dataclass(frozen=True, slots=True)
class Route:
    """`params` holds path and query fields, `body` is None when there is none; `answer` None means 204.

    `streams` is the type of one message or line of a streamed answer. `is_open`: the handler itself checks who calls,
    by a signature over the body, which it reads.
    `statuses`: the success codes, the usual one first. `errors`: what it may answer beside 401, 403, 422 and 503.
    """

    method: str
    path: str
    handler: Callable[..., Awaitable[object]]
    summary: str
    params: type[msgspec.Struct]
    body: type[msgspec.Struct] | None
    answer: object
    statuses: tuple[int, ...]
    errors: tuple[int, ...]
    media_type: str
    streams: object
    is_open: bool

    path_names: tuple[str, ...]

    @property
    def takes_params(self) -> bool:
        return self.params is not NoParams


@dataclass(slots=True)
class _Node:
    literals: dict[str, _Node] = field(default_factory=dict)
    wildcard: _Node | None = None
    routes: dict[str, Route] = field(default_factory=dict)


class Routes:
    """A table of routes, matched segment by segment: the cost does not grow with their number."""

    def __init__(self) -> None:
        self.all: list[Route] = []
        self._root = _Node()

    def route(
        self,
        method: str,
        path: str,
        *,
        summary: str,
        statuses: tuple[int, ...] = (),
        errors: tuple[int, ...] = (),
        media_type: str = "application/json",
        streams: object = None,
        is_open: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Declares the decorated handler as a route. `path` is a template below the API's root."""

        def declare(handler: Handler) -> Handler:
            hints = get_type_hints(handler)
            answer = hints["return"]
            if get_origin(answer) is Encoded:
                answer = get_args(answer)[0]
            usual = (204,) if answer is type(None) else (200,)
            missing = (404,) if "{" in path and 404 not in errors else ()
            self.add(
                Route(
                    method=method,
                    path=path,
                    handler=handler,
                    summary=summary,
                    params=hints.get("where", NoParams),
                    body=hints.get("body"),
                    answer=None if answer is type(None) else answer,
                    statuses=statuses or usual,
                    errors=(*missing, *errors),
                    media_type=media_type,
                    streams=streams,
                    is_open=is_open,
                    path_names=tuple(part[1:-1] for part in path.split("/") if part.startswith("{")),
                )
            )
            return handler

        return declare

    def add(self, route: Route) -> None:
        node = self._root
        for part in route.path.strip("/").split("/"):
            if part.startswith("{"):
                node.wildcard = node.wildcard or _Node()
                node = node.wildcard
            else:
                node = node.literals.setdefault(part, _Node())
        assert route.method not in node.routes, f"{route.method} {route.path} is declared twice"
        node.routes[route.method] = route
        self.all.append(route)

    def include(self, other: Routes) -> None:
        for route in other.all:
            self.add(route)

    def match(self, method: str, path: str) -> tuple[Route, tuple[str, ...]]:
        """The route and its path values in order. `path` is still percent-encoded, so an id may hold a slash.

        Raises ProblemError 404 or 405.
        """
        node: _Node | None = self._root
        values: list[str] = []
        for part in path.strip("/").split("/"):
            assert node is not None
            literal = node.literals.get(part)
            if literal is None:
                literal = node.wildcard
                values.append(unquote(part))
            node = literal
            if node is None:
                break
        if node is None or not node.routes:
            raise ProblemError(404, f"there is nothing at {unquote(path)}; /api/v1/openapi.json lists what there is")
        route = node.routes.get(method)
        if route is None:
            allowed = ", ".join(sorted(node.routes))
            raise ProblemError(405, f"{method} is not possible here, only {allowed}", headers={"Allow": allowed})
        return route, tuple(values)


def decode_params(route: Route, path_values: tuple[str, ...], query: bytes) -> msgspec.Struct:
    """Path and query as the route's struct; raises ProblemError 422 with the parameter's name."""
    given: dict[str, str] = {}
    if query:
        for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
            if name in given:
                raise ProblemError(422, f"query.{name}: is given more than once", field=f"query.{name}")
            given[name] = value
    for name, value in zip(route.path_names, path_values, strict=True):
        if name in given:
            raise ProblemError(422, f"query.{name}: belongs into the path", field=f"query.{name}")
        given[name] = value
    try:
        return msgspec.convert(given, route.params, strict=False)
    except msgspec.ValidationError as error:
        raise from_validation(error, "query") from None


def decode_body(route: Route, content_type: str, content: bytes) -> msgspec.Struct:
    """The JSON body as the route's struct; an empty one stands for `{}`. Raises ProblemError 415 or 422."""
    assert route.body is not None
    if not content:
        content = b"{}"
    elif content_type.partition(";")[0].strip().lower() != "application/json":
        raise ProblemError(415, "the body must be JSON, sent with Content-Type: application/json")
    try:
        return msgspec.json.decode(content, type=route.body)
    except msgspec.ValidationError as error:
        raise from_validation(error, "body") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise ProblemError(422, f"body: is not valid JSON ({error})", field="body") from None
