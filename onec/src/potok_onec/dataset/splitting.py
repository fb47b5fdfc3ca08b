"""Train, valid and test: whole modules each, and no group of duplicates in two of them. Pure."""

from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from potok_onec.dataset.row import SPLITS, Split

# Of a hundred modules; the hash of a module's name decides, so that it stays where it is in the next version.
_VALID: Final = range(80, 90)
_TEST: Final = range(90, 100)


def split_of_module(name: str) -> Split:
    number = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little") % 100
    return "valid" if number in _VALID else "test" if number in _TEST else "train"


def splits(modules: Sequence[Split], groups: Sequence[int]) -> list[Split]:
    """Of each method, by the split of its module and its group of duplicates.

    A group is at home where most of its methods are; those that stand elsewhere are in no split.
    """
    counts: dict[int, Counter[Split]] = {}
    for split, group in zip(modules, groups, strict=True):
        counts.setdefault(group, Counter())[split] += 1
    home = {group: _home(found) for group, found in counts.items()}
    return [split if home[group] == split else "none" for split, group in zip(modules, groups, strict=True)]


def _home(counts: Counter[Split]) -> Split:
    return max(SPLITS, key=lambda split: (counts[split], -SPLITS.index(split)))
