"""The line indexes used last, within a budget of memory. Builds nothing itself."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

from potok.api.line_index import LineIndex

# 1.4 MB for each million lines: this holds the logs that people look at, not all that there are.
BUDGET_BYTES = 32 * 1024 * 1024
INDEXES_MAX = 256


class IndexCache:
    """One for each server; safe to use from any thread."""

    def __init__(self, budget_bytes: int = BUDGET_BYTES) -> None:
        self._budget_bytes = budget_bytes
        self._indexes: OrderedDict[tuple[Path, int | None, int], LineIndex] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._indexes)

    def get(self, path: Path, attempt_id: int | None, start: int) -> LineIndex:
        """The index of an attempt's lines in the segment at `path`, empty when it was not asked for lately."""
        key = (path, attempt_id, start)
        with self._lock:
            index = self._indexes.pop(key, None) or LineIndex(path, attempt_id, start)
            self._indexes[key] = index
            self._trim()
            return index

    def _trim(self) -> None:
        held = sum(index.memory_bytes for index in self._indexes.values())
        while len(self._indexes) > 1 and (held > self._budget_bytes or len(self._indexes) > INDEXES_MAX):
            _, dropped = self._indexes.popitem(last=False)
            held -= dropped.memory_bytes
