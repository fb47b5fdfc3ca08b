"""File descriptors 1 and 2 of a worker: pipes that a thread drains, for native code and child processes.

The zygote holds the same pipes, so that what stood unread in them outlives a crash. Never lives through a fork of user
code: the thread is stopped before and started again after it.
"""

from __future__ import annotations

import os
import select
import threading
import time

from potok.model.masking import Secrets
from potok.worker.log_capture import LogCapture
from potok.worker.segment_file import FLUSH_AFTER_S

_READ_BYTES = 64 * 1024
# A child that never stops writing must not keep an attempt from ending.
_DRAIN_READS_MAX = 32


class OutputPipes:
    """Owns the capture of this process and the thread that feeds it."""

    def __init__(self, stdout_pipe: int, stderr_pipe: int, secrets: Secrets) -> None:
        self.capture = LogCapture(secrets, self._flush_soon)
        self._pipes = {stdout_pipe: "stdout", stderr_pipe: "stderr"}
        self._unread = select.poll()
        for fd in self._pipes:
            os.set_blocking(fd, False)
            self._unread.register(fd, select.POLLIN)
        self._wake_read, self._wake_write = os.pipe()
        self._wake_sent = False
        self._must_end = False
        self._thread: threading.Thread | None = None
        os.register_at_fork(
            before=self._before_fork, after_in_parent=self._after_fork, after_in_child=self._after_fork_in_child
        )

    def start(self) -> None:
        """Begin to drain; a lean idle worker does without the thread, so this is called at the first attempt."""
        if self._thread is None:
            self._must_end = False
            self._thread = threading.Thread(target=self._run, name="potok-log", daemon=True)
            self._thread.start()

    def drain(self) -> None:
        """Take what stands in the pipes now, so that it counts for the attempt that is about to end."""
        if self._unread.poll(0):
            with self.capture.lock:
                self._read_pipes()

    def _run(self) -> None:
        poll = select.poll()
        for fd in (*self._pipes, self._wake_read):
            poll.register(fd, select.POLLIN)
        flush_at: float | None = None
        while True:
            ready = poll.poll(None if flush_at is None else max(0.0, flush_at - time.monotonic()) * 1000)
            if self._must_end:
                return
            if any(fd in self._pipes for fd, _ in ready):
                with self.capture.lock:
                    self._read_pipes()
            if flush_at is None and any(fd == self._wake_read for fd, _ in ready):
                os.read(self._wake_read, 64)
                flush_at = time.monotonic() + FLUSH_AFTER_S
            elif flush_at is not None and time.monotonic() >= flush_at:
                flush_at = None
                self._wake_sent = False
                self.capture.flush()

    def _read_pipes(self) -> None:
        for fd, src in self._pipes.items():
            for _ in range(_DRAIN_READS_MAX):
                try:
                    data = os.read(fd, _READ_BYTES)
                except OSError:
                    break
                if not data:
                    break
                if self.capture.is_active:
                    self.capture.data(src, data)

    def _flush_soon(self) -> None:
        if not self._wake_sent:
            self._wake_sent = True
            os.write(self._wake_write, b"f")

    def _before_fork(self) -> None:
        """No thread and no held lock may be copied into the child."""
        if self._thread is not None:
            self._must_end = True
            os.write(self._wake_write, b"e")
            self._thread.join()
        self.capture.lock.acquire()
        self.capture.flush()

    def _after_fork(self) -> None:
        self.capture.lock.release()
        if self._thread is not None:
            self._thread = None
            self.start()

    def _after_fork_in_child(self) -> None:
        self._thread = None
        self._pipes = {}
        self._unread = select.poll()
        self.capture.become_forked_child()
