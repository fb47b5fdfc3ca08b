"""What the bodies wrote while they ran, in the order of the file: the one witness that no server can talk over."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import NamedTuple


class Line(NamedTuple):
    """`at` is its place in the file. `what`: start, end, fail, beat or callback."""

    at: int
    run_id: str
    task_id: str
    try_number: int
    pid: int
    what: str


class Ledger:
    def __init__(self, path: Path) -> None:
        self.path = path

    def lines(self) -> list[Line]:
        if not self.path.exists():
            return []
        found = []
        for at, text in enumerate(self.path.read_text().splitlines()):
            run_id, task_id, try_number, pid, what = text.split()
            found.append(Line(at, run_id, task_id, int(try_number), int(pid), what))
        return found

    def of_tasks(self) -> dict[tuple[str, str], list[Line]]:
        """The lines of the bodies, without callbacks, by run and task."""
        found: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in self.lines():
            if line.what != "callback":
                found[line.run_id, line.task_id].append(line)
        return found


def overlaps(lines: list[Line]) -> list[Line]:
    """Lines of one task instance that an attempt wrote after a later one had begun."""
    found, newest = [], 0
    for line in lines:
        if line.try_number < newest:
            found.append(line)
        newest = max(newest, line.try_number)
    return found


def doubled(lines: list[Line]) -> list[Line]:
    """Starts and ends of one task instance that one attempt wrote twice."""
    seen: set[tuple[int, str]] = set()
    found = []
    for line in lines:
        if line.what in ("start", "end") and (line.try_number, line.what) in seen:
            found.append(line)
        seen.add((line.try_number, line.what))
    return found


def most_at_once(lines: list[Line]) -> int:
    """How many bodies ran at the same time for sure: only those that reached their end are counted."""
    ended = {(line.run_id, line.task_id, line.try_number) for line in lines if line.what == "end"}
    running, most = 0, 0
    for line in lines:
        if (line.run_id, line.task_id, line.try_number) in ended:
            running += {"start": 1, "end": -1}.get(line.what, 0)
            most = max(most, running)
    return most
