"""What the HTTP API answers: the structs that the server encodes and the Python client decodes.

Instants are aware datetimes (RFC 3339, UTC on the wire), lengths are seconds. Never holds a secret.
"""

from __future__ import annotations

from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from potok.model.reason import Reason
from potok.model.run import CheckResult, TriggerKind
from potok.model.state import RunState, TaskState

T = TypeVar("T")


class Page(msgspec.Struct, Generic[T], frozen=True):
    """A part of a listing; `next_cursor` continues it and is null at its end."""

    items: list[T]
    next_cursor: str | None = None


class Problem(msgspec.Struct, frozen=True):
    """An error (RFC 9457). `detail` is the sentence for people; `field` is the path of the wrong value."""

    title: str
    status: int
    detail: str
    type: str = "about:blank"
    field: str = ""


class Counts(msgspec.Struct, frozen=True):
    """How many task instances of a run are in which state; what is in none of them waits."""

    total: int
    success: int
    failed: int
    skipped: int
    upstream_failed: int
    cancelled: int
    running: int


class RunEvent(msgspec.Struct, frozen=True):
    """What a trigger saw before it started a run; `text` is for people. What its `kind` lacks is empty.

    `before`: the commit of the run that the trigger started before. `files`: the first of the `files_count` that differ
    since then. `delivery`: the forge's own name for its call, `by`: who pushed.
    """

    kind: str
    at: datetime
    text: str
    path: str
    commit: str
    before: str
    branch: str
    ref: str
    repository: str
    url: str
    delivery: str
    by: str
    files: tuple[str, ...]
    files_count: int


class Run(msgspec.Struct, frozen=True):
    """One execution of a DAG. `duration_s` grows while it runs; `reason` tells a final state apart.

    `event`: the commit, change or push that started it.
    """

    run_id: str
    dag_id: str
    state: RunState
    logical_date: datetime
    params: dict[str, object]
    bundle: str
    trigger: TriggerKind
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    duration_s: float | None
    data_interval_start: datetime
    data_interval_end: datetime
    note: str
    triggered_by: str
    idempotency_key: str | None
    run_after: datetime | None
    expires_at: datetime | None
    counts: Counts
    reason: Reason | None
    event: RunEvent | None = None


class RunBar(msgspec.Struct, frozen=True):
    """A run as a bar in a row of runs: lists hold thousands of them."""

    run_id: str
    state: RunState
    created_at: datetime
    duration_s: float | None


class RunBrief(msgspec.Struct, frozen=True):
    """A run with its times."""

    run_id: str
    state: RunState
    trigger: TriggerKind
    logical_date: datetime
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    duration_s: float | None


class TaskInstance(msgspec.Struct, frozen=True):
    """A task within a run. `position` is its place in the DAG version's list of tasks."""

    task_id: str
    position: int
    state: TaskState
    try_number: int
    max_tries: int
    losses: int
    attempt_id: int | None
    queued_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    duration_s: float | None
    retry_at: datetime | None
    reason: Reason | None


class AttemptError(msgspec.Struct, frozen=True):
    """Why an attempt failed; `location` is the user's `file:line`."""

    kind: str
    message: str
    location: str
    traceback: str


class Attempt(msgspec.Struct, frozen=True):
    """One try of a task instance. `outcome` is null while it runs; `signal_name` is such as `SIGKILL`."""

    attempt_id: int
    task_id: str
    try_number: int
    outcome: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    duration_s: float | None
    pid: int | None
    exit_code: int | None
    signal: int | None
    signal_name: str | None
    oom: bool
    cpu_user_s: float
    cpu_system_s: float
    rss_peak_mb: float
    error: AttemptError | None
    log_lines: int
    log_lines_lost: int
    checks: tuple[CheckResult, ...]
    rendered: dict[str, str]


class LogEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One log line of an attempt. `src`: stdout, stderr or log. `more`: the text goes on in the next line.

    `lost`: so many lines were lost here. `task_id` and `attempt` (a try number) stand only in the log of a whole run.
    """

    at: datetime
    level: str
    src: str
    msg: str
    logger: str = ""
    more: bool = False
    lost: int = 0
    task_id: str = ""
    attempt: int = 0


class TaskResult(msgspec.Struct, frozen=True):
    """What a task returned. `value` is absent when `stored`: then `?raw=1` yields the bytes.

    `codec` is `json` or `parquet`.
    """

    run_id: str
    task_id: str
    codec: str
    size: int
    stored: bool
    value: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class Changed(msgspec.Struct, frozen=True):
    """What an action on a run did (or with `dry_run` would do): `tasks` run again or were set, `kept` results stay.

    `about_s`: with `dry_run`, about how many seconds the tasks take; null when their usual lengths are not known.
    """

    run: Run
    tasks: tuple[str, ...]
    kept: int
    about_s: float | None = None


class ImportFailure(msgspec.Struct, frozen=True):
    """A DAG file that cannot be used now; `location` is `file:line`."""

    file: str
    message: str
    location: str
    traceback: str
    at: datetime


class DagItem(msgspec.Struct, frozen=True):
    """A DAG as a row. `present` is false once its file is gone; `import_error` means that an older version runs.

    In the list only: `usual_s` is how long its runs usually take (seconds, from 5 good runs on), `trend` by which part
    the last ones took longer than those before (0.3: 30 % slower; negative: faster; null when less than 20 %).
    `failed`: its last failure has not been followed by a success; `late`: a run or a start of it is.
    """

    dag_id: str
    description: str
    owner: str
    tags: tuple[str, ...]
    schedule: str
    tz: str
    next_run_at: datetime | None
    paused: bool
    paused_by: str
    paused_note: str
    paused_at: datetime | None
    present: bool
    bundle: str
    file: str
    location: str
    task_count: int
    first_seen_at: datetime
    updated_at: datetime
    import_error: ImportFailure | None
    last_runs: list[RunBar]
    usual_s: float | None = None
    trend: float | None = None
    failed: bool = False
    late: bool = False


class GraphTask(msgspec.Struct, frozen=True, omit_defaults=True):
    """A node of a DAG's graph. Absent fields have their defaults: no retries, no limit, no pool, queue `default`."""

    task_id: str
    operator: str
    trigger_rule: str = "all_success"
    role: str = "work"
    group: str = ""
    pool: str = ""
    pool_slots: int = 1
    priority: int = 0
    queue: str = "default"
    retries: int = 0
    retry_delay_s: float = 0.0
    timeout_s: float | None = None
    concurrency_key: str | None = None
    at_most_once: bool = False
    may_fail: bool = False
    doc: str = ""
    location: str = ""


class Edges(msgspec.Struct, frozen=True):
    """Every task of `upstream` stands before every task of `downstream`."""

    upstream: list[str]
    downstream: list[str]


class GraphGroup(msgspec.Struct, frozen=True):
    """A task group: a dotted path, a label and a text for people."""

    group_id: str
    label: str
    doc: str


class DagGraph(msgspec.Struct, frozen=True):
    """One version of a DAG with its graph; `params` is a JSON schema. `tasks` are in topological order."""

    bundle: str
    doc: str
    params: dict[str, object]
    tasks: list[GraphTask]
    edges: list[Edges]
    groups: list[GraphGroup]
    max_active_runs: int
    max_active_tasks: int
    timeout_s: float | None
    deadline_s: float | None
    catchup: bool
    start: datetime | None
    end: datetime | None


class TriggerView(msgspec.Struct, frozen=True):
    """What starts the DAG besides its schedule. `kind`: `commit`, `change` or `push`; `text` is for people.

    `path`: the checkout or folder as written. `hook`: where a forge sends its pushes, below the server's address.
    `state`: the commit, or the like, that a run was last started for, `run_id` that run. `waiting`: the newest event
    that no run was started for yet. `trouble`: why nothing is seen, or why the last event started no run.
    """

    kind: str
    text: str
    path: str
    branches: tuple[str, ...]
    repository: str
    secret: str
    hook: str
    params: dict[str, str]
    state: str
    seen_at: datetime | None
    run_id: str
    started_at: datetime | None
    waiting: str
    trouble: str


class DagView(msgspec.Struct, frozen=True):
    """A DAG, one version of its graph, and what starts it besides its schedule."""

    dag: DagItem
    graph: DagGraph
    triggers: list[TriggerView] = []


class HookAnswer(msgspec.Struct, frozen=True):
    """What a push came to. `created` is false for a delivery that was known; without a run `note` says why."""

    run_id: str | None = None
    created: bool = False
    note: str = ""


class SourceFile(msgspec.Struct, frozen=True):
    """A file of a bundle. `text` is null when it is not text; `truncated` when only its beginning is shown."""

    path: str
    size: int
    text: str | None
    truncated: bool


class Source(msgspec.Struct, frozen=True):
    """The code of one DAG version."""

    dag_id: str
    bundle: str
    file: str
    location: str
    files: list[SourceFile]


class Pool(msgspec.Struct, frozen=True):
    """A pool and its use now. `holders` are `run_id/task_id`; `source` is `config` or `user`."""

    name: str
    slots: int
    used: int
    queued: int
    holders: tuple[str, ...]
    description: str
    source: str


class ConnectionItem(msgspec.Struct, frozen=True):
    """A connection without its secrets: password and extra are never shown."""

    name: str
    kind: str
    host: str
    port: int | None
    login: str
    schema: str
    updated_at: datetime


class VariableItem(msgspec.Struct, frozen=True):
    """A variable. `value` is null when it is secret."""

    name: str
    secret: bool
    value: object
    updated_at: datetime


class Worker(msgspec.Struct, frozen=True):
    """A worker process. `bundle` is empty for one that has loaded no DAG code; `attempt_id` is null when it is idle."""

    worker_id: str
    pid: int
    bundle: str
    attempt_id: int | None
    started_at: datetime
    calls: int
    rss_mb: float


class Workers(msgspec.Struct, frozen=True):
    """The workers now; `slots` is how many attempts may run at once."""

    items: list[Worker]
    slots: int
    free: int


class Health(msgspec.Struct, frozen=True):
    """How the server is. `lag_s`: how late its loop was at its worst in the last minute."""

    version: str
    started_at: datetime
    epoch: int
    turn: int
    lag_s: float
    commit_ms: float
    active_runs: int
    tasks_running: int
    tasks_queued: int
    runs_by_state: dict[str, int]
    store_bytes: int
    parked_events: int
    counters: dict[str, int]


class AuditItem(msgspec.Struct, frozen=True):
    """Who did what to what."""

    audit_id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, object]
