"""One execution of a DAG: its record, what caused it, and what each attempt left behind."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from potok.model.reason import Reason
from potok.model.state import RunState
from potok.model.trigger import Event


class TriggerKind(StrEnum):
    """What started a run."""

    SCHEDULE = "schedule"
    CATCHUP = "catchup"
    MANUAL = "manual"
    API = "api"
    COMMIT = "commit"
    CHANGE = "change"
    PUSH = "push"


class RunRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A run as stored. Instants are seconds since the epoch (UTC).

    `run_key` is the store's number for it, `run_id` the people's. `bundle` is the content hash of the code version.
    `run_after` delays the start (`countdown`); a run still queued at `expires_at` is cancelled. `reason` tells a
    final state apart (timeout, expired, cancelled by …). `event`: what a trigger saw before it started the run.
    """

    run_key: int
    run_id: str
    dag_id: str
    bundle: str
    state: RunState
    logical_date: float
    interval_start: float
    interval_end: float
    trigger: TriggerKind
    created_at: float
    params: dict[str, object] = {}
    note: str = ""
    triggered_by: str = ""
    idempotency_key: str | None = None
    run_after: float | None = None
    expires_at: float | None = None
    started_at: float | None = None
    ended_at: float | None = None
    reason: Reason | None = None
    event: Event | None = None


class ErrorInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why an attempt failed. `names`: the class and its bases, short and qualified. `location`: user's `file:line`."""

    kind: str
    message: str
    names: tuple[str, ...] = ()
    location: str = ""
    traceback: str = ""


class Usage(msgspec.Struct, frozen=True, array_like=True):
    """What an attempt cost: CPU seconds (user, system) and peak resident memory in MB of its process."""

    cpu_user_s: float = 0.0
    cpu_system_s: float = 0.0
    rss_peak_mb: float = 0.0


class LogRange(msgspec.Struct, frozen=True, array_like=True):
    """Where an attempt's lines stand: a segment file (relative to the log folder) and byte bounds in it.

    Segments are shared by the attempts of a run, so a reader filters by attempt id. `lost` lines were dropped.
    """

    segment: str
    start: int
    end: int
    lines: int = 0
    lost: int = 0


class CheckResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """One contract check of a result: its name, whether it held, what was found (`detail`) and what was `wanted`."""

    check: str
    ok: bool
    detail: str = ""
    wanted: str = ""

    @property
    def sentence(self) -> str:
        told = f"{self.check}: {self.detail}" if self.detail else self.check
        return f"{told}, wanted {self.wanted}" if self.wanted else told


class WorkerExit(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a worker process ended: exit code or signal; `oom` when the kernel killed it for memory."""

    exit_code: int | None = None
    signal: int | None = None
    oom: bool = False
    usage: Usage = Usage()
