"""Expressions by precedence climbing: one call per operand, so chains of any length cost no recursion."""

from typing import Final

from potok_onec.bsl.cursor import DEPTH_MAX, Cursor
from potok_onec.bsl.kinds import FIRST_KEYWORD, KIND_COUNT, TokenKind
from potok_onec.bsl.tree import (
    Await,
    Binary,
    Call,
    Constant,
    Expression,
    Index,
    LiteralKind,
    Member,
    Name,
    New,
    Omitted,
    Strings,
    Ternary,
    Unary,
)

K = TokenKind
_NOT_RANK: Final = 3
_SIGN_RANK: Final = 7


def _ranks() -> list[int]:
    ranks = [0] * KIND_COUNT
    ranks[K.OR] = 1
    ranks[K.AND] = 2
    for comparison in (K.EQUAL, K.NOT_EQUAL, K.LESS, K.GREATER, K.LESS_EQUAL, K.GREATER_EQUAL):
        ranks[comparison] = 4
    ranks[K.PLUS] = ranks[K.MINUS] = 5
    ranks[K.STAR] = ranks[K.SLASH] = ranks[K.PERCENT] = 6
    return ranks


_RANKS: Final = _ranks()
_CONSTANTS: Final[dict[int, LiteralKind]] = {
    K.STRING: "string",
    K.NUMBER: "number",
    K.DATE: "date",
    K.TRUE: "true",
    K.FALSE: "false",
    K.UNDEFINED: "undefined",
    K.NULL: "null",
}
# Words that have a meaning of their own only in one place and may be names elsewhere.
_NAME_KINDS: Final = frozenset({K.IDENTIFIER, K.ASYNC, K.AWAIT})


class ExpressionParser(Cursor):
    """`expression()` stands at its first token and leaves at the first one that doesn't belong to it."""

    def expression(self, minimum: int = 1) -> Expression:
        kinds = self.kinds
        start = self.position
        kind = kinds[start]
        left: Expression
        if kind == K.NOT:
            left = self._prefixed(kind, _NOT_RANK)
        elif kind == K.MINUS or kind == K.PLUS:
            left = self._prefixed(kind, _SIGN_RANK)
        else:
            left = self.operand()
        while True:
            operator = kinds[self.position]
            rank = _RANKS[operator]
            if rank < minimum or not rank:
                return left
            self.position += 1
            right = self.expression(rank + 1)
            left = Binary(left.start, right.end, operator, left, right)

    def _prefixed(self, operator: int, rank: int) -> Expression:
        start = self.starts[self.position]
        self._deeper()
        self.position += 1
        operand = self.expression(rank)
        self.depth -= 1
        return Unary(start, operand.end, operator, operand)

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEPTH_MAX:
            self.fail("too-deep", str(DEPTH_MAX))

    def operand(self) -> Expression:
        position = self.position
        kind = self.kinds[position]
        node: Expression
        if kind == K.IDENTIFIER:
            self.position = position + 1
            node = Name(self.starts[position], self.ends[position], self.spellings[position])
            if K.DOT <= self.kinds[position + 1] <= K.OPEN_BRACKET:
                return self.postfix(node)
            return node
        constant = _CONSTANTS.get(kind)
        if constant is not None:
            self.position = position + 1
            node = Constant(self.starts[position], self.ends[position], constant, self.spellings[position])
            if kind == K.STRING and self.kinds[position + 1] == K.STRING:
                node = self._adjacent_strings(node)
            return self.postfix(node)
        return self._rare_operand(kind)

    def _adjacent_strings(self, first: Expression) -> Expression:
        parts = [first]
        while self.kinds[self.position] == K.STRING:
            at = self.position
            parts.append(Constant(self.starts[at], self.ends[at], "string", self.spellings[at]))
            self.position = at + 1
        return Strings(first.start, parts[-1].end, parts)

    def _rare_operand(self, kind: int) -> Expression:
        if kind == K.OPEN_PARENTHESIS:
            return self._parenthesised()
        if kind == K.NEW:
            return self._new()
        if kind == K.QUESTION:
            return self._ternary()
        if kind == K.AWAIT and self._awaits():
            return self._await()
        if kind in _NAME_KINDS:
            return self.postfix(self.name())
        self.fail("expression")

    def name(self) -> Name:
        at = self.position
        if self.kinds[at] not in _NAME_KINDS:
            self.fail("expected", "a name")
        self.position = at + 1
        return Name(self.starts[at], self.ends[at], self.spellings[at])

    def _awaits(self) -> bool:
        """`Ждать` is a plain name outside of asynchronous methods: it awaits only when an operand follows."""
        return self.kinds[self.position + 1] in (K.IDENTIFIER, K.NEW, K.OPEN_PARENTHESIS, K.AWAIT, K.QUESTION)

    def _await(self) -> Expression:
        start = self.starts[self.position]
        self._deeper()
        self.position += 1
        operand = self.operand()
        self.depth -= 1
        return Await(start, operand.end, operand)

    def _parenthesised(self) -> Expression:
        self._deeper()
        self.position += 1
        inner = self.expression()
        self.expect(K.CLOSE_PARENTHESIS, ")")
        self.depth -= 1
        return self.postfix(inner)

    def _ternary(self) -> Expression:
        start = self.starts[self.position]
        self._deeper()
        self.position += 1
        self.expect(K.OPEN_PARENTHESIS, "(")
        condition = self.expression()
        self.expect(K.COMMA, ",")
        when_true = self.expression()
        self.expect(K.COMMA, ",")
        when_false = self.expression()
        self.expect(K.CLOSE_PARENTHESIS, ")")
        self.depth -= 1
        return self.postfix(Ternary(start, self.ends[self.position - 1], condition, when_true, when_false))

    def _new(self) -> Expression:
        start = self.starts[self.position]
        self.position += 1
        type_name = ""
        if self.kinds[self.position] != K.OPEN_PARENTHESIS:
            type_name = self._type_name()
        arguments: list[Expression] = []
        if self.kinds[self.position] == K.OPEN_PARENTHESIS:
            arguments = self.arguments()
        return self.postfix(New(start, self.ends[self.position - 1], type_name, arguments))

    def _type_name(self) -> str:
        at = self.position
        if self.kinds[at] != K.IDENTIFIER and self.kinds[at] < FIRST_KEYWORD:
            self.fail("expected", "a type name")
        self.position = at + 1
        return self.spellings[at]

    def postfix(self, node: Expression) -> Expression:
        """Members, calls and indexes that follow an operand."""
        kinds = self.kinds
        while True:
            position = self.position
            kind = kinds[position]
            if kind == K.DOT:
                member = kinds[position + 1]
                if member != K.IDENTIFIER and member < FIRST_KEYWORD:
                    self.position = position + 1
                    self.fail("expected", "a name")
                self.position = position + 2
                node = Member(node.start, self.ends[position + 1], node, self.spellings[position + 1])
            elif kind == K.OPEN_PARENTHESIS:
                if not isinstance(node, Name | Member):
                    return node
                arguments = self.arguments()
                node = Call(node.start, self.ends[self.position - 1], node, arguments)
            elif kind == K.OPEN_BRACKET:
                self._deeper()
                self.position = position + 1
                index = self.expression()
                self.expect(K.CLOSE_BRACKET, "]")
                self.depth -= 1
                node = Index(node.start, self.ends[self.position - 1], node, index)
            else:
                return node

    def arguments(self) -> list[Expression]:
        """From `(` to behind `)`; left-out arguments are Omitted nodes, `()` is an empty list."""
        kinds = self.kinds
        self._deeper()
        self.position += 1
        found: list[Expression] = []
        if kinds[self.position] == K.CLOSE_PARENTHESIS:
            self.position += 1
            self.depth -= 1
            return found
        while True:
            kind = kinds[self.position]
            if kind == K.COMMA or kind == K.CLOSE_PARENTHESIS:
                here = self.starts[self.position]
                found.append(Omitted(here, here))
            else:
                found.append(self.expression())
                kind = kinds[self.position]
            if kind == K.COMMA:
                self.position += 1
            else:
                self.expect(K.CLOSE_PARENTHESIS, ")")
                self.depth -= 1
                return found
