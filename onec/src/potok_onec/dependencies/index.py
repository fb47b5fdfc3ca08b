"""Everything that may be referred to, by the names that code uses: objects, modules, methods, global methods."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from msgspec import Struct

from potok_onec.configuration import MetadataObject, Module, Project


class CodeModule(Struct):
    """A module as a target: `methods` maps a folded name to (name as declared, whether it is exported)."""

    project: str
    object: str
    owner: str
    kind: str
    file: str
    methods: dict[str, tuple[str, bool]] = {}


class Entry(Struct, frozen=True):
    """What one object adds to the index. `own_names` are those of each module that hide modules of the same name."""

    project: str
    full_name: str
    forms: list[str]
    modules: list[CodeModule]
    own_names: list[frozenset[str]]
    is_common: bool = False
    is_global: bool = False


def entry_of(item: MetadataObject) -> Entry:
    modules = [_code_module(item, parsed) for parsed in item.modules]
    return Entry(
        item.project,
        item.full_name,
        [f"{item.full_name}.Form.{form.member.name}" for form in item.forms],
        modules,
        [_own_names(item, module) for module in modules],
        item.kind == "CommonModule",
        bool(item.properties.get("Global")),
    )


@dataclass(slots=True)
class Shelf:
    """What one project holds. Names are folded: BSL does not know upper and lower case."""

    objects: dict[str, str] = field(default_factory=dict)
    common_modules: dict[str, CodeModule] = field(default_factory=dict)
    global_methods: dict[str, CodeModule] = field(default_factory=dict)
    manager_modules: dict[str, CodeModule] = field(default_factory=dict)
    modules: dict[str, CodeModule] = field(default_factory=dict)
    places: dict[tuple[str, str, str], CodeModule] = field(default_factory=dict)
    names: dict[str, frozenset[str]] = field(default_factory=dict)


class Index:
    """Of all projects of a source. A project sees itself and the configuration it extends, never its neighbours."""

    def __init__(self, projects: Iterable[Project]) -> None:
        self._shelves: dict[str, Shelf] = {}
        self._sees: dict[str, tuple[str, ...]] = {}
        known = list(projects)
        for project in known:
            self._shelves[project.name] = Shelf()
            self._sees[project.name] = tuple(_seen_by(project, known))

    @property
    def modules_count(self) -> int:
        return sum(len(shelf.modules) for shelf in self._shelves.values())

    def add(self, item: MetadataObject) -> None:
        self.take(entry_of(item))

    def take(self, entry: Entry) -> None:
        shelf = self._shelves[entry.project]
        for path in (entry.full_name, *entry.forms):
            shelf.objects[path.lower()] = path
        for module, names in zip(entry.modules, entry.own_names, strict=True):
            shelf.modules[module.file] = module
            shelf.places[(module.object, module.owner, module.kind)] = module
            shelf.names[module.file] = names
            if module.kind == "ManagerModule":
                shelf.manager_modules[entry.full_name.lower()] = module
            if entry.is_common:
                shelf.common_modules[entry.full_name.rpartition(".")[2].lower()] = module
                if entry.is_global:
                    exported = (name for name, (_, is_exported) in module.methods.items() if is_exported)
                    shelf.global_methods.update(dict.fromkeys(exported, module))

    def projects(self) -> list[str]:
        return list(self._shelves)

    def sees(self, project: str) -> tuple[str, ...]:
        """The project itself first, then what it extends."""
        return self._sees[project]

    def object(self, project: str, path: str) -> tuple[str, str] | None:
        """(project, full name) of `Catalog.Goods` or the longest known beginning of a longer path."""
        parts = path.lower().split(".")
        for name in self._sees[project]:
            objects = self._shelves[name].objects
            for length in range(len(parts), 1, -1):
                found = objects.get(".".join(parts[:length]))
                if found is not None:
                    return name, found
        return None

    def common_modules(self, project: str, name: str) -> list[CodeModule]:
        """In an extension both its own addition and the module that it extends."""
        return [found for shelf in self._seen(project) if (found := shelf.common_modules.get(name.lower())) is not None]

    def manager_modules(self, project: str, full_name: str) -> list[CodeModule]:
        folded = full_name.lower()
        return [found for shelf in self._seen(project) if (found := shelf.manager_modules.get(folded)) is not None]

    def global_methods(self, project: str, name: str) -> list[CodeModule]:
        """The global common modules whose exported method it is: called without the name of the module."""
        return [found for shelf in self._seen(project) if (found := shelf.global_methods.get(name.lower())) is not None]

    def module(self, project: str, file: str) -> CodeModule | None:
        return self._shelves[project].modules.get(file)

    def place(self, project: str, item: str, owner: str, *kinds: str) -> list[CodeModule]:
        """Modules of a place in the object: of the project, then of what it extends."""
        keys = [(item, owner, kind) for kind in kinds]
        return [shelf.places[key] for shelf in self._seen(project) for key in keys if key in shelf.places]

    def is_own_name(self, project: str, file: str, name: str) -> bool:
        """An attribute of the form or object whose module this is: it hides a common module of the same name."""
        return name.lower() in self._shelves[project].names.get(file, frozenset())

    def _seen(self, project: str) -> list[Shelf]:
        return [self._shelves[name] for name in self._sees[project]]


def _code_module(item: MetadataObject, module: Module) -> CodeModule:
    found = CodeModule(item.project, item.full_name, module.owner, module.kind, module.file)
    for method in module.methods:
        name = method.name.lower()
        # a method that is doubled under #Если is exported when any of its twins is
        exported = method.is_exported or found.methods.get(name, ("", False))[1]
        found.methods[name] = (method.name, exported)
    return found


# Parts of an object that are its properties in code; commands, operations and columns of a journal are not.
_PROPERTIES: Final = frozenset({
    "Attribute", "StandardAttribute", "TabularSection", "StandardTabularSection", "AddressingAttribute",
    "AccountingFlag",
})  # fmt: skip


def _own_names(item: MetadataObject, module: CodeModule) -> frozenset[str]:
    """Names that are properties of the module's own object: of a form its attributes, of an object its own."""
    if module.kind == "ObjectModule":
        return frozenset(member.name.lower() for member in item.members if member.kind in _PROPERTIES)
    contents = [form.content for form in item.forms if module.owner == f"Form.{form.member.name}"]
    if item.content is not None and not module.owner:
        contents.append(item.content)
    return frozenset(attribute.name.lower() for content in contents if content for attribute in content.attributes)


def _seen_by(project: Project, known: list[Project]) -> list[str]:
    seen = [project.name]
    base = project.base_project
    while base and base not in seen:
        match = next((each for each in known if base in (each.name, each.root.rpartition("/")[2])), None)
        if match is None:
            break
        seen.append(match.name)
        base = match.base_project
    return seen
