"""What a running task may ask of the server: results, connections, variables. Outside a worker: the environment.

Never opens the database and never keeps a secret longer than the caller does.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import NamedTuple

from potok.model.connection_text import connection_from_text
from potok.model.errors import NotFoundError, PotokError
from potok.model.wire import (
    AskConnection,
    AskResult,
    AskVariable,
    Connection,
    GotConnection,
    GotResult,
    GotVariable,
    Refused,
    Value,
    WorkerReply,
    WorkerRequest,
)

Requester = Callable[[WorkerRequest], WorkerReply]


class RefusedError(PotokError):
    """The server does not give this task what it asked for; the message says why."""


class _Desk(NamedTuple):
    """Where the requests of one attempt go."""

    ask: Requester
    attempt_id: int
    token: str
    load: Callable[[Value], object] | None


# A thread that user code starts has no context of ours, so the process's last attempt is the answer there.
_in_context: ContextVar[_Desk | None] = ContextVar("potok_requester", default=None)
_in_process: _Desk | None = None


def set_requester(
    ask: Requester | None,
    *,
    attempt_id: int = 0,
    token: str = "",
    load: Callable[[Value], object] | None = None,
) -> None:
    """Send the requests of this attempt through `ask`; None ends it. `load` turns a stored result into its value."""
    global _in_process  # noqa: PLW0603 - threads without a context need it
    desk = None if ask is None else _Desk(ask, attempt_id, token, load)
    _in_context.set(desk)
    _in_process = desk


def connection(name: str) -> Connection:
    """The connection `name`, which the task declared by `connections=[…]`; outside a worker from POTOK_CONN_<NAME>.

    Raises RefusedError, or NotFoundError when the environment has none.
    """
    desk = _desk()
    if desk is not None:
        reply = _answer(desk.ask(AskConnection(desk.attempt_id, desk.token, _named(name, "connection"))))
        assert isinstance(reply, GotConnection), reply
        return reply.connection
    variable_name = _environment_name("POTOK_CONN_", name)
    text = os.environ.get(variable_name)
    if text is None:
        raise NotFoundError(f"there is no connection {name!r} here; set {variable_name} to a URI or a JSON object")
    return connection_from_text(name, text)


def variable(name: str) -> object:
    """The variable `name`, which the task declared by `variables=[…]`; outside a worker from POTOK_VAR_<NAME>.

    A text in the environment that is JSON is read as JSON. Raises RefusedError or NotFoundError.
    """
    desk = _desk()
    if desk is not None:
        reply = _answer(desk.ask(AskVariable(desk.attempt_id, desk.token, _named(name, "variable"))))
        assert isinstance(reply, GotVariable), reply
        return reply.value
    variable_name = _environment_name("POTOK_VAR_", name)
    text = os.environ.get(variable_name)
    if text is None:
        raise NotFoundError(f"there is no variable {name!r} here; set {variable_name}")
    try:
        return json.loads(text)
    except ValueError:
        return text


def result_of(task_id: str) -> object:
    """The result of another task of this run, or None. Raises RefusedError, or PotokError outside a run."""
    desk = _desk()
    if desk is None:
        raise PotokError(f"the result of {task_id!r} can be asked for only while a task runs")
    reply = _answer(desk.ask(AskResult(desk.attempt_id, desk.token, task_id)))
    assert isinstance(reply, GotResult), reply
    if reply.value is None:
        return None
    if desk.load is None:
        raise PotokError(f"the result of {task_id!r} cannot be read here")
    return desk.load(reply.value)


def _desk() -> _Desk | None:
    return _in_context.get() or _in_process


def _answer(reply: WorkerReply) -> WorkerReply:
    if isinstance(reply, Refused):
        raise RefusedError(reply.message)
    return reply


def _named(name: object, what: str) -> str:
    if not isinstance(name, str) or not name:
        raise PotokError(f"a {what} is asked for by its name, not {name!r}")
    return name


def _environment_name(prefix: str, name: str) -> str:
    return prefix + re.sub(r"\W", "_", name).upper()
