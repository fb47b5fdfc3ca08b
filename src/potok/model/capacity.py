"""What the API answers about slots, pools, queues and what a task waits for. Shapes only.

Instants are aware datetimes, lengths are seconds; `_s` estimates come from the usual length of at least five good runs
and are null when that is not known.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from potok.model.reason import Sentence
from potok.model.state import TaskState


class Holder(msgspec.Struct, frozen=True):
    """A task instance that holds a slot or waits for one; a whole run when `task_id` is empty.

    `since`: when it began to hold or to wait. `usual_s`: how long it usually takes; `left_s`: what is left of that, 0
    when it is over it.
    """

    run_id: str
    dag_id: str
    task_id: str
    since: datetime | None
    slots: int
    usual_s: float | None = None
    left_s: float | None = None


class PoolState(msgspec.Struct, frozen=True):
    """A pool now: `used` of `slots`, held by `holders`; `queued` instances wait since `queued_since` (the longest).

    `waiters` are the first of them. Both lists are cut at 200. `source` is `config` (potok.toml) or `user`.
    """

    name: str
    slots: int
    used: int
    queued: int
    queued_since: datetime | None
    holders: list[Holder]
    waiters: list[Holder]
    description: str
    source: str


class QueueState(msgspec.Struct, frozen=True):
    """A queue now. `slots`: how many attempts of it can run at once, 0 when no live worker serves it.

    `served_at`: when the last attempt of it began, null when none did since the server started.
    """

    name: str
    queued: int
    queued_since: datetime | None
    running: int
    slots: int
    served_at: datetime | None


class WorkerState(msgspec.Struct, frozen=True):
    """A worker process. `state`: `busy`, `idle` (has loaded the code of a DAG) or `lean` (has loaded none).

    `work` is what it runs, null when it is idle or runs a callback. `bundle` is the version of the DAG's code,
    `version` that of Potok, `calls` how many it has served.
    """

    worker_id: str
    pid: int
    state: str
    bundle: str
    version: str
    started_at: datetime
    calls: int
    rss_mb: float
    work: Holder | None


class Occupancy(msgspec.Struct, frozen=True):
    """Workers, queues and pools at the instant `at`; `slots` is how many attempts may run at once."""

    at: datetime
    slots: int
    free: int
    workers: list[WorkerState]
    queues: list[QueueState]
    pools: list[PoolState]


class PoolPreview(msgspec.Struct, frozen=True):
    """What a change of a pool to `slots` would do at once: `starts` instances begin, `first` are the first 50 of them.

    `over`: how many slots stay in use beyond the new number until their holders end; none is stopped.
    """

    name: str
    slots: int
    starts: int
    over: int
    first: list[Holder]


class UpstreamState(msgspec.Struct, frozen=True):
    """A task right above a waiting one. `since`: when it came into its state; `left_s` only while it runs."""

    task_id: str
    state: TaskState
    since: datetime | None
    usual_s: float | None = None
    left_s: float | None = None


class Condition(msgspec.Struct, frozen=True):
    """Something that must hold before the task starts. `name`: run, upstream, retry, queue, pool, key, dag_tasks,
    worker or turn. `why` tells it with its numbers, met or not.

    `holders` (cut at 200 of `holders_total`) hold what is waited for; `ahead` slots are wanted by those that come
    first. `left_s`: in about how many seconds it will be met.
    """

    name: str
    met: bool
    why: Sentence
    since: datetime | None
    holders: list[Holder]
    holders_total: int
    above: list[UpstreamState]
    ahead: int | None
    left_s: float | None


class WayOut(msgspec.Struct, frozen=True):
    """What a person may do. `action`: raise_pool (`name`, `slots`), cancel_run (`run_id`, whose `task_id` holds what is
    waited for), serve_queue (`name`), raise_dag_limit (`name`), raise_workers (`slots`)."""

    action: str
    name: str = ""
    slots: int = 0
    run_id: str = ""
    task_id: str = ""


class Waiting(msgspec.Struct, frozen=True):
    """Why a task instance does not run yet, at the instant `at`. `headline` is the first unmet condition, or why the
    task is in its state when it waits for nothing (any more). `conditions`: unmet ones first.

    `left_s`: in about how many seconds it will start.
    """

    run_id: str
    dag_id: str
    task_id: str
    state: TaskState
    at: datetime
    since: datetime | None
    headline: Sentence
    reasons: list[Sentence]
    conditions: list[Condition]
    left_s: float | None
    ways_out: list[WayOut]
