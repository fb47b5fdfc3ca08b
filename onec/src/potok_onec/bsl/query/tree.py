"""The syntax tree of a query package. Offsets are the query's own; `QueryLiteral.position` maps them back."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from potok_onec.bsl.tree import Node

JoinKind = Literal["inner", "left", "right", "full"]


@dataclass(slots=True, eq=False)
class Field(Node):
    """A column by its path: `Товары.Ссылка.Дата`; the last part may be `*`."""

    path: tuple[str, ...]


@dataclass(slots=True, eq=False)
class NestedFields(Node):
    """`Товары.(Номенклатура, Количество)` or the rows of an empty table."""

    path: tuple[str, ...]
    items: "list[SelectItem]"

    fields = ("items",)


@dataclass(slots=True, eq=False)
class QueryParameter(Node):
    name: str


@dataclass(slots=True, eq=False)
class QueryConstant(Node):
    text: str


@dataclass(slots=True, eq=False)
class Function(Node):
    """`name` as written; names of periods and types in its arguments are fields."""

    name: str
    arguments: list[Node]
    distinct: bool = False

    fields = ("arguments",)


@dataclass(slots=True, eq=False)
class Predefined(Node):
    """`ЗНАЧЕНИЕ(Перечисление.Вид.Значение)` or `ТИП(Справочник.Валюты)`."""

    function: Literal["value", "type"]
    path: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Cast(Node):
    """`ВЫРАЗИТЬ(операнд КАК Справочник.Валюты)`; the type's arguments are its length and precision."""

    operand: Node
    type_path: tuple[str, ...]
    type_arguments: list[str]

    fields = ("operand",)


@dataclass(slots=True, eq=False)
class Dotted(Node):
    """A field of a value that is no plain path: `ВЫРАЗИТЬ(…).Поле`."""

    target: Node
    path: tuple[str, ...]

    fields = ("target",)


@dataclass(slots=True, eq=False)
class Case(Node):
    operand: Node | None
    branches: list[tuple[Node, Node]]
    otherwise: Node | None

    def children(self) -> Iterator[Node]:
        if self.operand is not None:
            yield self.operand
        for condition, value in self.branches:
            yield condition
            yield value
        if self.otherwise is not None:
            yield self.otherwise


@dataclass(slots=True, eq=False)
class Operation(Node):
    """`operator` is canonical: `and`, `not`, `in`, `in hierarchy`, `between`, `is null`, `like`, `refs`, `+`, `=`…"""

    operator: str
    operands: list[Node]

    fields = ("operands",)


@dataclass(slots=True, eq=False)
class TypeReference(Node):
    """The right side of `ССЫЛКА`."""

    path: tuple[str, ...]


@dataclass(slots=True, eq=False)
class ValueList(Node):
    items: list[Node]

    fields = ("items",)


@dataclass(slots=True, eq=False)
class SelectItem(Node):
    value: Node
    alias: str

    fields = ("value",)


@dataclass(slots=True, eq=False)
class Table(Node):
    """A source by name. `arguments` is None for a plain table; a virtual table's left-out parameters are None in it."""

    path: tuple[str, ...]
    alias: str
    arguments: list[Node | None] | None

    @property
    def name(self) -> str:
        return ".".join(self.path)

    @property
    def is_virtual(self) -> bool:
        return self.arguments is not None

    def children(self) -> Iterator[Node]:
        for argument in self.arguments or ():
            if argument is not None:
                yield argument


@dataclass(slots=True, eq=False)
class TableParameter(Node):
    """`ИЗ &Таблица КАК Т`: the rows come from outside."""

    name: str
    alias: str


@dataclass(slots=True, eq=False)
class Subquery(Node):
    query: "Query"
    alias: str = ""

    fields = ("query",)


@dataclass(slots=True, eq=False)
class Join(Node):
    kind: JoinKind
    left: Node
    right: Node
    condition: Node

    fields = ("left", "right", "condition")


@dataclass(slots=True, eq=False)
class OrderItem(Node):
    value: Node
    direction: Literal["", "asc", "desc"]
    by_hierarchy: bool

    fields = ("value",)


@dataclass(slots=True, eq=False)
class Totals(Node):
    """`ИТОГИ values ПО points`; overall totals are a flag."""

    values: list[SelectItem]
    points: list[SelectItem]
    overall: bool

    fields = ("values", "points")


@dataclass(slots=True, eq=False)
class Composition(Node):
    """`{…}`: what the data composition system may add; `clause` is its first word, empty for a bare condition."""

    clause: str
    items: list[Node]

    fields = ("items",)


@dataclass(slots=True, eq=False)
class Select(Node):
    """One ВЫБРАТЬ up to its ОБЪЕДИНИТЬ."""

    allowed: bool = False
    distinct: bool = False
    top: int | None = None
    items: list[SelectItem] = field(default_factory=list)
    into: str = ""
    adds: bool = False
    sources: list[Node] = field(default_factory=list)
    where: Node | None = None
    group_by: list[Node] = field(default_factory=list)
    having: Node | None = None
    for_update: list[str] | None = None
    index_by: list[Node] = field(default_factory=list)
    compositions: list[Composition] = field(default_factory=list)
    union_all: bool = False

    fields = ("items", "sources", "where", "group_by", "having", "index_by", "compositions")


@dataclass(slots=True, eq=False)
class Query(Node):
    """`selects` are joined by ОБЪЕДИНИТЬ; `union_all` of each tells how it was joined to the one before."""

    selects: list[Select]
    order_by: list[OrderItem] = field(default_factory=list)
    auto_order: bool = False
    totals: Totals | None = None
    compositions: list[Composition] = field(default_factory=list)

    fields = ("selects", "order_by", "totals", "compositions")


@dataclass(slots=True, eq=False)
class DropTable(Node):
    name: str


@dataclass(slots=True, eq=False)
class Package(Node):
    """Statements between semicolons."""

    statements: list[Query | DropTable]

    fields = ("statements",)

    @property
    def tables(self) -> list[Table]:
        """All sources by name, temporary ones included, in the order of the text."""
        found = [node for node in self.walk() if isinstance(node, Table)]
        return sorted(found, key=lambda table: table.start)

    @property
    def temporary_tables(self) -> list[str]:
        """What ПОМЕСТИТЬ makes, in the order of the text."""
        return [node.into for node in self.walk() if isinstance(node, Select) and node.into and not node.adds]

    @property
    def dropped_tables(self) -> list[str]:
        return [statement.name for statement in self.statements if isinstance(statement, DropTable)]

    @property
    def parameters(self) -> list[str]:
        """Names behind `&`, each once, in the order of the text."""
        found = [node for node in self.walk() if isinstance(node, QueryParameter | TableParameter)]
        distinct: dict[str, str] = {}
        for node in sorted(found, key=lambda node: node.start):
            distinct.setdefault(node.name.lower(), node.name)
        return list(distinct.values())
