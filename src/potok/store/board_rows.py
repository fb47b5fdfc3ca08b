"""The rows behind the home and the lists: what needs a person, what is muted, how many slots were busy."""

from __future__ import annotations

import msgspec

from potok.model.run import TriggerKind
from potok.model.schedule import Schedule
from potok.model.state import RunState

# More failures of one kind are not counted: "99" says enough, and the row stays small.
FAILED_RUNS_MAX = 99


class OpenFailureRow(msgspec.Struct, frozen=True):
    """Failed runs of one DAG with one error, newer than the DAG's last success.

    `run_key` is the newest of them, `run_keys` at most FAILED_RUNS_MAX of them in order. `position` is the task that
    failed; None when no task did, or in rows that an upgrade made. `at` is when the newest one ended.
    """

    dag_id: str
    signature: str
    run_key: int
    position: int | None
    at: float
    run_keys: tuple[int, ...]


class MuteRow(msgspec.Struct, frozen=True):
    """A thing that nobody wants to hear of `until` then; None: until it is well again."""

    key: str
    until: float | None
    muted_at: float
    muted_by: str
    note: str = ""


class SlotUseRow(msgspec.Struct, frozen=True):
    """How busy the slots were in the SLOT_BUCKET_S seconds from `at` on: slot-seconds, and the most at one time."""

    at: float
    busy_s: float
    peak: int


class BriefRow(msgspec.Struct, frozen=True):
    """A run as lists and lanes need it."""

    run_key: int
    run_id: str
    dag_id: str
    state: RunState
    trigger: TriggerKind
    logical_date: float
    created_at: float
    run_after: float | None
    started_at: float | None
    ended_at: float | None


class LightDag(msgspec.Struct, frozen=True):
    """A DAG as far as it is searched, filtered and planned."""

    dag_id: str
    bundle: str
    file: str
    present: bool
    paused: bool
    next_fire: float | None
    tags: tuple[str, ...]
    owner: str
    description: str


class TaskFacts(msgspec.Struct, frozen=True):
    """A task of a version as far as the home needs it."""

    task_id: str
    pool: str = ""


class DagFacts(msgspec.Struct, frozen=True):
    """A version of a DAG as far as the home needs it."""

    tasks: tuple[TaskFacts, ...]
    schedule: Schedule | None = None
    deadline_s: float | None = None
