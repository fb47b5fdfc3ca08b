"""What can be known of a task before its first attempt, so that each further one costs microseconds."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from typing import TYPE_CHECKING

from potok.model.dag import CallableRef, Input, ListOf, Literal, Live, MappingOf, OperatorWork, PythonWork, Task
from potok.worker.dag_file import DagFile
from potok.worker.failure import TaskError
from potok.worker.templating import is_template

if TYPE_CHECKING:
    from potok.authoring.registry import LiveTask

_UNRESOLVED = object()
_IMMUTABLE = (str, int, float, bool, type(None))
# Hints that JSON values satisfy, or that authors write loosely (`x: int` given 1.0): these arguments pass untouched.
_AS_THEY_ARE = (str, int, float, bool, type(None), list, dict, object, typing.Any)


class TaskPlan:
    """A task of this process's file, ready to be called. `plain_args` is None when they must be resolved each time."""

    __slots__ = (
        "annotations",
        "function",
        "has_templates",
        "is_async",
        "live",
        "parameter_names",
        "plain_args",
        "plain_kwargs",
        "return_annotation",
        "task",
        "wants_context",
    )

    def __init__(self, task: Task, encoded: bytes, dag_id: str, file: DagFile) -> None:
        self.task = task
        self.has_templates = is_template(encoded)
        self.live: LiveTask | None = file.live_task(dag_id, task.task_id) if _needs_building(task) else None
        self.function: Callable[..., object] | None = None
        self.is_async = False
        self.wants_context = False
        self.parameter_names: tuple[str, ...] = ()
        self.annotations: dict[str, object] = {}
        self.return_annotation: object = None
        self.plain_args = None if self.has_templates else _plain(task.args)
        kwargs = None if self.has_templates else _plain(tuple(task.kwargs.values()))
        self.plain_kwargs = None if kwargs is None else dict(zip(task.kwargs, kwargs, strict=True))
        if isinstance(task.work, PythonWork):
            self._study(self._find_function(task.work.function, file))

    def _find_function(self, reference: CallableRef, file: DagFile) -> Callable[..., object]:
        found = file.function(reference.qualname) if reference.qualname is not None else None
        if found is None and self.live is not None:
            found = self.live.function
        if not callable(found):
            raise TaskError("TaskGone", f"building {file.file} again yields no function for task {self.task.task_id!r}")
        return found

    def _study(self, function: Callable[..., object]) -> None:
        from potok.authoring.context import wants_context

        self.function = function
        self.is_async = inspect.iscoroutinefunction(function)
        self.wants_context = wants_context(function)
        self.parameter_names = _parameter_names(function)
        annotations = resolved_annotations(function)
        self.return_annotation = annotations.pop("return", None)
        self.annotations = {name: kind for name, kind in annotations.items() if kind not in _AS_THEY_ARE}
        if self.annotations:
            self.plain_args = self.plain_args if not self.plain_args else None
            self.plain_kwargs = self.plain_kwargs if not self.plain_kwargs else None


def resolved_annotations(function: Callable[..., object]) -> dict[str, object]:
    """Annotations as objects; one that cannot be resolved (imported for type checkers only) is left out."""
    try:
        return typing.get_type_hints(function, include_extras=True)
    except Exception:
        found = {}
        raw: dict[str, object] = getattr(inspect.unwrap(function), "__annotations__", {})
        names: dict[str, object] = getattr(inspect.unwrap(function), "__globals__", {})
        for name, annotation in raw.items():
            value = _evaluate(annotation, names)
            if value is not _UNRESOLVED:
                found[name] = value
        return found


def _evaluate(annotation: object, names: dict[str, object]) -> object:
    if not isinstance(annotation, str):
        return annotation
    try:
        # The DAG's own source text, in the module that it stands in: nothing here comes from outside the bundle.
        return eval(annotation, names)  # noqa: S307
    except Exception:
        return _UNRESOLVED


def _parameter_names(function: Callable[..., object]) -> tuple[str, ...]:
    try:
        return tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return ()


def _needs_building(task: Task) -> bool:
    if isinstance(task.work, OperatorWork) or task.checks:
        return True
    if isinstance(task.work, PythonWork) and task.work.function.qualname is None:
        return True
    return any(_holds_live(value) for value in (*task.args, *task.kwargs.values()))


def _holds_live(source: Input) -> bool:
    if isinstance(source, ListOf):
        return any(_holds_live(item) for item in source.items)
    if isinstance(source, MappingOf):
        return any(_holds_live(item) for item in source.items.values())
    return isinstance(source, Live)


def _plain(sources: tuple[Input, ...]) -> tuple[object, ...] | None:
    """The values themselves, when nothing has to be fetched, rendered or protected from being changed."""
    if all(isinstance(source, Literal) and isinstance(source.value, _IMMUTABLE) for source in sources):
        return tuple(source.value for source in sources if isinstance(source, Literal))
    return None
