"""What the API may ask of the scheduler, and what it answers: plain structs, the same in one process and in two."""

from __future__ import annotations

from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Protocol

import msgspec

from potok.engine.explanation import Explanation
from potok.engine.slot_use import SlotUse
from potok.executors.protocol import WorkerInfo
from potok.model.reason import Reason
from potok.model.state import RunState, TaskState
from potok.model.trigger import Event
from potok.model.wire import Connection
from potok.scheduler.capacity import Occupancy, PoolPreview, WaitingIs
from potok.store.rows import RunCounts, RunRow


class TriggerRun(msgspec.Struct, frozen=True, tag="trigger"):
    """Create a run. A repeated `idempotency_key` of the same DAG yields the first run and `created=False`."""

    dag_id: str
    actor: str
    params: dict[str, object] = {}
    logical_date: float | None = None
    note: str = ""
    idempotency_key: str | None = None
    countdown_s: float | None = None
    expires_s: float | None = None


class TakePush(msgspec.Struct, frozen=True, tag="push"):
    """A push that a forge told of, its signature checked. A delivery that is known starts nothing more."""

    dag_id: str
    key: str
    actor: str
    event: Event


class CancelRun(msgspec.Struct, frozen=True, tag="cancel"):
    run_id: str
    actor: str
    note: str = ""


class RetryRun(msgspec.Struct, frozen=True, tag="retry"):
    """Run again what failed (or just `tasks`); with `downstream`, what did not run below it too. Results are kept.

    `params` replace those of the run from here on, the others stay; only an ended run takes them.
    """

    run_id: str
    actor: str
    tasks: tuple[str, ...] = ()
    downstream: bool = True
    dry_run: bool = False
    params: dict[str, object] = {}


class ClearTasks(msgspec.Struct, frozen=True, tag="clear"):
    """Forget the outcomes of `tasks` (and of all above or below them) and run them again, whatever they were."""

    run_id: str
    actor: str
    tasks: tuple[str, ...]
    downstream: bool = False
    upstream: bool = False
    dry_run: bool = False


class MarkTasks(msgspec.Struct, frozen=True, tag="mark"):
    """Set an outcome by hand: success, failed or skipped. A running attempt is cancelled first."""

    run_id: str
    actor: str
    tasks: tuple[str, ...]
    state: TaskState
    note: str = ""


class PauseDag(msgspec.Struct, frozen=True, tag="pause"):
    """Stop (or go on with) starting runs by schedule. Manual runs of a paused DAG still start."""

    dag_id: str
    actor: str
    paused: bool
    note: str = ""


class PutPool(msgspec.Struct, frozen=True, tag="put_pool"):
    name: str
    actor: str
    slots: int
    description: str = ""


class DeletePool(msgspec.Struct, frozen=True, tag="delete_pool"):
    name: str
    actor: str


class PutConnection(msgspec.Struct, frozen=True, tag="put_connection"):
    connection: Connection
    actor: str


class DeleteConnection(msgspec.Struct, frozen=True, tag="delete_connection"):
    name: str
    actor: str


class PutVariable(msgspec.Struct, frozen=True, tag="put_variable"):
    """`value` is any JSON value; a secret one is encrypted at rest, never shown again, and masked in logs."""

    name: str
    actor: str
    value: object
    secret: bool = False


class DeleteVariable(msgspec.Struct, frozen=True, tag="delete_variable"):
    name: str
    actor: str


class ExplainRun(msgspec.Struct, frozen=True, tag="explain"):
    run_id: str


class AskWorkers(msgspec.Struct, frozen=True, tag="workers"):
    pass


class AskHealth(msgspec.Struct, frozen=True, tag="health"):
    pass


class AskBoard(msgspec.Struct, frozen=True, tag="board"):
    """What runs and waits now, for the home."""


class AskOccupancy(msgspec.Struct, frozen=True, tag="occupancy"):
    """Who holds and who waits for slots, pools and queues."""


class AskWaiting(msgspec.Struct, frozen=True, tag="waiting"):
    run_id: str
    task_id: str


class PreviewPool(msgspec.Struct, frozen=True, tag="preview_pool"):
    """What would start at once if the pool had so many slots."""

    name: str
    slots: int


class PutMute(msgspec.Struct, frozen=True, tag="put_mute"):
    """Say nothing more of that thing until then; `until` None: until it is well again."""

    key: str
    actor: str
    until: float | None = None
    note: str = ""


class DeleteMute(msgspec.Struct, frozen=True, tag="delete_mute"):
    key: str
    actor: str


Command = (
    TriggerRun
    | TakePush
    | CancelRun
    | RetryRun
    | ClearTasks
    | MarkTasks
    | PauseDag
    | PutPool
    | DeletePool
    | PutConnection
    | DeleteConnection
    | PutVariable
    | DeleteVariable
    | ExplainRun
    | AskWorkers
    | AskHealth
    | AskBoard
    | AskOccupancy
    | AskWaiting
    | PreviewPool
    | PutMute
    | DeleteMute
)
Question = ExplainRun | AskWorkers | AskHealth | AskBoard | AskOccupancy | AskWaiting | PreviewPool


class Triggered(msgspec.Struct, frozen=True, tag="triggered"):
    run: RunRow
    created: bool


class PushTaken(msgspec.Struct, frozen=True, tag="push_taken"):
    """What a push came to: `run`, which `created` tells to be new; without one, `note` says what it waits for."""

    run: RunRow | None
    created: bool
    note: str = ""


class Changed(msgspec.Struct, frozen=True, tag="changed"):
    """What an action on a run did, or with `dry_run` would do: `tasks` run again or were set, `kept` results stay."""

    run: RunRow
    tasks: tuple[str, ...]
    kept: int


class Done(msgspec.Struct, frozen=True, tag="done"):
    pass


class Explained(msgspec.Struct, frozen=True, tag="explained"):
    explanation: Explanation


class WorkersAre(msgspec.Struct, frozen=True, tag="workers_are"):
    workers: tuple[WorkerInfo, ...]
    slots: int
    free: int


class PoolUse(msgspec.Struct, frozen=True):
    """A pool now: `used` slots, held by `run_id/task_id`; `queued` instances wait for it."""

    name: str
    slots: int
    used: int
    queued: int
    holders: tuple[str, ...]


class HealthIs(msgspec.Struct, frozen=True, tag="health_is"):
    """`lag_s`: how late the loop was at its worst in the last minute. Counters grow from the server's start."""

    started_at: float
    epoch: int
    turn: int
    lag_s: float
    commit_ms: float
    active_runs: int
    tasks_running: int
    tasks_queued: int
    pools: tuple[PoolUse, ...]
    counters: dict[str, int]


class QueuedTask(msgspec.Struct, frozen=True):
    """An instance that waits for a slot since then, and the first thing it waits for."""

    run_id: str
    dag_id: str
    task_id: str
    since: float
    reason: Reason


class UnservedQueue(msgspec.Struct, frozen=True):
    """A queue that no live worker serves; `first` waits longest of its `tasks`."""

    queue: str
    tasks: int
    first: QueuedTask


class WorkerLoss(msgspec.Struct, frozen=True):
    """A worker that died under a task of a run that is not over; the task runs again by itself."""

    run_id: str
    dag_id: str
    task_id: str
    how: str
    at: float
    times: int


class BoardIs(msgspec.Struct, frozen=True, tag="board_is"):
    """Task instances by what they do now; `waiting` are deferred, `retrying` wait for their next try.

    `slot_use` is the bucket of five minutes that is not full yet. `lag_s`: how late the loop was at its worst in the
    last minute.
    """

    running: int
    queued: int
    waiting: int
    retrying: int
    oldest_queued: QueuedTask | None
    unserved: tuple[UnservedQueue, ...]
    losses: tuple[WorkerLoss, ...]
    slot_use: SlotUse | None
    lag_s: float
    commit_ms: float
    workers: int
    slots: int
    free: int


class FailureKind(StrEnum):
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    INVALID = "invalid"
    UNAVAILABLE = "unavailable"


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The command changed nothing. `message` is the sentence for the caller, `field` the path of the wrong value."""

    kind: FailureKind
    message: str
    field: str = ""


Reply = (
    Triggered
    | PushTaken
    | Changed
    | Done
    | Explained
    | WorkersAre
    | HealthIs
    | BoardIs
    | Occupancy
    | WaitingIs
    | PoolPreview
    | Failed
)


class RunChanged(msgspec.Struct, frozen=True, tag="run"):
    run_id: str
    dag_id: str
    state: RunState
    counts: RunCounts
    at: float


class TaskChanged(msgspec.Struct, frozen=True, tag="task"):
    run_id: str
    task_id: str
    state: TaskState
    try_number: int
    at: float


class DagsChanged(msgspec.Struct, frozen=True, tag="dags"):
    """DAGs, versions, import errors or pause switches changed."""

    dag_ids: tuple[str, ...]


class Lagged(msgspec.Struct, frozen=True, tag="lagged"):
    """The subscriber was too slow: `dropped` events are missing; read the state anew."""

    dropped: int


LiveEvent = RunChanged | TaskChanged | DagsChanged | Lagged


class SchedulerPort(Protocol):
    """The scheduler as the API sees it: in the same process, or behind a Unix socket."""

    async def submit(self, command: Command) -> Reply:
        """Returns after the change is committed. A refused command returns Failed and has changed nothing."""
        ...

    def subscribe(self) -> AsyncIterator[list[LiveEvent]]:
        """Committed changes in order, in batches; ends when the scheduler stops or the caller closes it."""
        ...
