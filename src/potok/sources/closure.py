"""The files of the DAG folder that a DAG file needs: what it imported, what it may import later, its data.

Reads source text; imports nothing.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

_SKIPPED_FOLDERS = frozenset({"__pycache__", "node_modules"})


class Closure:
    """Collects files under `root`, following import statements wherever they stand, inside functions too."""

    def __init__(self, root: Path, file: Path) -> None:
        self.files: set[Path] = set()
        self.wanted: set[str] = set()
        self._root = root
        self._bases = tuple(dict.fromkeys((root, file.parent)))

    def add(self, path: Path) -> None:
        """The module at `path`, the packages it stands in, and whatever they import."""
        pending = [path]
        while pending:
            found = pending.pop()
            if found in self.files or not found.is_relative_to(self._root) or not found.is_file():
                continue
            self.files.add(found)
            if found.suffix == ".py":
                pending.extend(self._imported_by(found))

    def _imported_by(self, path: Path) -> Iterator[Path]:
        try:
            tree = ast.parse(path.read_bytes(), filename=str(path))
        except (SyntaxError, ValueError, OSError):
            return
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield from self._absolute(alias.name)
            elif isinstance(node, ast.ImportFrom):
                yield from self._from(path, node)

    def _from(self, path: Path, node: ast.ImportFrom) -> Iterator[Path]:
        names = [alias.name for alias in node.names if alias.name != "*"]
        if not node.level:
            module = node.module or ""
            yield from self._absolute(module)
            for name in names:
                yield from self._absolute(f"{module}.{name}")
            return
        if node.level > len(path.relative_to(self._root).parts):
            return
        folder = path.parents[node.level - 1]
        start = [folder, *(folder.joinpath(*node.module.split(".")) for _ in (0,) if node.module)]
        for at in start:
            yield from _module_files(at)
        for name in names:
            yield from _module_files(start[-1] / name)

    def _absolute(self, dotted: str) -> Iterator[Path]:
        parts = dotted.split(".")
        known = False
        for base in self._bases:
            for length in range(1, len(parts) + 1):
                found = list(_module_files(base.joinpath(*parts[:length])))
                known = known or bool(found) or base.joinpath(*parts[:length]).is_dir()
                yield from found
        if not known and parts[0] not in sys.stdlib_module_names:
            self.wanted.add(parts[0])


def data_files(root: Path, folder: Path, globs: tuple[str, ...]) -> set[Path]:
    """Files that the patterns name, relative to the DAG file's folder. Raises ValueError for one outside the root."""
    found: set[Path] = set()
    for pattern in globs:
        if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
            raise ValueError(
                f"files={pattern!r} points outside the DAG file's folder; a bundle holds only what is inside"
            )
        matches = [path for path in folder.glob(pattern) if not _SKIPPED_FOLDERS.intersection(path.parts)]
        found.update(path for path in matches if path.is_file() and path.is_relative_to(root))
    return found


def loaded_files(root: Path, sources: Mapping[str, str]) -> Iterator[Path]:
    """Modules under the root that this process has imported, sources and extensions."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and name != "__main__" and Path(file).is_relative_to(root):
            yield Path(file)
    yield from map(Path, sources)


def _module_files(place: Path) -> Iterator[Path]:
    source, package = place.with_name(place.name + ".py"), place / "__init__.py"
    if source.is_file():
        yield source
    if package.is_file():
        yield package
