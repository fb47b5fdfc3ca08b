"""Step 3: all edges of a source as tables, and the contract that nearly every call leads somewhere."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from msgspec import json, structs

from potok_onec.dependencies.edge import Edge, Loose
from potok_onec.dependencies.resolving import Resolution
from potok_onec.dependencies.settling import Settler
from potok_onec.output import columns_of, write_rows
from potok_onec.pipeline.contract import Finding, at_least, equal, share
from potok_onec.pipeline.snapshot import Snapshot
from potok_onec.pipeline.step import Inputs, Step

STEP: Final = Step("dependencies", ("parse",), ("dependencies", "bsl"), "potok_onec.dependencies.step:make")

# A call of a missing method is a defect of the configuration; more than that is a defect of the reader.
CALLS_RESOLVED_LEAST: Final = 0.99
# A configuration with that many methods and not one edge was not understood.
_METHODS_MANY: Final = 50
_HANDLED: Final = ("event_subscription", "scheduled_job")


def make(inputs: Inputs, folder: Path) -> tuple[dict[str, Any], list[Finding]]:
    settler = Settler(Snapshot(inputs.folder("parse")), inputs.parts)
    edges: Counter[str] = Counter()
    loose: Counter[tuple[str, str]] = Counter()

    def counted() -> Iterator[Resolution]:
        for found in settler.resolutions():
            if isinstance(found, Edge):
                edges[found.kind] += 1
            else:
                loose[found.kind, found.reason] += 1
            yield found

    write_rows(folder, {Edge: "edges", Loose: "loose"}, counted())
    told = {
        "edges": dict(sorted(edges.items())),
        "loose": {f"{kind}: {reason}": n for (kind, reason), n in sorted(loose.items())},
    }
    (folder / "summary.json").write_bytes(json.format(json.encode(told), indent=2))
    seen = equal("modules looked at", settler.index.modules_count, inputs.rows("modules"))
    some = at_least("edges", edges.total(), 1 if inputs.rows("methods") >= _METHODS_MANY else 0)
    return {**told, "reread": settler.reread}, [seen, some, *_findings(edges, loose)]


def _findings(edges: Counter[str], loose: Counter[tuple[str, str]]) -> list[Finding]:
    lost = sum(n for (kind, reason), n in loose.items() if kind == "call" and reason != "local_variable")
    found = [share("calls that lead to a method", edges["call"], edges["call"] + lost, CALLS_RESOLVED_LEAST)]
    for kind in _HANDLED:
        missing = sum(n for (of, _), n in loose.items() if of == kind)
        found.append(equal(f"handlers of {kind.replace('_', ' ')}s found", edges[kind], edges[kind] + missing))
    return found


def load(folder: Path) -> tuple[list[Edge], list[Loose]]:
    """The edges and the loose ends of an output."""
    import pyarrow.parquet

    found: list[list[Any]] = []
    for kind, name in ((Edge, "edges"), (Loose, "loose")):
        table = pyarrow.parquet.read_table(folder / f"{name}.parquet", columns=list(columns_of(kind)))
        columns = [table.column(column.name).to_pylist() for column in structs.fields(kind)]
        found.append([kind(*values) for values in zip(*columns, strict=True)])
    return found[0], found[1]
