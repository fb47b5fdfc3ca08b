"""Who holds and who waits, as the API shows it; estimates from what tasks usually take. Blocks when it estimates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from potok.api.run_facts import RunFacts
from potok.api.views import instant, instant_or_none
from potok.engine import waiting as engine
from potok.engine.course import forecast
from potok.engine.explanation import Sentence
from potok.engine.sentences import sentence
from potok.engine.story import GOOD_RUNS_MIN
from potok.model import capacity as answers
from potok.model.state import TASK_ENDED, TaskState
from potok.scheduler import capacity as held
from potok.store.rows import PoolRow

# Each run whose tasks are estimated costs a few reads of the store.
ESTIMATED_RUNS_MAX = 8


def occupancy(
    found: held.Occupancy, rows: Mapping[str, PoolRow], version: str, usual: UsualTimes, now: float
) -> answers.Occupancy:
    return answers.Occupancy(
        at=instant(now),
        slots=found.slots,
        free=found.free,
        workers=[worker(one, version, usual) for one in found.workers],
        queues=[queue(one) for one in found.queues],
        pools=[pool(one, rows.get(one.name), usual) for one in found.pools],
    )


class UsualTimes:
    """How long tasks of running runs usually take; read once for each run, for the first few runs asked about."""

    def __init__(self, facts_of: Callable[[str], RunFacts | None], now: float) -> None:
        self._facts_of = facts_of
        self._facts: dict[str, RunFacts | None] = {}
        self.now = now

    def facts(self, run_id: str) -> RunFacts | None:
        """None when there are too few good runs to speak of what is usual."""
        if run_id not in self._facts:
            found = self._facts_of(run_id) if len(self._facts) < ESTIMATED_RUNS_MAX else None
            self._facts[run_id] = found if found and len(found.good_runs) >= GOOD_RUNS_MIN else None
        return self._facts[run_id]

    def of(self, run_id: str, task_id: str) -> float | None:
        facts = self.facts(run_id)
        at = facts.graph.position.get(task_id) if facts else None
        return facts.usual_task_s[at] if facts and at is not None else None

    def left(self, usual_s: float | None, since: float | None) -> float | None:
        if usual_s is None or since is None:
            return None
        return round(max(0.0, usual_s - (self.now - since)), 3)


def holder(one: engine.Holding, usual: UsualTimes) -> answers.Holder:
    """Somebody who holds: with the time that is left."""
    usual_s = usual.of(one.run_id, one.task_id) if one.task_id else None
    return answers.Holder(
        one.run_id,
        one.dag_id,
        one.task_id,
        instant_or_none(one.since),
        one.slots,
        usual_s,
        usual.left(usual_s, one.since),
    )


def waiter(one: engine.Holding) -> answers.Holder:
    return answers.Holder(one.run_id, one.dag_id, one.task_id, instant_or_none(one.since), one.slots)


def worker(one: held.WorkerWork, version: str, usual: UsualTimes) -> answers.WorkerState:
    info = one.info
    state = "busy" if info.attempt_id is not None else "idle" if info.bundle else "lean"
    return answers.WorkerState(
        worker_id=info.worker_id,
        pid=info.pid,
        state=state,
        bundle=info.bundle,
        version=version,
        started_at=instant(info.started_at),
        calls=info.calls,
        rss_mb=info.rss_mb,
        work=holder(one.work, usual) if one.work else None,
    )


def queue(one: held.QueueUse) -> answers.QueueState:
    return answers.QueueState(
        name=one.name,
        queued=one.queued,
        queued_since=instant_or_none(one.queued_since),
        running=one.running,
        slots=one.slots,
        served_at=instant_or_none(one.served_at),
    )


def pool(one: held.PoolHeld, row: PoolRow | None, usual: UsualTimes) -> answers.PoolState:
    return answers.PoolState(
        name=one.name,
        slots=one.slots,
        used=one.used,
        queued=one.queued,
        queued_since=instant_or_none(one.queued_since),
        holders=[holder(other, usual) for other in one.holders],
        waiters=[waiter(other) for other in one.waiters],
        description=row.description if row else "",
        source=row.source if row else "config",
    )


# --- what a task waits for --------------------------------------------------------------------------------------
def waiting(found: engine.Waiting, reasons: Sequence[Sentence], usual: UsualTimes) -> answers.Waiting:
    conditions = [_condition(one, found, usual) for one in found.conditions]
    unmet = [one for one in conditions if not one.met]
    lefts = [one.left_s for one in unmet if one.name != "turn"]
    known = [left for left in lefts if left is not None]
    return answers.Waiting(
        run_id=found.run_id,
        dag_id=found.dag_id,
        task_id=found.task_id,
        state=found.state,
        at=instant(usual.now),
        since=instant_or_none(found.since),
        headline=unmet[0].why if unmet else (reasons[0] if reasons else Sentence("wait_turn", {}, "")),
        reasons=list(reasons),
        conditions=conditions,
        left_s=max(known) if known and len(known) == len(lefts) else None,
        ways_out=[way for one in unmet for way in _ways_out(one)],
    )


def _condition(one: engine.Condition, found: engine.Waiting, usual: UsualTimes) -> answers.Condition:
    holders = [holder(other, usual) for other in one.holders]
    return answers.Condition(
        name=one.name,
        met=one.met,
        why=sentence(one.why),
        since=instant_or_none(one.since),
        holders=holders,
        holders_total=one.holders_total,
        above=[_above(other, found.run_id, usual) for other in one.above],
        ahead=one.ahead,
        left_s=None if one.met else _left_s(one, holders, found, usual),
    )


def _above(one: engine.Above, run_id: str, usual: UsualTimes) -> answers.UpstreamState:
    usual_s = usual.of(run_id, one.task_id)
    left_s = usual.left(usual_s, one.since) if one.state is TaskState.RUNNING else None
    return answers.UpstreamState(one.task_id, one.state, instant_or_none(one.since), usual_s, left_s)


def _left_s(
    one: engine.Condition, holders: Sequence[answers.Holder], found: engine.Waiting, usual: UsualTimes
) -> float | None:
    """Nothing is promised of holders that are over their usual time already."""
    values = one.why.values
    if one.name == "upstream":
        return _upstream_left_s(found, usual)
    if one.name == "retry":
        return _number(values.get("in_s"))
    if one.why.code == "run_waits_time":
        return max(0.0, _number(values.get("at")) - usual.now)
    if one.name in ("pool", "worker"):
        wanted = 1.0
        if one.name == "pool":
            wanted = _number(values.get("used")) + _number(values.get("wants")) - _number(values.get("slots"))
        lefts, slots = [other.left_s for other in holders], [other.slots for other in holders]
        if one.name == "worker":
            slots = [1] * len(holders)
        return engine.free_in_s(lefts, slots, int(wanted) + (one.ahead or 0)) or None
    return None


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _upstream_left_s(found: engine.Waiting, usual: UsualTimes) -> float | None:
    facts = usual.facts(found.run_id)
    at = facts.graph.position.get(found.task_id) if facts else None
    if facts is None or at is None:
        return None
    rows = facts.tasks
    to_run = [other for other in facts.graph.above({at}) if rows[other].state not in TASK_ENDED]

    def running_for(other: int) -> float:
        started = rows[other].started_at
        return usual.now - started if rows[other].state is TaskState.RUNNING and started is not None else 0.0

    left = forecast(facts.graph, facts.usual_task_s, to_run, running_for)
    return round(left.left_s, 3) if left and left.left_s else None


def _ways_out(one: answers.Condition) -> list[answers.WayOut]:
    values = one.why.values
    longest = min(one.holders, key=lambda other: str(other.since), default=None)
    stop = [answers.WayOut("cancel_run", run_id=longest.run_id, task_id=longest.task_id)] if longest else []
    if one.name == "pool":
        slots = int(_number(values.get("used")) + _number(values.get("wants"))) + (one.ahead or 0)
        return [answers.WayOut("raise_pool", str(values.get("pool", "")), slots), *stop]
    if one.name == "queue":
        return [answers.WayOut("serve_queue", str(values.get("queue", "")))]
    if one.name == "dag_tasks":
        return [answers.WayOut("raise_dag_limit", str(values.get("dag", ""))), *stop]
    if one.name == "worker":
        return [answers.WayOut("raise_workers", slots=int(_number(values.get("busy"))) + 1), *stop]
    return stop if one.name in ("key", "run") else []
