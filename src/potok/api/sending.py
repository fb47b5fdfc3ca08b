"""Sends answers: whole JSON bodies in two messages, and the headers that every answer carries."""

from __future__ import annotations

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from potok.api.problem import ProblemError

# No inline script or style anywhere: what a DAG or a log says can never run in the page.
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", _CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
NO_STORE = (b"cache-control", b"no-store")
PACKED = ((b"content-encoding", b"gzip"), (b"vary", b"accept-encoding"))
JSON_TYPE = b"application/json"
PROBLEM_TYPE = b"application/problem+json"


class Answer:
    """A whole body. `headers` come beside the security headers."""

    __slots__ = ("body", "content_type", "headers", "status")

    def __init__(
        self, status: int, body: bytes, content_type: bytes = JSON_TYPE, headers: tuple[tuple[bytes, bytes], ...] = ()
    ) -> None:
        self.status = status
        self.body = body
        self.content_type = content_type
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [*SECURITY_HEADERS, *self.headers]
        if self.status not in (204, 304):
            headers.append((b"content-type", self.content_type))
            headers.append((b"content-length", b"%d" % len(self.body)))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def problem_answer(problem: ProblemError) -> Answer:
    headers = tuple((name.lower().encode(), value.encode("latin-1")) for name, value in problem.headers.items())
    return Answer(problem.status, problem.body(), PROBLEM_TYPE, (NO_STORE, *headers))


def guarded(response: Response) -> Response:
    """A streaming response with the headers that every API answer carries."""
    response.raw_headers.extend((*SECURITY_HEADERS, NO_STORE))
    return response
