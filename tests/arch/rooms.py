"""The import-linter contract behind DESIGN's table of rooms: closed, what no row permits is forbidden."""

import sys
from typing import NamedTuple

import grimp
from importlinter import Contract, ContractCheck, fields, output
from importlinter.application import contract_utils
from importlinter.application.contract_utils import AlertLevel
from importlinter.domain.contract import InvalidContractOptions
from importlinter.domain.imports import ImportExpression


class Violation(NamedTuple):
    """One import that no row permits."""

    importer: str
    imported: str
    lines: tuple[int, ...]
    reason: str


class RoomsContract(Contract):
    """`may_import` holds rows `room -> room, room`; a module outside every row is itself a violation.

    Direct imports only: what a permitted room imports in its turn is that room's affair. `third_party` closes the list
    of distributions for the rooms it names; rooms without a row there are free.
    """

    type_name = "rooms"

    # import-linter replaces each field by its parsed value; the annotations name that value.
    root: str = fields.StringField()  # type: ignore[assignment]
    may_import: list[str] = fields.ListField(subfield=fields.StringField())  # type: ignore[assignment]
    open_to_all: set[str] = fields.SetField(subfield=fields.StringField())  # type: ignore[assignment]
    third_party: list[str] = fields.ListField(subfield=fields.StringField())  # type: ignore[assignment]
    ignore_imports: set[ImportExpression] = fields.SetField(  # type: ignore[assignment]
        subfield=fields.ImportExpressionField()
    )

    def validate(self) -> None:
        rows = _table(self.may_import)
        strangers = sorted({room for row in rows.values() for room in row} - set(rows))
        if strangers:
            raise InvalidContractOptions({"may_import": f"no row for {', '.join(strangers)}"})

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        removal = contract_utils.remove_ignored_imports_and_report(
            graph=graph, ignore_imports=sorted(self.ignore_imports, key=str), unmatched_alerting=AlertLevel.NONE
        )
        violations = [*self._unknown_rooms(graph), *self._illegal_imports(graph)]
        return ContractCheck(
            kept=not violations,
            warnings=list(removal.warnings),
            ignored_import_count=removal.ignored_import_count,
            metadata={"violations": violations},
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        for violation in check.metadata["violations"]:
            arrow = f"{violation.importer} -> {violation.imported}" if violation.imported else violation.importer
            lines = f" (l.{', '.join(map(str, violation.lines))})" if violation.lines else ""
            output.print_error(f"- {arrow}{lines}: {violation.reason}", bold=False)
        output.new_line()

    def _unknown_rooms(self, graph: grimp.ImportGraph) -> list[Violation]:
        known = {*_table(self.may_import), *self.open_to_all}
        found = {self._room(module) for module in graph.modules} - {None}
        return [
            Violation(f"{self.root}.{room}", "", (), "this room has no row in DESIGN's table")
            for room in sorted(room for room in found if room and room not in known)
        ]

    def _illegal_imports(self, graph: grimp.ImportGraph) -> list[Violation]:
        violations = []
        for importer in sorted(graph.modules):
            if self._room(importer) is None:
                continue
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                reason = self._objection(importer, imported)
                if reason:
                    details = graph.get_import_details(importer=importer, imported=imported)
                    lines = tuple(sorted(detail["line_number"] for detail in details))
                    violations.append(Violation(importer, imported, lines, reason))
        return violations

    def _objection(self, importer: str, imported: str) -> str | None:
        source, target = self._room(importer), self._room(imported)
        assert source is not None, importer
        if target is None:
            return self._third_party_objection(source, imported)
        permitted = {source, *_table(self.may_import).get(source, ()), *self.open_to_all}
        if target in permitted:
            return None
        if target == self.root:
            return f"import from the room itself, not from the public face `{self.root}`"
        return f"{source} may import {', '.join(sorted(permitted - {source})) or 'nothing'}"

    def _third_party_objection(self, source: str, imported: str) -> str | None:
        closed = _table(self.third_party)
        name = imported.partition(".")[0]
        if source not in closed or name in sys.stdlib_module_names or name in closed[source]:
            return None
        return f"{source} may lean on the standard library and {', '.join(closed[source])} only"

    def _room(self, module: str) -> str | None:
        """`potok.store.sqlite` is of the room `store`; the root package is one of its own; the rest is of none."""
        if module == self.root:
            return self.root
        prefix = f"{self.root}."
        return module.removeprefix(prefix).partition(".")[0] if module.startswith(prefix) else None


def _table(rows: list[str]) -> dict[str, tuple[str, ...]]:
    table = {}
    for row in rows:
        room, _, permitted = row.partition("->")
        table[room.strip()] = tuple(name.strip() for name in permitted.split(",") if name.strip())
    return table
