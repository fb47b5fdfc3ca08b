"""Which additive migrations a database still needs. Must never write: each dialect applies them in its own way."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import msgspec

from potok.model.errors import StoreError


class Migration(msgspec.Struct, frozen=True):
    """One SQL file. Once released it never changes; what it made is never dropped or renamed by a later one."""

    name: str
    sql: str


def known_migrations(folder: Path) -> list[Migration]:
    """The migrations of `folder` (`0001_init.sql`, …) in order."""
    return [Migration(file.stem, file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.sql"))]


def missing_migrations(known: list[Migration], applied: Collection[str], where: str) -> list[Migration]:
    """Those that are not applied yet. Raises StoreError when the database has one that this code does not know."""
    unknown = sorted(set(applied) - {migration.name for migration in known})
    if unknown:
        raise StoreError(
            f"The database {where} was written by a newer Potok (it has migration {unknown[-1]}): "
            "update Potok, or restore a backup made by this version."
        )
    return [migration for migration in known if migration.name not in applied]
