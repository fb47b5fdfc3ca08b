"""How the death of a worker is read: the task's own crash, or an interruption that spends no retry. Pure."""

from __future__ import annotations

import signal

from potok.model.run import ErrorInfo, WorkerExit

LOSSES_MAX = 3

# Signals that a process brings on itself; SIGKILL and SIGTERM come from outside.
_OWN_CRASH = frozenset({"SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSYS", "SIGTRAP", "SIGXCPU", "SIGXFSZ"})


def signal_name(number: int) -> str:
    """`SIGKILL` for 9; `signal 63` for one without a name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def crash_error(end: WorkerExit) -> ErrorInfo | None:
    """The error of an attempt whose process ended by its own doing; None when it was interrupted from outside."""
    if end.oom:
        message = f"killed by the kernel: out of memory at {end.usage.rss_peak_mb:.0f} MB"
        return ErrorInfo("OutOfMemory", message, ("OutOfMemory", "MemoryError"))
    if end.signal is not None:
        name = signal_name(end.signal)
        if name in _OWN_CRASH:
            return ErrorInfo("WorkerCrashed", f"the process was killed by {name}", ("WorkerCrashed", name))
        return None
    if end.exit_code is not None:
        return ErrorInfo("WorkerExited", f"the process ended itself with exit code {end.exit_code}", ("WorkerExited",))
    return None


def interruption(end: WorkerExit) -> str:
    """What interrupted an attempt, for people."""
    return f"its worker was killed by {signal_name(end.signal)}" if end.signal is not None else "the server stopped"
