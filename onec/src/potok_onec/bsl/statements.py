"""Statements: one method per kind, found by the kind of the first token."""

from collections.abc import Callable
from typing import Final

from potok_onec.bsl.cursor import DEPTH_MAX, Failure
from potok_onec.bsl.expressions import ExpressionParser
from potok_onec.bsl.kinds import KIND_COUNT, TokenKind
from potok_onec.bsl.tree import (
    AddHandler,
    Assignment,
    Branch,
    Break,
    Broken,
    Call,
    CallStatement,
    Continue,
    DirectiveBranch,
    DirectiveGroup,
    Empty,
    Execute,
    Expression,
    ForEach,
    ForTo,
    Goto,
    If,
    Index,
    Label,
    Member,
    Missing,
    Name,
    Node,
    Raise,
    RemoveHandler,
    Return,
    Statement,
    Try,
    Variable,
    VariableDeclaration,
    While,
)

K = TokenKind

# Tokens that end a list of statements, whatever block it belongs to.
BLOCK_ENDS: Final = frozenset(
    {
        *(K.ELSIF, K.ELSE, K.END_IF, K.END_DO, K.EXCEPT, K.END_TRY),
        *(K.END_PROCEDURE, K.END_FUNCTION, K.PROCEDURE, K.FUNCTION, K.ANNOTATION, K.END_OF_FILE),
        *(K.PRE_ELSIF, K.PRE_ELSE, K.PRE_END_IF, K.PRE_END_INSERT, K.PRE_END_DELETE),
    }
)
METHOD_WORDS: Final = frozenset({K.PROCEDURE, K.FUNCTION})
_EXPRESSION_ENDS: Final = BLOCK_ENDS | {K.SEMICOLON}
_STATEMENT_WORDS: Final = frozenset(
    {
        *(K.IF, K.FOR, K.WHILE, K.TRY, K.RETURN, K.RAISE, K.BREAK, K.CONTINUE, K.GOTO, K.EXECUTE),
        *(K.ADD_HANDLER, K.REMOVE_HANDLER, K.VAR, K.PRE_IF, K.PRE_INSERT, K.PRE_DELETE),
    }
)

_GROUPS_MAX: Final = 50


class StatementParser(ExpressionParser):
    def statements(self) -> list[Statement]:
        """Up to a token that ends blocks; the caller judges whether it is the right one."""
        found: list[Statement] = []
        kinds = self.kinds
        if self.depth >= DEPTH_MAX:
            return self._skip_too_deep()
        self.depth += 1
        while True:
            kind = kinds[self.position]
            if kind in BLOCK_ENDS or (kind == K.ASYNC and kinds[self.position + 1] in METHOD_WORDS):
                self.depth -= 1
                return found
            found.append(self.statement(kind))

    def statement(self, kind: int) -> Statement:
        """One statement and its semicolon; what can't be read becomes Broken."""
        position = self.position
        handler = _HANDLERS[kind]
        if handler is None:
            return self._rare_statement(kind)
        depth = self.depth
        try:
            found = handler(self)
            kind = self.kinds[self.position]
            if kind == K.SEMICOLON:
                self.position += 1
            elif kind not in BLOCK_ENDS:
                self._semicolon_missing()
        except Failure:
            self.depth = depth
            found = self._skip_broken(position)
        return found

    def _semicolon_missing(self) -> None:
        if not self.at_directive():
            self.fail("expected", ";")

    def _rare_statement(self, kind: int) -> Statement:
        start = self.position
        if kind == K.SEMICOLON:
            self.position = start + 1
            return Empty(self.starts[start], self.ends[start])
        if kind == K.LABEL:
            return self._label()
        if kind in (K.PRE_IF, K.PRE_INSERT, K.PRE_DELETE) and start in self.groups:
            return self.directive_group(self._statement_items)
        self.report("stray-directive" if self.at_directive() else "statement")
        return self._skip_broken(start)

    def _statement_items(self) -> list[Node]:
        return list(self.statements())

    def _skip_too_deep(self) -> list[Statement]:
        self.report("too-deep", str(DEPTH_MAX))
        start = self.position
        while self.kinds[self.position] not in BLOCK_ENDS:
            self.position += 1
        return [Broken(self.starts[start], self.ends[self.position])]

    def _skip_broken(self, start: int) -> Statement:
        """To behind the next semicolon, or to where a new statement or a block's end stands."""
        kinds = self.kinds
        if self.position == start:
            self.position += kinds[start] != K.END_OF_FILE
        while kinds[self.position] not in _EXPRESSION_ENDS and kinds[self.position] not in _STATEMENT_WORDS:
            self.position += 1
        end = self.ends[max(self.position - 1, start)]
        if kinds[self.position] == K.SEMICOLON:
            self.position += 1
        return Broken(self.starts[start], end)

    def _close(self, kind: int, what: str) -> None:
        if self.kinds[self.position] == kind:
            self.position += 1
            return
        self.report("expected", what)

    def _assignment_or_call(self) -> Statement:
        start = self.position
        target = self.operand()
        if self.kinds[self.position] == K.EQUAL and isinstance(target, Name | Member | Index):
            self.position += 1
            value = self.expression()
            return Assignment(target.start, value.end, target, value)
        if isinstance(target, Call):
            return CallStatement(target.start, target.end, target)
        if self.kinds[start] == K.AWAIT and not isinstance(target, Name):
            return CallStatement(target.start, target.end, target)
        if isinstance(target, Name | Member | Index) and self.kinds[self.position] != K.SEMICOLON:
            self.fail("expected", "=")
        self.fail("not-a-call")

    def _if(self) -> Statement:
        start = self.position
        branches = [self._branch()]
        while self.kinds[self.position] == K.ELSIF:
            branches.append(self._branch())
        otherwise: list[Statement] | None = None
        if self.kinds[self.position] == K.ELSE:
            self.position += 1
            otherwise = self.statements()
        self._close(K.END_IF, "КонецЕсли")
        return If(self.starts[start], self.ends[self.position - 1], branches, otherwise)

    def _branch(self) -> Branch:
        start = self.position
        self.position = start + 1
        condition = self._condition(K.THEN, "Тогда")
        body = self.statements()
        return Branch(self.starts[start], self.ends[self.position - 1], condition, body)

    def _condition(self, kind: int, what: str) -> Expression:
        """Of a branch or loop, and the word behind it; when it is broken the block is read all the same."""
        depth = self.depth
        start = self.starts[self.position]
        try:
            condition = self.expression()
            self.expect(kind, what)
        except Failure:
            self._recover_header(depth, kind)
            return Missing(start, max(start, self.ends[self.position - 1]))
        return condition

    def _recover_header(self, depth: int, kind: int) -> None:
        self.depth = depth
        kinds = self.kinds
        while kinds[self.position] not in _EXPRESSION_ENDS and kinds[self.position] not in _STATEMENT_WORDS:
            if kinds[self.position] == kind:
                self.position += 1
                return
            self.position += 1

    def _for(self) -> Statement:
        start = self.position
        self.position = start + 1
        if self.kinds[self.position] == K.EACH:
            return self._for_each(start)
        depth = self.depth
        variable = first = last = self._missing()
        try:
            variable = self.operand()
            self.expect(K.EQUAL, "=")
            first = self.expression()
            self.expect(K.TO, "По")
            last = self.expression()
            self.expect(K.DO, "Цикл")
        except Failure:
            self._recover_header(depth, K.DO)
        body = self._loop_body()
        return ForTo(self.starts[start], self.ends[self.position - 1], variable, first, last, body)

    def _for_each(self, start: int) -> Statement:
        self.position += 1
        depth = self.depth
        variable = collection = self._missing()
        try:
            variable = self.operand()
            self.expect(K.IN, "Из")
            collection = self.expression()
            self.expect(K.DO, "Цикл")
        except Failure:
            self._recover_header(depth, K.DO)
        body = self._loop_body()
        return ForEach(self.starts[start], self.ends[self.position - 1], variable, collection, body)

    def _missing(self) -> Expression:
        here = self.starts[self.position]
        return Missing(here, here)

    def _while(self) -> Statement:
        start = self.position
        self.position = start + 1
        condition = self._condition(K.DO, "Цикл")
        body = self._loop_body()
        return While(self.starts[start], self.ends[self.position - 1], condition, body)

    def _loop_body(self) -> list[Statement]:
        body = self.statements()
        self._close(K.END_DO, "КонецЦикла")
        return body

    def _try(self) -> Statement:
        start = self.position
        self.position = start + 1
        body = self.statements()
        handler: list[Statement] = []
        if self.kinds[self.position] == K.EXCEPT:
            self.position += 1
            handler = self.statements()
        else:
            self.report("expected", "Исключение")
        self._close(K.END_TRY, "КонецПопытки")
        return Try(self.starts[start], self.ends[self.position - 1], body, handler)

    def _return(self) -> Statement:
        start = self.position
        self.position = start + 1
        value = None if self.kinds[self.position] in _EXPRESSION_ENDS else self.expression()
        return Return(self.starts[start], self.ends[self.position - 1], value)

    def _raise(self) -> Statement:
        start = self.position
        self.position = start + 1
        arguments: list[Expression] = []
        kind = self.kinds[self.position]
        if kind == K.OPEN_PARENTHESIS:
            arguments = self._raise_arguments()
        elif kind not in _EXPRESSION_ENDS:
            arguments = [self.expression()]
        return Raise(self.starts[start], self.ends[self.position - 1], arguments)

    def _raise_arguments(self) -> list[Expression]:
        """`ВызватьИсключение(Текст, Категория);` or an expression that opens with a parenthesis."""
        at = self.position
        arguments = self.arguments()
        if self.kinds[self.position] in _EXPRESSION_ENDS:
            return arguments
        self.position = at
        return [self.expression()]

    def _break(self) -> Statement:
        self.position += 1
        return Break(self.starts[self.position - 1], self.ends[self.position - 1])

    def _continue(self) -> Statement:
        self.position += 1
        return Continue(self.starts[self.position - 1], self.ends[self.position - 1])

    def _goto(self) -> Statement:
        start = self.position
        self.position = start + 1
        self.expect(K.LABEL, "~label")
        return Goto(self.starts[start], self.ends[start + 1], self._label_name(start + 1))

    def _label(self) -> Statement:
        start = self.position
        self.position = start + 1
        if self.kinds[self.position] == K.COLON:
            self.position += 1
        else:
            self.report("expected", ":")
        return Label(self.starts[start], self.ends[self.position - 1], self._label_name(start))

    def _label_name(self, at: int) -> str:
        return self.spellings[at][1:].strip()

    def _execute(self) -> Statement:
        start = self.position
        self.position = start + 1
        code = self.expression()
        return Execute(self.starts[start], code.end, code)

    def _handler_pair(self) -> tuple[int, Expression, Expression]:
        start = self.position
        self.position = start + 1
        event = self.expression()
        self.expect(K.COMMA, ",")
        return self.starts[start], event, self.expression()

    def _add_handler(self) -> Statement:
        start, event, handler = self._handler_pair()
        return AddHandler(start, handler.end, event, handler)

    def _remove_handler(self) -> Statement:
        start, event, handler = self._handler_pair()
        return RemoveHandler(start, handler.end, event, handler)

    def _variables(self) -> Statement:
        start = self.position
        variables = self.variable_list()
        return VariableDeclaration(self.starts[start], self.ends[self.position - 1], variables)

    def variable_list(self) -> list[Variable]:
        """From Перем to before its semicolon."""
        found: list[Variable] = []
        self.position += 1
        while True:
            at = self.position
            name = self.name()
            exported = self.kinds[self.position] == K.EXPORT
            self.position += exported
            found.append(Variable(self.starts[at], self.ends[self.position - 1], name.name, exported, []))
            if self.kinds[self.position] != K.COMMA:
                return found
            self.position += 1

    def directive_group(self, items: Callable[[], list[Node]]) -> DirectiveGroup:
        """Every arm is read as a whole list; an arm that is not one makes the group dirty (see `reading.py`)."""
        start = self.position
        group = self.groups[start]
        if len(self.open_groups) >= _GROUPS_MAX:
            self.report("too-deep", str(_GROUPS_MAX))
            self.position = group.marks[-1] + 1
            return DirectiveGroup(self.starts[start], self.ends[self.position - 1], group.kind, [])
        self.open_groups.append(group)
        branches: list[DirectiveBranch] = []
        for arm, mark in enumerate(group.marks[:-1]):
            if self.position != mark:
                break
            self.position = mark + 1
            found = items()
            last = self.ends[self.position - 1]
            branches.append(DirectiveBranch(self.starts[mark], last, group.conditions[arm], found))
        if self.position == group.marks[-1]:
            self.position += 1
        else:
            self.dirty[group.marks[0]] = group
        self.open_groups.pop()
        return DirectiveGroup(self.starts[start], self.ends[self.position - 1], group.kind, branches)


def _handlers() -> list[Callable[[StatementParser], Statement] | None]:
    parser = StatementParser
    table: list[Callable[[StatementParser], Statement] | None] = [None] * KIND_COUNT
    for kind in (K.IDENTIFIER, K.ASYNC, K.AWAIT):
        table[kind] = parser._assignment_or_call
    table[K.IF] = parser._if
    table[K.FOR] = parser._for
    table[K.WHILE] = parser._while
    table[K.TRY] = parser._try
    table[K.RETURN] = parser._return
    table[K.RAISE] = parser._raise
    table[K.BREAK] = parser._break
    table[K.CONTINUE] = parser._continue
    table[K.GOTO] = parser._goto
    table[K.EXECUTE] = parser._execute
    table[K.ADD_HANDLER] = parser._add_handler
    table[K.REMOVE_HANDLER] = parser._remove_handler
    table[K.VAR] = parser._variables
    return table


# Plain functions: a parser that held its own bound methods would be a cycle that keeps a whole module alive.
_HANDLERS: Final = _handlers()
