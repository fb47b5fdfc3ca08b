"""Facts and an index to edges: who is meant by each reference, or why nobody is. Pure."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from potok_onec.dependencies.edge import Edge, Loose
from potok_onec.dependencies.facts import Fact
from potok_onec.dependencies.index import CodeModule, Index
from potok_onec.dependencies.names import MANAGERS, METADATA, PLURALS, THIS_OBJECT, kind_of

Resolution = Edge | Loose
_FORM_MODULES = ("FormModule", "Module")
# `Документ.%1`, `Справочник.[Имя]`: the text of the query is a pattern, its table is known at run time only.
_PLAIN: Final = re.compile(r"[\w.]+")


def resolve(index: Index, project: str, fact: Fact) -> Iterator[Resolution]:
    """Edges of one fact; nothing for what is the platform's or a variable's; Loose for what ought to lead somewhere."""
    yield from _RULES[fact.kind](index, project, fact)


# --- code -------------------------------------------------------------------------------------------------------------


def _call(index: Index, project: str, fact: Fact) -> Iterator[Resolution]:
    path = fact.path.split(".")
    if len(path) == 1:
        yield from _bare_call(index, project, fact, path[0])
    elif path[0].lower() in THIS_OBJECT and len(path) == 2:
        yield from _bare_call(index, project, fact, path[1])
    elif len(path) == 2:
        yield from _module_call(index, project, fact, *path)
    if len(path) > 2 and fact.root == "outer":
        yield from _manager_call(index, project, fact, path)


def _bare_call(index: Index, project: str, fact: Fact, name: str) -> Iterator[Resolution]:
    """A method of the own module, of the module that an extension adds to, or of a global common module."""
    own = index.module(project, fact.file)
    candidates = [own] if own else []
    if own is not None and len(index.sees(project)) > 1:
        candidates += index.place(project, own.object, own.owner, own.kind)
    for module in candidates:
        if name.lower() in module.methods:
            yield _edge("call", project, fact, module, name)
            return
    for module in index.global_methods(project, name)[:1]:
        yield _edge("call", project, fact, module, name)


def _module_call(index: Index, project: str, fact: Fact, receiver: str, name: str) -> Iterator[Resolution]:
    modules = index.common_modules(project, receiver)
    if not modules:
        return
    if not _is_module(index, project, fact, receiver):
        yield _loose("call", project, fact, "local_variable")
        return
    yield from _method(project, fact, modules, name, "call")


def _is_module(index: Index, project: str, fact: Fact, name: str) -> bool:
    """A name of a common module means it unless something nearer has that name; behind an alias nothing is nearer."""
    return fact.root == "alias" or (fact.root == "outer" and not index.is_own_name(project, fact.file, name))


def _method(
    project: str, fact: Fact, modules: list[CodeModule], name: str, kind: str, needs_export: bool = True
) -> Iterator[Resolution]:
    """The method in the first module that has it."""
    found = next((module for module in modules if name.lower() in module.methods), None)
    if found is None:
        yield _loose(kind, project, fact, "no_method")
    elif needs_export and not found.methods[name.lower()][1]:
        yield _loose(kind, project, fact, "not_exported")
    else:
        yield _edge(kind, project, fact, found, name)


def _manager_call(index: Index, project: str, fact: Fact, path: list[str]) -> Iterator[Resolution]:
    """`Справочники.Товары.НайтиАналог()`: a method of the manager module, or the platform's on a known object."""
    target = _managed(index, project, path)
    if target is None:
        return
    owner, full_name = target
    modules = index.manager_modules(project, full_name)
    name = path[2].lower()
    found = next((module for module in modules if module.methods.get(name, ("", False))[1]), None)
    if found is not None and len(path) == 3:
        yield _edge("call", project, fact, found, path[2])
    else:
        yield _to_object("metadata", project, fact, owner, full_name)


def _names(index: Index, project: str, fact: Fact) -> Iterator[Resolution]:
    if fact.root != "outer":
        return
    target = _managed(index, project, fact.path.split("."))
    if target is not None:
        yield _to_object("metadata", project, fact, *target)


def _managed(index: Index, project: str, path: list[str]) -> tuple[str, str] | None:
    """The object that a chain from a manager or from `Метаданные` names."""
    kinds = MANAGERS
    if path[0].lower() in METADATA:
        kinds, path = PLURALS, path[1:]
    if len(path) < 2:
        return None
    kind = kinds.get(path[0].lower())
    return index.object(project, f"{kind}.{path[1]}") if kind else None


def _text(index: Index, project: str, fact: Fact) -> Iterator[Resolution]:
    """A string such as `Справочник.Товары.Форма.ФормаСписка`, `Справочники.Товары.Метод`, `ОбщегоНазначения.Метод`."""
    path = fact.path.split(".")
    if path[0].lower() in MANAGERS or path[0].lower() in METADATA:
        yield from _manager_text(index, project, fact, path)
        return
    kind = kind_of(path[0])
    if kind:
        target = index.object(project, _in_english(kind, path[1:]))
        if target is not None:
            yield _to_object("metadata", project, fact, *target, via="text")
        return
    if len(path) == 2:
        for module in index.common_modules(project, path[0])[:1]:
            if module.methods.get(path[1].lower(), ("", False))[1]:
                yield _edge("call", project, fact, module, path[1], via="text")


def _manager_text(index: Index, project: str, fact: Fact, path: list[str]) -> Iterator[Resolution]:
    target = _managed(index, project, path)
    if target is None:
        return
    for module in index.manager_modules(project, target[1]) if len(path) == 3 else ():
        if module.methods.get(path[2].lower(), ("", False))[1]:
            yield _edge("call", project, fact, module, path[2], via="text")
            return
    yield _to_object("metadata", project, fact, *target, via="text")


_FORM_WORDS = frozenset({"форма", "form"})


def _in_english(kind: str, rest: list[str]) -> str:
    if len(rest) > 2 and rest[1].lower() in _FORM_WORDS:
        rest = [rest[0], "Form", *rest[2:]]
    return ".".join([kind, *rest])


def _handler(index: Index, project: str, fact: Fact) -> Iterator[Resolution]:
    """A method to be called later, by its name: in the own module unless a receiver stands before the colon."""
    receiver, _, name = fact.path.rpartition(":")
    if not receiver or receiver.lower() in THIS_OBJECT:
        own = index.module(project, fact.file)
        if own is not None and name.lower() in own.methods:
            yield _edge("handler", project, fact, own, name)
        return
    modules = index.common_modules(project, receiver)
    if modules and _is_module(index, project, fact, receiver):
        yield from _method(project, fact, modules, name, "handler")


def _query(index: Index, project: str, fact: Fact) -> Iterator[Resolution]:
    path = fact.path.split(".")
    kind = kind_of(path[0])
    if not kind or len(path) < 2:
        return
    target = index.object(project, f"{kind}.{path[1]}")
    if target is None:
        yield _loose("query", project, fact, "no_object" if _PLAIN.fullmatch(fact.path) else "filled_in")
    else:
        yield _to_object("query", project, fact, *target)


def _nothing(index: Index, project: str, fact: Fact) -> Iterator[Resolution]:
    """`Новый Запрос`: platform types are nobody's dependency."""
    return iter(())


# --- metadata ---------------------------------------------------------------------------------------------------------


def _named_method(index: Index, project: str, fact: Fact) -> Iterator[Resolution]:
    """`CommonModule.Module.Method` of a subscription or a scheduled job."""
    parts = fact.path.split(".")
    if len(parts) < 2:
        yield _loose(fact.kind, project, fact, "no_handler")
        return
    modules = index.common_modules(project, parts[-2])
    if not modules:
        yield _loose(fact.kind, project, fact, "no_object")
        return
    yield from _method(project, fact, modules, parts[-1], fact.kind)


def _service(index: Index, project: str, fact: Fact) -> Iterator[Resolution]:
    modules = index.place(project, fact.object, "", "Module")
    yield from _method(project, fact, modules, fact.path, "service", needs_export=False)


def _form(index: Index, project: str, fact: Fact) -> Iterator[Resolution]:
    """An event or a command of a form to the method of its module; adopted forms keep handlers in the base."""
    modules = index.place(project, fact.object, fact.owner, *_FORM_MODULES)
    found = next((module for module in modules if fact.path.lower() in module.methods), None)
    if found is None:
        yield _loose("form", project, fact, "no_handler")
    else:
        yield _edge("form", project, fact, found, fact.path)


def _object(index: Index, project: str, fact: Fact) -> Iterator[Resolution]:
    target = index.object(project, fact.path)
    if target is not None:
        is_own = target[1] == fact.object or target[1].startswith(f"{fact.object}.")
        if not is_own or fact.kind != "metadata":
            yield _to_object(fact.kind, project, fact, *target)
    elif (
        fact.kind in ("subsystem", "right") and fact.path.count(".") == 1 and not fact.path.startswith("Configuration")
    ):
        yield _loose(fact.kind, project, fact, "no_object")


def _type(index: Index, project: str, fact: Fact) -> Iterator[Resolution]:
    kind = kind_of(fact.path.split(".")[0])
    if kind:
        target = index.object(project, f"{kind}.{fact.path.split('.')[1]}")
        if target is not None:
            yield _to_object("type", project, fact, *target)


def _extension(index: Index, project: str, fact: Fact) -> Iterator[Resolution]:
    for base in index.sees(project)[1:]:
        target = index.object(base, fact.path)
        if target is not None:
            yield _to_object("extension", project, fact, *target)
            return


_RULES: dict[str, Callable[[Index, str, Fact], Iterator[Resolution]]] = {
    "call": _call,
    "names": _names,
    "text": _text,
    "handler": _handler,
    "new": _nothing,
    "query": _query,
    "event_subscription": _named_method,
    "scheduled_job": _named_method,
    "service": _service,
    "form": _form,
    "subsystem": _object,
    "right": _object,
    "metadata": _object,
    "type": _type,
    "extension": _extension,
}


def _edge(kind: str, project: str, fact: Fact, module: CodeModule, name: str, via: str = "") -> Edge:
    return Edge(
        kind=kind,
        project=project,
        source=fact.object,
        source_file=fact.file,
        line=fact.line,
        column=fact.column,
        source_method=fact.method,
        target=module.object,
        target_file=module.file,
        target_method=module.methods[name.lower()][0],
        via=via or ("alias" if fact.root == "alias" else "name"),
        target_project=module.project,
    )


def _to_object(kind: str, project: str, fact: Fact, owner: str, full_name: str, via: str = "name") -> Edge:
    return Edge(
        kind=kind,
        project=project,
        source=fact.object,
        source_file=fact.file,
        line=fact.line,
        column=fact.column,
        source_method=fact.method,
        target=full_name,
        via=via,
        target_project=owner,
    )


def _loose(kind: str, project: str, fact: Fact, reason: str) -> Loose:
    return Loose(kind, project, fact.object, fact.file, fact.line, fact.column, fact.method, fact.path, reason)
