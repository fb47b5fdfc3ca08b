"""Step 5: shares of good practice by project and subsystem, every breach with its place, examples; contracts."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from msgspec import json

from potok_onec.configuration import MetadataObject
from potok_onec.dependencies import Edge, resolve
from potok_onec.dependencies.facts import Fact
from potok_onec.dependencies.index import Index
from potok_onec.output import write_rows
from potok_onec.pipeline.contract import Finding, at_least, equal
from potok_onec.pipeline.snapshot import Snapshot
from potok_onec.pipeline.step import Inputs, Step
from potok_onec.practices.blocks import of_module
from potok_onec.practices.methods import of_method
from potok_onec.practices.sight import STATISTICS, Sight
from potok_onec.practices.tally import Example, Share, Tally

STEP: Final = Step("best-practices", ("parse",), ("practices", "dependencies"), "potok_onec.practices.step:make")

_LOOPED: Final = {"loop_calls_without_query": "itself", "loop_calls_without_query_below": "below"}


def make(inputs: Inputs, folder: Path) -> tuple[dict[str, Any], list[Finding]]:
    snapshot = Snapshot(inputs.folder("parse"))
    survey = _Survey(snapshot)
    tally = Tally()
    breaches = write_rows(folder, {Sight: "breaches"}, _counted(survey.sights(), tally))["breaches"]
    shares = tally.shares(survey.subsystems)
    examples = tally.examples()
    write_rows(folder, {Share: "shares", Example: "examples"}, iter([*shares, *examples]))
    whole = _whole(tally)
    (folder / "summary.json").write_bytes(json.format(json.encode(whole), indent=2))
    facts = {"methods": survey.methods, "sights": tally.sights, "breaches": breaches, "shares": whole}
    return facts, _findings(inputs.rows("methods"), survey, tally, breaches, examples)


def _counted(sights: Iterator[Sight], tally: Tally) -> Iterator[Sight]:
    """All are counted, only those that do not follow the practice are written one by one."""
    for sight in sights:
        tally.take(sight)
        if not sight.is_good:
            yield sight


class _Survey:
    """One pass over the snapshot; calls in loops wait until all modules are known."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.methods = 0
        self.lines: dict[str, int] = {}
        self.subsystems: dict[tuple[str, str], set[str]] = {}
        self._running: dict[str, set[tuple[str, str]]] = {"itself": set(), "below": set()}
        self._looped: list[tuple[str, Fact]] = []

    def sights(self) -> Iterator[Sight]:
        index = Index(self._snapshot.projects)
        for item in self._snapshot.objects():
            index.add(item)
            if item.kind == "Subsystem":
                content = item.properties.get("Content")
                names = content if isinstance(content, list | tuple) else []
                self.subsystems[item.project, item.full_name] = {str(name) for name in names}
            yield from self._of(item)
        for project, fact in self._looped:
            for found in resolve(index, project, fact):
                if isinstance(found, Edge) and found.target_method:
                    called = (found.target_file, found.target_method.lower())
                    for statistic, known in _LOOPED.items():
                        yield Sight(
                            statistic, called not in self._running[known], project, fact.object, fact.file, fact.line,
                            fact.method, 1, fact.path,
                        )  # fmt: skip

    def _of(self, item: MetadataObject) -> Iterator[Sight]:
        for module in item.modules:
            self.lines[module.file] = module.lines
            for method in module.methods:
                self.methods += 1
                yield from of_method(item, module, method)
            blocks = of_module(item, module)
            yield from blocks.sights
            self._running["itself"].update((module.file, name) for name in blocks.running)
            self._running["below"].update((module.file, name) for name in blocks.below)
            for one in blocks.looped:
                fact = Fact(
                    "call", item.full_name, module.file, one.line, one.column, one.method, one.path, one.root,
                    module.owner,
                )  # fmt: skip
                self._looped.append((item.project, fact))


def _whole(tally: Tally) -> dict[str, dict[str, Any]]:
    counts: Counter[tuple[str, bool]] = Counter()
    for each in tally.counts.values():
        counts.update(each)
    told: dict[str, dict[str, Any]] = {}
    for statistic in STATISTICS:
        good = counts[statistic, True]
        whole = good + counts[statistic, False]
        told[statistic] = {"good": good, "all": whole, "share": round(good / whole, 4) if whole else None}
    return told


def _findings(methods: int, survey: _Survey, tally: Tally, breaches: int, examples: list[Example]) -> list[Finding]:
    whole = _whole(tally)
    missed = sum(not 1 <= each.line <= survey.lines[each.file] for each in examples)
    seen = sum(each["all"] for each in whole.values())
    bad = sum(each["all"] - each["good"] for each in whole.values())
    return [
        equal("methods looked at", whole["method_names"]["all"], methods),
        at_least("statistics with something to count", sum(bool(each["all"]) for each in whole.values()), 10)
        if methods
        else equal("sights without a method", tally.sights, 0),
        equal("sights in a known statistic", seen, tally.sights),
        equal("breaches with their place", breaches, bad),
        equal("examples outside of their file", missed, 0),
    ]
