"""Walks a folder without following links: every entry comes out once, what cannot be read with the reason."""

import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISREG
from typing import Final

from msgspec import Struct

# Belongs to tools, not to sources; named in the report as one entry each.
EXCLUDED: Final = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__"})
# Deeper than any configuration (SSL: 9); a bind mount in itself would go on for ever.
DEPTH_MAX: Final = 64


class Entry(Struct, frozen=True, gc=False):
    """A file by its path from the root that is walked, with `/`; `refused` is the code of a problem."""

    path: str
    bytes: int = 0
    refused: str = ""
    reason: str = ""


def walk(root: Path) -> Iterator[Entry]:
    """In the order of names, so that two runs and two machines agree."""
    # Strings, not paths: joining eight thousand Path objects takes a tenth of a cached reading.
    top = os.fspath(root)
    pending: list[tuple[str, int]] = [("", 0)]
    while pending:
        folder, depth = pending.pop()
        where = f"{top}/{folder}" if folder else top
        try:
            with os.scandir(where) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield Entry(folder or ".", refused="unreadable", reason=error.strerror or str(error))
            continue
        below: list[tuple[str, int]] = []
        for entry in found:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                if entry.name in EXCLUDED:
                    yield Entry(path, refused="excluded")
                elif depth >= DEPTH_MAX:
                    yield Entry(path, refused="unreadable", reason=f"folders are nested deeper than {DEPTH_MAX}")
                else:
                    below.append((path, depth + 1))
            else:
                yield _file(entry, path)
        pending.extend(reversed(below))


def _file(entry: "os.DirEntry[str]", path: str) -> Entry:
    try:
        facts = entry.stat()
    except OSError as error:
        return Entry(path, refused="unreadable", reason=error.strerror or str(error))
    if entry.is_symlink() and entry.is_dir():
        return Entry(path, refused="symlink")
    if not S_ISREG(facts.st_mode):
        return Entry(path, refused="not-a-file")
    return Entry(path, bytes=facts.st_size)
