"""Params and dates as they are typed on a command line. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from potok.model.errors import InvalidError


def parse_params(pairs: Sequence[str], schema: Mapping[str, object]) -> dict[str, object]:
    """`NAME=VALUE` pairs as values. JSON is read as JSON, except where `schema` declares a text; the rest is text.

    Raises InvalidError for a pair without `=` and for a name given twice. The server checks values by the schema.
    """
    values: dict[str, object] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name:
            raise InvalidError(f"--param {pair!r} has no value; write --param NAME=VALUE")
        if name in values:
            raise InvalidError(f"--param {name} is given twice; one value is meant")
        values[name] = text if _is_text(schema, name) else _json_or_text(text)
    return values


def _is_text(schema: Mapping[str, object], name: str) -> bool:
    properties = schema.get("properties")
    declared = properties.get(name) if isinstance(properties, Mapping) else None
    return isinstance(declared, Mapping) and declared.get("type") == "string"


def _json_or_text(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def parse_date(text: str) -> datetime | None:
    """An aware datetime from ISO 8601, UTC when no offset is written; None for an empty text. Raises InvalidError."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidError(
            f"{text!r} is not a date; write ISO 8601 such as 2026-01-31 or 2026-01-31T02:00+03:00"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
