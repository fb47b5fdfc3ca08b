"""A DAG as lines of text: each task below the last of the tasks it waits for. Pure: strings in, strings out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from potok.model.answers import DagGraph
    from potok.model.dag import Dag

# A person does not read further; `show --json` has everything.
LINES_MAX = 300
NAMES_MAX = 6
# The sets of all tasks above grow with the square of a graph's size.
REDUCED_MAX = 500


def edges_of(graph: DagGraph) -> dict[str, list[str]]:
    """Tasks above each task, in the DAG's order."""
    above: dict[str, list[str]] = {}
    for edges in graph.edges:
        for task_id in edges.downstream:
            above.setdefault(task_id, []).extend(edges.upstream)
    return _in_order(above, [task.task_id for task in graph.tasks])


def edges_of_dag(dag: Dag) -> dict[str, list[str]]:
    """The same for the model's value."""
    names = [task.task_id for task in dag.tasks]
    above: dict[str, list[str]] = {}
    for group in dag.edges:
        for position in group.downstream:
            above.setdefault(names[position], []).extend(names[index] for index in group.upstream)
    return _in_order(above, names)


def _in_order(above: dict[str, list[str]], names: Sequence[str]) -> dict[str, list[str]]:
    rank = {name: number for number, name in enumerate(names)}
    return {name: sorted(ups, key=rank.__getitem__) for name, ups in above.items()}


def draw(names: Sequence[str], above: Mapping[str, Sequence[str]], labels: Mapping[str, str]) -> list[str]:
    """Lines of the tree. `names` are in topological order; a task with several tasks above names the others."""
    above = _without_implied(names, above)
    children: dict[str, list[str]] = {}
    for name in names:
        ups = above.get(name, ())
        children.setdefault(ups[-1] if ups else "", []).append(name)
    lines: list[str] = []
    for line in _below("", "", children, above, labels):
        if len(lines) == LINES_MAX:
            lines.append(f"… and {len(names) - LINES_MAX:,} more tasks")
            break
        lines.append(line)
    return lines


def _without_implied(names: Sequence[str], above: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """Leave out a task above that another one above waits for anyway. Large graphs are drawn as they are."""
    if len(names) > REDUCED_MAX:
        return above
    all_above: dict[str, set[str]] = {}
    for name in names:
        ups = above.get(name, ())
        all_above[name] = set(ups).union(*(all_above[up] for up in ups))
    return {name: [up for up in ups if not any(up in all_above[other] for other in ups)] for name, ups in above.items()}


def _below(
    parent: str,
    indent: str,
    children: Mapping[str, Sequence[str]],
    above: Mapping[str, Sequence[str]],
    labels: Mapping[str, str],
) -> Iterator[str]:
    """Depth first, by a stack of our own: a chain of ten thousand tasks is no recursion error."""
    stack = [(parent, indent, iter(children.get(parent, ())), len(children.get(parent, ())))]
    while stack:
        name, lead, rest, left = stack.pop()
        child = next(rest, None)
        if child is None:
            continue
        stack.append((name, lead, rest, left - 1))
        elbow, deeper = ("", "") if not name else (("└─ ", "   ") if left == 1 else ("├─ ", "│  "))
        yield f"{lead}{elbow}{child}{labels.get(child, '')}{_others(above.get(child, ()))}"
        stack.append((child, lead + deeper, iter(children.get(child, ())), len(children.get(child, ()))))


def _others(ups: Sequence[str]) -> str:
    others = list(ups[:-1])
    if not others:
        return ""
    shown = ", ".join(others[:NAMES_MAX])
    return f"  ← also after {shown}" + (f" and {len(others) - NAMES_MAX:,} more" if len(others) > NAMES_MAX else "")
