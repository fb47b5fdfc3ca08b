"""Finds and kills what a dead server or zygote left running, by the mark that each of its processes carries.

Never touches this process or one above it. Linux only: elsewhere it finds nothing.
"""

from __future__ import annotations

import os
import secrets
import signal
import time
import zlib
from pathlib import Path

from potok.model.local_wire import INSTANCE_VARIABLE

_PROC = Path("/proc")


def new_instance(home: Path) -> str:
    """A mark for the processes of one server. It tells the home too: a copied database names processes of another's."""
    return f"{_home_mark(home)}-{secrets.token_hex(8)}"


def is_of_home(instance: str, home: Path) -> bool:
    """Whether a server of this very home gave itself that mark."""
    return instance.partition("-")[0] == _home_mark(home)


def _home_mark(home: Path) -> str:
    return f"{zlib.crc32(os.fsencode(home.resolve())):08x}"


def leftovers(value: str, variable: str = INSTANCE_VARIABLE) -> list[int]:
    """Process ids that carry the mark `variable=value`, zombies and our own line excepted."""
    mark = f"{variable}={value}".encode()
    ours = _line_of(os.getpid())
    found = []
    for entry in _PROC.iterdir() if _PROC.is_dir() else ():
        if entry.name.isdigit() and int(entry.name) not in ours and _carries(entry, mark):
            found.append(int(entry.name))
    return found


def kill_once(value: str, variable: str = INSTANCE_VARIABLE) -> int:
    """Kill what carries the mark now; how many there were. More may appear while it works: repeat until 0."""
    found = leftovers(value, variable)
    for pid in found:
        try:
            os.kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
    return len(found)


def kill_leftovers(instance: str, timeout_s: float = 10.0) -> int:
    """Kill every process of a dead server's `instance` and wait until none is left; returns how many were found.

    Raises TimeoutError when one survives SIGKILL for `timeout_s` (an uninterruptible sleep, another user's process).
    """
    killed = kill_once(instance)
    give_up_at = time.monotonic() + timeout_s
    while left := kill_once(instance):
        if time.monotonic() > give_up_at:
            raise TimeoutError(f"{left} processes of a former server survive SIGKILL: {leftovers(instance)}")
        time.sleep(0.002)
    return killed


def _carries(process: Path, mark: bytes) -> bool:
    try:
        return mark in (process / "environ").read_bytes().split(b"\0")  # of a zombie it is empty
    except OSError:
        return False


def _line_of(pid: int) -> set[int]:
    """The process and everything above it."""
    line = set()
    while pid > 0 and pid not in line:
        line.add(pid)
        try:
            pid = int((_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            break
    return line
