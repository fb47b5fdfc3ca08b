"""The tokens of one module, trivia included, in flat lists; a `Token` is made only when somebody looks at it."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, overload

from potok_onec.bsl.kinds import FIRST_SIGNIFICANT, KIND_NAMES

_LINE_BREAK = re.compile(r"\r\n?|\n")


class Position(NamedTuple):
    """Line and column count from 1, the offset from 0; all in characters of the text without its byte order mark."""

    line: int
    column: int
    offset: int


class LineMap:
    """Offsets to lines; CRLF, LF and a bare CR end a line, as they do in the platform."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        self._starts = [0]
        self._starts.extend(match.end() for match in _LINE_BREAK.finditer(text))

    def __len__(self) -> int:
        return len(self._starts)

    def line(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def position(self, offset: int) -> Position:
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1, offset)

    def start(self, line: int) -> int:
        return self._starts[line - 1]


class Token(NamedTuple):
    kind: int
    text: str
    position: Position

    @property
    def kind_name(self) -> str:
        return KIND_NAMES[self.kind]

    @property
    def is_trivia(self) -> bool:
        return self.kind < FIRST_SIGNIFICANT


class Tokens(Sequence[Token]):
    """`spellings[i]` starts at `starts[i]` and is of `kinds[i]`; `starts` has one entry more, the end of the text."""

    def __init__(self, text: str, spellings: list[str], kinds: list[int], starts: list[int]) -> None:
        self.text = text
        self.spellings = spellings
        self.kinds = kinds
        self.starts = starts

    @cached_property
    def lines(self) -> LineMap:
        return LineMap(self.text)

    def join(self) -> str:
        """The text again: nothing is lost."""
        return "".join(self.spellings)

    def __len__(self) -> int:
        return len(self.spellings)

    def __iter__(self) -> Iterator[Token]:
        for index in range(len(self.spellings)):
            yield self._token(index)

    @overload
    def __getitem__(self, index: int) -> Token: ...
    @overload
    def __getitem__(self, index: slice) -> list[Token]: ...
    def __getitem__(self, index: int | slice) -> Token | list[Token]:
        if isinstance(index, slice):
            return [self._token(each) for each in range(*index.indices(len(self)))]
        return self._token(range(len(self))[index])

    def _token(self, index: int) -> Token:
        return Token(self.kinds[index], self.spellings[index], self.lines.position(self.starts[index]))
