"""The page of good practice: each statistic with its share, and where it is kept best and worst."""

from typing import Any, Final

from msgspec import json

from potok_onec.pipeline.artifact import Artifact
from potok_onec.site.frame import section
from potok_onec.site.html import NOTHING, Html, folded, join, table, tag, text
from potok_onec.site.model import Site
from potok_onec.site.relations import rows
from potok_onec.site.step_words import key_word
from potok_onec.site.words import word

_HERE: Final = "best-practices.html"
_COLUMNS: Final = ("statistic", "is_good", "file", "line", "method", "detail")
_BAR: Final = (120, 8)


def practices(site: Site, output: Artifact) -> Html:
    """One row for each statistic; its examples open below its name."""
    told: dict[str, dict[str, Any]] = json.decode((output.path / "summary.json").read_bytes())
    examples: dict[tuple[str, bool], list[Html]] = {}
    for statistic, is_good, file, line, method, detail in rows(output.path / "examples.parquet", _COLUMNS):
        note = tag("span", text(f" {detail}"), cls="quiet") if detail and detail != method else NOTHING
        shown = tag("li", site.method_link(_HERE, (file, method.lower())), text(f":{line}"), note)
        examples.setdefault((statistic, is_good), []).append(shown)
    lines = [
        (_named(name, examples), _share(each), join([_bar(each["share"]), _counts(each)]))
        for name, each in told.items()
        if each["all"]
    ]
    return section(
        word("figures"), table((word("practice"), word("share"), word("followed")), lines), amount=len(lines)
    )


def _named(name: str, examples: dict[tuple[str, bool], list[Html]]) -> Html:
    lists = [
        tag("div", tag("h4", word(title)), tag("ul", *found))
        for title, is_good in (("worst", False), ("best", True))
        if (found := examples.get((name, is_good)))
    ]
    named = join([tag("strong", key_word(name)), text(" "), tag("code", text(name), cls="place")])
    return tag("div", named, folded(word("examples"), tag("div", *lists, cls="ends")) if lists else NOTHING)


def _share(each: dict[str, Any]) -> Html:
    """Rounded down: 100 % is said of everything only when all of it is good."""
    return text(f"{int(each['share'] * 1000) / 10 if each['good'] < each['all'] else 100:g}\u00a0%")


def _counts(each: dict[str, Any]) -> Html:
    good, whole = (f"{each[key]:,}".replace(",", "\u202f") for key in ("good", "all"))
    return tag("span", text(f"{good} "), word("of"), text(f" {whole}"), cls="quiet")


def _bar(share: float) -> Html:
    width, height = _BAR
    level = "good" if share >= 0.95 else "warn" if share >= 0.7 else "bad"
    return tag(
        "svg", tag("rect", width=width, height=height, rx=4, cls="rail"),
        tag("rect", width=f"{width * share:.1f}", height=height, rx=4, cls=level),
        width=width, height=height, viewBox=f"0 0 {width} {height}", cls="bar", aria_hidden="true",
    )  # fmt: skip
