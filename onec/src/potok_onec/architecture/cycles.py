"""Groups of modules that depend on each other in a circle, and the fewest calls that would break them. Pure."""

from collections.abc import Iterable, Mapping
from typing import Final

# Groups up to that size are cut with the fewest calls there are: 2 ** 12 sets of nodes take 0.1 s.
EXACT_MAX: Final = 12

Weights = Mapping[tuple[str, str], int]


def groups(nodes: Iterable[str], weights: Weights) -> list[list[str]]:
    """Strongly connected components of two or more, the largest first, names in order (R. Tarjan, 1972).

    `weights` maps (from, to) to the number of calls; a node that calls itself is no circle.
    """
    below: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in weights:
        if source != target:
            below.setdefault(source, []).append(target)
            below.setdefault(target, [])
    found = [sorted(group) for group in _components(below) if len(group) > 1]
    return sorted(found, key=lambda group: (-len(group), group))


def _components(below: dict[str, list[str]]) -> list[list[str]]:
    """Without recursion: a chain of a thousand modules is real."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[list[str]] = []
    for root in below:
        if root in number:
            continue
        work: list[tuple[str, int]] = [(root, 0)]
        while work:
            node, at = work.pop()
            if at == 0:
                number[node] = lowest[node] = len(number)
                stack.append(node)
                on_stack.add(node)
            else:
                lowest[node] = min(lowest[node], lowest[below[node][at - 1]])
            targets = below[node]
            while at < len(targets):
                target = targets[at]
                at += 1
                if target not in number:
                    work.append((node, at))
                    work.append((target, 0))
                    break
                if target in on_stack:
                    lowest[node] = min(lowest[node], number[target])
            else:
                if lowest[node] == number[node]:
                    found.append(_popped(stack, on_stack, node))
    return found


def _popped(stack: list[str], on_stack: set[str], root: str) -> list[str]:
    group: list[str] = []
    while True:
        node = stack.pop()
        on_stack.discard(node)
        group.append(node)
        if node == root:
            return group


def cut(group: Iterable[str], weights: Weights) -> list[tuple[str, str]]:
    """Edges whose removal leaves no circle in the group: with the fewest calls there are, and then the fewest edges.

    Nodes are put into an order that as few calls as possible go against: of groups up to EXACT_MAX nodes the best one
    (M. Held, R. Karp, 1962, over sets of nodes), of larger ones a good one (P. Eades, X. Lin, W. Smyth, 1993), so that
    the set is small there and not always the smallest. Of the edges against the order each that is not needed to break
    a circle is taken back, the heaviest first.
    """
    members = set(group)
    inside = {
        edge: n for edge, n in weights.items() if edge[0] in members and edge[1] in members and edge[0] != edge[1]
    }
    place = {
        node: at
        for at, node in enumerate(_best(members, inside) if len(members) <= EXACT_MAX else _order(members, inside))
    }
    against = [edge for edge in inside if place[edge[0]] > place[edge[1]]]
    kept = {edge for edge in inside if place[edge[0]] < place[edge[1]]}
    removed: list[tuple[str, str]] = []
    for edge in sorted(against, key=lambda each: (-inside[each], each)):
        if _reaches(kept, edge[1], edge[0]):
            removed.append(edge)
        else:
            kept.add(edge)
    return sorted(removed, key=lambda each: (inside[each], each))


def _best(members: set[str], inside: dict[tuple[str, str], int]) -> list[str]:
    """The order that the fewest calls go against, by the best orders of every smaller set of nodes."""
    names = sorted(members)
    place = {name: at for at, name in enumerate(names)}
    calls = [[0] * len(names) for _ in names]
    for (source, target), n in inside.items():
        # one more edge costs less than one more call
        calls[place[source]][place[target]] = n * (len(inside) + 1) + 1
    cost, last = [0] * (1 << len(names)), [0] * (1 << len(names))
    for chosen in range(1, len(cost)):
        nodes = [at for at in range(len(names)) if chosen >> at & 1]
        cost[chosen], last[chosen] = min(
            (cost[chosen ^ 1 << at] + sum(map(calls[at].__getitem__, nodes)), at) for at in nodes
        )
    order: list[str] = []
    left = len(cost) - 1
    while left:
        order.append(names[last[left]])
        left ^= 1 << last[left]
    return order[::-1]


def _order(members: set[str], inside: dict[tuple[str, str], int]) -> list[str]:
    out: dict[str, dict[str, int]] = {node: {} for node in members}
    into: dict[str, dict[str, int]] = {node: {} for node in members}
    for (source, target), n in inside.items():
        out[source][target] = n
        into[target][source] = n
    first: list[str] = []
    last: list[str] = []
    left = set(members)
    while left:
        node = min(left, key=lambda each: (_rank(out[each], into[each]), each))
        (last if not out[node] and into[node] else first).append(node)
        left.discard(node)
        for target in out.pop(node):
            into[target].pop(node, None)
        for source in into.pop(node):
            out[source].pop(node, None)
    return first + last[::-1]


def _rank(out: dict[str, int], into: dict[str, int]) -> tuple[int, int]:
    """Sinks first, then sources, then whoever calls most more than it is called."""
    if not out:
        return (0, 0)
    if not into:
        return (1, 0)
    return (2, sum(into.values()) - sum(out.values()))


def _reaches(edges: set[tuple[str, str]], start: str, end: str) -> bool:
    below: dict[str, list[str]] = {}
    for source, target in edges:
        below.setdefault(source, []).append(target)
    waiting, seen = [start], {start}
    while waiting:
        node = waiting.pop()
        if node == end:
            return True
        for target in below.get(node, ()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return False
