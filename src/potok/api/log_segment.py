"""An attempt's log lines as the API shows them, read block by block so that memory stays bounded. Blocks."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path

import msgspec

from potok.api.views import instant
from potok.model.answers import LogEntry
from potok.model.local_wire import LogLine
from potok.worker.log_reader import read_lines

LEVELS = ("debug", "info", "warning", "error", "critical")
_BLOCK_BYTES = 256 * 1024

_encode = msgspec.json.Encoder().encode


class SegmentReader:
    """Goes on where the last `read` ended, so that a growing file can be followed. Not thread-safe.

    Without `attempt_id` the lines of all attempts, each with its task.
    """

    def __init__(self, log_dir: Path, segment: str, attempt_id: int | None, level: str, start: int = 0) -> None:
        self._log_dir = log_dir
        self._segment = segment
        self._attempt_id = attempt_id
        self._levels = frozenset(LEVELS[LEVELS.index(level) :]) if level else None
        self._position = start

    def read(self, end: int | None = None) -> Iterator[list[bytes]]:
        """The attempt's lines up to byte `end` (None: what is there now) as JSON, block by block."""
        while end is None or self._position < end:
            bound = self._position + _BLOCK_BYTES if end is None else min(self._position + _BLOCK_BYTES, end)
            page = read_lines(
                self._log_dir, self._segment, self._attempt_id, start=self._position, end=bound, limit=_BLOCK_BYTES
            )
            if page.next_offset == self._position:
                if not self._is_beyond(bound):
                    return
                self._position = bound  # a whole block without a newline is damage, not a line
                continue
            self._position = page.next_offset
            yield [self._entry(line) for line in page.lines if self._is_shown(line)]

    def _is_beyond(self, bound: int) -> bool:
        """Whether the file goes on after `bound`."""
        try:
            return (self._log_dir / self._segment).stat().st_size > bound
        except OSError:
            return False

    def _is_shown(self, line: LogLine) -> bool:
        return self._levels is None or line.level.lower() in self._levels

    def _entry(self, line: LogLine) -> bytes:
        whose = (line.task, line.try_number) if self._attempt_id is None else ("", 0)
        return _encode(
            LogEntry(instant(line.at), line.level, line.src, line.msg, line.logger, line.more, line.lost, *whose)
        )


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
