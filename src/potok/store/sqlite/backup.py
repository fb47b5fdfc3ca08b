"""A consistent copy of a SQLite database while the server writes to it. Must never hold the writer's lock."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

_PAGES_AT_ONCE = 256  # 1 MB: between chunks other threads of the server go on


def copy_database(source: sqlite3.Connection, target: Path) -> None:
    """Copies what is committed now. `target` appears whole or not at all. Raises sqlite3.Error and OSError."""
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        # SQLite would make it readable to others; what is in it is for the owner's eyes, as the database is.
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _copy(source, partial)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _copy(source: sqlite3.Connection, partial: Path) -> None:
    copy = sqlite3.connect(partial, isolation_level=None)
    try:
        copy.execute("PRAGMA synchronous = OFF")
        # An open read transaction pins the snapshot: otherwise every commit of the writer starts the copy again.
        source.execute("BEGIN")
        try:
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(copy, pages=_PAGES_AT_ONCE, sleep=0.0)
        finally:
            source.execute("COMMIT")
    finally:
        copy.close()
