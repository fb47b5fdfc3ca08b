"""Questions to a graph of edges: who calls a method, what a change reaches, how one thing leads to another."""

from collections import deque
from collections.abc import Iterable

from potok_onec.dependencies.edge import Edge


class Graph:
    """All edges of one or more projects. Names are folded in questions, given back as declared."""

    def __init__(self, edges: Iterable[Edge]) -> None:
        self.edges = list(edges)
        self._by_source: dict[str, list[Edge]] = {}
        self._by_target: dict[str, list[Edge]] = {}
        for edge in self.edges:
            self._by_source.setdefault(edge.source.lower(), []).append(edge)
            self._by_target.setdefault(edge.target.lower(), []).append(edge)

    def who_calls(self, name: str) -> list[Edge]:
        """Calls of `Module.Method`, or of any method of a module or object when the last part is none.

        `ОбщегоНазначения.СообщитьПользователю`, `CommonModule.ОбщегоНазначения`, `Catalog.Товары.НайтиАналог`.
        """
        item, method = self._called(name)
        return [
            edge
            for edge in self._by_target.get(item, ())
            if edge.target_method and method in ("", edge.target_method.lower())
        ]

    def _called(self, name: str) -> tuple[str, str]:
        folded = name.lower()
        for item in (folded, f"commonmodule.{folded}"):
            if item in self._by_target:
                return item, ""
        rest, _, method = folded.rpartition(".")
        return (rest if rest in self._by_target else f"commonmodule.{rest}"), method

    def impact(self, name: str, *, depth: int | None = None) -> dict[str, tuple[int, Edge]]:
        """Objects that a change of this one may reach: their distance, and the edge by which each is reached first."""
        start = self._known(name)
        reached: dict[str, tuple[int, Edge]] = {}
        waiting = deque([(start, 0)])
        while waiting:
            item, distance = waiting.popleft()
            if depth is not None and distance >= depth:
                continue
            for edge in self._by_target.get(item, ()):
                source = edge.source.lower()
                if source != start and source not in reached:
                    reached[source] = (distance + 1, edge)
                    waiting.append((source, distance + 1))
        return {edge.source: (distance, edge) for distance, edge in reached.values()}

    def path(self, source: str, target: str) -> list[Edge] | None:
        """The shortest way along edges; None when there is none."""
        start, end = self._known(source), self._known(target)
        came: dict[str, Edge] = {}
        waiting = deque([start])
        while waiting and end not in came:
            item = waiting.popleft()
            for edge in self._by_source.get(item, ()):
                following = edge.target.lower()
                if following != start and following not in came:
                    came[following] = edge
                    waiting.append(following)
        if end not in came:
            return None
        way: list[Edge] = []
        at = end
        while at != start:
            way.append(came[at])
            at = came[at].source.lower()
        return way[::-1]

    def _known(self, name: str) -> str:
        """The folded full name; a bare name is taken for a common module. Raises KeyError when nobody has it."""
        folded = name.lower()
        for candidate in (folded, f"commonmodule.{folded}"):
            if candidate in self._by_source or candidate in self._by_target:
                return candidate
        raise KeyError(name)
