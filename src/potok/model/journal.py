"""What the API answers about logs at random access: windows, overviews, matches. Shapes only.

A line is one entry of the log; its text may have several rows (a traceback is one entry). Lines count from 1.
Instants are aware datetimes, sizes bytes.
"""

from __future__ import annotations

from datetime import datetime

import msgspec


class NumberedLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line with its number `n`. `task_id` and `attempt` (a try number) stand only in a listing over a whole run.

    `more`: the text goes on in the next line. `lost`: so many lines were lost here. `src`: stdout, stderr or log.
    """

    n: int
    at: datetime
    level: str
    src: str
    msg: str
    logger: str = ""
    more: bool = False
    lost: int = 0
    task_id: str = ""
    attempt: int = 0


class LogWindow(msgspec.Struct, frozen=True):
    """Shown lines from row `first_row` (counted from 0 over the lines that pass the level) on.

    `rows_total`: lines that pass the level; `lines_total`: all. `growing`: the attempt (or run) has not ended.
    """

    run_id: str
    task_id: str
    attempt: int
    level: str
    first_row: int
    rows_total: int
    lines_total: int
    growing: bool
    items: list[NumberedLine]


class LostLines(msgspec.Struct, frozen=True):
    """`count` lines were lost at line `line`; a `line` of 0 means that the place is not known."""

    line: int
    count: int
    at: datetime | None


class Frame(msgspec.Struct, frozen=True):
    """A frame of a traceback. `own`: the DAG author's file, not a library's. `row`, `rows`: where it stands in the
    block's text, counted from 0."""

    file: str
    line: int
    function: str
    code: str
    own: bool
    row: int
    rows: int


class ExceptionBlock(msgspec.Struct, frozen=True):
    """The last exception of a log: it begins at line `line` and spans `lines` lines; `frames` outermost first."""

    line: int
    lines: int
    kind: str
    message: str
    text: str
    frames: list[Frame]


class LevelCounts(msgspec.Struct, frozen=True):
    """Lines by level. What has a level of its own name counts as info."""

    debug: int
    info: int
    warning: int
    error: int
    critical: int


class LogOverview(msgspec.Struct, frozen=True):
    """What a log holds. `attempts` are the try numbers with a log of their own, `attempt` the one described.

    `errors`: numbers of the first and last lines of level error and above, at most 400 (`errors_total` counts all);
    `tracebacks`: lines at which a traceback begins. `error_map`: errors in 200 equal parts of the log.
    `missing`: it was written, but the file is gone (retention). `bytes`: what the lines take in the file.
    """

    run_id: str
    task_id: str
    attempt: int
    attempts: list[int]
    lines: int
    bytes: int
    levels: LevelCounts
    errors_total: int
    errors: list[int]
    error_map: list[int]
    tracebacks: list[int]
    exception: ExceptionBlock | None
    lost_total: int
    lost: list[LostLines]
    first_at: datetime | None
    last_at: datetime | None
    growing: bool
    missing: bool


class LogMatch(msgspec.Struct, frozen=True):
    """A line that matches. `line` counts in its attempt, `run_line` in the listing over the run.

    `text` is the message or the part of it around the first match; `spans` are [from, to) in it, in UTF-16 units.
    """

    task_id: str
    attempt: int
    line: int
    run_line: int
    at: datetime
    level: str
    text: str
    spans: list[tuple[int, int]]


class LogMatches(msgspec.Struct, frozen=True):
    """What a search found, in order; at most `limit` items, `total` counts on.

    `complete` is false when the search was stopped by its limits (time, 100,000 matches): `total` is then at least that
    many. `lines`: lines looked at. `hit_map`: matches in 200 equal parts of the lines looked at.
    """

    q: str
    items: list[LogMatch]
    total: int
    complete: bool
    lines: int
    hit_map: list[int]
