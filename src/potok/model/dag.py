"""A DAG as a frozen value: what the sources produce, the store keeps by version, and the engine runs."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from potok.model.retry import Retry
from potok.model.schedule import Schedule
from potok.model.trigger import Trigger
from potok.model.trigger_rule import TriggerRule

DEFAULT_POOL = ""  # no pool: bounded by the executor alone
DEFAULT_QUEUE = "default"


class Literal(msgspec.Struct, frozen=True, tag="v", array_like=True):
    """A JSON value written in the DAG file. Texts in it may be Jinja templates."""

    value: object


class FromTask(msgspec.Struct, frozen=True, tag="t", array_like=True):
    """The result of a task above, or one `item` of it when the result is a mapping."""

    task_id: str
    item: str | None = None


class FromParam(msgspec.Struct, frozen=True, tag="p", array_like=True):
    """A param of the run, known when the run is created."""

    name: str


class ListOf(msgspec.Struct, frozen=True, tag="l", array_like=True):
    """A list that holds results or params somewhere inside."""

    items: tuple[Input, ...]


class MappingOf(msgspec.Struct, frozen=True, tag="m", array_like=True):
    """A mapping that holds results or params somewhere inside."""

    items: dict[str, Input]


class Live(msgspec.Struct, frozen=True, tag="x", array_like=True):
    """A Python object that JSON cannot carry: the worker builds the DAG again from its file and takes it there."""


Input = Literal | FromTask | FromParam | ListOf | MappingOf | Live


class CallableRef(msgspec.Struct, frozen=True, array_like=True):
    """A function of the DAG file by its qualified name. `None`: only building the DAG again yields it."""

    qualname: str | None


class PythonWork(msgspec.Struct, frozen=True, tag="python", omit_defaults=True):
    """Call a function of the DAG file."""

    function: CallableRef


class BashWork(msgspec.Struct, frozen=True, tag="bash", omit_defaults=True):
    """Run `command` by bash. `skip_on_exit_code` marks the task skipped; `None` fields inherit."""

    command: str
    env: dict[str, str] = {}
    append_env: bool = True
    cwd: str | None = None
    skip_on_exit_code: int | None = 99


class OperatorWork(msgspec.Struct, frozen=True, tag="operator", omit_defaults=True):
    """A user's operator class: the worker builds the DAG again and calls `execute(context)` of that object."""

    operator: str


class EmptyWork(msgspec.Struct, frozen=True, tag="empty"):
    """Nothing to run: the engine passes it by itself."""


Work = PythonWork | BashWork | OperatorWork | EmptyWork


class Concurrency(msgspec.Struct, frozen=True, array_like=True):
    """At most `limit` instances with the same key run at once, over all DAGs. `{name}` in `key` is a param."""

    key: str
    limit: int = 1


class Callbacks(msgspec.Struct, frozen=True, omit_defaults=True):
    """Functions of the DAG file called in a worker after the outcome is committed, at least once."""

    on_success: tuple[CallableRef, ...] = ()
    on_failure: tuple[CallableRef, ...] = ()
    on_retry: tuple[CallableRef, ...] = ()


class TaskRole(StrEnum):
    WORK = "work"
    SETUP = "setup"
    TEARDOWN = "teardown"


class Task(msgspec.Struct, frozen=True, omit_defaults=True):
    """One node. Every default is shared, so that ten thousand plain tasks stay small.

    `timeout_s` bounds one attempt. `checks` names the contract checks of the result (they run in the worker).
    `isolation`: `warm` shares a worker process between tasks of the file, `fork` gives each attempt its own.
    `metrics`: numbers of the result that are followed over runs, by name; each is a path of keys such as `counts.rows`.
    `location` is `file:line` of the definition.
    """

    task_id: str
    work: Work
    args: tuple[Input, ...] = ()
    kwargs: dict[str, Input] = {}
    trigger_rule: TriggerRule = TriggerRule.ALL_SUCCESS
    retry: Retry = Retry()
    timeout_s: float | None = None
    pool: str = DEFAULT_POOL
    pool_slots: int = 1
    priority: int = 0
    queue: str = DEFAULT_QUEUE
    concurrency: Concurrency | None = None
    at_most_once: bool = False
    may_fail: bool = False
    role: TaskRole = TaskRole.WORK
    setups: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    callbacks: Callbacks = Callbacks()
    connections: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    isolation: str = "warm"
    group: str = ""
    doc: str = ""
    location: str = ""
    metrics: dict[str, str] = {}


class EdgeGroup(msgspec.Struct, frozen=True, array_like=True):
    """Every task of `upstream` stands before every task of `downstream` (positions in `Dag.tasks`).

    All-to-all layers are one group, never a list of edges: 100 x 100 tasks cost 200 numbers, not 10,000 pairs.
    A pair (a, b) occurs in one group only.
    """

    upstream: tuple[int, ...]
    downstream: tuple[int, ...]


class Group(msgspec.Struct, frozen=True, omit_defaults=True):
    """A task group: a dotted path (`prepare.load`), a label and a text for people."""

    group_id: str
    label: str = ""
    doc: str = ""


class Dag(msgspec.Struct, frozen=True, omit_defaults=True):
    """A DAG version. `params` is a JSON schema of an object (properties carry the defaults).

    `tasks` are in topological order. `file` is relative to the DAG folder; `location` is `file:line`.
    `timeout_s` bounds a run from its start; `deadline_s` only marks it late. `max_active_tasks` 0 is no limit.
    """

    dag_id: str
    tasks: tuple[Task, ...]
    edges: tuple[EdgeGroup, ...] = ()
    groups: tuple[Group, ...] = ()
    schedule: Schedule | None = None
    params: dict[str, object] = {}
    tags: tuple[str, ...] = ()
    owner: str = ""
    description: str = ""
    doc: str = ""
    file: str = ""
    location: str = ""
    max_active_runs: int = 16
    max_active_tasks: int = 0
    timeout_s: float | None = None
    deadline_s: float | None = None
    callbacks: Callbacks = Callbacks()
    paused_at_first: bool = False
    triggers: tuple[Trigger, ...] = ()
