"""Whom a change of version affects: who refers to what was removed or changed, by edges with file and line."""

from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct

from potok_onec.configuration import Reading
from potok_onec.dependencies import Edge, Loose
from potok_onec.dependencies.facts import facts
from potok_onec.dependencies.index import Index
from potok_onec.dependencies.names import kind_of
from potok_onec.dependencies.resolving import Resolution, resolve
from potok_onec.difference import Change, Difference

# Every object is in a subsystem and in roles: that tells nothing of who would break.
_IDLE: Final = frozenset({"subsystem", "right"})

# (project, object, "") or (file, "", folded method)
_Target = tuple[str, str, str]


class User(Struct, frozen=True):
    """A place that refers to what has changed; `method` is empty outside of methods."""

    kind: str
    object: str
    method: str
    file: str
    line: int


class Affected(Struct):
    """A removed or changed export, or an object of which itself or a part has changed.

    `before` are users in the old version, told of what was removed; `after` those in the new one: of what was removed
    those that refer to it still. Both hold the first ones, the counts tell of all.
    """

    how: str
    name: str
    file: str
    line: int
    parts: list[str]
    users_before: int = 0
    users_after: int = 0
    objects: int = 0
    before: list[User] = []
    after: list[User] = []


def affected(
    found: Difference, before: Callable[[], Reading], after: Callable[[], Reading], *, users_max: int
) -> list[Affected]:
    """The most used first. Each version is read once more, over its cache; without a change neither is."""
    targets = _targets(found)
    names = found.names
    if not targets or names is None:
        return []
    seen: dict[_Target, set[str]] = {}
    removed = {target: one for target, one in targets.items() if one.how == "removed"}
    if removed:
        for target, user in _users(before(), names[0], removed, {}):
            one = removed[target]
            one.users_before += 1
            _take(one.before, user, users_max)
            seen.setdefault(target, set()).add(user.object)
    lost = {_written(target, one): target for target, one in removed.items()}
    for target, user in _users(after(), names[1], targets, lost):
        one = targets[target]
        one.users_after += 1
        _take(one.after, user, users_max)
        seen.setdefault(target, set()).add(user.object)
    for target, objects in seen.items():
        targets[target].objects = len(objects)
    used = [one for one in targets.values() if one.users_before or one.users_after]
    return sorted(used, key=lambda one: (-one.users_after, -one.users_before, one.name))


def _take(users: list[User], user: User, users_max: int) -> None:
    if len(users) < users_max:
        users.append(user)


def _targets(found: Difference) -> dict[_Target, Affected]:
    targets: dict[_Target, Affected] = {}
    for change in (*found.methods, *found.signatures):
        if change.how != "added" and (change.before or change.after).endswith(" Export"):
            targets[change.file, "", change.name.rpartition(".")[2].lower()] = _begun(change)
    for change in found.objects:
        if change.how != "added":
            targets[change.project, change.object, ""] = _begun(change)
    for change in found.members:
        if change.how != "added":
            target = (change.project, change.object, "")
            one = targets.setdefault(target, Affected("changed", change.object, change.file, change.line, []))
            one.parts.append(f"{'-' if change.how == 'removed' else '~'} {change.name.partition('/')[2]}")
    return targets


def _begun(change: Change) -> Affected:
    return Affected(change.how, change.name, change.file, change.line, [])


def _written(target: _Target, one: Affected) -> str:
    """How code would name what is gone: `module.method` of a common module, `catalog.goods`."""
    if not target[2]:
        return target[1].lower()
    item = one.name.partition("/")[0].rpartition(".")[2]
    return f"{item}.{target[2]}".lower()


def _users(
    reading: Reading, index: Index, targets: dict[_Target, Affected], lost: dict[str, _Target]
) -> Iterator[tuple[_Target, User]]:
    for item in reading.objects():
        found = dict.fromkeys(each for fact in facts(item) for each in resolve(index, item.project, fact))
        for each in found:
            for target in _meant(each, targets, lost):
                yield target, User(each.kind, each.source, each.source_method, each.source_file, each.line)


def _meant(each: Resolution, targets: dict[_Target, Affected], lost: dict[str, _Target]) -> Iterator[_Target]:
    if isinstance(each, Loose):
        target = lost.get(_folded(each.path))
        if target is not None:
            yield target
        return
    if _is_idle(each):
        return
    for target in (
        (each.target_file, "", each.target_method.lower()),
        (each.target_project or each.project, each.target, ""),
    ):
        if target in targets and each.source != each.target:
            yield target


def _folded(path: str) -> str:
    """`Справочник.Товары` of a query and `CatalogRef.Товары` are the catalog."""
    head, _, rest = path.partition(".")
    kind = kind_of(head)
    return f"{kind}.{rest.partition('.')[0]}".lower() if kind else path.lower()


def _is_idle(edge: Edge) -> bool:
    return edge.kind in _IDLE
