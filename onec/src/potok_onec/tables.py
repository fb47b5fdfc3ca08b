"""The five tables that `parse` writes: how rows are made of a portion. One row, one fact with its file and line."""

from collections.abc import Iterator
from typing import Any, Final

from msgspec import json

from potok_onec.configuration import Member, MetadataObject, Module, Portion

# Column types by pyarrow's names, so that an empty table has the same schema as a full one.
COLUMNS: Final[dict[str, dict[str, str]]] = {
    "objects": {
        "project": "string", "kind": "string", "name": "string", "full_name": "string", "parent": "string",
        "uuid": "string", "file": "string", "line": "int32", "synonym": "string", "comment": "string",
        "types": "list", "is_adopted": "bool", "extended_object": "string", "is_known_kind": "bool",
        "forms": "list", "templates": "list", "properties": "string",
    },
    "members": {
        "project": "string", "object": "string", "kind": "string", "name": "string", "path": "string",
        "uuid": "string", "file": "string", "line": "int32", "synonym": "string", "comment": "string",
        "types": "list", "is_adopted": "bool", "extended_object": "string", "properties": "string",
    },
    "modules": {
        "project": "string", "object": "string", "owner": "string", "kind": "string", "file": "string",
        "lines": "int32", "bytes": "int64", "encoding": "string", "methods": "int32", "regions": "list",
        "has_errors": "bool",
    },
    "methods": {
        "project": "string", "object": "string", "owner": "string", "module": "string", "file": "string",
        "name": "string", "kind": "string", "line": "int32", "end_line": "int32", "is_exported": "bool",
        "is_async": "bool", "parameters": "list", "annotations": "list", "region": "string",
        "description": "string", "cyclomatic": "int32", "cognitive": "int32", "nesting": "int32",
        "statements": "int32",        "digest": "string",
    },
    "queries": {
        "project": "string", "object": "string", "file": "string", "line": "int32", "method": "string",
        "tables": "list", "temporary_tables": "list", "parameters": "list", "fragment": "string", "error": "string",
    },
}  # fmt: skip


def rows_by_table(portion: Portion) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of all tables that a portion gives, their values in the order of the columns."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for name, row in rows(portion):
        found.setdefault(name, []).append(tuple(row.values()))
    return found


def rows(portion: Portion) -> Iterator[tuple[str, dict[str, Any]]]:
    """Rows of all tables that a portion gives, with the name of the table."""
    for item in portion.objects:
        yield "objects", _object(item)
        parts = [*item.members, *(form.member for form in item.forms), *(each.member for each in item.templates)]
        for member in parts:
            yield from _members(item, member, item.full_name)
        for module in item.modules:
            yield from _module(item, module)


def _object(item: MetadataObject) -> dict[str, Any]:
    return {
        "project": item.project,
        "kind": item.kind,
        "name": item.name,
        "full_name": item.full_name,
        "parent": item.parent,
        "uuid": item.uuid,
        "file": item.file,
        "line": item.line,
        "synonym": _text(item.synonym),
        "comment": item.comment,
        "types": list(item.type.types) if item.type else [],
        "is_adopted": item.is_adopted,
        "extended_object": item.extended_object,
        "is_known_kind": item.is_known_kind,
        "forms": [form.member.name for form in item.forms],
        "templates": [template.member.name for template in item.templates],
        "properties": _text(item.properties),
    }


def _members(item: MetadataObject, member: Member, owner: str) -> Iterator[tuple[str, dict[str, Any]]]:
    path = f"{owner}.{member.kind}.{member.name}"
    row = {
        "project": item.project,
        "object": item.full_name,
        "kind": member.kind,
        "name": member.name,
        "path": path,
        "uuid": member.uuid,
        "file": item.file,
        "line": member.line,
        "synonym": _text(member.synonym),
        "comment": member.comment,
        "types": list(member.type.types) if member.type else [],
        "is_adopted": member.is_adopted,
        "extended_object": member.extended_object,
        "properties": _text(member.properties),
    }
    yield "members", row
    for part in member.members:
        yield from _members(item, part, path)


def _module(item: MetadataObject, module: Module) -> Iterator[tuple[str, dict[str, Any]]]:
    common = {"project": item.project, "object": item.full_name, "file": module.file}
    yield (
        "modules",
        {
            **common,
            "owner": module.owner,
            "kind": module.kind,
            "lines": module.lines,
            "bytes": module.bytes,
            "encoding": module.encoding,
            "methods": len(module.methods),
            "regions": list(module.regions),
            "has_errors": module.is_broken,
        },
    )
    for method in module.methods:
        yield (
            "methods",
            {
                **common,
                "owner": module.owner,
                "module": module.kind,
                "name": method.name,
                "kind": method.kind,
                "line": method.line,
                "end_line": method.end_line,
                "is_exported": method.is_exported,
                "is_async": method.is_async,
                "parameters": list(method.parameters),
                "annotations": list(method.annotations),
                "region": method.region,
                "description": method.description,
                "cyclomatic": method.cyclomatic,
                "cognitive": method.cognitive,
                "nesting": method.nesting,
                "statements": method.statements,
                "digest": method.digest,
            },
        )
    for query in module.queries:
        yield (
            "queries",
            {
                **common,
                "line": query.line,
                "method": query.method,
                "tables": list(query.tables),
                "temporary_tables": list(query.temporary_tables),
                "parameters": list(query.parameters),
                "fragment": query.fragment,
                "error": query.error,
            },
        )


def _text(value: Any) -> str:
    return json.encode(value).decode() if value else ""
