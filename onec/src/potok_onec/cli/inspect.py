"""`potok-onec inspect`: what is there, as a table for people or JSON for programs."""

import sys
import time
from pathlib import Path
from typing import Any

from msgspec import json

from potok_onec.cli import main
from potok_onec.cli.opening import open_source, tell_trouble, verdict
from potok_onec.cli.progress import bar
from potok_onec.cli.texts import language, say
from potok_onec.configuration.kinds import KINDS
from potok_onec.overview import overview


def run(path: Path, *, as_json: bool, workers: int | None, cache: bool, problems_max: int) -> int:
    started = time.monotonic()
    reading = open_source(path, workers=workers, cache=cache)
    if reading is None:
        return main.NOTHING
    with bar(reading.units) as advance:
        for _ in reading.count():
            advance()
    facts = overview(reading.report, seconds=time.monotonic() - started, language=language())
    if as_json:
        sys.stdout.buffer.write(json.format(json.encode(facts), indent=2) + b"\n")
    else:
        _print(facts, problems_max)
    tell_trouble(reading.report)
    return verdict(reading.report)


def _print(facts: dict[str, Any], problems_max: int) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    for project in facts["projects"]:
        title = (
            f"{escape(project['name'])} · {say('kind-' + project['kind'])} · {project['layout']} · {project['root']}"
        )
        table = Table(title=title, title_justify="left", show_header=False)
        for label, text in _lines(project):
            table.add_row(label, escape(text))
        console.print(table)
        _print_problems(project["problems"], problems_max)
    if facts["projects"]:
        footer = say(
            "footer",
            files=facts["files"]["found"],
            seconds=facts["seconds"],
            megabytes=facts["peak_rss_mb"],
            hits=facts["cache"]["hits"],
        )
        console.print(footer, highlight=False)


def _lines(project: dict[str, Any]) -> list[tuple[str, str]]:
    methods, queries, files = project["methods"], project["queries"], project["files"]
    kinds = "\n".join(f"{_kind_title(kind)}: {amount}" for kind, amount in project["objects"].items())
    rows = [
        ("row-version", str(project["version"])),
        ("row-vendor", str(project["vendor"])),
        ("row-compatibility", str(project["compatibility"])),
        ("row-base", project["base_project"]),
        ("row-objects", f"{project['objects_total']}\n{kinds}" if kinds else ""),
        ("row-members", f"{project['attributes']}, {project['tabular_sections']}, {project['forms']}"),
        ("row-modules", f"{project['modules']}, {project['lines']}"),
        ("row-methods", f"{methods['procedures']} + {methods['functions']} ({methods['exported']})"),
        ("row-queries", f"{queries['found']} ({queries['with_errors']})"),
        ("row-translations", str(project["translations"] or "")),
        ("row-files", f"{files['read']}, {files['classified']}, {files['refused']}"),
    ]
    return [(say(label), text) for label, text in rows if text]


def _kind_title(kind: str) -> str:
    known = KINDS.get(kind)
    return known.title_ru if known and language() == "ru" else kind


def _print_problems(problems: list[dict[str, Any]], problems_max: int) -> None:
    for problem in problems[:problems_max]:
        print(f"{problem['file']}:{problem['line']}: {problem['text']}")
    if len(problems) > problems_max:
        print(say("more-problems", count=len(problems) - problems_max, total=len(problems)))
