"""Which file on disk an address below a result stands for. Only what a committed result names, never out of it. Blocks.

The folder itself was resolved when its task ended (a store of outputs may well be a hidden one); inside of it nothing
is followed out of it. Names in it that begin with a dot and the home of the server are never there, whatever a result
says.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

import msgspec

from potok.model.result_files import FilesRecord, FilesState, mark_of

LISTED_MAX = 10_000


class Standing(msgspec.Struct, frozen=True):
    """How files of a result are now; `problem` is a sentence unless they are ready."""

    state: FilesState
    problem: str = ""


class Entry(msgspec.Struct, frozen=True):
    """One line of a listing."""

    name: str
    is_folder: bool
    size: int
    modified_at: float


def standing(record: FilesRecord, roots: Sequence[Path], home: Path) -> Standing:
    """Whether the link may be shown, and still shows what the run made."""
    real = Path(record.real)
    if not _is_allowed(real, roots, home):
        return Standing(
            FilesState.REFUSED,
            f"{record.real} lies outside of what may be shown: name its folder in result_roots of potok.toml",
        )
    if Path(os.path.realpath(real)) != real or not (real.is_dir() if record.is_folder else real.is_file()):
        return Standing(
            FilesState.GONE, f"{record.real} is gone since the task ended: run the task again to make it anew"
        )
    if _mark(record) != record.mark:
        return Standing(
            FilesState.CHANGED, f"{record.real} was written over since, so that it is no longer what this run made"
        )
    return Standing(FilesState.READY)


def find(record: FilesRecord, parts: Sequence[str], home: Path) -> Path | None:
    """The file or folder that the address names; None when there is none to be shown."""
    if any(not part or part.startswith(".") or "/" in part or "\\" in part or "\0" in part for part in parts):
        return None
    root = Path(record.real)
    if not record.is_folder:
        return root if list(parts) == [root.name] else None
    found = Path(os.path.realpath(root.joinpath(*parts)))
    if not found.is_relative_to(root) or found.is_relative_to(home):
        return None
    inside = found.relative_to(root).parts
    # not Path.exists, which raises for a name that is too long
    return None if any(part.startswith(".") for part in inside) or not os.path.exists(found) else found  # noqa: PTH110


def entries(folder: Path) -> tuple[list[Entry], bool]:
    """What a listing of the folder shows, folders first, by name; and whether it is cut."""
    found = []
    with os.scandir(folder) as scanned:
        for one in scanned:
            if one.name.startswith("."):
                continue
            try:
                told = one.stat()
            except OSError:
                continue
            if stat.S_ISDIR(told.st_mode) or stat.S_ISREG(told.st_mode):
                found.append(Entry(one.name, stat.S_ISDIR(told.st_mode), told.st_size, told.st_mtime))
            if len(found) > LISTED_MAX:
                break
    found.sort(key=lambda entry: (not entry.is_folder, entry.name.casefold(), entry.name))
    return found[:LISTED_MAX], len(found) > LISTED_MAX


def _is_allowed(real: Path, roots: Sequence[Path], home: Path) -> bool:
    return not real.is_relative_to(home) and any(real.is_relative_to(root) for root in roots)


def _mark(record: FilesRecord) -> str:
    """As the worker took it: of the file, of the index, or of a folder that has none."""
    real = Path(record.real)
    try:
        looked_at = real / record.index if record.is_folder and record.index else real
        told = (looked_at if looked_at.exists() else real).stat()
    except OSError:
        return ""
    return mark_of(told.st_mtime_ns, told.st_size)
