"""A task of a DAG under construction, and the handle by which authors place it: `>>`, `<<`, `.after`."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NoReturn, Self

from potok.authoring.location import user_location
from potok.authoring.options import Compiled
from potok.authoring.values import Reference, Used, pull_template
from potok.model.dag import FromTask, Input, TaskRole, Work
from potok.model.errors import DagError

if TYPE_CHECKING:
    from potok.authoring.graph import Graph
    from potok.authoring.group import TaskGroup


T = typing.TypeVar("T")


class Body(typing.Protocol):
    """What a step runs: asked once for the model's value and, in a worker, for the live objects."""

    def work(self, namespace: Mapping[str, object], options: Compiled) -> Work: ...

    def inputs(self) -> tuple[tuple[tuple[Input, ...], dict[str, Input]], Used]: ...

    def live(self) -> tuple[tuple[object, ...], dict[str, object]]: ...

    def live_function(self) -> typing.Callable[..., object] | None: ...

    def live_operator(self) -> object | None: ...


class Step:
    """One node of the graph: where it stands and what it runs. `index` is its place in the order of declaration."""

    __slots__ = (
        "above_as_setup", "body", "graph", "group", "index", "location", "options", "reference", "role", "solo",
    )  # fmt: skip

    def __init__(
        self, graph: Graph, index: int, task_id: str, body: Body, options: Compiled, *, group: str, location: str
    ) -> None:
        self.graph = graph
        self.index = index
        self.solo = (index,)
        self.body = body
        self.options = options
        self.group = group
        self.location = location
        self.reference = FromTask(task_id)
        self.role = TaskRole.WORK
        self.above_as_setup: tuple[Step, ...] = ()

    @property
    def task_id(self) -> str:
        return self.reference.task_id


class Dependent:
    """What may stand on either side of `>>`: a task, an item of its result, a task group."""

    __slots__ = ()

    def _ends(self) -> Step | TaskGroup:
        raise NotImplementedError

    def __rshift__(self, below: T) -> T:
        link(self, below)
        return below

    def __lshift__(self, above: T) -> T:
        link(above, self)
        return above

    def __rrshift__(self, above: object) -> Self:
        link(above, self)
        return self

    def __rlshift__(self, below: object) -> Self:
        link(self, below)
        return self

    def after(self, *above: object) -> Self:
        """Stand after these tasks, groups, lists of them, or task ids of this DAG."""
        link(list(above), self)
        return self

    def set_upstream(self, above: object) -> None:
        link(above, self)

    def set_downstream(self, below: object) -> None:
        link(self, below)


class TaskNode(Dependent, Reference):
    """A task placed in a DAG. As an argument of another task it stands for its result."""

    __slots__ = ("_step",)

    _step: Step

    @property
    def task_id(self) -> str:
        return self._step.task_id

    @property
    def reference(self) -> FromTask:
        return self._step.reference

    @property
    def graph(self) -> Graph:
        return self._step.graph

    @property
    def output(self) -> Self:
        """The task's result as an argument for another task."""
        return self

    def _ends(self) -> Step:
        return self._step

    def as_setup(self) -> Self:
        """Prepares what others need: a teardown that names it runs only when it succeeded."""
        self._step.role = TaskRole.SETUP
        return self

    def as_teardown(self, setups: object = None) -> Self:
        """Clean up what `setups` made, whatever happened in between. They come to stand before it."""
        self._step.role = TaskRole.TEARDOWN
        if setups is not None:
            steps = []
            for each in flat(setups):
                if not isinstance(each, TaskNode):
                    raise DagError(f"setups are tasks, not {each!r}", location=user_location())
                each.as_setup()
                steps.append(each._step)
            self._step.above_as_setup = (*self._step.above_as_setup, *steps)
            link(setups, self)
        return self

    def __getitem__(self, key: str) -> ResultItem:
        if not isinstance(key, str):
            raise DagError(
                f"an item of the result of {self.task_id!r} is named by a text, not {key!r}; "
                "return a mapping, or take the whole result",
                location=user_location(),
            )
        return ResultItem(self._step, key)

    def __iter__(self) -> NoReturn:
        raise DagError(
            f"the result of {self.task_id!r} is known only when it has run, so it cannot be iterated over here",
            location=user_location(),
        )

    def __str__(self) -> str:
        return pull_template(self.reference)

    def __repr__(self) -> str:
        return f"<task {self.task_id}>"


class ResultItem(Dependent, Reference):
    """One item of a task's result that is a mapping: `result["key"]`."""

    __slots__ = ("_reference", "_step")

    def __init__(self, step: Step, key: str) -> None:
        self._step = step
        self._reference = FromTask(step.task_id, key)

    @property
    def reference(self) -> FromTask:
        return self._reference

    @property
    def graph(self) -> Graph:
        return self._step.graph

    def _ends(self) -> Step:
        return self._step

    def __iter__(self) -> NoReturn:
        raise DagError(
            f"the result of {self._step.task_id!r} is known only when it has run, so it cannot be iterated over here",
            location=user_location(),
        )

    def __str__(self) -> str:
        return pull_template(self._reference)

    def __repr__(self) -> str:
        return f"<item {self._reference.item!r} of task {self._step.task_id}>"


def flat(given: object) -> Iterable[object]:
    """The members of lists in lists, or the thing itself."""
    if isinstance(given, list | tuple | set | frozenset):
        for each in given:
            yield from flat(each)
    else:
        yield given


def link(above: object, below: object) -> None:
    """Put everything of `above` before everything of `below`. Raises DagError for what is not a task of one DAG."""
    location = user_location()
    first = [_end(each, location) for each in flat(above)]
    then = [_end(each, location) for each in flat(below)]
    graphs = {id(end.graph): end.graph for end in (*first, *then) if not isinstance(end, str)}
    if not graphs or not first or not then:
        return
    if len(graphs) > 1:
        named = " and ".join(repr(graph.dag_id) for graph in graphs.values())
        raise DagError(f"a dependency cannot cross DAGs: {named}", location=location)
    next(iter(graphs.values())).declare(first, then, location)


def _end(given: object, location: str) -> Step | TaskGroup | str:
    if isinstance(given, Dependent):
        return given._ends()
    if isinstance(given, str):
        return given
    hint = "; call the task first" if callable(given) else ""
    raise DagError(
        f"only tasks, task groups and lists of them can be put in order, not {given!r}{hint}", location=location
    )
