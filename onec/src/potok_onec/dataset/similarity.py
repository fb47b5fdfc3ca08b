"""Near duplicates by MinHash: sketches of equal size, compared only where a band of them is equal. Pure.

One permutation with bins: each shingle is hashed once and the smallest hash of each bin is kept, so the cost grows with
the text and not with the size of the sketch (P. Li, A. Owen, C.-H. Zhang, 2012; bins that stay empty borrow from the
next one, A. Shrivastava, P. Li, 2014).
"""

from array import array
from collections.abc import Sequence
from math import ceil
from operator import eq
from typing import Final

SHINGLE: Final = 4
# Shorter bodies differ by one token in too large a part to be called near duplicates: they are equal or not.
SHINGLES_LEAST: Final = 16
# Share of common shingles, as estimated: two copies of forty lines of which two were changed reach it.
SIMILAR: Final = 0.8

_BINS: Final = 128
_EQUAL_LEAST: Final = ceil(SIMILAR * _BINS)
_BIN_SHIFT: Final = 57  # the upper seven bits of 64 choose the bin
_MASK64: Final = (1 << 64) - 1
_MASK32: Final = (1 << 32) - 1
_BORROWED: Final = 0x9E3779B1
# Six rows in a band: of pairs with 0.8 in common 99.8 % meet in one of 21 bands, with 0.5 only every fourth.
_BAND: Final = 6
# A bucket is compared with its first unlike members only: what everybody looks like must not cost the square.
_LEADERS_MAX: Final = 16


def sketch(ids: Sequence[int]) -> "array[int] | None":
    """None for a body that is too short to be compared. Hashes of tuples of numbers are equal in every process."""
    shingles = {hash(each) & _MASK64 for each in zip(ids, ids[1:], ids[2:], ids[3:], strict=False)}
    if len(shingles) < SHINGLES_LEAST:
        return None
    smallest = {each >> _BIN_SHIFT: each & _MASK32 for each in sorted(shingles, reverse=True)}
    if len(smallest) < _BINS:
        _borrow(smallest)
    return array("I", [smallest[at] for at in range(_BINS)])


def _borrow(smallest: dict[int, int]) -> None:
    filled = dict(smallest)
    value, distance = 0, 0
    for at in range(2 * _BINS - 1, -1, -1):
        bin_ = at % _BINS
        if bin_ in filled:
            value, distance = filled[bin_], 0
        else:
            distance += 1
            if at < _BINS:
                smallest[bin_] = (value + distance * _BORROWED) & _MASK32


def similarity(one: Sequence[int], two: Sequence[int]) -> float:
    """Estimated share of common shingles; off by 0.04 in one of three cases."""
    return float(sum(map(eq, one, two))) / _BINS


class Groups:
    """Which items belong together, directly or by way of others. Items are numbers from 0."""

    def __init__(self, size: int) -> None:
        self._parent = array("I", range(size))

    def find(self, item: int) -> int:
        """The smallest number of its group."""
        parent = self._parent
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    def join(self, one: int, two: int) -> None:
        one, two = self.find(one), self.find(two)
        if one != two:
            self._parent[max(one, two)] = min(one, two)


class Sketches:
    """Sketches of many items in one flat array: half a kilobyte each."""

    def __init__(self) -> None:
        self._items = array("I")
        self._values = array("I")

    def add(self, item: int, values: "array[int]") -> None:
        self._items.append(item)
        self._values.extend(values)

    def __len__(self) -> int:
        return len(self._items)

    def _are_alike(self, one: int, two: int) -> bool:
        """As `similarity` says; most that meet by chance are told apart by the first half."""
        one, two = one * _BINS, two * _BINS
        values, half = self._values, _BINS // 2
        equal: int = sum(map(eq, values[one : one + half], values[two : two + half]))
        if equal + _BINS - half < _EQUAL_LEAST:
            return False
        rest = map(eq, values[one + half : one + _BINS], values[two + half : two + _BINS])
        equal += sum(rest)
        return equal >= _EQUAL_LEAST

    def join_similar(self, groups: Groups) -> None:
        for start in range(0, _BINS - _BAND + 1, _BAND):
            buckets: dict[bytes, list[int]] = {}
            for index in range(len(self._items)):
                at = index * _BINS + start
                leaders = buckets.setdefault(self._values[at : at + _BAND].tobytes(), [])
                if not self._meets(index, leaders, groups) and len(leaders) < _LEADERS_MAX:
                    leaders.append(index)

    def _meets(self, index: int, leaders: list[int], groups: Groups) -> bool:
        """Whether it is like one of them; then both are joined."""
        if not leaders:
            return False
        item = self._items[index]
        for leader in leaders:
            other = self._items[leader]
            if groups.find(item) == groups.find(other):
                return True
            if self._are_alike(index, leader):
                groups.join(item, other)
                return True
        return False
