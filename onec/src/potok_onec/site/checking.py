"""Reads the written site again: which pages there are, and which links lead nowhere."""

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterable
from html import unescape
from pathlib import Path
from typing import Final

from msgspec import Struct

_ATTRIBUTE: Final = re.compile(r"<[a-z0-9]+ [^<>]*?>")
_VALUE: Final = re.compile(r' (href|src|id|data-page)="([^"]*)"')


class Looked(Struct, frozen=True, array_like=True):
    """Of one page: its kind, the anchors in it, and where its links lead as (page, anchor, as written)."""

    page: str
    kind: str
    anchors: list[str]
    links: list[tuple[str, str, str]]


class Checked(Struct, frozen=True):
    """`dead` are links as (page, address)."""

    pages: Counter[str]
    links: int
    dead: list[tuple[str, str]]


def look(page: str, written: str) -> Looked:
    kind = ""
    anchors: list[str] = []
    links: dict[tuple[str, str], str] = {}
    for element in _ATTRIBUTE.finditer(written):
        for name, value in _VALUE.findall(element[0]):
            if name == "id":
                anchors.append(unescape(value))
            elif name == "data-page":
                kind = value
            elif not value.startswith("data:"):
                way, _, anchor = unescape(value).partition("#")
                target = posixpath.normpath(posixpath.join(posixpath.dirname(page), way)) if way else page
                links.setdefault((target, anchor), value)
    return Looked(page, kind, anchors, [(*target, value) for target, value in links.items()])


def summed(looked: Iterable[Looked], files: Collection[str]) -> Checked:
    """All pages together; `files` is whatever a link may lead to."""
    anchors: set[tuple[str, str]] = set()
    targets: dict[tuple[str, str], tuple[str, str]] = {}
    pages: Counter[str] = Counter()
    for one in sorted(looked, key=lambda each: each.page):
        anchors.update((one.page, anchor) for anchor in one.anchors)
        pages[one.kind] += 1
        for target, anchor, value in one.links:
            targets.setdefault((target, anchor), (one.page, value))
    dead = [
        where
        for (target, anchor), where in sorted(targets.items())
        if target not in files or (anchor and (target, anchor) not in anchors)
    ]
    return Checked(pages, len(targets), dead)


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def check(folder: Path) -> Checked:
    files = files_of(folder)
    pages = sorted(name for name in files if name.endswith(".html"))
    return summed((look(page, (folder / page).read_text(encoding="utf-8")) for page in pages), files)
