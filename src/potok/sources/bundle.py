"""Snapshots of a DAG file's code by content: written once, checked when met again, pruned when no run needs them."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from potok.model.errors import PotokError

BUNDLE_MAX_BYTES = 50 * 1024 * 1024
_NAME_LENGTH = 16
_TEMPORARY = ".new-"
_YOUNG_S = 3600.0
_NOT_CONTENT = frozenset({"__pycache__"})


class BundleError(PotokError):
    """The code cannot be kept: too large, or unreadable."""


class BundleNotWrittenError(BundleError):
    """The home does not take the code now (a full disk, say): nothing is wrong with the code."""


class ChangedWhileReadError(Exception):
    """A file is no longer what was imported; import again."""


class Bundles:
    """The folder `home/bundles`. Blocking: call it from a thread."""

    def __init__(self, home: Path, *, max_bytes: int = BUNDLE_MAX_BYTES) -> None:
        self._folder = home / "bundles"
        self._max_bytes = max_bytes
        self._verified: set[str] = set()

    def path(self, bundle: str) -> Path:
        """Where the files of a bundle stand, below their paths relative to the DAG folder."""
        return self._folder / bundle

    def keep(self, root: Path, files: Mapping[str, str]) -> str:
        """Snapshot these files of `root` and return the bundle's name; the same content gives the same name.

        `files` maps paths to the SHA-256 they must have (empty: any). Raises ChangedWhileReadError or BundleError.
        """
        contents = self._read(root, files)
        bundle = content_name(contents)
        if bundle in self._verified and self.path(bundle).is_dir():
            return bundle
        if not self._is_whole(bundle):
            self._write(bundle, contents)
        self._verified.add(bundle)
        return bundle

    def prune(self, in_use: Iterable[str]) -> list[str]:
        """Delete bundles that are not in use, and what a killed server left half-written; returns their names.

        A young bundle stays: the DAGs that it was made for may not be in the store yet.
        """
        kept = set(in_use)
        gone = []
        for entry in sorted(self._folder.iterdir()) if self._folder.is_dir() else []:
            is_ours = entry.name.startswith(_TEMPORARY) or (len(entry.name) == _NAME_LENGTH and entry.name not in kept)
            if is_ours and entry.stat().st_mtime < time.time() - _YOUNG_S:
                shutil.rmtree(entry, ignore_errors=True)
                self._verified.discard(entry.name)
                gone.append(entry.name)
        return gone

    def _read(self, root: Path, files: Mapping[str, str]) -> dict[str, bytes]:
        contents: dict[str, bytes] = {}
        total = 0
        for name, imported in sorted(files.items()):
            try:
                size = (root / name).stat().st_size
                total += size
                if total > self._max_bytes:
                    raise BundleError(
                        f"the code and data of this file are larger than {self._max_bytes // 1024 // 1024} MB "
                        f"({name} has {size / 1024 / 1024:.1f} MB); keep data elsewhere and read it in a task"
                    )
                contents[name] = (root / name).read_bytes()
            except FileNotFoundError:
                raise ChangedWhileReadError(name) from None
            except OSError as error:
                raise BundleError(f"{name} cannot be read: {error.strerror or error}") from None
            if imported and hashlib.sha256(contents[name]).hexdigest() != imported:
                raise ChangedWhileReadError(name)
        return contents

    def _is_whole(self, bundle: str) -> bool:
        """Whether the bundle is there and holds what its name says."""
        folder = self.path(bundle)
        if not folder.is_dir():
            return False
        found = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and not _NOT_CONTENT.intersection(path.parts)
        }
        return content_name(found) == bundle

    def _write(self, bundle: str, contents: Mapping[str, bytes]) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            made = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=self._folder))
            made.chmod(0o755)
            try:
                for name, data in contents.items():
                    (made / name).parent.mkdir(parents=True, exist_ok=True)
                    (made / name).write_bytes(data)
                self._put(made, self.path(bundle))
            finally:
                shutil.rmtree(made, ignore_errors=True)
        except OSError as error:
            raise BundleNotWrittenError(
                f"the code cannot be kept in {self._folder}: {error.strerror or error}"
            ) from None

    def _put(self, made: Path, place: Path) -> None:
        """A damaged bundle of that name goes first; another server's whole one may have come meanwhile."""
        if place.is_dir() and not self._is_whole(place.name):
            shutil.rmtree(place)
        try:
            os.rename(made, place)  # noqa: PTH104 - one atomic step, and it must not replace a file
        except OSError:
            if not self._is_whole(place.name):
                raise


def content_name(contents: Mapping[str, bytes]) -> str:
    """The name of a bundle: paths, lengths and bytes in one SHA-256."""
    digest = hashlib.sha256()
    for name, data in sorted(contents.items()):
        encoded = name.encode()
        digest.update(len(encoded).to_bytes(4, "big") + encoded + len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()[:_NAME_LENGTH]
