"""Figures of calls on real configurations: our edges beside what plain expressions find, each difference by line."""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from onec.bench import truth
from onec.bench.analysis import Analysis
from onec.bench.figures import Row
from onec.bench.timed import spend
from onec.bench.truth import Pair, Scan, Site
from potok_onec.dependencies import Edge, Loose

VALUE_OF_ATTRIBUTE = "ОбщегоНазначения.ЗначениеРеквизитаОбъекта"
_PREFIX = "CommonModule."
_UNSHOWN = "NOT SHOWN"


class Compared(NamedTuple):
    """Where each call of the truth is. `shown` are calls of no method, with why; `lost` are our fault."""

    found: list[Site]
    shown: dict[Site, str]
    lost: list[Site]


def compare(corpus: Path, wanted: Scan, exact: Scan, edges: list[Edge], loose: list[Loose]) -> Compared:
    """Site by site. What we tell to lead nowhere is believed only when the files say so, too."""
    ours = {_site(edge) for edge in edges if edge.kind == "call" and edge.target.startswith(_PREFIX)}
    told = {
        Site(each.source_file, each.line, *each.path.lower().split(".")): each.reason
        for each in loose
        if each.kind == "call" and each.path.count(".") == 1
    }
    real = set(exact.sites)
    compared = Compared([], {}, [])
    for site in dict.fromkeys(wanted.sites):
        if site in ours:
            compared.found.append(site)
        elif why := _shown(corpus, site, told.get(site, ""), site in real, exact):
            compared.shown[site] = why
        else:
            compared.lost.append(site)
    return compared


def _shown(corpus: Path, site: Site, reason: str, is_real: bool, exact: Scan) -> str:
    if not is_real:
        return "the content of a string"
    if reason == "local_variable" and (declared := truth.declared_near(corpus, site)):
        return f"a variable: {declared}"
    if reason in ("no_method", "not_exported") and site.method not in exact.exports[site.module]:
        return f"{exact.modules[site.module]} exports no such method"
    return ""


def _site(edge: Edge) -> Site:
    return Site(edge.source_file, edge.line, edge.target.removeprefix(_PREFIX).lower(), edge.target_method.lower())


def call_rows(name: str, analysis: Analysis, corpus: Path, project: str, known: int) -> Iterator[Row]:
    """`known`: the issue's number of distinct (calling file, module, method)."""
    edges, loose = analysis.edges()
    published, exact = (truth.scan(corpus, project, way) for way in ("published", "exact"))
    counted = len(published.edges)
    yield Row(f"{name} call edges, counted again", str(known), "exact", str(counted), counted == known)
    for way, wanted in (("as published", published), ("quotes in comments aside", exact)):
        compared = compare(corpus, wanted, exact, edges, loose)
        yield _found_row(f"{name} call edges found, {way}", wanted, compared)
    variables = sum(each.kind == "call" and each.reason == "local_variable" for each in loose)
    sites = len(exact.sites) - variables
    lost = [each for each in loose if each.kind == "call" and each.reason != "local_variable"]
    share = 1 - len(lost) / sites
    notes = tuple(f"{each.source_file}:{each.line}: {each.path}: {each.reason}" for each in lost)
    reached = f"{share:.2%} of {sites}"
    yield Row(f"{name} calls of common modules resolved", "", ">= 99.9 %", reached, share >= 0.999, notes)


def _found_row(measure: str, wanted: Scan, compared: Compared) -> Row:
    found = {(site.file, site.module, site.method) for site in compared.found}
    others = {key: site for key, site in wanted.edges.items() if key not in found}
    lost = [site for site in compared.lost if (site.file, site.module, site.method) in others]
    reached = (
        f"{len(found)} of {len(wanted.edges)} ({len(compared.found)} sites), {len(others) - len(lost)} shown to be none"
        f" ({len(compared.shown)} sites), {len(lost)} lost"
    )
    notes = [f"{_at(site)}: {why}" for site, why in compared.shown.items()]
    notes += [f"{_at(site)}: LOST" for site in compared.lost]
    return Row(measure, str(len(wanted.edges)), "all but shown", reached, not compared.lost, tuple(notes))


def _at(site: Site) -> str:
    return f"{site.file}:{site.line}: {site.module}.{site.method}("


def cycle_rows(name: str, analysis: Analysis, corpus: Path, project: str, known: tuple[int, int]) -> Iterator[Row]:
    """`known`: the issue's number of groups and the size of the largest."""
    edges, _ = analysis.edges()
    ours = _pairs(edges)
    published, exact = (truth.scan(corpus, project, way) for way in ("published", "exact"))
    theirs = truth.circles(published.pairs)
    counted = (len(theirs), len(theirs[0]))
    yield Row(f"{name} cycle groups; largest, counted again", _said(known), "exact", _said(counted), counted == known)
    groups = truth.circles(ours)
    told = json.loads((analysis.out / "architecture" / "summary.json").read_bytes())
    reached = (told["cycles"], told["largest_cycle"])
    notes = []
    shown = set()
    inside = {module: at for at, group in enumerate(groups) for module in group}
    for pair, edge in ours.items():
        if pair not in published.pairs and pair[0] in inside and inside[pair[0]] == inside.get(pair[1]):
            note = _missed(corpus, pair, edge, exact)
            notes.append(note)
            shown.add(pair)
    without = truth.circles(pair for pair in ours if pair not in shown)
    is_same = without == theirs and [sorted(each) for each in groups] == _folded(told["groups"])
    notes += [f"not an edge of ours: {_at(site)}" for pair, site in published.pairs.items() if pair not in ours]
    said = (
        f"{_said(reached)}; without {len(shown)} edges that the count misses {_said((len(without), len(without[0])))}"
    )
    is_met = is_same and all(_UNSHOWN not in note for note in notes)
    yield Row(f"{name} cycle groups; largest", _said(known), "equal but for shown", said, is_met, tuple(notes))


def _pairs(edges: list[Edge]) -> dict[Pair, Edge]:
    """Calls by name among common modules, each pair with its first edge."""
    found: dict[Pair, Edge] = {}
    for edge in edges:
        is_between = edge.source.startswith(_PREFIX) and edge.target.startswith(_PREFIX) and edge.source != edge.target
        if is_between and edge.kind == "call" and edge.via == "name":
            pair = (edge.source.removeprefix(_PREFIX).lower(), edge.target.removeprefix(_PREFIX).lower())
            found.setdefault(pair, edge)
    return found


def _folded(groups: list[list[str]]) -> list[list[str]]:
    return sorted(
        (sorted(name.removeprefix(_PREFIX).lower() for name in group) for group in groups),
        key=lambda group: (-len(group), group),
    )


def _missed(corpus: Path, pair: Pair, edge: Edge, exact: Scan) -> str:
    """Why the published count has no such edge: a quote in a comment swallowed it, or it is a call without a module."""
    place = f"{edge.source_file}:{edge.line}"
    site = exact.pairs.get(pair)
    if site is not None:
        quote = truth.quote_before(corpus, site)
        return f"{_at(site)}: swallowed by the quote in the comment at {quote}"
    if line := _bare(corpus, edge.source_file, edge.line, edge.target_method):
        return f"{place}: {line}: a method of the global module {edge.target}, called without its name"
    return f"{place}: {edge.target}.{edge.target_method}: {_UNSHOWN}"


def _bare(corpus: Path, file: str, line: int, method: str) -> str:
    """The line, when it calls the method without a name before it."""
    found = truth.read_module(corpus / file).split("\n")[line - 1].strip()
    return found if re.search(rf"(?<![\w.]){method}\s*\(", found, re.IGNORECASE) else ""


def _said(groups: tuple[int, int]) -> str:
    return f"{groups[0]}; {groups[1]}"


def caller_rows(analysis: Analysis, corpus: Path, known: tuple[int, int]) -> Iterator[Row]:
    """The question `who-calls` beside the issue's number of sites and of modules; a module is a folder there."""
    module, method = VALUE_OF_ATTRIBUTE.lower().split(".")
    counted, real = (
        [site for site in truth.scan(corpus, ".", way).sites if (site.module, site.method) == (module, method)]
        for way in ("published", "exact")
    )
    said = (len(counted), len({_folder(site.file) for site in counted}))
    measure = f"callers of {VALUE_OF_ATTRIBUTE}: sites; modules"
    yield Row(f"{measure}, counted again", _said(known), "exact", _said(said), said == known)
    answer = _who_calls(analysis)
    named = [each for each in answer if each["via"] == "text"]
    ours = Counter(Site(each["source_file"], each["line"], module, method) for each in answer if each not in named)
    more = ours - Counter(counted)
    notes = [f"{_at(site)}: {_uncounted(corpus, site, site in set(real))}" for site in more]
    notes += [f"{each['source_file']}:{each['line']}: named in a string, not called" for each in named]
    is_met = not Counter(real) - ours and all(_UNSHOWN not in note for note in notes)
    folders = len({_folder(site.file) for site in ours})
    reached = f"{ours.total()}; {folders}: all {len(counted)} and {more.total()} more, each shown"
    yield Row(measure, _said(known), "exact, or each difference shown", reached, is_met, tuple(notes))


def _uncounted(corpus: Path, site: Site, is_real: bool) -> str:
    """Why the published count has no such call."""
    if is_real and (quote := truth.quote_before(corpus, site)):
        return f"swallowed by the quote in the comment at {quote}"
    line = _bare(corpus, site.file, site.line, site.method)
    return f"{line}: called in its own module, without its name" if line else _UNSHOWN


def _folder(file: str) -> str:
    """Modules of one object or of one form count once."""
    return "/".join(part for part in file.split("/")[:-1] if part != "Ext")


def _who_calls(analysis: Analysis) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "potok_onec", "who-calls", VALUE_OF_ATTRIBUTE, "--json"]
    spent = spend(*command, "--source", str(analysis.source), "--analysis", str(analysis.out))
    found: list[dict[str, Any]] = json.loads(spent.stdout)
    return found
