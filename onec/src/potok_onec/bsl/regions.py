"""Regions nest among themselves and may cross methods and statements, so the grammar ignores them."""

from potok_onec.bsl.kinds import TokenKind
from potok_onec.bsl.tokens import Tokens
from potok_onec.bsl.tree import Method, Region


def find_regions(tokens: Tokens) -> list[Region]:
    """In the order of their starts; one that nobody closes ends with the text."""
    found: list[Region] = []
    stack: list[Region] = []
    kinds = tokens.kinds
    if TokenKind.REGION not in kinds:
        return found
    for index, kind in enumerate(kinds):
        if kind == TokenKind.REGION:
            start = tokens.starts[index]
            name = _name(tokens.spellings[index])
            path = (*stack[-1].path, name) if stack else (name,)
            line = tokens.lines.line(start)
            region = Region(start, tokens.starts[-1], name, path, line, len(tokens.lines))
            found.append(region)
            stack.append(region)
        elif kind == TokenKind.END_REGION and stack:
            region = stack.pop()
            region.end = tokens.starts[index + 1]
            region.end_line = tokens.lines.line(tokens.starts[index])
    return found


def _name(directive: str) -> str:
    words = directive.lstrip("#").split("//")[0].split()
    return words[1] if len(words) > 1 else ""


def attach_regions(methods: list[Method], regions: list[Region]) -> None:
    """A method lies in the innermost region that is open where its header stands. One pass over both sorted lists."""
    stack: list[Region] = []
    waiting = iter(regions)
    upcoming = next(waiting, None)
    for method in methods:
        while upcoming is not None and upcoming.start < method.name_start:
            stack.append(upcoming)
            upcoming = next(waiting, None)
        while stack and stack[-1].end <= method.name_start:
            stack.pop()
        method.region = stack[-1].path if stack else ()
