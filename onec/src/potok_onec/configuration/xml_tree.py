"""One XML file as a small tree with line numbers: refuses DTDs and bottomless nesting, resolves nothing outside it."""

from collections.abc import Callable, Iterator
from typing import Final
from xml.parsers import expat

# The deepest file among the public configurations has 47 levels. Far beyond is an attack or a broken writer, and
# readers that walk down by recursion must stay within Python's own limit.
DEPTH_MAX: Final = 200
# A spreadsheet of a real configuration reaches 30 MB; four times that still fits the promised 600 MB a process.
BYTES_MAX: Final = 128 * 1024 * 1024

_NO_ATTRIBUTES: Final[dict[str, str]] = {}


class XmlError(Exception):
    """The file is not XML that a configuration may hold; `line` is where it goes wrong, from 1.

    `is_misplaced`: the XML is sound, but another file was expected at its place.
    """

    def __init__(self, reason: str, line: int, reason_ru: str = "", *, is_misplaced: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reason_ru = reason_ru or reason
        self.line = line
        self.is_misplaced = is_misplaced


class Node:
    """An element: local names only, because both layouts bind their prefixes as they please."""

    __slots__ = ("attributes", "children", "line", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str], line: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.line = line
        self.text = ""
        self.children: list[Node] = []

    def child(self, tag: str) -> "Node | None":
        for node in self.children:
            if node.tag == tag:
                return node
        return None

    def all(self, tag: str) -> "list[Node]":
        return [node for node in self.children if node.tag == tag]

    def value(self, tag: str, default: str = "") -> str:
        """Text of the first child of that name."""
        for node in self.children:
            if node.tag == tag:
                return node.text
        return default

    def walk(self) -> "Iterator[Node]":
        """This node and everything below it, in document order."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            pending.extend(reversed(node.children))


class Tree:
    """The root of a file with the namespace that tells what the file is."""

    __slots__ = ("namespace", "root")

    def __init__(self, root: Node, namespace: str) -> None:
        self.root = root
        self.namespace = namespace


def _listen(parser: expat.XMLParserType, anchor: Node, skip: frozenset[str]) -> None:
    """Hang the handlers that grow the tree under `anchor`, whose text becomes the namespace of the root.

    Closures over plain locals: the same handlers as methods took twice the time on the 5,885 files of the SSL.
    `skip` names elements whose content nobody asks for: their subtrees are not kept.
    """
    opened = [anchor]
    names: dict[str, str] = {}
    pending = ""
    skipped_depth = 0

    def start(name: str, pairs: list[str]) -> None:
        nonlocal pending, skipped_depth
        if skipped_depth:
            skipped_depth += 1
            return
        tag = names.get(name)
        if tag is None:
            tag = names[name] = name.rpartition(":")[2]
        node = Node(tag, _attributes(pairs) if pairs else _NO_ATTRIBUTES, parser.CurrentLineNumber)
        opened[-1].children.append(node)
        pending = ""
        if len(opened) == 1:
            anchor.text = _namespace(name, pairs)
        if tag in skip:
            skipped_depth = 1
            return
        opened.append(node)
        if len(opened) > DEPTH_MAX:
            raise XmlError(
                f"elements are nested deeper than {DEPTH_MAX}",
                node.line,
                f"элементы вложены глубже {DEPTH_MAX} уровней",
            )

    def end(_name: str) -> None:
        nonlocal pending, skipped_depth
        if skipped_depth:
            skipped_depth -= 1
            return
        node = opened.pop()
        if not node.children:
            node.text = pending
        pending = ""

    def text(data: str) -> None:
        nonlocal pending
        pending += data

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text


def _attributes(pairs: list[str]) -> dict[str, str]:
    return {
        pairs[index].rpartition(":")[2]: pairs[index + 1]
        for index in range(0, len(pairs), 2)
        if not pairs[index].startswith("xmlns")
    }


def _namespace(name: str, pairs: list[str]) -> str:
    """The namespace that the root element's own prefix is bound to."""
    prefix, colon, _ = name.rpartition(":")
    wanted = f"xmlns:{prefix}" if colon else "xmlns"
    for index in range(0, len(pairs), 2):
        if pairs[index] == wanted:
            return pairs[index + 1]
    return ""


def parse(data: bytes, *, skip: frozenset[str] = frozenset()) -> Tree:
    """Raises XmlError with the line when the bytes are not well-formed, hold a DTD, or are too deep or too big."""
    if len(data) > BYTES_MAX:
        raise XmlError(
            f"the file has {len(data)} bytes, at most {BYTES_MAX} are read as XML",
            1,
            f"в файле {len(data)} байт, как XML читается не больше {BYTES_MAX}",
        )
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.buffer_size = 65536
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    anchor = Node("", {}, 0)
    _listen(parser, anchor, skip)
    parser.StartDoctypeDeclHandler = _refuse_doctype(parser)
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise _refusal(error, data) from None
    except (LookupError, ValueError) as error:
        raise XmlError(
            f"the declared encoding cannot be read: {error}", 1, f"объявленная кодировка не читается: {error}"
        ) from None
    if not anchor.children:
        raise XmlError("there is no element in the file", 1, "в файле нет ни одного элемента")
    return Tree(anchor.children[0], anchor.text)


def _refuse_doctype(parser: expat.XMLParserType) -> Callable[[str, str | None, str | None, bool], None]:
    def refuse(_name: str, _system: str | None, _public: str | None, _internal: bool) -> None:
        # Entity bombs and external entities both begin with a DTD, and 1C never writes one.
        reason = "a DOCTYPE is not allowed in 1C sources (entities and external DTDs are refused)"
        reason_ru = "DOCTYPE в исходниках 1С не бывает (сущности и внешние DTD не принимаются)"
        raise XmlError(reason, parser.CurrentLineNumber, reason_ru)

    return refuse


def _refusal(error: expat.ExpatError, data: bytes) -> XmlError:
    text = expat.ErrorString(error.code)
    if not data.strip():
        return XmlError("the file is empty", 1, "файл пуст")
    if error.code in _TRUNCATED:
        return XmlError(f"the file ends too early ({text})", error.lineno, f"файл обрывается ({text})")
    return XmlError(f"not well-formed XML ({text})", error.lineno, f"XML нарушен ({text})")


_TRUNCATED: Final = frozenset(
    expat.errors.codes[text]
    for text in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)
