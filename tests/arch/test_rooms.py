"""The import contract itself: each kind of violation breaks it, and what the table permits does not."""

import tomllib
from pathlib import Path

import grimp
import pytest
from importlinter.domain.contract import InvalidContractOptions

from tests.arch.rooms import RoomsContract

ROOT = Path(__file__).parents[2]


def _contract(**options: object) -> RoomsContract:
    defaults: dict[str, object] = {
        "root": "potok",
        "may_import": ["potok -> authoring", "authoring -> model", "model ->", "store -> model"],
        "open_to_all": ["version"],
        "third_party": ["model -> msgspec"],
        "ignore_imports": [],
    }
    return RoomsContract(name="rooms", session_options={}, contract_options={**defaults, **options})


def _check(contract: RoomsContract, *arrows: tuple[str, str]) -> list[str]:
    graph = grimp.ImportGraph()
    for importer, imported in arrows:
        for module in (importer, imported):
            graph.add_module(module, is_squashed=not module.startswith("potok"))
        graph.add_import(importer=importer, imported=imported, line_number=1, line_contents="")
    check = contract.check(graph, verbose=False)
    violations = [f"{violation.importer} -> {violation.imported}" for violation in check.metadata["violations"]]
    assert check.kept == (not violations)
    return violations


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("potok", "potok.authoring.decorators"),
        ("potok.authoring.decorators", "potok.model.dag"),
        ("potok.store.sqlite.store", "potok.store.rows"),
        ("potok.store", "potok.version"),
        ("potok.store", "sqlite3"),
        ("potok.model.dag", "dataclasses"),
        ("potok.model.dag", "msgspec"),
    ],
)
def test_permitted_import_passes(importer: str, imported: str) -> None:
    assert _check(_contract(), (importer, imported)) == []


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("potok.model.dag", "potok.store"),
        ("potok.store.sqlite.store", "potok.authoring.context"),
        ("potok", "potok.store"),
        ("potok.store.rows", "potok"),
        ("potok.model.dag", "httpx"),
    ],
)
def test_import_without_an_arrow_breaks(importer: str, imported: str) -> None:
    assert _check(_contract(), (importer, imported)) == [f"{importer} -> {imported}"]


def test_room_without_a_row_breaks() -> None:
    assert _check(_contract(), ("potok.attic.chest", "msgspec"))[0] == "potok.attic -> "


def test_listed_exception_passes_and_its_neighbour_does_not() -> None:
    contract = _contract(ignore_imports=["potok.model.dag -> potok.store"])
    arrows = [("potok.model.dag", "potok.store"), ("potok.model.run", "potok.store")]
    assert _check(contract, *arrows) == ["potok.model.run -> potok.store"]


def test_row_that_names_an_unknown_room_is_refused() -> None:
    with pytest.raises(InvalidContractOptions):
        _contract(may_import=["model -> cellar"])


def test_every_contract_and_room_is_switched_on() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    rooms = next(contract for contract in settings["contracts"] if contract["type"] == "rooms")
    rows = {row.split("->")[0].strip() for row in rooms["may_import"]}
    on_disk = {path.parent.name for path in (ROOT / "src" / "potok").glob("*/__init__.py")}
    assert on_disk <= rows, f"rooms without a row: {sorted(on_disk - rows)}"
