"""The map of subsystems: rectangles by size, coloured by how much leads outside, and the tree below it."""

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from potok_onec.configuration import Project
from potok_onec.site.frame import page, section
from potok_onec.site.html import NOTHING, Html, folded, join, link, tag, text
from potok_onec.site.model import Site
from potok_onec.site.places import ObjectPlace
from potok_onec.site.relations import rows
from potok_onec.site.words import synonym, word

_WIDTH: Final = 960
_HEIGHT: Final = 420
_LEVELS: Final = 5
_HERE: Final = "subsystems.html"


class _Tile(Struct, frozen=True):
    place: ObjectPlace
    size: int
    level: int


class _Box(Struct, frozen=True):
    left: float
    top: float
    width: float
    height: float


def subsystem_page(site: Site) -> Html:
    outward = _outward(site)
    parts = [_project(site, project, outward) for project in site.projects]
    shown = join(part for part in parts if part) or tag("p", word("none_of_it"), cls="quiet")
    return page(_HERE, "subsystems", "Подсистемы · Subsystems", [("index.html", word("home"))],
                tag("div", tag("h1", word("subsystems")), cls="heading"), shown)  # fmt: skip


def _outward(site: Site) -> dict[tuple[str, str], float]:
    """The share of references that lead outside, as step 2 counted it."""
    if "architecture" not in site.outputs:
        return {}
    table = rows(site.outputs["architecture"].path / "subsystems.parquet", ("project", "subsystem", "edges", "outward"))
    return {(project, name): outward / edges for project, name, edges, outward in table if edges}


def _project(site: Site, project: Project, outward: dict[tuple[str, str], float]) -> Html:
    own = [each for each in site.places.all if each.project == project.name and each.kind == "Subsystem"]
    if not own:
        return NOTHING
    top = [each for each in own if each.full_name.count(".") == 1]
    tiles = [_tile(site, each, own, outward) for each in top]
    tiles.sort(key=lambda tile: (-tile.size, tile.place.path))
    boxes = _squares([tile.size for tile in tiles], _Box(0, 0, _WIDTH, _HEIGHT))
    drawn = [_drawn(tile, box) for tile, box in zip(tiles, boxes, strict=True)]
    picture = tag("svg", *drawn, viewBox=f"0 0 {_WIDTH} {_HEIGHT}", role="img", cls="map")
    note = word("map_note" if outward else "map_note_plain")
    tree = tag("ul", *(_branch(site, each, own) for each in top), cls="tree")
    legend = _legend() if outward else NOTHING
    return section(text(project.name), tag("p", note, cls="quiet"), picture, legend, tree, amount=len(own))


def _legend() -> Html:
    """Which colour is which share."""
    step = 100 // _LEVELS
    shares = [
        tag("span", tag("i", cls=f"level{level}"), text(f"{level * step}–{(level + 1) * step} %"))
        for level in range(_LEVELS)
    ]
    return tag("p", word("map_legend"), *shares, cls="legend")


def _tile(site: Site, place: ObjectPlace, own: Sequence[ObjectPlace], outward: dict[tuple[str, str], float]) -> _Tile:
    names: set[str] = set()
    for each in own:
        if each is place or each.full_name.startswith(f"{place.full_name}."):
            names.update(site.contents.get((each.project, each.full_name), ()))
    share: Any = outward.get((place.project, place.full_name))
    level = -1 if share is None else min(_LEVELS - 1, int(share * _LEVELS))
    return _Tile(place, max(1, len(names)), level)


def _squares(sizes: Sequence[int], box: _Box) -> list[_Box]:
    """The list is halved by weight again and again, across the longer side: every part stays near to a square."""
    if len(sizes) <= 1:
        return [box] * len(sizes)
    total, sum_left, cut = sum(sizes), 0, 0
    while cut < len(sizes) - 1 and (cut == 0 or sum_left + sizes[cut] / 2 <= total / 2):
        sum_left += sizes[cut]
        cut += 1
    share = sum_left / total
    if box.width >= box.height:
        first = _Box(box.left, box.top, box.width * share, box.height)
        second = _Box(box.left + first.width, box.top, box.width - first.width, box.height)
    else:
        first = _Box(box.left, box.top, box.width, box.height * share)
        second = _Box(box.left, box.top + first.height, box.width, box.height - first.height)
    return _squares(sizes[:cut], first) + _squares(sizes[cut:], second)


def _drawn(tile: _Tile, box: _Box) -> Html:
    letters = int((box.width - 16) / 8)
    name = tile.place.name
    label = name if len(name) <= letters else f"{name[: max(0, letters - 1)]}…"
    is_labelled = letters >= 3 and box.height >= 40
    rectangle = tag(
        "rect", x=f"{box.left + 1:.1f}", y=f"{box.top + 1:.1f}", width=f"{max(1, box.width - 2):.1f}",
        height=f"{max(1, box.height - 2):.1f}", rx=6, cls=f"level{tile.level}" if tile.level >= 0 else None,
    )  # fmt: skip
    words = [
        tag("text", text(label), x=f"{box.left + 10:.1f}", y=f"{box.top + 22:.1f}"),
        tag("text", text(str(tile.size)), x=f"{box.left + 10:.1f}", y=f"{box.top + 38:.1f}", cls="quiet"),
    ]
    shown = words if is_labelled else []
    return tag("a", tag("title", text(f"{name}: {tile.size}")), rectangle, *shown, href=tile.place.path)


def _branch(site: Site, place: ObjectPlace, own: Sequence[ObjectPlace]) -> Html:
    start = f"{place.full_name}.Subsystem."
    below = [each for each in own if each.full_name.startswith(start) and "." not in each.full_name[len(start) :]]
    names = site.contents.get((place.project, place.full_name), [])
    title = join([
        link(place.path, text(place.name)), text(" "), tag("span", synonym(place.synonym), cls="quiet"),
        tag("span", text(str(len(names))), cls="count"),
    ])  # fmt: skip
    items = tag("ul", *(tag("li", site.object_link(_HERE, place.project, name)) for name in names), cls="grid")
    content = folded(word("content"), items) if names else NOTHING
    branches = tag("ul", *(_branch(site, each, own) for each in below)) if below else NOTHING
    return tag("li", title, content, branches)
