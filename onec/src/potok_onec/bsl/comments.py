"""Comments that belong to a declaration: the lines right above it, without a blank line between."""

from potok_onec.bsl.kinds import TokenKind
from potok_onec.bsl.tokens import Tokens
from potok_onec.bsl.tree import Method, Variable

_COMMENT = TokenKind.COMMENT
_WHITESPACE = TokenKind.WHITESPACE


def attach_comments(tokens: Tokens, declared: list[tuple[Method | Variable, int, int]]) -> None:
    """Each entry has the indexes of the declaration's first token (an annotation) and of its header's word.

    Comments stand above the annotations, or between them and the header.
    """
    lines = tokens.lines
    for node, first, header in declared:
        comment, index = _comment_above(tokens, first)
        if not comment and header != first:
            comment, index = _comment_above(tokens, header)
        node.comment = comment
        if isinstance(node, Method):
            node.start_line = lines.line(tokens.starts[header])
            node.end_line = lines.line(max(node.end - 1, node.start))
            node.comment_line = lines.line(tokens.starts[index]) if comment else 0


def _comment_above(tokens: Tokens, index: int) -> tuple[str, int]:
    """The block's text without its slashes' indentation, and the index of its first token."""
    kinds, spellings = tokens.kinds, tokens.spellings
    found: list[str] = []
    top = index
    while index >= 2 and kinds[index - 1] == _WHITESPACE and kinds[index - 2] == _COMMENT:
        if _line_breaks(spellings[index - 1]) != 1 or not _starts_line(tokens, index - 2):
            break
        index -= 2
        top = index
        found.append(spellings[index].rstrip())
    found.reverse()
    return "\n".join(found), top


def _line_breaks(whitespace: str) -> int:
    return whitespace.count("\r") + whitespace.count("\n") - whitespace.count("\r\n")


def _starts_line(tokens: Tokens, index: int) -> bool:
    """A comment behind code describes that code, not the method below it."""
    if index == 0:
        return True
    before = tokens.spellings[index - 1]
    return tokens.kinds[index - 1] == _WHITESPACE and (index == 1 or "\n" in before or "\r" in before)
