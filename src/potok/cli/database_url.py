"""The database that the settings name: opening it, asking whether it is there, showing its address. No commands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from potok.model.errors import StoreError

if TYPE_CHECKING:
    from potok.model.settings import Settings
    from potok.store.protocol import Store

SQLITE = "sqlite:///"


def opened(settings: Settings, *, read_only: bool = True) -> Store:
    """The store as it is: nothing is migrated, and with `read_only` nothing is written. Raises StoreError."""
    from potok.store.open import open_store

    return open_store(settings.database_url, durability=settings.durability, read_only=read_only)


def sqlite_file(settings: Settings) -> Path | None:
    """The file of a SQLite database; None for any other."""
    if not settings.database_url.startswith(SQLITE):
        return None
    return Path(settings.database_url.removeprefix(SQLITE))


def require_database(settings: Settings) -> None:
    """Asking about a database must not make one. Raises StoreError when the SQLite file is missing."""
    path = sqlite_file(settings)
    if path is not None and not path.exists():
        raise StoreError(f"there is no database at {path}; `potok up` or `potok db upgrade` makes it")


def shown_url(url: str) -> str:
    """The address without its password."""
    from urllib.parse import urlsplit

    password = urlsplit(url).password
    return url.replace(f":{password}@", ":***@") if password else url
