"""What changed between two versions of a source: objects, their parts, methods, signatures. Places do not matter."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

from msgspec import Struct, field, json
from msgspec.structs import astuple, replace

from potok_onec.configuration import Member, MetadataObject, Method, Reading
from potok_onec.dependencies.index import Index


class Change(Struct, frozen=True):
    """`how` is added, removed or changed; `file:line` is in the version that has it, the later one when both do.

    `object` of `project` is the thing itself or that of which it is a part.
    """

    what: str
    how: str
    name: str
    file: str
    line: int
    before: str = ""
    after: str = ""
    project: str = ""
    object: str = ""


class Difference(Struct):
    """Changes by what they are about; a signature that changed is not repeated as a changed method.

    `names` are those of both versions, for whoever asks who refers to what.
    """

    objects: list[Change] = field(default_factory=list)
    members: list[Change] = field(default_factory=list)
    methods: list[Change] = field(default_factory=list)
    signatures: list[Change] = field(default_factory=list)
    names: tuple[Index, Index] | None = None

    def __bool__(self) -> bool:
        return bool(self.objects or self.members or self.methods or self.signatures)


class _Fact(Struct, frozen=True, gc=False):
    """A thing by its digest: all that is kept of a version while the other one is read."""

    digest: str
    file: str
    line: int
    project: str
    object: str
    signature: str = ""


class _Index(Struct):
    names: Index
    objects: dict[str, _Fact] = field(default_factory=dict)
    members: dict[str, _Fact] = field(default_factory=dict)
    methods: dict[str, _Fact] = field(default_factory=dict)


def compare(before: Reading, after: Reading) -> Difference:
    """Reads both, one after the other. Layouts may differ: a dump can be compared with an EDT project."""
    one, two = _index(before), _index(after)
    found = Difference(names=(one.names, two.names))
    found.objects = list(_changes("object", one.objects, two.objects))
    gone = {change.name for change in found.objects if change.how != "changed"}
    found.members = [
        change for change in _changes("member", one.members, two.members) if _owner(change.name) not in gone
    ]
    for change in _changes("method", one.methods, two.methods):
        if change.how == "changed" and change.before != change.after:
            found.signatures.append(replace(change, what="signature"))
        else:
            found.methods.append(change)
    return found


def _owner(path: str) -> str:
    """The object that a member is of: kinds and names come in pairs and no name has a dot."""
    return path.partition("/")[0]


def _index(reading: Reading) -> _Index:
    index = _Index(Index(reading.projects))
    several = len({project.kind for project in reading.projects}) < len(reading.projects)
    for item in reading.objects():
        index.names.add(item)
        _take(item, index, _prefix(item, reading, several))
    return index


def _prefix(item: MetadataObject, reading: Reading, several: bool) -> str:
    """Projects are told apart by name only where their kinds do not: folders are called as anybody likes."""
    if several:
        return f"{item.project}:"
    kind = next(project.kind for project in reading.projects if project.name == item.project)
    return "" if kind == "configuration" else f"{kind}:"


def _take(item: MetadataObject, index: _Index, prefix: str) -> None:
    own = "Configuration" if item.kind == "Configuration" else item.full_name
    name = f"{prefix}{own}"
    index.objects[name] = _Fact(_digest(_facts(item)), item.file, item.line, item.project, item.full_name)
    parts = [*item.members, *(form.member for form in item.forms), *(each.member for each in item.templates)]
    for member in parts:
        _take_member(member, name, item, index)
    for module in item.modules:
        owner = f"{name}/{module.owner}." if module.owner else f"{name}/"
        for method in module.methods:
            fact = _Fact(method.digest, module.file, method.line, item.project, item.full_name, signature(method))
            index.methods[f"{owner}{module.kind}.{method.name}"] = fact


def _take_member(member: Member, owner: str, item: MetadataObject, index: _Index) -> None:
    separator = "." if "/" in owner else "/"
    path = f"{owner}{separator}{member.kind}.{member.name}"
    index.members[path] = _Fact(_digest(_facts(member)), item.file, member.line, item.project, item.full_name)
    for part in member.members:
        _take_member(part, path, item, index)


def _facts(item: MetadataObject | Member) -> list[Any]:
    # As a tuple: a struct leaves out what is its default, but only when it is the very same object.
    types = astuple(item.type) if item.type is not None else None
    facts: list[Any] = [
        item.kind, item.name, item.synonym, item.comment, types, item.properties, item.is_adopted, item.states,
    ]  # fmt: skip
    if isinstance(item, MetadataObject):
        rights = item.rights
        if rights is not None:
            facts.append(sorted((right.object, right.name, right.value) for right in rights.rights))
            facts.append([each.condition for right in rights.rights for each in right.restrictions])
        facts.append([item.schedule, item.exchange_content])
    return facts


def _digest(value: Any) -> str:
    return blake2b(json.encode(value, order="sorted"), digest_size=12).hexdigest()


def signature(method: Method) -> str:
    """As in source: `Функция Имя(А, Б = 1) Экспорт` without annotations, in the language of the platform's docs."""
    word = "Function" if method.kind == "function" else "Procedure"
    export = " Export" if method.is_exported else ""
    return f"{word} {method.name}({', '.join(method.parameters)}){export}"


def _changes(what: str, before: dict[str, _Fact], after: dict[str, _Fact]) -> Iterator[Change]:
    for name, fact in after.items():
        known = before.get(name)
        if known is None:
            yield _change(what, "added", name, fact, after=fact.signature)
        elif known.digest != fact.digest:
            yield _change(what, "changed", name, fact, known.signature, fact.signature)
    for name, fact in before.items():
        if name not in after:
            yield _change(what, "removed", name, fact, before=fact.signature)


def _change(what: str, how: str, name: str, fact: _Fact, before: str = "", after: str = "") -> Change:
    return Change(what, how, name, fact.file, fact.line, before, after, fact.project, fact.object)
