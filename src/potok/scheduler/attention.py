"""What needs a person, kept up to date in the turn that ends a run; mutes; workers that were lost under a run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from potok.engine import open_failures
from potok.engine.live_run import LiveRun
from potok.engine.open_failures import Open, OpenFailure, signature_of
from potok.model.errors import InvalidError, NotFoundError
from potok.model.run import ErrorInfo
from potok.model.state import RUN_ENDED, RunState, TaskState
from potok.scheduler.commands import WorkerLoss
from potok.scheduler.turn import Turn
from potok.store.board_rows import MuteRow, OpenFailureRow
from potok.store.protocol import Store

if TYPE_CHECKING:
    from potok.scheduler.core import Core

# the root among many failed tasks is looked for among the first ones only
_ROOTS_MAX = 20
# kinds of things that can be muted, and whether they get well by a run that succeeds
MUTABLE = {
    "dag": True,
    "failed": True,
    "late": True,
    "lost_worker": True,
    "trigger": True,
    "import_error": False,
    "unserved_queue": False,
}
_LOSSES_MAX = 200


class Attention:
    """Open failures by DAG, mutes by key. Changes go into the turn's batch."""

    def __init__(self) -> None:
        self.mutes: dict[str, MuteRow] = {}
        self._open: dict[str, Open] = {}
        self._newest_success: dict[str, int] = {}
        self._losses: dict[tuple[int, int], WorkerLoss] = {}

    def restore(self, failures: Iterable[OpenFailureRow], mutes: Iterable[MuteRow]) -> None:
        """What was known when the last turn was committed."""
        for row in failures:
            self._open.setdefault(row.dag_id, {})[row.signature] = OpenFailure(
                row.signature, row.run_keys, row.position, row.at
            )
        self.mutes = {row.key: row for row in mutes}

    # --- runs ---------------------------------------------------------------------------------------------------
    def take(self, core: Core, turn: Turn) -> None:
        """Look at the runs that this turn ended."""
        for live in turn.runs.values():
            state = live.record.state
            if state in RUN_ENDED:
                self._ended(core, live, state, turn)

    def _ended(self, core: Core, live: LiveRun, state: RunState, turn: Turn) -> None:
        dag_id, run_key = live.record.dag_id, live.record.run_key
        before = self._open.get(dag_id, {})
        if state is RunState.SUCCESS:
            self._newest_success[dag_id] = max(run_key, self._newest_success.get(dag_id, 0))
            after = open_failures.succeeded(before, run_key) if before else before
            self._well_again(dag_id, turn)
        elif state is RunState.FAILED and run_key > self._last_success(core.store, dag_id):
            after = open_failures.failed(before, _failure(core.store, live, turn))
        else:
            after = open_failures.forgotten(before, run_key) if before else before
        if after != before:
            self._write(dag_id, before, after, turn)

    def _write(self, dag_id: str, before: Open, after: Open, turn: Turn) -> None:
        written, gone = open_failures.changes(before, after)
        turn.batch.open_failures.extend(
            OpenFailureRow(dag_id, one.signature, one.run_key, one.position, one.at, one.run_keys) for one in written
        )
        turn.batch.open_failures_gone.extend((dag_id, signature) for signature in gone)
        if after:
            self._open[dag_id] = after
        else:
            self._open.pop(dag_id, None)

    def _last_success(self, store: Store, dag_id: str) -> int:
        known = self._newest_success.get(dag_id)
        if known is None:
            found = store.last_success(dag_id)
            known = self._newest_success[dag_id] = found[0] if found else 0
        return known

    def _well_again(self, dag_id: str, turn: Turn) -> None:
        """Mutes until the next success end with it."""
        if not self.mutes:
            return
        ended = [key for key, row in self.mutes.items() if row.until is None and dag_of(key) == dag_id]
        self._unmute(ended, turn)

    # --- files --------------------------------------------------------------------------------------------------
    def files_mended(self, files: Iterable[str], turn: Turn) -> None:
        """Files that were broken can be used again."""
        if self.mutes:
            self._unmute([key for file in files if (key := f"import_error:{file}") in self.mutes], turn)

    # --- mutes --------------------------------------------------------------------------------------------------
    def mute(self, row: MuteRow, turn: Turn) -> None:
        """Raises InvalidError for a key or a time that makes no sense."""
        kind, found, rest = row.key.partition(":")
        if not found or not rest or kind not in MUTABLE:
            raise InvalidError(f"{row.key!r} cannot be muted: the key of an item of `potok now --json` is needed")
        if row.until is None and kind == "unserved_queue":
            raise InvalidError("a queue has no next success: mute it until a time")
        if row.until is not None and row.until <= row.muted_at:
            raise InvalidError("until: lies in the past; a mute ends at a time to come or at the next success")
        self._unmute([key for key, old in self.mutes.items() if not is_active(old, row.muted_at)], turn)
        self.mutes[row.key] = row
        turn.batch.mutes.append(row)
        turn.dags_changed.append(dag_of(row.key))

    def unmute(self, key: str, turn: Turn) -> None:
        """Raises NotFoundError."""
        if key not in self.mutes:
            raise NotFoundError(f"{key!r} is not muted")
        self._unmute([key], turn)

    def _unmute(self, keys: list[str], turn: Turn) -> None:
        for key in keys:
            del self.mutes[key]
            turn.dags_changed.append(dag_of(key))
        turn.batch.mutes_gone.extend(keys)

    # --- workers ------------------------------------------------------------------------------------------------
    def worker_lost(self, live: LiveRun, position: int, how: str, now: float) -> None:
        """A worker died under that task and the task runs again by itself."""
        task_id = live.graph.dag.tasks[position].task_id
        times = self._losses[live.run_key, position].times if (live.run_key, position) in self._losses else 0
        self._losses[live.run_key, position] = WorkerLoss(
            live.record.run_id, live.record.dag_id, task_id, how, now, times + 1
        )
        while len(self._losses) > _LOSSES_MAX:
            self._losses.pop(next(iter(self._losses)))

    def losses(self, core: Core) -> tuple[WorkerLoss, ...]:
        """Those of runs that are not over."""
        for place in [place for place in self._losses if place[0] not in core.runs]:
            del self._losses[place]
        return tuple(self._losses.values())


def dag_of(key: str) -> str:
    """The DAG that a mute's key speaks of; empty for a file or a queue."""
    kind, _, rest = key.partition(":")
    if kind not in MUTABLE or not MUTABLE[kind]:
        return ""
    return rest.partition(":")[0]


def is_active(mute: MuteRow, now: float) -> bool:
    return mute.until is None or mute.until > now


def _failure(store: Store, live: LiveRun, turn: Turn) -> OpenFailure:
    record = live.record
    at = record.ended_at or record.created_at
    position = _root(live)
    if position is None:
        code = record.reason.code if record.reason else "unfinished"
        return OpenFailure(signature_of("", None, code), (record.run_key,), None, at)
    instance = live.instances[position]
    error = _last_error(store, record.run_key, position, turn)
    mark = signature_of(
        live.graph.dag.tasks[position].task_id, error, instance.reason.code if instance.reason else "failed"
    )
    return OpenFailure(mark, (record.run_key,), position, at)


def _root(live: LiveRun) -> int | None:
    """The failed task that held up most; None when no task failed."""
    tasks = live.graph.dag.tasks
    roots = [at for at, one in enumerate(live.instances) if one.state is TaskState.FAILED and not tasks[at].may_fail]
    if len(roots) < 2:
        return roots[0] if roots else None
    held = [
        sum(live.instances[below].state is TaskState.UPSTREAM_FAILED for below in live.graph.below({at}))
        for at in roots[:_ROOTS_MAX]
    ]
    return roots[held.index(max(held))]


def _last_error(store: Store, run_key: int, position: int, turn: Turn) -> ErrorInfo | None:
    for row in reversed(turn.batch.attempts_ended):
        if row.run_key == run_key and row.position == position:
            return row.error
    attempts = store.attempts(run_key, position)
    return attempts[-1].error if attempts else None
