"""Every column, statistic, kind of edge and reason of the outputs stands in the docs that explain them."""

from pathlib import Path
from typing import Any, get_args

import pytest
from msgspec import structs

from potok_onec.architecture.survey import CutEdge, DeadExport, ModuleRow, ServerCall, SubsystemRow
from potok_onec.dataset.row import Row
from potok_onec.dataset.scrubbing import KINDS
from potok_onec.dependencies import Edge, EdgeKind, Loose
from potok_onec.practices.sight import STATISTICS, Sight
from potok_onec.practices.tally import Example, Share

DOCS = Path(__file__).parents[1] / "docs"
# Columns whose name says all: they are explained where they first stand.
_PLAIN = {"kind", "project", "line", "column", "reason", "file", "object", "method"}


def _page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def _columns(*tables: type[Any]) -> set[str]:
    return {column.name for table in tables for column in structs.fields(table)}


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("analysis", set(get_args(EdgeKind)) | {"no_method", "not_exported", "no_object", "no_handler"}),
        ("analysis", {"local_variable", "filled_in", "name", "alias", "text"}),
        ("analysis", _columns(Edge, Loose)),
        ("architecture", _columns(ModuleRow, CutEdge, ServerCall, DeadExport, SubsystemRow) | {"subsystem"}),
        ("dataset", _columns(Row) | set(KINDS)),
        ("practices", set(STATISTICS) | _columns(Sight, Share, Example)),
    ],
)
def test_names_of_outputs_are_explained(page: str, names: set[str]) -> None:
    text = _page(page)
    assert sorted(name for name in names - _PLAIN if f"`{name}`" not in text) == []
