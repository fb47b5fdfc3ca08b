"""Log files of generated runs, in the form that workers write. Only writes files."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec

from potok.model.run import LogRange
from potok.scheduler.calls import log_segment
from potok.store.rows import AttemptRow, NewRun

_encode = msgspec.json.Encoder().encode
_BLOCK_LINES = 20_000
_TALK = (
    ("info", "read block {n} of the source"),
    ("info", "\x1b[32mok\x1b[0m {n} rows in {m} ms"),
    ("debug", "cache hit for key {n}"),
    ("info", "wrote part-{n}.parquet ({m} KB)"),
    ("warning", "row {n} has an empty price, kept as it is"),
    ("info", "журнал: обработано {n} строк за {m} мс"),
    ("debug", "select id, price, updated_at from prices where id > {n} order by id limit {m}"),
)


def write_log(folder: Path, made: NewRun, attempts: list[AttemptRow], rng: random.Random) -> list[AttemptRow]:
    """A few lines of every attempt, the traceback where it failed; the attempts with the place of their lines."""
    segment = log_segment(made.row.record)
    path = folder / segment
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = []
    with path.open("wb") as file:
        for attempt in attempts:
            start = file.tell()
            lines = _lines(attempt, rng)
            file.write(b"".join(lines))
            kept.append(msgspec.structs.replace(attempt, log=LogRange(segment, start, file.tell(), len(lines), 0)))
    return kept


def _lines(attempt: AttemptRow, rng: random.Random) -> list[bytes]:
    started_at = attempt.started_at or attempt.created_at
    length = (attempt.ended_at or started_at) - started_at
    head = _head(attempt)
    count = rng.randrange(4, 15)
    lines = [_line(head, started_at + length * at / (count + 1), *_said(rng)) for at in range(count)]
    if attempt.error is not None:
        lines.append(_line(head, started_at + length, "error", attempt.error.traceback))
    return lines


def _said(rng: random.Random) -> tuple[str, str]:
    level, text = rng.choice(_TALK)
    return level, text.format(n=rng.randrange(1, 90_000), m=rng.randrange(2, 900))


def _head(attempt: AttemptRow) -> bytes:
    fields = {"a": attempt.attempt_id, "task": attempt.task_id, "try": attempt.try_number}
    return b"," + _encode(fields)[1:-1]


def _line(head: bytes, at: float, level: str, text: str) -> bytes:
    source = b',"src":"log","logger":"pipeline"' if level != "info" else b',"src":"stdout"'
    return b'{"t":%.6f%s,"level":"%s"%s,"msg":%s}\n' % (at, head, level.encode(), source, _encode(text))


def write_long_log(folder: Path, made: NewRun, attempt: AttemptRow, count: int, rng: random.Random) -> AttemptRow:
    """`count` lines of one attempt, of which one in 50,000 is an error; the attempt with the place of its lines."""
    segment = log_segment(made.row.record)
    path = folder / segment
    path.parent.mkdir(parents=True, exist_ok=True)
    head, started_at = _head(attempt), attempt.started_at or attempt.created_at
    step = ((attempt.ended_at or started_at) - started_at) / max(count, 1)
    said = [_said(rng) for _ in range(997)]
    with path.open("ab") as file:
        start = file.tell()
        for first in range(0, count, _BLOCK_LINES):
            block = [
                _line(head, started_at + number * step, *(said[number % 997] if number % 50_000 != 49_999 else
                      ("error", f"block {number} could not be read and is read again")))
                for number in range(first, min(first + _BLOCK_LINES, count))
            ]  # fmt: skip
            file.write(b"".join(block))
        return msgspec.structs.replace(attempt, log=LogRange(segment, start, file.tell(), count, 0))
