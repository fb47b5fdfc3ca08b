"""The rows that cross the store's border. Instants are seconds since the epoch (UTC); `*_json` columns stay inside."""

from __future__ import annotations

import msgspec

from potok.model.dag import Dag
from potok.model.reason import Reason
from potok.model.result_files import FilesRecord
from potok.model.run import CheckResult, ErrorInfo, LogRange, RunRecord, Usage
from potok.model.state import RunState, TaskState
from potok.model.trigger import Mark
from potok.store.board_rows import MuteRow, OpenFailureRow, SlotUseRow


class TaskRow(msgspec.Struct, frozen=True):
    """A task instance. `position` is its place in the run's Dag version. `attempt_id` is the current attempt or None.

    `max_tries`: the attempt number that may not be passed. `losses`: workers that died under it since the last clear.
    """

    run_key: int
    position: int
    task_id: str
    state: TaskState
    try_number: int = 0
    max_tries: int = 1
    losses: int = 0
    attempt_id: int | None = None
    queued_at: float | None = None
    started_at: float | None = None
    ended_at: float | None = None
    retry_at: float | None = None
    reason: Reason | None = None


class AttemptRow(msgspec.Struct, frozen=True):
    """One try of a task instance. Written when its `running` is committed, completed when it ends.

    `outcome`: None while it runs, else `success`, `failed`, `skipped`, `lost`, `cancelled`, `timeout`.
    `queued_at`: when the instance became ready for this attempt (None in rows of older versions).
    """

    attempt_id: int
    run_key: int
    position: int
    task_id: str
    try_number: int
    created_at: float
    outcome: str | None = None
    started_at: float | None = None
    ended_at: float | None = None
    pid: int | None = None
    exit_code: int | None = None
    signal: int | None = None
    oom: bool = False
    usage: Usage = Usage()
    error: ErrorInfo | None = None
    log: LogRange | None = None
    checks: tuple[CheckResult, ...] = ()
    rendered: dict[str, str] = {}
    queued_at: float | None = None


class AttemptSpanRow(msgspec.Struct, frozen=True):
    """What a timeline draws of an attempt: when it was ready, began and ended, and how."""

    attempt_id: int
    position: int
    task_id: str
    try_number: int
    outcome: str | None
    queued_at: float | None
    started_at: float | None
    ended_at: float | None
    exit_code: int | None = None
    signal: int | None = None
    oom: bool = False
    usage: Usage = Usage()
    error: ErrorInfo | None = None


class ErrorRow(msgspec.Struct, frozen=True):
    """The error of one attempt."""

    task_id: str
    attempt_id: int
    error: ErrorInfo


class EnvironmentRow(msgspec.Struct, frozen=True):
    """What tasks run on since `seen_at`: the Python version, the platform, and packages by name."""

    seen_at: float
    digest: str
    python: str
    platform: str
    packages: dict[str, str]


class ParamsEditRow(msgspec.Struct, frozen=True):
    """A retry with other params: what the run had before and has after it."""

    run_key: int
    at: float
    actor: str
    before: dict[str, object]
    after: dict[str, object]


class ResultRow(msgspec.Struct, frozen=True):
    """The result of a task instance: JSON bytes inline in `data`, or a stored file (`key`, `codec`, `sha256`).

    `files` that it names and `numbers` of it that are metrics are None for nearly all results, never empty.
    """

    run_key: int
    position: int
    task_id: str
    attempt_id: int
    codec: str
    size: int
    data: bytes | None = None
    key: str | None = None
    sha256: str = ""
    files: tuple[FilesRecord, ...] | None = None
    numbers: dict[str, float] | None = None


class RunFilesRow(msgspec.Struct, frozen=True):
    """The files that the result of one task names."""

    position: int
    task_id: str
    attempt_id: int
    files: tuple[FilesRecord, ...]


class RunCounts(msgspec.Struct, frozen=True):
    """Roll-up of a run's task instances by state, kept in the run's row."""

    total: int = 0
    success: int = 0
    failed: int = 0
    skipped: int = 0
    upstream_failed: int = 0
    cancelled: int = 0
    running: int = 0


class RunRow(msgspec.Struct, frozen=True):
    """A run with its roll-up."""

    record: RunRecord
    counts: RunCounts


class NewRun(msgspec.Struct, frozen=True):
    """A run to insert, with all its task instances in their first states."""

    row: RunRow
    tasks: tuple[TaskRow, ...]


class OutboxRow(msgspec.Struct, frozen=True):
    """A promise to do something outside (call a callback), kept until it is done. `payload` is MessagePack."""

    outbox_id: int
    kind: str
    payload: bytes
    created_at: float
    run_key: int | None = None


class AuditRow(msgspec.Struct, frozen=True):
    """Who did what. `audit_id` is given by the store on insert (0 until then)."""

    at: float
    actor: str
    action: str
    subject: str
    detail: dict[str, object] = {}
    audit_id: int = 0


class ParkedEvent(msgspec.Struct, frozen=True):
    """An event whose turn could not be committed; kept for an operator, the others went through."""

    at: float
    kind: str
    payload: bytes
    error: str


class DagRow(msgspec.Struct, frozen=True):
    """A DAG as known now. `present` is False once its file is gone. `last_fire` is the last scheduled logical date
    that was turned into a run or deliberately passed over."""

    dag_id: str
    bundle: str
    file: str
    present: bool
    paused: bool
    first_seen_at: float
    updated_at: float
    last_fire: float | None = None
    next_fire: float | None = None
    paused_by: str = ""
    paused_note: str = ""
    paused_at: float | None = None
    tags: tuple[str, ...] = ()
    owner: str = ""
    description: str = ""
    schedule_text: str = ""
    tz: str = "UTC"
    location: str = ""
    task_count: int = 0


class VersionRow(msgspec.Struct, frozen=True):
    """One version of one DAG: `bundle` is the content hash of its code; `files` are paths inside the bundle."""

    dag_id: str
    bundle: str
    created_at: float
    files: tuple[str, ...]
    dag: Dag


class ImportErrorRow(msgspec.Struct, frozen=True):
    """A DAG file that cannot be used now. `location` is `file:line`."""

    file: str
    message: str
    location: str
    traceback: str
    at: float


class TriggerMarkRow(msgspec.Struct, frozen=True):
    """What is kept of one trigger of a DAG; `key` is the trigger's own."""

    dag_id: str
    key: str
    mark: Mark


class PoolRow(msgspec.Struct, frozen=True):
    """A pool; `source` is `config` when potok.toml declares it, else `user`."""

    name: str
    slots: int
    description: str = ""
    source: str = "user"


class ConnectionRow(msgspec.Struct, frozen=True):
    """A connection; `sealed` is the encrypted whole (see `potok.scheduler.secrets`), the rest is safe to show."""

    name: str
    kind: str
    host: str
    port: int | None
    login: str
    schema: str
    sealed: bytes
    updated_at: float


class VariableRow(msgspec.Struct, frozen=True):
    """A variable; `sealed` is encrypted JSON when `secret`, plain JSON otherwise."""

    name: str
    secret: bool
    sealed: bytes
    updated_at: float


class Leader(msgspec.Struct, frozen=True):
    """Who may write. `epoch` grows with each taking over; `turn` is the last committed turn of that epoch.

    `instance` marks the processes of the server that held it before (environment POTOK_INSTANCE).
    """

    epoch: int
    turn: int
    instance: str
    previous_instance: str | None = None


class RunUpdate(msgspec.Struct, frozen=True):
    """What may change in a run's row. All of it is written."""

    run_key: int
    state: RunState
    started_at: float | None
    ended_at: float | None
    reason: Reason | None
    counts: RunCounts


class Batch(msgspec.Struct):
    """Everything one turn decided: committed in one transaction or not at all.

    Lists keep their order; a task row replaces the stored one by (run_key, position); attempts are inserted by
    `attempts_new` and completed by `attempts_ended` (whole rows). Of two rows with one key the later one stays
    (`runs_new` and `attempts_new` refuse a second one); what is both set and gone (dropped, done) ends up gone.
    """

    epoch: int
    turn: int
    runs_new: list[NewRun] = msgspec.field(default_factory=list)
    runs: list[RunUpdate] = msgspec.field(default_factory=list)
    tasks: list[TaskRow] = msgspec.field(default_factory=list)
    attempts_new: list[AttemptRow] = msgspec.field(default_factory=list)
    attempts_ended: list[AttemptRow] = msgspec.field(default_factory=list)
    results: list[ResultRow] = msgspec.field(default_factory=list)
    results_dropped: list[tuple[int, int]] = msgspec.field(default_factory=list)
    outbox_new: list[OutboxRow] = msgspec.field(default_factory=list)
    outbox_done: list[int] = msgspec.field(default_factory=list)
    audit: list[AuditRow] = msgspec.field(default_factory=list)
    parked: list[ParkedEvent] = msgspec.field(default_factory=list)
    params_edits: list[ParamsEditRow] = msgspec.field(default_factory=list)
    trigger_marks: list[TriggerMarkRow] = msgspec.field(default_factory=list)
    trigger_marks_gone: list[tuple[str, str]] = msgspec.field(default_factory=list)
    dags: list[DagRow] = msgspec.field(default_factory=list)
    fires: list[tuple[str, float | None, float | None]] = msgspec.field(default_factory=list)
    versions: list[VersionRow] = msgspec.field(default_factory=list)
    import_errors: list[ImportErrorRow] = msgspec.field(default_factory=list)
    import_errors_gone: list[str] = msgspec.field(default_factory=list)
    pools: list[PoolRow] = msgspec.field(default_factory=list)
    pools_gone: list[str] = msgspec.field(default_factory=list)
    connections: list[ConnectionRow] = msgspec.field(default_factory=list)
    connections_gone: list[str] = msgspec.field(default_factory=list)
    variables: list[VariableRow] = msgspec.field(default_factory=list)
    variables_gone: list[str] = msgspec.field(default_factory=list)
    open_failures: list[OpenFailureRow] = msgspec.field(default_factory=list)
    open_failures_gone: list[tuple[str, str]] = msgspec.field(default_factory=list)
    mutes: list[MuteRow] = msgspec.field(default_factory=list)
    mutes_gone: list[str] = msgspec.field(default_factory=list)
    slot_use: list[SlotUseRow] = msgspec.field(default_factory=list)

    def is_empty(self) -> bool:
        """Whether committing it would change nothing but the turn number."""
        return not any(getattr(self, name) for name in self.__struct_fields__ if name not in ("epoch", "turn"))


class StoredRun(msgspec.Struct, frozen=True):
    """A run with all that the scheduler needs to go on with it. `results`: of all its tasks, inline
    ones with their data."""

    row: RunRow
    tasks: tuple[TaskRow, ...]
    attempts: tuple[AttemptRow, ...]
    results: tuple[ResultRow, ...]


class Page(msgspec.Struct, frozen=True):
    """Where a listing goes on; None when it is at its end."""

    next_cursor: str | None
