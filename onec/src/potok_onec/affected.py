"""Whom a change of version affects: who refers to what was removed or changed, by edges with file and line."""

from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct

from potok_onec.configuration import Reading
from potok_onec.dependencies import Loose
from potok_onec.dependencies.facts import facts
from potok_onec.dependencies.index import Index
from potok_onec.dependencies.names import kind_of
from potok_onec.dependencies.resolving import Resolution, resolve
from potok_onec.difference import Change, Difference

# Every object is in a subsystem and in roles: that tells nothing of who would break.
_IDLE: Final = frozenset({"subsystem", "right"})

_EXPORT: Final = " Export"

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
    those that refer to it still. Both hold the first ones, the counts tell of all, and so does `objects`. `parts` are
    the removed and changed ones of an object.
    """

    how: str
    name: str
    file: str
    line: int
    project: str
    object: str
    parts: list[str] = []
    users_before: int = 0
    users_after: int = 0
    objects: set[str] = set()
    before: list[User] = []
    after: list[User] = []


def affected(
    found: Difference, before: Callable[[], Reading], after: Callable[[], Reading], *, users_max: int
) -> list[Affected]:
    """The most used first. Each version is read once more, over its cache; without a change neither is."""
    if found.names is None:
        return []
    things = list(_things(found))
    gone = [one for one in things if one.how == "removed"]
    old, new = found.names
    if gone:
        for one, user in _users(before(), old, _targets(gone, old), {}):
            one.users_before += 1
            _take(one, one.before, user, users_max)
    if things:
        for one, user in _users(after(), new, _targets(things, new), {_written(one): one for one in gone}):
            one.users_after += 1
            _take(one, one.after, user, users_max)
    used = [one for one in things if one.users_before or one.users_after]
    return sorted(used, key=lambda one: (-one.users_after, -one.users_before, one.name))


def _take(one: Affected, users: list[User], user: User, users_max: int) -> None:
    one.objects.add(user.object)
    if len(users) < users_max:
        users.append(user)


def _things(found: Difference) -> Iterator[Affected]:
    """An export that is none any more is gone for everybody else, whatever is left of it."""
    for change in (*found.methods, *found.signatures):
        was, is_now = change.before.endswith(_EXPORT), change.after.endswith(_EXPORT)
        if was and change.how != "added":
            yield _begun(change, change.how if is_now else "removed")
    objects = {(change.project, change.object): _begun(change) for change in found.objects if change.how != "added"}
    for change in found.members:
        if change.how != "added":
            one = objects.setdefault((change.project, change.object), _begun(change, "changed", change.object))
            one.parts.append(f"{'-' if change.how == 'removed' else '~'} {change.name.partition('/')[2]}")
    yield from objects.values()


def _targets(things: list[Affected], names: Index) -> dict[_Target, Affected]:
    """Where each stands in that version: a method by its file, an object by its name."""
    found: dict[_Target, Affected] = {}
    for one in things:
        if "/" not in one.name:
            found[one.project, one.object, ""] = one
            continue
        rest, _, method = one.name.partition("/")[2].rpartition(".")
        owner, _, kind = rest.rpartition(".")
        for module in names.place(one.project, one.object, owner, kind)[:1]:
            found[module.file, "", method.lower()] = one
    return found


def _begun(change: Change, how: str = "", name: str = "") -> Affected:
    return Affected(how or change.how, name or change.name, change.file, change.line, change.project, change.object)


def _written(one: Affected) -> str:
    """How code would name what is gone: `module.method` of a common module, `catalog.goods`."""
    method = one.name.partition("/")[2]
    return f"{one.object.rpartition('.')[2]}.{method.rpartition('.')[2]}".lower() if method else one.object.lower()


def _users(
    reading: Reading, index: Index, targets: dict[_Target, Affected], lost: dict[str, Affected]
) -> Iterator[tuple[Affected, User]]:
    for item in reading.objects():
        found = dict.fromkeys(each for fact in facts(item) for each in resolve(index, item.project, fact))
        for each in found:
            for one in _meant(each, targets, lost):
                yield one, User(each.kind, each.source, each.source_method, each.source_file, each.line)


def _meant(each: Resolution, targets: dict[_Target, Affected], lost: dict[str, Affected]) -> Iterator[Affected]:
    """An object does not use itself; a method may be called by another of its module."""
    if isinstance(each, Loose):
        if each.reason != "local_variable" and (one := lost.get(_folded(each.path))) is not None:
            yield one
        return
    method = (each.target_file, "", each.target_method.lower())
    if each.target_method and method in targets:
        yield targets[method]
    item = (each.target_project or each.project, each.target, "")
    if item in targets and each.source != each.target and each.kind not in _IDLE:
        yield targets[item]


def _folded(path: str) -> str:
    """`Справочник.Товары` of a query and `CatalogRef.Товары` are the catalog."""
    head, _, rest = path.partition(".")
    kind = kind_of(head)
    return f"{kind}.{rest.partition('.')[0]}".lower() if kind else path.lower()
