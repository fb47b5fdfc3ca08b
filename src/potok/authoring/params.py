"""Params of a DAG: `Param`, the reference that stands for one while the DAG is built, and their JSON schema."""

from __future__ import annotations

import enum
import inspect
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import NoReturn

from potok.authoring.location import user_location
from potok.model.errors import DagError

_MISSING = object()
_JSON_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
_PLAIN: dict[object, dict[str, object]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    list: {"type": "array"},
    dict: {"type": "object"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    type(None): {"type": "null"},
}


class Param:
    """A param with its JSON schema: `Param(3, type="integer", minimum=1, description="…")`; no default: required."""

    __slots__ = ("location", "schema")

    def __init__(
        self,
        default: object = _MISSING,
        *,
        type: str | list[str] | None = None,
        description: str = "",
        **schema: object,
    ) -> None:
        self.location = user_location()
        names = [type] if isinstance(type, str) else type or []
        for name in names:
            if name not in _JSON_TYPES:
                known = ", ".join(_JSON_TYPES)
                raise DagError(f"{name!r} is not a JSON type; known are {known}", location=self.location)
        self.schema: dict[str, object] = {}
        if names:
            self.schema["type"] = type if isinstance(type, str) else list(names)
        if description:
            self.schema["description"] = description
        self.schema.update(schema)
        if default is not _MISSING:
            self.schema["default"] = default


class ParamRef:
    """Stands for a param while the DAG is built: an argument of a task, or `{{ params.x }}` inside a text."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return f"{{{{ params.{self.name} }}}}"

    def __repr__(self) -> str:
        return f"<param {self.name}>"

    def __format__(self, spec: str) -> str:
        if spec:
            raise self._refusal("formatted")
        return str(self)

    def __bool__(self) -> bool:
        raise self._refusal("tested")

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        raise self._refusal("compared")

    __hash__ = object.__hash__

    def __iter__(self) -> NoReturn:
        raise self._refusal("iterated")

    def __len__(self) -> int:
        raise self._refusal("measured")

    def __index__(self) -> int:
        raise self._refusal("used as a number")

    def __getitem__(self, key: object) -> NoReturn:
        raise self._refusal("taken apart")

    def _refusal(self, verb: str) -> DagError:
        return DagError(
            f"param {self.name!r} has no value while the DAG is built, so it cannot be {verb} here; "
            "pass it to a task and do that there",
            location=user_location(),
        )


def schema_of(properties: Mapping[str, dict[str, object]], location: str) -> dict[str, object]:
    """The JSON schema of the params' object; `{}` when there are none.

    Raises DagError when a default is not JSON or breaks its own schema.
    """
    if not properties:
        return {}
    for name, schema in properties.items():
        _check_default(name, schema, location)
    required = [name for name, schema in properties.items() if "default" not in schema]
    whole: dict[str, object] = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    if required:
        whole["required"] = required
    return whole


def of_mapping(params: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """Properties from `params={"n": 3, "mode": Param(…)}`: a plain value is a default without a type."""
    return {
        name: dict(value.schema) if isinstance(value, Param) else {"default": value} for name, value in params.items()
    }


def of_signature(function: Callable[..., object], leave_out: frozenset[str]) -> dict[str, dict[str, object]]:
    """Properties from a signature: annotations give types, defaults give defaults."""
    hints = type_hints(function)
    found: dict[str, dict[str, object]] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD) or name in leave_out:
            continue
        schema = of_type(hints.get(name))
        default = parameter.default
        if isinstance(default, Param):
            schema = {**schema, **default.schema}
        elif default is not parameter.empty:
            schema["default"] = default
            if default is None and schema.get("type") not in (None, "null") and "anyOf" not in schema:
                schema = {
                    "anyOf": [{k: v for k, v in schema.items() if k != "default"}, {"type": "null"}],
                    "default": None,
                }
        found[name] = schema
    return found


def of_type(annotation: object) -> dict[str, object]:
    """The JSON schema of an annotation; `{}` (anything) for what JSON has no word for."""
    if annotation in _PLAIN_KEYS:
        return dict(_PLAIN[annotation])
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return {"enum": [member.value for member in annotation]}
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Literal:
        return {"enum": list(arguments)}
    if origin is typing.Annotated:
        told = [extra.schema for extra in arguments[1:] if isinstance(extra, Param)]
        return {key: value for schema in (of_type(arguments[0]), *told) for key, value in schema.items()}
    if origin in (typing.Union, types.UnionType):
        options = [of_type(each) for each in arguments]
        return {"anyOf": options} if all(options) else {}
    if origin in (list, tuple, set, frozenset):
        items = of_type(arguments[0]) if arguments else {}
        return {"type": "array", "items": items} if items else {"type": "array"}
    return {"type": "object"} if origin is dict else {}


def type_hints(function: Callable[..., object]) -> dict[str, object]:
    """Annotations of a function with texts resolved; empty when a name in them is not to be found at run time."""
    try:
        return typing.get_type_hints(inspect.unwrap(function), include_extras=True)
    except Exception:
        return {}


_PLAIN_KEYS = frozenset(_PLAIN)


def _check_default(name: str, schema: dict[str, object], location: str) -> None:
    if "default" not in schema:
        return
    default = schema["default"]
    if isinstance(default, enum.Enum):
        default = schema["default"] = default.value
    if isinstance(default, date):
        default = schema["default"] = default.isoformat()
    if isinstance(default, tuple):
        default = schema["default"] = list(default)
    try:
        import json

        json.dumps(default, allow_nan=False)
    except (TypeError, ValueError):
        raise DagError(
            f"the default of param {name!r} is not JSON: {default!r}; params are texts, numbers, lists and mappings",
            location=location,
        ) from None
    if len(schema) > 1:
        _check_against(name, default, schema, location)


def _check_against(name: str, default: object, schema: dict[str, object], location: str) -> None:
    if _is_plainly_right(default, schema):
        return
    from fastjsonschema import JsonSchemaDefinitionException, JsonSchemaValueException, validate

    try:
        validate(schema, default)
    except JsonSchemaValueException as error:
        told = error.message.replace("data ", "it ", 1)
        raise DagError(
            f"the default of param {name!r} ({default!r}) breaks its own schema: {told}", location=location
        ) from None
    except JsonSchemaDefinitionException as error:
        raise DagError(f"the schema of param {name!r} is not valid: {error}", location=location) from None


def _is_plainly_right(default: object, schema: dict[str, object]) -> bool:
    """Spares the schema library its 30 ms for `n: int = 3`."""
    if schema.keys() - {"type", "default", "description"}:
        return False
    kinds = {"string": str, "boolean": bool, "integer": int, "number": float, "array": list, "object": dict}
    kind = schema.get("type")
    return kind is None or (isinstance(kind, str) and type(default) is kinds.get(kind))
