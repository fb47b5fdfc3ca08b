"""What an attempt cost: CPU of this process and its children, peak memory. Two system calls an attempt."""

from __future__ import annotations

import os
import resource
import sys

from potok.model.run import Usage

# ru_maxrss is kilobytes on Linux, bytes on macOS.
_MAXRSS_PER_MB = 1024 * 1024 if sys.platform == "darwin" else 1024
_RESET_PEAK = b"5"


class UsageMeter:
    """Measures from one `take` to the next; between attempts a worker costs nothing worth telling apart."""

    def __init__(self) -> None:
        self._user_s, self._system_s, self._own_peak, self._children_peak = self._read()

    def take(self) -> Usage:
        user_s, system_s, own_peak, children_peak = self._read()
        # The kernel keeps the largest child of a lifetime: it is this attempt's only when it grew.
        peak = max(own_peak, children_peak) if children_peak > self._children_peak else own_peak
        usage = Usage(
            max(0.0, user_s - self._user_s), max(0.0, system_s - self._system_s), round(peak / _MAXRSS_PER_MB, 1)
        )
        if own_peak > self._own_peak:
            _forget_peak()
            own_peak = self._read()[2]
        self._user_s, self._system_s, self._own_peak, self._children_peak = user_s, system_s, own_peak, children_peak
        return usage

    @staticmethod
    def _read() -> tuple[float, float, int, int]:
        own = resource.getrusage(resource.RUSAGE_SELF)
        below = resource.getrusage(resource.RUSAGE_CHILDREN)
        return own.ru_utime + below.ru_utime, own.ru_stime + below.ru_stime, own.ru_maxrss, below.ru_maxrss


def _forget_peak() -> None:
    """The next attempt's peak must not be this one's: Linux sets the mark back to what is resident now."""
    try:
        fd = os.open("/proc/self/clear_refs", os.O_WRONLY)
    except OSError:
        return
    try:
        os.write(fd, _RESET_PEAK)
    except OSError:
        pass
    finally:
        os.close(fd)
