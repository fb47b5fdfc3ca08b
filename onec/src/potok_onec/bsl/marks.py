"""What the blocks of a module tell of its habits: loops, attempts, transactions, privileged mode, jumps. Syntax only.

Calls inside of them are in potok_onec.bsl.references: a place compared with these spans says where a call stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from potok_onec.bsl.module import Module
from potok_onec.bsl.tree import (
    Assignment,
    Call,
    CallStatement,
    Constant,
    DirectiveGroup,
    Empty,
    Execute,
    Expression,
    ForEach,
    ForTo,
    Goto,
    If,
    Method,
    Name,
    New,
    Node,
    Raise,
    Try,
    While,
)

# loop: what is repeated in an outermost loop. try: the body of an attempt. handler: what follows Исключение, with
# `empty` or `raises`. begin: НачатьТранзакцию, with `guarded` (Попытка follows at once, if need be behind the Если that
# the call ends), `inside` (of an attempt) or `bare`. privileged: УстановитьПривилегированныйРежим, with `on`, `off` or
# `value`. query: a variable that is set to a new query, with its name. goto, execute: Перейти and Выполнить.
MarkKind = Literal["loop", "try", "handler", "begin", "privileged", "query", "goto", "execute"]

_BEGIN: Final = frozenset({"начатьтранзакцию", "begintransaction"})
_PRIVILEGED: Final = frozenset({"установитьпривилегированныйрежим", "setprivilegedmode"})
_QUERY_TYPES: Final = frozenset({"запрос", "query"})


@dataclass(frozen=True, slots=True)
class Mark:
    """`start` and `end` are offsets, `method` is where it stands, empty in module code."""

    kind: MarkKind
    start: int
    end: int
    method: str
    detail: str = ""


def marks(module: Module) -> list[Mark]:
    """In the order of the text within each method."""
    found: list[Mark] = []
    for method in module.methods:
        _Walk(method.name, found).block(method.body, False, False)
    _Walk("", found).block(module.statements, False, False)
    return found


class _Walk:
    """Statements only: expressions are looked at where a statement is one of those that matter."""

    def __init__(self, method: str, found: list[Mark]) -> None:
        self._method = method
        self._found = found

    def _add(self, kind: MarkKind, start: int, end: int, detail: str = "") -> None:
        self._found.append(Mark(kind, start, end, self._method, detail))

    def block(self, nodes: Sequence[Node], in_loop: bool, in_try: bool, after: Node | None = None) -> None:
        """`after` is the statement that follows the block."""
        for at, node in enumerate(nodes):
            if isinstance(node, CallStatement):
                self._call(node, _next(nodes, at, after), in_try)
            elif isinstance(node, Assignment):
                self._assignment(node)
            elif isinstance(node, If):
                following = _next(nodes, at, after)
                for branch in node.branches:
                    self.block(branch.body, in_loop, in_try, following)
                if node.otherwise:
                    self.block(node.otherwise, in_loop, in_try, following)
            elif isinstance(node, While | ForTo | ForEach):
                self._loop(node, in_loop, in_try)
            elif isinstance(node, Try):
                self._try(node, in_loop, in_try)
            elif isinstance(node, DirectiveGroup):
                for arm in node.branches:
                    self.block([each for each in arm.items if not isinstance(each, Method)], in_loop, in_try)
            elif isinstance(node, Goto):
                self._add("goto", node.start, node.end)
            elif isinstance(node, Execute):
                self._add("execute", node.start, node.end)

    def _loop(self, node: While | ForTo | ForEach, in_loop: bool, in_try: bool) -> None:
        """The collection of a ДляКаждого is made once; the condition of a Пока is asked again each time."""
        if not in_loop:
            first = node.condition.start if isinstance(node, While) else node.body[0].start if node.body else node.end
            self._add("loop", first, node.end)
        self.block(node.body, True, in_try)

    def _try(self, node: Try, in_loop: bool, in_try: bool) -> None:
        body_end = node.body[-1].end if node.body else node.start
        self._add("try", node.start, body_end)
        self.block(node.body, in_loop, True)
        written = [each for each in node.handler if not isinstance(each, Empty)]
        start = written[0].start if written else body_end
        detail = "" if written else "empty"
        if any(isinstance(inner, Raise) for each in written for inner in each.walk()):
            detail = "raises"
        self._add("handler", start, node.end, detail)
        self.block(node.handler, in_loop, in_try)

    def _call(self, node: CallStatement, after: Node | None, in_try: bool) -> None:
        call = node.call
        if not isinstance(call, Call) or not isinstance(call.target, Name):
            return
        name = call.target.name.lower()
        if name in _BEGIN:
            detail = "guarded" if isinstance(after, Try) else "inside" if in_try else "bare"
            self._add("begin", node.start, node.end, detail)
        elif name in _PRIVILEGED:
            self._add("privileged", node.start, node.end, _switched(call.arguments))

    def _assignment(self, node: Assignment) -> None:
        value = node.value
        if isinstance(value, New) and value.type_name.lower() in _QUERY_TYPES and isinstance(node.target, Name):
            self._add("query", node.start, node.end, node.target.name)


def _next(nodes: Sequence[Node], at: int, after: Node | None) -> Node | None:
    """The statement behind one of a block; behind the last one what follows the block."""
    return next((each for each in nodes[at + 1 :] if not isinstance(each, Empty)), after)


def _switched(arguments: Sequence[Expression]) -> str:
    """Without an argument it is switched on."""
    if not arguments:
        return "on"
    first = arguments[0]
    if isinstance(first, Constant) and first.kind in ("true", "false"):
        return "on" if first.kind == "true" else "off"
    return "value"
