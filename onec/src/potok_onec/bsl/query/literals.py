"""Queries inside a module's string literals, with every offset mapped back to the place in the .bsl file."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

from potok_onec.bsl.errors import BslSyntaxError
from potok_onec.bsl.kinds import FIRST_SIGNIFICANT, TokenKind
from potok_onec.bsl.module import Module
from potok_onec.bsl.query.parser import parse_query
from potok_onec.bsl.query.tree import Package
from potok_onec.bsl.tokens import LineMap, Position, Tokens

K = TokenKind
FragmentReason = Literal["concatenated", "template", "unfinished"]

# Possessive throughout: a rule of slashes must not be tried in all ways to cut it into comments.
_START = re.compile(r"(?:[\s;|]++|//[^\r\n]*+)*+(?:выбрать|select|уничтожить|drop)\s", re.IGNORECASE)
_FIRST_WORD = re.compile(r"(?:[\s;|]++|//[^\r\n]*+)*+(\w++)")
# A caption («Выбрать все») is no query: it needs an upper-case first word or one more word of the language.
_SECOND_WORD = re.compile(
    r"\b(?:из|from|как|as|поместить|into|разрешенные|allowed|различные|distinct)\b", re.IGNORECASE
)
_PIECE = re.compile(
    r"""
      (?P<text>[^"\r\n]++)
    | (?P<quote>"")
    | (?P<break>(?:\r\n?+|\n)(?:[^\S\r\n]++|\ufeff|\r\n?+|\n|//[^\r\n]*+|(?P<directive>\#[^\r\n]*+))*+\|)
    """,
    re.VERBOSE,
)
_DELETED = re.compile(r"#\s*(удаление|delete)\b", re.IGNORECASE)
_KEPT_AGAIN = re.compile(r"#\s*(конецудаления|enddelete)\b", re.IGNORECASE)


@dataclass(slots=True)
class LiteralText:
    """The value of one or more literals; character `offsets[i]` of the value stands at `origins[i]` of the module."""

    value: str
    offsets: list[int]
    origins: list[int]

    def origin(self, offset: int) -> int:
        at = bisect_right(self.offsets, offset) - 1
        return self.origins[at] + offset - self.offsets[at]


@dataclass(slots=True, eq=False)
class QueryLiteral:
    """A whole query, or a fragment: a literal that is only a piece of what is put together at run time.

    `fragment` tells why: joined by `+` to what is no literal, with placeholders to be replaced, or unfinished. One that
    `breaks_off` ends where the grammar wants more; that is no error of a piece and so is not among `errors`.
    """

    start: int
    end: int
    literal: LiteralText
    package: Package
    errors: list[BslSyntaxError]
    fragment: FragmentReason | None
    breaks_off: bool
    lines: LineMap

    @property
    def text(self) -> str:
        return self.literal.value

    @property
    def is_whole(self) -> bool:
        return self.fragment is None

    def position(self, offset: int) -> Position:
        """Of an offset in the query (`node.start`) in the module."""
        return self.lines.position(self.literal.origin(offset))


def queries(module: Module) -> list[QueryLiteral]:
    """In the order of the text, those of all preprocessor arms included."""
    tokens = module.tokens
    found: list[QueryLiteral] = []
    for first, last, joined in _literal_runs(tokens):
        literal = _value(tokens, first, last)
        if _looks_like_query(literal.value):
            found.append(_query(tokens, first, last, literal, joined))
    return found


def _looks_like_query(value: str) -> bool:
    if not _START.match(value):
        return False
    word = _FIRST_WORD.match(value)
    return (word is not None and word[1].isupper()) or _SECOND_WORD.search(value) is not None


def _literal_runs(tokens: Tokens) -> list[tuple[int, int, bool]]:
    """First and last token of literals that stand alone, side by side or with `+` between them, where the first one may
    open a query; and whether something else is added before or behind."""
    runs: list[tuple[int, int, bool]] = []
    kinds, spellings = tokens.kinds, tokens.spellings
    after = -1
    for index, kind in enumerate(kinds):
        if kind != K.STRING or index <= after or not _START.match(spellings[index], 1):
            continue
        before = _neighbour(kinds, index, -1)
        joined = kinds[before] == K.PLUS if before >= 0 else False
        last = index
        following = _neighbour(kinds, last, 1)
        while following < len(kinds):
            if kinds[following] == K.STRING:
                last = following
            elif kinds[following] == K.PLUS and _is_string(kinds, _neighbour(kinds, following, 1)):
                last = _neighbour(kinds, following, 1)
            else:
                break
            following = _neighbour(kinds, last, 1)
        joined = joined or (following < len(kinds) and kinds[following] == K.PLUS)
        runs.append((index, last, joined))
        after = last
    return runs


def _neighbour(kinds: list[int], index: int, step: int) -> int:
    """The next significant token in that direction: an index outside of the list when there is none."""
    index += step
    while 0 <= index < len(kinds) and kinds[index] < FIRST_SIGNIFICANT:
        index += step
    return index


def _is_string(kinds: list[int], index: int) -> bool:
    return index < len(kinds) and kinds[index] == K.STRING


def _value(tokens: Tokens, first: int, last: int) -> LiteralText:
    pieces: list[str] = []
    literal = LiteralText("", [], [])
    length = 0
    plus = True
    for index in range(first, last + 1):
        kind = tokens.kinds[index]
        if kind == K.PLUS:
            plus = True
        elif kind == K.STRING:
            start = tokens.starts[index]
            parts = [] if plus else [("\n", start)]  # adjacent literals are lines of one value
            plus = False
            for piece, origin in (*parts, *_pieces(tokens.spellings[index], start)):
                pieces.append(piece)
                literal.offsets.append(length)
                literal.origins.append(origin)
                length += len(piece)
    literal.offsets.append(length)
    literal.origins.append(tokens.starts[last + 1] - 1)
    literal.value = "".join(pieces)
    return literal


def _pieces(spelling: str, start: int) -> list[tuple[str, int]]:
    """The value of one literal in pieces with their places: no quotes, no bars, no comments, nothing deleted."""
    found: list[tuple[str, int]] = []
    deleted = False
    for match in _PIECE.finditer(spelling, 1, len(spelling) - 1):
        if match.lastgroup == "text":
            if not deleted:
                found.append((match.group(), start + match.start()))
        elif match["quote"]:
            if not deleted:
                found.append(('"', start + match.start()))
        else:
            deleted = _is_deleted(match, deleted)
            if not deleted:
                found.append(("\n", start + match.end() - 1))
    return found


def _is_deleted(match: re.Match[str], deleted: bool) -> bool:
    if match["directive"] is None:
        return deleted
    for line in match.group().splitlines():
        if _DELETED.match(line.strip()):
            deleted = True
        elif _KEPT_AGAIN.match(line.strip()):
            deleted = False
    return deleted


def _query(tokens: Tokens, first: int, last: int, literal: LiteralText, joined: bool) -> QueryLiteral:
    parsed = parse_query(literal.value)
    length = len(literal.value.rstrip())
    breaks_off = any(offset >= length for offset in parsed.errors)
    fragment: FragmentReason | None = None
    if joined:
        fragment = "concatenated"
    elif breaks_off:
        fragment = "unfinished"
    elif parsed.has_placeholders:
        fragment = "template"
    errors: list[BslSyntaxError] = []
    for offset in sorted(parsed.errors):
        if offset < length:
            line, column, at = tokens.lines.position(literal.origin(offset))
            errors.append(BslSyntaxError(line, column, at, *parsed.errors[offset]))
    span = (tokens.starts[first], tokens.starts[last + 1])
    return QueryLiteral(*span, literal, parsed.package, errors, fragment, breaks_off, tokens.lines)
