"""The page of an object: its parts, its modules, what it uses and who uses it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import json

from potok_onec.configuration import Member, MetadataObject, PredefinedItem
from potok_onec.site.frame import breakable, chip, heading, missing, page, place, section
from potok_onec.site.graph import Neighbour, neighbours
from potok_onec.site.html import NOTHING, Html, folded, join, link, table, tag, text
from potok_onec.site.model import Site, module_title
from potok_onec.site.places import ObjectPlace, address
from potok_onec.site.relations import Tie
from potok_onec.site.words import both, kind_word, kinds_word, known_word, synonym, word

_ROWS_OPEN: Final = 40


def object_page(site: Site, item: MetadataObject, here: ObjectPlace) -> Html:
    way = [
        ("index.html", word("home")),
        (f"{site.places.folders[item.project]}/index.html", text(item.project)),
    ]
    if item.parent:
        parent = site.places.object(item.project, item.parent)
        way += [(parent.path, text(parent.name))] if parent else []
    under = [tag("p", synonym(item.synonym), cls="synonym")] if item.synonym else []
    under.append(tag("p", place(item.file, item.line), cls="where"))
    under.append(tag("p", *_chips(site, item, here), cls="chips"))
    if item.comment:
        under.append(tag("p", text(item.comment), cls="prose"))
    return page(
        here.path, "object", f"{item.name} · {item.kind}", way,
        heading(kind_word(item.kind), item.name, *under),
        _modules(site, item, here), _content(site, item, here), *_parts(site, item, here), _predefined(item),
        *_relations(site, here), _properties(item),
    )  # fmt: skip


def _chips(site: Site, item: MetadataObject, here: ObjectPlace) -> Iterator[Html]:
    if item.is_adopted:
        yield chip(word("adopted"), "warn")
    for name in site.subsystems_of.get((item.project, item.full_name.lower()), ()):
        found = site.places.object(item.project, name)
        if found is not None:
            yield chip(link(address(here.path, found.path), text(found.name)))
    for name in item.type.types if item.type else ():
        yield chip(site.type_link(here.path, item.project, name))


def _modules(site: Site, item: MetadataObject, here: ObjectPlace) -> Html:
    rows = []
    for module in item.modules:
        found = site.places.modules[module.file]
        title = link(address(here.path, found.path), both(*module_title(found)))
        exports = sum(method.is_exported for method in module.methods)
        rows.append((title, text(str(len(module.methods))), text(str(exports)), text(str(module.lines))))
    head = (word("module"), word("methods"), word("exports"), word("lines"))
    return section(word("modules"), table(head, rows), amount=len(rows)) if rows else NOTHING


def _content(site: Site, item: MetadataObject, here: ObjectPlace) -> Html:
    """What a subsystem names, and the subsystems below it."""
    if item.kind != "Subsystem":
        return NOTHING
    names = site.contents.get((item.project, item.full_name), [])
    below = [name for project, name in site.contents if project == item.project and _is_below(name, item.full_name)]
    rows = [tag("li", site.object_link(here.path, item.project, name)) for name in (*below, *names)]
    return section(word("content"), tag("ul", *rows, cls="grid"), amount=len(rows))


def _is_below(name: str, parent: str) -> bool:
    return name.startswith(f"{parent}.Subsystem.") and "." not in name[len(parent) + len(".Subsystem.") :]


def _parts(site: Site, item: MetadataObject, here: ObjectPlace) -> Iterator[Html]:
    kinds: dict[str, list[tuple[int, Member]]] = {}
    members = [*item.members, *(form.member for form in item.forms), *(each.member for each in item.templates)]
    for member in members:
        rows = kinds.setdefault(member.kind, [])
        rows += _nested(member, 0)
    head = (word("name"), word("title"), word("types"), word("place"))
    for kind, found in kinds.items():
        parts = [_part(site, item, here, depth, member) for depth, member in found]
        yield section(kinds_word(kind), _long(table(head, parts), len(parts)), amount=len(parts))


def _nested(member: Member, depth: int) -> Iterator[tuple[int, Member]]:
    yield depth, member
    for part in member.members:
        yield from _nested(part, depth + 1)


def _part(site: Site, item: MetadataObject, here: ObjectPlace, depth: int, member: Member) -> tuple[Html, ...]:
    types = member.type.types if member.type else ()
    name = join([text("└ " * min(depth, 1)), tag("code", breakable(member.name))])
    title = join(
        [synonym(member.synonym), tag("div", text(member.comment), cls="quiet") if member.comment else NOTHING]
    )
    linked = join([site.type_link(here.path, item.project, each) for each in types], ", ")
    return name, title, linked, text(f":{member.line}")


def _long(content: Html, rows: int) -> Html:
    return content if rows <= _ROWS_OPEN else folded(word("all_objects"), content)


def _predefined(item: MetadataObject) -> Html:
    rows = [
        (tag("code", text(each.name)), text(each.description), text(each.code))
        for each in _all_predefined(item.predefined)
    ]
    if not rows:
        return NOTHING
    head = (word("name"), word("description"), word("value"))
    return section(word("predefined"), _long(table(head, rows), len(rows)), amount=len(rows))


def _all_predefined(items: Iterable[PredefinedItem]) -> Iterator[PredefinedItem]:
    for item in items:
        yield item
        yield from _all_predefined(item.items)


def _relations(site: Site, here: ObjectPlace) -> Iterator[Html]:
    if site.relations is None:
        yield section(word("dependencies"), missing("dependencies"))
        return
    key = (here.project, here.full_name)
    incoming, outgoing = site.relations.incoming.get(key, []), site.relations.outgoing.get(key, [])
    drawn = neighbours(here.name, _summed(site, here, incoming), _summed(site, here, outgoing))
    if drawn:
        yield section(word("graph"), drawn)
    yield _ties(site, here, outgoing, word("uses"))
    yield _ties(site, here, incoming, word("used_by"))


def _summed(site: Site, here: ObjectPlace, ties: Sequence[Tie]) -> list[Neighbour]:
    """One neighbour for all kinds of references to it; subsystems and roles name everything and tell nothing."""
    amounts: dict[str, tuple[ObjectPlace, int]] = {}
    for tie in ties:
        other = site.places.object(tie.project, tie.other)
        if other is not None and other is not here and tie.kind not in ("subsystem", "right"):
            amounts[other.path] = (other, amounts.get(other.path, (other, 0))[1] + tie.amount)
    return [Neighbour(other.name, address(here.path, other.path), amount) for other, amount in amounts.values()]


def _ties(site: Site, here: ObjectPlace, ties: Sequence[Tie], title: Html) -> Html:
    if not ties:
        return section(title, tag("p", word("none_of_it"), cls="quiet"), amount=0)
    rows = [
        (
            known_word("edge_", tie.kind),
            site.object_link(here.path, tie.project, tie.other),
            text(str(tie.amount)),
            site.file_link(here.path, tie.file, tie.line),
        )
        for tie in ties
    ]
    head = (word("group"), word("name"), word("amount"), word("place"))
    return section(title, _long(table(head, rows), len(rows)), amount=len(rows))


def _properties(item: MetadataObject) -> Html:
    rows = [
        (tag("code", text(name)), text(_written(value)))
        for name, value in sorted(item.properties.items())
        if value not in ("", None, [], {}) and name != "Content"
    ]
    if item.uuid:
        rows.insert(0, (tag("code", text("uuid")), text(item.uuid)))
    if not rows:
        return NOTHING
    label = join([word("properties"), tag("span", text(str(len(rows))), cls="count")])
    return tag("section", folded(label, table((word("name"), word("value")), rows)))


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.encode(value).decode()
