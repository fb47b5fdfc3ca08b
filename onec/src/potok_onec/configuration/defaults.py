"""Fills in what a layout leaves out, so that EDT and Designer give equal models. The table is properties.txt."""

from functools import cache
from importlib import resources
from typing import Final

from potok_onec.configuration.element import Element
from potok_onec.configuration.normal_form import as_list, content, normalise
from potok_onec.configuration.values import Value, integer

_TABLE: Final = "properties.txt"


@cache
def table() -> dict[str, dict[str, str]]:
    """Kind or `Parent/Part` to its properties with their defaults as written in the table."""
    text = resources.files("potok_onec.configuration").joinpath(_TABLE).read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    for block in text.replace("\\\n", " ").split("\n\n"):
        lines = [line for line in block.splitlines() if line.strip() and not line.startswith("#")]
        if not lines:
            continue
        properties = dict(pair.partition("=")[::2] for line in lines[1:] for pair in line.split())
        for path in lines[0].split():
            found[path] = properties
    return found


@cache
def properties_of(path: str) -> dict[str, str]:
    """The row of a path; a part of something unknown takes the row of the same part elsewhere, if there is one."""
    rows = table()
    found = rows.get(path)
    if found is None and "/" in path:
        tail = path.partition("/")[2]
        found = rows.get(tail) or rows.get(path.rpartition("/")[2])
    return found or {}


def fill(element: Element, parent: str = "") -> None:
    """Types, normal forms and defaults for an element and everything in it, in place.

    An adopted object says only what its extension controls; the rest is the base configuration's affair. The root of an
    extension counts as adopted too, but its name prefix or purpose are its own.
    """
    path = f"{parent}/{element.kind}" if parent else element.kind
    known = properties_of(path)
    written = element.properties
    if element.is_adopted and element.kind != "Configuration":
        written = {name: item for name, item in written.items() if name in element.states}
    found: dict[str, Value] = {}
    for name, default in known.items():
        if name in written:
            found[name] = typed(element.kind, name, written[name], default)
        elif not element.is_adopted:
            found[name] = _default(default)
    for name, item in written.items():
        if name not in found:
            found[name] = typed(element.kind, name, item, "?")
    element.properties = dict(sorted(found.items()))
    for member in element.members:
        fill(member, path)


def typed(kind: str, name: str, value: Value, default: str) -> Value:
    if name == "Content" and default == "[]":
        return content(kind, value)
    value = normalise(name, value)
    if default in ("true", "false"):
        return value == "true" if isinstance(value, str) else value
    if default.isdigit():
        return integer(value) if isinstance(value, str) else value
    if default == "[]":
        return as_list(value)
    if default == "{}":
        return value if isinstance(value, dict) else {}
    if default == "?" and value in ("true", "false"):
        return value == "true"
    return value


def _default(text: str) -> Value:
    if text in ("true", "false"):
        return text == "true"
    if text == "nil":
        return None
    if text == "[]":
        return []
    if text == "{}":
        return {}
    return int(text) if text.isdigit() else text
