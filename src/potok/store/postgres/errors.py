"""What PostgreSQL's error codes mean to the one who runs the server: one sentence each."""

from __future__ import annotations

import psycopg

_SENTENCES = {
    "28": "PostgreSQL {where} refuses our user or password: correct the database URL ({detail}).",
    "3D": "PostgreSQL has no database {where}: create it with `createdb`, then run `potok db upgrade`.",
    "53100": "No room is left on the disk of PostgreSQL {where}: free some, nothing was lost.",
    "53300": "PostgreSQL {where} has no connection left for us: raise max_connections or end other clients.",
    "25006": "PostgreSQL {where} is read-only (a standby?): name the primary in the database URL.",
    "42P01": "The database {where} has no tables of this version yet: run `potok db upgrade`.",
    "42501": "PostgreSQL {where} does not let our user do this: {detail}.",
    "57014": "PostgreSQL {where} took too long to answer and the query was given up.",
    "55P03": "A table of {where} is locked by another session: find it in pg_locks and end it.",
    "57": "PostgreSQL {where} is going down or starting: {detail}.",
}
# Connection, resources, locks, shutdown, serialisation, read-only, system: the same batch may go through later.
_TRANSIENT_CLASSES = frozenset({"08", "25", "40", "53", "55", "57", "58"})


def sentence(error: Exception, where: str) -> str:
    detail = _first_line(error)
    code = error.sqlstate if isinstance(error, psycopg.Error) else None
    if code is None and isinstance(error, psycopg.OperationalError):
        if "does not exist" in detail and "database" in detail:
            return _SENTENCES["3D"].format(where=where)
        return f"PostgreSQL {where} cannot be reached: {detail}."
    template = _SENTENCES.get(code or "") or _SENTENCES.get((code or "")[:2])
    return (template or "PostgreSQL {where} refused: {detail}.").format(where=where, detail=detail)


def is_transient(error: Exception) -> bool:
    """Whether the database is at fault and not what was asked of it."""
    if not isinstance(error, psycopg.Error):
        return False
    if error.sqlstate is None:
        return isinstance(error, psycopg.OperationalError)
    return error.sqlstate[:2] in _TRANSIENT_CLASSES


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    return (text.splitlines()[0] if text else type(error).__name__).rstrip(".")
