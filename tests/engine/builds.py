"""Short ways to write the DAGs, runs and events that these tests are about."""

from collections.abc import Iterable, Sequence

from potok.engine.decide import decide
from potok.engine.decision import Decision, Dispatch, WakeAt, advance
from potok.engine.events import AttemptFinished, AttemptLost, Granted, RunAdmitted, RunEvent
from potok.engine.graph import Graph
from potok.engine.live_run import LiveRun, first_instances
from potok.model.dag import CallableRef, Dag, EdgeGroup, PythonWork, Task
from potok.model.run import ErrorInfo, RunRecord, TriggerKind, WorkerExit
from potok.model.state import RUN_ENDED, RunState, TaskState
from potok.model.wire import Outcome

KILLED = WorkerExit(signal=9)


def task(task_id: str, **fields: object) -> Task:
    return Task(**{"task_id": task_id, "work": PythonWork(CallableRef(task_id)), **fields})  # type: ignore[arg-type]


def dag(*tasks: Task, edges: Iterable[tuple[Sequence[int], Sequence[int]]] = (), **fields: object) -> Dag:
    groups = tuple(EdgeGroup(tuple(up), tuple(down)) for up, down in edges)
    return Dag(**{"dag_id": "d", "tasks": tasks, "edges": groups, **fields})  # type: ignore[arg-type]


def chain(*tasks: Task, **fields: object) -> Dag:
    return dag(*tasks, edges=[((at,), (at + 1,)) for at in range(len(tasks) - 1)], **fields)


def queued_run(a_dag: Dag) -> LiveRun:
    graph = Graph(a_dag)
    record = RunRecord(
        run_key=1,
        run_id="r1",
        dag_id=a_dag.dag_id,
        bundle="b",
        state=RunState.QUEUED,
        logical_date=0.0,
        interval_start=0.0,
        interval_end=0.0,
        trigger=TriggerKind.MANUAL,
        created_at=0.0,
    )
    return LiveRun(graph, record, first_instances(graph))


class Life:
    """A run with a clock: each call makes one event happen and installs what it decides."""

    def __init__(self, a_dag: Dag, *, admitted: bool = True) -> None:
        self.run = queued_run(a_dag)
        self.now = 100.0
        self.attempts = 0
        if admitted:
            self.happens(RunAdmitted())

    def happens(self, event: RunEvent) -> Decision:
        decision = decide(self.run, event, self.now)
        advance(self.run, decision)
        return decision

    def at(self, task_id: str) -> int:
        return self.run.graph.position[task_id]

    def state(self, task_id: str) -> TaskState:
        return self.run.instances[self.at(task_id)].state

    def has_ended(self) -> bool:
        return self.run.record.state in RUN_ENDED

    def states(self) -> list[TaskState]:
        return [instance.state for instance in self.run.instances]

    def starts(self, task_id: str) -> int:
        """Give the queued task a slot; returns the attempt."""
        self.attempts += 1
        decision = self.happens(Granted(self.at(task_id), self.attempts))
        assert Dispatch(self.at(task_id), self.attempts) in decision.commands, decision
        return self.attempts

    def ends(
        self, task_id: str, outcome: Outcome = Outcome.SUCCESS, attempt: int | None = None, spread: float = 0.5,
        names: tuple[str, ...] = ("ValueError",),
    ) -> Decision:  # fmt: skip
        error = ErrorInfo("ValueError", "bad", names) if outcome is Outcome.FAILED else None
        attempt_id = attempt if attempt is not None else self.run.instances[self.at(task_id)].attempt_id
        assert attempt_id is not None
        return self.happens(AttemptFinished(self.at(task_id), attempt_id, outcome, self.now, error, spread=spread))

    def runs(self, task_id: str, outcome: Outcome = Outcome.SUCCESS) -> Decision:
        self.starts(task_id)
        return self.ends(task_id, outcome)

    def loses(self, task_id: str, how: WorkerExit = KILLED) -> Decision:
        attempt_id = self.run.instances[self.at(task_id)].attempt_id
        assert attempt_id is not None
        return self.happens(AttemptLost(self.at(task_id), attempt_id, how))


def wakes(decision: Decision) -> list[WakeAt]:
    return [command for command in decision.commands if isinstance(command, WakeAt)]
