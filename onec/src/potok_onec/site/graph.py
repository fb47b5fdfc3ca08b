"""A picture of a thing and its neighbours: who leads to it on the left, where it leads on the right. Own layout."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from potok_onec.site.html import NOTHING, Html, join, tag, text
from potok_onec.site.words import WORDS, spoken

_SHOWN: Final = 8
_WIDTH: Final = 720
_NODE: Final = (200, 28)
_STEP: Final = 38
_LETTERS: Final = 23


class Neighbour(Struct, frozen=True):
    """`amount` is the number of references, drawn as the width of the line."""

    name: str
    href: str
    amount: int


def neighbours(name: str, incoming: Sequence[Neighbour], outgoing: Sequence[Neighbour]) -> Html:
    """Nothing without neighbours; of many the heaviest."""
    if not incoming and not outgoing:
        return NOTHING
    columns = [_heaviest(incoming), _heaviest(outgoing)]
    height = max(_STEP * max(map(len, columns)), _STEP) + 10
    middle = height / 2
    drawn: list[Html] = []
    for at, column in enumerate(columns):
        drawn += _column(column, at == 1, middle)
    centre = _node(name, "", (_WIDTH - _NODE[0]) / 2, middle, "own")
    picture = tag(
        "svg", *drawn, centre, viewBox=f"0 0 {_WIDTH} {height}", width=_WIDTH, height=height, role="img",
        **spoken("graph"),
    )  # fmt: skip
    return tag("div", picture, _more(incoming, outgoing), cls="graph")


def _heaviest(found: Sequence[Neighbour]) -> list[Neighbour]:
    return sorted(found, key=lambda each: (-each.amount, each.name.lower(), each.href))[:_SHOWN]


def _column(column: list[Neighbour], is_right: bool, middle: float) -> list[Html]:
    """Lines first, so that they pass below the boxes."""
    left = _WIDTH - _NODE[0] - 1 if is_right else 1.0
    top = middle - _STEP * (len(column) - 1) / 2
    lines, nodes = [], []
    for at, each in enumerate(column):
        y = top + at * _STEP
        start, end = (_NODE[0] + 1.0, y), ((_WIDTH - _NODE[0]) / 2, middle)
        if is_right:
            start, end = ((_WIDTH + _NODE[0]) / 2, middle), (left, y)
        lines.append(_line(start, end, each.amount))
        nodes.append(_node(each.name, each.href, left, y, "other"))
    return lines + nodes


def _line(start: tuple[float, float], end: tuple[float, float], amount: int) -> Html:
    bend = (start[0] + end[0]) / 2
    way = f"M{start[0]:g} {start[1]:g}C{bend:g} {start[1]:g} {bend:g} {end[1]:g} {end[0]:g} {end[1]:g}"
    width = 1 + min(amount, 64).bit_length() * 0.4
    return tag("path", tag("title", text(str(amount))), d=way, stroke_width=f"{width:g}")


def _node(name: str, href: str, left: float, y: float, cls: str) -> Html:
    short = name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"
    box = tag("rect", x=f"{left:g}", y=f"{y - _NODE[1] / 2:g}", width=_NODE[0], height=_NODE[1], rx=8)
    label = tag("text", text(short), x=f"{left + _NODE[0] / 2:g}", y=f"{y + 4:g}", text_anchor="middle")
    drawn = join([tag("title", text(name)), box, label])
    return tag("a", drawn, href=href, cls=cls) if href else tag("g", drawn, cls=cls)


def _more(incoming: Sequence[Neighbour], outgoing: Sequence[Neighbour]) -> Html:
    left, right = (max(0, len(each) - _SHOWN) for each in (incoming, outgoing))
    if not left and not right:
        return NOTHING
    russian, english = WORDS["more"]
    parts = [
        tag("span", text(f"← {word} {left}") if left else NOTHING, text(f" → {word} {right}") if right else NOTHING,
            lang=lang)
        for lang, word in (("ru", russian), ("en", english))
    ]  # fmt: skip
    return tag("p", *parts, cls="quiet")
