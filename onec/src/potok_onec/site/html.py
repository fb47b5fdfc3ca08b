"""Pieces of HTML as a type of their own: text becomes one only by being escaped, so nothing of a source is markup."""

from collections.abc import Iterable
from html import escape
from typing import Final, NewType

Html = NewType("Html", str)

NOTHING: Final = Html("")
_VOID: Final = frozenset({"meta", "link", "input", "br"})


def text(value: str) -> Html:
    return Html(escape(value))


def join(pieces: Iterable[Html], between: str = "") -> Html:
    return Html(escape(between).join(pieces))


def tag(name: str, /, *children: Html, **attributes: str | int | None) -> Html:
    """`cls` is `class`, `data_kind` is `data-kind`, an attribute that is None is left out.

    >>> tag("a", text("<b>"), href='x"y', cls="plain")
    '<a href="x&quot;y" class="plain">&lt;b&gt;</a>'
    """
    written = "".join(
        f' {"class" if key == "cls" else key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{''.join(children)}</{name}>")


def link(href: str, *children: Html, cls: str | None = None) -> Html:
    """To a page of the site; without an address the content alone."""
    return tag("a", *children, href=href, cls=cls) if href else tag("span", *children, cls=cls)


def table(head: Iterable[Html], rows: Iterable[Iterable[Html]]) -> Html:
    """Scrolls sideways in a frame of its own where the screen is narrow."""
    heading = tag("tr", *(tag("th", cell, scope="col") for cell in head))
    body = (tag("tr", *(tag("td", cell) for cell in row)) for row in rows)
    return tag("div", tag("table", tag("thead", heading), tag("tbody", *body)), cls="wide")


def folded(summary: Html, *children: Html, is_open: bool = False) -> Html:
    """A part that opens when asked."""
    return tag("details", tag("summary", summary), *children, open="" if is_open else None)
