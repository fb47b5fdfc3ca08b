"""What the API answers about a DAG's past and the starts to come: grid, calendar, usual run, versions.

Instants are aware datetimes unless a name says otherwise, lengths are seconds.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from potok.model.answers import RunBrief
from potok.model.run import TriggerKind
from potok.model.state import RunState, TaskState

# One letter for each state of a task instance: capitals are final. `queries.sql` says the same in SQL.
LETTERS: dict[TaskState, str] = {
    TaskState.SCHEDULED: "s",
    TaskState.QUEUED: "q",
    TaskState.RUNNING: "r",
    TaskState.UP_FOR_RETRY: "y",
    TaskState.WAITING: "w",
    TaskState.SUCCESS: "S",
    TaskState.FAILED: "F",
    TaskState.SKIPPED: "K",
    TaskState.UPSTREAM_FAILED: "U",
    TaskState.CANCELLED: "C",
}
RETRIED = "R"  # success on a later try
ABSENT = " "  # the run's version has no such task


class GridTask(msgspec.Struct, frozen=True):
    """A row of the grid. `failures`: in how many of its runs the task failed. `present`: the newest version has it."""

    task_id: str
    failures: int
    present: bool


class GridRuns(msgspec.Struct, frozen=True):
    """The columns of the grid, oldest first, as parallel lists.

    `logical_at` and `started_at` are seconds since the epoch (UTC). `letters` has one text for each run with one letter
    for each task of the grid, in order: `s` scheduled, `q` queued, `r` running, `y` up for retry, `w` waiting,
    `S` success, `R` success after a retry, `F` failed, `K` skipped, `U` upstream failed, `C` cancelled, blank: the
    version of that run has no such task.
    """

    run_id: list[str]
    state: list[RunState]
    trigger: list[TriggerKind]
    logical_at: list[float]
    started_at: list[float | None]
    duration_s: list[float | None]
    letters: list[str]


class Pause(msgspec.Struct, frozen=True):
    """A span in which the DAG was paused. `until` is null while it lasts."""

    since: datetime
    until: datetime | None
    by: str
    note: str


class Grid(msgspec.Struct, frozen=True):
    """Tasks × runs of a DAG. `next_cursor` continues it further back, as `before`.

    `interval_s`: the usual time from one scheduled run to the next, for showing where none was due; null when unknown.
    """

    dag_id: str
    tz: str
    tasks: list[GridTask]
    runs: GridRuns
    pauses: list[Pause]
    interval_s: float | None
    next_cursor: str | None


class CalendarDay(msgspec.Struct, frozen=True):
    """Runs by logical date on one day in the DAG's zone. `worst`: failed, then cancelled, running, queued, success.

    `planned`: starts by schedule still to come on that day, counted up to 1,000.
    """

    day: date
    runs: int
    failed: int
    worst: RunState | None
    planned: int


class Calendar(msgspec.Struct, frozen=True):
    """A year of a DAG in its zone: only days on which something ran or is planned."""

    dag_id: str
    tz: str
    year: int
    days: list[CalendarDay]


class UsualTask(msgspec.Struct, frozen=True):
    """How long a task usually takes: median and the bounds of the middle 80 %, in seconds, over `runs` runs.

    `step` counts from 1: the longest chain of tasks down to it. `share` is of the whole run's length, 0 to 1.
    """

    task_id: str
    median_s: float | None
    p10_s: float | None
    p90_s: float | None
    runs: int
    step: int
    share: float
    critical: bool


class ParallelPart(msgspec.Struct, frozen=True):
    """Tasks with the same tasks above and below them, which may run at the same time. `slots` null: no pool."""

    tasks: list[str]
    pool: str
    slots: int | None


class Faster(msgspec.Struct, frozen=True):
    """Shortening `task_id` shortens the run, until `saved_s` are saved: then `next_task_id` is what holds it up.

    `next_task_id` empty: nothing else does before the task takes no time at all.
    """

    task_id: str
    saved_s: float
    next_task_id: str


class Usual(msgspec.Struct, frozen=True):
    """The usual run of a DAG: what its last good runs took.

    `basis`: `usual` from at least five good runs, `last` from the newest ended run alone when there are fewer, `none`
    when there is none. `good_runs`: how many of the last 30 good ones were looked at. `length_s` is the whole run;
    `critical` the chain of tasks that decides it, in order; `steps` how many tasks follow each other at most.
    """

    dag_id: str
    bundle: str
    basis: str
    good_runs: int
    length_s: float | None
    p10_s: float | None
    p90_s: float | None
    steps: int
    tasks: list[UsualTask]
    critical: list[str]
    parallel: list[ParallelPart]
    slowest: str
    slowest_share: float
    faster: Faster | None


class Collision(msgspec.Struct, frozen=True):
    """Another DAG's run that will want the same pool at the same time, until about `until`.

    `wanted`: slots that both may want at once, of `slots`.
    """

    dag_id: str
    at: datetime
    until: datetime
    pool: str
    slots: int
    wanted: int


class PlannedStart(msgspec.Struct, frozen=True):
    """A start to come, `local` by the wall clock of its zone. `clock_shift_s`: how far the clock moves on that day.

    `note` tells of it in words. `until`: when the run will usually have ended; null when that is unknown.
    """

    at: datetime
    local: str
    note: str
    clock_shift_s: int
    until: datetime | None
    collisions: list[Collision]


class Missed(msgspec.Struct, frozen=True):
    """What the scheduler would start at once if the DAG were let go now.

    `missed`: fires of the schedule that became no run, counted up to 10,000 (1,000 without catchup); `starts`: how many
    of them would become runs (with catchup all of them, without it none of a paused DAG's and else the last one);
    `items`: the first of those.
    """

    dag_id: str
    catchup: bool
    paused: bool
    since: datetime | None
    missed: int
    starts: int
    first: datetime | None
    last: datetime | None
    items: list[datetime]


class VersionUse(msgspec.Struct, frozen=True):
    """A version of a DAG's code with its part of the last 1,000 runs."""

    bundle: str
    created_at: datetime
    current: bool
    runs: int
    first_run_at: datetime | None
    last_run_at: datetime | None


class Neighbours(msgspec.Struct, frozen=True):
    """The runs of the same DAG made before and after a run; null at the ends."""

    previous: str | None
    next: str | None


class Standing(msgspec.Struct, frozen=True):
    """How a DAG does, in one look.

    `code`: `never_ran`, `failed`, `good`, or `unfinished` when no run has succeeded or failed yet. `streak`: how many
    runs in a row ended so, the newest included; `good_before`: how many good ones in a row stood before a failing
    streak. Both leave cancelled runs out and are counted up to 1,000. `task_id`: the first task that failed in `run`,
    the newest run that succeeded or failed. `active`: the newest run that is queued or running.
    """

    dag_id: str
    code: str
    streak: int
    good_before: int
    run: RunBrief | None
    task_id: str
    failed_at: datetime | None
    active: RunBrief | None
