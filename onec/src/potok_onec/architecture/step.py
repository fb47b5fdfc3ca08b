"""Step 2: the survey of a source as tables and a summary, with contracts between them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from msgspec import json, msgpack

from potok_onec.architecture.survey import (
    CutEdge,
    DeadExport,
    ModuleRow,
    ServerCall,
    SubsystemRow,
    Survey,
    Surveyor,
)
from potok_onec.architecture.view import View, view_of
from potok_onec.configuration import Portion
from potok_onec.dependencies import Edge
from potok_onec.dependencies.settling import Settler
from potok_onec.output import write_rows
from potok_onec.pipeline.contract import Finding, equal, share
from potok_onec.pipeline.parts import Parts
from potok_onec.pipeline.snapshot import Snapshot
from potok_onec.pipeline.step import Inputs, Step

STEP: Final = Step(
    "architecture", ("parse",), ("architecture", "dependencies", "bsl"), "potok_onec.architecture.step:make"
)

_HUBS: Final = 20


def make(inputs: Inputs, folder: Path) -> tuple[dict[str, Any], list[Finding]]:
    snapshot = Snapshot(inputs.folder("parse"))
    surveyor = Surveyor()
    subsystems = 0
    for view in _views(snapshot, inputs.parts):
        surveyor.take(view)
        subsystems += view.is_subsystem
    settler = Settler(snapshot, inputs.parts)
    for found in settler.resolutions():
        if isinstance(found, Edge):
            surveyor.take_edge(found)
    survey = surveyor.survey()
    tables: dict[type[Any], str] = {
        ModuleRow: "modules", CutEdge: "cuts", ServerCall: "server_calls", DeadExport: "dead_exports",
        SubsystemRow: "subsystems",
    }  # fmt: skip
    rows = (survey.modules, survey.cuts, survey.server_calls, survey.dead_exports, survey.subsystems)
    write_rows(folder, tables, (row for table in rows for row in table))
    told = _summary(survey)
    (folder / "summary.json").write_bytes(json.format(json.encode(told), indent=2))
    facts = {key: told[key] for key in ("modules", "layers", "cycles", "largest_cycle", "dead_exports")}
    return {**facts, "reread": settler.reread}, [
        equal("modules surveyed", len(survey.modules), inputs.rows("modules")),
        share("modules with a layer", sum(row.layer != "none" for row in survey.modules), len(survey.modules), 0.9),
        equal("subsystems surveyed", len(survey.subsystems), subsystems),
        equal("circles that the cuts break", len({row.cycle for row in survey.cuts}), len(survey.cycles)),
    ]


def _views(snapshot: Snapshot, parts: Parts) -> Iterator[View]:
    decoder, portions = msgpack.Decoder(list[View]), msgpack.Decoder(Portion)
    for frame in snapshot.frames():
        key = parts.key("views", frame)
        body = parts.find(key)
        if body is None:
            body = msgpack.encode([view_of(item) for item in portions.decode(frame).objects])
        parts.keep(key, body)
        yield from decoder.decode(body)


def _summary(survey: Survey) -> dict[str, Any]:
    layers: dict[str, int] = {}
    for row in survey.modules:
        layers[row.layer] = layers.get(row.layer, 0) + 1
    hubs = sorted(survey.modules, key=lambda row: (-row.callers, row.file))[:_HUBS]
    return {
        "modules": len(survey.modules),
        "lines": sum(row.lines for row in survey.modules),
        "methods": sum(row.methods for row in survey.modules),
        "layers": dict(sorted(layers.items())),
        "hubs": [{"object": row.object, "file": row.file, "callers": row.callers} for row in hubs if row.callers],
        "cycles": len(survey.cycles),
        "largest_cycle": max(map(len, survey.cycles), default=0),
        "groups": survey.cycles,
        "cuts": len(survey.cuts),
        "server_calls": len(survey.server_calls),
        "dead_exports": len(survey.dead_exports),
        "subsystems": len(survey.subsystems),
    }
