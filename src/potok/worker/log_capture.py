"""Turns what user code prints, logs and lets its children print into JSON lines of the attempt that runs now.

Never blocks a task and never fails one. A task without output costs nothing here.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable

import msgspec

from potok.model.masking import Secrets
from potok.model.run import LogRange
from potok.worker.segment_file import SegmentFile

LINE_MAX_CHARS = 16 * 1024
ATTEMPT_MAX_BYTES = 256 * 1024 * 1024
_PARTIAL_MAX_BYTES = 1024 * 1024
_STDERR_TAIL_LINES = 8
_FD = {"stdout": 1, "stderr": 2}

_encode = msgspec.json.Encoder().encode


class LogCapture:
    """The log of the attempt that this process runs now. Safe to use from any thread of user code."""

    def __init__(self, secrets: Secrets, flush_soon: Callable[[], None]) -> None:
        # Re-entrant: a garbage collection inside these methods may run a `__del__` that prints.
        self.lock = threading.RLock()
        self._secrets = secrets
        self._file = SegmentFile(flush_soon, self._lost_line)
        self._in_forked_child = False
        self.is_active = False
        self._forget_attempt()

    def begin(self, attempt_id: int, task_id: str, try_number: int, log_dir: str, segment: str) -> None:
        """Lines belong to this attempt from now on."""
        with self.lock:
            self._forget_attempt()
            self._attempt = (attempt_id, task_id, try_number)
            self._file.begin(log_dir, segment)
            self.is_active = True

    def end(self) -> LogRange | None:
        """Write everything and say where it went."""
        with self.lock:
            self.end_lines()
            self.is_active = False
            return self._file.end()

    def end_lines(self) -> None:
        """What has no newline yet will get none."""
        with self.lock:
            for src, rest in self._partial_text.items():
                self._line("info", src, rest)
            for src, data in self._partial_bytes.items():
                self._data_line(src, data)
            self._partial_text.clear()
            self._partial_bytes.clear()

    def _forget_attempt(self) -> None:
        self._attempt = (0, "", 0)
        self._heads: dict[tuple[str, str, str], bytes] = {}
        self._partial_text: dict[str, str] = {}
        self._partial_bytes: dict[str, bytes] = {}
        self.last_stdout_line = b""
        self.stderr_tail: deque[bytes] = deque(maxlen=_STDERR_TAIL_LINES)

    def text(self, src: str, text: str) -> None:
        """A piece of text written to `sys.stdout` or `sys.stderr`."""
        if self._in_forked_child:
            os.write(_FD[src], self._secrets.mask(text).encode("utf-8", "backslashreplace"))
            return
        with self.lock:
            if self._file.accepted_bytes >= ATTEMPT_MAX_BYTES:
                self._file.lost += text.count("\n")
                return
            *lines, rest = (self._partial_text.pop(src, "") + text).split("\n")
            for line in lines:
                self._line("info", src, line)
            if len(rest) > _PARTIAL_MAX_BYTES:
                self._line("info", src, rest)
            elif rest:
                self._partial_text[src] = rest
            self._file.settle()

    def data(self, src: str, data: bytes) -> None:
        """Bytes written to file descriptor 1 or 2 by native code or a child, or to `sys.stdout.buffer`."""
        if self._in_forked_child:
            os.write(_FD[src], data)
            return
        with self.lock:
            *lines, rest = (self._partial_bytes.pop(src, b"") + data).split(b"\n")
            if self._file.accepted_bytes >= ATTEMPT_MAX_BYTES:
                self._file.lost += len(lines)
                lines = lines[-_STDERR_TAIL_LINES:]  # the last one may still be a result
                for line in lines:
                    self._remember(src, line)
                lines = []
            for line in lines:
                self._data_line(src, line)
            if len(rest) > _PARTIAL_MAX_BYTES:
                self._data_line(src, rest)
            elif rest:
                self._partial_bytes[src] = rest
            self._file.settle()

    def record(self, level: str, logger: str, message: str) -> None:
        """A record of the `logging` module; its message may have several lines and stays one entry."""
        if self._in_forked_child:
            self.text("stderr", f"{level} {logger}: {message}\n")
            return
        with self.lock:
            self._line(level, "log", message, logger)
            self._file.settle()

    def flush(self) -> None:
        with self.lock:
            self._file.flush()

    def become_forked_child(self) -> None:
        """This process is a child of user code now: its parent reads what it writes, as of any other child."""
        self.lock = threading.RLock()
        self._in_forked_child = True

    def _data_line(self, src: str, line: bytes) -> None:
        self._remember(src, line)
        self._line("info", src, line.decode("utf-8", "backslashreplace"))

    def _remember(self, src: str, line: bytes) -> None:
        if src == "stdout":
            if line.strip():
                self.last_stdout_line = line
        else:
            self.stderr_tail.append(line[:LINE_MAX_CHARS])

    def _line(self, level: str, src: str, line: str, logger: str = "") -> None:
        if line.endswith("\r"):
            line = line[:-1]
        line = self._secrets.mask(line)
        while len(line) > LINE_MAX_CHARS:
            self._piece(level, src, logger, line[:LINE_MAX_CHARS], more=True)
            line = line[LINE_MAX_CHARS:]
        self._piece(level, src, logger, line, more=False)

    def _piece(self, level: str, src: str, logger: str, text: str, *, more: bool) -> None:
        if not self.is_active or self._file.accepted_bytes >= ATTEMPT_MAX_BYTES:
            self._file.lost += 1
            return
        self._append(level, src, logger, text, more=more)
        if self._file.accepted_bytes >= ATTEMPT_MAX_BYTES:
            notice = f"this attempt has logged {ATTEMPT_MAX_BYTES >> 20} MB: further lines are counted, not kept"
            self._append("warning", "log", "potok", notice, more=False)

    def _append(self, level: str, src: str, logger: str, text: str, *, more: bool) -> None:
        try:
            message = _encode(text)
        except UnicodeEncodeError:
            message = _encode(text.encode("utf-8", "backslashreplace").decode())
        head = self._heads.get((level, src, logger)) or self._head(level, src, logger)
        self._file.append(b'{"t":%.6f%s%s%s}\n' % (time.time(), head, message, b',"more":true' if more else b""))

    def _lost_line(self, count: int) -> bytes:
        """What stands in the log where so many lines could not be kept."""
        message = _encode(f"{count} lines were lost here")
        return b'{"t":%.6f%s%s,"lost":%d}\n' % (time.time(), self._head("warning", "log", "potok"), message, count)

    def _head(self, level: str, src: str, logger: str) -> bytes:
        attempt_id, task_id, try_number = self._attempt
        fields: dict[str, object] = {"a": attempt_id, "task": task_id, "try": try_number, "level": level, "src": src}
        if logger:
            fields["logger"] = logger
        head = b"," + _encode(fields)[1:-1] + b',"msg":'
        if len(self._heads) < 1000:
            self._heads[level, src, logger] = head
        return head
