"""Answers that change nothing: why a run is as it is, how the scheduler fares. Reads memory and the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from potok.engine.allocate import why_waiting
from potok.engine.explain import Explanation, LastAttempt, RunView, explain
from potok.executors.protocol import Capacity
from potok.model.errors import NotFoundError
from potok.model.reason import Reason, reason
from potok.model.state import RunState
from potok.scheduler.active_run import ActiveRun
from potok.scheduler.commands import PoolUse
from potok.scheduler.core import Core
from potok.store.rows import AttemptRow


def explain_run(core: Core, run_id: str, now: float, capacity: Capacity) -> Explanation:
    """Why the run is as it is; raises NotFoundError."""
    active = core.activate(run_id)
    if active is None:
        raise NotFoundError(f"there is no run {run_id!r}")
    attempts = core.store.attempts(active.record.run_key)
    view = RunView(
        graph=active.version.graph,
        record=active.record,
        instances=active.live.instances,
        attempts=_last_attempts(attempts),
        waiting=_waiting(core, active, capacity),
        waiting_run=waiting_run(core, active, now),
    )
    return explain(view, now)


def _last_attempts(rows: list[AttemptRow]) -> dict[int, LastAttempt]:
    found = {}
    for row in rows:
        took = row.ended_at - row.started_at if row.ended_at is not None and row.started_at is not None else None
        found[row.position] = LastAttempt(row.attempt_id, row.try_number, took, row.error, row.usage.rss_peak_mb)
    return found


def _waiting(core: Core, active: ActiveRun, capacity: Capacity) -> Callable[[int], list[Reason]]:
    supply = core.books.supply(capacity)
    holders = core.books.holders(_Names(core))
    holders["worker"] = (*holders.get("worker", ()), *core.callbacks.holders())

    def why(position: int) -> list[Reason]:
        lane = core.demand.lane_of(active.record.run_key, position)
        return why_waiting(lane, supply, holders) if lane is not None else [reason("wait_turn")]

    return why


class _Names(Mapping[tuple[int, int], str]):
    """`run_id/task_id` of instances that run now, made when asked."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def __getitem__(self, place: tuple[int, int]) -> str:
        active = self._core.runs[place[0]]
        return f"{active.record.run_id}/{active.task_id(place[1])}"

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self._core.books.holding)

    def __len__(self) -> int:
        return len(self._core.books.holding)


def waiting_run(core: Core, active: ActiveRun, now: float) -> Reason:
    """What a queued run waits for."""
    record = active.record
    if record.state is not RunState.QUEUED:
        return reason("run_waits")
    if record.run_after is not None and record.run_after > now:
        return reason("run_waits_time", at=record.run_after)
    limit = core.run_limit(record.dag_id, active.version)
    return reason("run_waits_runs", active=core.books.active_runs.get(record.dag_id, 0), limit=limit)


def pools(core: Core) -> tuple[PoolUse, ...]:
    """Every pool with its use now and who holds it."""
    waiting, holders = core.demand.waiting_by_pool(), core.books.holders(_Names(core))
    return tuple(
        PoolUse(
            name, slots, core.books.pool_used.get(name, 0), waiting.get(name, 0), holders.get("pool:" + name, ())[:50]
        )
        for name, slots in sorted(core.books.pool_slots.items())
    )
