"""A decision in the making: the run as it was, with changes laid over it. Pure: the run itself stays untouched."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from potok.engine.decision import Decision, RunCommand, Transition
from potok.engine.live_run import TALLY_SLOT, GroupTally, Instance, LiveRun, bump, ended_count
from potok.engine.rules import Tally, judge
from potok.model.reason import Reason
from potok.model.run import RunRecord
from potok.model.state import RUN_EDGES, TASK_EDGES, TASK_ENDED, RunState, TaskState

_NO_SETUPS = Tally(0)


class Draft:
    """Collects changes; `settle` follows their consequences through the graph until nothing moves any more."""

    __slots__ = (
        "_dirty",
        "_left",
        "_revisit",
        "_summed",
        "changes",
        "commands",
        "ended_before",
        "graph",
        "now",
        "record",
        "run",
        "stale",
        "tallies",
        "transitions",
    )

    def __init__(self, run: LiveRun, now: float) -> None:
        self.run = run
        self.graph = run.graph
        self.now = now
        self.changes: dict[int, Instance] = {}
        self.tallies: dict[int, GroupTally] = {}
        self.transitions: list[Transition] = []
        self.commands: list[RunCommand] = []
        self.record: RunRecord = run.record
        self.stale = ""
        # when the run had ended before an operator changed what it came to
        self.ended_before: float | None = None
        self._dirty: dict[int, None] = {}
        self._revisit: list[int] = []
        self._left = len(run.instances) - ended_count(run.counts)
        self._summed: tuple[tuple[int, ...], Tally] | None = None

    def instance(self, at: int) -> Instance:
        return self.changes.get(at) or self.run.instances[at]

    def amend(self, at: int, instance: Instance) -> None:
        """Change an instance without changing its state."""
        assert instance.state is self.instance(at).state
        self.changes[at] = instance

    def move(self, at: int, instance: Instance, why: Reason | None = None) -> None:
        """Change an instance's state; the groups it feeds learn of an ending."""
        before, after = self.instance(at).state, instance.state
        assert after in TASK_EDGES[before], f"{before} -> {after} of {self.graph.dag.tasks[at].task_id}"
        self.changes[at] = instance
        self.transitions.append(Transition(at, before, after, why))
        if before in TASK_ENDED:
            self._left += 1
            self._count(at, TALLY_SLOT[before], -1)
        if after in TASK_ENDED:
            self._left -= 1
            self._count(at, TALLY_SLOT[after], 1)
            self._revisit += self.graph.cleaners.get(at, ())

    def end(self, at: int, state: TaskState, why: Reason | None = None) -> None:
        """Move an instance to a final state now."""
        old = self.instance(at)
        self.move(at, Instance(state, old.try_number, old.max_tries, old.losses, None, old.queued_at, old.started_at,
                               self.now, None, why), why)  # fmt: skip

    def queue(self, at: int, why: Reason | None = None) -> None:
        """Make an instance ready to run; an empty task passes at once."""
        old = self.instance(at)
        if self.graph.is_empty(at):
            self.changes[at] = msgspec.structs.replace(old, queued_at=self.now, started_at=self.now)
            self.end(at, TaskState.SUCCESS)
            return
        self.move(at, Instance(TaskState.QUEUED, old.try_number, old.max_tries, old.losses, None, self.now, None, None,
                               None, why), why)  # fmt: skip

    def _count(self, at: int, slot: int, by: int) -> None:
        for number in self.graph.feeds[at]:
            old = self.tallies.get(number) or self.run.tallies[number]
            new = self.tallies[number] = bump(old, slot, by)
            # Rules look at the first of a kind and at completeness; any other change can alter no verdict.
            if by > 0 and (old[slot] == 0 or sum(new) == len(self.graph.dag.edges[number].upstream)):
                self._dirty[number] = None
        self._summed = None

    def consider(self, at: int) -> None:
        """Judge a scheduled instance by its trigger rule and move it if the rule says so."""
        verdict = judge(self.graph.rules[at], self.tally_above(at), self._setups(at))
        if verdict is None:
            return
        if verdict is not TaskState.QUEUED:
            self.end(at, verdict)
        elif self.record.reason is not None and not self._teardown_is_due(at):
            self.end(at, TaskState.CANCELLED, self.record.reason)
        else:
            self.queue(at)

    def tally_above(self, at: int) -> Tally:
        """How the tasks directly above ended so far."""
        numbers = self.graph.fed_by[at]
        if self._summed is not None and self._summed[0] is numbers:
            return self._summed[1]
        a = b = c = d = 0
        for number in numbers:
            tally = self.tallies.get(number) or self.run.tallies[number]
            a, b, c, d = a + tally[0], b + tally[1], c + tally[2], d + tally[3]
        total = Tally(self.graph.upstream_count[at], a, b, c, d)
        self._summed = (numbers, total)
        return total

    def _setups(self, at: int) -> Tally:
        setups = self.graph.setups.get(at)
        if not setups:
            return _NO_SETUPS
        counts = [0, 0, 0, 0]
        for setup in setups:
            slot = TALLY_SLOT.get(self.instance(setup).state)
            if slot is not None:
                counts[slot] += 1
        return Tally(len(setups), *counts)

    def _teardown_is_due(self, at: int) -> bool:
        """In a run that is brought down: a teardown still runs when what it cleans up after has begun."""
        if not self.graph.is_teardown(at):
            return False
        before = self.graph.setups.get(at) or tuple(self.graph.upstream(at))
        return any(self.instance(above).try_number > 0 for above in before)

    def settle(self) -> None:
        """Follow what the endings so far mean for the tasks below. In a run that has not begun: nothing yet."""
        if self.record.state is RunState.QUEUED:
            return
        while self._dirty or self._revisit:
            below: Iterable[int] = (self._revisit.pop(),) if self._revisit else self._below_dirty()
            for at in below:
                if self.instance(at).state is TaskState.SCHEDULED:
                    self.consider(at)

    def _below_dirty(self) -> tuple[int, ...]:
        number, _ = self._dirty.popitem()
        return self.graph.dag.edges[number].downstream

    @property
    def all_ended(self) -> bool:
        return self._left == 0

    def set_run(self, state: RunState, **fields: object) -> None:
        """Change the run's record."""
        before = self.record.state
        assert state is before or state in RUN_EDGES[before], f"run {before} -> {state}"
        self.record = msgspec.structs.replace(self.record, state=state, **fields)

    def decision(self) -> Decision:
        return Decision(
            changes=self.changes,
            tallies=self.tallies,
            transitions=tuple(self.transitions),
            commands=tuple(self.commands),
            record=None if self.record is self.run.record else self.record,
            stale=self.stale,
        )
