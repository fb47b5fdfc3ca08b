"""An edge of the dependency graph, and a reference that leads nowhere."""

from typing import Literal

from msgspec import Struct

EdgeKind = Literal[
    "call", "metadata", "type", "query", "event_subscription", "scheduled_job", "service", "right", "subsystem", "form",
    "handler", "extension",
]  # fmt: skip


class Edge(Struct, frozen=True, gc=False):
    """`source` and `target` are full names of objects; `line` and `column` count from 1 and are 0 where unknown.

    `source_method` is empty in module code and in metadata; `target_file` and `target_method` are set when a method
    is meant. `via` tells how the target was named: name, alias (a variable that holds a common module), text.
    """

    kind: str
    project: str
    source: str
    source_file: str
    line: int
    column: int
    source_method: str
    target: str
    target_file: str = ""
    target_method: str = ""
    via: str = "name"
    target_project: str = ""


class Loose(Struct, frozen=True, gc=False):
    """A reference that leads nowhere, with the reason: no_method, not_exported, no_object, no_handler.

    Two reasons are no fault: `local_variable`, a variable of its method or an attribute that is spelled like a common
    module; `filled_in`, a table whose name is put into the text of the query at run time.
    """

    kind: str
    project: str
    source: str
    source_file: str
    line: int
    column: int
    source_method: str
    path: str
    reason: str
