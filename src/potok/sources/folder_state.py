"""What the files of a plain folder are now, and which of them differ from before. Looks at names, times and sizes."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from potok.sources.folder import is_ignored
from potok.sources.watch import is_seen

# Not the inode: a restored backup or another mount must not look like a change of every file.
Stamps = dict[str, tuple[int, int]]
_DIGEST_BYTES = 16
_LEFTOVER = ".new"


def folder_stamps(root: Path, ignore: Sequence[str]) -> Stamps:
    """Time (ns) and size of every file below `root`, by its path relative to it. Raises OSError for the root alone."""
    os.scandir(root).close()
    return dict(_walk(root, "", tuple(ignore), set()))


def digest_of(stamps: Mapping[str, tuple[int, int]]) -> str:
    """One text for the whole folder; the same files give the same one."""
    return hashlib.blake2b(msgspec.json.encode(sorted(stamps.items())), digest_size=_DIGEST_BYTES).hexdigest()


def changed_files(before: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    """New, changed and deleted files, sorted."""
    return sorted(file for file in before.keys() | now.keys() if before.get(file) != now.get(file))


class Remembered:
    """Stamps by digest, in files: what a run was started for is known by name after a restart too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, digest: str) -> Stamps | None:
        """None when it is not remembered, or no longer readable."""
        try:
            data = (self._folder / digest).read_bytes()
            return msgspec.json.decode(zlib.decompress(data), type=Stamps)
        except (OSError, zlib.error, msgspec.DecodeError):
            return None

    def write(self, digest: str, stamps: Stamps, keep: Collection[str]) -> None:
        """Remember them and those of the digests in `keep`; the others are forgotten."""
        self._folder.mkdir(parents=True, exist_ok=True)
        place = self._folder / digest
        if not place.exists():
            fresh = self._folder / f"{digest}{_LEFTOVER}"
            fresh.write_bytes(zlib.compress(msgspec.json.encode(stamps), 1))
            fresh.replace(place)
        for other in self._folder.iterdir():
            if other.name != digest and other.name not in keep and not other.name.endswith(_LEFTOVER):
                other.unlink(missing_ok=True)


def _walk(
    folder: Path, prefix: str, ignore: tuple[str, ...], above: set[tuple[int, int]]
) -> Iterator[tuple[str, tuple[int, int]]]:
    """Links to folders are followed, circles are not."""
    try:
        told = folder.stat()
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    here = (told.st_dev, told.st_ino)
    if here in above:
        return
    for entry in entries:
        path = f"{prefix}{entry.name}"
        try:
            is_folder = entry.is_dir()
            if not is_seen(entry.name) or is_ignored(ignore, path, is_folder=is_folder):
                continue
            if is_folder:
                yield from _walk(Path(entry.path), f"{path}/", ignore, above | {here})
            else:
                stat = entry.stat()
                yield os.fsencode(path).decode("utf-8", "backslashreplace"), (stat.st_mtime_ns, stat.st_size)
        except OSError:
            continue  # gone between the two looks
