"""Windows and overviews of an indexed log. Blocks: call it in a thread. Decides nothing about who may read what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from potok.api.exception_block import ROWS_MAX, exception_block
from potok.api.line_index import ERROR, LineIndex
from potok.api.log_place import LogPlace
from potok.api.views import instant, instant_or_none
from potok.model.journal import (
    ExceptionBlock,
    LevelCounts,
    LogOverview,
    LogWindow,
    LostLines,
    NumberedLine,
)
from potok.model.local_wire import LogLine

PARTS: Final = 200
ERRORS_MAX = 400
# A window is cut when its texts grow beyond this; 200 lines of the longest kind still fit.
WINDOW_MAX_CHARS = 4 * 1024 * 1024
_TEXT_LINES = 2_000

encode = msgspec.json.Encoder().encode


class WindowAsked(msgspec.Struct, frozen=True):
    """`from_row` counts from 0, from the end when negative; `from_line` goes before it: the row of that line or of the
    next one shown."""

    level: str
    lowest: int
    from_row: int
    from_line: int | None
    lines: int


def window(place: LogPlace, index: LineIndex, asked: WindowAsked) -> bytes:
    """A LogWindow as JSON."""
    with index.lock:
        _extend(place, index)
        total = index.rows_total(asked.lowest)
        first = index.rows_before(asked.lowest, asked.from_line) if asked.from_line else asked.from_row
        if first < 0:
            first = max(0, total + first)
        items: list[NumberedLine] = []
        chars = 0
        for number, line in index.read(index.lines_of_rows(asked.lowest, first, asked.lines)):
            chars += len(line.msg)
            if chars > WINDOW_MAX_CHARS:
                break
            items.append(_numbered(number, line, whole_run=not place.task_id))
        found = LogWindow(
            run_id=place.run_id,
            task_id=place.task_id,
            attempt=place.try_number,
            level=asked.level,
            first_row=min(first, total),
            rows_total=total,
            lines_total=len(index),
            growing=place.growing,
            items=items,
        )
    return encode(found)


def _extend(place: LogPlace, index: LineIndex) -> None:
    if not place.is_empty:
        index.extend(place.end)


def _numbered(number: int, line: LogLine, *, whole_run: bool) -> NumberedLine:
    task_id, attempt = (line.task, line.try_number) if whole_run else ("", 0)
    return NumberedLine(
        number, instant(line.at), line.level, line.src, line.msg, line.logger, line.more, line.lost, task_id, attempt
    )


def overview(place: LogPlace, index: LineIndex) -> bytes:
    """A LogOverview as JSON."""
    with index.lock:
        _extend(place, index)
        counts = index.counts()
        errors_total = sum(counts[ERROR:])
        lost = [LostLines(line, count, instant(at)) for line, count, at in index.lost]
        kept_lost = sum(one.count for one in lost)
        lost_total = max(kept_lost, place.attempt.log.lost if place.attempt and place.attempt.log else 0)
        if lost_total > kept_lost:
            lost.append(LostLines(0, lost_total - kept_lost, None))
        found = LogOverview(
            run_id=place.run_id,
            task_id=place.task_id,
            attempt=place.try_number,
            attempts=list(place.attempts),
            lines=len(index),
            bytes=index.own_bytes,
            levels=LevelCounts(*counts),
            errors_total=errors_total,
            errors=_errors(index, errors_total),
            error_map=index.spread(ERROR, PARTS),
            tracebacks=list(index.tracebacks),
            exception=_last_exception(index),
            lost_total=lost_total,
            lost=lost,
            first_at=instant_or_none(index.first_at),
            last_at=instant_or_none(index.last_at),
            growing=place.growing,
            missing=index.is_missing and not place.growing and not place.is_empty,
        )
    return encode(found)


def _errors(index: LineIndex, total: int) -> list[int]:
    half = ERRORS_MAX // 2
    first = list(index.lines_of_rows(ERROR, 0, min(total, ERRORS_MAX)))
    if total <= ERRORS_MAX:
        return first
    return first[:half] + list(index.lines_of_rows(ERROR, total - half, half))


def _last_exception(index: LineIndex) -> ExceptionBlock | None:
    """Of the last traceback, or of a later error of ours that has none (a failed check, a wrong parameter)."""
    errors = index.rows_total(ERROR)
    last_error = index.lines_of_rows(ERROR, errors - 1, 1)[0] if errors else 0
    last_traceback = index.tracebacks[-1] if index.tracebacks else 0
    if last_error > last_traceback:
        found = list(index.read([last_error]))
        block = exception_block(last_error, [found[0][1].msg]) if found and found[0][1].logger == "potok" else None
        if block is not None:
            return block
    if not last_traceback:
        return None
    lines = range(last_traceback, min(last_traceback + ROWS_MAX, len(index) + 1))
    texts = [line.msg for line in _same_source(index.read(lines))]
    return exception_block(last_traceback, texts) if texts else None


def _same_source(lines: Iterator[tuple[int, LogLine]]) -> Iterator[LogLine]:
    """The first line and those right behind it that came the same way."""
    first: LogLine | None = None
    for _, line in lines:
        first = first or line
        if (line.src, line.attempt_id) != (first.src, first.attempt_id):
            return
        yield line
        if "\n" in first.msg:
            return


def text_blocks(place: LogPlace, index: LineIndex, lowest: int) -> Iterator[bytes]:
    """The lines as plain text, a block at a time: instant, level, source, text. Ends with what is there now."""
    row = 0
    while True:
        with index.lock:
            if row == 0:
                _extend(place, index)
            lines = index.lines_of_rows(lowest, row, _TEXT_LINES)
            if not lines:
                return
            row += len(lines)
            block = "".join(_plain(line, whole_run=not place.task_id) for _, line in index.read(lines))
        yield block.encode("utf-8", "replace")


def _plain(line: LogLine, *, whole_run: bool) -> str:
    at = instant(line.at).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    who = f" {line.task}" if whole_run else ""
    return f"{at}{who} {line.level.upper():<8} {line.msg}\n"
