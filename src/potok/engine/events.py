"""What can happen to a run: past facts and orders, each a frozen value. Time and randomness come in with them."""

from __future__ import annotations

import msgspec

from potok.model.reason import Reason
from potok.model.run import ErrorInfo, WorkerExit
from potok.model.state import RunState, TaskState
from potok.model.wire import Outcome


class RunAdmitted(msgspec.Struct, frozen=True):
    """`max_active_runs` lets the run begin."""


class RunResumed(msgspec.Struct, frozen=True):
    """The run was loaded from the store: look at everything again and set its timers anew."""


class Granted(msgspec.Struct, frozen=True):
    """`allocate` gave the queued instance a slot; `attempt_id` is new."""

    position: int
    attempt_id: int


class AttemptStarted(msgspec.Struct, frozen=True):
    """The body began at `at`, after a preparation worth telling (importing the file)."""

    position: int
    attempt_id: int
    at: float


class AttemptFinished(msgspec.Struct, frozen=True):
    """The worker told an outcome. `spread` in [0, 1) seeds the jitter of a retry."""

    position: int
    attempt_id: int
    outcome: Outcome
    ended_at: float
    error: ErrorInfo | None = None
    skip_reason: str = ""
    spread: float = 0.5


class AttemptLost(msgspec.Struct, frozen=True):
    """The worker died without an outcome, and its process group is proved dead."""

    position: int
    attempt_id: int
    exit: WorkerExit
    spread: float = 0.5


class AttemptSetAside(msgspec.Struct, frozen=True):
    """We ourselves ended the attempt in order to stop the server: nobody's fault, and no loss of a worker."""

    position: int
    attempt_id: int


class AttemptTimedOut(msgspec.Struct, frozen=True):
    position: int
    attempt_id: int


class RetryDue(msgspec.Struct, frozen=True):
    position: int
    try_number: int


class RunTimedOut(msgspec.Struct, frozen=True):
    pass


class StopRequested(msgspec.Struct, frozen=True):
    """Bring the run down: `final` is cancelled (an operator, expiry) or failed (its time limit)."""

    final: RunState
    reason: Reason


class Cleared(msgspec.Struct, frozen=True):
    """Run these positions again with a fresh budget of tries."""

    positions: tuple[int, ...]
    reason: Reason


class Marked(msgspec.Struct, frozen=True):
    """Set the outcome of these positions by hand: success, failed or skipped."""

    positions: tuple[int, ...]
    state: TaskState
    reason: Reason


RunEvent = (
    RunAdmitted
    | RunResumed
    | Granted
    | AttemptStarted
    | AttemptFinished
    | AttemptLost
    | AttemptSetAside
    | AttemptTimedOut
    | RetryDue
    | RunTimedOut
    | StopRequested
    | Cleared
    | Marked
)
