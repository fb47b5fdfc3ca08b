"""Which files of the DAG folder may define DAGs. Looks at names and text; imports nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

IGNORE_FILE = ".potokignore"
_NEVER = frozenset({"__pycache__", "node_modules", "site-packages"})
_MARK = b"potok"


class DagFolder:
    """Files ending in `.py`, whose own name and whose folders' names do not begin with `_` or `.`.

    `.potokignore` in the root leaves out more, a shell pattern a line: `tests/` a folder anywhere, `/old.py` from the
    root only, `*.tmp.py` a name anywhere, `!keep.py` takes one back; the last pattern that fits decides.
    """

    def __init__(self, root: Path, ignore: Sequence[str] | None = None) -> None:
        self.root = root
        self._given = tuple(ignore) if ignore is not None else None
        self._patterns: tuple[str, ...] = ()
        self.read_ignored()

    def read_ignored(self) -> None:
        """Read `.potokignore` again."""
        if self._given is not None:
            self._patterns = self._given
            return
        try:
            lines = (self.root / IGNORE_FILE).read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            lines = []
        self._patterns = tuple(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))

    def dag_files(self) -> list[str]:
        """Paths, relative to the root and sorted, of files that speak of Potok at all."""
        return sorted(file for file in self._candidates() if self.speaks_of_potok(file))

    def speaks_of_potok(self, file: str) -> bool:
        """A plain module is nobody's business; reading costs microseconds, importing a tenth of a second.

        What is there and cannot be read, such as a link that leads nowhere, is not passed over in silence.
        """
        path = self.root / file
        try:
            return _MARK in path.read_bytes()
        except FileNotFoundError:
            return path.is_symlink()
        except OSError:
            return True

    def may_define(self, file: str) -> bool:
        """Whether a file of this path would be looked at."""
        *folders, name = file.split("/")
        if not name.endswith(".py") or any(part.startswith(("_", ".")) or part in _NEVER for part in (*folders, name)):
            return False
        above = ["/".join(folders[: length + 1]) for length in range(len(folders))]
        return not any(self._is_ignored(folder, is_folder=True) for folder in above) and not self._is_ignored(
            file, is_folder=False
        )

    def _candidates(self) -> Iterator[str]:
        seen: set[str] = set()
        for folder, names, files in os.walk(self.root, followlinks=True):
            real = os.path.realpath(folder)
            if real in seen:
                names.clear()
                continue
            seen.add(real)
            here = Path(folder).relative_to(self.root).as_posix()
            prefix = "" if here == "." else f"{here}/"
            names[:] = sorted(name for name in names if self._is_open(f"{prefix}{name}", Path(folder, name)))
            yield from (f"{prefix}{name}" for name in files if self.may_define(f"{prefix}{name}"))

    def _is_open(self, folder: str, path: Path) -> bool:
        name = path.name
        if name.startswith(("_", ".")) or name in _NEVER or (path / "pyvenv.cfg").exists():
            return False
        return not self._is_ignored(folder, is_folder=True)

    def _is_ignored(self, path: str, *, is_folder: bool) -> bool:
        return is_ignored(self._patterns, path, is_folder=is_folder)


def is_ignored(patterns: Sequence[str], path: str, *, is_folder: bool) -> bool:
    """Whether patterns as in `.potokignore` leave the path out; those of the folders above it are not looked at."""
    ignored = False
    for pattern in patterns:
        wanted = pattern.removeprefix("!")
        if wanted.endswith("/") and not is_folder:
            continue
        if _fits(path, wanted.rstrip("/")):
            ignored = not pattern.startswith("!")
    return ignored


def _fits(path: str, pattern: str) -> bool:
    if pattern.startswith("/"):
        return fnmatchcase(path, pattern[1:])
    if "/" in pattern:
        return fnmatchcase(path, pattern) or fnmatchcase(path, f"*/{pattern}")
    return fnmatchcase(path.rpartition("/")[2], pattern)
