"""A connection from the text in which people keep it: a URI or a JSON object. Never prints what it read."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from potok.model.errors import InvalidError
from potok.model.wire import Connection

_SHAPE = (
    "write kind://login:password@host:port/schema "
    "or a JSON object with kind, host, port, login, password, schema and extra"
)


def connection_from_text(name: str, text: str) -> Connection:
    """Raises InvalidError, which never repeats the text: it holds a password."""
    stripped = text.strip()
    return _from_json(name, stripped) if stripped.startswith("{") else _from_uri(name, stripped)


def _from_json(name: str, text: str) -> Connection:
    try:
        given = json.loads(text)
    except ValueError:
        raise InvalidError(f"connection {name!r} is not valid JSON; {_SHAPE}") from None
    # `conn_type` and `uri` spell as in neighbouring tools; `type` is what people guess.
    kind = next((given.pop(key) for key in ("kind", "type", "conn_type") if key in given), "")
    unknown = sorted(set(given) - set(Connection.__struct_fields__))
    if unknown:
        raise InvalidError(f"connection {name!r} has no field {unknown[0]!r}; other settings go into extra")
    try:
        return msgspec.convert({**given, "kind": kind, "name": name}, Connection)
    except msgspec.ValidationError as error:
        field = str(error).rpartition("`")[0].rpartition("`")[2]
        raise InvalidError(f"connection {name!r}: {field or 'a field'} is of the wrong type; {_SHAPE}") from None


def _from_uri(name: str, text: str) -> Connection:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise InvalidError(f"connection {name!r} is not a valid URI; {_SHAPE}") from None
    if not parts.scheme:
        raise InvalidError(f"connection {name!r} has no kind; {_SHAPE}")
    return Connection(
        name=name,
        kind=parts.scheme,
        host=unquote(parts.hostname or ""),
        port=port,
        login=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        schema=unquote(parts.path.lstrip("/")),
        extra=dict(parse_qsl(parts.query)),
    )
