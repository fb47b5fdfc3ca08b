"""Appends lines to a run's segment file, which several workers share. Never fails: what does not fit counts as lost.

A little is written line by line, so that a crash loses nothing; a flood in blocks, so that it costs little.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable

from potok.model.run import LogRange

BLOCK_BYTES = 64 * 1024
FLUSH_AFTER_S = 0.1
# Lines written at once in each FLUSH_AFTER_S: a crash loses the last tenth of a second of a flood only.
_EAGER_LINES = 200


class SegmentFile:
    """The lines of one attempt after another. Not thread-safe: its owner holds a lock."""

    def __init__(self, flush_soon: Callable[[], None], lost_line: Callable[[int], bytes]) -> None:
        """`lost_line` makes the line that stands where so many lines are missing."""
        self._flush_soon = flush_soon
        self._lost_line = lost_line
        self._path = ""
        self._fd = -1
        self.begin("", "")

    def begin(self, log_dir: str, segment: str) -> None:
        """The next lines are of another attempt. Touches no file before there is a line."""
        self._log_dir = log_dir
        self._segment = segment
        self._start = -1
        self._buffer: list[bytes] = []
        self._buffered_bytes = 0
        self._window_ends_at = 0.0
        self._window_lines = 0
        self._is_torn = False
        self.accepted_bytes = 0
        self.lines = 0
        self.lost = 0
        self._unwritten = 0
        self._told = 0

    def append(self, line: bytes) -> None:
        """`line` is whole, with its newline. It reaches the file by `settle`, `flush` or a full block."""
        self._buffer.append(line)
        self._buffered_bytes += len(line)
        self.accepted_bytes += len(line)
        if self._buffered_bytes >= BLOCK_BYTES:
            self.flush()

    def settle(self) -> None:
        """Write what is little now; of a flood ask to be flushed soon."""
        if not self._buffer:
            return
        now = time.monotonic()
        if now >= self._window_ends_at:
            self._window_ends_at = now + FLUSH_AFTER_S
            self._window_lines = 0
        self._window_lines += len(self._buffer)
        if self._window_lines <= _EAGER_LINES:
            self.flush()
        else:
            self._flush_soon()

    def flush(self) -> None:
        if not self._buffer:
            return
        lines = len(self._buffer)
        missing = self._unwritten
        block = b"".join(self._buffer if not missing else [self._lost_line(missing), *self._buffer])
        self._buffer = []
        self._buffered_bytes = 0
        try:
            if self._start < 0:
                self._open()
            if self._is_torn:
                os.write(self._fd, b"\n")  # or the torn line would swallow this one
                self._is_torn = False
            written = os.write(self._fd, block)
        except OSError:
            self.lost += lines
            self._unwritten += lines
            return
        kept = lines if written == len(block) else block.count(b"\n", 0, written)
        if missing and kept:
            self._told += missing
            self._unwritten = 0
            kept -= written != len(block)
        self._is_torn = written != len(block)
        self.lines += kept
        self.lost += lines - kept
        self._unwritten += lines - kept

    def end(self) -> LogRange | None:
        """Where the lines went; None when there were none."""
        self.flush()
        if not self.lines and not self.lost:
            return None
        self._tell_lost()
        if self._start < 0:
            return LogRange(self._segment, 0, 0, 0, self.lost)
        return LogRange(self._segment, self._start, os.fstat(self._fd).st_size, self.lines, self.lost)

    def _tell_lost(self) -> None:
        """Nothing comes any more that could say where lines are missing."""
        missing = self.lost - self._told
        if missing and self._start >= 0:
            torn = b"\n" if self._is_torn else b""
            with contextlib.suppress(OSError):
                os.write(self._fd, torn + self._lost_line(missing))

    def _open(self) -> None:
        path = f"{self._log_dir}/{self._segment}"
        if self._path != path:
            if self._fd >= 0:
                os.close(self._fd)
                self._fd, self._path = -1, ""
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
            try:
                self._fd = os.open(path, flags, 0o640)
            except FileNotFoundError:
                os.makedirs(os.path.dirname(path), mode=0o750, exist_ok=True)
                self._fd = os.open(path, flags, 0o640)
            self._path = path
        self._start = os.fstat(self._fd).st_size
