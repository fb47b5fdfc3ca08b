"""The context of an attempt: the names that templates and tasks know (`ds`, `params`, `ti` and the rest).

Built only when asked for; never changes what the scheduler knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from potok.authoring import macros
from potok.authoring.context_names import wanted_context
from potok.authoring.requests import connection, result_of, variable
from potok.authoring.values import WHOLE_RESULT
from potok.model.dag import Task
from potok.model.errors import PotokError
from potok.model.wire import Connection, RunContext

if TYPE_CHECKING:
    from potok.authoring.runtime import AttemptFacts


class Context(Mapping[str, Any]):
    """Values by name, of the author's many types; see the authoring guide for each."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            known = ", ".join(sorted(self._values))
            raise KeyError(f"the task context has no {name!r}; it has {known}") from None

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class DagInfo(NamedTuple):
    """`dag` in the context."""

    dag_id: str
    timezone: ZoneInfo | None


class DagRun(NamedTuple):
    """`dag_run` in the context. `conf` are the params under their other usual name; `run_type` is what started it."""

    dag_id: str
    run_id: str
    logical_date: datetime
    data_interval_start: datetime
    data_interval_end: datetime
    run_type: str
    created_at: datetime
    conf: dict[str, object]
    note: str


class TaskInstance:
    """`ti` in the context: the attempt that runs."""

    def __init__(self, run: RunContext, task: Task, attempt: AttemptFacts) -> None:
        self.dag_id = run.dag_id
        self.run_id = run.run_id
        self.task_id = task.task_id
        self.task = task
        self.attempt_id = attempt.attempt_id
        self.try_number = attempt.try_number
        self.max_tries = attempt.max_tries

    def xcom_pull(self, task_ids: str | Sequence[str] | None = None, key: str = WHOLE_RESULT) -> Any:
        """The result of another task of this run, or its item `key`; a list of them for a list of ids."""
        if task_ids is None:
            raise PotokError("xcom_pull needs task_ids: the task whose result you want")
        if isinstance(task_ids, str):
            return _item(result_of(task_ids), key)
        return [_item(result_of(task_id), key) for task_id in task_ids]

    def xcom_push(self, key: str, value: object) -> None:
        """Not here: a task has one result, what it returns."""
        raise PotokError(f"return {{{key!r}: …}} from the task instead of xcom_push; others then take result[{key!r}]")


class _Connections:
    """`conn.name` in the context."""

    def __getattr__(self, name: str) -> Connection:
        if name.startswith("__"):
            raise AttributeError(name)
        return connection(name)

    def get(self, name: str) -> Connection:
        return connection(name)


class _Variables:
    """`var.value.name` (a text) and `var.json.name` (the value itself) in the context."""

    def __init__(self, *, as_text: bool) -> None:
        self._as_text = as_text

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.get(name)

    def get(self, name: str) -> Any:
        value = variable(name)
        return str(value) if self._as_text else value


class _VariableKinds(NamedTuple):
    value: _Variables
    json: _Variables


_CONNECTIONS = _Connections()
_VARIABLES = _VariableKinds(_Variables(as_text=True), _Variables(as_text=False))

ContextFactory = Callable[[], Context]
_in_context: ContextVar[ContextFactory | None] = ContextVar("potok_context", default=None)
_in_process: ContextFactory | None = None


def build_context(run: RunContext, task: Task, attempt: AttemptFacts) -> Context:
    """Dates are in the DAG's own time zone, so `ds` is the day as its people count it."""
    zone = ZoneInfo(run.tz)
    logical = datetime.fromtimestamp(run.logical_date, zone)
    start, end = datetime.fromtimestamp(run.interval_start, zone), datetime.fromtimestamp(run.interval_end, zone)
    instance = TaskInstance(run, task, attempt)
    created = datetime.fromtimestamp(run.created_at, UTC)
    day = logical.strftime("%Y-%m-%d")
    return Context(
        {
            "conn": _CONNECTIONS,
            "dag": DagInfo(run.dag_id, zone),
            "dag_run": DagRun(
                run.dag_id, run.run_id, logical, start, end, run.trigger, created, run.params, run.note
            ),
            "data_interval_end": end,
            "data_interval_start": start,
            "ds": day,
            "ds_nodash": day.replace("-", ""),
            "logical_date": logical,
            "macros": macros,
            "params": run.params,
            "run_id": run.run_id,
            "task": task,
            "task_instance": instance,
            "ti": instance,
            "try_number": attempt.try_number,
            "ts": logical.isoformat(),
            "ts_nodash": logical.strftime("%Y%m%dT%H%M%S"),
            "var": _VARIABLES,
        }
    )  # fmt: skip


def set_current_context(factory: ContextFactory | None) -> None:
    """What `get_current_context` answers from now on: called at the first question; None ends it."""
    global _in_process  # noqa: PLW0603 - threads that user code starts have no context of ours
    _in_context.set(factory)
    _in_process = factory


def get_current_context() -> Context:
    """The context of the task that runs. Raises PotokError outside a task."""
    factory = _in_context.get() or _in_process
    if factory is None:
        raise PotokError("there is no task context here: get_current_context() works while a task runs")
    return factory()


def wants_context(function: Callable[..., object]) -> bool:
    """Whether the signature asks for context values: by name, or all of them by `**context`."""
    wanted = wanted_context(function)
    return wanted.everything or bool(wanted.names)


def context_arguments(
    function: Callable[..., object], args: Sequence[object], kwargs: Mapping[str, object], context: Context
) -> dict[str, object]:
    """`kwargs` with the context values that the signature asks for and the author did not give."""
    wanted = wanted_context(function)
    found = {
        name: context[name]
        for name, position in wanted.names.items()
        if name not in kwargs and (position is None or position >= len(args))
    }
    if wanted.everything:
        bound = wanted.all_names
        found.update({name: value for name, value in context.items() if name not in bound})
    return {**found, **kwargs}


def _item(result: object, key: str) -> object:
    if key == WHOLE_RESULT:
        return result
    if isinstance(result, Mapping) and key in result:
        return result[key]
    raise PotokError(f"the result has no item {key!r}: it is {type(result).__name__}")
