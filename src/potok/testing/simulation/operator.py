"""Simulated people: they trigger, cancel, clear, retry, mark and resize, and hold the scheduler to its word."""

from __future__ import annotations

from random import Random

from potok.model.state import RUN_ENDED, TaskState
from potok.scheduler.commands import (
    CancelRun,
    Changed,
    ClearTasks,
    Command,
    Failed,
    FailureKind,
    MarkTasks,
    PauseDag,
    PutPool,
    Reply,
    RetryRun,
    Triggered,
    TriggerRun,
)
from potok.scheduler.service import FATE_UNKNOWN
from potok.store.protocol import Store
from potok.testing.simulation.dags import POOLS, chance
from potok.testing.simulation.faults import ViolationError
from potok.testing.simulation.ledger import Ledger

ACTOR = "ann"


class Operator:
    """Draws commands; `answered` checks at the moment of a reply that the store already says what the reply says."""

    def __init__(self, rng: Random, store: Store, ledger: Ledger) -> None:
        self._rng = rng
        self._store = store
        self._ledger = ledger
        self._triggers = 0
        self.acknowledged: list[str] = []
        self.refused: set[str] = set()

    def trigger(self, dag_id: str) -> TriggerRun:
        rng = self._rng
        self._triggers += 1
        return TriggerRun(
            dag_id=dag_id,
            actor=ACTOR,
            params={"client": rng.choice("abc")},
            note=f"order {self._triggers}",
            idempotency_key=rng.choice(("k1", "k2")) if chance(rng, 0.2) else None,
            countdown_s=rng.choice((1.0, 30.0)) if chance(rng, 0.15) else None,
            expires_s=rng.choice((5.0, 60.0)) if chance(rng, 0.15) else None,
        )

    def draw(self, dag_ids: list[str]) -> Command:
        rng = self._rng
        runs = [run for run in self._ledger.runs.values() if run.record.state not in RUN_ENDED or chance(rng, 0.3)]
        if not runs or chance(rng, 0.25):
            return self.trigger(rng.choice(dag_ids))
        run = rng.choice(runs)
        run_id = run.record.run_id
        names = [task.task_id for task in run.dag.tasks]
        some = tuple(rng.sample(names, rng.randint(1, len(names))))
        kind = rng.randrange(6)
        if kind == 0:
            return CancelRun(run_id, ACTOR, "enough")
        if kind == 1:
            params: dict[str, object] = {"client": rng.choice("abc")} if chance(rng, 0.3) else {}
            return RetryRun(run_id, ACTOR, downstream=chance(rng, 0.7), params=params)
        if kind == 2:
            return ClearTasks(run_id, ACTOR, some, downstream=chance(rng, 0.5), upstream=chance(rng, 0.2))
        if kind == 3:
            state = rng.choice((TaskState.SUCCESS, TaskState.FAILED, TaskState.SKIPPED))
            return MarkTasks(run_id, ACTOR, some, state)
        if kind == 4:
            return PauseDag(rng.choice(dag_ids), ACTOR, chance(rng, 0.5))
        return CancelRun(run_id, ACTOR)

    def resize(self) -> PutPool:
        return PutPool(self._rng.choice(sorted(POOLS)), ACTOR, self._rng.randint(0, 4))

    def answered(self, command: Command, reply: Reply) -> None:
        """What was acknowledged is in the store."""
        if isinstance(reply, Triggered):
            if self._store.run(reply.run.record.run_id) is None:
                raise ViolationError(f"run {reply.run.record.run_id} was acknowledged and is not in the store")
            self.acknowledged.append(reply.run.record.run_id)
        if isinstance(reply, Failed) and isinstance(command, TriggerRun) and reply.message != FATE_UNKNOWN:
            self.refused.add(command.note)
        if isinstance(reply, Failed) and reply.kind is FailureKind.INVALID:
            raise ViolationError(f"{command} is a good command and was refused: {reply.message}")
        if not isinstance(reply, Changed):
            return
        row = self._store.run(reply.run.record.run_id)
        if row is None:
            raise ViolationError(f"{command} was acknowledged for a run that is not in the store")
        if isinstance(command, CancelRun) and row.record.reason is None:
            raise ViolationError(f"{command} was acknowledged, the store knows of no reason to stop")
        if isinstance(command, MarkTasks):
            for name in command.tasks:
                task = self._store.task(row.record.run_key, name)
                asked = task is not None and task.reason is not None and task.reason.code == "marked"
                if task is None or (
                    task.state is not command.state and not (task.state is TaskState.RUNNING and asked)
                ):
                    raise ViolationError(f"{command} was acknowledged, the store says {task}")
