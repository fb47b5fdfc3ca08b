"""A traceback's text as frames: whose file each is in, and where it stands. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from potok.model.journal import ExceptionBlock, Frame

# A printed traceback stands in lines of its own; what is longer is cut here.
ROWS_MAX = 2_000
_BEGIN = "Traceback (most recent call last)"
_FRAME = re.compile(r'^[\s|+]{0,200}File "([^"\n]{1,4096})", line (\d{1,9})(?:, in (.{1,500}))?\s*$')
_LIBRARY = ("site-packages/", "dist-packages/", "/lib/python3", "/lib64/python3")
_ENDING = re.compile(r"^([A-Za-z_][\w.]{0,200})(?:: ?(.*))?$", re.DOTALL)


def is_own(file: str) -> bool:
    """Whether a file of a traceback is the DAG author's: not the language's and not of an installed library."""
    return not file.startswith("<") and not any(part in file for part in _LIBRARY)


def exception_block(line: int, texts: Sequence[str]) -> ExceptionBlock | None:
    """The last traceback that begins in the entry `texts[0]` (number `line`): it goes on in that entry's further rows,
    or, when each row was printed by itself, in the entries after it. None when there is none."""
    if "\n" in texts[0].strip("\n"):
        rows = texts[0].rstrip("\n").split("\n")[:ROWS_MAX]
        return _block(line, 1, rows)
    rows = _printed_rows(texts)
    return _block(line, len(rows), rows)


def _printed_rows(texts: Sequence[str]) -> list[str]:
    rows = [texts[0]]
    for text in texts[1:]:
        rows.append(text)
        if text and not text[0].isspace() and not text.startswith("|"):
            return rows
    return rows


def _block(line: int, lines: int, rows: list[str]) -> ExceptionBlock | None:
    begins = [at for at, row in enumerate(rows) if _BEGIN in row]
    frames = _frames(rows, begins[-1]) if begins else []
    kind, message = _ending(rows, frames[-1].row + frames[-1].rows if frames else 0)
    if not begins and not kind:
        return None
    return ExceptionBlock(line, lines, kind, message, "\n".join(rows), frames)


def _frames(rows: list[str], begin: int) -> list[Frame]:
    found: list[Frame] = []
    at = begin + 1
    while at < len(rows):
        head = _FRAME.match(rows[at])
        if head is None:
            at += 1
            continue
        after = at + 1
        indent = len(rows[at]) - len(rows[at].lstrip(" |+"))
        while after < len(rows) and not _FRAME.match(rows[after]) and rows[after][: indent + 1].isspace():
            after += 1
        code = rows[at + 1].strip() if after > at + 1 else ""
        file = head[1]
        found.append(Frame(file, int(head[2]), head[3] or "", code, is_own(file), at, after - at))
        at = after
    return found


def _ending(rows: list[str], after: int) -> tuple[str, str]:
    """Kind and message: `ValueError: no rows`, whose message may have several rows."""
    for at in range(after, len(rows)):
        found = _ENDING.match(rows[at])
        if found is not None:
            return found[1], "\n".join([found[2] or "", *rows[at + 1 :]]).strip("\n")
    return "", ""
