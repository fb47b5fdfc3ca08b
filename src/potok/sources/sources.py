"""The DAG folder as the scheduler sees it: loaded once, then watched; only what changed is imported again."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from potok.sources.bundle import BundleError, Bundles, ChangedWhileReadError
from potok.sources.catalogue import FileResult, Found, catalogue
from potok.sources.closure import data_files
from potok.sources.folder import DagFolder
from potok.sources.imported import FoundFailure, Imported
from potok.sources.python_file import import_file
from potok.sources.watch import FolderWatch

log = logging.getLogger("potok.sources")

_IMPORTS_AT_ONCE = max(1, min(4, os.cpu_count() or 1))
# A file that is being written while it is read is read again; an editor needs one more look, a stuck copy gives up.
_READS_MAX = 5

Stamp = tuple[int, int, int]


class _Known(msgspec.Struct, frozen=True):
    """A file as last imported: the closure with its stamps and contents, and what came of it."""

    imported: Imported
    result: FileResult
    stamps: Mapping[str, Stamp | None]
    digest: str


class Sources:
    """`load` first, then `watch` until cancelled. `on_change` gets the whole folder whenever it differs.

    `known_pools` and `known_queues` are asked at each look; `owners` gives the file that had each dag id before.
    """

    def __init__(
        self,
        root: Path,
        home: Path,
        *,
        known_pools: Callable[[], set[str]],
        known_queues: Callable[[], set[str]],
        import_timeout_s: float = 30.0,
        on_change: Callable[[Found], None] | None = None,
        owners: Callable[[], Mapping[str, str]] | None = None,
        watch: FolderWatch | None = None,
    ) -> None:
        self.root = root.resolve()
        self.bundles = Bundles(home)
        self._folder = DagFolder(self.root)
        self._watch = watch or FolderWatch(self.root)
        self._known_pools = known_pools
        self._known_queues = known_queues
        self._owners = owners
        self._timeout_s = import_timeout_s
        self._on_change = on_change
        self._known: dict[str, _Known] = {}
        self._found = Found({}, {})
        self._gate = asyncio.Semaphore(_IMPORTS_AT_ONCE)
        self._one_look = asyncio.Lock()

    @property
    def found(self) -> Found:
        """What the last look found."""
        return self._found

    async def load(self) -> Found:
        """Look at the folder for the first time; changes are noticed from here on."""
        self._watch.start()
        return await self.refresh()

    async def watch(self, changed: Callable[[Found], None] | None = None) -> None:
        """Look again after each settled change; `changed`, else `on_change`, is called when the folder differs."""
        tell = changed or self._on_change
        try:
            async for paths in self._watch.changes():
                before = self._found
                log.debug("%d paths changed in %s", len(paths), self.root)
                found = await self.refresh()
                if tell is not None and found != before:
                    tell(found)
        finally:
            self._watch.close()

    async def reload(self) -> Found:
        """Import every file again, changed or not: a library may have been installed meanwhile."""
        self._known.clear()
        return await self.refresh()

    async def refresh(self) -> Found:
        """Look at the folder; import what is new or changed, leave the rest as it is."""
        async with self._one_look:
            self._folder.read_ignored()
            files = await asyncio.to_thread(self._folder.dag_files)
            known = await asyncio.gather(*(self._current(file) for file in files))
            self._known = dict(zip(files, known, strict=True))
            results = {file: each.result for file, each in self._known.items()}
            self._found = catalogue(results, self._previous_owners(), self._known_pools(), self._known_queues())
            return self._found

    def _previous_owners(self) -> dict[str, str]:
        before = dict(self._owners()) if self._owners is not None else {}
        before.update({dag_id: found.dag.file for dag_id, found in self._found.dags.items()})
        return before

    # --- one file -------------------------------------------------------------------------------------------------
    async def _current(self, file: str) -> _Known:
        known = self._known.get(file)
        if known is not None:
            same = await asyncio.to_thread(self._unchanged, file, known)
            if same is not None:
                return same
        async with self._gate:
            return await self._import(file)

    async def _import(self, file: str) -> _Known:
        for _ in range(_READS_MAX):
            imported = await import_file(self.root, file, timeout_s=self._timeout_s)
            try:
                return await asyncio.to_thread(self._keep, file, imported)
            except ChangedWhileReadError:
                continue
        failure = FoundFailure("the file changes faster than it can be read; it is looked at again when it rests", file)
        return _Known(Imported(files={file: ""}), FileResult(failure=failure), {}, "")

    def _keep(self, file: str, imported: Imported) -> _Known:
        """Snapshot the code of a good file. Raises ChangedWhileReadError."""
        stamps = {name: self._stamp(name) for name in imported.files}
        digest = self._digest(imported.files)
        if imported.failure is not None:
            result = FileResult(failure=imported.failure)
        elif not imported.dags:
            result = FileResult()
        else:
            try:
                bundle = self.bundles.keep(self.root, imported.files)
                result = FileResult(imported.dags, bundle, tuple(imported.files))
            except BundleError as error:
                result = FileResult(failure=FoundFailure(str(error), file))
        return _Known(imported, result, stamps, digest)

    def _unchanged(self, file: str, known: _Known) -> _Known | None:
        """The file as known when importing it again would tell nothing new; None when it might."""
        imported = known.imported
        if any(self._has_module(file, name) for name in imported.wanted) or self._new_data(imported):
            return None
        stamps = {name: self._stamp(name) for name in imported.files}
        if stamps == known.stamps:
            return known
        if not known.digest or self._digest(imported.files) != known.digest:
            return None
        return msgspec.structs.replace(known, stamps=stamps)

    def _has_module(self, file: str, name: str) -> bool:
        folders = {self.root, (self.root / file).parent}
        return any((folder / f"{name}.py").is_file() or (folder / name).is_dir() for folder in folders)

    def _new_data(self, imported: Imported) -> bool:
        if not imported.globs:
            return False
        matched = data_files(self.root, self.root, imported.globs)
        return any(path.relative_to(self.root).as_posix() not in imported.files for path in matched)

    def _stamp(self, name: str) -> Stamp | None:
        try:
            told = (self.root / name).stat()
        except OSError:
            return None
        return told.st_mtime_ns, told.st_size, told.st_ino

    def _digest(self, files: Mapping[str, str]) -> str:
        digest = hashlib.sha256()
        for name in sorted(files):
            try:
                with (self.root / name).open("rb") as data:
                    digest.update(name.encode() + b"\0" + hashlib.file_digest(data, "sha256").digest())
            except OSError:
                digest.update(name.encode() + b"\0gone")
        return digest.hexdigest()
