"""Clauses of the query language: a package, its selects, sources, totals, and the braces of data composition."""

from dataclasses import dataclass
from typing import Final

from potok_onec.bsl.query.expressions import QueryExpressions, QueryFailure
from potok_onec.bsl.query.tree import (
    Composition,
    DropTable,
    Field,
    Join,
    JoinKind,
    OrderItem,
    Package,
    Query,
    Select,
    SelectItem,
    Subquery,
    Table,
    TableParameter,
    Totals,
    ValueList,
)
from potok_onec.bsl.query.words import END, NAME, NUMBER, PARAMETER, RESERVED, Words
from potok_onec.bsl.tree import Node

_JOIN_WORDS: Final[dict[str, JoinKind]] = {
    "join": "inner",
    "inner": "inner",
    "left": "left",
    "right": "right",
    "full": "full",
}
_COMPOSITION_CLAUSES: Final = ("select", "where", "having", "order", "group", "totals", "characteristics", "for")


class QueryParser(QueryExpressions):
    def package(self) -> Package:
        statements: list[Query | DropTable] = []
        while self.kinds[self.position] != END:
            if self.accept(";"):
                continue
            try:
                statements.append(self._statement())
                if self.kinds[self.position] not in (";", END):
                    self.fail("query-clause")
            except QueryFailure:
                self.depth = 0
                self._skip_statement()
        return Package(0, self.starts[-1], statements)

    def _skip_statement(self) -> None:
        while self.kinds[self.position] not in (";", END):
            self.position += 1

    def _statement(self) -> Query | DropTable:
        start = self.here()
        if self.accept("drop"):
            if self.accept(PARAMETER):
                return DropTable(start, self.before(), self.spellings[self.position - 1])
            name = self.any_word("a table's name")
            return DropTable(start, self.before(), name)
        if self.kinds[self.position] != "select":
            self.fail("expected", "ВЫБРАТЬ")
        return self.query()

    def query(self) -> Query:
        query = Query(self.here(), 0, [])
        union_all = False
        while True:
            select = self._select()
            select.union_all = union_all
            query.selects.append(select)
            self._closing_clauses(query, select)
            if not self.accept("union"):
                break
            union_all = self.accept("all")
        query.end = self.before()
        return query

    def _select(self) -> Select:
        select = Select(self.here(), 0)
        self.expect("select", "ВЫБРАТЬ")
        while self.kinds[self.position] in ("allowed", "distinct", "top"):
            self._select_option(select)
        select.items = self.select_items()
        self._compositions(select.compositions)
        if self.kinds[self.position] in ("into", "add"):
            select.adds = self.kinds[self.position] == "add"
            self.position += 1
            if self.accept(PARAMETER):
                select.into = self.spellings[self.position - 1]
            else:
                select.into = self.any_word("a temporary table's name")
        self._compositions(select.compositions)
        if self.accept("from"):
            select.sources = self._sources(select)
        self._row_clauses(select)
        select.end = self.before()
        return select

    def _select_option(self, select: Select) -> None:
        word = self.kinds[self.position]
        self.position += 1
        if word == "allowed":
            select.allowed = True
        elif word == "distinct":
            select.distinct = True
        else:
            select.top = self._top()

    def _top(self) -> int | None:
        """None when a placeholder stands for the number."""
        kind, spelling = self.kinds[self.position], self.spellings[self.position]
        if kind != NUMBER and (kind != NAME or spelling.isidentifier()):
            self.fail("expected", "a number")
        self.position += 1
        return int(spelling.split(".")[0][:9]) if kind == NUMBER else None

    def select_items(self) -> list[SelectItem]:
        found = [self._select_item()]
        while self.accept(","):
            found.append(self._select_item())
        return found

    def _select_item(self) -> SelectItem:
        start = self.here()
        value: Node
        if self.accept("*"):
            value = Field(start, self.before(), ("*",))
        elif self.kinds[self.position] == "emptytable" and self.kinds[self.position + 1] == ".":
            value = self.field()
        else:
            value = self.expression()
        alias = self._alias()
        return SelectItem(start, self.before(), value, alias)

    def _alias(self) -> str:
        if self.accept("as"):
            return self.any_word("an alias")
        kind = self.kinds[self.position]
        if kind in RESERVED or kind in ("into", "add", "only", "periods") or not self.is_word(self.position):
            return ""
        self.position += 1
        return self.spellings[self.position - 1]

    def _sources(self, select: Select) -> list[Node]:
        found = [self._source(select)]
        while True:
            self._compositions(select.compositions)
            if not self.accept(","):
                return found
            found.append(self._source(select))

    def _source(self, select: Select | None) -> Node:
        """A table and the joins behind it; joins may nest: `А СОЕДИНЕНИЕ Б СОЕДИНЕНИЕ В ПО … ПО …`."""
        left = self._table()
        while True:
            if select is not None:
                self._compositions(select.compositions)
            kind = _JOIN_WORDS.get(self.kinds[self.position])
            if kind is None:
                return left
            self.deeper()
            if self.kinds[self.position] != "join":
                self.position += 1
                self.accept("outer")
            self.expect("join", "СОЕДИНЕНИЕ")
            right = self._source(select)
            self.expect("by", "ПО")
            condition = self.expression()
            self.depth -= 1
            left = Join(left.start, condition.end, kind, left, right, condition)

    def _table(self) -> Node:
        start = self.here()
        if self.accept(PARAMETER):
            name = self.spellings[self.position - 1][1:].strip()
            alias = self._alias()
            return TableParameter(start, self.before(), name, alias)
        if self.kinds[self.position] == "(":
            return self._source_in_parentheses(start)
        path = self.path()
        if self.accept("."):
            self.fail("expected", "a name")
        arguments = self._table_arguments() if self.kinds[self.position] == "(" else None
        alias = self._alias()
        return Table(start, self.before(), path, alias, arguments)

    def _source_in_parentheses(self, start: int) -> Node:
        self.deeper()
        self.position += 1
        query = self.query() if self.kinds[self.position] == "select" else None
        inner = Subquery(start, start, query) if query is not None else self._source(None)
        self.expect(")")
        self.depth -= 1
        if isinstance(inner, Subquery) or (isinstance(inner, Table) and not inner.alias):
            inner.alias = self._alias()
            inner.end = self.before()
        return inner

    def _table_arguments(self) -> list[Node | None]:
        """Of a virtual table; any of them may be left out, each may stand in braces."""
        self.deeper()
        self.position += 1
        found: list[Node | None] = []
        while True:
            kind = self.kinds[self.position]
            found.append(None if kind in (",", ")") else self._table_argument())
            if self.accept(")"):
                self.depth -= 1
                return found
            self.expect(",", ")")

    def _table_argument(self) -> Node:
        if self.kinds[self.position] != "{":
            first = self.expression()
        else:
            first = self.braced_value()
        parts = [first]
        while self.kinds[self.position] == "{":
            parts.append(self.braced_value())
        return first if len(parts) == 1 else ValueList(first.start, self.before(), parts)

    def subquery(self) -> Node:
        start = self.here()
        query = self.query()
        return Subquery(start, self.before(), query)

    def _row_clauses(self, select: Select) -> None:
        if self.accept("where"):
            select.where = self.expression()
        self._compositions(select.compositions)
        if self.kinds[self.position] == "group":
            self._group_by(select)
        self._compositions(select.compositions)
        if self.accept("having"):
            select.having = self.expression()
        self._compositions(select.compositions)

    def _group_by(self, select: Select) -> None:
        self.position += 1
        self.expect("by", "ПО")
        if self.accept("grouping"):
            self.expect("sets", "НАБОРАМ")
            select.group_by = self._sets()
        else:
            select.group_by = self.expressions()

    def _sets(self) -> list[Node]:
        self.expect("(")
        found: list[Node] = []
        while True:
            start = self.here()
            self.expect("(")
            items = [] if self.kinds[self.position] == ")" else self.expressions()
            self.accept("unique")
            self.expect(")")
            self.accept("unique")
            found.append(ValueList(start, self.before(), items))
            if not self.accept(","):
                self.expect(")")
                return found

    def _closing_clauses(self, query: Query, select: Select) -> None:
        """They may come in any order that the platform accepts; each is read wherever it stands."""
        while True:
            kind = self.kinds[self.position]
            if kind == "order":
                self.position += 1
                self.expect("by", "ПО")
                query.order_by = self._order_items()
            elif kind == "autoorder":
                self.position += 1
                query.auto_order = True
            elif kind == "totals":
                query.totals = self._totals()
            elif kind == "for":
                select.for_update = self._for_update()
            elif kind == "index":
                self._index_by(select)
            else:
                before = self.position
                self._compositions(query.compositions)
                if self.position == before:
                    return

    def _order_items(self) -> list[OrderItem]:
        found: list[OrderItem] = []
        while True:
            value = self.expression()
            item = OrderItem(value.start, 0, value, "", False)
            while self.kinds[self.position] in ("asc", "desc", "hierarchy"):
                if self.accept("hierarchy"):
                    item.by_hierarchy = True
                else:
                    item.direction = "asc" if self.kinds[self.position] == "asc" else "desc"
                    self.position += 1
            item.end = self.before()
            found.append(item)
            if not self.accept(","):
                return found

    def _totals(self) -> Totals:
        totals = Totals(self.here(), 0, [], [], False)
        self.position += 1
        if self.kinds[self.position] != "by":
            totals.values = self.select_items()
        self.expect("by", "ПО")
        while True:
            if self.accept("overall"):
                totals.overall = True
            else:
                totals.points.append(self._total_point())
            if not self.accept(","):
                break
        totals.end = self.before()
        return totals

    def _total_point(self) -> SelectItem:
        start = self.here()
        value = self.expression()
        self.accept("only")
        self.accept("hierarchy")
        if self.accept("periods"):
            self._periods()
        alias = self._alias()
        return SelectItem(start, self.before(), value, alias)

    def _periods(self) -> None:
        self.expect("(")
        while not self.accept(")"):
            if not self.accept(","):
                self.expression()

    def _for_update(self) -> list[str]:
        self.position += 1
        self.expect("update", "ИЗМЕНЕНИЯ")
        tables: list[str] = []
        while self.is_word(self.position) and self.kinds[self.position] not in RESERVED:
            tables.append(".".join(self.path()))
            if not self.accept(","):
                break
        return tables

    def _index_by(self, select: Select) -> None:
        self.position += 1
        self.expect("by", "ПО")
        if self.accept("sets"):
            select.index_by = self._sets()
            return
        select.index_by = self.expressions()
        self.accept("unique")

    def _compositions(self, into: list[Composition]) -> None:
        """Also steps over placeholders that stand for whole clauses: `ИЗ Т КАК Т #Соединения ГДЕ …`."""
        while True:
            if self.kinds[self.position] == "{":
                into.append(self._composition())
            elif self.kinds[self.position] == NAME and not self.spellings[self.position].isidentifier():
                self.position += 1
            else:
                return

    def _composition(self) -> Composition:
        start = self.here()
        self.deeper()
        self.position += 1
        word = self.kinds[self.position]
        clause = word if word in _COMPOSITION_CLAUSES or word in _JOIN_WORDS else ""
        items: list[Node] = []
        if word == "characteristics":
            self._skip_braces()
        elif word in _JOIN_WORDS:
            items = self._composed_joins()
        else:
            self.position += bool(clause)
            self.accept("by")
            items = self._composed_items()
        self.expect("}")
        self.depth -= 1
        return Composition(start, self.before(), clause, items)

    def _composed_joins(self) -> list[Node]:
        found: list[Node] = []
        while self.kinds[self.position] in _JOIN_WORDS:
            if self.kinds[self.position] != "join":
                self.position += 1
                self.accept("outer")
            self.expect("join", "СОЕДИНЕНИЕ")
            found.append(self._source(None))
            self.expect("by", "ПО")
            found.append(self.expression())
        return found

    def _composed_items(self) -> list[Node]:
        """`Поле.*, Другое КАК Псевдоним, (А = Б) КАК Условие`."""
        found: list[Node] = []
        while self.kinds[self.position] not in ("}", END):
            start = self.here()
            if self.accept("*"):
                value: Node = Field(start, self.before(), ("*",))
            else:
                value = self.expression()
            if self.kinds[self.position] == "." and self.kinds[self.position + 1] == "*":
                self.position += 2
            while self.kinds[self.position] in ("asc", "desc", "hierarchy"):
                self.position += 1
            found.append(SelectItem(start, self.before(), value, self._alias()))
            if not self.accept(","):
                break
        return found

    def braced_value(self) -> Node:
        return self._composition()

    def _skip_braces(self) -> None:
        """Characteristics have a grammar of their own, with nothing in it that a table is read from."""
        level = 0
        while self.kinds[self.position] != END:
            kind = self.kinds[self.position]
            if kind == "}" and not level:
                return
            level += (kind == "{") - (kind == "}")
            self.position += 1


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """`errors` maps an offset to (code, found, what)."""

    package: Package
    errors: dict[int, tuple[str, str, str]]
    has_placeholders: bool


def parse_query(text: str) -> ParsedQuery:
    """Never raises, whatever the text is."""
    words = Words(text)
    parser = QueryParser(words)
    package = parser.package()
    return ParsedQuery(package, parser.errors, words.has_placeholders)
