"""Calls between common modules by plain expressions over the files: a truth that shares no code with the reader.

Two readings of one text. `published` is how the figures of the issue were counted: everything between two quotes goes
first, then comments; a lone quote in a comment swallows code up to the next quote. `exact` takes whichever of the two
begins first, so that a quote in a comment is no string.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Literal, NamedTuple

Way = Literal["published", "exact"]
Pair = tuple[str, str]

_STRING: Final = re.compile(r'"[^"]*"')
_COMMENT: Final = re.compile(r"//[^\n]*")
_EITHER: Final = re.compile(r'"[^"]*"|//[^\n]*')
_CALL: Final = re.compile(r"(?<![\w.])(\w+)\.(\w+)\s*\(")
_HEADER: Final = re.compile(
    r"^\s*(?:(?:асинх|async)\s+)?(?:процедура|функция|procedure|function)\s+(\w+)\s*\(", re.IGNORECASE | re.MULTILINE
)
# An element of a description that may have a name, in an attribute or in a child of its own.
_ELEMENT: Final = re.compile(
    r"<(Attribute|attributes|TabularSection|tabularSections|Command|commands|formCommands|items|Form|forms|Template"
    r'|templates)\b(?:[^>]*\sname="(\w+)")?|<[Nn]ame>(\w+)</[Nn]ame>'
)
_DATA: Final = frozenset({"attribute", "tabularsection"})
_EXPORT: Final = re.compile(r"\)\s*(?:экспорт|export)\b", re.IGNORECASE)


class Site(NamedTuple):
    """A call `module.method(` of a common module; both names folded."""

    file: str
    line: int
    module: str
    method: str


class Scan(NamedTuple):
    """`modules` maps a folded name to its file; `exports` to its exported methods, folded."""

    modules: dict[str, str]
    exports: dict[str, set[str]]
    sites: list[Site]

    @property
    def edges(self) -> dict[tuple[str, str, str], Site]:
        """Distinct (calling file, module, method), each with its first site."""
        found: dict[tuple[str, str, str], Site] = {}
        for site in self.sites:
            found.setdefault((site.file, site.module, site.method), site)
        return found

    @property
    def resolved(self) -> int:
        return sum(site.method in self.exports[site.module] for site in self.sites)

    @property
    def pairs(self) -> dict[Pair, Site]:
        """Who calls whom among common modules, each with its first site."""
        owner = {file: name for name, file in self.modules.items()}
        found: dict[Pair, Site] = {}
        for site in self.sites:
            source = owner.get(site.file)
            if source is not None and source != site.module:
                found.setdefault((source, site.module), site)
        return found


def scan(corpus: Path, project: str, way: Way) -> Scan:
    """All modules below `corpus/project`; files are named from `corpus`."""
    texts = {
        path.relative_to(corpus).as_posix(): read_module(path) for path in sorted((corpus / project).rglob("*.bsl"))
    }
    modules = {name.lower(): file for file in texts if (name := _common(file))}
    sites: list[Site] = []
    exports: dict[str, set[str]] = {}
    owner = {file: name for name, file in modules.items()}
    for file, text in texts.items():
        code = _code(text, way)
        sites.extend(_sites(file, code, modules))
        if file in owner:
            exports[owner[file]] = set(_exported(code))
    return Scan(modules, exports, sites)


def read_module(path: Path) -> str:
    """With every line break as one sign; a few modules are binary, and nothing in them looks like a call."""
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _common(file: str) -> str:
    parts = file.split("/")
    return parts[parts.index("CommonModules") + 1] if "CommonModules" in parts else ""


def _code(text: str, way: Way) -> str:
    """The text without what strings and comments hold; its lines stay where they were."""
    if way == "published":
        return _COMMENT.sub("", _STRING.sub(_emptied, text))
    return _EITHER.sub(_emptied, text)


def _emptied(match: re.Match[str]) -> str:
    return '"' + "\n" * match[0].count("\n") + '"' if match[0][0] == '"' else ""


def _sites(file: str, code: str, modules: dict[str, str]) -> Iterator[Site]:
    line, at = 1, 0
    for match in _CALL.finditer(code):
        module = match[1].lower()
        if module in modules:
            line += code.count("\n", at, match.start())
            at = match.start()
            yield Site(file, line, module, match[2].lower())


def _exported(code: str) -> Iterator[str]:
    """Methods whose header, however many lines it has, ends in the word; parentheses of defaults are balanced."""
    for match in _HEADER.finditer(code):
        depth, at = 1, match.end()
        while depth and at < len(code):
            depth += (code[at] == "(") - (code[at] == ")")
            at += 1
        if _EXPORT.match(code, at - 1):
            yield match[1].lower()


def circles(pairs: Iterable[Pair]) -> list[set[str]]:
    """Groups of modules each of which reaches all others of it: forward and backward reach, cut with each other."""
    below: dict[str, set[str]] = defaultdict(set)
    above: dict[str, set[str]] = defaultdict(set)
    for source, target in pairs:
        below[source].add(target)
        above[target].add(source)
    found: list[set[str]] = []
    placed: set[str] = set()
    for node in sorted(below):
        if node not in placed:
            group = _reach(below, node) & _reach(above, node)
            placed |= group
            if len(group) > 1:
                found.append(group)
    return sorted(found, key=lambda group: (-len(group), sorted(group)))


def _reach(graph: dict[str, set[str]], start: str) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        for node in graph.get(waiting.pop(), set()) - seen:
            seen.add(node)
            waiting.append(node)
    return seen


class Line(NamedTuple):
    """A line that shows something."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text[:120]}"


def quote_before(corpus: Path, site: Site) -> Line | None:
    """The nearest comment above with a lone quote: why `published` takes the call for the content of a string."""
    text = read_module(corpus / site.file)
    limit = _offset(text, site.line)
    last = None
    for match in _EITHER.finditer(text):
        if match.start() >= limit:
            break
        if match[0][0] == "/" and match[0].count('"') % 2:
            last = match
    return Line(site.file, text.count("\n", 0, last.start()) + 1, last[0]) if last else None


def _offset(text: str, line: int) -> int:
    at = 0
    for _ in range(line - 1):
        at = text.index("\n", at) + 1
    return at


def declared_near(corpus: Path, site: Site) -> Line | None:
    """What makes the name a variable or an attribute: a line of the method around the call, of its object or form."""
    lines = read_module(corpus / site.file).split("\n")
    name = re.escape(site.module)
    variable = re.compile(
        rf"^\s*{name}\s*=|\b(?:для каждого|для|перем|for each|for|var)\s+{name}\b"
        rf"|[(,]\s*(?:знач\s+|val\s+)?{name}\s*[,)=]",
        re.IGNORECASE,
    )
    for at in range(_method_start(lines, site.line), site.line):
        if variable.search(lines[at - 1]):
            return Line(site.file, at, lines[at - 1].strip())
    return _attribute(corpus, site)


def _method_start(lines: list[str], line: int) -> int:
    return next((at for at in range(line, 0, -1) if _HEADER.match(lines[at - 1])), 1)


def _attribute(corpus: Path, site: Site) -> Line | None:
    """In the nearest description above the module: of its form, of its object."""
    for above in (corpus / site.file).parents:
        for path in (above.with_suffix(".xml"), *sorted(above.glob("*.form")), *sorted(above.glob("*.mdo"))):
            if path.is_file():
                found = _described(path, site.module)
                return Line(path.relative_to(corpus).as_posix(), *found) if found else None
    return None


def _described(path: Path, folded: str) -> tuple[int, str] | None:
    """Line and element of the attribute or tabular section of that name; commands and the like have names, too."""
    text = read_module(path)
    element = ""
    for match in _ELEMENT.finditer(text):
        element = match[1] or element
        if (match[2] or match[3] or "").lower() == folded and element.lower().rstrip("s") in _DATA:
            return text.count("\n", 0, match.start()) + 1, f"{element} {match[2] or match[3]}"
    return None
