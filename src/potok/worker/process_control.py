"""What only the Linux kernel can tell or do about processes: death signals, orphans, children, OOM kills.

On other systems each function does nothing, or answers that it does not know; the sockets still end what they must.
"""

from __future__ import annotations

import os
import signal
import sys
import time

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PR_SET_CHILD_SUBREAPER = 36
# Out of memory the kernel takes a task before the server that will run it again.
_OOM_SCORE_ADJUSTMENT = b"300"
_libc_prctl = None

if sys.platform == "linux":
    import ctypes

    _libc_prctl = ctypes.CDLL(None, use_errno=True).prctl


def die_with_parent(number: signal.Signals) -> None:
    """The kernel sends us this signal when the thread that forked us ends."""
    if _libc_prctl is not None:
        _libc_prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def adopt_orphans() -> None:
    """Processes below us whose parent ends become our children, so that none escapes by a double fork."""
    if _libc_prctl is not None:
        _libc_prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def show_name(name: bytes) -> None:
    """What `top` and `ps -o comm` call this process; at most 15 bytes."""
    if _libc_prctl is not None:
        _libc_prctl(_PR_SET_NAME, name, 0, 0, 0)


def offer_to_oom_killer() -> None:
    try:
        fd = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
    except OSError:
        return
    try:
        os.write(fd, _OOM_SCORE_ADJUSTMENT)
    except OSError:
        pass
    finally:
        os.close(fd)


def has_children() -> bool:
    """Whether any child of this process, living or dead, is left. One system call."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def children(pid: int) -> list[int]:
    """Direct children of a process, of all its threads; none when it is gone."""
    found: list[int] = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", "rb") as file:
                found.extend(int(word) for word in file.read().split())
    except OSError:
        pass
    return found


def descendants(pid: int) -> list[int]:
    found = children(pid)
    for child in found:
        found.extend(children(child))
    return found


def end_descendants(grace_s: float) -> None:
    """End every process below this one: SIGTERM, after `grace_s` SIGKILL; reaps them. Returns when none is left."""
    us = os.getpid()
    _signal_all(descendants(us), signal.SIGTERM)
    kill_at = time.monotonic() + grace_s
    pause_s = 0.001
    while _reap_dead() and pause_s < 60:
        if time.monotonic() >= kill_at:
            _signal_all(descendants(us), signal.SIGKILL)
        time.sleep(pause_s)
        pause_s = min(pause_s * 1.5, 0.05)


def _reap_dead() -> bool:
    """Reap what is dead; whether living children are left."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True


def _signal_all(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


def oom_kills() -> int:
    """How many processes the kernel has killed for memory so far: in our cgroup, else on this machine; 0 if unknown."""
    return _counter(_cgroup_events(), b"oom_kill ") or _counter("/proc/vmstat", b"oom_kill ")


def _cgroup_events() -> str:
    try:
        with open("/proc/self/cgroup") as file:
            for line in file:
                if line.startswith("0::"):
                    return f"/sys/fs/cgroup{line[3:].strip()}/memory.events"
    except OSError:
        pass
    return ""


def _counter(path: str, name: bytes) -> int:
    try:
        with open(path, "rb") as file:
            for line in file:
                if line.startswith(name):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0
