"""What the page of a run tells: its story in one answer, its attempts in time, and what changed since it was good.

Instants are aware datetimes (RFC 3339, UTC on the wire), lengths are seconds. Never holds a secret.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from potok.model.answers import Run, RunBrief
from potok.model.reason import Sentence
from potok.model.run import CheckResult


class Price(msgspec.Struct, frozen=True):
    """What a retry would do: how many tasks run again, how many results stay, and about how long it takes.

    `about_s` is the longest chain of usual task lengths in seconds; null when a usual length is not known.
    """

    tasks: int
    kept: int
    about_s: float | None


class SameError(msgspec.Struct, frozen=True):
    """How often the error occurred in the `of` runs of the DAG before this one (30 at most).

    `seen` of them had it, `recovered` of those ended well all the same. `whole_history`: there are no older runs.
    `last_run_id` and `last_at` name the newest run that had it.
    """

    seen: int
    of: int
    recovered: int
    whole_history: bool
    last_run_id: str | None
    last_at: datetime | None


class RootFailure(msgspec.Struct, frozen=True):
    """A task that failed by itself. `error_line` is its error as one line; `location` the user's `file:line`.

    `blocked` are tasks that did not run because of it (50 at most; `blocked_count` is their number).
    `tries_alike` tells whether all its tries ended with the same error; null with one try. `retry` is the price of
    running it and what is below it again, `retry_only` of running just the task.
    """

    task_id: str
    position: int
    try_number: int
    max_tries: int
    attempt_id: int | None
    duration_s: float | None
    kind: str
    error_line: str
    location: str
    exit_code: int | None
    signal_name: str | None
    oom: bool
    reason: Sentence
    blocked: tuple[str, ...]
    blocked_count: int
    tries_alike: bool | None
    same_error: SameError | None
    retry: Price
    retry_only: Price


class PoolWait(msgspec.Struct, frozen=True):
    """Seconds that attempts of the run were ready and waited for a slot of `pool` (empty: for a free worker).

    `longest_task` waited the longest, `longest_s`.
    """

    pool: str
    wait_s: float
    attempts: int
    longest_task: str
    longest_s: float


class ParamsEdit(msgspec.Struct, frozen=True):
    """A retry with other params: `before` and `after` hold all params of the run."""

    at: datetime
    actor: str
    before: dict[str, object]
    after: dict[str, object]


class RunStory(msgspec.Struct, frozen=True):
    """All that the top of a run's page says.

    `verdict` is the headline; `advice` what speaks for or against a plain retry. `roots` are ordered by how much they
    block (20 at most; `root_count` is their number). `usual_s` is the median length of the last good runs, known from
    five of them on (`good_runs` is how many were looked at, 30 at most). `work_s`: seconds of all attempts together;
    `saved` is the share of them that running in parallel saved. `critical_path` decided the run's end; a running run's
    goes on with what is still to come. `slack_s` and `usual_task_s` go by position, as in `/runs/{run_id}/tasks`.
    `left_s`: about how long a running run takes from now on. `version_is_newest`: the DAG has no newer code.
    `retry` is the price of retrying all that failed; null when nothing did.
    """

    run: Run
    verdict: Sentence
    advice: tuple[Sentence, ...]
    cause: Sentence
    roots: tuple[RootFailure, ...]
    root_count: int
    usual_s: float | None
    good_runs: int
    work_s: float
    saved: float
    waits: tuple[PoolWait, ...]
    critical_path: tuple[str, ...]
    critical_s: float
    slack_s: list[float | None]
    usual_task_s: list[float | None]
    left_s: float | None
    last_good: RunBrief | None
    previous_run_id: str | None
    next_run_id: str | None
    version_is_newest: bool
    params_edits: tuple[ParamsEdit, ...]
    retry: Price | None


class AttemptSpan(msgspec.Struct, frozen=True):
    """An attempt on the time axis: when it was ready, began and ended. `outcome` is null while it runs.

    Between the end of a try and `queued_at` of the next one lies the retry delay. `queued_at` is null for attempts of
    older versions. `cpu_s` is user and system time.
    """

    attempt_id: int
    task_id: str
    position: int
    try_number: int
    outcome: str | None
    queued_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    exit_code: int | None
    signal_name: str | None
    oom: bool
    error_line: str
    cpu_s: float
    rss_peak_mb: float


class Hunk(msgspec.Struct, frozen=True):
    """Lines of a unified diff: each begins with a blank, `-` or `+`. Line numbers count from 1."""

    old_start: int
    new_start: int
    lines: tuple[str, ...]


class FileChange(msgspec.Struct, frozen=True):
    """A file that differs. `change`: added, removed or edited; `hunks` is empty when it is no text or too long."""

    path: str
    change: str
    hunks: tuple[Hunk, ...]
    truncated: bool


class ValueChange(msgspec.Struct, frozen=True):
    """A value that differs: `name` is its place (`rows`, `metrics.auc`); null means absent."""

    name: str
    old: object
    new: object


class ResultChange(msgspec.Struct, frozen=True):
    """What a task above the failure returned and how its checks ended, where that differs."""

    task_id: str
    values: tuple[ValueChange, ...]
    checks_old: tuple[CheckResult, ...]
    checks_new: tuple[CheckResult, ...]


class SettingChange(msgspec.Struct, frozen=True):
    """A variable, connection or pool that the DAG uses was set (`deleted` false) or deleted. Values are not kept.

    `kind`: variable, connection or pool.
    """

    kind: str
    name: str
    deleted: bool
    actor: str
    at: datetime


class WaitChange(msgspec.Struct, frozen=True):
    """Seconds waited for slots of a pool (empty: for a free worker), then and now."""

    pool: str
    old_s: float
    new_s: float
    longest_task: str


class LengthChange(msgspec.Struct, frozen=True):
    """A task that took more than 20 % longer or shorter, in seconds."""

    task_id: str
    old_s: float
    new_s: float


class Environment(msgspec.Struct, frozen=True):
    """What the run's tasks ran on."""

    python: str
    platform: str
    packages: int


class EnvironmentChange(msgspec.Struct, frozen=True):
    """`packages` holds those whose version differs, by name; `python` the version of Python when that differs."""

    python: ValueChange | None
    packages: tuple[ValueChange, ...]


class RunChanges(msgspec.Struct, frozen=True):
    """What differs from the last good run of the DAG: differences, not a diagnosis.

    `since` is null when there is no good run to compare with; then all the rest is empty. `same` names what was
    compared and does not differ: code, results, params, settings, environment, waiting, durations. `bounded`: a limit
    cut the comparison short. `environment` is null when it was not recorded.
    """

    since: RunBrief | None
    old_bundle: str
    new_bundle: str
    new_code_at: datetime | None
    files: tuple[FileChange, ...]
    results: tuple[ResultChange, ...]
    params: tuple[ValueChange, ...]
    settings: tuple[SettingChange, ...]
    environment: Environment | None
    environment_change: EnvironmentChange | None
    waits: tuple[WaitChange, ...]
    lengths: tuple[LengthChange, ...]
    length_spread: float | None
    same: tuple[str, ...]
    bounded: bool
