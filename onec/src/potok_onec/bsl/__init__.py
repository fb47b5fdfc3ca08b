"""A lossless, error-tolerant lexer and parser of BSL, the language of 1C:Enterprise modules, and of its queries."""

from potok_onec.bsl.encoding import ModuleText, Refused, decode_module
from potok_onec.bsl.errors import BslSyntaxError
from potok_onec.bsl.kinds import KIND_NAMES, TokenKind
from potok_onec.bsl.lexer import tokenize
from potok_onec.bsl.module import Module, parse_module
from potok_onec.bsl.tokens import Position, Token, Tokens

__all__ = [
    "KIND_NAMES",
    "BslSyntaxError",
    "Module",
    "ModuleText",
    "Position",
    "Refused",
    "Token",
    "TokenKind",
    "Tokens",
    "decode_module",
    "parse_module",
    "tokenize",
]
