"""`decide` under any sequence of events on any small DAG: what must hold after each one, and at the end."""

from random import Random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from potok.engine.decide import decide
from potok.engine.decision import Decision, Dispatch, WakeAt, advance
from potok.engine.events import (
    AttemptFinished,
    AttemptLost,
    AttemptStarted,
    AttemptTimedOut,
    Cleared,
    Granted,
    Marked,
    RetryDue,
    RunAdmitted,
    RunEvent,
    RunResumed,
    RunTimedOut,
    StopRequested,
)
from potok.engine.live_run import LiveRun, count_states, tally_groups
from potok.model.reason import reason
from potok.model.run import ErrorInfo, WorkerExit
from potok.model.state import RUN_ENDED, TASK_EDGES, TASK_ENDED, RunState, TaskState
from potok.model.wire import Outcome
from potok.testing import oracle
from potok.testing.simulation.dags import chance, random_dag
from tests.engine.builds import queued_run

OPERATOR = (Cleared, Marked, StopRequested, RunTimedOut)
EXITS = (WorkerExit(signal=9), WorkerExit(signal=15), WorkerExit(signal=11), WorkerExit(exit_code=3), WorkerExit(),
         WorkerExit(signal=9, oom=True))  # fmt: skip


def frozen_copy(run: LiveRun) -> bytes:
    return msgspec.json.encode((run.record, run.instances, run.tallies, {str(k): v for k, v in run.counts.items()}))


class Player:
    """Makes events happen to a run, likely ones and absurd ones, and checks each decision."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.run = queued_run(random_dag(rng, "d"))
        self.now = 1000.0
        self.attempts = 0
        self.wakes: list[WakeAt] = []
        self.dispatched: list[tuple[int, int]] = []
        self.cleared: set[int] = set()

    # --- drawing ----------------------------------------------------------------------------------------------
    def positions(self) -> tuple[int, ...]:
        size = len(self.run.instances)
        return tuple(sorted(self.rng.sample(range(size), self.rng.randint(1, size))))

    def any_event(self) -> RunEvent:
        kind = self.rng.randrange(16)
        at = self.rng.randrange(len(self.run.instances))
        known = self.rng.choice(self.dispatched)[1] if self.dispatched and chance(self.rng, 0.7) else self.attempts + 7
        if kind <= 4:
            return self.likely()
        if kind == 5:
            return RunAdmitted()
        if kind == 6:
            return RunResumed()
        if kind == 7:
            return Granted(at, self.new_attempt())
        if kind == 8:
            return AttemptStarted(at, known, self.now)
        if kind == 9:
            return self.finish(at, known)
        if kind == 10:
            return AttemptLost(at, known, self.rng.choice(EXITS), self.rng.random())
        if kind == 11:
            return RetryDue(at, self.rng.randint(0, 3))
        if kind == 12:
            return AttemptTimedOut(at, known) if chance(self.rng, 0.5) else RunTimedOut()
        if kind == 13:
            return Cleared(self.positions(), reason("cleared", by="ann"))
        if kind == 14:
            state = self.rng.choice((TaskState.SUCCESS, TaskState.FAILED, TaskState.SKIPPED))
            return Marked(self.positions(), state, reason("marked", state=str(state), by="ann"))
        if chance(self.rng, 0.3):
            return StopRequested(RunState.CANCELLED, reason("cancelled", by="ann", note=""))
        return self.likely()

    def likely(self) -> RunEvent:
        """An event that the scheduler would bring about now."""
        found: list[RunEvent] = []
        if self.run.record.state is RunState.QUEUED:
            return RunAdmitted()
        for at, instance in enumerate(self.run.instances):
            if instance.state is TaskState.QUEUED:
                found.append(Granted(at, self.new_attempt()))
            elif instance.state is TaskState.RUNNING and instance.attempt_id is not None:
                found.append(self.finish(at, instance.attempt_id))
                if chance(self.rng, 0.3):
                    found.append(AttemptLost(at, instance.attempt_id, self.rng.choice(EXITS), self.rng.random()))
        if (self.wakes and chance(self.rng, 0.5)) or (not found and self.wakes):
            wake = min(self.wakes, key=lambda wake: wake.at)
            self.wakes.remove(wake)
            self.now = max(self.now, wake.at)
            return wake.event
        return self.rng.choice(found) if found else RunResumed()

    def new_attempt(self) -> int:
        self.attempts += 1
        return self.attempts

    def finish(self, at: int, attempt_id: int) -> AttemptFinished:
        outcome = self.rng.choice((Outcome.SUCCESS, Outcome.SUCCESS, Outcome.FAILED, Outcome.SKIPPED))
        names = self.rng.choice((("ValueError",), ("Hopeless",)))
        error = ErrorInfo("E", "e", names) if outcome is Outcome.FAILED else None
        return AttemptFinished(at, attempt_id, outcome, self.now, error, spread=self.rng.random())

    # --- playing and checking -----------------------------------------------------------------------------------
    def play(self, event: RunEvent) -> None:
        before = frozen_copy(self.run)
        old_states = [instance.state for instance in self.run.instances]
        was_queued = self.run.record.state is RunState.QUEUED
        decision = decide(self.run, event, self.now)
        assert frozen_copy(self.run) == before, "decide changed its input"
        if decision.stale:
            assert decision == Decision(stale=decision.stale)
            return
        self.check_transitions(event, decision, old_states)
        advance(self.run, decision)
        self.check_run(event, was_queued)
        self.wakes += [command for command in decision.commands if isinstance(command, WakeAt)]
        self.check_dispatches(event, decision, old_states)

    def check_transitions(self, event: RunEvent, decision: Decision, states: list[TaskState]) -> None:
        states = list(states)
        for step in decision.transitions:
            assert states[step.position] is step.before
            assert step.after in TASK_EDGES[step.before]
            if step.before in TASK_ENDED:
                assert isinstance(event, Cleared | Marked) and step.position in event.positions
            states[step.position] = step.after
        for at, instance in decision.changes.items():
            assert states[at] is instance.state, "a change of state without its transition"

    def check_run(self, event: RunEvent, was_queued: bool) -> None:
        run = self.run
        assert run.tallies == tally_groups(run.graph, run.instances)
        assert run.counts == count_states(run.instances)
        states = [instance.state for instance in run.instances]
        if run.record.state is RunState.QUEUED:
            assert not {TaskState.QUEUED, TaskState.RUNNING} & set(states), "tasks start in a run that has not begun"
        else:
            assert (run.record.state in RUN_ENDED) == all(state in TASK_ENDED for state in states)
        if run.record.state in RUN_ENDED:
            why = run.record.reason
            stopped = None if why is None else RunState.FAILED if why.code == "run_timeout" else RunState.CANCELLED
            assert run.record.state is oracle.colour(run.graph.dag, states, stopped)
        for at, instance in enumerate(run.instances):
            assert instance.try_number <= instance.max_tries
            assert (instance.attempt_id is not None) == (instance.state is TaskState.RUNNING)
            if run.record.state is RunState.RUNNING and instance.state is TaskState.SCHEDULED:
                assert self.verdict(at) is None, f"t{at} is left waiting though its rule has decided"

    def verdict(self, at: int) -> TaskState | None:
        graph, instances = self.run.graph, self.run.instances
        above = [instances[up].state for up in graph.upstream(at)]
        setups = [instances[graph.position[name]].state for name in graph.dag.tasks[at].setups]
        return oracle.verdict(graph.rules[at], above, setups)

    def check_dispatches(self, event: RunEvent, decision: Decision, old_states: list[TaskState]) -> None:
        if isinstance(event, Cleared):
            self.cleared.update(event.positions)
        for command in decision.commands:
            if not isinstance(command, Dispatch):
                continue
            assert isinstance(event, Granted) and old_states[command.position] is TaskState.QUEUED
            earlier = [attempt for at, attempt in self.dispatched if at == command.position]
            if self.run.graph.dag.tasks[command.position].at_most_once:
                assert not earlier or command.position in self.cleared, "an at_most_once task was sent twice"
            self.cleared.discard(command.position)
            self.dispatched.append((command.position, command.attempt_id))


@settings(max_examples=250)
@given(rng=st.randoms(use_true_random=False), steps=st.integers(1, 60))
def test_any_events_in_any_order_leave_a_run_that_makes_sense(rng: Random, steps: int) -> None:
    player = Player(rng)
    for _ in range(steps):
        player.play(player.any_event())


@settings(max_examples=120)
@given(rng=st.randoms(use_true_random=False), steps=st.integers(0, 25))
def test_whatever_happened_a_run_ends_once_only_likely_things_happen(rng: Random, steps: int) -> None:
    player = Player(rng)
    for _ in range(steps):
        player.play(player.any_event())
    for _ in range(60 * len(player.run.instances)):
        if player.run.record.state in RUN_ENDED:
            return
        player.play(player.likely())
    raise AssertionError(f"still {[str(instance.state) for instance in player.run.instances]}")


@settings(max_examples=150)
@given(rng=st.randoms(use_true_random=False))
def test_without_an_operator_every_verdict_is_one_that_the_rule_allows(rng: Random) -> None:
    player = Player(rng)
    judged: dict[int, TaskState] = {}
    for _ in range(60 * len(player.run.instances)):
        event = player.likely()
        if isinstance(event, RunTimedOut):
            continue
        decision = decide(player.run, event, player.now)
        for step in decision.transitions:
            if step.before is TaskState.SCHEDULED:
                assert step.position not in judged
                judged[step.position] = step.after
        player.play(event)
        if player.run.record.state in RUN_ENDED:
            break
    run = player.run
    assert run.record.state in RUN_ENDED
    for at, after in judged.items():
        above = [run.instances[up].state for up in run.graph.upstream(at)]
        setups = [run.instances[run.graph.position[name]].state for name in run.graph.dag.tasks[at].setups]
        started = TaskState.QUEUED if run.graph.is_empty(at) and after is TaskState.SUCCESS else after
        assert started in oracle.attainable(run.graph.rules[at], above, setups)
