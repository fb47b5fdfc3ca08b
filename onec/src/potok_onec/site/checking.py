"""Reads the written site again: which pages there are, and which links lead nowhere."""

import posixpath
import re
from collections import Counter
from html import unescape
from pathlib import Path
from typing import Final

from msgspec import Struct

_ATTRIBUTE: Final = re.compile(r"<[a-z0-9]+ [^<>]*?>")
_VALUE: Final = re.compile(r' (href|src|id|data-page)="([^"]*)"')


class Checked(Struct, frozen=True):
    """`dead` are links as (page, address)."""

    pages: Counter[str]
    links: int
    dead: list[tuple[str, str]]


def check(folder: Path) -> Checked:
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    anchors: set[tuple[str, str]] = set()
    targets: dict[tuple[str, str], tuple[str, str]] = {}
    pages: Counter[str] = Counter()
    for page in sorted(name for name in files if name.endswith(".html")):
        written = (folder / page).read_text(encoding="utf-8")
        for element in _ATTRIBUTE.finditer(written):
            for name, value in _VALUE.findall(element[0]):
                if name == "id":
                    anchors.add((page, unescape(value)))
                elif name == "data-page":
                    pages[value] += 1
                elif not value.startswith("data:"):
                    way, _, anchor = unescape(value).partition("#")
                    target = posixpath.normpath(posixpath.join(posixpath.dirname(page), way)) if way else page
                    targets.setdefault((target, anchor), (page, value))
    dead = [
        where
        for (target, anchor), where in sorted(targets.items())
        if target not in files or (anchor and (target, anchor) not in anchors)
    ]
    return Checked(pages, len(targets), dead)
