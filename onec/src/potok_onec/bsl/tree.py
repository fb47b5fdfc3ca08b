"""The syntax tree of a module. `start` and `end` are offsets; `Module.position(node.start)` gives the line."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Literal

MethodKind = Literal["procedure", "function"]
LiteralKind = Literal["string", "number", "date", "true", "false", "undefined", "null"]
Condition = Literal["if", "insert", "delete"]


@dataclass(slots=True, eq=False)
class Node:
    start: int
    end: int

    fields: ClassVar[tuple[str, ...]] = ()

    def children(self) -> "Iterator[Node]":
        for name in self.fields:
            value = getattr(self, name)
            if isinstance(value, list):
                yield from value
            elif value is not None:
                yield value

    def walk(self) -> "Iterator[Node]":
        """This node and all below it in the order of the text. No recursion: chains of 10,000 operands are real."""
        stack: list[Node] = [self]
        while stack:
            node = stack.pop()
            yield node
            below = list(node.children())
            below.reverse()
            stack += below


@dataclass(slots=True, eq=False)
class Expression(Node):
    pass


@dataclass(slots=True, eq=False)
class Constant(Expression):
    kind: LiteralKind
    text: str


@dataclass(slots=True, eq=False)
class Strings(Expression):
    """Adjacent string literals: one value, a line break between any two of them."""

    parts: list[Expression]

    fields = ("parts",)


@dataclass(slots=True, eq=False)
class Name(Expression):
    name: str


@dataclass(slots=True, eq=False)
class Member(Expression):
    """`target.name`; the name may be spelled like a keyword."""

    target: Expression
    name: str

    fields = ("target",)


@dataclass(slots=True, eq=False)
class Index(Expression):
    target: Expression
    index: Expression

    fields = ("target", "index")


@dataclass(slots=True, eq=False)
class Omitted(Expression):
    """An argument that is left out: the second one of `F(1, , 3)`."""


@dataclass(slots=True, eq=False)
class Call(Expression):
    """`target` is a Name (a method of this module or a global one) or a Member."""

    target: Expression
    arguments: list[Expression]

    fields = ("target", "arguments")


@dataclass(slots=True, eq=False)
class New(Expression):
    """`type_name` is empty in `New("Type", arguments)`, where the type is the first argument."""

    type_name: str
    arguments: list[Expression]

    fields = ("arguments",)


@dataclass(slots=True, eq=False)
class Unary(Expression):
    operator: int
    operand: Expression

    fields = ("operand",)


@dataclass(slots=True, eq=False)
class Binary(Expression):
    operator: int
    left: Expression
    right: Expression

    fields = ("left", "right")


@dataclass(slots=True, eq=False)
class Ternary(Expression):
    condition: Expression
    when_true: Expression
    when_false: Expression

    fields = ("condition", "when_true", "when_false")


@dataclass(slots=True, eq=False)
class Await(Expression):
    operand: Expression

    fields = ("operand",)


@dataclass(slots=True, eq=False)
class Missing(Expression):
    """Stands where an expression had to be; `Module.errors` says what was found there."""


@dataclass(slots=True, eq=False)
class Statement(Node):
    pass


@dataclass(slots=True, eq=False)
class Empty(Statement):
    """A semicolon with nothing before it."""


@dataclass(slots=True, eq=False)
class Assignment(Statement):
    target: Expression
    value: Expression

    fields = ("target", "value")


@dataclass(slots=True, eq=False)
class CallStatement(Statement):
    call: Expression

    fields = ("call",)


@dataclass(slots=True, eq=False)
class Branch(Node):
    condition: Expression
    body: list[Statement]

    fields = ("condition", "body")


@dataclass(slots=True, eq=False)
class If(Statement):
    """`branches` are Если and every ИначеЕсли; `otherwise` is None without Иначе."""

    branches: list[Branch]
    otherwise: list[Statement] | None

    fields = ("branches", "otherwise")


@dataclass(slots=True, eq=False)
class While(Statement):
    condition: Expression
    body: list[Statement]

    fields = ("condition", "body")


@dataclass(slots=True, eq=False)
class ForTo(Statement):
    variable: Expression
    first: Expression
    last: Expression
    body: list[Statement]

    fields = ("variable", "first", "last", "body")


@dataclass(slots=True, eq=False)
class ForEach(Statement):
    variable: Expression
    collection: Expression
    body: list[Statement]

    fields = ("variable", "collection", "body")


@dataclass(slots=True, eq=False)
class Try(Statement):
    body: list[Statement]
    handler: list[Statement]

    fields = ("body", "handler")


@dataclass(slots=True, eq=False)
class Return(Statement):
    value: Expression | None

    fields = ("value",)


@dataclass(slots=True, eq=False)
class Raise(Statement):
    """No argument raises again; with parentheses there may be several."""

    arguments: list[Expression]

    fields = ("arguments",)


@dataclass(slots=True, eq=False)
class Break(Statement):
    pass


@dataclass(slots=True, eq=False)
class Continue(Statement):
    pass


@dataclass(slots=True, eq=False)
class Goto(Statement):
    label: str


@dataclass(slots=True, eq=False)
class Label(Statement):
    name: str


@dataclass(slots=True, eq=False)
class Execute(Statement):
    code: Expression

    fields = ("code",)


@dataclass(slots=True, eq=False)
class AddHandler(Statement):
    event: Expression
    handler: Expression

    fields = ("event", "handler")


@dataclass(slots=True, eq=False)
class RemoveHandler(Statement):
    event: Expression
    handler: Expression

    fields = ("event", "handler")


@dataclass(slots=True, eq=False)
class Broken(Statement):
    """Text that could not be read as a statement; skipped, with an error in `Module.errors`."""

    parts: list[Node] = field(default_factory=list)

    fields = ("parts",)


@dataclass(slots=True, eq=False)
class Annotation(Node):
    """`&НаКлиенте`, `&Перед("Имя")`; arguments by position have an empty name."""

    name: str
    arguments: list[tuple[str, Expression | None]] = field(default_factory=list)

    def children(self) -> Iterator[Node]:
        for _, value in self.arguments:
            if value is not None:
                yield value


@dataclass(slots=True, eq=False)
class Variable(Node):
    """Declared with Перем, in the module or in a method."""

    name: str
    exported: bool
    annotations: list[Annotation]
    comment: str = ""

    fields = ("annotations",)


@dataclass(slots=True, eq=False)
class VariableDeclaration(Statement):
    variables: list[Variable]

    fields = ("variables",)


@dataclass(slots=True, eq=False)
class Parameter(Node):
    name: str
    by_value: bool
    default: Expression | None
    annotations: list[Annotation]

    fields = ("annotations", "default")


@dataclass(slots=True, eq=False)
class Method(Node):
    """`start` is the first annotation or the header; `start_line` the line of the header's keyword."""

    kind: MethodKind
    name: str
    name_start: int
    exported: bool
    is_async: bool
    parameters: list[Parameter]
    annotations: list[Annotation]
    body: list[Statement]
    start_line: int = 0
    end_line: int = 0
    comment: str = ""
    comment_line: int = 0
    region: tuple[str, ...] = ()

    fields = ("annotations", "parameters", "body")

    @property
    def is_function(self) -> bool:
        return self.kind == "function"

    @property
    def directives(self) -> list[str]:
        """Names of the annotations as written: compile directives and extension annotations."""
        return [annotation.name for annotation in self.annotations]

    @property
    def local_variables(self) -> list[Variable]:
        return [
            variable for node in self.walk() if isinstance(node, VariableDeclaration) for variable in node.variables
        ]


@dataclass(slots=True, eq=False)
class DirectiveBranch(Node):
    """One arm of #Если, or the content of #Вставка or #Удаление; `condition` is the text between the words."""

    condition: str
    items: list[Node]

    fields = ("items",)


@dataclass(slots=True, eq=False)
class DirectiveGroup(Statement):
    kind: Condition
    branches: list[DirectiveBranch]

    fields = ("branches",)


@dataclass(slots=True, eq=False)
class Region(Node):
    """#Область … #КонецОбласти; may enclose methods or cross them. `path` ends with its own name."""

    name: str
    path: tuple[str, ...]
    start_line: int
    end_line: int


def walk_scope(roots: list[Node]) -> Iterator[Node]:
    """In the order of the text; methods that stand inside #Если of the module's own code are scopes of their own."""
    stack = list(reversed(roots))
    while stack:
        node = stack.pop()
        yield node
        below = [child for child in node.children() if not isinstance(child, Method)]
        below.reverse()
        stack += below
