"""PostgreSQL's text cannot hold a NUL character: U+FFFD is stored in its place.

Programs print one now and then; the outcome of their task must not be lost for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from potok.store.encode import Value

_STAND_IN = "\ufffd"
# An even number of backslashes before it is itself text.
_ESCAPED_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def without_nul(values: Sequence[Value]) -> Sequence[Value]:
    for value in values:
        if isinstance(value, str) and "\0" in value:
            return [text.replace("\0", _STAND_IN) if isinstance(text, str) else text for text in values]
    return values


def json_without_nul(text: str) -> str:
    """The same for encoded JSON, where a NUL is an escape."""
    if "\\u0000" not in text:
        return text
    return _ESCAPED_NUL.sub(rf"\1{_STAND_IN}", text)
