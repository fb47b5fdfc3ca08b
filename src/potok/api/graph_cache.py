"""Keeps encoded graphs, because every page of a DAG or a run asks for the same ones again."""

from __future__ import annotations

from collections import OrderedDict

# A graph of 10,000 tasks is some 1.5 MB of JSON.
_BYTES_MAX = 4 * 1024 * 1024


class GraphCache:
    """Encoded graphs by (dag_id, bundle): a version never changes. Bounded by bytes, the least used one goes."""

    def __init__(self, bytes_max: int = _BYTES_MAX) -> None:
        self._graphs: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._bytes_max = bytes_max
        self._bytes = 0

    def get(self, dag_id: str, bundle: str) -> bytes | None:
        graph = self._graphs.get((dag_id, bundle))
        if graph is not None:
            self._graphs.move_to_end((dag_id, bundle))
        return graph

    def put(self, dag_id: str, bundle: str, graph: bytes) -> None:
        if (dag_id, bundle) in self._graphs or len(graph) > self._bytes_max:
            return
        self._graphs[dag_id, bundle] = graph
        self._bytes += len(graph)
        while self._bytes > self._bytes_max:
            self._bytes -= len(self._graphs.popitem(last=False)[1])
