"""What SQLite's error codes mean to the one who runs the server: one sentence each."""

from __future__ import annotations

import sqlite3

_LOCKED = "The database {where} is locked by another process: find it with `fuser {where}` and end it."
_SENTENCES = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_FULL: "No room is left on the disk that holds the database {where}: free some, nothing was lost.",
    sqlite3.SQLITE_READONLY: "The database {where} is read-only: let the server's user write it and its folder.",
    sqlite3.SQLITE_NOTADB: "The file {where} is not a SQLite database: name another one in the database URL.",
    sqlite3.SQLITE_CORRUPT: "The database {where} is damaged: restore a backup (`potok db backup` makes them).",
    sqlite3.SQLITE_CANTOPEN: "The database {where} cannot be opened: its folder must exist and be ours to write.",
    sqlite3.SQLITE_IOERR: "The disk that holds the database {where} refuses to read or write it ({detail}).",
}
_TRANSIENT = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_NOMEM,
    }
)


def sentence(error: Exception, where: str) -> str:
    if "no such table" in str(error):
        return f"The database {where} has no tables of this version yet: run `potok db upgrade`."
    template = _SENTENCES.get(_code(error), "The database {where} refused: {detail}.")
    return template.format(where=where, detail=error)


def is_transient(error: Exception) -> bool:
    """Whether the database is at fault and not what was asked of it."""
    return _code(error) in _TRANSIENT


def _code(error: Exception) -> int:
    # The low byte is the primary code; the rest only refines it (SQLITE_BUSY_SNAPSHOT, SQLITE_IOERR_WRITE, …).
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
