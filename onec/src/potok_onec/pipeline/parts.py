"""Work on one part of a snapshot, kept from the last run under what it was made of: the same key, the same bytes.

A part is what one object gives, with its modules. A file of parts holds those of the last run that ended, no others.
"""

import os
import sys
import zlib
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

_KEY_BYTES: Final = 16
_CHECK_BYTES: Final = 8
_LENGTH_BYTES: Final = 4
# Packing costs less than writing three times as much.
_PACK_LEVEL: Final = 1
_HEAD_BYTES: Final = _KEY_BYTES + _CHECK_BYTES + _LENGTH_BYTES


class Parts:
    """Parts of one step, read from the last run's file and written, those that were used, into the next one.

    `version` stands for everything that is the same for all parts: the code, the interpreter. Losing or spoiling the
    file loses only time.
    """

    def __init__(self, file: Path | None, version: str = "") -> None:
        self._file = file
        self._version = f"{version}:{sys.version}".encode()
        self._places: dict[bytes, tuple[int, int, bytes]] = {}
        self._old: BinaryIO | None = None
        self._new: BinaryIO | None = None
        self._written: set[bytes] = set()
        self._found: tuple[bytes | None, bytes] = (None, b"")

    def __enter__(self) -> Self:
        if self._file is not None:
            self._staged.parent.mkdir(parents=True, exist_ok=True)
            self._new = self._staged.open("wb", buffering=1 << 20)
            try:
                self._old = self._file.open("rb")
            except OSError:
                return self
            self._places = dict(_places(self._old))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What a broken run has made so far is not kept: it would take the place of more."""
        for opened in (self._old, self._new):
            if opened is not None:
                opened.close()
        if self._file is not None:
            if error is None:
                self._staged.replace(self._file)
            else:
                self._staged.unlink(missing_ok=True)

    @property
    def _staged(self) -> Path:
        assert self._file is not None
        return self._file.with_name(f"{self._file.name}.{os.getpid()}")

    def key(self, what: str, *made_of: bytes) -> bytes:
        found = blake2b(self._version, digest_size=_KEY_BYTES)
        for piece in (what.encode(), *made_of):
            found.update(len(piece).to_bytes(8, "little"))
            found.update(piece)
        return found.digest()

    def find(self, key: bytes) -> bytes | None:
        place = self._places.get(key)
        if place is None or self._old is None:
            return None
        start, length, check = place
        try:
            self._old.seek(start)
            packed = self._old.read(length)
        except OSError:
            return None
        if _check(packed) != check:
            return None
        body = zlib.decompress(packed)
        self._found = body, packed
        return body

    def keep(self, key: bytes, body: bytes) -> None:
        """For the next run; what was found is kept as well as what was made, and is packed already."""
        if self._new is not None and key not in self._written:
            self._written.add(key)
            packed = self._found[1] if self._found[0] is body else zlib.compress(body, _PACK_LEVEL)
            self._new.write(key + _check(packed) + len(packed).to_bytes(_LENGTH_BYTES, "little"))
            self._new.write(packed)


# For a step that is carried out by itself.
NO_PARTS: Final = Parts(None)


def _check(body: bytes) -> bytes:
    return blake2b(body, digest_size=_CHECK_BYTES).digest()


def _places(file: BinaryIO) -> Iterator[tuple[bytes, tuple[int, int, bytes]]]:
    """Where each part begins; a file that was cut off ends early."""
    size = os.fstat(file.fileno()).st_size
    at = 0
    while at + _HEAD_BYTES <= size:
        file.seek(at)
        head = file.read(_HEAD_BYTES)
        key, check = head[:_KEY_BYTES], head[_KEY_BYTES : _KEY_BYTES + _CHECK_BYTES]
        length = int.from_bytes(head[-_LENGTH_BYTES:], "little")
        yield key, (at + _HEAD_BYTES, length, check)
        at += _HEAD_BYTES + length
