"""Errors on their way to an HTTP caller: problem+json (RFC 9457) with one sentence. Never shows a traceback."""

from __future__ import annotations

import re

import msgspec

from potok.model.answers import Problem
from potok.model.errors import ConflictError, InvalidError, NotFoundError, PotokError, StoreError
from potok.scheduler.commands import Failed, FailureKind

TITLES = {
    400: "Bad request",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    410: "Gone",
    413: "Too large",
    415: "Unsupported media type",
    422: "Invalid request",
    429: "Too many attempts",
    500: "Internal error",
    503: "Not available now",
}
RETRY_AFTER_S = 2

_FAILURES = {
    FailureKind.NOT_FOUND: 404,
    FailureKind.CONFLICT: 409,
    FailureKind.INVALID: 422,
    FailureKind.UNAVAILABLE: 503,
}
_AT = re.compile(r" - at `(?:key in )?\$\.?(?P<path>[^`]*)`$")


class ProblemError(Exception):
    """Ends a request with `status` and the sentence `detail`."""

    def __init__(self, status: int, detail: str, *, field: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.field = field
        self.headers = headers or {}

    def body(self) -> bytes:
        return msgspec.json.encode(Problem(TITLES[self.status], self.status, self.detail, field=self.field))


def unavailable(detail: str) -> ProblemError:
    return ProblemError(503, detail, headers={"Retry-After": str(RETRY_AFTER_S)})


def from_failed(failed: Failed) -> ProblemError:
    """The scheduler's refusal; its sentence goes through as it is."""
    status = _FAILURES[failed.kind]
    return unavailable(failed.message) if status == 503 else ProblemError(status, failed.message, field=failed.field)


def from_error(error: PotokError) -> ProblemError:
    if isinstance(error, StoreError):
        return unavailable(str(error))
    if isinstance(error, NotFoundError):
        return ProblemError(404, str(error))
    if isinstance(error, ConflictError):
        return ProblemError(409, str(error))
    return ProblemError(422 if isinstance(error, InvalidError) else 500, str(error))


def from_validation(error: msgspec.ValidationError, where: str) -> ProblemError:
    """`where`: `body`, `query` or `path`; msgspec's `- at $.a.b` becomes the field's path."""
    text = str(error)
    at = _AT.search(text)
    path = at["path"] if at else ""
    sentence = text[: at.start()] if at else text
    field = f"{where}.{path}" if path else where
    return ProblemError(422, f"{field}: {sentence[:1].lower()}{sentence[1:]}", field=field)
