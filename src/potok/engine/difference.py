"""What differs between two versions of a file, two results, two sets of params or packages. Pure and bounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import takewhile

import msgspec

from potok.model.result_files import FILES_KEY

# Beyond these a diff is no longer read by a person, and difflib's work grows with the square of the lines.
LINES_COMPARED_MAX = 3000
LINES_SHOWN_MAX = 200
LEAVES_MAX = 200
DEPTH_MAX = 6
CONTEXT_LINES = 3

_ABSENT = object()


class DiffPart(msgspec.Struct, frozen=True):
    """Lines of a unified diff with their mark (blank, `-`, `+`) and where they begin, counted from 1."""

    old_start: int
    new_start: int
    lines: tuple[str, ...]


def diff_lines(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[DiffPart, ...], bool]:
    """The parts that differ with a little context; the flag tells that something was left out."""
    head = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    room = min(len(old), len(new)) - head
    tail = sum(1 for _ in takewhile(lambda at: old[-1 - at] == new[-1 - at], range(room)))
    # the matcher sees only the middle with the context around it
    first = max(0, head - CONTEXT_LINES)
    old_end, new_end = len(old) - max(0, tail - CONTEXT_LINES), len(new) - max(0, tail - CONTEXT_LINES)
    if max(old_end, new_end) - first > LINES_COMPARED_MAX:
        return (), True
    matcher = SequenceMatcher(None, old[first:old_end], new[first:new_end])
    parts: list[DiffPart] = []
    shown = 0
    for group in matcher.get_grouped_opcodes(CONTEXT_LINES):
        lines = tuple(_marked(group, old[first:old_end], new[first:new_end]))
        if shown + len(lines) > LINES_SHOWN_MAX:
            return tuple(parts), True
        shown += len(lines)
        parts.append(DiffPart(first + group[0][1] + 1, first + group[0][3] + 1, lines))
    return tuple(parts), False


def _marked(group: Sequence[tuple[str, int, int, int, int]], old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    for tag, old_from, old_to, new_from, new_to in group:
        if tag == "equal":
            yield from (f" {line}" for line in old[old_from:old_to])
        else:
            yield from (f"-{line}" for line in old[old_from:old_to])
            yield from (f"+{line}" for line in new[new_from:new_to])


def changed_numbers(old: object, new: object) -> list[tuple[str, object, object]]:
    """(place, old, new) of the numbers and flags that differ between two JSON values, the largest change first."""
    before, after = dict(_leaves(old)), dict(_leaves(new))
    changed = [
        (name, before.get(name), after.get(name))
        for name in {**before, **after}
        if before.get(name, _ABSENT) != after.get(name, _ABSENT)
    ]
    return sorted(changed, key=lambda one: -_weight(one[1], one[2]))


def changed_values(old: Mapping[str, object], new: Mapping[str, object]) -> list[tuple[str, object, object]]:
    """(name, old, new) of what differs between two mappings, by name; None stands for absent."""
    names = sorted({*old, *new})
    return [(name, old.get(name), new.get(name)) for name in names if old.get(name, _ABSENT) != new.get(name, _ABSENT)]


def _leaves(value: object) -> Iterator[tuple[str, int | float]]:
    """Numbers by their place such as `metrics.auc` or `parts.0`; a lone number is called `value`. Bounded."""
    left = LEAVES_MAX
    todo: list[tuple[str, object, int]] = [("", value, 0)]
    while todo and left:
        name, one, depth = todo.pop()
        if isinstance(one, int | float):
            left -= 1
            yield name or "value", one
        elif depth < DEPTH_MAX and isinstance(one, dict):
            # files are told of by their link, not by how many bytes they have
            told = ((str(key), inner) for key, inner in one.items() if key != FILES_KEY)
            todo.extend((f"{name}.{key}" if name else key, inner, depth + 1) for key, inner in told)
        elif depth < DEPTH_MAX and isinstance(one, list):
            todo.extend((f"{name}.{at}" if name else str(at), inner, depth + 1) for at, inner in enumerate(one[:50]))


def _weight(old: object, new: object) -> float:
    """How large a change is: what leaves zero counts most, what only appears or goes least."""
    if not isinstance(old, int | float) or not isinstance(new, int | float):
        return 0.0
    if not old or not new:
        return 1e9
    return abs(new - old) / abs(old)
