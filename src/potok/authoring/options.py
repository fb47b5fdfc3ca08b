"""Options of a task as authors write them, checked and turned into the model's fields. Knows no task and no DAG."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict

from potok.authoring.hint import nearest
from potok.authoring.retry import Retry
from potok.model.dag import Concurrency
from potok.model.duration import Duration, seconds
from potok.model.errors import DagError, InvalidError
from potok.model.retry import Retry as RetryPolicy
from potok.model.trigger_rule import TriggerRule

if TYPE_CHECKING:
    from datetime import date, datetime, timedelta

    from potok.model.schedule import Overlap
    from potok.model.trigger import Trigger

Callback = Callable[..., object]
Check = Callable[..., object]
METRICS_MAX = 50
EVENTS = ("on_success", "on_failure", "on_retry")


class OperatorOptions(TypedDict, total=False):
    """What every operator takes besides its own arguments."""

    retry: RetryPolicy | int
    retries: int
    retry_delay: Duration
    timeout: Duration | None
    trigger_rule: TriggerRule | str
    pool: str
    pool_slots: int
    priority: int
    queue: str
    concurrency: Concurrency | str | None
    at_most_once: bool
    may_fail: bool
    checks: Sequence[Check]
    metrics: Sequence[str] | Mapping[str, str]
    connections: Sequence[str]
    variables: Sequence[str]
    on_success: Callback | Sequence[Callback]
    on_failure: Callback | Sequence[Callback]
    on_retry: Callback | Sequence[Callback]
    isolation: str
    doc: str


class TaskOptions(OperatorOptions, total=False):
    """What `@setup`, `@teardown`, `.override` and default_args take."""

    task_id: str


class FunctionOptions(TaskOptions, total=False):
    """What `@task` takes besides: with them the function is a DAG of its own."""

    schedule: str | timedelta | None
    tz: str
    start: datetime | date | str | None
    end: datetime | date | str | None
    catchup: bool
    overlap: Overlap | str
    triggers: Sequence[Trigger]
    tags: Sequence[str]
    owner: str
    description: str
    max_active_runs: int
    deadline: Duration | None
    paused: bool
    files: Sequence[str]


# Words of neighbours for what has another name here.
FOREIGN = {
    "depends_on_past": "max_active_runs=1 of the DAG",
    "execution_timeout": "timeout",
    "max_active_tis_per_dag": "concurrency",
    "on_failure_callback": "on_failure",
    "on_retry_callback": "on_retry",
    "on_success_callback": "on_success",
    "priority_weight": "priority",
    "retry_exponential_backoff": "retry=Retry(…, backoff=2)",
    "max_retry_delay": "retry=Retry(…, max_delay=…)",
    "doc_md": "doc",
    "acks_late": "at_most_once",
    "max_retries": "retries",
    "time_limit": "timeout",
    "soft_time_limit": "timeout",
    "dag_id": "the name of the function",
    "multiple_outputs": "result['key'], which any mapping has",
    "owner": "owner of the DAG",
    "start_date": "start of the DAG",
    "sla": "deadline of the DAG",
    "email": "on_failure",
    "email_on_failure": "on_failure",
    "email_on_retry": "on_retry",
}


class Compiled:
    """Checked options: fields of the model's Task, and the Python objects that only a worker can use."""

    __slots__ = ("callbacks", "checks", "fields", "task_id")

    def __init__(self) -> None:
        self.task_id: str | None = None
        self.fields: dict[str, object] = {}
        self.checks: tuple[Check, ...] = ()
        self.callbacks: dict[str, tuple[Callback, ...]] = {}


NO_OPTIONS = Compiled()


def compile_options(given: Mapping[str, object], location: str) -> Compiled:
    """Check `given`; raises DagError at `location` with the nearest known name or what the value may be."""
    if not given:
        return NO_OPTIONS
    found = Compiled()
    for name, value in given.items():
        reader = _READERS.get(name)
        if reader is None:
            raise unknown_option(name, "a task", TaskOptions.__annotations__, location)
        try:
            reader(found, name, value)
        except InvalidError as error:
            raise DagError(str(error), location=location) from None
    _read_retry(found, given, location)
    return found


def unknown_option(name: str, owner: str, known: Mapping[str, object], location: str) -> DagError:
    foreign = FOREIGN.get(name)
    hint = f"; here it is {foreign}" if foreign else nearest(name, known)
    return DagError(f"{owner} has no option {name!r}{hint}", location=location)


def length_of(name: str, value: object) -> float | None:
    """Seconds of a duration above zero, or None; raises InvalidError."""
    if value is None:
        return None
    try:
        length_s = seconds(value)  # type: ignore[arg-type]  # the author's value: what is not a duration is told below
    except (InvalidError, AttributeError) as error:
        told = str(error) if isinstance(error, InvalidError) else f"{value!r} is not a duration; write '5m' or 300"
        raise InvalidError(f"{name}: {told}") from None
    if length_s <= 0:
        raise InvalidError(f"{name} has to be longer than zero, not {value!r}")
    return length_s


def texts_of(name: str, value: object) -> tuple[str, ...]:
    """A sequence of names; raises InvalidError for anything else, a bare text included."""
    if isinstance(value, list | tuple | set | frozenset) and all(isinstance(each, str) and each for each in value):
        return tuple(sorted(value) if isinstance(value, set | frozenset) else value)
    hint = f"; write [{value!r}]" if isinstance(value, str) else ""
    raise InvalidError(f"{name} is a list of names, not {value!r}{hint}")


def callables_of(name: str, value: object) -> tuple[Callback, ...]:
    """One function or several; raises InvalidError when something else is among them."""
    several = value if isinstance(value, list | tuple) else () if value is None else (value,)
    for each in several:
        if not callable(each):
            raise InvalidError(f"{name} takes functions, not {each!r}; give the function itself, without calling it")
    return tuple(several)


def whole_number(name: str, value: object, least: int | None) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or (least is not None and value < least):
        bound = "" if least is None else f" of {least} or more"
        raise InvalidError(f"{name} is a whole number{bound}, not {value!r}")
    return value


def text_of(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidError(f"{name} is a text, not {value!r}")
    return value


def flag_of(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidError(f"{name} is True or False, not {value!r}")
    return value


def _trigger_rule(found: Compiled, name: str, value: object) -> None:
    try:
        found.fields[name] = TriggerRule(value)  # type: ignore[arg-type]
    except ValueError:
        known = [rule.value for rule in TriggerRule]
        hint = nearest(str(value), known) or f"; the rules are {', '.join(known)}"
        raise InvalidError(f"there is no trigger rule {value!r}{hint}") from None


def _concurrency(found: Compiled, name: str, value: object) -> None:
    if isinstance(value, str) and value:
        value = Concurrency(value)
    if value is not None and not isinstance(value, Concurrency):
        raise InvalidError(f"concurrency is a key such as 'report {{city}}' or Concurrency(key, limit), not {value!r}")
    if isinstance(value, Concurrency):
        text_of("the key of concurrency", value.key)
        whole_number("the limit of concurrency", value.limit, 1)
    found.fields[name] = value


def _isolation(found: Compiled, name: str, value: object) -> None:
    if value not in ("warm", "fork"):
        raise InvalidError(f"isolation is 'warm' (a shared worker process) or 'fork' (one of its own), not {value!r}")
    found.fields[name] = value


def _task_id(found: Compiled, name: str, value: object) -> None:
    found.task_id = text_of(name, value)


def _timeout(found: Compiled, name: str, value: object) -> None:
    found.fields["timeout_s"] = length_of(name, value)


def _checks(found: Compiled, name: str, value: object) -> None:
    found.checks = callables_of(name, value)
    found.fields["checks"] = tuple(check_name(check) for check in found.checks)


def _metrics(found: Compiled, name: str, value: object) -> None:
    if isinstance(value, Mapping):
        given = dict(value)
    else:
        given = {path: path for path in texts_of(name, value)}
    for label, path in given.items():
        if not isinstance(label, str) or not isinstance(path, str) or not label or not all(path.split(".")):
            raise InvalidError(f"metrics names numbers of the result, such as 'rows' or 'counts.rows', not {path!r}")
    if len(given) > METRICS_MAX:
        raise InvalidError(f"metrics has {len(given)} names; a task has at most {METRICS_MAX}")
    found.fields[name] = given


def _callbacks(found: Compiled, name: str, value: object) -> None:
    found.callbacks[name] = callables_of(name, value)


def _texts(found: Compiled, name: str, value: object) -> None:
    found.fields[name] = texts_of(name, value)


def _text(found: Compiled, name: str, value: object) -> None:
    found.fields[name] = text_of(name, value)


def _flag(found: Compiled, name: str, value: object) -> None:
    found.fields[name] = flag_of(name, value)


def _slots(found: Compiled, name: str, value: object) -> None:
    found.fields[name] = whole_number(name, value, 1)


def _priority(found: Compiled, name: str, value: object) -> None:
    found.fields[name] = whole_number(name, value, None)


def _later(found: Compiled, name: str, value: object) -> None:
    """The retry options are read together, see `_read_retry`."""


def check_name(check: Check) -> str:
    """What a check is called in the contract of a task: `rows(min=1000)`, or the function's name."""
    return str(getattr(check, "check_name", None) or getattr(check, "__name__", None) or type(check).__name__)


def _read_retry(found: Compiled, given: Mapping[str, object], location: str) -> None:
    if "retry" in given:
        if "retries" in given or "retry_delay" in given:
            raise DagError("retry and retries say the same thing; keep one of them", location=location)
        retry = given["retry"]
        if isinstance(retry, int) and not isinstance(retry, bool):
            retry = Retry(retry)
        if not isinstance(retry, RetryPolicy):
            raise DagError(f"retry is Retry(3, delay='5m') or a number of retries, not {retry!r}", location=location)
        found.fields["retry"] = retry
    elif "retries" in given or "retry_delay" in given:
        retries, delay = given.get("retries", 0), given.get("retry_delay", 0)
        try:
            found.fields["retry"] = RetryPolicy(
                retries=whole_number("retries", retries, 0),
                delay_s=(length_of("retry_delay", delay) or 0.0) if delay != 0 else 0.0,
            )
        except InvalidError as error:
            raise DagError(str(error), location=location) from None


_READERS: dict[str, Callable[[Compiled, str, object], None]] = {
    "task_id": _task_id,
    "retry": _later,
    "retries": _later,
    "retry_delay": _later,
    "timeout": _timeout,
    "trigger_rule": _trigger_rule,
    "pool": _text,
    "pool_slots": _slots,
    "priority": _priority,
    "queue": _text,
    "concurrency": _concurrency,
    "at_most_once": _flag,
    "may_fail": _flag,
    "checks": _checks,
    "metrics": _metrics,
    "connections": _texts,
    "variables": _texts,
    "on_success": _callbacks,
    "on_failure": _callbacks,
    "on_retry": _callbacks,
    "isolation": _isolation,
    "doc": _text,
}
