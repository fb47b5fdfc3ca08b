"""What stands around the content of every page: head, bar with search and switches, the way back up."""

from collections.abc import Sequence
from typing import Final

from potok_onec.site.html import NOTHING, Html, join, link, tag, text
from potok_onec.site.places import address
from potok_onec.site.words import spoken, word

STEPS: Final = ("architecture", "dependencies", "ml-dataset", "best-practices")
# Nothing is fetched from anywhere and nothing in a page runs but the script of the site.
_POLICY: Final = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file: data:; base-uri 'none'"
)


def page(path: str, kind: str, title: str, way: Sequence[tuple[str, Html]], *content: Html) -> Html:
    """`way` is (path of the page, its name) from the top; `kind` tells the contracts what the page is."""
    up = "../" if "/" in path else ""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("title", text(title)),
        tag("link", rel="icon", href="data:,"),
        tag("link", rel="stylesheet", href=f"{up}assets/site.css"),
        tag("script", src=f"{up}assets/site.js"),
    )
    crumbs = join([link(address(path, target), name) for target, name in way], " › ")
    trail = tag("nav", crumbs, cls="way") if way else NOTHING
    body = tag(
        "body",
        tag("a", word("skip"), href="#content", cls="skip"),
        _bar(path),
        tag("main", trail, *content, id="content"),
        data_page=kind,
        data_up=up,
    )
    return Html(f'<!doctype html>\n<html lang="ru">{head}{body}</html>\n')


def _bar(path: str) -> Html:
    pages = ("subsystems", *STEPS)
    links = join(
        [link(address(path, "index.html"), word("home"))]
        + [link(address(path, f"{name}.html"), word(name)) for name in pages]
    )
    field = tag("input", type="search", id="search", autocomplete="off", data_say="placeholder", **spoken("search"))
    search = tag("div", field, tag("div", id="found", hidden=""), cls="search", role="search")
    switches = tag(
        "div",
        tag("button", word("language"), type="button", id="language"),
        tag("button", text("◐"), type="button", id="theme", **spoken("theme")),
        cls="switches",
    )
    return tag("header", tag("nav", links, cls="pages"), search, switches)


def heading(kind: Html, name: str, *under: Html) -> Html:
    return tag("div", tag("p", kind, cls="kind"), tag("h1", breakable(name)), *under, cls="heading")


def breakable(name: str) -> Html:
    """Long names of one word may break at their humps, so that a phone shows them."""
    pieces: list[str] = []
    for at, letter in enumerate(name):
        if at and letter.isupper() and not name[at - 1].isupper():
            pieces.append("\0")
        pieces.append(letter)
    return Html(text("".join(pieces)).replace("\0", "<wbr>"))


def chip(content: Html, cls: str = "") -> Html:
    return tag("span", content, cls=f"chip {cls}".strip())


def place(file: str, line: int = 0) -> Html:
    return tag("code", text(f"{file}:{line}" if line else file), cls="place")


def section(title: Html, *content: Html, anchor: str | None = None, amount: int | None = None) -> Html:
    count = tag("span", text(f"{amount:,}".replace(",", "\u202f")), cls="count") if amount is not None else NOTHING
    return tag("section", tag("h2", title, count), *content, id=anchor)


def numbers(found: Sequence[tuple[Html, int | str]]) -> Html:
    """The few figures that matter, large."""
    return tag("dl", *(tag("div", tag("dt", name), tag("dd", _number(value))) for name, value in found), cls="numbers")


def _number(value: int | str) -> Html:
    return text(value if isinstance(value, str) else f"{value:,}".replace(",", "\u202f"))


def missing(step: str) -> Html:
    """In the place of what a step would have given."""
    from potok_onec.site.words import WORDS, both

    russian, english = WORDS["missing_why"]
    why = both(russian.format(step=WORDS[step][0]), english.format(step=WORDS[step][1]))
    return tag("p", tag("strong", word("missing")), text(" · "), why, cls="missing", data_missing=step)
