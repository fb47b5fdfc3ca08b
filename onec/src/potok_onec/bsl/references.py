"""What a module refers to beyond its own variables: calls, chains of names, names in strings, handlers by name.

Syntax only: who the names are is decided where all modules and objects are known.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from potok_onec.bsl.module import Module
from potok_onec.bsl.tree import (
    Assignment,
    Call,
    Constant,
    Expression,
    ForEach,
    ForTo,
    Member,
    Method,
    Name,
    New,
    Node,
    VariableDeclaration,
    walk_scope,
)

ReferenceKind = Literal["call", "names", "text", "handler", "new"]
# Who the first name of a chain is in its scope; `outer` is nothing of this module: a common module, a global property.
# `alias` is a variable that stands for a common module, whose name has been put in its place.
Root = Literal["", "outer", "local", "parameter", "variable", "alias"]

# `Справочник.Товары`, `CatalogRef.Goods`, `Справочник.Товары.Форма.ФормаСписка`: a text that may name metadata.
_DOTTED: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*){1,6}")
_WORD: Final = re.compile(r"[^\W\d]\w*")
# Objects and global methods whose first argument is the name of a method to be called later.
_HANDLER_TYPES: Final = frozenset({"описаниеоповещения", "notifydescription", "callbackdescription"})
_HANDLER_METHODS: Final = frozenset({
    "подключитьобработчикожидания", "attachidlehandler", "отключитьобработчикожидания", "detachidlehandler",
    "подключитьобработчикоповещения", "attachnotificationhandler", "установитьдействие", "setaction",
})  # fmt: skip
# Of these the handler's name is the second argument.
_SECOND: Final = frozenset({"установитьдействие", "setaction"})
# `МодульПочты = ОбщегоНазначения.ОбщийМодуль("РаботаСПочтой")`: the variable stands for that module in its scope.
_MODULE_GETTERS: Final = frozenset({"общиймодуль", "commonmodule"})
_TEXTS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Reference:
    """`path` is the chain of names as written, the last one called or read; `method` is where, empty in module code.

    `text` and `handler` references have the content of the string as `path`; a `handler` with a receiver (the second
    argument) has it before a colon: `МойМодуль:ПослеВыбора`.
    """

    kind: ReferenceKind
    offset: int
    method: str
    path: str
    root: Root = ""
    arguments: int = 0


def references(module: Module) -> list[Reference]:
    """In the order of the text within each method."""
    declared = {variable.name.lower() for variable in module.variables}
    found: list[Reference] = []
    for method in module.methods:
        _Reader(method.name, _parameters(method), declared, found).read([method])
    own: list[Node] = list(module.statements)
    if own:
        _Reader("", set(), declared, found).read(own)
    return found


def _parameters(method: Method) -> set[str]:
    return {parameter.name.lower() for parameter in method.parameters}


class _Reader:
    """One scope. Locals are found first: a name that is set anywhere in a method is its variable everywhere in it."""

    def __init__(self, method: str, parameters: set[str], declared: set[str], found: list[Reference]) -> None:
        self._method = method
        self._parameters = parameters
        self._declared = declared
        self._locals: set[str] = set()
        self._aliases: dict[str, str] = {}
        self._found = found

    def read(self, roots: list[Node]) -> None:
        nodes = list(walk_scope(roots))
        for node in nodes:
            self._locals.update(_set_names(node))
            self._aliases.update(_alias(node))
        within: set[int] = set()
        for node in nodes:
            if id(node) in within:
                continue
            if isinstance(node, Call):
                self._call(node, within)
            elif isinstance(node, Member):
                self._names(node, within)
            elif isinstance(node, New):
                self._new(node)
            elif isinstance(node, Constant) and node.kind == "string":
                self._text(node)

    def _call(self, call: Call, within: set[int]) -> None:
        path = _path(call.target, within)
        if not path:
            return
        self._add("call", call.start, path, len(call.arguments))
        name = path[-1].lower()
        if name in _HANDLER_METHODS:
            at = 1 if name in _SECOND else 0
            self._handler(call.arguments[at : at + 1], [])

    def _names(self, member: Member, within: set[int]) -> None:
        path = _path(member, within)
        if path and self._root(path[0]) in ("outer", "alias"):
            self._add("names", member.start, path, 0)

    def _new(self, new: New) -> None:
        if new.type_name:
            self._found.append(Reference("new", new.start, self._method, new.type_name, "", len(new.arguments)))
        if new.type_name.lower() in _HANDLER_TYPES:
            self._handler(new.arguments[:1], new.arguments[1:2])

    def _handler(self, name: list[Expression], receiver: list[Expression]) -> None:
        if not name or not isinstance(name[0], Constant) or name[0].kind != "string":
            return
        method = _content(name[0].text)
        if not _WORD.fullmatch(method):
            return
        whose = ".".join(_path(receiver[0], set())) if receiver else ""
        root = self._root(whose) if whose else ""
        if root == "alias":
            whose = self._aliases[whose.lower()]
        path = f"{whose}:{method}" if whose else method
        self._found.append(Reference("handler", name[0].start, self._method, path, root))

    def _text(self, constant: Constant) -> None:
        if len(constant.text) > _TEXTS_MAX:
            return
        content = _content(constant.text)
        if _DOTTED.fullmatch(content):
            self._found.append(Reference("text", constant.start, self._method, content))

    def _add(self, kind: ReferenceKind, offset: int, path: list[str], arguments: int) -> None:
        root = self._root(path[0]) if len(path) > 1 else ""
        if root == "alias":
            path = [self._aliases[path[0].lower()], *path[1:]]
        self._found.append(Reference(kind, offset, self._method, ".".join(path), root, arguments))

    def _root(self, name: str) -> Root:
        folded = name.lower()
        if folded in self._parameters:
            return "parameter"
        if folded in self._aliases:
            return "alias"
        if folded in self._locals:
            return "local"
        return "variable" if folded in self._declared else "outer"


def _set_names(node: Node) -> Iterator[str]:
    if isinstance(node, Assignment):
        if isinstance(node.target, Name):
            yield node.target.name.lower()
    elif isinstance(node, ForTo | ForEach):
        if isinstance(node.variable, Name):
            yield node.variable.name.lower()
    elif isinstance(node, VariableDeclaration):
        for variable in node.variables:
            yield variable.name.lower()


def _alias(node: Node) -> dict[str, str]:
    if not isinstance(node, Assignment) or not isinstance(node.target, Name) or not isinstance(node.value, Call):
        return {}
    called, arguments = node.value.target, node.value.arguments
    if not isinstance(called, Name | Member) or called.name.lower() not in _MODULE_GETTERS or len(arguments) != 1:
        return {}
    name = arguments[0]
    if not isinstance(name, Constant) or name.kind != "string" or not _WORD.fullmatch(_content(name.text)):
        return {}
    return {node.target.name.lower(): _content(name.text)}


def _path(target: Expression, within: set[int]) -> list[str]:
    """Names of a chain `A.B.C`; empty when its beginning is no name (a call, an index). Its parts go into `within`."""
    names: list[str] = []
    node = target
    while isinstance(node, Member):
        within.add(id(node))
        names.append(node.name)
        node = node.target
    if not isinstance(node, Name):
        return []
    names.append(node.name)
    names.reverse()
    return names


def _content(text: str) -> str:
    """The content of a string literal of one line."""
    return text[1:-1].replace('""', '"') if len(text) >= 2 and text[-1] == '"' else text[1:]
