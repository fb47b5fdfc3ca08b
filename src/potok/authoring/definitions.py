"""What the files imported so far have defined: DAGs and tasks, in order. Builds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Definition(NamedTuple):
    """A DAG or a task function, and the file whose import made it."""

    source: object
    home: str
    namespace: Mapping[str, object]
    location: str


_known: list[Definition] = []


def add(definition: Definition) -> None:
    _known.append(definition)


def of_file(path: str) -> list[Definition]:
    """Definitions that the import of this file made."""
    return [definition for definition in _known if definition.home == path]


def of_source(source: object) -> list[Definition]:
    """Where this very object was defined."""
    return [definition for definition in _known if definition.source is source]
