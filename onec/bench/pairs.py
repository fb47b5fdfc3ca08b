"""Compares two readings of one configuration, property by property: what equal layouts must give equally."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from potok_onec.configuration import Member, MetadataObject, read


class Deviation(NamedTuple):
    """A property that differs: whose, which, and both values."""

    thing: str
    name: str
    one: Any
    two: Any


class Agreement(NamedTuple):
    """uuids of both sides, how many properties were compared, and those that differ."""

    uuids_one: set[str]
    uuids_two: set[str]
    compared: int
    exceptions: list[Deviation]

    @property
    def share(self) -> float:
        return 1 - len(self.exceptions) / self.compared if self.compared else 0.0


_ABSENT = "(absent)"


def compare(one: Path, two: Path) -> Agreement:
    left, right = dict(_things(one)), dict(_things(two))
    exceptions: list[Deviation] = []
    compared = 0
    for key in sorted(set(left) & set(right)):
        mine, theirs = _facts(left[key]), _facts(right[key])
        for name in sorted(set(mine) | set(theirs)):
            compared += 1
            pair = mine.get(name, _ABSENT), theirs.get(name, _ABSENT)
            if pair[0] != pair[1]:
                exceptions.append(Deviation(f"{left[key].kind} {left[key].name}", name, *pair))
    return Agreement(_uuids(left), _uuids(right), compared, exceptions)


def _uuids(things: dict[str, MetadataObject | Member]) -> set[str]:
    return {item.uuid for item in things.values() if item.uuid}


def _things(folder: Path) -> Iterator[tuple[str, MetadataObject | Member]]:
    """Everything that has properties, by uuid, or by place when it has none (standard attributes)."""
    for item in read(folder, cache=False).objects():
        yield item.uuid or item.full_name, item
        parts = [*item.members, *(form.member for form in item.forms), *(each.member for each in item.templates)]
        for member in parts:
            yield from _members(member, item.uuid or item.full_name)


def _members(member: Member, owner: str) -> Iterator[tuple[str, Member]]:
    key = member.uuid or f"{owner}/{member.kind}.{member.name}"
    yield key, member
    for part in member.members:
        yield from _members(part, key)


def _facts(item: MetadataObject | Member) -> dict[str, Any]:
    return {
        "(name)": item.name,
        "(comment)": item.comment,
        "(synonym)": item.synonym,
        "(type)": item.type,
        "(adopted)": item.is_adopted,
        **item.properties,
    }
