"""Where the lines of a log stand in their segment file, so that any of them can be read at once. Blocks; no I/O but it.

A byte for the level of each line and an anchor for every 64 of them: a million lines take about 1.4 MB.
"""

from __future__ import annotations

import os
import threading
import time
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec

from potok.model.local_wire import LogLine

LEVELS = ("debug", "info", "warning", "error", "critical")
ERROR = LEVELS.index("error")
TRACEBACKS_MAX = 1_000
LOST_PLACES_MAX = 1_000
_INFO = LEVELS.index("info")
_FOREIGN = -1
_BRACE = 125
_CHUNK_BYTES = 1024 * 1024
_ANCHOR_LINES = 64
# Lines of others between two of ours: beyond this a new anchor is cheaper than reading them again and again.
_GAP_BYTES = 4 * 1024
_BLOCK_LINES = 4096
_HEADS_MAX = 10_000
_TRACEBACK = b"Traceback (most recent call last)"
_LOST = b',"lost":'

_decode = msgspec.json.Decoder(LogLine).decode
Numbered = tuple[int, LogLine]


class LineIndex:
    """The lines of one attempt, or of a whole segment when `attempt_id` is None. Hold `lock` around calls."""

    def __init__(self, path: Path, attempt_id: int | None, start: int = 0) -> None:
        self.lock = threading.Lock()
        self.path = path
        self.levels = bytearray()
        self.tracebacks: list[int] = []
        self.lost: list[tuple[int, int, float]] = []
        self.own_bytes = 0
        self.first_at: float | None = None
        self.last_at: float | None = None
        self.is_missing = False
        self._attempt_id = attempt_id
        self._start = start
        self._scanned = start
        self._inode = 0
        self._heads: dict[bytes, int] = {}
        self._anchor_lines = array("I")
        self._anchor_starts = array("Q")
        self._anchor_ends = array("Q")
        self._block_counts: list[tuple[int, ...]] = []

    def __len__(self) -> int:
        return len(self.levels)

    @property
    def memory_bytes(self) -> int:
        return len(self.levels) + 20 * len(self._anchor_lines) + 64 * len(self._block_counts) + 2_000

    # --- growing ------------------------------------------------------------------------------------------------
    def extend(self, end: int | None = None) -> None:
        """Take in what stands between the last byte known and `end` (None: the end of the file)."""
        try:
            with self.path.open("rb", buffering=0) as file:
                status = os.fstat(file.fileno())
                if self._inode not in (0, status.st_ino) or status.st_size < self._scanned:
                    self._forget()
                self._inode, self.is_missing = status.st_ino, False
                bound = status.st_size if end is None else min(end, status.st_size)
                file.seek(self._scanned)
                while self._scanned < bound:
                    data = file.read(min(_CHUNK_BYTES, bound - self._scanned))
                    if not data or not self._take(file.seek, data, at_end=self._scanned + len(data) >= bound):
                        return
                    time.sleep(0)  # a long log must not keep the event loop from its turn
        except FileNotFoundError:
            self._forget()
            self.is_missing = True

    def _take(self, seek: Callable[[int], int], data: bytes, *, at_end: bool) -> bool:
        """False when nothing whole stood in `data` and nothing more can come now."""
        whole = data.rfind(b"\n") + 1
        if whole:
            self._scan(data, whole, self._scanned)
        elif at_end:
            return False
        self._scanned += whole or len(data)  # a whole chunk without a newline is damage, not a line
        seek(self._scanned)
        return not at_end

    def _forget(self) -> None:
        self.levels.clear()
        self.tracebacks.clear()
        self.lost.clear()
        self._block_counts.clear()
        self.own_bytes, self.first_at, self.last_at, self._scanned, self._inode = 0, None, None, self._start, 0
        self._anchor_lines, self._anchor_starts, self._anchor_ends = array("I"), array("Q"), array("Q")

    def _scan(self, data: bytes, whole: int, base: int) -> None:
        find, known, levels = data.find, self._heads, self.levels
        starts: list[int] = []
        before = len(levels)
        left = 0  # how many more lines the last anchor may hold
        last_end = base + whole
        at = 0
        while at < whole:
            newline = find(b"\n", at)
            head_at = find(b",", at, newline)
            head_end = find(b',"src"', head_at, newline)
            level = known.get(data[head_at:head_end]) if head_end > 0 else _FOREIGN
            if level is None:
                level = self._learn(data[head_at:head_end], data[at:newline])
            if level >= 0 and data[newline - 1] == _BRACE:
                levels.append(level)
                starts.append(at)
                if not left or at - last_end > _GAP_BYTES:
                    self._anchor(len(levels), base + at, base + last_end)
                    left = _ANCHOR_LINES
                left -= 1
                last_end = newline + 1
                self.own_bytes += last_end - at
            at = newline + 1
        if starts:
            self._anchor_ends.append(base + last_end)
            self._note(data, starts, before, whole)

    def _is_ours(self, data: bytes, at: int, end: int) -> bool:
        """The same question as in `_scan`, for one line."""
        head_at = data.find(b",", at, end)
        head_end = data.find(b',"src"', head_at, end)
        if head_end < 0 or data[end - 1] != _BRACE:
            return False
        head = data[head_at:head_end]
        level = self._heads.get(head)
        return (self._learn(head, data[at:end]) if level is None else level) >= 0

    def _learn(self, head: bytes, line: bytes) -> int:
        try:
            found = _decode(line)
        except msgspec.MsgspecError:
            return _FOREIGN  # torn by a full disk; its head may be whole in another line
        if self._attempt_id is not None and found.attempt_id != self._attempt_id:
            level = _FOREIGN
        else:
            level = level_code(found.level)
        if len(self._heads) >= _HEADS_MAX:
            self._heads.clear()
        self._heads[head] = level
        return level

    def _anchor(self, line: int, start: int, end_of_last: int) -> None:
        """A new anchor, after the end of the last one of this chunk (the first has its end already)."""
        if len(self._anchor_ends) < len(self._anchor_starts):
            self._anchor_ends.append(end_of_last)
        self._anchor_lines.append(line)
        self._anchor_starts.append(start)

    def _note(self, data: bytes, starts: list[int], before: int, whole: int) -> None:
        """Times, tracebacks, lost lines and level counts of what `_scan` took in."""
        if self.first_at is None:
            self.first_at = _time(data, starts[0])
        self.last_at = _time(data, starts[-1])
        for at in _found(data, _TRACEBACK, whole):
            line = self._own(data, starts, at)
            if line and len(self.tracebacks) < TRACEBACKS_MAX:
                self.tracebacks.append(before + line)
        for at in _found(data, _LOST, whole):
            line = self._own(data, starts, at)
            if line and len(self.lost) < LOST_PLACES_MAX:
                entry = _entry(data[starts[line - 1] : data.find(b"\n", at)])
                if entry is not None and entry.lost:
                    self.lost.append((before + line, entry.lost, entry.at))
        while len(self.levels) >= (len(self._block_counts) + 1) * _BLOCK_LINES:
            block = self.levels[len(self._block_counts) * _BLOCK_LINES :][:_BLOCK_LINES]
            self._block_counts.append(tuple(block.count(code) for code in range(len(LEVELS))))

    def _own(self, data: bytes, starts: list[int], at: int) -> int:
        """The ordinal (from 1) of our line that holds byte `at` of the chunk, 0 when it is another's."""
        ordinal = bisect_right(starts, at)
        return ordinal if ordinal and data.find(b"\n", starts[ordinal - 1], at) < 0 else 0

    # --- levels: rows are lines of at least a level, counted from 0 ---------------------------------------------
    def counts(self) -> tuple[int, ...]:
        """Lines of each of LEVELS."""
        tail = self.levels[len(self._block_counts) * _BLOCK_LINES :]
        totals = [tail.count(code) for code in range(len(LEVELS))]
        for block in self._block_counts:
            for code, count in enumerate(block):
                totals[code] += count
        return tuple(totals)

    def rows_total(self, lowest: int) -> int:
        return len(self.levels) if lowest == 0 else sum(self.counts()[lowest:])

    def rows_before(self, lowest: int, line: int) -> int:
        """How many rows stand before line number `line`."""
        wanted = max(0, min(line - 1, len(self.levels)))
        if lowest == 0:
            return wanted
        whole, rest = divmod(wanted, _BLOCK_LINES)
        whole = min(whole, len(self._block_counts))
        rest = wanted - whole * _BLOCK_LINES
        rows = sum(sum(block[lowest:]) for block in self._block_counts[:whole])
        part = self.levels[whole * _BLOCK_LINES : whole * _BLOCK_LINES + rest]
        return rows + sum(part.count(code) for code in range(lowest, len(LEVELS)))

    def lines_of_rows(self, lowest: int, first: int, count: int) -> Sequence[int]:
        """Line numbers of up to `count` rows from row `first` on."""
        if lowest == 0:
            return range(min(first, len(self.levels)) + 1, min(first + count, len(self.levels)) + 1)
        found: list[int] = []
        skip, block_at = first, 0
        while len(found) < count and block_at * _BLOCK_LINES < len(self.levels):
            rows = self._rows_in(block_at, lowest)
            if rows <= skip:
                skip -= rows
            else:
                found += self._lines_in(block_at, lowest)[skip : skip + count - len(found)]
                skip = 0
            block_at += 1
        return found

    def _rows_in(self, block_at: int, lowest: int) -> int:
        if block_at < len(self._block_counts):
            return sum(self._block_counts[block_at][lowest:])
        return len(self._lines_in(block_at, lowest))

    def _lines_in(self, block_at: int, lowest: int) -> list[int]:
        first = block_at * _BLOCK_LINES
        block = self.levels[first : first + _BLOCK_LINES]
        return [first + at + 1 for at, level in enumerate(block) if level >= lowest]

    def spread(self, lowest: int, parts: int) -> list[int]:
        """Rows in `parts` equal parts of the lines."""
        total = len(self.levels)
        bounds = [self.rows_before(lowest, part * total // parts + 1) for part in range(parts + 1)]
        return [after - before for before, after in pairwise(bounds)]

    # --- reading ------------------------------------------------------------------------------------------------
    def read(self, lines: Sequence[int]) -> Iterator[Numbered]:
        """The lines with these ascending numbers. One that cannot be read any more is left out."""
        if not lines:
            return
        try:
            with self.path.open("rb") as file:
                done = 0
                while done < len(lines):
                    anchor = bisect_right(self._anchor_lines, lines[done]) - 1
                    beyond = self._anchor_lines[anchor + 1] if anchor + 1 < len(self._anchor_lines) else None
                    wanted = [one for one in lines[done : done + _ANCHOR_LINES] if beyond is None or one < beyond]
                    done += len(wanted)
                    file.seek(self._anchor_starts[anchor])
                    data = file.read(self._anchor_ends[anchor] - self._anchor_starts[anchor])
                    yield from self._pick(data, self._anchor_lines[anchor], beyond or len(self.levels) + 1, wanted)
        except FileNotFoundError:
            return

    def _pick(self, data: bytes, number: int, beyond: int, wanted: Sequence[int]) -> Iterator[Numbered]:
        lines = data.split(b"\n")
        if len(lines) - 1 == beyond - number:  # ours alone
            for one in wanted:
                entry = _entry(lines[one - number])
                if entry is not None:
                    yield one, entry
            return
        at, next_wanted = 0, 0
        while next_wanted < len(wanted) and at < len(data):
            newline = data.find(b"\n", at)
            end = len(data) if newline < 0 else newline
            if self._is_ours(data, at, end):
                if number == wanted[next_wanted]:
                    next_wanted += 1
                    entry = _entry(data[at:end])
                    if entry is not None:
                        yield number, entry
                number += 1
            at = end + 1

    def seek_row(self, lowest: int, row: int, end: int | None) -> tuple[int, int]:
        """Where to read from to come to a row: a byte offset, and how many rows from there on to leave out.

        Takes the lock by itself, and in what the file holds up to `end`."""
        with self.lock:
            self.extend(end)
            found = self.lines_of_rows(lowest, row, 1)
            if not found:
                return self._scanned, row - self.rows_total(lowest)
            anchor = bisect_right(self._anchor_lines, found[0]) - 1
            return self._anchor_starts[anchor], row - self.rows_before(lowest, self._anchor_lines[anchor])


def level_code(level: str) -> int:
    """The place of a level in LEVELS; one of its own name counts as info."""
    name = level.lower()
    return LEVELS.index(name) if name in LEVELS else _INFO


def _entry(line: bytes) -> LogLine | None:
    try:
        return _decode(line)
    except msgspec.MsgspecError:
        return None


def _time(data: bytes, at: int) -> float | None:
    try:
        return float(data[data.index(b":", at) + 1 : data.index(b",", at)])
    except ValueError:
        return None


def _found(data: bytes, what: bytes, end: int) -> Iterator[int]:
    at = data.find(what, 0, end)
    while at >= 0:
        yield at
        at = data.find(what, at + 1, end)
