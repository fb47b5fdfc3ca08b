"""The reference of the HTTP API, from the OpenAPI document that the server gives out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from potok.api.app import API_ROOT, all_routes
from potok.api.openapi import openapi
from potok.version import __version__

Json: TypeAlias = Mapping[str, object]

INTRO = """\
# HTTP API

OpenAPI 3.1 at `/api/v1/openapi.json` of a running server. All paths below start with `/api/v1`. Send
`Authorization: Bearer TOKEN` (`potok token` shows it). Lists are `{items, next_cursor}`: pass `next_cursor` as `cursor`
to go on. Errors are `application/problem+json`: 401 wrong token, 403 not allowed, 404 unknown, 409 the state does not
allow it, 422 a wrong value, 503 the store or the scheduler can't be used now. Instants are RFC 3339 in UTC, lengths are
seconds.

Without `/api/v1`: `/healthz` (the process lives), `/readyz` (it can work), `/metrics` (Prometheus).
"""


def api_page() -> str:
    document = openapi(all_routes(), __version__, API_ROOT)
    schemas = _mapping(_mapping(document["components"])["schemas"])
    parts = [INTRO]
    tag = ""
    for path, operations in _mapping(document["paths"]).items():
        for method, operation in _mapping(operations).items():
            found = _mapping(operation)
            if _tag(found) != tag:
                tag = _tag(found)
                parts.append(f"## {tag}\n")
            parts.append(_operation(method.upper(), path, found))
    parts.append("## Shapes\n")
    parts += [_shape(name, _mapping(schema)) for name, schema in sorted(schemas.items()) if _is_shown(_mapping(schema))]
    return "\n".join(parts)


def _mapping(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _tag(operation: Json) -> str:
    tags = _list(operation.get("tags"))
    return str(tags[0]) if tags else "other"


def _operation(method: str, path: str, operation: Json) -> str:
    lines = [f"### {method} {path}", "", str(operation.get("summary", "")).rstrip(".") + ".", ""]
    parameters = [_mapping(one) for one in _list(operation.get("parameters"))]
    if parameters:
        lines += ["| parameter | in | type | |", "|---|---|---|---|"]
        for one in parameters:
            note = str(one.get("description", "")).replace("|", "\\|")
            lines.append(f"| `{one['name']}` | {one['in']} | {_type(_mapping(one.get('schema')))} | {note} |")
        lines.append("")
    body = _content_type(_mapping(operation.get("requestBody")))
    if body:
        lines += [f"Body: {body}.", ""]
    answers = []
    for status, response in _mapping(operation.get("responses")).items():
        if status < "400":
            answers.append(f"{status} {_content_type(_mapping(response))}".strip())
    return "\n".join([*lines, f"Answers: {', '.join(answers)}.", ""])


def _content_type(holder: Json) -> str:
    """The type of a body or an answer; empty when it has none."""
    for media, content in _mapping(holder.get("content")).items():
        kind = _type(_mapping(_mapping(content).get("schema")))
        return kind if media == "application/json" else f"{kind} as `{media}`"
    return ""


def _type(schema: Json) -> str:
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[-1]
        return f"[`{name}`](#{_anchor(name)})"
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(_type(_mapping(one)) for one in _list(schema[several])))
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in _list(schema["enum"]))
    kind = str(schema.get("type", "any"))
    if kind == "array":
        return f"list of {_type(_mapping(schema.get('items')))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"mapping to {_type(_mapping(schema['additionalProperties']))}"
    form = schema.get("format")
    return f"{kind} ({form})" if form else kind


def _anchor(name: str) -> str:
    return "".join(letter for letter in name.lower().replace(" ", "-") if letter.isalnum() or letter in "-_")


def _is_shown(schema: Json) -> bool:
    """Parameters of one route are told where the route is."""
    return bool(schema.get("properties")) or "enum" in schema


def _shape(name: str, schema: Json) -> str:
    lines = [f"### {name}", ""]
    if schema.get("description"):
        lines += [" ".join(str(schema["description"]).split()), ""]
    if "enum" in schema:
        return "\n".join([*lines, _type(schema) + ".", ""])
    required = _list(schema.get("required"))
    lines += ["| field | type | |", "|---|---|---|"]
    for field, shape in _mapping(schema.get("properties")).items():
        lines.append(f"| `{field}` | {_type(_mapping(shape))} | {'' if field in required else 'may be absent'} |")
    return "\n".join([*lines, ""])
