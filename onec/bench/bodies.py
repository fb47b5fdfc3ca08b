"""Methods, their copies and their comments by plain expressions: a truth that shares no code with the reader."""

import re
from collections import Counter
from pathlib import Path
from typing import Final, NamedTuple

from onec.bench.truth import read_module

_HEADER: Final = re.compile(
    r"^[ \t]*(?:(?:асинх|async)\s+)?(процедура|функция|procedure|function)\s+\w+\s*\(", re.IGNORECASE | re.MULTILINE
)
_END: Final = re.compile(r"^[ \t]*(?:конецпроцедуры|конецфункции|endprocedure|endfunction)\b", re.I | re.M)
_EXPORT: Final = re.compile(r"\s*(?:экспорт|export)\b", re.IGNORECASE)
_COMMENT: Final = re.compile(r"//[^\n]*")
# What stands inside the parentheses of a header and may hide one: a default of a parameter, a comment.
_WITHIN: Final = re.compile(r'"[^"]*"|//[^\n]*|[()]')
_LONG: Final = 80


class Bodies(NamedTuple):
    """`copies` are bodies longer than 80 characters that would go if each were kept once, comments and space aside."""

    procedures: int
    functions: int
    copies: int
    common_exports: int
    commented: int

    @property
    def methods(self) -> int:
        return self.procedures + self.functions


def count(folder: Path) -> Bodies:
    kinds: Counter[str] = Counter()
    bodies: Counter[str] = Counter()
    exports = commented = 0
    for path in sorted(folder.rglob("*.bsl")):
        text = read_module(path)
        for match in _HEADER.finditer(text):
            kinds[match[1].lower()] += 1
            begin = _behind_parameters(text, match.end())
            exported = _EXPORT.match(text, begin)
            if exported is not None and "CommonModules" in path.parts:
                exports += 1
                commented += _is_commented(text[: match.start()])
            bodies[_body(text, exported.end() if exported else begin)] += 1
    return Bodies(
        procedures=kinds["процедура"] + kinds["procedure"],
        functions=kinds["функция"] + kinds["function"],
        copies=sum(times - 1 for body, times in bodies.items() if len(body) > _LONG),
        common_exports=exports,
        commented=commented,
    )


def _behind_parameters(text: str, at: int) -> int:
    depth = 1
    for match in _WITHIN.finditer(text, at):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if not depth:
            return match.end()
    return len(text)


def _body(text: str, at: int) -> str:
    end = _END.search(text, at)
    return " ".join(_COMMENT.sub("", text[at : end.start() if end else len(text)]).split())


def _is_commented(before: str) -> bool:
    """Whether the line above is a comment; directives of compilation may stand between."""
    above = [line.strip() for line in before[-4000:].split("\n")[:-1]]
    while above and above[-1].startswith("&"):
        above.pop()
    return bool(above) and above[-1].startswith("//")
