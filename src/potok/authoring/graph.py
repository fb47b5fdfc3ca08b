"""A DAG under construction: its steps, groups and declared order, and how they become the model's values."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from potok.authoring.edges import Declarations, Positions, cycle, grouped, topological, upstream_masks
from potok.authoring.group import TaskGroup
from potok.authoring.hint import nearest
from potok.authoring.options import EVENTS, Callback, Compiled, compile_options
from potok.authoring.step import Body, Step
from potok.authoring.values import Used, memory
from potok.model.dag import CallableRef, Callbacks, EdgeGroup, FromTask, Group, Input, Task, TaskRole
from potok.model.errors import DagError

_NAME = re.compile(r"[\w.\-]+")
_NAME_LENGTH_MAX = 250

End = Step | TaskGroup | str


class Graph:
    """Collects what the body of a DAG declares. `namespace` is that of the DAG's module."""

    def __init__(
        self, dag_id: str, namespace: Mapping[str, object], default_args: Mapping[str, object], location: str
    ) -> None:
        self.dag_id = dag_id
        self.namespace = namespace
        self.location = location
        self.steps: list[Step] = []
        self.groups: dict[str, TaskGroup] = {}
        self.open_groups: list[TaskGroup] = []
        self._by_id: dict[str, Step] = {}
        self._taken: dict[str, int] = {}
        self._declared = Declarations()
        self._declared_late: list[tuple[list[End], list[End], str]] = []
        self._default_args = dict(default_args)
        self._default_options = compile_options(self._default_args, location)

    def options(self, own: Mapping[str, object], location: str) -> Compiled:
        """Options of a task over the DAG's default_args."""
        if not own:
            return self._default_options
        if not self._default_args:
            return compile_options(own, location)
        return compile_options({**self._inherited(own), **own}, location)

    def _inherited(self, own: Mapping[str, object]) -> dict[str, object]:
        """`retry` and `retries` replace each other, whichever stands nearer to the task."""
        gone = {"retries", "retry_delay"} if "retry" in own else {"retry"} if "retries" in own else set()
        return {name: value for name, value in self._default_args.items() if name not in gone}

    def add(self, task_id: str, body: Body, options: Compiled, location: str, *, unique: bool) -> Step:
        """A new step in the open group. `unique`: the author chose this very id, so a second one is an error."""
        group = self.open_groups[-1] if self.open_groups else None
        full = group.prefixed(task_id) if group else task_id
        check_name(full, "task id", location)
        known = self._by_id.get(full)
        if known is not None and unique:
            raise DagError(
                f"task id {full!r} is taken twice in DAG {self.dag_id!r} (first at {known.location}); give one of them "
                "another task_id",
                location=location,
            )
        while full in self._by_id:
            self._taken[task_id] = self._taken.get(task_id, 0) + 1
            numbered = f"{task_id}__{self._taken[task_id]}"
            full = group.prefixed(numbered) if group else numbered
        group_id = group.group_id if group else ""
        step = Step(self, len(self.steps), full, body, options, group=group_id, location=location)
        self.steps.append(step)
        self._by_id[full] = step
        return step

    def declare(self, above: Sequence[End], below: Sequence[End], location: str) -> None:
        """Everything of `above` stands before everything of `below`; groups and ids are looked up at the end."""
        if len(above) == 1 and len(below) == 1 and isinstance(above[0], Step) and isinstance(below[0], Step):
            self._declared.add(above[0].solo, below[0].solo, location)
            return
        first = [end.index for end in above if isinstance(end, Step)]
        then = [end.index for end in below if isinstance(end, Step)]
        if len(first) == len(above) and len(then) == len(below):
            self._declared.add(tuple(sorted(set(first))), then, location)
        else:
            self._declared_late.append((list(above), list(below), location))

    # --- the end ----------------------------------------------------------------------------------------------
    def finish(self) -> tuple[tuple[Task, ...], tuple[EdgeGroup, ...], tuple[Group, ...]]:
        """Tasks in topological order, edges between their positions, groups. Raises DagError for a cycle."""
        inputs = self._read_inputs()
        self._settle_late()
        count = len(self.steps)
        groups = grouped(count, self._declared)
        order = topological(count, groups)
        if len(order) < count:
            raise self._cycle(cycle(count, groups, order))
        setups = self._setups()
        tasks = tuple(self._task(self.steps[index], inputs[index], setups.get(index, ())) for index in order)
        place = {index: position for position, index in enumerate(order)}
        edges = tuple(
            EdgeGroup(tuple(sorted(place[index] for index in above)), tuple(sorted(place[index] for index in below)))
            for above, below in groups
        )
        return tasks, edges, tuple(group.value() for group in self.groups.values())

    def _read_inputs(self) -> list[tuple[tuple[Input, ...], dict[str, Input]]]:
        """The arguments of every step in the model's form; the results they use become dependencies."""
        read = []
        known: dict[int, tuple[Used, Positions]] = {}
        for step in self.steps:
            inputs, used = step.body.inputs()
            read.append(inputs)
            if not used:
                continue
            if id(used) not in known:
                above = {self._source(source, graph, step).index for source, graph in used}
                known[id(used)] = (used, tuple(sorted(above)))
            self._declared.add(known[id(used)][1], step.solo, step.location)
        memory.forget()
        return read

    def _source(self, source: FromTask, graph: object | None, step: Step) -> Step:
        known = self._by_id.get(source.task_id)
        if known is None or (graph is not None and graph is not self):
            raise DagError(
                f"task {step.task_id!r} takes the result of {source.task_id!r}, which is not a task of DAG "
                f"{self.dag_id!r}{nearest(source.task_id, self._by_id)}",
                location=step.location,
            )
        return known

    def _settle_late(self) -> None:
        """Inner groups first, so that the first and last tasks of an outer group are known when it is placed."""

        def depth(declaration: tuple[list[End], list[End], str]) -> int:
            ends = (*declaration[0], *declaration[1])
            return min((end.group_id.count(".") for end in ends if isinstance(end, TaskGroup)), default=1_000)

        for above, below, location in sorted(self._declared_late, key=depth, reverse=True):
            masks = upstream_masks(len(self.steps), self._declared)
            first = [step.index for end in above for step in self._last_of(end, masks, location)]
            then = [step.index for end in below for step in self._first_of(end, masks, location)]
            self._declared.add(tuple(sorted(set(first))), then, location)

    def _first_of(self, end: End, masks: list[int], location: str) -> list[Step]:
        if not isinstance(end, TaskGroup):
            return [self._step(end, location)]
        members = self._members(end, location)
        inside = sum(1 << step.index for step in members)
        return [step for step in members if not masks[step.index] & inside]

    def _last_of(self, end: End, masks: list[int], location: str) -> list[Step]:
        """Teardowns do not hold up what stands after their group, unless the group has nothing else."""
        if not isinstance(end, TaskGroup):
            return [self._step(end, location)]
        members = self._members(end, location)
        work = [step for step in members if step.role is not TaskRole.TEARDOWN] or members
        followed = 0
        for step in work:
            followed |= masks[step.index]
        return [step for step in work if not followed >> step.index & 1]

    def _members(self, group: TaskGroup, location: str) -> list[Step]:
        inner = group.group_id + "."
        members = [step for step in self.steps if step.group == group.group_id or step.group.startswith(inner)]
        if not members:
            raise DagError(
                f"task group {group.group_id!r} is empty, so nothing can stand before or after it", location=location
            )
        return members

    def _step(self, end: Step | str, location: str) -> Step:
        if isinstance(end, Step):
            return end
        known = self._by_id.get(end)
        if known is None:
            raise DagError(
                f"DAG {self.dag_id!r} has no task {end!r} to put in order{nearest(end, self._by_id)}", location=location
            )
        return known

    def _setups(self) -> dict[int, tuple[str, ...]]:
        """Setups of each teardown: those named, and those standing directly before it."""
        teardowns = [step for step in self.steps if step.role is TaskRole.TEARDOWN]
        if not teardowns:
            return {}
        masks = upstream_masks(len(self.steps), self._declared)
        setups = [step for step in self.steps if step.role is TaskRole.SETUP]
        return {
            step.index: tuple(
                setup.task_id
                for setup in setups
                if masks[step.index] >> setup.index & 1 or setup in step.above_as_setup
            )
            for step in teardowns
        }

    def _task(self, step: Step, inputs: tuple[tuple[Input, ...], dict[str, Input]], setups: tuple[str, ...]) -> Task:
        args, kwargs = inputs
        options = step.options
        fields = options.fields
        task = Task(
            step.task_id,
            step.body.work(self.namespace, options),
            args,
            kwargs,
            group=step.group,
            location=step.location,
            role=step.role,
            setups=setups,
            **fields,  # type: ignore[arg-type]  # `compile_options` made them of the right types
        )
        return _with_callbacks(task, self.namespace, options) if options.callbacks else task

    def _cycle(self, path: list[int]) -> DagError:
        names = " -> ".join(self.steps[index].task_id for index in path)
        lines = [self._declared.location(above, below) for above, below in itertools.pairwise(path)]
        told = ", ".join(dict.fromkeys(line for line in lines[:-1] if line and line != lines[-1]))
        message = f"the tasks stand in a circle: {names}; take out one of these dependencies"
        return DagError(message + (f" (also declared at {told})" if told else ""), location=lines[-1] or self.location)


def check_name(name: object, what: str, location: str) -> None:
    """Raises DagError when `name` cannot be an id: it stands in addresses and in file names."""
    if not _NAME.fullmatch(name if isinstance(name, str) else ""):
        raise DagError(f"{what} {name!r} may have letters, digits, '_', '-' and '.' only", location=location)
    assert isinstance(name, str)
    if len(name) > _NAME_LENGTH_MAX:
        raise DagError(f"{what} {name[:40]!r}… is longer than {_NAME_LENGTH_MAX} characters", location=location)


def callable_ref(function: Callback, namespace: Mapping[str, object]) -> CallableRef:
    """The function by the name under which a worker finds this very object in the DAG's module or another one."""
    import sys

    inner = getattr(function, "function", function)
    qualname = getattr(inner, "__qualname__", None)
    module = getattr(inner, "__module__", None)
    if not isinstance(qualname, str) or "<" in qualname:
        return _NOWHERE
    if _walk(namespace, qualname) is inner:
        return CallableRef(qualname)
    elsewhere = sys.modules.get(module) if isinstance(module, str) else None
    if elsewhere is not None and elsewhere.__name__ != "__main__" and _walk(vars(elsewhere), qualname) is inner:
        return CallableRef(f"{module}:{qualname}") if vars(elsewhere) is not namespace else _NOWHERE
    return _NOWHERE


def _walk(namespace: Mapping[str, object], qualname: str) -> object:
    first, *rest = qualname.split(".")
    found = namespace.get(first)
    for part in rest:
        found = getattr(found, part, None)
    return getattr(found, "function", found)


def _with_callbacks(task: Task, namespace: Mapping[str, object], options: Compiled) -> Task:
    return msgspec.structs.replace(task, callbacks=callbacks_value(options.callbacks, namespace))


def callbacks_value(
    callbacks: Mapping[str, Iterable[Callable[..., object]]], namespace: Mapping[str, object]
) -> Callbacks:
    """The model's form of callbacks by event."""
    refs = {event: tuple(callable_ref(each, namespace) for each in callbacks.get(event, ())) for event in EVENTS}
    return Callbacks(**refs)


_NOWHERE = CallableRef(None)
