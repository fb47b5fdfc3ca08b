"""A page for each of the steps 2 to 5: its contracts and figures, its tables, or that it is missing."""

from typing import Any, Final

from msgspec import json

from potok_onec.pipeline.artifact import Artifact
from potok_onec.site.frame import chip, missing, page, section
from potok_onec.site.html import NOTHING, Html, folded, table, tag, text
from potok_onec.site.model import Site
from potok_onec.site.practices_page import practices
from potok_onec.site.relations import rows
from potok_onec.site.step_words import contract_word, key_word, told
from potok_onec.site.words import WORDS, word

_ROWS_SHOWN: Final = 500
_ROWS_OPEN: Final = 20
# Tables of steps worth reading whole, with the columns shown.
_TABLES: Final[dict[str, dict[str, tuple[str, tuple[str, ...]]]]] = {
    "architecture": {
        "coupling": ("subsystems", ("project", "subsystem", "objects", "edges", "outward", "inward")),
        "cuts": ("cuts", ("cycle", "source", "target", "calls", "file", "line")),
        "dead_exports": ("dead_exports", ("project", "object", "method", "file", "line")),
        "server_calls": (
            "server_calls",
            ("project", "source", "method", "target", "target_method", "carries", "source_file", "line"),
        ),
    },
    "dependencies": {"loose_list": ("loose", ("kind", "path", "reason", "source_file", "line"))},
}
# Columns that name an object of the row's project.
_OBJECTS: Final = frozenset({"subsystem", "object", "source", "target"})


def step_page(site: Site, name: str) -> Html:
    here = f"{name}.html"
    output = site.outputs.get(name)
    content = [missing(name)] if output is None else [*_shown(site, output), _contracts(output)]
    title = " · ".join(dict.fromkeys(WORDS[name]))
    return page(here, "step", title, [("index.html", word("home"))], _heading(name), *content)


def _heading(name: str) -> Html:
    return tag("div", tag("h1", word(name)), cls="heading")


def _shown(site: Site, output: Artifact) -> list[Html]:
    if output.step == "best-practices":
        return [practices(site, output)]
    return [*_figures(site, output), *_tables(site, output)]


def _contracts(output: Artifact) -> Html:
    lines = [
        (contract_word(each.name), told(each.found), told(each.wanted), chip(text("✓"), "good"))
        for each in output.manifest.contracts
    ]
    head = (word("contract"), word("found"), word("wanted"), NOTHING)
    return section(word("contracts"), table(head, lines), amount=len(lines))


def _figures(site: Site, output: Artifact) -> list[Html]:
    """`summary.json` of the step: single values as one table, groups of values side by side, lists each in its own."""
    path = output.path / "summary.json"
    found: dict[str, Any] = json.decode(path.read_bytes()) if path.is_file() else dict(output.manifest.facts)
    single = {key: value for key, value in found.items() if not isinstance(value, dict | list)}
    groups = {key: value for key, value in found.items() if isinstance(value, dict) and value}
    parts = [section(word("figures"), _pairs(single))] if single else []
    boxes = [section(_title(key), _pairs(value, key)) for key, value in groups.items()]
    if boxes:
        parts.append(tag("div", *boxes, cls="boxes"))
    if found.get("hubs"):
        parts.append(_hubs(site, output, found["hubs"]))
    if found.get("groups"):
        parts.append(_circles(found["groups"]))
    return parts


def _title(key: str) -> Html:
    return key_word("lengths" if key == "lines" else key)


def _pairs(values: dict[str, Any], group: str = "") -> Html:
    lines = [(key_word(key, group), _value(value)) for key, value in values.items() if value != ""]
    return table((word("name"), word("value")), lines)


def _value(value: Any) -> Html:
    if isinstance(value, int) and not isinstance(value, bool):
        return text(f"{value:,}".replace(",", "\u202f"))
    return text(value if isinstance(value, str) else json.encode(value).decode())


def _hubs(site: Site, output: Artifact, hubs: list[dict[str, Any]]) -> Html:
    lines = [(site.method_link(f"{output.step}.html", (hub["file"], "")), _value(hub["callers"])) for hub in hubs]
    return section(word("hubs"), table((word("module"), word("callers_modules")), lines), amount=len(lines))


def _circles(groups: list[list[str]]) -> Html:
    lines = [
        (text(str(at)), text(str(len(group))), text(", ".join(name.partition(".")[2] for name in group)))
        for at, group in enumerate(groups, 1)
    ]
    shown = table((word("cycle"), word("modules"), word("contents")), lines)
    return section(word("cycles"), folded(word("contents"), shown, is_open=len(lines) <= _ROWS_OPEN), amount=len(lines))


def _tables(site: Site, output: Artifact) -> list[Html]:
    return [_table(site, output, key, name, columns) for key, (name, columns) in _TABLES.get(output.step, {}).items()]


def _table(site: Site, output: Artifact, key: str, name: str, columns: tuple[str, ...]) -> Html:
    found = list(rows(output.path / f"{name}.parquet", columns))
    here = f"{output.step}.html"

    def cell(column: str, value: Any, row: dict[str, Any]) -> Html:
        if column in ("file", "source_file"):
            return site.file_link(here, value, row["line"])
        if column in _OBJECTS and "project" in row:
            return site.object_link(here, row["project"], value)
        if column in ("reason", "kind", "carries"):
            return key_word(value, column)
        return _value(value)

    kept = [column for column in columns if column not in ("line", "project")]
    dicts = (dict(zip(columns, row, strict=True)) for row in found[:_ROWS_SHOWN])
    shown = [[cell(column, row[column], row) for column in kept] for row in dicts]
    head = [word("place") if column in ("file", "source_file") else key_word(column) for column in kept]
    note = NOTHING
    if len(found) > len(shown):
        note = tag("p", word("shown"), text(f" {len(shown)} "), word("of"), text(f" {len(found)}"), cls="quiet")
    body = tag("p", word("none_of_it"), cls="quiet")
    if shown:
        body = folded(word("contents"), table(head, shown), is_open=len(shown) <= _ROWS_OPEN)
    return section(word(key), note, body, amount=len(found))
