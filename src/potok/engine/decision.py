"""What `decide` answers: changes to install, transitions to tell, and orders for the shell. Frozen values."""

from __future__ import annotations

import msgspec

from potok.engine.events import RunEvent
from potok.engine.live_run import GroupTally, Instance, LiveRun, count_states
from potok.model.reason import Reason
from potok.model.run import RunRecord
from potok.model.state import TaskState


class Transition(msgspec.Struct, frozen=True):
    """One instance went from state to state; `reason` only where the states do not tell it."""

    position: int
    before: TaskState
    after: TaskState
    reason: Reason | None = None


class Dispatch(msgspec.Struct, frozen=True):
    """`running` of this attempt is decided: once committed, send it to the executor."""

    position: int
    attempt_id: int


class CancelAttempt(msgspec.Struct, frozen=True):
    """Kill the attempt; its end comes back as an event."""

    attempt_id: int


class WakeAt(msgspec.Struct, frozen=True):
    """Hand `event` back at `at` (seconds since the epoch). A stale wake-up changes nothing."""

    at: float
    event: RunEvent


class CallBack(msgspec.Struct, frozen=True):
    """Call the author's `on_success`, `on_failure` or `on_retry`; of the whole run when `position` is None."""

    event: str
    position: int | None


RunCommand = Dispatch | CancelAttempt | WakeAt | CallBack


class Decision(msgspec.Struct, frozen=True):
    """Install with `advance`. `stale` tells why an event changed nothing. `record` is the run's new record, if any."""

    changes: dict[int, Instance] = {}
    tallies: dict[int, GroupTally] = {}
    transitions: tuple[Transition, ...] = ()
    commands: tuple[RunCommand, ...] = ()
    record: RunRecord | None = None
    stale: str = ""


def advance(run: LiveRun, decision: Decision) -> None:
    """Make `decision` the run's state."""
    instances, counts = run.instances, run.counts
    if len(decision.changes) * 4 > len(instances) and len(instances) > 64:
        for position, instance in decision.changes.items():
            instances[position] = instance
        run.counts = count_states(instances)
    else:
        for position, instance in decision.changes.items():
            counts[instances[position].state] -= 1
            counts[instance.state] += 1
            instances[position] = instance
    for number, tally in decision.tallies.items():
        run.tallies[number] = tally
    if decision.record is not None:
        run.record = decision.record
