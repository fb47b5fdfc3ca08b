"""The index of the search: a script that hands over JSON, because a page opened from a folder may not fetch."""

from typing import Any

from msgspec import json

from potok_onec.site.model import Site
from potok_onec.site.words import kind_names


def entries(site: Site) -> tuple[bytes, int]:
    """The script and the number of names in it."""
    kinds: dict[str, int] = {}
    objects: list[list[Any]] = []
    for each in site.places.all:
        titles = list(dict.fromkeys(each.synonym.values()))
        objects.append([kinds.setdefault(each.kind, len(kinds)), each.name, each.path, *titles])
    modules: list[list[Any]] = [
        [kinds.setdefault(each.kind, len(kinds)), each.name, each.path, " ".join(each.anchors.values())]
        for each in site.places.modules.values()
    ]
    told = {
        "kinds": [kind_names(kind) for kind in kinds],
        "projects": len(site.projects),
        "objects": objects,
        "modules": modules,
    }
    amount = len(objects) + len(modules) + sum(len(each.anchors) for each in site.places.modules.values())
    return b"window.siteIndex(" + json.encode(told) + b");\n", amount


def expected(site: Site) -> int:
    return len(site.places.all) + len(site.places.modules)
