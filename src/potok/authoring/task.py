"""`@task`, `@setup`, `@teardown`: a function that is a task in a DAG, a DAG of its own, and still a function."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, Unpack, overload

from potok.authoring import current, definitions
from potok.authoring.body import CallBody
from potok.authoring.context_names import wanted_context
from potok.authoring.graph import Graph, check_name
from potok.authoring.location import module_home, user_location
from potok.authoring.options import Compiled, FunctionOptions, TaskOptions, compile_options, unknown_option
from potok.authoring.step import TaskNode
from potok.model.dag import TaskRole
from potok.model.errors import DagError

if TYPE_CHECKING:
    from datetime import datetime

    from potok.authoring.built import BuiltDag
    from potok.client.handle import RunHandle
    from potok.model.duration import Duration
    from potok.testing.inline import InlineRun

P = ParamSpec("P")
R = TypeVar("R")

# Options that make the function a DAG of its own; `timeout`, callbacks and `doc` are meant for its only task.
DAG_OPTIONS = frozenset(FunctionOptions.__annotations__) - frozenset(TaskOptions.__annotations__)


class TaskResult(TaskNode):
    """A call of a task function in a DAG: the task, and its result as an argument for others."""

    __slots__ = ()


class TaskFunction(Generic[P, R]):
    """A function under `@task`. In the body of a DAG a call places a task; anywhere else it calls the function."""

    def __init__(
        self,
        function: Callable[P, R],
        options: Mapping[str, object],
        *,
        location: str,
        role: TaskRole = TaskRole.WORK,
        overridden: bool = False,
    ) -> None:
        self.function = function
        self.location = location
        self.role = role
        self.is_used = False
        self.dag_options = {name: value for name, value in options.items() if name in DAG_OPTIONS}
        self.options = {name: value for name, value in options.items() if name not in DAG_OPTIONS}
        known = {**TaskOptions.__annotations__, **(FunctionOptions.__annotations__ if not overridden else {})}
        for name in options:
            if name not in known:
                raise unknown_option(name, "a task", known, location)
        if function.__doc__ and "doc" not in self.options:
            self.options["doc"] = inspect.cleandoc(function.__doc__)
        self._compiled = compile_options(self.options, location)
        self.checks = self._compiled.checks
        self._own_checks = self.checks
        self._source: TaskFunction[P, R] = self
        self._overridden: Mapping[str, object] = {}
        self._options_in: tuple[Graph, Compiled] | None = None
        self._signature: inspect.Signature | None = None
        functools.update_wrapper(self, function, updated=())

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:  # a result in the body of a DAG, R anywhere else
        graph = current.graph()
        if graph is None:
            return self.function(*args, **kwargs)
        self._source.is_used = True
        return self.place(graph, args, kwargs)

    def __repr__(self) -> str:
        return f"<task function {self.name}>"

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        """In a class body the task stays itself on the class and a plain bound method on its objects."""
        return self if instance is None else functools.partial(self.function, instance)  # type: ignore[arg-type]

    @property
    def name(self) -> str:
        return self._compiled.task_id or self.dag_id

    @property
    def dag_id(self) -> str:
        """The id of the DAG that the function is when it stands alone."""
        return str(getattr(self.function, "__name__", "task"))

    def place(
        self, graph: Graph, args: tuple[object, ...], kwargs: dict[str, object], location: str = ""
    ) -> TaskResult:
        """Put a call of the function into the DAG. Raises DagError when the arguments do not fit its signature."""
        location = location or user_location() or self.location
        self._check_arguments(args, kwargs, location)
        body = CallBody(self.function, args, kwargs, self._own_checks)
        unique = "task_id" in self._overridden
        node = TaskResult()
        node._step = graph.add(self.name, body, self._effective(graph), location, unique=unique)
        node._step.role = self.role
        return node

    def override(self, **options: Unpack[TaskOptions]) -> TaskFunction[P, R]:
        """The same function with other options for the calls made through it."""
        location = user_location()
        for name in options:
            if name in DAG_OPTIONS:
                raise DagError(f"{name!r} belongs to a DAG; override takes options of a task", location=location)
        gone = {"retries", "retry_delay"} if "retry" in options else {"retry"} if "retries" in options else set()
        kept = {name: value for name, value in self.options.items() if name not in gone}
        changed = TaskFunction(self.function, {**kept, **options}, location=location, role=self.role, overridden=True)
        changed._source = self._source
        changed._own_checks = self._own_checks
        changed._overridden = {**self._overridden, **options}
        return changed

    # --- from any program -------------------------------------------------------------------------------------
    def delay(self, *args: P.args, **kwargs: P.kwargs) -> RunHandle:
        """Run the function on the server as a DAG of its own; the arguments are its params."""
        return self.apply_async(args, kwargs)

    def apply_async(
        self,
        args: tuple[object, ...] | list[object] = (),
        kwargs: Mapping[str, object] | None = None,
        *,
        countdown: Duration | None = None,
        expires: Duration | None = None,
        idempotency_key: str | None = None,
    ) -> RunHandle:
        """`delay` with a countdown before the start, and a time after which a run that has not started is cancelled."""
        from potok.authoring.trigger import trigger

        try:
            bound = inspect.signature(self.function).bind(*args, **(kwargs or {}))
        except TypeError as error:
            raise DagError(f"{self.name}() {error}", location=user_location()) from None
        return trigger(
            self.dag_id, params_of(bound), countdown=countdown, expires=expires, idempotency_key=idempotency_key
        )

    def test(self, params: Mapping[str, object] | None = None, *, logical_date: datetime | None = None) -> InlineRun:
        """Run the function here and now as the DAG it is, through the real engine; yields the state of the run."""
        from potok.testing.inline import run_inline

        return run_inline(self.build(), dict(params or {}), logical_date)

    def build(self) -> BuiltDag:
        """The function as a DAG of one task, its signature as params."""
        from potok.authoring.dag import build_single

        return build_single(self)

    def _effective(self, graph: Graph) -> Compiled:
        known = self._options_in
        if known is None or known[0] is not graph:
            known = self._options_in = (graph, graph.options(self.options, self.location))
        return known[1]

    def _check_arguments(self, args: tuple[object, ...], kwargs: dict[str, object], location: str) -> None:
        signature = self._signature
        if signature is None:
            signature = self._signature = inspect.signature(self.function)
        if not args and not kwargs and not signature.parameters:
            return
        try:
            signature.bind(*args, **kwargs)
        except TypeError as error:
            given = set(kwargs)
            from_context = {
                name: None
                for name, position in wanted_context(self.function).names.items()
                if name not in given and (position is None or position >= len(args))
            }
            try:
                signature.bind(*args, **kwargs, **from_context)
            except TypeError:
                raise DagError(f"{self.name}() {error}", location=location) from None


def params_of(bound: inspect.BoundArguments) -> dict[str, object]:
    """Arguments of a call as params of the DAG; raises DagError for what cannot be named."""
    found: dict[str, object] = {}
    for name, value in bound.arguments.items():
        kind = bound.signature.parameters[name].kind
        if kind is inspect.Parameter.VAR_KEYWORD:
            found.update(value)
        elif kind is inspect.Parameter.VAR_POSITIONAL:
            raise DagError(f"*{name} has no name to be a param; give these arguments names", location=user_location())
        else:
            found[name] = value
    return found


@overload
def task(function: Callable[P, R], /) -> TaskFunction[P, R]: ...


@overload
def task(**options: Unpack[FunctionOptions]) -> Callable[[Callable[P, R]], TaskFunction[P, R]]: ...


def task(function: Callable[..., Any] | None = None, /, **options: Unpack[FunctionOptions]) -> Any:
    """Make a function a task. Module-level functions that no DAG uses are DAGs of their own."""
    location = user_location()
    if function is not None:
        return _decorated(function, options, location, TaskRole.WORK)
    return lambda plain: _decorated(plain, options, location, TaskRole.WORK)


@overload
def setup(function: Callable[P, R], /) -> TaskFunction[P, R]: ...


@overload
def setup(**options: Unpack[TaskOptions]) -> Callable[[Callable[P, R]], TaskFunction[P, R]]: ...


def setup(function: Callable[..., Any] | None = None, /, **options: Unpack[TaskOptions]) -> Any:
    """A task that prepares what others need: teardowns standing after it run only when it succeeded."""
    location = user_location()
    if function is not None:
        return _decorated(function, options, location, TaskRole.SETUP)
    return lambda plain: _decorated(plain, options, location, TaskRole.SETUP)


@overload
def teardown(function: Callable[P, R], /) -> TaskFunction[P, R]: ...


@overload
def teardown(
    *, setups: object = None, **options: Unpack[TaskOptions]
) -> Callable[[Callable[P, R]], TaskFunction[P, R]]: ...


def teardown(
    function: Callable[..., Any] | None = None, /, *, setups: object = None, **options: Unpack[TaskOptions]
) -> Any:
    """A task that cleans up once everything before it is done, failed or not, if its setups succeeded."""
    location = user_location()
    if function is not None:
        return _decorated(function, options, location, TaskRole.TEARDOWN)
    if setups is None:
        return lambda plain: _decorated(plain, options, location, TaskRole.TEARDOWN)
    return lambda plain: _TeardownOf(_decorated(plain, options, location, TaskRole.TEARDOWN), setups)


class _TeardownOf(TaskFunction[P, R]):
    """A teardown whose setups were named at its decoration."""

    def __init__(self, source: TaskFunction[P, R], setups: object) -> None:
        super().__init__(source.function, source.options, location=source.location, role=TaskRole.TEARDOWN)
        self._setups = setups

    def place(
        self, graph: Graph, args: tuple[object, ...], kwargs: dict[str, object], location: str = ""
    ) -> TaskResult:
        return super().place(graph, args, kwargs, location).as_teardown(setups=self._setups)


def _decorated(
    given: Callable[..., Any], options: Mapping[str, object], location: str, role: TaskRole
) -> TaskFunction[..., Any]:
    if isinstance(given, TaskFunction):
        plain, merged = given.function, {**given.options, **given.dag_options, **options}
    else:
        plain, merged = given, dict(options)
    if not callable(plain):
        raise DagError(f"only a function can be a task, not {plain!r}", location=location)
    if inspect.isgeneratorfunction(plain) or inspect.isasyncgenfunction(plain):
        name = getattr(plain, "__name__", plain)
        raise DagError(f"{name} is a generator; a task returns its result, so collect it in a list", location=location)
    if inspect.isclass(plain):
        raise DagError(f"class {plain.__name__} is not a function; decorate a function that uses it", location=location)
    made: TaskFunction[..., Any] = TaskFunction(plain, merged, location=location, role=role)
    if isinstance(made.options.get("task_id"), str):
        check_name(made.name, "task id", location)
    home, namespace = module_home()
    qualname = getattr(plain, "__qualname__", "")
    if role is TaskRole.WORK and qualname.isidentifier():
        definitions.add(definitions.Definition(made, home, namespace, location))
    elif made.dag_options:
        wrong = next(iter(made.dag_options))
        raise DagError(
            f"{wrong!r} makes a function a DAG of its own, which only a function at the top of its file can be",
            location=location,
        )
    return made
