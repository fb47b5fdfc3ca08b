"""The three messages between scheduler and workers: self-contained structs, MessagePack with a length prefix.

A call never carries a secret and a worker never opens the database: what it lacks it asks for by a WorkerRequest.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from potok.model.result_files import FilesRecord
from potok.model.run import CheckResult, ErrorInfo, LogRange, Usage, WorkerExit

INLINE_MAX_BYTES = 64 * 1024
FRAME_MAX_BYTES = 64 * 1024 * 1024


class Inline(msgspec.Struct, frozen=True, tag="i", array_like=True):
    """A result that travels inside the message, as JSON bytes."""

    data: bytes


class Stored(msgspec.Struct, frozen=True, tag="s", array_like=True):
    """A larger result, or a table: a file under the results folder. `codec`: `json` or `parquet`."""

    key: str
    codec: str
    size: int
    sha256: str


Value = Inline | Stored


class RunContext(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a task may know of its run; instants are seconds since the epoch. Encoded once for a run."""

    run_id: str
    dag_id: str
    logical_date: float
    interval_start: float
    interval_end: float
    tz: str
    trigger: str
    created_at: float
    params: dict[str, object] = {}
    note: str = ""


class CallKind(StrEnum):
    TASK = "task"
    CALLBACK = "callback"


class CallbackCall(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which callback to call and about what. `task_id` is None for a callback of the whole run."""

    event: str
    qualname: str | None
    position: int
    task_id: str | None
    state: str
    try_number: int
    error: ErrorInfo | None = None


class TaskCall(msgspec.Struct, frozen=True, omit_defaults=True):
    """An order to run one attempt. `run` holds a RunContext and `task` a Task, both already encoded.

    `bundle_dir` holds the snapshot of the code, `file` the DAG file in it. `log_segment` is where log lines go,
    relative to `log_dir`. `go`: its `running` is committed, the body may start. `token` allows WorkerRequests of
    this attempt alone. `upstream` maps task ids to results that args and kwargs need; one that is missing had none.
    """

    attempt_id: int
    run: msgspec.Raw
    task: msgspec.Raw
    try_number: int
    max_tries: int
    bundle: str
    bundle_dir: str
    file: str
    queue: str
    isolation: str
    log_dir: str
    log_segment: str
    results_dir: str
    token: str
    upstream: dict[str, Value] = {}
    deadline: float | None = None
    kind: CallKind = CallKind.TASK
    callback: CallbackCall | None = None
    go: bool = True


class Ready(msgspec.Struct, frozen=True, tag="ready", array_like=True):
    """A worker far away holds the call and asks for `go`."""

    attempt_id: int


class Started(msgspec.Struct, frozen=True, tag="started", array_like=True):
    """The body begins now; sent when preparing (importing the file) took long enough to be worth telling."""

    attempt_id: int
    at: float
    pid: int


class Heartbeat(msgspec.Struct, frozen=True, tag="heartbeat", array_like=True):
    """The consumer loop of the worker still turns."""

    attempt_id: int
    at: float


class Outcome(StrEnum):
    SUCCESS = "success"
    FAILED = "failed"
    SKIPPED = "skipped"


class Finished(msgspec.Struct, frozen=True, tag="finished", array_like=True, omit_defaults=True):
    """The outcome of an attempt. `rendered` holds templated fields as they were after rendering.

    `files` are those that the result names; `numbers` those of it that the task declares as its metrics.
    """

    attempt_id: int
    outcome: Outcome
    started_at: float
    ended_at: float
    pid: int = 0
    result: Value | None = None
    error: ErrorInfo | None = None
    skip_reason: str = ""
    usage: Usage = Usage()
    log: LogRange | None = None
    checks: tuple[CheckResult, ...] = ()
    rendered: dict[str, str] = {}
    files: tuple[FilesRecord, ...] = ()
    numbers: dict[str, float] = {}


class Lost(msgspec.Struct, frozen=True, tag="lost", array_like=True):
    """The worker is gone without an outcome and its process group is proved dead. Made by executors."""

    attempt_id: int
    exit: WorkerExit
    log: LogRange | None = None


TaskEvent = Ready | Started | Heartbeat | Finished | Lost


class AskResult(msgspec.Struct, frozen=True, tag="ask_result", array_like=True):
    """`ti.xcom_pull(task_id)`: the result of another task of this run."""

    attempt_id: int
    token: str
    task_id: str


class AskConnection(msgspec.Struct, frozen=True, tag="ask_connection", array_like=True):
    """A connection that the task declared."""

    attempt_id: int
    token: str
    name: str


class AskVariable(msgspec.Struct, frozen=True, tag="ask_variable", array_like=True):
    """A variable that the task declared."""

    attempt_id: int
    token: str
    name: str


WorkerRequest = AskResult | AskConnection | AskVariable


class Connection(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where and as whom to connect. `password` and `extra` may hold secrets and are masked in logs."""

    name: str
    kind: str = ""
    host: str = ""
    port: int | None = None
    login: str = ""
    password: str = ""
    schema: str = ""
    extra: dict[str, object] = {}


class GotResult(msgspec.Struct, frozen=True, tag="got_result", array_like=True):
    value: Value | None


class GotConnection(msgspec.Struct, frozen=True, tag="got_connection", array_like=True):
    connection: Connection


class GotVariable(msgspec.Struct, frozen=True, tag="got_variable", array_like=True):
    """`value` is JSON; `secret` asks the worker to mask it in logs."""

    value: object
    secret: bool


class Refused(msgspec.Struct, frozen=True, tag="refused", array_like=True):
    """The request is not allowed or names nothing; `message` is the sentence for the task's author."""

    message: str


WorkerReply = GotResult | GotConnection | GotVariable | Refused
