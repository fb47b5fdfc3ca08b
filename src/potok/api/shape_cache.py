"""Keeps what every look at a run needs of its DAG: compiled graphs, and how long tasks usually take. Thread-safe."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from potok.api.history_cache import Kept
from potok.engine.graph import Graph
from potok.store.rows import VersionRow

# A decoded task costs about a kilobyte: a dozen ordinary DAGs, or one of ten thousand tasks.
_TASKS_MAX = 12_000
# Of ten thousand tasks a megabyte.
_LENGTHS_MAX = 4


class ShapeCache:
    """Graphs by (dag_id, bundle): a version never changes. Bounded by tasks, the least used one goes.

    `lengths` by the good runs that they come from.
    """

    def __init__(self, tasks_max: int = _TASKS_MAX) -> None:
        self._graphs: OrderedDict[tuple[str, str], Graph] = OrderedDict()
        self._tasks_max = tasks_max
        self._lock = Lock()
        self.lengths: Kept[dict[str, float]] = Kept(_LENGTHS_MAX)

    def get(self, dag_id: str, bundle: str, load: Callable[[str, str], VersionRow | None]) -> Graph | None:
        """The graph of that version, from memory or by `load`; None when there is no such version."""
        with self._lock:
            graph = self._graphs.get((dag_id, bundle))
            if graph is not None:
                self._graphs.move_to_end((dag_id, bundle))
                return graph
        version = load(dag_id, bundle)
        if version is None:
            return None
        graph = Graph(version.dag)
        with self._lock:
            self._graphs[dag_id, bundle] = graph
            while sum(len(kept.dag.tasks) for kept in self._graphs.values()) > self._tasks_max:
                self._graphs.popitem(last=False)
        return graph
