"""Reads an attempt's lines out of a segment file that it shares with others, a page at a time.

Loads nothing of the runtime, so that the API and the CLI can use it. Never reads outside the log folder.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from potok.model.errors import InvalidError
from potok.model.local_wire import LogLine

# One page costs at most this much reading, however rare the attempt's lines are in the segment.
_PAGE_MAX_BYTES = 4 * 1024 * 1024

_decode = msgspec.json.Decoder(LogLine).decode


class LogPage(msgspec.Struct, frozen=True):
    """`next_offset` is where the next page starts. `at_end`: there is nothing more now; a live log may grow."""

    lines: tuple[LogLine, ...]
    next_offset: int
    at_end: bool


def read_lines(
    log_dir: Path, segment: str, attempt_id: int | None, *, start: int = 0, end: int | None = None, limit: int = 1000
) -> LogPage:
    """Up to `limit` lines of an attempt (of every attempt, if None) that stand between bytes `start` and `end`.

    To follow a live log, call again from `next_offset` without `end`. A line that is being written is left for the next
    page. A segment that is not there is empty. Raises InvalidError when `segment` leads out of `log_dir`.
    """
    path = _inside(log_dir, segment)
    try:
        with path.open("rb") as file:
            file.seek(start)
            wanted = _PAGE_MAX_BYTES if end is None else max(0, min(_PAGE_MAX_BYTES, end - start))
            data = file.read(wanted)
    except FileNotFoundError:
        return LogPage((), start, True)
    mark = b"" if attempt_id is None else b'"a":%d,' % attempt_id
    lines: list[LogLine] = []
    at = 0
    while len(lines) < limit:
        newline = data.find(b"\n", at)
        if newline < 0:
            break
        line = data[at:newline]
        at = newline + 1
        if mark in line:
            _add(lines, line, attempt_id)
    at_end = data.find(b"\n", at) < 0 and len(data) < _PAGE_MAX_BYTES
    return LogPage(tuple(lines), start + at, at_end)


def _add(lines: list[LogLine], data: bytes, attempt_id: int | None) -> None:
    try:
        line = _decode(data)
    except msgspec.MsgspecError:
        return  # torn by a full disk
    if attempt_id is None or line.attempt_id == attempt_id:
        lines.append(line)


def _inside(log_dir: Path, segment: str) -> Path:
    path = (log_dir / segment).resolve()
    if not path.is_relative_to(log_dir.resolve()):
        raise InvalidError(f"the log segment {segment!r} is not in the log folder")
    return path
