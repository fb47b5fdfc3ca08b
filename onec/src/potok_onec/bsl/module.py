"""`parse_module`: the text of a module to a `Module`, the root of everything that is known about it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from potok_onec.bsl.encoding import ModuleText
from potok_onec.bsl.errors import BslSyntaxError
from potok_onec.bsl.kinds import TokenKind
from potok_onec.bsl.lexer import tokenize
from potok_onec.bsl.reading import Reading, read
from potok_onec.bsl.regions import attach_regions, find_regions
from potok_onec.bsl.tokens import Position, Tokens
from potok_onec.bsl.tree import DirectiveGroup, Method, Node, Region, Statement, Variable, VariableDeclaration


@dataclass(eq=False)
class Module:
    """One parsed module. Where #Если splits a statement, the tree shows what a server compiles, with an extension's
    changes applied; methods that only another arm of #Если declares are in `methods` as well."""

    tokens: Tokens
    items: list[Node]
    methods: list[Method]
    variables: list[Variable]
    regions: list[Region]
    errors: list[BslSyntaxError]
    uses: list[str] = field(default_factory=list)

    @cached_property
    def statements(self) -> list[Statement]:
        """The module's own code: what runs when the module is loaded."""
        return list(_own_statements(self.items))

    @property
    def text(self) -> str:
        return self.tokens.text

    @property
    def line_count(self) -> int:
        """Lines as an editor counts them: a line break at the very end starts one more, empty line."""
        return len(self.tokens.lines)

    def position(self, offset: int) -> Position:
        return self.tokens.lines.position(offset)

    def source(self, node: Node) -> str:
        return self.tokens.text[node.start : node.end]

    def method(self, name: str) -> Method | None:
        """The first method of that name; names don't know upper and lower case."""
        folded = name.lower()
        return next((method for method in self.methods if method.name.lower() == folded), None)

    def walk(self) -> Iterator[Node]:
        for item in self.items:
            yield from item.walk()


def _own_statements(items: list[Node]) -> Iterator[Statement]:
    for item in items:
        if isinstance(item, DirectiveGroup):
            inner = [each for branch in item.branches for each in branch.items]
            if any(_own_statements(inner)):
                yield item
        elif isinstance(item, Statement) and not isinstance(item, VariableDeclaration):
            yield item


def parse_module(source: str | ModuleText | Tokens) -> Module:
    """Never raises for any text: see `Module.errors`."""
    tokens = source if isinstance(source, Tokens) else tokenize(source)
    with _collector_paused():
        reading = read(tokens)
    module = Module(
        tokens, reading.items, reading.methods, reading.variables, find_regions(tokens), _located(tokens, reading)
    )
    module.uses = [text for kind, text in zip(tokens.kinds, tokens.spellings, strict=True) if kind == TokenKind.USE]
    attach_regions(module.methods, module.regions)
    return module


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A tree has no cycles, but the collector would walk it again and again while it grows: a quarter of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _located(tokens: Tokens, reading: Reading) -> list[BslSyntaxError]:
    found: list[BslSyntaxError] = []
    for offset in sorted(reading.errors):
        code, spelling, what = reading.errors[offset]
        line, column, _ = tokens.lines.position(offset)
        found.append(BslSyntaxError(line, column, offset, code, spelling, what))
    return found
