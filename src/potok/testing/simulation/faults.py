"""What may go wrong in a simulated world, how often, and how a failed check is told."""

from __future__ import annotations

from random import Random

import msgspec


class ViolationError(AssertionError):
    """The system broke a promise. The message says which, with the task, the attempt and the virtual time."""


class ServerKilledError(SystemExit):
    """kill -9 of the server at this very point: nothing after it is executed. No handler of ours may stop it."""


class Faults(msgspec.Struct):
    """Each rate is a probability where the thing can happen; `*_every_s` is the mean time between two, 0 for never."""

    worker_killed: float = 0.0
    worker_crashes: float = 0.0
    outcome_lost: float = 0.0
    event_doubled: float = 0.0
    event_late: float = 0.0
    stale_outcome: float = 0.0
    crash_before_commit: float = 0.0
    crash_after_commit: float = 0.0
    crash_at_send: float = 0.0
    server_killed_every_s: float = 0.0
    clock_jumps_every_s: float = 0.0
    commit_fails: float = 0.0
    commit_unknown: float = 0.0
    poisoned_outcome: float = 0.0
    writer_thread: float = 0.0
    operator_every_s: float = 0.0
    new_version_every_s: float = 0.0
    pool_resized_every_s: float = 0.0
    server_stopped_every_s: float = 0.0
    store_down_every_s: float = 0.0


_RATES: dict[str, tuple[float, ...]] = {
    "worker_killed": (0.03, 0.13, 0.47),
    "worker_crashes": (0.03, 0.17),
    "outcome_lost": (0.05, 0.31),
    "event_doubled": (0.11, 0.53),
    "event_late": (0.11, 0.53),
    "stale_outcome": (0.31, 0.97),
    "crash_before_commit": (0.007, 0.031),
    "crash_after_commit": (0.007, 0.031),
    "crash_at_send": (0.011, 0.041),
    "server_killed_every_s": (47.0, 151.0),
    "clock_jumps_every_s": (61.0, 173.0),
    "commit_fails": (0.013, 0.071, 0.31),
    "commit_unknown": (0.013, 0.071, 0.31),
    "poisoned_outcome": (0.013, 0.071),
    "writer_thread": (1.0,),
    "operator_every_s": (11.0, 37.0, 83.0),
    "new_version_every_s": (71.0, 163.0),
    "pool_resized_every_s": (53.0, 131.0),
    "server_stopped_every_s": (97.0, 211.0),
    "store_down_every_s": (31.0, 89.0),
}


def draw_faults(rng: Random) -> Faults:
    """Swarm testing: each fault is fully off or at an odd rate, so that rare pairs meet."""
    share = rng.choice((0.15, 0.35, 0.6))
    return Faults(**{name: rng.choice(rates) if rng.random() < share else 0.0 for name, rates in _RATES.items()})
