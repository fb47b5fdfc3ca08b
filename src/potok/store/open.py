"""From a database URL to a store. Loads the driver of that database and no other."""

from __future__ import annotations

from typing import Literal

from potok.model.errors import StoreError
from potok.store.protocol import Store

Durability = Literal["normal", "full"]


def open_store(url: str, *, durability: Durability = "normal", read_only: bool = False) -> Store:
    """Opens `sqlite:///path`, `sqlite://:memory:` or `postgresql://…`; creates a SQLite file that is not there.

    As usual three slashes make a relative path and four an absolute one. Nothing is migrated: see `Store.upgrade`.
    `full` survives a power cut too (SQLite synchronous=FULL); PostgreSQL is always full: with synchronous_commit off
    a crash of the database server would lose acknowledged work. `read_only` (SQLite) never writes, not even to learn
    how fast the disk is. Raises StoreError.
    """
    scheme, found, rest = url.partition("://")
    if found and scheme == "sqlite":
        return _open_sqlite(rest, url, durability, read_only)
    if found and scheme in ("postgresql", "postgres"):
        return _open_postgres(url)
    raise StoreError(
        f"The database URL {_without_password(url)!r} is not understood: "
        "write sqlite:///path/to/potok.db or postgresql://user@host/database."
    )


def _open_sqlite(rest: str, url: str, durability: Durability, read_only: bool) -> Store:
    from potok.store.sqlite.store import SqliteStore

    if rest in (":memory:", "/:memory:"):
        return SqliteStore(None, durability=durability)
    path = rest.removeprefix("/")
    if path == rest or not path:
        raise StoreError(f"The database URL {url!r} names no file: write sqlite:///path/to/potok.db.")
    return SqliteStore(path, durability=durability, read_only=read_only)


def _open_postgres(url: str) -> Store:
    try:
        import psycopg  # noqa: F401 (told apart from an import error inside our own module)
    except ImportError:
        raise StoreError("PostgreSQL needs the driver psycopg: pip install 'potok[postgres]'.") from None
    from potok.store.postgres.store import PostgresStore

    return PostgresStore(url)


def _without_password(url: str) -> str:
    scheme, found, rest = url.partition("://")
    login, at, place = rest.rpartition("@")
    return f"{scheme}{found}{login.partition(':')[0]}{at}{place}"
