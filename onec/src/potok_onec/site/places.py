"""Where every object, module and method has its page; addresses are relative, so that the site opens from a folder."""

import re
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

from msgspec import Struct

from potok_onec.configuration import Project
from potok_onec.dependencies.names import kind_of
from potok_onec.site.card import Card, ModuleCard

_UNSAFE: Final = re.compile(r"[^\w.-]+")
# File systems take 255 bytes; a Cyrillic letter is two.
_NAME_BYTES_MAX: Final = 180


class ObjectPlace(Struct):
    """`path` is that of the page within the site; `subsystems` are full names of those that name the object."""

    project: str
    full_name: str
    kind: str
    name: str
    synonym: dict[str, str]
    path: str
    modules: int
    methods: int
    lines: int


class ModulePlace(Struct):
    """`anchors` maps a folded method name to its anchor on the page."""

    project: str
    object: str
    owner: str
    kind: str
    file: str
    path: str
    name: str
    anchors: dict[str, str]


class Places:
    """Filled in one pass, asked in the next."""

    def __init__(self, projects: Iterable[Project]) -> None:
        self._taken: set[str] = {"assets", "index.html"}
        self.folders = {project.name: self._free("", project.name, "") for project in projects}
        self._objects: dict[tuple[str, str], ObjectPlace] = {}
        self.modules: dict[str, ModulePlace] = {}
        self.all: list[ObjectPlace] = []
        self._common: dict[tuple[str, str], ModulePlace] = {}
        self._sees: dict[str, list[str]] = {}
        for project in projects:
            base = [name for name in self.folders if project.base_project and project.base_project == name]
            self._sees[project.name] = [project.name, *base, *(n for n in self.folders if n not in base)]

    def add(self, card: Card) -> ObjectPlace:
        path = self._free(self.folders[card.project] + "/", card.full_name, ".html")
        methods = sum(len(module.methods) for module in card.modules)
        place = ObjectPlace(
            card.project, card.full_name, card.kind, card.name, card.synonym, path, len(card.modules), methods,
            card.lines,
        )  # fmt: skip
        self.all.append(place)
        self._objects.setdefault((card.project, card.full_name.lower()), place)
        for module in card.modules:
            self._add_module(card, module)
        return place

    def _add_module(self, card: Card, module: ModuleCard) -> None:
        own = f"{card.full_name}.{module.owner}.{module.kind}" if module.owner else f"{card.full_name}.{module.kind}"
        path = self._free(self.folders[card.project] + "/", own, ".html")
        anchors: dict[str, str] = {}
        for name in module.methods:
            anchors.setdefault(name.lower(), name)
        short = card.name if card.kind == "CommonModule" else f"{card.name}.{module.owner.rpartition('.')[2]}"
        place = ModulePlace(
            card.project, card.full_name, module.owner, module.kind, module.file, path, short.rstrip("."), anchors
        )
        self.modules.setdefault(module.file, place)
        if card.kind == "CommonModule":
            self._common[card.project, card.full_name] = place

    def object(self, project: str, path: str) -> ObjectPlace | None:
        """Of `Catalog.Goods.Form.List` the page of the longest beginning that has one, in the nearest project."""
        parts = path.lower().split(".")
        for name in self._sees.get(project, list(self.folders)):
            for length in range(len(parts), 1, -1):
                found = self._objects.get((name, ".".join(parts[:length])))
                if found is not None:
                    return found
        return None

    def common_module(self, owner: ObjectPlace) -> ModulePlace | None:
        """The module that a common module is."""
        return self.common_module_of(owner.project, owner.full_name)

    def common_module_of(self, project: str, full_name: str) -> ModulePlace | None:
        return self._common.get((project, full_name))

    def of_type(self, project: str, name: str) -> ObjectPlace | None:
        """`CatalogRef.Goods`: the page of the catalog."""
        head, _, rest = name.partition(".")
        kind = kind_of(head) if rest else ""
        return self.object(project, f"{kind}.{rest.split('.')[0]}") if kind else None

    def _free(self, folder: str, name: str, ending: str) -> str:
        """A file name for any name: no two alike, even where upper and lower case are the same to the file system."""
        safe = _UNSAFE.sub("_", name).strip(".") or "_"
        if safe != name or len(safe.encode()) > _NAME_BYTES_MAX:
            shortened = safe.encode()[:_NAME_BYTES_MAX].decode("utf-8", "ignore")
            safe = f"{shortened}-{blake2b(name.encode('utf-8', 'surrogatepass'), digest_size=4).hexdigest()}"
        path, number = f"{folder}{safe}{ending}", 1
        while path.lower() in self._taken:
            number += 1
            path = f"{folder}{safe}-{number}{ending}"
        self._taken.add(path.lower())
        return path


def address(page: str, target: str, anchor: str = "") -> str:
    """The address of one page of the site from another; pages stand at the top or one folder below."""
    folder, _, _ = page.rpartition("/")
    own, _, name = target.rpartition("/")
    way = name if folder == own else f"../{target}" if folder else target
    return f"{way}#{anchor}" if anchor else way
