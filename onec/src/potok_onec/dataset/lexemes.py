"""The tokens of one method: where its body lies, what of it counts for comparison. Pure."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from msgspec import Struct

from potok_onec.bsl import TokenKind, Tokens

K: Final = TokenKind
_SLASHES: Final = re.compile(r"//[^\r\n]*")
_ENDS: Final = (K.END_PROCEDURE, K.END_FUNCTION)
# Ids of spellings that are kept; most words of a configuration come again about a hundred times.
_MEMORY_MAX: Final = 300_000


class Fragment(Struct):
    """A method's tokens with trivia; `first` and `last` bound its body among them."""

    kinds: Sequence[int]
    spellings: Sequence[str]
    first: int
    last: int

    @property
    def plain_body(self) -> str:
        """What exact duplicates have in common: the body without comments, every stretch of space as one space."""
        pairs = zip(self.kinds[self.first : self.last], self.spellings[self.first : self.last], strict=True)
        return " ".join("".join(spelling for kind, spelling in pairs if kind != K.COMMENT).split())

    @property
    def cut_body(self) -> str:
        """As tools see it that know no tokens: whatever stands behind `//` is gone, in `"http://"` as well."""
        text = "".join(self.spellings[self.first : self.last])
        return " ".join(_SLASHES.sub("", text).split()) if "//" in text else " ".join(text.split())

    def compared(self) -> list[str]:
        """The body's tokens without comments, space and case: what a duplicate is judged by."""
        pairs = zip(self.kinds[self.first : self.last], self.spellings[self.first : self.last], strict=True)
        return [spelling.lower() if kind != K.STRING else spelling for kind, spelling in pairs if kind >= K.IDENTIFIER]


def fragment(tokens: Tokens, start: int, end: int) -> Fragment:
    """Of the method that stands between two offsets."""
    begin = bisect_left(tokens.starts, start)
    stop = bisect_left(tokens.starts, end, lo=begin)
    kinds, spellings = tokens.kinds[begin:stop], tokens.spellings[begin:stop]
    first = min(_after_header(kinds), len(kinds))
    last = len(kinds) - 1 if kinds and kinds[-1] in _ENDS else len(kinds)
    return Fragment(kinds, spellings, first, max(first, last))


def _after_header(kinds: Sequence[int]) -> int:
    """Behind `)` or `Экспорт`; parentheses of annotations stand before the word of the method."""
    at = next((at for at, kind in enumerate(kinds) if kind in (K.PROCEDURE, K.FUNCTION)), 0)
    depth = 0
    while at < len(kinds):
        kind = kinds[at]
        depth += (kind == K.OPEN_PARENTHESIS) - (kind == K.CLOSE_PARENTHESIS)
        at += 1
        if kind == K.CLOSE_PARENTHESIS and depth == 0:
            break
    following = at
    while following < len(kinds) and kinds[following] < K.IDENTIFIER:
        following += 1
    return following + 1 if following < len(kinds) and kinds[following] == K.EXPORT else at


class Ids:
    """A number of 60 bits for each spelling, the same on every machine and in every run."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def of(self, spellings: Sequence[str]) -> list[int]:
        known = self._known
        if len(known) > _MEMORY_MAX:
            known.clear()
        for spelling in set(spellings).difference(known):
            known[spelling] = int.from_bytes(_hash(spelling), "little") >> 4
        return [known[spelling] for spelling in spellings]


def _hash(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
