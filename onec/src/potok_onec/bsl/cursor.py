"""The state of recursive descent over a module's significant tokens; errors become values."""

from typing import NoReturn

from potok_onec.bsl.directives import FIRST_DIRECTIVE, LAST_DIRECTIVE, Group
from potok_onec.bsl.kinds import KIND_COUNT, TokenKind

K = TokenKind

# Each level costs up to four Python frames of the default 1,000; real modules stay below 30.
DEPTH_MAX = 150


class Failure(Exception):  # noqa: N818
    """Unwinds to the statement (or declaration) that can't be read; never leaves the parser."""


class Cursor:
    """The token list with a position; everything that the grammar's parts share."""

    def __init__(
        self, kinds: list[int], spellings: list[str], starts: list[int], ends: list[int], groups: dict[int, Group]
    ) -> None:
        self.kinds = kinds
        self.spellings = spellings
        self.starts = starts
        self.ends = ends
        self.position = 0
        self.depth = 0
        self.groups = groups
        self.open_groups: list[Group] = []
        self.dirty: dict[int, Group] = {}
        self.errors: dict[int, tuple[str, str, str]] = {}

    def fail(self, code: str, what: str = "") -> NoReturn:
        self.report(code, what)
        raise Failure

    def report(self, code: str, what: str = "", position: int | None = None) -> None:
        """One error per token: what follows from the first one is not told."""
        at = self.position if position is None else position
        kind = self.kinds[at]
        found = self.spellings[at][:40] or "the end of the module"
        special = _SPECIAL_ERRORS[kind]
        if special and code != "not-closed":
            code = special
        self.errors.setdefault(self.starts[at], (code, found, what))
        self._suspect_directives(at)

    def _suspect_directives(self, at: int) -> None:
        """An error in or beside a preprocessor group may come from reading both of its arms."""
        for group in self.open_groups:
            self.dirty[group.marks[0]] = group
        for position in (at, at - 1):
            group_here = self.groups.get(position)
            if group_here is not None:
                self.dirty[group_here.marks[0]] = group_here

    def expect(self, kind: int, what: str) -> None:
        if self.kinds[self.position] != kind:
            self.fail("expected", what)
        self.position += 1

    def at_directive(self) -> bool:
        return FIRST_DIRECTIVE <= self.kinds[self.position] <= LAST_DIRECTIVE


_SPECIAL_ERRORS: list[str] = [""] * KIND_COUNT
_SPECIAL_ERRORS[K.OPEN_STRING] = "open-string"
_SPECIAL_ERRORS[K.OPEN_DATE] = "open-date"
_SPECIAL_ERRORS[K.UNKNOWN] = "unknown-character"
_SPECIAL_ERRORS[K.UNKNOWN_DIRECTIVE] = "unknown-directive"
