"""Step 4: all methods as JSON lines and Parquet with a card that describes them, and the contracts of a data set."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from msgspec import json

from potok_onec.dataset.card import card
from potok_onec.dataset.gathering import Gathered, Gatherer, heaped
from potok_onec.dataset.origin import Origin, origin_of
from potok_onec.dataset.row import SPLITS, Row, Split
from potok_onec.dataset.similarity import Groups
from potok_onec.dataset.splitting import splits
from potok_onec.dataset.statistics import Statistics
from potok_onec.output import write_rows
from potok_onec.pipeline.contract import Finding, at_least, equal, share
from potok_onec.pipeline.snapshot import Snapshot
from potok_onec.pipeline.step import Inputs, Step

STEP: Final = Step(
    "ml-dataset",
    ("parse",),
    ("dataset", "bsl", "architecture"),
    "potok_onec.dataset.step:make",
    state="potok_onec.dataset.step:state",
    options=("licence", "address"),
)

_HEAP: Final = "heap.bin"
# With that many modules that have a method of their own, no copy of others, an empty split is no chance any more.
_MODULES_MANY: Final = 200
_ROWS_READ: Final = 4096


def state(source: Path, options: dict[str, str]) -> dict[str, str]:
    """A commit that changes no module changes the rows all the same: they name it."""
    origin = _origin(source, options)
    return {"source": origin.source, "commit": origin.commit, "licence": origin.licence}


def _origin(source: Path, options: dict[str, str]) -> Origin:
    return origin_of(source, licence=options.get("licence", ""), address=options.get("address", ""))


def make(inputs: Inputs, folder: Path) -> tuple[dict[str, Any], list[Finding]]:
    snapshot = Snapshot(inputs.folder("parse"))
    origin = _origin(inputs.source, dict(inputs.options))
    heap = folder / _HEAP
    with heap.open("wb") as opened:
        gatherer = Gatherer(inputs.parts, opened)
        gatherer.take(snapshot)
    groups = gatherer.groups()
    found = gatherer.gathered
    statistics = Statistics()
    write_rows(folder, {Row: "methods"}, _finished(heap, found, groups, origin, statistics), formats="both")
    heap.unlink()
    told = {
        **statistics.told(),
        "modules": found.modules,
        "long_duplicates": found.long_duplicates,
        "long_duplicates_cut_at_slashes": found.cut_duplicates,
        "source": origin.source,
        "commit": origin.commit,
        "licence": origin.licence,
        "licence_from": origin.licence_from,
    }
    (folder / "summary.json").write_bytes(json.format(json.encode(told), indent=2))
    for name, language in (("README.md", "en"), ("README.ru.md", "ru")):
        (folder / name).write_text(card(told, language), encoding="utf-8")
    facts = {
        "methods": statistics.rows,
        "long_duplicates": found.long_duplicates,
        "long_duplicates_cut_at_slashes": found.cut_duplicates,
        "duplicates": statistics.flag("duplicates"),
        "near_duplicates": statistics.flag("near_duplicates"),
        "splits": told["by_split"],
        "scrubbed": told["by_scrubbed"],
        "reread": found.reread,
    }
    return facts, _findings(folder, inputs.rows("methods"))


def _finished(heap: Path, found: Gathered, groups: Groups, origin: Origin, statistics: Statistics) -> Iterator[Row]:
    """Second pass: what a method could not know before all had been seen."""
    roots = [groups.find(at) for at in range(len(found.exact))]
    sizes = Counter(roots)
    placed: list[Split] = splits(found.splits, roots)
    for at, row in enumerate(heaped(heap)):
        root = roots[at]
        row.source, row.commit, row.licence = origin.source, origin.commit, origin.licence
        row.group = found.digests[root].hex()
        row.group_size = sizes[root]
        row.is_duplicate = found.exact[at] != at
        row.is_near_duplicate = not row.is_duplicate and root != at
        row.split = placed[at]
        statistics.take(row)
        yield row


def _findings(folder: Path, methods: int) -> list[Finding]:
    """Of what was written, not of what was meant to be."""
    written = _Written(folder)
    findings = [
        equal("rows of methods", written.rows, methods),
        equal("lines of JSON", written.lines, methods),
        at_least("average length of code", written.characters // max(1, written.rows), 1 if methods else 0),
        equal("groups of duplicates in two splits", written.groups_across, 0),
        equal("modules in two splits", written.modules_across, 0),
    ]
    findings += [share(f"rows with {name}", written.filled[name], written.rows, 1.0) for name in _FILLED]
    if written.modules_of_their_own >= _MODULES_MANY:
        findings += [at_least(f"rows of {split}", written.splits[split], 1) for split in SPLITS]
    return findings


_FILLED: Final = ("name", "code", "body_digest", "source", "commit", "licence")


class _Written:
    """The output read again in the columns that contracts are about."""

    def __init__(self, folder: Path) -> None:
        import pyarrow.parquet

        self.rows = self.characters = 0
        self.filled: Counter[str] = Counter()
        self.splits: Counter[str] = Counter()
        self._places: dict[str, dict[str, set[str]]] = {"group": {}, "file": {}}
        self._own: set[str] = set()
        columns = [*_FILLED, "group", "group_size", "file", "split"]
        with pyarrow.parquet.ParquetFile(folder / "methods.parquet") as file:
            for batch in file.iter_batches(_ROWS_READ, columns=columns):
                self._take(batch.to_pydict())
        with (folder / "methods.jsonl").open("rb") as lines:
            self.lines = sum(1 for _ in lines)

    def _take(self, values: dict[str, list[Any]]) -> None:
        self.rows += len(values["code"])
        self.characters += sum(map(len, values["code"]))
        for name in _FILLED:
            self.filled[name] += sum(map(bool, values[name]))
        self.splits.update(values["split"])
        for name, places in self._places.items():
            for key, split in zip(values[name], values["split"], strict=True):
                if split != "none":
                    places.setdefault(key, set()).add(split)

        self._own.update(file for file, size in zip(values["file"], values["group_size"], strict=True) if size == 1)

    @property
    def modules_of_their_own(self) -> int:
        return len(self._own)

    @property
    def groups_across(self) -> int:
        return sum(len(found) > 1 for found in self._places["group"].values())

    @property
    def modules_across(self) -> int:
        return sum(len(found) > 1 for found in self._places["file"].values())
