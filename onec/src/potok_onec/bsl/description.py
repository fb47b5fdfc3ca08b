"""Method descriptions: the comment above a method read by 1C's documentation standard, Russian or English."""

import re
from dataclasses import dataclass, field


@dataclass(slots=True)
class ValueDescription:
    """One variant of a value: `Строка, Число - text`; `fields` are the lines with asterisks below it."""

    types: list[str]
    text: str = ""
    fields: "list[ParameterDescription]" = field(default_factory=list)


@dataclass(slots=True)
class ParameterDescription:
    name: str
    values: list[ValueDescription] = field(default_factory=list)

    @property
    def types(self) -> list[str]:
        return [name for value in self.values for name in value.types]

    @property
    def text(self) -> str:
        return "\n".join(value.text for value in self.values if value.text)


@dataclass(slots=True)
class MethodDescription:
    """`deprecated` is None for a method in use, else the advice (which may be empty); `links` follow «См.»."""

    purpose: str = ""
    parameters: list[ParameterDescription] = field(default_factory=list)
    returns: list[ValueDescription] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    call_options: list[str] = field(default_factory=list)
    deprecated: str | None = None
    links: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return self == MethodDescription()


_SECTIONS = {
    "parameters": r"параметры|parameters|params",
    "returns": r"возвращаемое\s+значение|возвращаемые\s+значения|returns?(?:\s+value)?|return\s+values?",
    "examples": r"примеры?(?:\s+использования)?|(?:usage\s+)?examples?",
    "call_options": r"варианты\s+вызова|call\s+(?:options|variants)",
}
_HEADING = re.compile(
    r"\s*(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _SECTIONS.items())
    + r")[^\S\n]*(?::[^\S\n]*(?P<rest>.*))?\Z",
    re.IGNORECASE,
)
_DEPRECATED = re.compile(r"\s*(?:устарел[аио]?|deprecated?)\b[\s.:,-]*(.*)\Z", re.IGNORECASE)
_LINK = re.compile(r"(?:^|[\s(])(?:см\.|see:?)\s+(?:также:?\s+|also:?\s+)?([^\W\d][\w.]*\w(?:\(\))?)", re.IGNORECASE)
_SEE_ALSO = re.compile(r"\s*(?:см\.|see\b)", re.IGNORECASE)
_RULE = re.compile(r"[/=\-*#~_\s]*\Z")
_NAMED = re.compile(r"([^\W\d][\w.]*)(?:\s+[-–—]\s*|\s*[-–—]\s+|\s*[-–—]\Z)(.*)\Z")
_FIELD = re.compile(r"(\*+)\s*(.*)\Z")
_TYPE = r"[^\W\d][\w.]*(?:\s*<[^>]*>)?"
_TYPES = re.compile(
    rf"{_TYPE}(?:\s+(?:из|of)\s+{_TYPE})?(?:\s*,\s*{_TYPE}(?:\s+(?:из|of)\s+{_TYPE})?)*\Z", re.IGNORECASE
)
_DASH = re.compile(r"\s+[-–—]\s+|\s+[-–—]\Z|:?\s+[-–—]:\s*")


def describe_method(comment: str) -> MethodDescription:
    """`comment` is `Method.comment`; lines may or may not begin with slashes."""
    described = MethodDescription()
    section = "purpose"
    gathered: dict[str, list[str]] = {}
    for line in map(_without_slashes, comment.splitlines()):
        content = line
        heading = _HEADING.match(line)
        deprecated = _DEPRECATED.match(line) if section in ("purpose", "deprecated") else None
        if heading and heading.lastgroup and (heading["rest"] is not None or len(line.split()) < 4):
            section = next(name for name in _SECTIONS if heading[name])
            content = heading["rest"] or ""
        elif deprecated and described.deprecated is None:
            section, content, described.deprecated = "deprecated", deprecated[1], ""
        elif section == "deprecated" and not line.strip():
            section = "purpose"
        elif section != "purpose" and _SEE_ALSO.match(line):
            section = "links"
        gathered.setdefault(section, []).append(content)
    described.purpose = _text(gathered.get("purpose", []))
    if described.deprecated is not None:
        described.deprecated = _text(gathered.get("deprecated", []))
    described.parameters = _parameters(gathered.get("parameters", []))
    described.returns = _values(gathered.get("returns", []))
    described.examples = _blocks(gathered.get("examples", []))
    described.call_options = [line.strip() for line in gathered.get("call_options", []) if line.strip()]
    described.links = list(dict.fromkeys(match[1] for match in _LINK.finditer(comment)))
    return described


def _without_slashes(line: str) -> str:
    """The text behind `//`; lines that only draw a rule are empty."""
    text = line.strip()
    if text.startswith("//"):
        text = text[2:]
    return "" if _RULE.match(text) else text.rstrip()


def _text(lines: list[str]) -> str:
    return "\n".join(line.strip() for line in lines).strip()


def _blocks(lines: list[str]) -> list[str]:
    """Examples are told apart by blank lines; their own indentation stays."""
    blocks: list[str] = []
    block: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            block.append(line)
        elif block:
            blocks.append("\n".join(block))
            block = []
    return blocks


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


class _ValueReader:
    """Builds parameters line by line: what a line continues depends on its indentation and on its asterisks."""

    def __init__(self) -> None:
        self.owners: list[ParameterDescription] = []
        self.indents: list[int] = []
        self.indent: int | None = None

    def value(self) -> ValueDescription | None:
        return self.owners[-1].values[-1] if self.owners and self.owners[-1].values else None

    def open(self, parameter: ParameterDescription, level: int, indent: int) -> None:
        self.close(level)
        self.indents.append(indent)
        if self.owners:
            parent = self.owners[-1]
            if not parent.values:
                parent.values.append(ValueDescription([]))
            parent.values[-1].fields.append(parameter)
        self.owners.append(parameter)

    def close(self, level: int) -> None:
        del self.owners[level:]
        del self.indents[level:]

    def continue_text(self, line: str) -> None:
        value = self.value()
        if value is None:
            if not self.owners:
                return
            value = ValueDescription([])
            self.owners[-1].values.append(value)
        value.text = f"{value.text}\n{line}".strip()

    def asterisk(self, match: re.Match[str], indent: int) -> bool:
        if not self.owners:
            return False
        level = min(len(match[1]), len(self.owners))
        named = _NAMED.match(match[2])
        name, rest = (named[1], named[2]) if named else (match[2].rstrip(":"), "")
        self.open(ParameterDescription(name, [_value(rest)] if rest else []), level, indent)
        return True

    def variant(self, line: str, indent: int) -> bool:
        """`- Неопределено - text`: one more type of what is being described."""
        if line[:1] not in "-–—" or not self.owners:
            return False
        while len(self.owners) > 1 and self.indents[-1] >= indent:
            self.close(len(self.owners) - 1)
        self.owners[-1].values.append(_value(line[1:].strip()))
        return True


def _value(text: str) -> ValueDescription:
    """`Строка, Число - text` into types and text; a text without types stays text."""
    parts = _DASH.split(" ".join(text.split()), maxsplit=1)
    names = parts[0].strip().rstrip(":.").strip()
    if not _TYPES.match(names) or (
        len(parts) == 1 and " " in names and "," not in names and not _COLLECTION.search(names)
    ):
        return ValueDescription([], text.strip())
    return ValueDescription([name.strip() for name in names.split(",")], parts[1].strip() if len(parts) > 1 else "")


_COLLECTION = re.compile(r"\s(?:из|of)\s", re.IGNORECASE)


def _parameters(lines: list[str]) -> list[ParameterDescription]:
    found: list[ParameterDescription] = []
    reader = _ValueReader()
    for line in lines:
        text = line.strip()
        if not text:
            continue
        asterisk = _FIELD.match(text)
        if asterisk and reader.asterisk(asterisk, _indent(line)):
            continue
        if reader.variant(text, _indent(line)):
            continue
        named = _NAMED.match(text)
        if named and (reader.indent is None or _indent(line) <= reader.indent):
            reader.indent = max(_indent(line), reader.indent or 0)
            parameter = ParameterDescription(named[1], [_value(named[2])] if named[2] else [])
            found.append(parameter)
            reader.open(parameter, 0, _indent(line))
        else:
            reader.continue_text(text)
    return found


def _values(lines: list[str]) -> list[ValueDescription]:
    result = ParameterDescription("")
    reader = _ValueReader()
    reader.open(result, 0, 0)
    for line in lines:
        text = line.strip()
        if not text:
            continue
        asterisk = _FIELD.match(text)
        if asterisk and reader.asterisk(asterisk, _indent(line)):
            continue
        value = _value(text.lstrip("-–— "))
        outermost = reader.indent is None or _indent(line) <= reader.indent
        if value.types and (outermost or text[0] in "-–—"):
            reader.indent = _indent(line) if reader.indent is None else reader.indent
            reader.close(1)
            result.values.append(value)
        else:
            reader.continue_text(text)
    return result.values
