"""`sys.stdout`, `sys.stderr` and the root logger of a worker: straight into the log, no pipe in between."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterable

from potok.worker.log_capture import LogCapture


class _BinaryStream(io.BufferedIOBase):
    """`sys.stdout.buffer`."""

    def __init__(self, capture: LogCapture, src: str, fd: int) -> None:
        self._capture = capture
        self._src = src
        self._fd = fd

    def write(self, data: object) -> int:
        block = bytes(data)  # type: ignore[call-overload]
        self._capture.data(self._src, block)
        return len(block)

    def flush(self) -> None:
        self._capture.flush()

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._fd


class _TextStream(io.TextIOBase):
    """What `print` writes to. `fileno()` is the real descriptor, whose other end is read into the same log."""

    encoding = "utf-8"
    errors = "backslashreplace"
    line_buffering = True

    def __init__(self, capture: LogCapture, src: str, fd: int) -> None:
        self._capture = capture
        self._src = src
        self._fd = fd
        self.buffer = _BinaryStream(capture, src, fd)
        self.name = f"<{src}>"

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._capture.text(self._src, text)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:  # type: ignore[override]
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        self._capture.flush()

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return self._fd

    def reconfigure(self, **_options: object) -> None:
        """Libraries ask for another encoding or buffering; this stream has neither."""

    def close(self) -> None:
        """A task that closes its stdout must not take the next task's away."""


class _LogHandler(logging.Handler):
    """The root handler: records keep their level and logger instead of becoming text on stderr."""

    def __init__(self, capture: LogCapture) -> None:
        super().__init__()
        self._capture = capture

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._capture.record(record.levelname.lower(), record.name, self.format(record))
        except Exception:
            self.handleError(record)


def install(capture: LogCapture) -> None:
    """Take over this process's standard streams and root logger."""
    sys.stdout = sys.__stdout__ = _TextStream(capture, "stdout", 1)  # type: ignore[assignment,misc]
    sys.stderr = sys.__stderr__ = _TextStream(capture, "stderr", 2)  # type: ignore[assignment,misc]
    root = logging.getLogger()
    root.handlers[:] = [_LogHandler(capture)]
    root.setLevel(logging.INFO)
