"""What the API answers for the home, the lists and the search: what needs a person, what runs next, what was found.

Instants are aware datetimes (RFC 3339, UTC on the wire), lengths are seconds. Never holds a secret.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

import msgspec

from potok.model.reason import Sentence
from potok.model.state import RunState
from potok.model.story import Price

T = TypeVar("T")


class CountedPage(msgspec.Struct, Generic[T], frozen=True):
    """A part of a listing; `next_cursor` continues it. `total` counts all, up to 10,000 (then `total_is_more`)."""

    items: list[T]
    next_cursor: str | None
    total: int
    total_is_more: bool = False


class Pulse(msgspec.Struct, frozen=True):
    """How the server is: `lag_s` is how late its loop was at its worst in the last minute, `commit_ms` how long the
    last commit took in milliseconds. `slots` attempts may run at once, `free` of them are not taken."""

    lag_s: float
    commit_ms: float
    store_bytes: int
    workers: int
    slots: int
    free: int


class QueueHead(msgspec.Struct, frozen=True):
    """The task instance that waits longest for a slot, and the first thing that it waits for."""

    run_id: str
    dag_id: str
    task_id: str
    since: datetime
    reason: Sentence


class NowCounts(msgspec.Struct, frozen=True):
    """Task instances by what they do now (`tasks_waiting` are deferred, `tasks_retrying` wait for their next try), and
    runs that are late now or ended since the asked instant. `late_most_s` is how late the latest one is, in seconds."""

    tasks_running: int
    tasks_queued: int
    tasks_waiting: int
    tasks_retrying: int
    queue_head: QueueHead | None
    late_runs: int
    late_most_s: float | None
    failed_runs: int
    done_runs: int


class NeedKind(StrEnum):
    """What about a thing needs a person."""

    FAILED = "failed"
    LATE = "late"
    IMPORT_ERROR = "import_error"
    LOST_WORKER = "lost_worker"
    UNSERVED_QUEUE = "unserved_queue"
    TRIGGER = "trigger"


class Need(msgspec.Struct, frozen=True):
    """One thing that needs a person until it is well again or muted by its `key`.

    `at`: when it happened last; `lead`: the one line to read (`error_line` carries the first line of an error);
    `more`: what else there is to say. `times`: how many runs of the DAG failed with this error since it last succeeded
    (99 at most), the first of them ended `since`. `blocked`: tasks below that did not run. `location` is `file:line`.
    `retrying`: the run was retried and is not over. `retry`: the price of retrying what failed, null when there is
    nothing to retry. `name`: what it is about where there is no DAG (a file, a queue).
    """

    key: str
    kind: NeedKind
    at: datetime
    name: str
    dag_id: str | None
    run_id: str | None
    task_id: str | None
    lead: Sentence
    more: list[Sentence]
    location: str
    times: int
    blocked: int
    try_number: int
    max_tries: int
    deadline_at: datetime | None
    retrying: bool
    retry: Price | None


class Now(msgspec.Struct, frozen=True):
    """What needs a person now. `needs` are newest first, at most as many as asked for of `needs_total`.

    `muted`: how many more were left out because somebody muted them. `dags`: how many DAGs there are.
    """

    at: datetime
    since: datetime
    pulse: Pulse
    counts: NowCounts
    needs: list[Need]
    needs_total: int
    muted: int
    dags: int


class Upcoming(msgspec.Struct, frozen=True):
    """A start to come. `usual_s`: how long the DAG's runs usually take, from 5 good runs on. `caveats`: what may go
    otherwise than usual, such as another DAG that wants the same pool then."""

    at: datetime
    dag_id: str
    usual_s: float | None
    caveats: list[Sentence]


class UpcomingStarts(msgspec.Struct, frozen=True):
    """The next starts over all DAGs. `total`: how many there are before `until`, counted up to 1,000."""

    items: list[Upcoming]
    total: int
    total_is_more: bool
    until: datetime


class LaneRun(msgspec.Struct, frozen=True):
    """A run on a lane. `ended_at` is null while it is not over; then `expected_at` is when it should usually be.

    `failed_task` is told for failures that are still open.
    """

    run_id: str
    state: RunState
    started_at: datetime
    ended_at: datetime | None
    expected_at: datetime | None
    late: bool
    failed_task: str | None


class PlannedRun(msgspec.Struct, frozen=True):
    """A start to come and when the run will usually have ended; null when no usual length is known."""

    at: datetime
    until: datetime | None


class Lane(msgspec.Struct, frozen=True):
    """One DAG in the timeline. `runs` in order; `left_off` older ones of the span are not shown.

    `import_error`: its file is broken, so that an older version will run.
    """

    dag_id: str
    needs_you: bool
    import_error: bool
    usual_s: float | None
    runs: list[LaneRun]
    left_off: int
    planned: list[PlannedRun]


class BusySlots(msgspec.Struct, frozen=True):
    """How many slots were busy on average in the `bucket_s` seconds from `at` on, and at most."""

    at: datetime
    mean: float
    peak: int


class Timeline(msgspec.Struct, frozen=True):
    """What ran and what is planned from `since` to `until`: lanes that need a person first, then what runs, then what
    ran or starts. `lanes_total`: how many DAGs have something in that span. `busy` leaves empty buckets out."""

    since: datetime
    until: datetime
    at: datetime
    slots: int
    bucket_s: float
    busy: list[BusySlots]
    lanes: list[Lane]
    lanes_total: int


class FacetCount(msgspec.Struct, frozen=True):
    """A value to filter by and how many DAGs have it."""

    name: str
    count: int


class DagFacets(msgspec.Struct, frozen=True):
    """What the list of DAGs can be filtered by, most frequent first. `states` are those of the filter."""

    tags: list[FacetCount]
    owners: list[FacetCount]
    states: list[FacetCount]
    total: int


class FoundKind(StrEnum):
    DAG = "dag"
    RUN = "run"
    TASK = "task"


class Found(msgspec.Struct, frozen=True):
    """A hit of the search, best first. `state` is that of a run, or of the DAG's newest run; `at` when it was made."""

    kind: FoundKind
    dag_id: str
    run_id: str | None
    task_id: str | None
    state: RunState | None
    at: datetime | None


class Mute(msgspec.Struct, frozen=True):
    """A thing that nobody wants to hear of. `until` null: until the DAG succeeds next, or until the file loads."""

    key: str
    until: datetime | None
    muted_at: datetime
    muted_by: str
    note: str
