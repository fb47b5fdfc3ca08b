"""Finds the projects below a folder by what their files are called and how they begin; reads no object."""

import os
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Final

from msgspec import Struct

from potok_onec.configuration import kinds
from potok_onec.configuration.model import Project
from potok_onec.configuration.walk import Entry

# The purpose of an extension stands behind thirty lines of identifiers.
_HEAD_BYTES: Final = 16384
_MANIFEST_LINE: Final = re.compile(r"^([A-Za-z-]+):\s*(.*?)\s*$", re.MULTILINE)
_PROJECT_NAME: Final = re.compile(r"<name>([^<]*)</name>")
# The first element inside MetaDataObject and the version of the dump's format.
_DESIGNER_HEAD: Final = re.compile(rb"<(?:\w+:)?MetaDataObject\b[^>]*?(?:\sversion=\"([\d.]+)\")?[^>]*>\s*<(\w+)")
_VERSION: Final = re.compile(rb"<(?:\w+:)?MetaDataObject\b[^>]*\sversion=\"([\d.]+)\"")
_EXTERNAL: Final = frozenset({"ExternalReport", "ExternalDataProcessor"})
_PLAIN_NAME: Final = re.compile(r"^([A-Za-z]+)\.[^.]+\.xml$")


class Root(Struct, frozen=True):
    """A project with the folder whose files are its own: `sources` is where the folders of kinds stand.

    `stem` narrows an external report or processor to `Name.xml` and `Name/` of its folder.
    """

    project: Project
    folder: str
    sources: str
    stem: str = ""


def discover(root: Path, entries: Iterable[Entry]) -> list[Root]:
    """Projects in the order of their folders. Reads the heads of a few files: manifests and roots of dumps."""
    files = {entry.path for entry in entries if not entry.refused}
    found = [*_edt_roots(root, files), *_designer_roots(root, files)]
    taken = {item.folder for item in found if not item.stem}
    found.extend(_external_roots(root, files, taken))
    return sorted(found, key=lambda item: (item.folder, item.stem))


def parent(path: str) -> str:
    return path.rpartition("/")[0]


def _edt_roots(root: Path, files: set[str]) -> list[Root]:
    folders: dict[str, str] = {}
    for path in sorted(files):
        head, _, name = path.rpartition("/")
        if name == "Configuration.mdo" and PurePosixPath(head).name == "Configuration":
            sources = parent(head)
            folders[parent(sources) if PurePosixPath(sources).name == "src" else sources] = sources
        elif name.endswith(".PMF") and PurePosixPath(head).name == "DT-INF":
            folder = parent(head)
            folders.setdefault(folder, f"{folder}/src" if folder else "src")
    return [_edt_root(root, folder, sources, files) for folder, sources in folders.items()]


def _edt_root(root: Path, folder: str, sources: str, files: set[str]) -> Root:
    prefix = f"{folder}/" if folder else ""
    manifest: dict[str, str] = {}
    for name in ("PROJECT.PMF", "DEPENDENT.PMF"):
        if f"{prefix}DT-INF/{name}" in files:
            manifest.update(_MANIFEST_LINE.findall(_text(root / f"{prefix}DT-INF/{name}")))
    description = _text(root / f"{prefix}.project") if f"{prefix}.project" in files else ""
    named = _PROJECT_NAME.search(description)
    configuration = f"{sources}/Configuration/Configuration.mdo" if sources else "Configuration/Configuration.mdo"
    kind = "configuration"
    if "Parent-Project" in manifest or "dependentProjectNature" in description:
        kind = "translation"
    elif "V8ExternalObjectsNature" in description or _has_external(sources, files):
        kind = "external"
    elif _is_extension(manifest, description) or (
        configuration in files and b"<objectBelonging>Adopted" in _head(root / configuration)
    ):
        kind = "extension"
    project = Project(
        name=named.group(1) if named else PurePosixPath(folder).name or _folder_name(root),
        kind=kind,
        layout="edt",
        root=folder or ".",
        runtime_version=manifest.get("Runtime-Version", ""),
        base_project=manifest.get("Base-Project", manifest.get("Parent-Project", "")),
    )
    return Root(project, folder, sources)


def _is_extension(manifest: dict[str, str], description: str) -> bool:
    return "Base-Project" in manifest or "V8ExtensionNature" in description


def _has_external(sources: str, files: set[str]) -> bool:
    starts = tuple(f"{sources}/{kinds.KINDS[name].folder}/" for name in sorted(_EXTERNAL))
    return any(path.startswith(starts) for path in files)


def _designer_roots(root: Path, files: set[str]) -> list[Root]:
    found = []
    for path in sorted(files):
        folder, _, name = path.rpartition("/")
        if name != "Configuration.xml":
            continue
        head = _head(root / path)
        kind, version = _designer_head(head)
        if kind != "Configuration":
            continue
        prefix = f"{folder}/" if folder else ""
        is_extension = b"<ConfigurationExtensionPurpose>" in head or b"<ObjectBelonging>Adopted" in head
        project = Project(
            name=PurePosixPath(folder).name or _folder_name(root),
            kind="extension" if is_extension else "configuration",
            layout="designer-plain" if _is_plain(prefix, files) else "designer",
            root=folder or ".",
            format_version=version,
        )
        found.append(Root(project, folder, folder))
    return found


def _is_plain(prefix: str, files: set[str]) -> bool:
    """A plain dump has `Catalog.X.xml` beside Configuration.xml, a hierarchical one has folders."""
    for path in files:
        if path.startswith(prefix):
            match = _PLAIN_NAME.match(path[len(prefix) :])
            if match and match.group(1) in kinds.KINDS:
                return True
    return False


def _external_roots(root: Path, files: set[str], taken: set[str]) -> list[Root]:
    found = []
    for path in sorted(files):
        if not path.endswith(".xml") or _is_inside(path, taken):
            continue
        folder, _, name = path.rpartition("/")
        stem = name.removesuffix(".xml")
        if "." in stem and stem.partition(".")[0] not in _EXTERNAL:
            continue
        kind, version = _designer_head(_head(root / path))
        if kind not in _EXTERNAL:
            continue
        project = Project(name=stem, kind="external", layout="designer", root=folder or ".", format_version=version)
        found.append(Root(project, folder, folder, stem=stem))
    return found


def _is_inside(path: str, taken: set[str]) -> bool:
    folder = parent(path)
    while True:
        if folder in taken:
            return True
        if not folder:
            return False
        folder = parent(folder)


def _designer_head(head: bytes) -> tuple[str, str]:
    match = _DESIGNER_HEAD.search(head)
    if match is None:
        return "", ""
    version = _VERSION.search(head)
    return match.group(2).decode("ascii", "replace"), version.group(1).decode("ascii") if version else ""


def _folder_name(root: Path) -> str:
    return root.resolve().name or "configuration"


def _head(path: Path) -> bytes:
    try:
        with open(os.fspath(path), "rb") as file:  # noqa: PTH123  # Path.open costs a third more on ten thousand files
            return file.read(_HEAD_BYTES)
    except OSError:
        return b""


def _text(path: Path) -> str:
    return _head(path).decode("utf-8-sig", "replace")
