"""Readings of the tokens: where #Если splits a statement or a header, each compilation is read by itself."""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import compress, islice

from potok_onec.bsl.comments import attach_comments
from potok_onec.bsl.directives import Group, group_directives, is_readable, selections
from potok_onec.bsl.kinds import FIRST_SIGNIFICANT, TokenKind
from potok_onec.bsl.members import MemberParser
from potok_onec.bsl.tokens import Tokens
from potok_onec.bsl.tree import Method, Node, Variable

K = TokenKind
# A second reading may show that one more group splits something; then it is read once more.
_ROUNDS_MAX = 3


@dataclass(slots=True)
class Reading:
    """What one pass of the parser found; `errors` maps an offset to (code, found, what)."""

    items: list[Node]
    methods: list[Method]
    variables: list[Variable]
    errors: dict[int, tuple[str, str, str]]
    dirty: list[int]  # first marks of the groups whose arms are no whole lists, as places among all tokens


@dataclass(slots=True)
class _Source:
    """The significant tokens in columns; `indexes` are their places among all tokens."""

    kinds: list[int]
    spellings: list[str]
    starts: list[int]
    ends: list[int]
    indexes: list[int]

    def keep(self, flags: list[bool]) -> "_Source":
        return _Source(
            list(compress(self.kinds, flags)),
            list(compress(self.spellings, flags)),
            list(compress(self.starts, flags)),
            list(compress(self.ends, flags)),
            list(compress(self.indexes, flags)),
        )


def read(tokens: Tokens) -> Reading:
    source = _significant(tokens)
    groups, stray = group_directives(source.kinds, source.spellings)
    reading = _parse(tokens, source, groups)
    if reading.dirty:
        reading = _read_arms(tokens, source, groups, reading.dirty)
    _add_directive_errors(reading, source, groups, stray)
    return reading


def _significant(tokens: Tokens) -> _Source:
    flags = [kind >= FIRST_SIGNIFICANT for kind in tokens.kinds]
    return _Source(
        list(compress(tokens.kinds, flags)),
        list(compress(tokens.spellings, flags)),
        list(compress(tokens.starts, flags)),
        list(compress(islice(tokens.starts, 1, None), flags)),
        list(compress(range(len(flags)), flags)),
    )


def _parse(tokens: Tokens, source: _Source, groups: dict[int, Group]) -> Reading:
    end = tokens.starts[-1]
    # Two marks of the end: the grammar looks one token ahead without asking whether there is one.
    parser = MemberParser(
        [*source.kinds, K.END_OF_FILE, K.END_OF_FILE],
        [*source.spellings, "", ""],
        [*source.starts, end, end],
        [*source.ends, end, end],
        groups,
    )
    items = parser.module()
    indexes = source.indexes
    indexes.append(len(tokens))
    attach_comments(tokens, [(node, indexes[first], indexes[header]) for node, first, header in parser.declared_at])
    indexes.pop()
    dirty = sorted(indexes[mark] for mark in parser.dirty)
    return Reading(items, parser.methods, parser.variables, parser.errors, dirty)


def _read_arms(tokens: Tokens, source: _Source, groups: dict[int, Group], dirty: list[int]) -> Reading:
    known = set(dirty)
    for round_number in range(_ROUNDS_MAX):
        split = [groups[bisect_left(source.indexes, index)] for index in sorted(known)]
        readings: list[tuple[Reading, bool]] = []
        for selection, compiled in selections(split):
            chosen = source.keep(_flags(len(source.kinds), split, selection))
            inner, _ = group_directives(chosen.kinds, chosen.spellings)
            readings.append((_parse(tokens, chosen, inner), compiled))
        more = {index for reading, _ in readings for index in reading.dirty} - known
        if not more or round_number == _ROUNDS_MAX - 1:
            return _merged(readings)
        known |= more
    raise AssertionError("unreachable: the last round returns")


def _flags(length: int, groups: list[Group], selection: list[int]) -> list[bool]:
    flags = [True] * length
    for group, chosen in zip(groups, selection, strict=True):
        for arm in range(group.arms):
            mark, following = group.marks[arm], group.marks[arm + 1]
            flags[mark] = flags[following] = False
            if arm != chosen:
                flags[mark:following] = [False] * (following - mark)
    return flags


def _merged(readings: list[tuple[Reading, bool]]) -> Reading:
    """The first reading, and from the others what only they have: declarations, and errors of real compilations."""
    merged = readings[0][0]
    methods = {method.name_start: method for method in merged.methods}
    variables = {variable.start: variable for variable in merged.variables}
    for reading, compiled in readings[1:]:
        for method in reading.methods:
            methods.setdefault(method.name_start, method)
        for variable in reading.variables:
            variables.setdefault(variable.start, variable)
        if compiled:
            merged.errors = {**reading.errors, **merged.errors}
    merged.methods = [methods[start] for start in sorted(methods)]
    merged.variables = [variables[start] for start in sorted(variables)]
    return merged


def _add_directive_errors(reading: Reading, source: _Source, groups: dict[int, Group], stray: list[int]) -> None:
    for position in stray:
        opens = source.kinds[position] in (K.PRE_IF, K.PRE_INSERT, K.PRE_DELETE)
        spelling = source.spellings[position].strip()[:40]
        code = "not-closed" if opens else "stray-directive"
        reading.errors[source.starts[position]] = (code, spelling, spelling)
    for position in groups:
        spelling = source.spellings[position]
        if source.kinds[position] in (K.PRE_IF, K.PRE_ELSIF) and not is_readable(spelling):
            reading.errors[source.starts[position]] = ("directive-condition", spelling[:40], "")
