"""Task groups: a dotted name over some tasks of a DAG, and an end for `>>`."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ParamSpec, Self, overload

from potok.authoring import current
from potok.authoring.location import user_location
from potok.authoring.step import Dependent
from potok.model.dag import Group
from potok.model.errors import DagError

if TYPE_CHECKING:
    from potok.authoring.graph import Graph

P = ParamSpec("P")
_GROUP_ID = re.compile(r"[\w-]+")


class TaskGroup(Dependent):
    """`with TaskGroup("prepare"):` names the tasks in it `prepare.load`; `>>` places all of them."""

    def __init__(self, group_id: str, *, label: str = "", doc: str = "", prefix_group_id: bool = True) -> None:
        location = user_location()
        graph = current.graph()
        if graph is None:
            raise DagError(f"task group {group_id!r} stands outside a DAG", location=location)
        if not _GROUP_ID.fullmatch(str(group_id)):
            raise DagError(f"group id {group_id!r} may have letters, digits, '_' and '-' only", location=location)
        parent = graph.open_groups[-1] if graph.open_groups else None
        self.graph: Graph = graph
        self.group_id: str = f"{parent.group_id}.{group_id}" if parent else group_id
        self._prefix: str = self.group_id if prefix_group_id else parent._prefix if parent else ""
        self._label = label
        self._doc = doc
        if self.group_id in graph.groups:
            raise DagError(f"task group {self.group_id!r} is declared twice in DAG {graph.dag_id!r}", location=location)
        graph.groups[self.group_id] = self

    def __enter__(self) -> Self:
        self.graph.open_groups.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        assert self.graph.open_groups.pop() is self

    def __repr__(self) -> str:
        return f"<task group {self.group_id}>"

    def prefixed(self, task_id: str) -> str:
        return f"{self._prefix}.{task_id}" if self._prefix else task_id

    def value(self) -> Group:
        """The group as the model keeps it."""
        return Group(self.group_id, self._label, self._doc)

    def _ends(self) -> TaskGroup:
        return self


@overload
def task_group(function: Callable[P, object], /) -> Callable[P, Any]: ...


@overload
def task_group(
    *, group_id: str | None = None, label: str = "", doc: str = "", prefix_group_id: bool = True
) -> Callable[[Callable[P, object]], Callable[P, Any]]: ...


def task_group(
    function: Callable[..., object] | None = None,
    /,
    *,
    group_id: str | None = None,
    label: str = "",
    doc: str = "",
    prefix_group_id: bool = True,
) -> Callable[..., Any]:
    """Make each call of the function a task group named after it (`prepare`, `prepare__1`).

    The call yields what the function returns, or the group when that is None.
    """

    def decorate(body: Callable[..., object]) -> Callable[..., Any]:
        @functools.wraps(body)
        def grouped(*args: object, **kwargs: object) -> Any:
            wanted = group_id or body.__name__
            with TaskGroup(
                _free_id(wanted), label=label, doc=doc or (body.__doc__ or "").strip(), prefix_group_id=prefix_group_id
            ) as group:
                result = body(*args, **kwargs)
            return group if result is None else result

        return grouped

    return decorate(function) if function is not None else decorate


def _free_id(wanted: str) -> str:
    graph = current.graph()
    if graph is None:
        return wanted
    prefix = f"{graph.open_groups[-1].group_id}." if graph.open_groups else ""
    free, number = wanted, 0
    while prefix + free in graph.groups:
        number += 1
        free = f"{wanted}__{number}"
    return free
