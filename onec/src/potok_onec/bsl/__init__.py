"""A lossless, error-tolerant lexer and parser of BSL, the language of 1C:Enterprise modules, and of its queries."""

from potok_onec.bsl.description import (
    MethodDescription,
    ParameterDescription,
    ValueDescription,
    describe_method,
)
from potok_onec.bsl.encoding import ModuleText, Refused, decode_module
from potok_onec.bsl.errors import BslSyntaxError
from potok_onec.bsl.kinds import KIND_NAMES, TokenKind
from potok_onec.bsl.lexer import tokenize
from potok_onec.bsl.metrics import Metrics, metrics
from potok_onec.bsl.module import Module, parse_module
from potok_onec.bsl.query.literals import QueryLiteral, queries
from potok_onec.bsl.symbols import CallSite, Scope, Symbol, SymbolTable, symbols
from potok_onec.bsl.tokens import Position, Token, Tokens
from potok_onec.bsl.tree import Annotation, Method, Node, Parameter, Region, Variable

__all__ = [
    "KIND_NAMES",
    "Annotation",
    "BslSyntaxError",
    "CallSite",
    "Method",
    "MethodDescription",
    "Metrics",
    "Module",
    "ModuleText",
    "Node",
    "Parameter",
    "ParameterDescription",
    "Position",
    "QueryLiteral",
    "Refused",
    "Region",
    "Scope",
    "Symbol",
    "SymbolTable",
    "Token",
    "TokenKind",
    "Tokens",
    "ValueDescription",
    "Variable",
    "decode_module",
    "describe_method",
    "metrics",
    "parse_module",
    "queries",
    "symbols",
    "tokenize",
]
