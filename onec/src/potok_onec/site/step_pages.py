"""A page for each of the steps 2 to 5: its contracts and figures, its tables, or that it is missing."""

from typing import Any, Final

from msgspec import json

from potok_onec.pipeline.artifact import Artifact
from potok_onec.site.frame import chip, missing, page, section
from potok_onec.site.html import NOTHING, Html, folded, table, tag, text
from potok_onec.site.model import Site
from potok_onec.site.relations import rows
from potok_onec.site.words import WORDS, known_word, word

_ROWS_SHOWN: Final = 500
# Tables of steps worth reading whole, with the columns shown.
_TABLES: Final[dict[str, dict[str, tuple[str, tuple[str, ...]]]]] = {
    "architecture": {
        "coupling": ("subsystems", ("subsystem", "objects", "edges", "outward", "inward")),
        "cuts": ("cuts", ("cycle", "source", "target", "file", "line")),
        "dead_exports": ("dead_exports", ("method", "file", "line")),
        "server_calls": ("server_calls", ("source", "method", "target", "target_method", "source_file", "line")),
    },
    "dependencies": {"loose": ("loose", ("kind", "path", "reason", "source_file", "line"))},
}


def step_page(site: Site, name: str) -> Html:
    here = f"{name}.html"
    output = site.outputs.get(name)
    content = [missing(name)] if output is None else [_contracts(output), *_figures(output), *_tables(site, output)]
    title = " · ".join(dict.fromkeys(WORDS[name]))
    return page(here, "step", title, [("index.html", word("home"))], _heading(name), *content)


def _heading(name: str) -> Html:
    return tag("div", tag("h1", word(name)), cls="heading")


def _contracts(output: Artifact) -> Html:
    lines = [
        (text(each.name), text(each.found), text(each.wanted), chip(text("✓"), "good"))
        for each in output.manifest.contracts
    ]
    head = (word("contract"), word("found"), word("wanted"), NOTHING)
    return section(word("contracts"), table(head, lines), amount=len(lines))


def _figures(output: Artifact) -> list[Html]:
    """`summary.json` of the step: single values as one table, tables of values each in its own."""
    path = output.path / "summary.json"
    told: dict[str, Any] = json.decode(path.read_bytes()) if path.is_file() else dict(output.manifest.facts)
    single = {key: value for key, value in told.items() if not isinstance(value, dict | list)}
    parts = [section(word("figures"), _pairs(single))] if single else []
    parts += [section(known_word("", key), _value(value)) for key, value in told.items() if key not in single and value]
    return parts


def _pairs(values: dict[str, Any]) -> Html:
    return table((word("name"), word("value")), [(known_word("", key), _value(value)) for key, value in values.items()])


def _value(value: Any) -> Html:
    if isinstance(value, dict):
        return _pairs(value)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        keys = list(value[0])
        return table([known_word("", key) for key in keys], [[_value(row.get(key)) for key in keys] for row in value])
    if isinstance(value, list):
        return tag("ul", *(tag("li", _value(each)) for each in value))
    return text(value if isinstance(value, str) else json.encode(value).decode())


def _tables(site: Site, output: Artifact) -> list[Html]:
    return [_table(site, output, key, name, columns) for key, (name, columns) in _TABLES.get(output.step, {}).items()]


def _table(site: Site, output: Artifact, key: str, name: str, columns: tuple[str, ...]) -> Html:
    found = list(rows(output.path / f"{name}.parquet", columns))
    here = f"{output.step}.html"

    def cell(column: str, value: Any, row: tuple[Any, ...]) -> Html:
        if column in ("file", "source_file"):
            return site.file_link(here, value, row[-1])
        prefix = {"reason": "loose_", "kind": "edge_"}.get(column)
        return known_word(prefix, value) if prefix else text(str(value))

    shown = [
        [cell(column, value, row) for column, value in zip(columns, row, strict=True) if column != "line"]
        for row in found[:_ROWS_SHOWN]
    ]
    head = [known_word("", {"file": "place", "source_file": "place"}.get(each, each)) for each in columns
            if each != "line"]  # fmt: skip
    note = NOTHING
    if len(found) > len(shown):
        note = tag("p", word("shown"), text(f" {len(shown)} "), word("of"), text(f" {len(found)}"), cls="quiet")
    return section(word(key), note, folded(word("contents"), table(head, shown)), amount=len(found))
