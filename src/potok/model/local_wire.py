"""Messages that never leave the machine: between a server and its zygote, and a worker's word to its executor.

Frames are a 4-byte big-endian length and MessagePack. Pure: shapes only, no I/O.
"""

from __future__ import annotations

import struct
from enum import IntEnum

import msgspec

from potok.model.run import Usage

FRAME_HEAD = struct.Struct(">I")
ORDER = struct.Struct(">II")

# What every process below a server has in its environment, so that a new server finds the leftovers of a dead one.
INSTANCE_VARIABLE = "POTOK_INSTANCE"
# What every process below one zygote has besides: a server may have other children, which outlive a zygote.
ZYGOTE_VARIABLE = "POTOK_ZYGOTE"
# Never a secret, and what tasks need to talk to their own server; every other POTOK_* variable stays with the server.
_PASSED_VARIABLES = frozenset({INSTANCE_VARIABLE, ZYGOTE_VARIABLE, "POTOK_HOME", "POTOK_URL"})
# A distribution of its own, which reads its settings where it runs: in tasks.
_PASSED_PREFIX = "POTOK_ONEC_"


def is_passed(variable: str) -> bool:
    """Whether a variable of the server's environment reaches the code of users."""
    return not variable.startswith("POTOK_") or variable in _PASSED_VARIABLES or variable.startswith(_PASSED_PREFIX)


class Order(IntEnum):
    """First number of the 8-byte order to a zygote; the second is the worker's number. FORK brings a socket along."""

    FORK = 1
    TERMINATE = 2
    KILL = 3


class ZygoteReady(msgspec.Struct, frozen=True, tag="zygote_ready", array_like=True):
    pid: int


class WorkerForked(msgspec.Struct, frozen=True, tag="worker_forked", array_like=True):
    number: int
    pid: int


class ForkRefused(msgspec.Struct, frozen=True, tag="fork_refused", array_like=True):
    """The kernel gave no process: `message` is its word (too many processes, no memory)."""

    number: int
    message: str


class WorkerDied(msgspec.Struct, frozen=True, tag="worker_died", array_like=True):
    """The worker and its whole process group are dead. The tails are what stood unread in its output pipes."""

    number: int
    pid: int
    exit_code: int | None
    signal: int | None
    oom: bool
    usage: Usage
    stdout_tail: bytes = b""
    stderr_tail: bytes = b""


ZygoteReport = ZygoteReady | WorkerForked | ForkRefused | WorkerDied


class Retiring(msgspec.Struct, frozen=True, tag="retiring", array_like=True):
    """The worker wants no further call, because `reason`. Sent before the Finished of its last attempt."""

    reason: str


class LogLine(
    msgspec.Struct, frozen=True, omit_defaults=True, rename={"at": "t", "attempt_id": "a", "try_number": "try"}
):
    """One line of a log segment. `src`: stdout, stderr or log. `more`: the text goes on in the next line.

    `lost`: the line stands for so many that could not be written.
    """

    at: float
    attempt_id: int
    task: str
    try_number: int
    level: str
    src: str
    msg: str
    logger: str = ""
    more: bool = False
    lost: int = 0
