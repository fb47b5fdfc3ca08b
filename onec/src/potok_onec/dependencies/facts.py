"""What one object says of others, in code and in metadata, before anybody knows whether they exist. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from potok_onec.bsl.query import parse_query
from potok_onec.configuration import Form, FormContent, FormItem, Member, MetadataObject, Module, TypeDescription
from potok_onec.configuration.kinds import KINDS
from potok_onec.configuration.values import Value

_FULL_NAME: Final = re.compile(r"[A-Z]\w+(?:\.\w+)+")
# Handlers of subscriptions and jobs have edges of their own kinds.
_METHOD: Final = re.compile(r"CommonModule\.\w+\.\w+")


class Fact(Struct, frozen=True, gc=False, array_like=True):
    """`kind` is that of the edge it may become, or of the reference in code; `path` is what was written."""

    kind: str
    object: str
    file: str
    line: int
    column: int
    method: str
    path: str
    root: str = ""
    owner: str = ""


def facts(item: MetadataObject) -> Iterator[Fact]:
    """Every reference of the object: its modules, queries, forms, rights, properties, types and what it extends."""
    for module in item.modules:
        yield from _of_module(item, module)
    yield from _of_properties(item)
    yield from _of_types(item)
    for form in item.forms:
        yield from _of_form(item, form)
    if item.content is not None:
        yield from _of_form(item, None)
    yield from _of_rights(item)
    yield from _of_services(item)
    yield from _of_schemas(item)
    if item.is_adopted:
        yield Fact("extension", item.full_name, item.file, item.line, 0, "", item.full_name)


def _of_module(item: MetadataObject, module: Module) -> Iterator[Fact]:
    for one in module.references:
        yield Fact(
            one.kind, item.full_name, module.file, one.line, one.column, one.method, one.path, one.root, module.owner
        )
    for query in module.queries:
        for table in query.tables:
            yield Fact("query", item.full_name, module.file, query.line, 0, query.method, table)


def _of_properties(item: MetadataObject) -> Iterator[Fact]:
    def fact(kind: str, path: str) -> Fact:
        return Fact(kind, item.full_name, item.file, item.line, 0, "", path)

    if item.kind == "EventSubscription":
        yield fact("event_subscription", str(item.properties.get("Handler", "")))
    elif item.kind == "ScheduledJob":
        yield fact("scheduled_job", str(item.properties.get("MethodName", "")))
    for name, value in item.properties.items():
        kind = "subsystem" if (item.kind, name) == ("Subsystem", "Content") else "metadata"
        for path in _paths(value):
            yield fact(kind, path)
    for path in item.exchange_content:
        yield fact("metadata", path)
    for member in item.walk_members():
        for value in member.properties.values():
            for path in _paths(value):
                yield Fact("metadata", item.full_name, item.file, member.line, 0, "", path)


def _paths(value: Value) -> Iterator[str]:
    """Full names of objects and their parts, however deep: owners, forms by default, values to fill in, pictures."""
    if isinstance(value, str):
        if _FULL_NAME.fullmatch(value) and value.partition(".")[0] in KINDS and not _METHOD.fullmatch(value):
            yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _paths(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _paths(each)


def _of_types(item: MetadataObject) -> Iterator[Fact]:
    yield from _type(item, item.type, item.file, item.line)
    for member in item.walk_members():
        yield from _type(item, member.type, item.file, member.line)


def _type(item: MetadataObject, described: TypeDescription | None, file: str, line: int) -> Iterator[Fact]:
    for name in described.types if described else ():
        if "." in name:
            yield Fact("type", item.full_name, file, line, 0, "", name)


def _of_form(item: MetadataObject, form: Form | None) -> Iterator[Fact]:
    content = form.content if form else item.content
    if content is None:
        return
    owner = f"Form.{form.member.name}" if form else ""

    def handler(name: str, line: int) -> Fact:
        return Fact("form", item.full_name, content.file, line, 0, "", name, "", owner)

    holders: tuple[FormContent | FormItem, ...] = (content, *content.items)
    for holder in holders:
        for name, line in zip(holder.handlers.values(), holder.handler_lines, strict=True):
            yield handler(name, line)
    for command in content.commands:
        if command.action:
            yield handler(command.action, command.line)
    for attribute in content.attributes:
        yield from _type(item, attribute.type, content.file, attribute.line)
        for column in attribute.columns:
            yield from _type(item, column.type, content.file, column.line)


def _of_rights(item: MetadataObject) -> Iterator[Fact]:
    if item.rights is None:
        return
    granted = dict[str, int]()
    for right in item.rights.rights:
        if right.value:
            granted.setdefault(right.object, right.line)
    for path, line in granted.items():
        yield Fact("right", item.full_name, item.rights.file, line, 0, "", path)


def _of_services(item: MetadataObject) -> Iterator[Fact]:
    if item.kind not in ("HTTPService", "WebService", "IntegrationService", "Bot"):
        return
    for member in item.walk_members():
        name = _service_handler(member)
        if name:
            yield Fact("service", item.full_name, item.file, member.line, 0, "", name)


def _service_handler(member: Member) -> str:
    for property_name in ("Handler", "ProcedureName", "ReceiveMessageProcessing"):
        value = member.properties.get(property_name)
        if isinstance(value, str) and value:
            return value
    return ""


def _of_schemas(item: MetadataObject) -> Iterator[Fact]:
    """Tables of queries in data composition schemas and dynamic lists."""
    for template in (*item.templates, *((item.template,) if item.template else ())):
        for data_set in template.data_sets:
            for name in _tables(data_set.query):
                yield Fact("query", item.full_name, template.file, data_set.line, 0, "", name)
    for form in item.forms:
        if form.content is None:
            continue
        for attribute in form.content.attributes:
            for name in _tables(attribute.query):
                yield Fact("query", item.full_name, form.content.file, attribute.line, 0, "", name)


def _tables(query: str) -> list[str]:
    return list(dict.fromkeys(table.name for table in parse_query(query).package.tables)) if query else []
