"""Who refers to whom, read from the edges of step 3: by method for calls, by object for the rest."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

_COLUMNS: Final = (
    "kind", "project", "source", "source_file", "line", "source_method", "target", "target_file", "target_method",
    "target_project",
)  # fmt: skip
_ROWS_READ: Final = 8192
# Edges of code that lead to a method and are shown with it.
_TO_METHODS: Final = frozenset({
    "call", "handler", "event_subscription", "scheduled_job", "service", "form",
})  # fmt: skip

# (file, folded method): a method, or the body of a module when the name is empty.
Spot = tuple[str, str]


class Tie(Struct, gc=False):
    """All references of one kind between two objects: how many, and where the first one stands."""

    kind: str
    project: str
    other: str
    amount: int
    file: str
    line: int


class Relations:
    """`callers` and `callees` map a method to the methods at the other end with the lines of the sites.

    `into` and `out_of` count calls between files, `handled` is who leads to a method without a call.
    """

    def __init__(self) -> None:
        self.callers: dict[Spot, dict[Spot, list[int]]] = {}
        self.callees: dict[Spot, dict[Spot, list[int]]] = {}
        self.handled: dict[Spot, list[tuple[str, str, str, str, int]]] = {}
        self.outgoing: dict[tuple[str, str], list[Tie]] = {}
        self.incoming: dict[tuple[str, str], list[Tie]] = {}
        self.into: dict[str, dict[str, int]] = {}
        self.out_of: dict[str, dict[str, int]] = {}
        self._ties: dict[tuple[str, ...], tuple[Tie, Tie]] = {}

    def take(self, row: tuple[Any, ...]) -> None:
        kind, project, source, file, line, method, target, target_file, target_method, target_project = row
        target_project = target_project or project
        if target_method and kind in _TO_METHODS:
            self._take_method((file, method.lower()), (target_file, target_method.lower()), row)
        if source != target or project != target_project:
            self._tie(kind, (project, source), (target_project, target), file, line)

    def _take_method(self, source: Spot, target: Spot, row: tuple[Any, ...]) -> None:
        kind, project, item, file, line = row[:5]
        if kind == "call":
            self.callers.setdefault(target, {}).setdefault(source, []).append(line)
            self.callees.setdefault(source, {}).setdefault(target, []).append(line)
            if source[0] != target[0]:
                for ends, own, other in ((self.into, target, source), (self.out_of, source, target)):
                    amounts = ends.setdefault(own[0], {})
                    amounts[other[0]] = amounts.get(other[0], 0) + 1
        else:
            self.handled.setdefault(target, []).append((kind, project, item, file, line))

    def _tie(self, kind: str, source: tuple[str, str], target: tuple[str, str], file: str, line: int) -> None:
        key = (kind, *source, *target)
        known = self._ties.get(key)
        if known is None:
            known = (Tie(kind, *target, 0, file, line), Tie(kind, *source, 0, file, line))
            self._ties[key] = known
            self.outgoing.setdefault(source, []).append(known[0])
            self.incoming.setdefault(target, []).append(known[1])
        for tie in known:
            tie.amount += 1

    def finish(self) -> "Relations":
        """Everything has been taken: what was only for counting goes."""
        self._ties.clear()
        for ties in (*self.outgoing.values(), *self.incoming.values()):
            ties.sort(key=lambda tie: (tie.kind, tie.other.lower(), tie.project))
        return self


def load(folder: Path) -> Relations:
    found = Relations()
    for row in rows(folder / "edges.parquet", _COLUMNS):
        found.take(row)
    return found.finish()


def rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """A table of another step, a batch at a time; equal texts are one value in memory."""
    import pyarrow.parquet

    known: dict[Any, Any] = {}
    with pyarrow.parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(_ROWS_READ, columns=list(columns)):
            values = (batch.column(name).to_pylist() for name in columns)
            for row in zip(*values, strict=True):
                yield tuple(known.setdefault(value, value) if isinstance(value, str) else value for value in row)
