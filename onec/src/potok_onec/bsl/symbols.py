"""Who is who in a module: variables, parameters, locals, names that come from outside, calls, and what is exported."""

from dataclasses import dataclass, field
from typing import Literal

from potok_onec.bsl.module import Module
from potok_onec.bsl.tree import (
    Assignment,
    Call,
    ForEach,
    ForTo,
    Member,
    Method,
    Name,
    Node,
    Variable,
    VariableDeclaration,
    walk_scope,
)

SymbolKind = Literal["parameter", "declared", "assigned", "undeclared"]


@dataclass(slots=True)
class Symbol:
    """A name of one scope, spelled as where it is met first; `reads` and `writes` are offsets.

    `assigned` is a local that no Перем declares; `undeclared` is read or called on and never set here: the global
    context, a common module, a form's attribute.
    """

    name: str
    kind: SymbolKind
    offset: int
    reads: list[int] = field(default_factory=list)
    writes: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CallSite:
    """`method(...)` or `receiver.method(...)`; the receiver is empty unless it is one plain name."""

    receiver: str
    method: str
    offset: int
    arguments: int
    is_qualified: bool


@dataclass(slots=True)
class Scope:
    """Of a method, or of the module's own statements (`method` is None). Keys are lower case."""

    method: Method | None
    symbols: dict[str, Symbol]
    calls: list[CallSite]
    module_variables: dict[str, list[int]]

    def of_kind(self, kind: SymbolKind) -> list[Symbol]:
        return [symbol for symbol in self.symbols.values() if symbol.kind == kind]

    @property
    def locals(self) -> list[Symbol]:
        return [symbol for symbol in self.symbols.values() if symbol.kind in ("declared", "assigned")]

    @property
    def undeclared(self) -> list[Symbol]:
        return self.of_kind("undeclared")

    @property
    def outer_calls(self) -> list[CallSite]:
        """Calls `Name.Method(` where the name is nothing of this module: a common module or a global property."""
        return [
            call
            for call in self.calls
            if call.receiver
            and call.receiver.lower() not in self.module_variables
            and self.symbols[call.receiver.lower()].kind == "undeclared"
        ]


@dataclass(slots=True)
class SymbolTable:
    variables: dict[str, Variable]
    methods: dict[str, list[Method]]
    scopes: list[Scope]

    @property
    def exported_methods(self) -> list[Method]:
        return [method for same in self.methods.values() for method in same if method.exported]

    @property
    def exported_variables(self) -> list[Variable]:
        return [variable for variable in self.variables.values() if variable.exported]

    def scope(self, method: Method | None) -> Scope | None:
        return next((scope for scope in self.scopes if scope.method is method), None)


def symbols(module: Module) -> SymbolTable:
    variables: dict[str, Variable] = {}
    for variable in module.variables:
        variables.setdefault(variable.name.lower(), variable)
    methods: dict[str, list[Method]] = {}
    for method in module.methods:
        methods.setdefault(method.name.lower(), []).append(method)
    table = SymbolTable(variables, methods, [])
    for method in module.methods:
        table.scopes.append(_scope(method, [method], table))
    if module.statements:
        table.scopes.append(_scope(None, list(module.statements), table))
    return table


def _scope(method: Method | None, roots: list[Node], table: SymbolTable) -> Scope:
    scope = Scope(method, {}, [], {})
    if method is not None:
        for parameter in method.parameters:
            scope.symbols.setdefault(parameter.name.lower(), Symbol(parameter.name, "parameter", parameter.start))
    targets: set[int] = set()
    callees: set[int] = set()
    uses: list[Name] = []
    for node in walk_scope(roots):
        _note(node, scope, targets, callees, uses)
    for name in uses:
        if name.start not in callees:
            _use(name, name.start in targets, scope, table)
    return scope


def _note(node: Node, scope: Scope, targets: set[int], callees: set[int], uses: list[Name]) -> None:
    if isinstance(node, Name):
        uses.append(node)
    elif isinstance(node, Call):
        target = node.target
        if isinstance(target, Name):
            callees.add(target.start)
            scope.calls.append(CallSite("", target.name, target.start, len(node.arguments), False))
        elif isinstance(target, Member):
            receiver = target.target.name if isinstance(target.target, Name) else ""
            scope.calls.append(CallSite(receiver, target.name, target.start, len(node.arguments), True))
    elif isinstance(node, Assignment):
        if isinstance(node.target, Name):
            targets.add(node.target.start)
    elif isinstance(node, ForTo | ForEach):
        targets.add(node.variable.start)
    elif isinstance(node, VariableDeclaration):
        for variable in node.variables:
            scope.symbols.setdefault(variable.name.lower(), Symbol(variable.name, "declared", variable.start))


def _use(name: Name, is_write: bool, scope: Scope, table: SymbolTable) -> None:
    folded = name.name.lower()
    symbol = scope.symbols.get(folded)
    if symbol is None:
        if folded in table.variables:
            scope.module_variables.setdefault(folded, []).append(name.start)
            return
        symbol = Symbol(name.name, "assigned" if is_write else "undeclared", name.start)
        scope.symbols[folded] = symbol
    elif is_write and symbol.kind == "undeclared":
        symbol.kind = "assigned"
    (symbol.writes if is_write else symbol.reads).append(name.start)
