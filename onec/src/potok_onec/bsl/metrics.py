"""Size and complexity of a method. Works on long chains without recursion over expressions."""

from dataclasses import dataclass

from potok_onec.bsl.kinds import TokenKind
from potok_onec.bsl.tree import (
    Binary,
    Call,
    DirectiveGroup,
    ForEach,
    ForTo,
    Goto,
    If,
    Method,
    Name,
    Node,
    Statement,
    Ternary,
    Try,
    While,
)

_LOGICAL = (TokenKind.AND, TokenKind.OR)
_Loop = While | ForTo | ForEach


@dataclass(frozen=True, slots=True)
class Metrics:
    """`cyclomatic`: 1, and 1 for each Если, ИначеЕсли, loop, Исключение, `?()`, И and ИЛИ.

    `cognitive`: G. Ann Campbell's rules: what branches costs 1 and 1 more per level it is nested in; ИначеЕсли, Иначе,
    Перейти, each run of equal И or ИЛИ and recursion cost 1. `lines` counts from the header's line to the last word's.
    """

    cyclomatic: int
    cognitive: int
    nesting: int
    lines: int
    parameters: int
    optional_parameters: int
    statements: int


@dataclass(slots=True)
class _Count:
    own_name: str
    cyclomatic: int = 1
    cognitive: int = 0
    nesting: int = 0
    statements: int = 0
    recursive: bool = False


def metrics(method: Method) -> Metrics:
    count = _Count(method.name.lower())
    _block(method.body, 0, count)
    return Metrics(
        cyclomatic=count.cyclomatic,
        cognitive=count.cognitive + count.recursive,
        nesting=count.nesting,
        lines=method.end_line - method.start_line + 1,
        parameters=len(method.parameters),
        optional_parameters=sum(parameter.default is not None for parameter in method.parameters),
        statements=count.statements,
    )


def _block(nodes: list[Statement] | list[Node], level: int, count: _Count) -> None:
    for node in nodes:
        count.statements += isinstance(node, Statement)
        if isinstance(node, If):
            _if(node, level, count)
        elif isinstance(node, _Loop):
            _opens(level, count)
            for part in node.children():
                if not isinstance(part, Statement):
                    _expression(part, level, count)
            _block(node.body, level + 1, count)
        elif isinstance(node, Try):
            count.nesting = max(count.nesting, level + 1)
            _block(node.body, level, count)
            _opens(level, count)
            _block(node.handler, level + 1, count)
        elif isinstance(node, DirectiveGroup):
            for branch in node.branches:
                _block(branch.items, level, count)
        else:
            count.cognitive += isinstance(node, Goto)
            for part in node.children():
                _expression(part, level, count)


def _opens(level: int, count: _Count) -> None:
    count.cyclomatic += 1
    count.cognitive += 1 + level
    count.nesting = max(count.nesting, level + 1)


def _if(node: If, level: int, count: _Count) -> None:
    _opens(level, count)
    alternatives = len(node.branches) - 1
    count.cyclomatic += alternatives
    count.cognitive += alternatives + (node.otherwise is not None)
    for branch in node.branches:
        _expression(branch.condition, level, count)
        _block(branch.body, level + 1, count)
    _block(node.otherwise or [], level + 1, count)


def _expression(root: Node, level: int, count: _Count) -> None:
    """Each entry of the stack: a node, its nesting level and the logical operator it is an operand of."""
    stack: list[tuple[Node, int, int]] = [(root, level, 0)]
    while stack:
        node, depth, parent = stack.pop()
        operator = 0
        if isinstance(node, Binary) and node.operator in _LOGICAL:
            operator = node.operator
            count.cyclomatic += 1
            count.cognitive += operator != parent
        elif isinstance(node, Ternary):
            count.cyclomatic += 1
            count.cognitive += 1 + depth
            depth += 1
        elif isinstance(node, Call) and isinstance(node.target, Name):
            count.recursive = count.recursive or node.target.name.lower() == count.own_name
        for part in node.children():
            stack.append((part, depth, operator))
