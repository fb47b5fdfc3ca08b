"""A Dag version laid out for the machines: who feeds whom, as shared groups. Built once, used by all its runs. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from potok.model.dag import Dag, EmptyWork, Task, TaskRole
from potok.model.trigger_rule import TriggerRule


class Graph:
    """`feeds[p]` are the edge groups in which task p is upstream, `fed_by[p]` those in which it is downstream.

    Tasks of a layer share one tuple, so that 10,000 tasks in all-to-all layers cost kilobytes, not an edge list.
    """

    __slots__ = ("cleaners", "dag", "fed_by", "feeds", "position", "rules", "setups", "upstream_count")

    def __init__(self, dag: Dag) -> None:
        self.dag = dag
        self.position: dict[str, int] = {task.task_id: at for at, task in enumerate(dag.tasks)}
        feeds: list[list[int]] = [[] for _ in dag.tasks]
        fed_by: list[list[int]] = [[] for _ in dag.tasks]
        for number, group in enumerate(dag.edges):
            for at in group.upstream:
                feeds[at].append(number)
            for at in group.downstream:
                fed_by[at].append(number)
        shared: dict[tuple[int, ...], tuple[int, ...]] = {}
        self.feeds = tuple(shared.setdefault(key, key) for key in map(tuple, feeds))
        self.fed_by = tuple(shared.setdefault(key, key) for key in map(tuple, fed_by))
        sizes = [len(group.upstream) for group in dag.edges]
        self.upstream_count = tuple(sum(sizes[number] for number in numbers) for numbers in self.fed_by)
        self.rules = tuple(_effective_rule(task) for task in dag.tasks)
        self.setups: dict[int, tuple[int, ...]] = {
            at: tuple(self.position[name] for name in task.setups) for at, task in enumerate(dag.tasks) if task.setups
        }
        # Teardowns by setup: a setup need not stand directly above its teardown.
        self.cleaners: dict[int, list[int]] = {}
        for at, setups in self.setups.items():
            for setup in setups:
                self.cleaners.setdefault(setup, []).append(at)

    def upstream(self, at: int) -> Iterator[int]:
        """Positions of the tasks directly above."""
        for number in self.fed_by[at]:
            yield from self.dag.edges[number].upstream

    def downstream(self, at: int) -> Iterator[int]:
        """Positions of the tasks directly below."""
        for number in self.feeds[at]:
            yield from self.dag.edges[number].downstream

    def below(self, start: set[int]) -> set[int]:
        """Everything that is reachable downstream of `start`, without `start` itself unless reached."""
        return self._reach(start, downward=True)

    def above(self, start: set[int]) -> set[int]:
        """Everything from which `start` is reachable, without `start` itself."""
        return self._reach(start, downward=False)

    def _reach(self, start: set[int], *, downward: bool) -> set[int]:
        links = self.feeds if downward else self.fed_by
        seen: set[int] = set()
        groups_seen: set[int] = set()
        frontier = list(start)
        while frontier:
            for number in links[frontier.pop()]:
                if number in groups_seen:
                    continue
                groups_seen.add(number)
                group = self.dag.edges[number]
                fresh = [at for at in (group.downstream if downward else group.upstream) if at not in seen]
                seen.update(fresh)
                frontier.extend(fresh)
        return seen

    def is_teardown(self, at: int) -> bool:
        return self.dag.tasks[at].role is TaskRole.TEARDOWN

    def is_empty(self, at: int) -> bool:
        return type(self.dag.tasks[at].work) is EmptyWork


def _effective_rule(task: Task) -> TriggerRule:
    """A teardown without a rule of its own runs once all above it is done and one of its setups succeeded."""
    if task.role is TaskRole.TEARDOWN and task.trigger_rule is TriggerRule.ALL_SUCCESS:
        return TriggerRule.ALL_DONE_SETUP_SUCCESS
    return task.trigger_rule
