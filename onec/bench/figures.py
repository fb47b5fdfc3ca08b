"""The figures of the reader on checkouts of public configurations, each beside its truth and its goal."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from onec.bench import growth, pairs

SSL, IRP, DEMO, YAXUNIT, MDCLASSES = "ssl_3_1", "IRP", "dt-demo-configuration", "yaxunit", "mdclasses"
REPOSITORIES = (SSL, IRP, DEMO, YAXUNIT, MDCLASSES, "GitConverter")
PAIRS = {"mdclasses_3_18": 39, "mdclasses_3_25": 210, "mdclasses_3_27": 211}
_FIXTURES = Path("src/test/resources/ext")


class Row(NamedTuple):
    """One figure; `is_met` is None when the checkout is not there."""

    measure: str
    truth: str
    goal: str
    reached: str
    is_met: bool | None
    notes: tuple[str, ...] = ()


def rows(corpus: Path) -> Iterator[Row]:
    """In the order of the table; a row for what is not in `corpus` says so."""
    yield from _ssl(corpus / SSL)
    yield from _irp(corpus / IRP)
    yield _syntax([corpus / SSL, corpus / IRP])
    for name, truth in ((DEMO, 235), (YAXUNIT, 456), (IRP, 1742)):
        yield _files(corpus / name, truth)
    for name, truth in PAIRS.items():
        yield _pair(corpus / MDCLASSES / _FIXTURES, name, truth)
    for name in REPOSITORIES:
        yield _roundtrip(corpus / name)
    yield _huge_module()


def _absent(measure: str, path: Path) -> Row:
    return Row(measure, "", "", f"no checkout at {path}", None)


def _ssl(path: Path) -> Iterator[Row]:
    if not path.is_dir():
        yield _absent("SSL 3.1", path)
        return
    with tempfile.TemporaryDirectory(prefix="potok-onec-cache-") as cache:
        os.environ["POTOK_ONEC_CACHE"] = cache
        first, second = growth.inspect(path), growth.inspect(path)
        del os.environ["POTOK_ONEC_CACHE"]
    (project,) = first["projects"]
    methods = project["methods"]
    yield _exact("SSL 3.1 procedures + functions", (24913, 13397), (methods["procedures"], methods["functions"]))
    truths = {"objects_total": 2639, "attributes": 2310, "tabular_sections": 137, "forms": 769, "subsystems": 87}
    for name, truth in {**truths, "roles": 107, "rights": 7351, "restrictions": 152}.items():
        yield _exact(f"SSL 3.1 {name.removesuffix('_total')}", truth, project[name])
    queries = project["queries"]
    sound = 1 - queries["with_errors"] / max(queries["found"], 1)
    broken = tuple(_said(problem) for problem in project["problems"] if problem["code"].startswith("query-"))
    reached = f"{sound:.2%} of {queries['found']}"
    yield Row("SSL 3.1 query literals without error", "2204 literals", ">= 99 %", reached, sound >= 0.99, broken)
    peak = max(first["peak_rss_mb"], second["peak_rss_mb"])
    yield Row("SSL 3.1 full read, s", "", "<= 45", f"{first['seconds']:.1f}", first["seconds"] <= 45)
    yield Row("SSL 3.1 second read, s", "", "<= 2", f"{second['seconds']:.2f}", second["seconds"] <= 2)
    yield Row("SSL 3.1 peak of any process, MB", "", "<= 600", str(peak), peak <= 600)


def _irp(path: Path) -> Iterator[Row]:
    if not path.is_dir():
        yield _absent("IRP methods", path)
        return
    projects = growth.inspect(path, "--no-cache")["projects"]
    found = sum(part["methods"]["procedures"] + part["methods"]["functions"] for part in projects)
    yield _exact("IRP methods", 22431, found)


def _syntax(paths: list[Path]) -> Row:
    modules = broken = 0
    notes: list[str] = []
    for path in paths:
        if not path.is_dir():
            return _absent("modules with a parse error", path)
        for part in growth.inspect(path, "--no-cache")["projects"]:
            modules += part["modules"]
            broken += part["modules_with_errors"]
            notes.extend(_said(problem) for problem in part["problems"] if problem["code"] == "syntax")
    share = broken / max(modules, 1)
    reached = f"{broken} of {modules} ({share:.2%})"
    return Row("modules with a parse error, SSL 3.1 + IRP", "35 %", "<= 0.1 %", reached, share <= 0.001, tuple(notes))


def _files(path: Path, truth: int) -> Row:
    measure = f"{path.name} metadata files; lost"
    if not path.is_dir():
        return _absent(measure, path)
    facts = growth.inspect(path, "--no-cache")
    found = sum(part["files"]["metadata"] for part in facts["projects"])
    lost = facts["files"]["found"] - facts["files"]["accounted"]
    refused = tuple(_said(problem) for part in facts["projects"] for problem in part["problems"])
    return Row(measure, f"{truth}; 0", "exact", f"{found}; {lost}", found == truth and not lost, refused)


def _pair(fixtures: Path, name: str, truth: int) -> Row:
    measure = f"{name} uuids on both sides; properties equal"
    one, two = fixtures / "edt" / name, fixtures / "designer" / name
    if not one.is_dir() or not two.is_dir():
        return _absent(measure, one)
    found = pairs.compare(one, two)
    shared = len(found.uuids_one & found.uuids_two)
    is_met = shared == truth == len(found.uuids_one | found.uuids_two) and found.share >= 0.99
    notes = tuple(f"{each.thing}: {each.name}: {each.one!r} / {each.two!r}" for each in found.exceptions)
    reached = f"{shared}; {found.share:.2%} of {found.compared}"
    return Row(measure, f"{truth}", "100 %; >= 99 %", reached, is_met, notes)


def _roundtrip(path: Path) -> Row:
    measure = f"{path.name} modules restored byte for byte"
    if not path.is_dir():
        return _absent(measure, path)
    command = [sys.executable, "-m", "potok_onec", "check-roundtrip", str(path), "--json"]
    facts = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    reached = f"{facts['modules'] - len(facts['bad'])} of {facts['modules']}, {facts['refused']} not text"
    return Row(measure, "", "100 %", reached, not facts["bad"])


def _huge_module() -> Row:
    lines, seconds = growth.huge_module()
    return Row("one module of 57,000 lines, CPU s", "", "<= 6", f"{seconds:.1f} for {lines}", seconds <= 6)


def _exact(measure: str, truth: object, found: object) -> Row:
    return Row(measure, str(truth), "exact", str(found), truth == found)


def _said(problem: growth.Facts) -> str:
    return f"{problem['file']}:{problem['line']}: {problem['text']}"
