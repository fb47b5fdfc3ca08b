"""Text to tokens: one regular expression, nothing dropped, so the joined tokens are the text again."""

import re
from itertools import accumulate

from potok_onec.bsl.encoding import ModuleText
from potok_onec.bsl.kinds import DIRECTIVES, KEYWORDS, PUNCTUATION, TokenKind
from potok_onec.bsl.tokens import Tokens

# Every repetition is possessive: no input, however broken, makes the expression go back, so the time is linear.
# A string literal runs over lines that start with `|`; comments, blank lines and directives may stand between them
# (an extension changes a query so). A literal that nobody closes ends where its last line ends.
_TOKEN = re.compile(
    r"""
      [\s\ufeff\u200b]++
    | [^\W\d]\w*+
    | <> | <= | >=
    | //[^\r\n]*+
    | "(?:
          [^"\r\n]++ | ""
        | (?:\r\n?+|\n)(?: [^\S\r\n]++ | \ufeff | \r\n?+ | \n | //[^\r\n]*+ | \#[^\r\n]*+ )*+ \|
      )*+"?+
    | \d++(?:\.\d*+)?+
    | '[^'\r\n]*+'?+
    | \#[^\r\n]*+
    | &[^\S\r\n]*+[^\W\d]\w*+
    | ~[^\S\r\n]*+\w++
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
_DIRECTIVE_WORD = re.compile(r"#[^\S\r\n]*(\w*)")
_LINES_INSIDE_STRING = re.compile(r"(?:\r\n?|\n)[^\S\r\n]*(?://|#)[^\r\n]*")
_MEMORY_MAX = 200_000  # spellings; a configuration of 74 MB has about 60,000


class _Kinds(dict[str, int]):
    """Spelling to kind; words of a configuration repeat about a hundred times each, so they are remembered."""

    def __missing__(self, spelling: str) -> int:
        kind = classify(spelling)
        if kind != TokenKind.COMMENT and kind != TokenKind.STRING and kind != TokenKind.OPEN_STRING:
            if len(self) > _MEMORY_MAX:
                self.clear()
            self[spelling] = kind
        return kind


_KINDS = _Kinds(PUNCTUATION)


def tokenize(source: str | ModuleText) -> Tokens:
    text = source.text if isinstance(source, ModuleText) else source
    spellings = _TOKEN.findall(text)
    kinds = list(map(_KINDS.__getitem__, spellings))
    starts = list(accumulate(map(len, spellings), initial=0))
    return Tokens(text, spellings, kinds, starts)


def classify(spelling: str) -> int:
    """The kind of one token that `tokenize` cut out."""
    first = spelling[0]
    if first.isalpha() or first == "_":
        return KEYWORDS.get(spelling.lower(), TokenKind.IDENTIFIER)
    if first.isspace() or first in "\ufeff\u200b":
        return TokenKind.WHITESPACE
    if spelling.startswith("//"):
        return TokenKind.COMMENT
    if first == '"':
        return TokenKind.STRING if _is_closed(spelling) else TokenKind.OPEN_STRING
    if first.isdecimal():
        return TokenKind.NUMBER
    if first == "'":
        return TokenKind.DATE if len(spelling) > 1 and spelling[-1] == "'" else TokenKind.OPEN_DATE
    if first == "#":
        return _classify_directive(spelling)
    if len(spelling) > 1 and first in "&~":
        return TokenKind.ANNOTATION if first == "&" else TokenKind.LABEL
    return PUNCTUATION.get(spelling, _classify_rest(first))


def _classify_rest(first: str) -> int:
    # `\w` knows letters that `isalpha` does not (letter-like numerals): they may spell a name.
    return TokenKind.IDENTIFIER if re.match(r"[^\W\d]", first) else TokenKind.UNKNOWN


def _is_closed(literal: str) -> bool:
    quoted = literal if "\n" not in literal and "\r" not in literal else _LINES_INSIDE_STRING.sub("", literal)
    return quoted.count('"') % 2 == 0


def _classify_directive(spelling: str) -> int:
    if spelling.startswith("#!"):
        return TokenKind.SHEBANG
    word = _DIRECTIVE_WORD.match(spelling)
    return DIRECTIVES.get(word.group(1).lower() if word else "", TokenKind.UNKNOWN_DIRECTIVE)
