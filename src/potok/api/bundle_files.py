"""Reads the files of a bundle for people. Never leaves the bundle's folder, whatever a name says."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from potok.model.answers import SourceFile

FILE_MAX_BYTES = 256 * 1024
FILES_MAX = 200


def read_bundle(bundles: Path, bundle: str, files: Iterable[str]) -> list[SourceFile]:
    """The listed files with their text; those that are missing or lie outside the bundle's folder are left out."""
    root = (bundles / bundle).resolve()
    if root.parent != bundles.resolve():
        return []
    found = []
    for name in list(files)[:FILES_MAX]:
        path = (root / name).resolve()
        if path.is_relative_to(root) and path.is_file():
            found.append(_read(path, name))
    return found


def _read(path: Path, name: str) -> SourceFile:
    size = path.stat().st_size
    with path.open("rb") as file:
        data = file.read(FILE_MAX_BYTES)
    truncated = size > len(data)
    if b"\0" in data:
        return SourceFile(name, size, None, False)
    # a multi-byte character that the limit cuts in two is dropped, anything else undecodable means that it is no text
    try:
        text = data.decode("utf-8", "ignore" if truncated else "strict")
    except UnicodeDecodeError:
        return SourceFile(name, size, None, False)
    return SourceFile(name, size, text, truncated)
