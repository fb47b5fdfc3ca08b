"""OpenAPI 3.1 of the routes, made from the same declarations that decode and encode. Pure."""

from __future__ import annotations

import re

import msgspec

from potok.api.problem import TITLES
from potok.api.routing import Route, Routes, Streamed
from potok.model.answers import Problem

Json = dict[str, object]

_REF = "#/components/schemas/{name}"
_REDIRECTS = (303,)
_ALWAYS = (401, 403, 422, 503)


def openapi(routes: Routes, version: str, server_url: str) -> Json:
    """The whole document; `server_url` is the API's root, such as `/api/v1`."""
    types = _types(routes)
    schemas, components = msgspec.json.schema_components(types, schema_hook=_any_json, ref_template=_REF)
    schema_of = dict(zip(map(_key, types), schemas, strict=True))
    paths: dict[str, Json] = {}
    for route in routes.all:
        operation = _operation(route, schema_of, components)
        paths.setdefault(route.path, {})[route.method.lower()] = operation
    for route in routes.all:
        components.pop(route.params.__name__, None)  # it is spelled out as parameters
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Potok",
            "version": version or "0",
            "description": "Instants are RFC 3339 in UTC, lengths are seconds. Errors are problem+json.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server_url}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _any_json(wanted: type) -> Json:
    """`object` and `Raw` (msgspec wants more than an empty schema)."""
    return {"description": "any JSON value"}


def _types(routes: Routes) -> list[object]:
    found: dict[str, object] = {_key(Problem): Problem}
    for route in routes.all:
        for wanted in (route.params, route.body, _json_answer(route), route.streams):
            if wanted is not None:
                found[_key(wanted)] = wanted
    return list(found.values())


def _key(wanted: object) -> str:
    return f"{getattr(wanted, '__module__', '')}.{wanted!r}"


def _json_answer(route: Route) -> object:
    """The part of the answer's type that is JSON; None when it only streams."""
    arguments = [part for part in getattr(route.answer, "__args__", ()) if part is not Streamed]
    if Streamed in getattr(route.answer, "__args__", ()) and arguments:
        return arguments[0]
    return None if route.answer is Streamed else route.answer


def _operation(route: Route, schema_of: dict[str, Json], components: dict[str, Json]) -> Json:
    operation: Json = {
        "operationId": route.handler.__name__,
        "summary": route.summary,
        "tags": [route.path.split("/")[1]],
        "responses": _responses(route, schema_of),
    }
    if route.handler.__doc__:
        operation["description"] = " ".join(route.handler.__doc__.split())
    parameters = _parameters(route, components)
    if parameters:
        operation["parameters"] = parameters
    if route.is_open:
        operation["security"] = []
        operation["requestBody"] = {"content": {"application/json": {"schema": {"description": "any JSON value"}}}}
    if route.body is not None:
        operation["requestBody"] = {"content": {"application/json": {"schema": schema_of[_key(route.body)]}}}
    return operation


def _parameters(route: Route, components: dict[str, Json]) -> list[Json]:
    schema = components.get(route.params.__name__, {})
    properties = schema.get("properties", {})
    assert isinstance(properties, dict)
    notes = _notes(str(schema.get("description", "")))
    found: list[Json] = []
    for name, shape in properties.items():
        in_path = name in route.path_names
        parameter: Json = {"name": name, "in": "path" if in_path else "query", "required": in_path, "schema": shape}
        if name in notes:
            parameter["description"] = notes[name]
        found.append(parameter)
    return found


def _notes(text: str) -> dict[str, str]:
    """Sentences of a docstring by the parameter that they begin with: "`wait`: answer when …"."""
    return {
        found[1]: found[2].strip() for found in re.finditer(r"`(\w+)(?:=\w+)?`[: ]([^`]*?\.)", " ".join(text.split()))
    }


def _responses(route: Route, schema_of: dict[str, Json]) -> Json:
    responses: Json = {}
    answer = _json_answer(route)
    for status in route.statuses:
        response: Json = {"description": route.summary}
        if answer is not None:
            response["content"] = {route.media_type: {"schema": schema_of[_key(answer)]}}
        elif status in _REDIRECTS:
            response["headers"] = {"Location": {"description": "Where to go on.", "schema": {"type": "string"}}}
        elif route.answer is Streamed:
            response["content"] = {route.media_type: {"schema": schema_of[_key(route.streams)]}}
        responses[str(status)] = response
    problem = {"application/problem+json": {"schema": schema_of[_key(Problem)]}}
    errors = {*_ALWAYS, *route.errors, *((413, 415) if route.body is not None else ())}
    for status in sorted(errors):
        responses[str(status)] = {"description": TITLES[status], "content": problem}
    return responses
