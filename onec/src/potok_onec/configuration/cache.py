"""Keeps what was read under the hash of its files, outside the source tree; losing the cache loses only time."""

import os
import sqlite3
import zlib
from hashlib import blake2b
from pathlib import Path
from typing import Final

from potok_onec.version import __version__

# Two full SSLs take 20 MB; a gigabyte is a hundred of them.
_BYTES_MAX: Final = 1024 * 1024 * 1024
_BUSY_S: Final = 10.0
_SCHEMA: Final = """
create table if not exists portion (
    key blob primary key, summary blob not null, body blob not null
) without rowid
"""


def default_folder() -> Path:
    """$POTOK_ONEC_CACHE, else potok-onec in the user's cache folder (XDG)."""
    own = os.environ.get("POTOK_ONEC_CACHE")
    if own:
        return Path(own)
    shared = os.environ.get("XDG_CACHE_HOME")
    return (Path(shared) if shared else Path.home() / ".cache") / "potok-onec"


def reader_version() -> bytes:
    """Changes with every release and, for those who work on the reader, with every save of its code."""
    package = Path(__file__).parents[1]
    digest = blake2b(__version__.encode(), digest_size=16)
    for folder in ("bsl", "configuration"):
        for path in sorted((package / folder).iterdir()):
            if path.suffix in (".py", ".txt", ".so"):
                facts = path.stat()
                digest.update(f"{path.name}:{facts.st_size}:{facts.st_mtime_ns};".encode())
    return digest.digest()


class Cache:
    """One SQLite file that several processes may use at once. Every failure of it is a miss, never an error."""

    def __init__(self, folder: Path) -> None:
        self.trouble = ""
        self._connection: sqlite3.Connection | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / "portions.sqlite"
            connection = sqlite3.connect(file, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = off")
            connection.execute(_SCHEMA)
            self._connection = connection
            if file.stat().st_size > _BYTES_MAX:
                connection.execute("delete from portion")
                connection.execute("vacuum")
        except (OSError, sqlite3.Error) as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        self.trouble = str(error)
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def summary(self, key: bytes) -> bytes | None:
        return self._get("select summary from portion where key = ?", key)

    def body(self, key: bytes) -> bytes | None:
        packed = self._get("select body from portion where key = ?", key)
        if packed is None:
            return None
        try:
            return zlib.decompress(packed)
        except zlib.error:
            return None

    def _get(self, question: str, key: bytes) -> bytes | None:
        if self._connection is None:
            return None
        try:
            row = self._connection.execute(question, (key,)).fetchone()
        except sqlite3.Error as error:
            self._give_up(error)
            return None
        return bytes(row[0]) if row is not None else None

    def put(self, items: list[tuple[bytes, bytes, bytes]]) -> None:
        """Key, summary, body; all or none."""
        if self._connection is None or not items:
            return
        rows = [(key, summary, zlib.compress(body, 1)) for key, summary, body in items]
        try:
            self._connection.execute("begin immediate")
            self._connection.executemany("insert or replace into portion values (?, ?, ?)", rows)
            self._connection.execute("commit")
        except sqlite3.Error as error:
            self._give_up(error)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
