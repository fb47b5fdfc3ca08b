"""A DAG file as last imported, and whether importing it again could tell anything new."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from potok.sources.bundle import BundleError, BundleNotWrittenError, Bundles, ChangedWhileReadError
from potok.sources.catalogue import FileResult
from potok.sources.closure import data_files
from potok.sources.imported import FoundFailure, Imported
from potok.sources.python_file import import_file

# A file that is being written while it is read is read again; an editor needs one more look, a stuck copy gives up.
_READS_MAX = 5

Stamp = tuple[int, int, int]


class KnownFile(msgspec.Struct, frozen=True):
    """The closure with its stamps and contents, and what came of it. An empty `digest` fits nothing."""

    imported: Imported
    result: FileResult
    stamps: Mapping[str, Stamp | None]
    digest: str


class FileReader:
    """Imports files of `root`, keeps their code in `bundles`, and compares what is known with what is there."""

    def __init__(self, root: Path, bundles: Bundles, timeout_s: float) -> None:
        self._root = root
        self._bundles = bundles
        self._timeout_s = timeout_s

    async def read(self, file: str) -> KnownFile:
        """Import the file in a child and snapshot its code; a failure of any kind is part of the result."""
        for _ in range(_READS_MAX):
            before = self.stamp(file)
            path = self._root / file
            if before is None and path.is_symlink():
                return failed(file, f"it is a link to {path.readlink()}, which is not there: copy the file itself here")
            try:
                imported = await import_file(self._root, file, timeout_s=self._timeout_s)
                known = await asyncio.to_thread(self._keep, file, imported)
            except ChangedWhileReadError:
                continue
            except OSError as error:
                return failed(file, f"the import could not be started: {error.strerror or error}; it is tried again")
            if self.stamp(file) == before:
                return known
        return failed(file, "the file changes faster than it can be read; it is looked at again when it rests")

    def unchanged(self, file: str, known: KnownFile) -> KnownFile | None:
        """The file as known when importing it again would tell nothing new; None when it might. Blocking."""
        imported = known.imported
        if any(self._has_module(file, name) for name in imported.wanted) or self._has_new_data(imported):
            return None
        stamps = {name: self.stamp(name) for name in imported.files}
        if known.digest and stamps == known.stamps:
            return known
        if self._digest(imported.files) != known.digest:
            return None
        return msgspec.structs.replace(known, stamps=stamps)

    def stamp(self, name: str) -> Stamp | None:
        """Time, size and inode: what changes when a file is written; None when it is not there."""
        try:
            told = (self._root / name).stat()
        except OSError:
            return None
        return told.st_mtime_ns, told.st_size, told.st_ino

    def is_empty(self, file: str) -> bool:
        """Whether the file is there and holds not a byte."""
        told = self.stamp(file)
        return told is not None and told[1] == 0

    def _keep(self, file: str, imported: Imported) -> KnownFile:
        """Raises ChangedWhileReadError when the code on disk is no longer what was imported."""
        stamps = {name: self.stamp(name) for name in imported.files}
        digest = self._digest(imported.files)
        if imported.failure is not None:
            result = FileResult(failure=imported.failure)
        elif not imported.dags:
            result = FileResult()
        else:
            try:
                bundle = self._bundles.keep(self._root, imported.files)
                result = FileResult(imported.dags, bundle, tuple(imported.files))
            except BundleNotWrittenError as error:
                return failed(file, f"{error}; it is tried again")
            except BundleError as error:
                result = FileResult(failure=FoundFailure(str(error), file))
        return KnownFile(imported, result, stamps, digest)

    def _has_module(self, file: str, name: str) -> bool:
        folders = {self._root, (self._root / file).parent}
        return any((folder / f"{name}.py").is_file() or (folder / name).is_dir() for folder in folders)

    def _has_new_data(self, imported: Imported) -> bool:
        if not imported.globs:
            return False
        matched = data_files(self._root, self._root, imported.globs)
        return any(path.relative_to(self._root).as_posix() not in imported.files for path in matched)

    def _digest(self, files: Mapping[str, str]) -> str:
        digest = hashlib.sha256()
        for name in sorted(files):
            try:
                with (self._root / name).open("rb") as data:
                    digest.update(name.encode() + b"\0" + hashlib.file_digest(data, "sha256").digest())
            except OSError:
                digest.update(name.encode() + b"\0gone")
        return digest.hexdigest()


def failed(file: str, message: str) -> KnownFile:
    """A failure that the next look tries to mend."""
    return KnownFile(Imported(files={file: ""}), FileResult(failure=FoundFailure(message, file)), {}, "")
