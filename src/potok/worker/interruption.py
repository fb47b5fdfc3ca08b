"""How a running body is interrupted: SIGTERM of its group, SIGALRM at its deadline. Between bodies both do nothing."""

from __future__ import annotations

import os
import signal
import time
from types import FrameType

from potok.authoring.runtime import TaskCancelled, TaskTimeout

# Raised again, should user code swallow it.
_AGAIN_S = 5.0


class Interruption:
    """The signal handlers of a worker's main thread.

    An executor terminates a worker only to cancel its call and gives it no other call after that: so SIGTERM to an idle
    worker ends it, and one that comes while a call is being prepared waits for the body.
    """

    def __init__(self) -> None:
        self._is_idle = True
        self._is_armed = False
        self._is_cancelled = False
        self._message = ""
        self._has_timer = False
        signal.signal(signal.SIGTERM, self._on_terminate)
        # The zygote forked us with SIGTERM held back, so that none is lost before this line.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})

    def prepare(self) -> None:
        """A call has come."""
        self._is_idle = False

    def enter(self, deadline: float | None, timeout_s: float | None) -> None:
        """From here on a signal raises TaskCancelled or TaskTimeout in the main thread; `deadline` is epoch seconds."""
        if signal.getsignal(signal.SIGTERM) != self._on_terminate:
            signal.signal(signal.SIGTERM, self._on_terminate)
        self._is_armed = True
        if self._is_cancelled:
            raise TaskCancelled
        if deadline is not None:
            self._message = "timed out" if timeout_s is None else f"timed out after {timeout_s:g} s"
            self._has_timer = True
            signal.signal(signal.SIGALRM, self._on_alarm)
            signal.setitimer(signal.ITIMER_REAL, max(0.001, deadline - time.time()), _AGAIN_S)

    def leave(self) -> None:
        """The outcome is settled: signals change it no more."""
        self._is_armed = False
        if self._has_timer:
            signal.setitimer(signal.ITIMER_REAL, 0)
            self._has_timer = False

    def rest(self) -> None:
        """The outcome is sent."""
        self._is_idle = True

    def _on_terminate(self, _number: int, _frame: FrameType | None) -> None:
        if self._is_idle:
            os._exit(0)
        self._is_cancelled = True
        if self._is_armed:
            raise TaskCancelled

    def _on_alarm(self, _number: int, _frame: FrameType | None) -> None:
        if self._is_armed:
            raise TaskTimeout(self._message)
