"""The page of a module: its neighbours, its methods by region, and for each who calls it and what it calls."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from potok_onec.bsl import describe_method
from potok_onec.bsl.description import MethodDescription, ParameterDescription, ValueDescription
from potok_onec.configuration import MetadataObject, Method, Module
from potok_onec.site.frame import breakable, chip, heading, missing, numbers, page, place, section
from potok_onec.site.graph import Neighbour, neighbours
from potok_onec.site.html import NOTHING, Html, folded, join, link, table, tag, text
from potok_onec.site.model import Site, module_title
from potok_onec.site.places import ModulePlace, ObjectPlace, address
from potok_onec.site.relations import Relations, Spot
from potok_onec.site.words import both, kind_word, known_word, word

# More sites than that open on demand.
_SITES_OPEN: Final = 6
_LINES_SHOWN: Final = 12


def module_page(site: Site, item: MetadataObject, owner: ObjectPlace, module: Module) -> Html:
    here = site.places.modules[module.file]
    title = both(*module_title(here))
    way = [
        ("index.html", word("home")),
        (f"{site.places.folders[item.project]}/index.html", text(item.project)),
        (owner.path, join([kind_word(item.kind), text(item.name)], " ")),
    ]
    chips = _module_chips(site, module)
    counted = numbers([
        (word("methods"), len(module.methods)),
        (word("exports"), sum(method.is_exported for method in module.methods)),
        (word("lines"), module.lines),
    ])  # fmt: skip
    name = item.name if not module.owner else f"{item.name}.{module.owner.partition('.')[2]}"
    return page(
        here.path, "module", f"{name} · {module.kind}", way,
        heading(title, name, tag("p", place(module.file), cls="where"), tag("p", *chips, cls="chips")),
        counted, _graph(site, here), _contents(site, here, module), *_methods(site, here, module),
    )  # fmt: skip


def _module_chips(site: Site, module: Module) -> list[Html]:
    chips = [chip(word("broken"), "bad")] if module.is_broken else []
    known = site.surveyed.get(module.file) if site.surveyed is not None else None
    if known:
        chips.append(chip(known_word("layer_", known.layer)))
        if known.cycle:
            chips.append(chip(word("in_cycle"), "warn"))
    return chips


def _graph(site: Site, here: ModulePlace) -> Html:
    if site.relations is None:
        return section(word("graph"), missing("dependencies"))
    drawn = neighbours(here.name, _at_end(site, here, site.relations.into), _at_end(site, here, site.relations.out_of))
    return section(word("graph"), drawn) if drawn else NOTHING


def _at_end(site: Site, here: ModulePlace, ends: dict[str, dict[str, int]]) -> list[Neighbour]:
    found = []
    for file, amount in ends.get(here.file, {}).items():
        other = site.places.modules.get(file)
        if other is not None:
            found.append(Neighbour(other.name, address(here.path, other.path), amount))
    return found


def _contents(site: Site, here: ModulePlace, module: Module) -> Html:
    """All methods at a glance, the exported ones first: what another module can use."""
    if not module.methods:
        return section(word("methods"), tag("p", word("no_methods"), cls="quiet"), amount=0)
    rows = []
    for method in sorted(module.methods, key=lambda each: not each.is_exported):
        spot = (module.file, method.name.lower())
        calls = sum(map(len, site.relations.callers.get(spot, {}).values())) if site.relations else None
        rows.append((
            link(f"#{here.anchors[spot[1]]}", breakable(method.name)),
            chip(word("export"), "good") if method.is_exported else NOTHING,
            text("—" if calls is None else str(calls)),
            text(str(method.cyclomatic)),
            text(str(method.line)),
        ))  # fmt: skip
    head = (word("method"), NOTHING, word("callers"), word("complexity"), word("line"))
    return section(word("contents"), table(head, rows), amount=len(rows))


def _methods(site: Site, here: ModulePlace, module: Module) -> Iterable[Html]:
    """In the order of the text, so that the page reads as the module does."""
    region: str | None = None
    gathered: list[Html] = []
    seen = Counter[str]()
    for method in module.methods:
        if method.region != region:
            if gathered:
                yield _region(region or "", gathered)
            region, gathered = method.region, []
        seen[method.name.lower()] += 1
        gathered.append(_method(site, here, method, is_first=seen[method.name.lower()] == 1))
    if gathered:
        yield _region(region or "", gathered)
    body = (module.file, "")
    if site.relations is not None and body in site.relations.callees:
        calls = _sites(site, here, site.relations.callees[body], word("calls"), word("nothing"))
        yield section(word("module_body"), calls)


def _region(name: str, methods: list[Html]) -> Html:
    return tag("section", tag("h2", text(name) if name else word("no_region"), cls="region"), *methods)


def _method(site: Site, here: ModulePlace, method: Method, *, is_first: bool) -> Html:
    signature = tag("code", text(f"{method.name}({', '.join(method.parameters)})"), cls="signature")
    chips = [chip(word(method.kind))]
    chips += [chip(word("export"), "good")] if method.is_exported else []
    chips += [chip(word("async"))] if method.is_async else []
    chips += [chip(text(f"&{name}")) for name in method.annotations]
    chips.append(place(here.file, method.line))
    anchor = here.anchors[method.name.lower()] if is_first else None
    title = tag("h3", link(f"#{anchor}" if anchor else "", breakable(method.name)))
    described = _described(site, here, describe_method(method.description)) if method.description else NOTHING
    metrics = tag(
        "p", word("cyclomatic"), text(f" {method.cyclomatic} · "), word("cognitive"), text(f" {method.cognitive}"),
        cls="quiet",
    )  # fmt: skip
    parts = (title, tag("p", *chips, cls="chips"), signature, described, metrics, _calls(site, here, method))
    return tag("article", *parts, id=anchor)


def _calls(site: Site, here: ModulePlace, method: Method) -> Html:
    if site.relations is None:
        return missing("dependencies")
    spot = (here.file, method.name.lower())
    pieces = [
        _sites(site, here, site.relations.callers.get(spot, {}), word("called_by"), word("nobody")),
        _sites(site, here, site.relations.callees.get(spot, {}), word("calls"), word("nothing")),
    ]
    return tag("div", _handled(site, here, site.relations, spot), *pieces, cls="ends")


def _handled(site: Site, here: ModulePlace, relations: Relations, spot: Spot) -> Html:
    """Events, jobs and strings that lead to the method without a call."""
    found = relations.handled.get(spot, [])
    rows = [
        tag(
            "li", known_word("edge_", kind), text(" "), site.object_link(here.path, project, item), text(" "),
            site.file_link(here.path, file, line),
        )
        for kind, project, item, file, line in found
    ]  # fmt: skip
    return _list(word("used_by"), rows, NOTHING) if rows else NOTHING


def _sites(site: Site, here: ModulePlace, ends: dict[Spot, list[int]], title: Html, none: Html) -> Html:
    rows = []
    for spot, lines in ends.items():
        shown = ", ".join(map(str, lines[:_LINES_SHOWN])) + (", …" if len(lines) > _LINES_SHOWN else "")
        rows.append(tag("li", site.method_link(here.path, spot), tag("small", text(f" :{shown}"))))
    return _list(title, rows, none)


def _list(title: Html, rows: Sequence[Html], none: Html) -> Html:
    if not rows:
        return tag("p", title, text(": "), none, cls="quiet")
    label = join([title, tag("span", text(str(len(rows))), cls="count")])
    return folded(label, tag("ul", *rows), is_open=len(rows) <= _SITES_OPEN)


# --- description ------------------------------------------------------------------------------------------------------


def _described(site: Site, here: ModulePlace, found: MethodDescription) -> Html:
    pieces = []
    if found.deprecated is not None:
        pieces.append(tag("p", chip(word("deprecated"), "warn"), text(f" {found.deprecated}")))
    if found.purpose:
        pieces.append(tag("p", text(found.purpose), cls="prose"))
    if found.parameters:
        pieces += [tag("h4", word("parameters")), _fields(site, here, found.parameters)]
    if found.returns:
        pieces += [tag("h4", word("returns")), *(_value(site, here, value) for value in found.returns)]
    for title, texts in (("call_options", found.call_options), ("example", found.examples)):
        if texts:
            pieces += [tag("h4", word(title)), *(tag("pre", text(each)) for each in texts)]
    if found.links:
        pieces.append(tag("p", word("see"), text(": "), join([_see(site, here, each) for each in found.links], ", ")))
    return tag("div", *pieces, cls="described")


def _fields(site: Site, here: ModulePlace, found: Sequence[ParameterDescription]) -> Html:
    rows = []
    for each in found:
        rows.append(tag("dt", tag("code", text(each.name))))
        rows.append(tag("dd", *(_value(site, here, value) for value in each.values)))
    return tag("dl", *rows, cls="fields")


def _value(site: Site, here: ModulePlace, value: ValueDescription) -> Html:
    types = join([_type(site, here, name) for name in value.types], ", ")
    dash = text(" — ") if value.types and value.text else NOTHING
    below = _fields(site, here, value.fields) if value.fields else NOTHING
    return tag("div", tag("span", types, cls="types"), dash, tag("span", text(value.text), cls="prose"), below)


def _type(site: Site, here: ModulePlace, name: str) -> Html:
    return site.type_link(here.path, here.project, name)


def _see(site: Site, here: ModulePlace, name: str) -> Html:
    """`См. ОбщегоНазначения.Метод`: to a method of this module or of a common module."""
    head, _, method = name.removesuffix("()").rpartition(".")
    module = here
    if head:
        owner = site.places.object(here.project, f"CommonModule.{head}")
        common = site.places.common_module(owner) if owner else None
        if common is None:
            return text(name)
        module = common
    anchor = module.anchors.get(method.lower())
    return link(address(here.path, module.path, anchor), text(name)) if anchor else text(name)
