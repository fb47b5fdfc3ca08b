"""Reads the lines of one attempt out of a run's segment file, which all its attempts share. Blocks; bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path

import msgspec

from potok.api.views import instant
from potok.model.answers import LogEntry
from potok.model.local_wire import LogLine

LEVELS = ("debug", "info", "warning", "error", "critical")
_BLOCK_BYTES = 256 * 1024
# A line longer than that is cut by its writer; what is longer here is a damaged file.
_LINE_MAX_BYTES = 1024 * 1024

_decode = msgspec.json.Decoder(LogLine).decode
_encode = msgspec.json.Encoder().encode


class SegmentReader:
    """Goes on where the last `read` ended, so that a growing file can be followed. Not thread-safe.

    `start` and `end` bound the bytes (None: to the end of the file, whatever it is then).
    """

    def __init__(self, path: Path, attempt_id: int, level: str, start: int = 0) -> None:
        self._path = path
        # Quotes inside a text are escaped, so this occurs in the lines of the attempt only.
        self._marker = b'"a":%d,' % attempt_id
        self._levels = frozenset(LEVELS[LEVELS.index(level) :]) if level else None
        self._position = start
        self._rest = b""

    def read(self, end: int | None = None) -> Iterator[list[bytes]]:
        """The attempt's lines as JSON, block by block. A last line without its newline waits for the next call."""
        try:
            file = self._path.open("rb", buffering=0)
        except FileNotFoundError:
            return
        with file:
            file.seek(self._position)
            while end is None or self._position < end:
                size = _BLOCK_BYTES if end is None else min(_BLOCK_BYTES, end - self._position)
                block = file.read(size)
                if not block:
                    return
                self._position += len(block)
                yield self._lines(block)

    def _lines(self, block: bytes) -> list[bytes]:
        *whole, rest = (self._rest + block).split(b"\n")
        self._rest = rest if len(rest) <= _LINE_MAX_BYTES else b""
        found = (self._entry(line) for line in whole if self._marker in line)
        return [entry for entry in found if entry is not None]

    def _entry(self, raw: bytes) -> bytes | None:
        try:
            line = _decode(raw)
        except msgspec.MsgspecError:
            return None  # torn by a full disk or a crash
        if self._levels is not None and line.level.lower() not in self._levels:
            return None
        return _encode(LogEntry(instant(line.at), line.level, line.src, line.msg, line.logger, line.more))


class Skipping:
    """Leaves lines out: the first `offset`, or with a negative one all but the last `-offset` of what is there."""

    def __init__(self, offset: int) -> None:
        self._skip = max(0, offset)
        self._keep = max(0, -offset)
        self._last: deque[bytes] = deque(maxlen=self._keep)

    def take(self, lines: list[bytes]) -> list[bytes]:
        if self._keep:
            self._last.extend(lines)
            return []
        skipped = min(self._skip, len(lines))
        self._skip -= skipped
        return lines[skipped:]

    def caught_up(self) -> list[bytes]:
        """All that was there has been taken; from now on nothing is held back."""
        held = list(self._last)
        self._keep = 0
        self._last = deque(maxlen=0)
        return held
