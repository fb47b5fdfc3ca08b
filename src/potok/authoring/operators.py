"""The classic operators, and the base for a user's own. An operator is a task as soon as it is made."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Unpack

from potok.authoring import current
from potok.authoring.body import BashBody, CallBody, EmptyBody, OperatorBody
from potok.authoring.location import user_location
from potok.authoring.options import OperatorOptions, text_of
from potok.authoring.params import ParamRef
from potok.authoring.step import Body, TaskNode
from potok.authoring.values import Reference
from potok.model.dag import BashWork
from potok.model.errors import DagError, InvalidError

if TYPE_CHECKING:
    from potok.authoring.context import Context
    from potok.authoring.dag import Dag


class BaseOperator(TaskNode):
    """Base of a user's operators: set attributes in `__init__`, name the templated ones, do the work in `execute`.

    `execute(context)` runs in a worker on a copy whose `template_fields` are rendered and hold true results.
    """

    template_fields: ClassVar[Sequence[str]] = ()

    def __init__(self, *, task_id: str, dag: Dag | None = None, **options: Unpack[OperatorOptions]) -> None:
        _place(self, OperatorBody(self, self.template_fields), task_id, dag, options)

    def execute(self, context: Context) -> object:
        """The work. What it returns is the task's result."""
        raise NotImplementedError(f"{type(self).__name__} has to define execute(context)")


class EmptyOperator(TaskNode):
    """Does nothing: a joint between others."""

    def __init__(self, *, task_id: str, dag: Dag | None = None, **options: Unpack[OperatorOptions]) -> None:
        _place(self, EmptyBody(), task_id, dag, options)


class PythonOperator(TaskNode):
    """Calls a function; `op_args` and `op_kwargs` may hold results of other tasks."""

    def __init__(
        self,
        *,
        task_id: str,
        python_callable: Callable[..., object],
        op_args: Sequence[object] = (),
        op_kwargs: Mapping[str, object] | None = None,
        dag: Dag | None = None,
        **options: Unpack[OperatorOptions],
    ) -> None:
        location = user_location()
        function = getattr(python_callable, "function", python_callable)
        if not callable(function):
            raise DagError(f"python_callable is a function, not {python_callable!r}", location=location)
        if not isinstance(op_args, list | tuple):
            raise DagError(f"op_args is a list of arguments, not {op_args!r}", location=location)
        body = CallBody(function, tuple(op_args), dict(op_kwargs or {}))
        _place(self, body, task_id, dag, options)


class BashOperator(TaskNode):
    """Runs a command by bash. Exit code `skip_on_exit_code` (99) marks the task skipped; None: no code does.

    `env` adds to the environment, or replaces it with `append_env=False`.
    """

    def __init__(
        self,
        *,
        task_id: str,
        bash_command: str = "",
        env: Mapping[str, object] | None = None,
        append_env: bool = True,
        cwd: str | None = None,
        skip_on_exit_code: int | None = 99,
        dag: Dag | None = None,
        **options: Unpack[OperatorOptions],
    ) -> None:
        location = user_location()
        _refuse_misspelt(type(self), options, location)  # `command=` is said before the command that is then missing
        if skip_on_exit_code is not None and type(skip_on_exit_code) is not int:
            raise DagError(f"skip_on_exit_code is a number or None, not {skip_on_exit_code!r}", location=location)
        try:
            command = text_of("bash_command", _written(bash_command))
            folder = None if cwd is None else text_of("cwd", _written(cwd))
            variables = {
                text_of("a name in env", name): text_of(f"env[{name!r}]", _written(value))
                for name, value in (env or {}).items()
            }
        except InvalidError as error:
            raise DagError(str(error), location=location) from None
        if not command.strip():
            raise DagError("bash_command is empty", location=location)
        work = BashWork(command, env=variables, append_env=append_env, cwd=folder, skip_on_exit_code=skip_on_exit_code)
        _place(self, BashBody(work), task_id, dag, options)


def _written(value: object) -> object:
    """Results and params become the Jinja text that yields them."""
    return str(value) if isinstance(value, Reference | ParamRef) else value


def _place(node: TaskNode, body: Body, task_id: object, dag: Dag | None, options: Mapping[str, object]) -> None:
    location = user_location()
    kind = type(node).__name__
    graph = dag.graph if dag is not None else current.graph()
    if graph is None:
        raise DagError(
            f"{kind} {task_id!r} stands outside a DAG; create it inside `with Dag(…):` or pass dag=", location=location
        )
    if not isinstance(task_id, str):
        raise DagError(f"task_id of {kind} is a text, not {task_id!r}", location=location)
    _refuse_misspelt(type(node), options, location)
    compiled = graph.options(options, location)
    node._step = graph.add(task_id, body, compiled, location, unique=True)


def _refuse_misspelt(kind: type[TaskNode], options: Mapping[str, object], location: str) -> None:
    """`bash_comand=` is nearer to an argument of the operator than to an option of every task."""
    import difflib

    unknown = [name for name in options if name not in OperatorOptions.__annotations__]
    own = [name for name in inspect.signature(kind).parameters if name not in ("dag", "options")] if unknown else []
    for name in unknown:
        close = difflib.get_close_matches(name, own, n=1)
        if close:
            raise DagError(f"{kind.__name__} has no argument {name!r}; did you mean {close[0]!r}?", location=location)
