"""Looks for a text or a pattern in a segment file. Also a program: order on stdin, answer on stdout (`-m`).

A pattern of a user may take forever, and Python's matcher lets nobody else run meanwhile: such a search, and that of
a large file, is a process of its own with a limit of CPU time, and can be killed.
"""

from __future__ import annotations

import re
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from potok.api.line_index import LEVELS, level_code
from potok.model.journal import LogMatch, LogMatches
from potok.model.local_wire import LogLine

CPU_MAX_S = 20
TOTAL_MAX = 100_000
PARTS = 200
_CHUNK_BYTES = 256 * 1024
_EXCERPT_CHARS = 400
_SPANS_MAX = 50
_BRACE = 125

_decode = msgspec.json.Decoder(LogLine).decode


class ScanOrder(msgspec.Struct, frozen=True):
    """`path` is the segment; of it bytes `start` to `end` (None: all there is). `attempt_id` or `task_id` choose lines.

    `lowest` is a place in LEVELS. The scan ends after `limit_s` seconds.
    """

    path: str
    q: str
    regex: bool
    case: bool
    limit: int
    limit_s: float
    lowest: int = 0
    start: int = 0
    end: int | None = None
    attempt_id: int | None = None
    task_id: str = ""


class _Owner(msgspec.Struct, frozen=True):
    """Whose lines have a head: `mark` is in each of them, `lines` (one number) counts those seen so far."""

    mark: bytes
    is_wanted: bool
    lines: list[int]


class _Scan:
    """Counts lines as the indexes do, so that a match has the number under which its line is read."""

    def __init__(self, order: ScanOrder) -> None:
        self.order = order
        flags = 0 if order.case else re.IGNORECASE
        self.pattern = re.compile(order.q if order.regex else re.escape(order.q), flags)
        needle = order.q if order.case else order.q.lower()
        self.needle = b"" if order.regex else msgspec.json.encode(needle)[1:-1]
        self.items: list[LogMatch] = []
        self.total = 0
        self.run_line = 0
        self.looked_at = 0
        self.hits: list[int] = []
        self._heads: dict[bytes, _Owner] = {}
        self._lines: dict[int, list[int]] = {}
        self._last: _Owner | None = None

    def chunk(self, data: bytes) -> None:
        """Whole lines. Most chunks are of one attempt, and most hold no match: those cost a few passes in C."""
        newlines = data.count(b"\n")
        last = self._last
        if last is not None and data.count(last.mark) == newlines == data.count(b"}\n"):
            self._chunk_of_one(data, last, newlines)
            return
        lines = data.split(b"\n")
        folded = self._folded(data).split(b"\n")
        for at, line in enumerate(lines):
            owner = self._owner(line)
            if owner is None:
                continue
            self._last = owner
            self.run_line += 1
            owner.lines[0] += 1
            if owner.is_wanted:
                self.looked_at += 1
                if self.needle in folded[at]:
                    self._look(owner.lines[0], self.run_line, self.looked_at, line)

    def _chunk_of_one(self, data: bytes, owner: _Owner, count: int) -> None:
        before, run_before, looked_before = owner.lines[0], self.run_line, self.looked_at
        owner.lines[0] += count
        self.run_line += count
        if not owner.is_wanted:
            return
        self.looked_at += count
        hits = range(count) if self.order.regex else self._hits(data)
        lines: list[bytes] = []
        for at in hits:
            lines = lines or data.split(b"\n")
            self._look(before + at + 1, run_before + at + 1, looked_before + at + 1, lines[at])

    def _hits(self, data: bytes) -> Iterator[int]:
        """The lines of the chunk, counted from 0, that hold the needle; perhaps outside their text."""
        folded = self._folded(data)
        line, counted_to = 0, 0
        at = folded.find(self.needle)
        while at >= 0:
            line += folded.count(b"\n", counted_to, at)
            yield line
            counted_to = folded.find(b"\n", at)
            at = folded.find(self.needle, counted_to)

    def _folded(self, data: bytes) -> bytes:
        if self.order.case or self.order.regex:
            return data
        return data.lower() if self.needle.isascii() else data.decode("utf-8", "replace").lower().encode()

    def _owner(self, line: bytes) -> _Owner | None:
        head_at = line.find(b",")
        head_end = line.find(b',"src"', head_at)
        if head_end < 0 or line[-1] != _BRACE:
            return None
        head = line[head_at:head_end]
        return self._heads.get(head) or self._learn(head, line)

    def _learn(self, head: bytes, line: bytes) -> _Owner | None:
        try:
            found = _decode(line)
        except msgspec.MsgspecError:
            return None
        order = self.order
        is_wanted = order.attempt_id in (None, found.attempt_id) and order.task_id in ("", found.task)
        lines = self._lines.setdefault(found.attempt_id, [0])
        owner = _Owner(b'"a":%d,' % found.attempt_id, is_wanted, lines)
        if len(self._heads) < 10_000:
            self._heads[head] = owner
        return owner

    def _look(self, number: int, run_line: int, looked_at: int, data: bytes) -> None:
        try:
            line = _decode(data)
        except msgspec.MsgspecError:
            return
        if self.pattern.search(line.msg) is None or level_code(line.level) < self.order.lowest:
            return
        self.total += 1
        self.hits.append(looked_at)
        if len(self.items) < self.order.limit:
            self.items.append(_match(line, number, run_line, self.pattern))


def _match(line: LogLine, number: int, run_line: int, pattern: re.Pattern[str]) -> LogMatch:
    first = pattern.search(line.msg)
    assert first is not None
    begin = max(0, first.start() - _EXCERPT_CHARS // 4)
    text = line.msg[begin : begin + _EXCERPT_CHARS]
    spans = list(_spans(pattern, line.msg, begin, begin + len(text)))
    return LogMatch(
        line.task, line.try_number, number, run_line, datetime.fromtimestamp(line.at, UTC), line.level, text, spans
    )


def _spans(pattern: re.Pattern[str], text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    for count, found in enumerate(pattern.finditer(text)):
        if count == _SPANS_MAX or found.start() >= end:
            return
        if found.end() > found.start():
            part = text[begin:end]
            yield _utf16(part, found.start() - begin), _utf16(part, min(found.end(), end) - begin)


def _utf16(text: str, at: int) -> int:
    return at if text.isascii() else len(text[:at].encode("utf-16-le", "surrogatepass")) // 2


def scan(order: ScanOrder) -> LogMatches:
    """Blocks. Raises re.error for a wrong pattern."""
    found = _Scan(order)
    deadline = time.monotonic() + order.limit_s
    complete = True
    for data in _chunks(Path(order.path), order.start, order.end):
        found.chunk(data)
        if time.monotonic() > deadline or found.total >= TOTAL_MAX:
            complete = False
            break
        time.sleep(0)
    return LogMatches(order.q, found.items, found.total, complete, found.looked_at, _hit_map(found))


def _hit_map(found: _Scan) -> list[int]:
    parts = [0] * PARTS
    for at in found.hits:
        parts[min(PARTS - 1, (at - 1) * PARTS // max(1, found.looked_at))] += 1
    return parts


def _chunks(path: Path, start: int, end: int | None) -> Iterator[bytes]:
    """Whole lines, about 256 KB at a time."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            rest = b""
            left = (path.stat().st_size if end is None else end) - start
            while left > 0 and (data := file.read(min(_CHUNK_BYTES, left))):
                left -= len(data)
                whole = data.rfind(b"\n") + 1
                yield rest + data[:whole]
                rest = data[whole:]
    except FileNotFoundError:
        return


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_MAX_S, CPU_MAX_S))
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=ScanOrder)
    assert order.lowest < len(LEVELS)
    sys.stdout.buffer.write(msgspec.json.encode(scan(order)))


if __name__ == "__main__":
    main()
