"""Compares the files of two bundles. Blocks. Never leaves their folders, whatever a name says."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from potok.api.bundle_files import FILES_MAX, read_bundle
from potok.engine.difference import diff_lines
from potok.model.answers import SourceFile
from potok.model.story import FileChange, Hunk

FILES_SHOWN_MAX = 20


def changed_files(bundles: Path, old: str, new: str, names: Iterable[str]) -> tuple[tuple[FileChange, ...], bool]:
    """What differs in the named files, edited ones first; the flag tells that something was left out."""
    wanted = sorted(names)
    before = {file.path: file for file in read_bundle(bundles, old, wanted)}
    after = {file.path: file for file in read_bundle(bundles, new, wanted)}
    cut = len(wanted) > FILES_MAX
    changes = []
    for name in wanted[:FILES_MAX]:
        change = _change(name, before.get(name), after.get(name))
        if change is not None:
            changes.append(change)
    changes.sort(key=lambda one: (one.change != "edited", one.path))
    cut = cut or len(changes) > FILES_SHOWN_MAX or any(change.truncated for change in changes)
    return tuple(changes[:FILES_SHOWN_MAX]), cut


def _change(name: str, old: SourceFile | None, new: SourceFile | None) -> FileChange | None:
    if old is None or new is None:
        return None if old is new else FileChange(name, "added" if old is None else "removed", (), False)
    if old == new:
        return None
    if old.text is None or new.text is None:
        return FileChange(name, "edited", (), False)
    parts, cut = diff_lines(old.text.splitlines(), new.text.splitlines())
    hunks = tuple(Hunk(part.old_start, part.new_start, part.lines) for part in parts)
    return FileChange(name, "edited", hunks, cut or old.truncated or new.truncated)
