"""1C's query language inside the string literals of modules."""

from potok_onec.bsl.query.literals import QueryLiteral, queries
from potok_onec.bsl.query.parser import parse_query

__all__ = ["QueryLiteral", "parse_query", "queries"]
