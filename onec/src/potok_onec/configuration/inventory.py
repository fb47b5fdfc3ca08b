"""Gives every file below a folder its project, its object and its role: the plan that reading follows."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from potok_onec.configuration import kinds, layout, roles
from potok_onec.configuration.layout import Root
from potok_onec.configuration.model import Project, ReadFile
from potok_onec.configuration.problem import Problem
from potok_onec.configuration.walk import Entry, walk

Chain = tuple[tuple[str, str], ...]

# Objects of their own, wherever they are nested; other folders hold parts of the object they are in.
_NESTED: Final = {
    folder: kinds.NESTED_FOLDERS[folder] for folder in ("Subsystems", "Tables", "Cubes", "DimensionTables")
}
_PARTS: Final = {
    "Forms": "Form",
    "Templates": "Template",
    "Commands": "Command",
    "Recalculations": "Recalculation",
    "Functions": "Function",
}
_PLAIN_PARTS: Final = frozenset(_PARTS.values())


class Slot(Struct, frozen=True, gc=False):
    """A file of an object: `owner` is the form, template or command it belongs to, as (kind, name)."""

    path: str
    role: str
    bytes: int = 0
    owner: tuple[str, str] | None = None
    module_kind: str = ""


class Unit(Struct, gc=False):
    """An object with its files: the unit of reading. `chain` is its place: (("Subsystem", "A"), ("Subsystem", "B"))."""

    project: int
    chain: Chain
    slots: list[Slot] = field(default_factory=list)


class Inventory(Struct):
    """All that is below the opened folder; `aside` are files that belong to no object."""

    root: str
    projects: list[Project] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    aside: list[tuple[int, ReadFile]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def files(self) -> int:
        return len(self.aside) + sum(len(unit.slots) for unit in self.units)


OUTSIDE: Final = -1


def take(path: Path) -> Inventory:
    """Walk, find projects, place every file. A path inside a project (its src, a file) opens that project's folder."""
    root = _widened(path)
    entries = list(walk(root))
    roots = layout.discover(root, entries)
    inventory = Inventory(root=str(root), projects=[item.project for item in roots])
    inventory.problems.extend(_shared_folders(roots))
    if not roots:
        inventory.problems.append(Problem("no-configuration", str(path)))
    _place_all(entries, roots, inventory)
    return inventory


def _widened(path: Path) -> Path:
    """The folder to walk when somebody names the src folder, Configuration.mdo or a file of a project."""
    folder = path if path.is_dir() else path.parent
    if folder.name == "Configuration" and (folder / "Configuration.mdo").is_file():
        folder = folder.parent
    if folder.name == "src" and (folder / "Configuration" / "Configuration.mdo").is_file():
        return folder.parent
    return folder


def _shared_folders(roots: list[Root]) -> list[Problem]:
    found = []
    by_folder: dict[str, list[Root]] = {}
    for item in roots:
        if not item.stem:
            by_folder.setdefault(item.folder, []).append(item)
    for folder, items in by_folder.items():
        if len(items) > 1:
            names = ", ".join(f"{item.project.layout} {item.project.name}" for item in items)
            found.append(Problem("shared-folder", folder or ".", severity="warning", arguments={"names": names}))
    return found


class _Owners:
    """Looks the project of a path up: the one with the deepest folder, and the layout that fits the file."""

    def __init__(self, roots: list[Root]) -> None:
        self._by_folder: dict[str, list[tuple[int, Root]]] = {}
        for index, root in enumerate(roots):
            self._by_folder.setdefault(root.folder, []).append((index, root))
            if root.sources != root.folder:
                self._by_folder.setdefault(root.sources, []).append((index, root))
        self._cache: dict[str, list[tuple[int, Root]]] = {}

    def of(self, path: str) -> list[tuple[int, Root]]:
        folder = layout.parent(path)
        known = self._cache.get(folder)
        if known is None:
            known = self._cache[folder] = self._search(folder)
        return known

    def _search(self, folder: str) -> list[tuple[int, Root]]:
        while True:
            if folder in self._by_folder:
                return self._by_folder[folder]
            if not folder:
                return []
            folder = layout.parent(folder)


def _place_all(entries: Iterable[Entry], roots: list[Root], inventory: Inventory) -> None:
    owners = _Owners(roots)
    units: dict[tuple[int, Chain], Unit] = {}
    for entry in entries:
        candidates = owners.of(entry.path)
        if entry.refused:
            _refuse(entry, candidates[0][0] if candidates else OUTSIDE, inventory)
            continue
        place = _first_place(entry.path, candidates)
        if place is None:
            index = candidates[0][0] if candidates else OUTSIDE
            role = "project" if candidates else "outside"
            inventory.aside.append((index, ReadFile(entry.path, role, entry.bytes)))
            continue
        index, chain, slot = place
        unit = units.get((index, chain))
        if unit is None:
            unit = units[index, chain] = Unit(index, chain)
        unit.slots.append(Slot(entry.path, slot.role, entry.bytes, owner=slot.owner, module_kind=slot.module_kind))
    inventory.units = sorted(units.values(), key=_unit_order)


def _unit_order(unit: Unit) -> tuple[int, int, Chain]:
    return (
        unit.project,
        kinds.ORDER.get(unit.chain[0][0], -1 if unit.chain[0][0] == "Configuration" else 99),
        unit.chain,
    )


def _refuse(entry: Entry, index: int, inventory: Inventory) -> None:
    inventory.aside.append((index, ReadFile(entry.path, "refused", entry.bytes, refused=entry.refused)))
    if entry.refused != "excluded":
        arguments = {"reason": entry.reason} if entry.reason else {}
        severity = "warning" if entry.refused == "symlink" else "error"
        inventory.problems.append(Problem(entry.refused, entry.path, severity=severity, arguments=arguments))


def _first_place(path: str, candidates: list[tuple[int, Root]]) -> tuple[int, Chain, Slot] | None:
    for index, root in candidates:
        place = _place(path, root)
        if place is not None:
            return index, *place
    return None


def _place(path: str, root: Root) -> tuple[Chain, Slot] | None:
    prefix = f"{root.sources}/" if root.sources else ""
    if not path.startswith(prefix):
        return None
    parts = path[len(prefix) :].split("/")
    if root.project.layout == "edt":
        return _place_edt(path, parts)
    if root.stem:
        return _place_external(path, parts, root)
    if root.project.layout == "designer-plain":
        return _place_plain(path, parts)
    return _place_designer(path, parts)


def _place_edt(path: str, parts: list[str]) -> tuple[Chain, Slot] | None:
    if len(parts) < 2:
        return None
    if parts[0] == "Configuration":
        return (("Configuration", ""),), _slot(path, parts[1:], "Configuration", None, "Configuration.mdo")
    if len(parts) < 3:
        return None
    chain: list[tuple[str, str]] = [(kinds.BY_FOLDER.get(parts[0], parts[0]), parts[1])]
    rest = parts[2:]
    while len(rest) > 2 and rest[0] in _NESTED:
        chain.append((_NESTED[rest[0]], rest[1]))
        rest = rest[2:]
    owner = None
    if len(rest) > 2 and rest[0] in _PARTS:
        owner = (_PARTS[rest[0]], rest[1])
        rest = rest[2:]
    return tuple(chain), _slot(path, rest, chain[-1][0], owner, f"{chain[-1][1]}.mdo")


def _slot(path: str, rest: list[str], kind: str, owner: tuple[str, str] | None, metadata: str) -> Slot:
    if owner is None and rest == [metadata]:
        return Slot(path, "metadata")
    role, module_kind = roles.role_of(rest, owner[0] if owner else kind)
    return Slot(path, role or "unclassified", owner=owner, module_kind=module_kind)


def _place_designer(path: str, parts: list[str]) -> tuple[Chain, Slot] | None:
    if parts == ["Configuration.xml"]:
        return (("Configuration", ""),), Slot(path, "metadata")
    if parts == ["ConfigDumpInfo.xml"]:
        return (("Configuration", ""),), Slot(path, "dump-info")
    if parts[0] == "Ext" and len(parts) > 1:
        return (("Configuration", ""),), _slot(path, parts[1:], "Configuration", None, "")
    if len(parts) < 2 or not (parts[0] in kinds.BY_FOLDER or _looks_like_folder(parts)):
        return None
    return _below_designer(path, kinds.BY_FOLDER.get(parts[0], parts[0]), parts[1:])


def _looks_like_folder(parts: list[str]) -> bool:
    """A kind of a newer platform: `Gadgets/X.xml` and `Gadgets/X/Ext/…` have the shape of a dump."""
    return (len(parts) == 2 and parts[1].endswith(".xml")) or (len(parts) > 3 and "Ext" in parts[2:])


def _place_external(path: str, parts: list[str], root: Root) -> tuple[Chain, Slot] | None:
    if parts[0] not in (f"{root.stem}.xml", root.stem):
        return None
    return _below_designer(path, "External", parts)


def _below_designer(path: str, kind: str, rest: list[str]) -> tuple[Chain, Slot]:
    """`rest` begins with `Name.xml` or `Name`; nested objects repeat the pattern."""
    chain: list[tuple[str, str]] = []
    while True:
        if len(rest) == 1:
            chain.append((kind, rest[0].removesuffix(".xml")))
            role = "metadata" if rest[0].endswith(".xml") else "unclassified"
            return tuple(chain), Slot(path, role)
        chain.append((kind, rest[0]))
        rest = rest[1:]
        if rest[0] not in _NESTED or len(rest) < 2:
            break
        kind = _NESTED[rest[0]]
        rest = rest[1:]
    owner = None
    if rest[0] in _PARTS and len(rest) > 1:
        owner = (_PARTS[rest[0]], rest[1].removesuffix(".xml") if len(rest) == 2 else rest[1])
        if len(rest) == 2:
            role = "metadata" if rest[1].endswith(".xml") else "unclassified"
            return tuple(chain), Slot(path, role, owner=owner)
        rest = rest[2:]
    if rest[0] == "Ext" and len(rest) > 1:
        return tuple(chain), _slot(path, rest[1:], chain[-1][0], owner, "")
    return tuple(chain), Slot(path, "unclassified", owner=owner)


def _place_plain(path: str, parts: list[str]) -> tuple[Chain, Slot] | None:
    """`Catalog.X.Form.F.Form.Module.bsl`: pairs of kind and name, then the file's own name."""
    if parts == ["Configuration.xml"]:
        return (("Configuration", ""),), Slot(path, "metadata")
    words = parts[0].split(".")
    if words[0] == "Configuration" and len(words) > 2:
        return (("Configuration", ""),), _slot(
            path, [*_file_name(words[1:], len(parts)), *parts[1:]], "Configuration", None, ""
        )
    if len(words) < 3 or words[0] not in kinds.KINDS:
        return None
    chain = [(words[0], words[1])]
    rest = words[2:]
    while len(rest) > 2 and rest[0] in _NESTED.values():
        chain.append((rest[0], rest[1]))
        rest = rest[2:]
    owner = None
    # `CommonForm.X.Form.Module.bsl` is the module of the form itself, not of a form called Module.
    if len(rest) > 2 and rest[0] in _PLAIN_PARTS and words[0] != "CommonForm":
        owner = (rest[0], rest[1])
        rest = rest[2:]
    if rest == ["xml"] and len(parts) == 1:
        return tuple(chain), Slot(path, "metadata", owner=owner)
    return tuple(chain), _slot(path, [*_file_name(rest, len(parts)), *parts[1:]], chain[-1][0], owner, "")


def _file_name(words: list[str], depth: int) -> list[str]:
    """The last two words are `Name.suffix`, unless they name a folder."""
    if depth > 1 or len(words) < 2:
        return words
    return [*words[:-2], f"{words[-2]}.{words[-1]}"]
