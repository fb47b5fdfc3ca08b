"""Step 5: shares of good practice by project and subsystem, every breach with its place, examples; contracts."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from msgspec import json, msgpack

from potok_onec.configuration import Portion
from potok_onec.dependencies import Edge, resolve
from potok_onec.dependencies.facts import Fact
from potok_onec.dependencies.index import Index
from potok_onec.output import write_rows
from potok_onec.pipeline.contract import Finding, at_least, equal
from potok_onec.pipeline.parts import Parts
from potok_onec.pipeline.snapshot import Snapshot
from potok_onec.pipeline.step import Inputs, Step
from potok_onec.practices.leaf import Leaf, Place, leaf_of
from potok_onec.practices.sight import STATISTICS, Sight
from potok_onec.practices.tally import Example, Share, Tally

STEP: Final = Step("best-practices", ("parse",), ("practices", "dependencies", "bsl"), "potok_onec.practices.step:make")

_LOOPED: Final = {"loop_calls_without_query": "itself", "loop_calls_without_query_below": "below"}


def make(inputs: Inputs, folder: Path) -> tuple[dict[str, Any], list[Finding]]:
    survey = _Survey(Snapshot(inputs.folder("parse")), inputs.parts)
    breaches = write_rows(folder, {Sight: "breaches"}, survey.breaches())["breaches"]
    tally = survey.tally
    shares = tally.shares(survey.subsystems)
    examples = tally.examples()
    write_rows(folder, {Share: "shares", Example: "examples"}, iter([*shares, *examples]))
    whole = _whole(tally)
    (folder / "summary.json").write_bytes(json.format(json.encode(whole), indent=2))
    facts = {
        "methods": survey.methods,
        "sights": tally.sights,
        "breaches": breaches,
        "shares": whole,
        "reread": survey.reread,
    }
    return facts, _findings(inputs.rows("methods"), survey, tally, breaches, examples)


class _Survey:
    """One pass over the snapshot, over leaves of the last run where it can be; calls in loops wait for all modules.

    All sights are counted, only those that do not follow the practice are given out one by one.
    """

    def __init__(self, snapshot: Snapshot, parts: Parts) -> None:
        self._snapshot = snapshot
        self._parts = parts
        self.tally = Tally()
        self.methods = 0
        self.reread = 0
        self.lines: dict[str, int] = {}
        self.subsystems: dict[tuple[str, str], set[str]] = {}
        self._index = Index(snapshot.projects)
        self._running: dict[str, set[Place]] = {"itself": set(), "below": set()}
        self._looped: list[tuple[str, Fact]] = []

    def breaches(self) -> Iterator[Sight]:
        for leaf in self._leaves():
            self._take(leaf)
            yield from leaf.breaches
        for sight in self._in_loops():
            self.tally.take(sight)
            if not sight.is_good:
                yield sight

    def _leaves(self) -> Iterator[Leaf]:
        decoder, portions = msgpack.Decoder(Leaf), msgpack.Decoder(Portion)
        for frame in self._snapshot.frames():
            key = self._parts.key("leaf", frame)
            body = self._parts.find(key)
            if body is None:
                leaf = leaf_of(portions.decode(frame))
                self.reread += len(leaf.lines)
                body = msgpack.encode(leaf)
            else:
                leaf = decoder.decode(body)
            self._parts.keep(key, body)
            yield leaf

    def _take(self, leaf: Leaf) -> None:
        for entry in leaf.entries:
            self._index.take(entry)
        for project, name, content in leaf.subsystems:
            self.subsystems[project, name] = set(content)
        self.lines.update(leaf.lines)
        self.methods += leaf.methods
        self.tally.add(leaf.counts, leaf.best)
        self._running["itself"].update(leaf.running)
        self._running["below"].update(leaf.below)
        self._looped.extend(leaf.looped)

    def _in_loops(self) -> Iterator[Sight]:
        for project, fact in self._looped:
            for found in resolve(self._index, project, fact):
                if isinstance(found, Edge) and found.target_method:
                    called = (found.target_file, found.target_method.lower())
                    for statistic, known in _LOOPED.items():
                        yield Sight(
                            statistic, called not in self._running[known], project, fact.object, fact.file, fact.line,
                            fact.method, 1, fact.path,
                        )  # fmt: skip


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
