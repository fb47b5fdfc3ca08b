"""Expressions of the query language."""

from typing import Final, Literal, NoReturn

from potok_onec.bsl.query.tree import (
    Case,
    Cast,
    Dotted,
    Field,
    Function,
    NestedFields,
    Operation,
    Predefined,
    QueryConstant,
    QueryParameter,
    SelectItem,
    TypeReference,
    ValueList,
)
from potok_onec.bsl.query.words import END, NUMBER, PARAMETER, RESERVED, STRING, UNKNOWN, Words
from potok_onec.bsl.tree import Node

# Each level costs up to nine Python frames of the default 1,000.
DEPTH_MAX: Final = 70

_RANKS: Final = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("=", "<>", "<", ">", "<=", ">="), 4),
    **dict.fromkeys(("in", "between", "is", "like", "refs"), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/", "%"), 6),
}
_NAME_STARTS: Final = frozenset("_#%[$")
_NOT_WORDS: Final = frozenset({"in", "between", "like"})
_NO_NAMES: Final = RESERVED | {NUMBER, STRING, PARAMETER, UNKNOWN, END}


class QueryFailure(Exception):  # noqa: N818
    """Unwinds to the statement of the package that can't be read; never leaves the parser."""


class QueryExpressions:
    def __init__(self, words: Words) -> None:
        self.kinds = words.kinds
        self.spellings = words.spellings
        self.starts = words.starts
        self.ends = words.ends
        self.position = 0
        self.depth = 0
        self.errors: dict[int, tuple[str, str, str]] = {}

    # --- moving

    def fail(self, code: str, what: str = "") -> NoReturn:
        found = self.spellings[self.position][:40] or "the end of the query"
        self.errors.setdefault(self.starts[self.position], (code, found, what))
        raise QueryFailure

    def accept(self, kind: str) -> bool:
        if self.kinds[self.position] != kind:
            return False
        self.position += 1
        return True

    def expect(self, kind: str, what: str = "") -> None:
        if not self.accept(kind):
            self.fail("expected", what or kind.upper())

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEPTH_MAX:
            self.fail("too-deep", str(DEPTH_MAX))

    def here(self) -> int:
        return self.starts[self.position]

    def before(self) -> int:
        return self.ends[self.position - 1]

    def is_word(self, position: int) -> bool:
        """A word of any kind, also a placeholder: behind a dot or КАК keywords are names."""
        first = self.spellings[position][:1]
        return first.isalpha() or first in _NAME_STARTS

    def any_word(self, what: str = "a name") -> str:
        if not self.is_word(self.position):
            self.fail("expected", what)
        self.position += 1
        return self.spellings[self.position - 1]

    def path(self) -> tuple[str, ...]:
        parts = [self.any_word()]
        while self.kinds[self.position] == "." and self.is_word(self.position + 1):
            self.position += 2
            parts.append(self.spellings[self.position - 1])
        return tuple(parts)

    # --- the grammar

    def expression(self, minimum: int = 1) -> Node:
        kind = self.kinds[self.position]
        if kind in ("not", "-", "+"):
            left = self._prefixed(kind)
        else:
            left = self.operand()
        while True:
            operator = self.kinds[self.position]
            if operator == "not" and self.kinds[self.position + 1] in _NOT_WORDS and minimum <= 4:
                self.position += 1
                left = self._predicate(left, self.kinds[self.position])
                left = Operation(left.start, left.end, "not", [left])
                continue
            rank = _RANKS.get(operator, 0)
            if not rank or rank < minimum or (operator == "refs" and not self._is_refs()):
                return left
            if operator in ("in", "between", "is", "like", "refs"):
                left = self._predicate(left, operator)
                continue
            self.position += 1
            right = self.expression(rank + 1)
            left = Operation(left.start, right.end, operator, [left, right])

    def _is_refs(self) -> bool:
        """`Поле ССЫЛКА Справочник.Валюты`, not the alias in `Поле Ссылка,`."""
        return self.is_word(self.position + 1) and self.kinds[min(self.position + 2, len(self.kinds) - 1)] == "."

    def _prefixed(self, operator: str) -> Node:
        start = self.here()
        self.deeper()
        self.position += 1
        operand = self.expression(3 if operator == "not" else 7)
        self.depth -= 1
        return Operation(start, operand.end, operator, [operand])

    def _predicate(self, left: Node, operator: str) -> Node:
        self.position += 1
        right: list[Node]
        if operator == "in":
            if self.accept("hierarchy"):
                operator = "in hierarchy"
            right = [self.operand()]
        elif operator == "between":
            low = self.expression(5)
            self.expect("and")
            right = [low, self.expression(5)]
        elif operator == "is":
            operator = "is not null" if self.accept("not") else "is null"
            self.expect("null", "NULL")
            right = []
        elif operator == "refs":
            start = self.here()
            right = [TypeReference(start, self.before(), self.path())]
            right[0].end = self.before()
        else:
            right = [self.expression(5)]
            if self.accept("escape"):
                right.append(self.operand())
        return Operation(left.start, self.before(), operator, [left, *right])

    def operand(self) -> Node:
        kind = self.kinds[self.position]
        start = self.here()
        if kind == PARAMETER:
            self.position += 1
            node: Node = QueryParameter(start, self.before(), self.spellings[self.position - 1][1:].strip())
            return self._dotted(node)
        if kind in (NUMBER, STRING, "true", "false", "undefined", "null"):
            self.position += 1
            return QueryConstant(start, self.before(), self.spellings[self.position - 1])
        if kind == "(":
            return self._dotted(self._parenthesised())
        if kind == "case" and self.kinds[self.position + 1] != ".":
            return self._case()
        opens = self.kinds[self.position + 1] == "("
        if kind == "cast" and opens:
            return self._dotted(self._cast())
        if kind in ("value", "type") and opens:
            return self._predefined("value" if kind == "value" else "type")
        if kind in _NO_NAMES or not self.is_word(self.position):
            if kind == "{":
                return self.braced_value()
            self.fail("expression")
        return self._dotted(self._function()) if opens else self.field()

    def braced_value(self) -> Node:
        self.fail("expression")

    def subquery(self) -> Node:
        self.fail("expression")

    def select_items(self) -> list[SelectItem]:
        self.fail("expression")

    def _dotted(self, node: Node) -> Node:
        if self.kinds[self.position] != "." or self.kinds[self.position + 1] == "*":
            return node
        self.position += 1
        path = self.path()
        return Dotted(node.start, self.before(), node, path)

    def field(self) -> Node:
        start = self.here()
        path = self.path()
        if self.kinds[self.position] == ".":
            following = self.kinds[self.position + 1]
            if following == "*":
                self.position += 2
                return Field(start, self.before(), (*path, "*"))
            if following == "(":
                return self._nested(start, path)
            self.position += 1
            self.fail("expected", "a name")
        return Field(start, self.before(), path)

    def _nested(self, start: int, path: tuple[str, ...]) -> Node:
        self.deeper()
        self.position += 2
        items = self.select_items()
        self.expect(")")
        self.depth -= 1
        return NestedFields(start, self.before(), path, items)

    def _parenthesised(self) -> Node:
        start = self.here()
        self.deeper()
        self.position += 1
        if self.kinds[self.position] == "select":
            node = self.subquery()
        else:
            items = self.expressions()
            node = items[0] if len(items) == 1 else ValueList(start, self.before(), items)
        self.expect(")")
        self.depth -= 1
        node.start, node.end = start, self.before()
        return node

    def expressions(self) -> list[Node]:
        found = [self.expression()]
        while self.accept(","):
            found.append(self.expression())
        return found

    def _function(self) -> Node:
        start = self.here()
        name = self.spellings[self.position]
        self.deeper()
        self.position += 2
        distinct = self.accept("distinct")
        arguments: list[Node] = []
        if self.kinds[self.position] == "*":
            self.position += 1
            arguments.append(Field(self.starts[self.position - 1], self.before(), ("*",)))
        elif self.kinds[self.position] != ")":
            arguments = self.expressions()
        self.expect(")")
        self.depth -= 1
        return Function(start, self.before(), name, arguments, distinct)

    def _predefined(self, function: Literal["value", "type"]) -> Node:
        start = self.here()
        self.position += 2
        if self.kinds[self.position] == PARAMETER:
            self.position += 1
            path: tuple[str, ...] = (self.spellings[self.position - 1],)
        else:
            path = self.path()
        self.expect(")")
        return Predefined(start, self.before(), function, path)

    def _cast(self) -> Node:
        start = self.here()
        self.deeper()
        self.position += 2
        operand = self.expression()
        self.expect("as", "КАК")
        type_path = self.path()
        arguments: list[str] = []
        if self.accept("("):
            while self.kinds[self.position] == NUMBER:
                arguments.append(self.spellings[self.position])
                self.position += 1
                if not self.accept(","):
                    break
            self.expect(")")
        self.expect(")")
        self.depth -= 1
        return Cast(start, self.before(), operand, type_path, arguments)

    def _case(self) -> Node:
        start = self.here()
        self.deeper()
        self.position += 1
        operand = None if self.kinds[self.position] == "when" else self.expression()
        branches: list[tuple[Node, Node]] = []
        while self.accept("when"):
            condition = self.expression()
            self.expect("then", "ТОГДА")
            branches.append((condition, self.expression()))
        if not branches:
            self.fail("expected", "КОГДА")
        otherwise = self.expression() if self.accept("else") else None
        self.expect("end", "КОНЕЦ")
        self.depth -= 1
        return Case(start, self.before(), operand, branches, otherwise)
