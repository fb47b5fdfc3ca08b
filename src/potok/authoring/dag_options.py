"""Options of a DAG as authors write them, checked. Knows no task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypedDict

from potok.authoring.hint import nearest
from potok.authoring.on_event import read_triggers
from potok.authoring.options import (
    EVENTS,
    FOREIGN,
    Callback,
    TaskOptions,
    callables_of,
    flag_of,
    length_of,
    text_of,
    texts_of,
    unknown_option,
    whole_number,
)
from potok.authoring.schedule import read_schedule
from potok.model.duration import Duration
from potok.model.errors import DagError, InvalidError
from potok.model.schedule import Overlap, Schedule
from potok.model.trigger import Trigger


class DagOptions(TypedDict, total=False):
    """What `@dag` and `Dag` take."""

    schedule: str | timedelta | None
    tz: str
    start: datetime | date | str | None
    end: datetime | date | str | None
    catchup: bool
    overlap: Overlap | str
    triggers: Sequence[Trigger]
    params: Mapping[str, object]
    tags: Sequence[str]
    owner: str
    description: str
    doc: str
    max_active_runs: int
    max_active_tasks: int
    timeout: Duration | None
    deadline: Duration | None
    default_args: TaskOptions
    on_success: Callback | Sequence[Callback]
    on_failure: Callback | Sequence[Callback]
    paused: bool
    files: Sequence[str]


_FOREIGN = {
    "schedule_interval": "schedule",
    "timetable": "schedule",
    "start_date": "start",
    "end_date": "end",
    "timezone": "tz",
    "dagrun_timeout": "timeout",
    "on_failure_callback": "on_failure",
    "on_success_callback": "on_success",
    "is_paused_upon_creation": "paused",
    "doc_md": "doc",
    "concurrency": "max_active_tasks",
    "sla": "deadline",
}


class Checked:
    """Checked options: fields of the model's Dag, and what is kept beside it."""

    __slots__ = ("callbacks", "fields", "files")

    def __init__(self, given: Mapping[str, object], location: str) -> None:
        """Raises DagError at `location`."""
        self.callbacks: dict[str, tuple[Callback, ...]] = {}
        self.files: tuple[str, ...] = ()
        self.fields: dict[str, object] = {}
        for name, value in given.items():
            try:
                self._read(name, value)
            except InvalidError as error:
                raise DagError(str(error), location=location) from None
        if "triggers" in given:
            self.fields["triggers"] = read_triggers(given["triggers"], location)
        schedule = _schedule(given, location)
        if schedule is not None:
            self.fields["schedule"] = schedule

    def _read(self, name: str, value: object) -> None:
        if name in _TEXTS:
            self.fields[name] = text_of(name, value)
        elif name in _LENGTHS:
            self.fields[f"{name}_s"] = length_of(name, value)
        elif name in _NUMBERS:
            self.fields[name] = whole_number(name, value, _NUMBERS[name])
        elif name in EVENTS:
            self.callbacks[name] = callables_of(name, value)
        elif name == "tags":
            self.fields[name] = texts_of(name, value)
        elif name == "files":
            self.files = texts_of(name, value)
        elif name == "paused":
            self.fields["paused_at_first"] = flag_of(name, value)


_TEXTS = frozenset({"owner", "description", "doc"})
_LENGTHS = frozenset({"timeout", "deadline"})
_NUMBERS = {"max_active_runs": 1, "max_active_tasks": 0}


def refuse_unknown(given: Mapping[str, object], location: str) -> None:
    """Raises DagError for a misspelt option or an argument of the wrong kind that building relies on."""
    for name in given:
        if name not in DagOptions.__annotations__:
            if name in _FOREIGN:
                raise DagError(f"a DAG has no option {name!r}; here it is {_FOREIGN[name]}", location=location)
            if name in TaskOptions.__annotations__ or name in FOREIGN:
                raise DagError(
                    f"{name!r} is an option of tasks; put it in default_args={{{name!r}: …}} for all tasks of the DAG",
                    location=location,
                )
            raise unknown_option(name, "a DAG", DagOptions.__annotations__, location)
    for name in ("params", "default_args"):
        value = given.get(name)
        if value is not None and not isinstance(value, Mapping):
            raise DagError(f"{name} is a mapping of names to values, not {value!r}", location=location)


def _schedule(given: Mapping[str, object], location: str) -> Schedule | None:
    overlap = given.get("overlap", Overlap.QUEUE)
    try:
        policy = Overlap(overlap)  # type: ignore[arg-type]
    except ValueError:
        known = [each.value for each in Overlap]
        hint = nearest(str(overlap), known) or f"; known are {', '.join(known)}"
        raise DagError(f"there is no overlap policy {overlap!r}{hint}", location=location) from None
    try:
        catchup = flag_of("catchup", given.get("catchup", False))
    except InvalidError as error:
        raise DagError(str(error), location=location) from None
    return read_schedule(
        given.get("schedule"),
        tz=given.get("tz", "UTC"),
        start=given.get("start"),
        end=given.get("end"),
        catchup=catchup,
        overlap=policy,
        location=location,
    )
