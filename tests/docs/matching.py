"""Whether a command printed what a page shows. Lengths, clock times, ids and ports may differ; words may not."""

from __future__ import annotations

import re

_NUMBER = r"\d+(?:[.,]\d+)*"
_SAME = [
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
    (re.compile(r"\b\d{8}T\d{6,9}(?:\.\d+)?\b"), "RUN"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d| UTC)?"), "INSTANT"),
    (re.compile(r"\b\d\d:\d\d:\d\d\.\d{3}\b"), "CLOCK"),
    (re.compile(r"\b[0-9a-f]{12,64}\b"), "HASH"),
    (re.compile(r"code=\S+"), "code=CODE"),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:PORT"),
    (re.compile(rf"\b{_NUMBER} (?:ms|s|min|h|d)\b(?: {_NUMBER} (?:s|min|h)\b)?"), "LENGTH"),
    (re.compile(rf"\b{_NUMBER} (?:KB|MB|GB)\b"), "SIZE"),
    (re.compile(r"\bLENGTH ago\b|\bnow\b"), "AGO"),
    (re.compile(r"\s+"), " "),
]


def settled(line: str) -> str:
    """A line with what changes from run to run replaced by names."""
    for pattern, name in _SAME:
        line = pattern.sub(name, line)
    return line.strip()


def differs(expected: str, printed: str) -> str:
    """Empty when `printed` is what the page shows; else the first line that is missing.

    `…` in a line stands for anything, a line of `…` alone for any number of lines.
    """
    wanted = [settled(line) for line in expected.splitlines() if line.strip()]
    found = [settled(line) for line in printed.splitlines() if line.strip()]
    at, gap = 0, False
    for line in wanted:
        if line == "…":
            gap = True
            continue
        pattern = re.compile(".*".join(map(re.escape, line.split("…"))))
        while gap and at < len(found) and not pattern.fullmatch(found[at]):
            at += 1
        if at >= len(found) or not pattern.fullmatch(found[at]):
            return line
        at, gap = at + 1, False
    return "" if gap or at == len(found) else f"(nothing more, but there was: {found[at]})"
