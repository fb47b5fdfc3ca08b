"""Declarations of a module: methods and variables with their annotations, then the module's own statements."""

from typing import Final

from potok_onec.bsl.cursor import Failure
from potok_onec.bsl.kinds import TokenKind
from potok_onec.bsl.statements import BLOCK_ENDS, METHOD_WORDS, StatementParser
from potok_onec.bsl.tree import Annotation, Expression, Method, Node, Parameter, Variable, VariableDeclaration

K = TokenKind

_DECLARATION_STARTS: Final = frozenset({K.PROCEDURE, K.FUNCTION, K.ANNOTATION, K.VAR})
_GROUP_STARTS: Final = frozenset({K.PRE_IF, K.PRE_INSERT, K.PRE_DELETE})
_ARM_ENDS: Final = frozenset({K.PRE_ELSIF, K.PRE_ELSE, K.PRE_END_IF, K.PRE_END_INSERT, K.PRE_END_DELETE})


class MemberParser(StatementParser):
    """`methods` and `variables` are flat lists; `items()` returns everything of the module in its order."""

    def start_lists(self) -> None:
        self.methods: list[Method] = []
        self.variables: list[Variable] = []
        # Positions of the first and the header's token, for the comments above: (declaration, first, header).
        self.declared_at: list[tuple[Method | Variable, int, int]] = []

    def module(self) -> list[Node]:
        self.start_lists()
        found = self.items()
        while self.kinds[self.position] != K.END_OF_FILE:
            self.report("stray-directive")
            self.position += 1
            found += self.items()
        return found

    def items(self) -> list[Node]:
        """Up to the end of the text or of an arm of a preprocessor group."""
        found: list[Node] = []
        while True:
            start = self.position
            kind = self.kinds[start]
            if kind == K.END_OF_FILE or kind in _ARM_ENDS:
                return found
            if kind in _DECLARATION_STARTS or (kind == K.ASYNC and self.kinds[start + 1] in METHOD_WORDS):
                found.append(self._declaration_or_broken())
            elif kind in _GROUP_STARTS and start in self.groups:
                found.append(self.directive_group(self.items))
            elif kind in BLOCK_ENDS:
                self.report("statement")
                self.position = start + 1
            else:
                found.append(self.statement(kind))

    def _declaration_or_broken(self) -> Node:
        start = self.position
        depth = self.depth
        try:
            return self._declaration()
        except Failure:
            self.depth = depth
            return self._skip_broken(start)

    def _declaration(self) -> Node:
        first = self.position
        annotations = self._annotations()
        kind = self.kinds[self.position]
        if kind == K.VAR:
            return self._module_variables(first, annotations)
        is_async = kind == K.ASYNC
        self.position += is_async
        if self.kinds[self.position] not in METHOD_WORDS:
            self.fail("expected", "Процедура, Функция, Перем")
        return self._method(first, annotations, is_async)

    def _module_variables(self, first: int, annotations: list[Annotation]) -> VariableDeclaration:
        header = self.position
        variables = self.variable_list()
        for variable in variables:
            variable.annotations = annotations
            self.declared_at.append((variable, first, header))
        self.variables += variables
        declaration = VariableDeclaration(self.starts[first], self.ends[self.position - 1], variables)
        if self.kinds[self.position] == K.SEMICOLON:
            self.position += 1
        else:
            self.fail("expected", ";")
        return declaration

    def _annotations(self) -> list[Annotation]:
        found: list[Annotation] = []
        while self.kinds[self.position] == K.ANNOTATION:
            at = self.position
            self.position += 1
            arguments: list[tuple[str, Expression | None]] = []
            if self.kinds[self.position] == K.OPEN_PARENTHESIS:
                arguments = self._annotation_arguments()
            name = self.spellings[at][1:].strip()
            found.append(Annotation(self.starts[at], self.ends[self.position - 1], name, arguments))
        return found

    def _annotation_arguments(self) -> list[tuple[str, Expression | None]]:
        self.position += 1
        found: list[tuple[str, Expression | None]] = []
        while self.kinds[self.position] != K.CLOSE_PARENTHESIS:
            name = ""
            value: Expression | None = None
            if self.kinds[self.position] == K.IDENTIFIER:
                name = self.name().name
                if self.kinds[self.position] == K.EQUAL:
                    self.position += 1
                    value = self._constant()
            else:
                value = self._constant()
            found.append((name, value))
            if self.kinds[self.position] != K.COMMA:
                break
            self.position += 1
        self.expect(K.CLOSE_PARENTHESIS, ")")
        return found

    def _constant(self) -> Expression:
        """A default value or an annotation's argument: nothing that needs parentheses around it."""
        return self.expression()

    def _method(self, first: int, annotations: list[Annotation], is_async: bool) -> Method:
        header = self.position
        is_function = self.kinds[header] == K.FUNCTION
        self.position = header + 1
        name_at = self.position
        method = Method(
            self.starts[first],
            self.ends[header],
            "function" if is_function else "procedure",
            self.name().name,
            self.starts[name_at],
            False,
            is_async,
            [],
            annotations,
            [],
        )
        self.methods.append(method)
        self.declared_at.append((method, first, header - is_async))
        self._method_header(method)
        method.body = self.statements()
        self._end_of_method(method, is_function)
        return method

    def _method_header(self, method: Method) -> None:
        """A broken header doesn't lose the method: its body is read all the same."""
        depth = self.depth
        try:
            method.parameters = self._parameters()
        except Failure:
            self.depth = depth
            while self.kinds[self.position] not in _HEADER_ENDS:
                self.position += 1
            if self.kinds[self.position] == K.CLOSE_PARENTHESIS:
                self.position += 1
        if self.kinds[self.position] == K.EXPORT:
            method.exported = True
            self.position += 1

    def _parameters(self) -> list[Parameter]:
        self.expect(K.OPEN_PARENTHESIS, "(")
        found: list[Parameter] = []
        if self.kinds[self.position] == K.CLOSE_PARENTHESIS:
            self.position += 1
            return found
        while True:
            found.append(self._parameter())
            if self.kinds[self.position] != K.COMMA:
                self.expect(K.CLOSE_PARENTHESIS, ")")
                return found
            self.position += 1

    def _parameter(self) -> Parameter:
        first = self.position
        annotations = self._annotations()
        by_value = self.kinds[self.position] == K.VAL
        self.position += by_value
        name = self.name()
        default: Expression | None = None
        if self.kinds[self.position] == K.EQUAL:
            self.position += 1
            default = self._constant()
        return Parameter(self.starts[first], self.ends[self.position - 1], name.name, by_value, default, annotations)

    def _end_of_method(self, method: Method, is_function: bool) -> None:
        while True:
            kind = self.kinds[self.position]
            expected = K.END_FUNCTION if is_function else K.END_PROCEDURE
            if kind in (K.END_FUNCTION, K.END_PROCEDURE):
                if kind != expected:
                    self.report("expected", "КонецФункции" if is_function else "КонецПроцедуры")
                self.position += 1
                break
            if kind in _METHOD_OPEN_ENDS or kind in _ARM_ENDS:
                self.report("expected", "КонецФункции" if is_function else "КонецПроцедуры")
                break
            # A block's end that no block of this method opened: told once, then the method goes on.
            self.report("statement")
            self.position += 1
            method.body += self.statements()
        method.end = max(method.end, self.ends[self.position - 1])


_HEADER_ENDS: Final = frozenset(
    {
        *(K.CLOSE_PARENTHESIS, K.EXPORT, K.SEMICOLON, K.END_OF_FILE, K.END_PROCEDURE, K.END_FUNCTION),
        *(K.PROCEDURE, K.FUNCTION, K.IF, K.RETURN, K.FOR, K.WHILE, K.TRY, K.VAR),
        *(K.PRE_IF, K.PRE_ELSIF, K.PRE_ELSE, K.PRE_END_IF),
    }
)
_METHOD_OPEN_ENDS: Final = frozenset({K.PROCEDURE, K.FUNCTION, K.ASYNC, K.ANNOTATION, K.END_OF_FILE})
