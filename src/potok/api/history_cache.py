"""Keeps what the pages of a DAG work out again and again: layouts of versions, usual runs. Bounded, least used goes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from potok.engine.graph import Graph
from potok.model.history import Usual
from potok.model.schedule import Schedule

T = TypeVar("T")

_NAMES_MAX = 2_000
_USUAL_MAX = 500
_DEMANDS_MAX = 5_000
_GRAPHS_MAX = 32


class Kept(Generic[T]):
    """Values by key, at most `most`. May be used from any thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The kept value, or what `make` gives now."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            if len(self._values) > self._most:
                self._values.popitem(last=False)
        return value


class HistoryCache:
    """`names` and `graphs` by (dag_id, bundle): a version never changes. `usual` by the newest runs it was made of."""

    def __init__(self) -> None:
        self.names: Kept[tuple[str, ...]] = Kept(_NAMES_MAX)
        self.usual: Kept[Usual] = Kept(_USUAL_MAX)
        self.demands: Kept[tuple[Schedule | None, dict[str, int]]] = Kept(_DEMANDS_MAX)
        self.graphs: Kept[Graph] = Kept(_GRAPHS_MAX)
