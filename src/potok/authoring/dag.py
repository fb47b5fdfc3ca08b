"""`Dag` and `@dag`: the body of a DAG, run lazily, becomes a built DAG."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Self, Unpack, overload

from potok.authoring import current, definitions
from potok.authoring.built import BuiltDag, LiveTasks
from potok.authoring.context_names import wanted_context
from potok.authoring.dag_options import Checked, DagOptions, refuse_unknown
from potok.authoring.graph import Graph, callbacks_value, check_name
from potok.authoring.location import module_home, user_location
from potok.authoring.on_event import check_params
from potok.authoring.params import ParamRef, of_mapping, of_signature, schema_of
from potok.model.dag import Dag as DagValue
from potok.model.errors import DagError

if TYPE_CHECKING:
    from datetime import datetime

    from potok.authoring.task import TaskFunction
    from potok.client.handle import RunHandle
    from potok.model.duration import Duration
    from potok.testing.inline import InlineRun

P = ParamSpec("P")
_NO_NAMES: frozenset[str] = frozenset()


class _Runnable:
    """What every DAG object can do once it is defined."""

    dag_id: str

    def build(self) -> BuiltDag:
        raise NotImplementedError

    def trigger(
        self,
        params: Mapping[str, object] | None = None,
        *,
        logical_date: datetime | None = None,
        note: str = "",
        idempotency_key: str | None = None,
        countdown: Duration | None = None,
        expires: Duration | None = None,
    ) -> RunHandle:
        """Start a run on the server and return its handle at once."""
        from potok.authoring.trigger import trigger

        return trigger(
            self.dag_id,
            params or {},
            logical_date=logical_date,
            note=note,
            idempotency_key=idempotency_key,
            countdown=countdown,
            expires=expires,
        )

    def test(self, params: Mapping[str, object] | None = None, *, logical_date: datetime | None = None) -> InlineRun:
        """Run the DAG here and now, one task after another, through the real engine; yields the state of the run."""
        from potok.testing.inline import run_inline

        return run_inline(self.build(), dict(params or {}), logical_date)


class Dag(_Runnable):
    """A DAG whose tasks are made in `with Dag("etl", schedule="@daily"):` or name it by `dag=`."""

    def __init__(self, dag_id: str, **options: Unpack[DagOptions]) -> None:
        location = user_location()
        home, namespace = module_home()
        self._start(dag_id, options, location, namespace)
        definitions.add(definitions.Definition(self, home, namespace, location))

    def _start(
        self, dag_id: str, options: Mapping[str, object], location: str, namespace: Mapping[str, object]
    ) -> None:
        refuse_unknown(options, location)
        check_name(dag_id, "dag id", location)
        self.dag_id = dag_id
        self.location = location
        self._options = options
        self._built: BuiltDag | None = None
        self._params: dict[str, dict[str, object]] = of_mapping(_mapping(options, "params"))
        self.graph = Graph(dag_id, namespace, _mapping(options, "default_args"), location)

    def __enter__(self) -> Self:
        current.enter(self.graph)
        return self

    def __exit__(self, *_: object) -> None:
        current.leave(self.graph)

    def __repr__(self) -> str:
        return f"<DAG {self.dag_id}>"

    @property
    def params(self) -> dict[str, ParamRef]:
        """References to the params, as arguments for tasks."""
        return {name: ParamRef(name) for name in self._params}

    def build(self) -> BuiltDag:
        """The DAG as a value. Raises DagError with the author's line."""
        if self._built is None:
            self._built = self._finish("")
        return self._built

    def _finish(self, doc: str) -> BuiltDag:
        checked = Checked(self._options, self.location)
        params = schema_of(self._params, self.location)
        if "schedule" in checked.fields and params.get("required"):
            raise DagError(
                f"DAG {self.dag_id!r} runs by its schedule, where nobody gives {params['required']}; "
                "give these params defaults",
                location=self.location,
            )
        tasks, edges, groups = self.graph.finish()
        fields = {"doc": doc, **checked.fields} if doc else checked.fields
        if checked.callbacks:
            fields = {**fields, "callbacks": callbacks_value(checked.callbacks, self.graph.namespace)}
        value = DagValue(
            self.dag_id,
            tasks,
            edges,
            groups,
            params=params,
            location=self.location,
            **fields,  # type: ignore[arg-type]  # `Checked` made them of the right types
        )
        check_params(value)
        return BuiltDag(value, LiveTasks(self.graph.steps), checked.callbacks, checked.files)


class _BodyDag(Dag):
    """A DAG made from a function: its own registration is the function's."""

    def __init__(
        self,
        dag_id: str,
        options: Mapping[str, object],
        location: str,
        namespace: Mapping[str, object],
        own_params: Mapping[str, dict[str, object]],
    ) -> None:
        self._start(dag_id, options, location, namespace)
        self._params = {**self._params, **own_params}

    def built_from(self, body: Callable[[], object], doc: str) -> BuiltDag:
        with self:
            body()
        return self._finish(doc)


class DagFunction(_Runnable, Generic[P]):
    """A function under `@dag`: its parameters are the DAG's params, its body runs only when the DAG is built."""

    def __init__(
        self, function: Callable[P, object], dag_id: str | None, options: Mapping[str, object], location: str
    ) -> None:
        refuse_unknown(options, location)
        self.function = function
        self.location = location
        self.dag_id = dag_id or function.__name__
        check_name(self.dag_id, "dag id", location)
        self._options = options
        self._defaults: dict[str, object] = {}
        self._built: BuiltDag | None = None
        functools.update_wrapper(self, function, updated=())
        home, self._namespace = module_home()
        definitions.add(definitions.Definition(self, home, self._namespace, location))

    def __call__(self, *args: Any, **kwargs: Any) -> Self:
        """Harmless at the end of a file: the DAG is registered already. Arguments become defaults of its params."""
        if current.graph() is not None:
            raise DagError(
                f"DAG {self.dag_id!r} is called inside another DAG; make the shared part a @task_group",
                location=user_location(),
            )
        if args or kwargs:
            try:
                bound = inspect.signature(self.function).bind_partial(*args, **kwargs)
            except TypeError as error:
                raise DagError(f"{self.dag_id}() {error}", location=user_location()) from None
            self._defaults.update(bound.arguments)
            self._built = None
        return self

    def __repr__(self) -> str:
        return f"<DAG {self.dag_id}>"

    def build(self) -> BuiltDag:
        """Run the body and return the DAG as a value. Raises DagError, or what the body raises."""
        if self._built is None:
            own = of_signature(self.function, _NO_NAMES)
            for name, value in self._defaults.items():
                own[name] = {**own.get(name, {}), "default": value}
            made = _BodyDag(self.dag_id, self._options, self.location, self._namespace, own)
            args, kwargs = references(self.function, _NO_NAMES)
            doc = inspect.cleandoc(self.function.__doc__ or "")
            body: Callable[..., object] = self.function
            self._built = made.built_from(lambda: body(*args, **kwargs), doc)
        return self._built


def build_single(source: TaskFunction[..., Any]) -> BuiltDag:
    """A task function as a DAG of its own: one task, its signature as params."""
    function = source.function
    from_context = frozenset(wanted_context(function).names)
    made = _BodyDag(
        source.dag_id,
        source.dag_options,
        source.location,
        getattr(function, "__globals__", {}),
        of_signature(function, from_context),
    )
    args, kwargs = references(function, from_context)
    return made.built_from(
        lambda: source.place(made.graph, args, kwargs, source.location), inspect.cleandoc(function.__doc__ or "")
    )


@overload
def dag(function: Callable[P, object], /) -> DagFunction[P]: ...


@overload
def dag(
    *, dag_id: str | None = None, **options: Unpack[DagOptions]
) -> Callable[[Callable[P, object]], DagFunction[P]]: ...


def dag(
    function: Callable[..., object] | None = None, /, *, dag_id: str | None = None, **options: Unpack[DagOptions]
) -> Any:
    """Make a function the body of a DAG, called like the function unless `dag_id` says otherwise."""
    location = user_location()
    if function is not None:
        if not inspect.isfunction(function):
            raise DagError(f"@dag stands over a function, not {function!r}; name the DAG by dag_id=", location=location)
        return DagFunction(function, dag_id, options, location)
    return lambda body: DagFunction(body, dag_id, options, location)


def references(
    function: Callable[..., object], leave_out: frozenset[str]
) -> tuple[tuple[object, ...], dict[str, object]]:
    """A reference for every parameter of the function, as arguments to call it with."""
    args: list[object] = []
    kwargs: dict[str, object] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD) or name in leave_out:
            continue
        if parameter.kind is parameter.POSITIONAL_ONLY:
            args.append(ParamRef(name))
        else:
            kwargs[name] = ParamRef(name)
    return tuple(args), kwargs


def _mapping(options: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = options.get(name)
    return value if isinstance(value, Mapping) else {}
