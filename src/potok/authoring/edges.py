"""Dependencies as shared groups: declared, merged, ordered. Positions only; never expands a group into pairs."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

Positions = tuple[int, ...]
EdgeList = list[tuple[Positions, Positions]]


class Declarations:
    """What the author declared, in order: everything of `upstream` before everything of `downstream`.

    Declarations with the same upstream share one entry, so that loops over pairs stay small.
    """

    __slots__ = ("_by_upstream",)

    def __init__(self) -> None:
        self._by_upstream: dict[Positions, tuple[list[int], list[str]]] = {}

    def add(self, upstream: Positions, downstream: Sequence[int], location: str) -> None:
        """`location` is told when the declaration turns out to close a cycle."""
        if not upstream or not downstream:
            return
        entry = self._by_upstream.get(upstream)
        if entry is None:
            self._by_upstream[upstream] = (list(downstream), [location] * len(downstream))
            return
        entry[0].extend(downstream)
        entry[1].extend([location] * len(downstream))

    def __iter__(self) -> Iterator[tuple[Positions, list[int]]]:
        for upstream, (downstream, _) in self._by_upstream.items():
            yield upstream, downstream

    def location(self, upstream: int, downstream: int) -> str:
        """Where the author put `upstream` before `downstream`."""
        for above, (below, locations) in self._by_upstream.items():
            if upstream in above and downstream in below:
                return locations[below.index(downstream)]
        return ""


def upstream_masks(count: int, declared: Declarations) -> list[int]:
    """For each position, the bits of all positions directly above it."""
    masks = [0] * count
    for upstream, downstream in declared:
        mask = _mask(upstream)
        for position in downstream:
            masks[position] = masks[position] | mask if masks[position] else mask
    return masks


def grouped(count: int, declared: Declarations) -> EdgeList:
    """The declared dependencies as groups in which each pair occurs once: the smaller of two exact forms.

    One form keeps the author's groups less the pairs already said; the other has one group for each set of tasks
    above. A bit set per task (1.2 KB at 10,000 tasks) instead of pairs keeps a 100 x 100 layer as small as it looks.
    """
    covered = [0] * count
    kept: dict[int, list[int]] = {}
    for upstream, downstream in declared:
        mask = _mask(upstream)
        for position in downstream:
            before = covered[position]
            fresh = mask & ~before if before else mask
            if fresh:
                covered[position] = before | mask if before else mask
                kept.setdefault(fresh, []).append(position)
    merged: dict[Positions, int] = {}
    for mask, positions in kept.items():
        below = tuple(sorted(positions))
        merged[below] = merged.get(below, 0) | mask
    whole: dict[int, list[int]] = {}
    for position, mask in enumerate(covered):
        if mask:
            whole.setdefault(mask, []).append(position)
    as_said = [(mask, below) for below, mask in merged.items()]
    as_seen = [(mask, tuple(positions)) for mask, positions in whole.items()]
    smaller = as_said if _size(as_said) <= _size(as_seen) else as_seen
    return [(_positions(mask), below) for mask, below in smaller]


def topological(count: int, groups: EdgeList) -> list[int]:
    """Positions with everything upstream first, otherwise as declared; those on or below a cycle are left out."""
    if all(above[-1] < below[0] for above, below in groups):
        return list(range(count))
    feeds: list[list[int]] = [[] for _ in range(count)]
    waits = [0] * count
    pending = [len(above) for above, _ in groups]
    for number, (above, below) in enumerate(groups):
        for position in above:
            feeds[position].append(number)
        for position in below:
            waits[position] += 1
    ready = [position for position in range(count) if not waits[position]]
    order: list[int] = []
    while ready:
        position = heapq.heappop(ready)
        order.append(position)
        for number in feeds[position]:
            pending[number] -= 1
            if pending[number]:
                continue
            for below_it in groups[number][1]:
                waits[below_it] -= 1
                if not waits[below_it]:
                    heapq.heappush(ready, below_it)
    return order


def cycle(count: int, groups: EdgeList, order: Sequence[int]) -> list[int]:
    """One cycle among the positions missing from `order`, from its first position back to the same."""
    stuck = set(range(count)).difference(order)
    above: dict[int, int] = {}
    for upstream, downstream in groups:
        blocker = next((position for position in upstream if position in stuck), None)
        if blocker is not None:
            for position in downstream:
                above.setdefault(position, blocker)
    path = [min(stuck)]
    seen = {path[0]: 0}
    while True:
        step = above[path[-1]]
        if step in seen:
            loop = path[seen[step] :][::-1]
            first = loop.index(min(loop))
            return [*loop[first:], *loop[:first], loop[first]]
        seen[step] = len(path)
        path.append(step)


def _mask(positions: Positions) -> int:
    if len(positions) == 1:
        return 1 << positions[0]
    base = min(positions)
    mask = 0
    for position in positions:
        mask |= 1 << (position - base)
    return mask << base


def _positions(mask: int) -> Positions:
    found: list[int] = []
    base = 0
    while mask:
        step = (mask & -mask).bit_length() - 1
        base += step
        found.append(base)
        mask >>= step + 1
        base += 1
    return tuple(found)


def _size(groups: Sequence[tuple[int, Positions]]) -> int:
    return sum(mask.bit_count() + len(below) for mask, below in groups)
