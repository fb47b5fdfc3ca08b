"""`potok db`: migrations, state and backup of the store that the settings name. Works without a server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from potok.cli import output
from potok.cli.database_url import opened, require_database, shown_url, sqlite_file
from potok.cli.group import SentenceGroup
from potok.cli.options import Json
from potok.model.errors import ConflictError, StoreError

if TYPE_CHECKING:
    from potok.model.settings import Settings

commands = typer.Typer(cls=SentenceGroup, no_args_is_help=True, help="The database: migrations, state, backup.")


@commands.command("upgrade")
def upgrade(as_json: Json = False) -> None:
    """Apply the migrations that are missing; `potok up` does it by itself."""
    settings = _settings()
    file = sqlite_file(settings)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    store = opened(settings, read_only=False)
    try:
        applied = store.upgrade()
    finally:
        store.close()
    if as_json:
        output.print_json({"applied": applied})
    else:
        output.say(f"applied {', '.join(applied)}" if applied else "nothing to do: the database is up to date")


@commands.command("status")
def status(as_json: Json = False) -> None:
    """Tell where the database is, how large, and which migrations are missing."""
    settings = _settings()
    require_database(settings)
    store = opened(settings)
    try:
        pending = store.pending_migrations()
        size, leader = (0, None) if pending else (store.size_bytes(), store.leader())
    finally:
        store.close()
    if as_json:
        facts = {"database": shown_url(settings.database_url), "pending": pending, "size_bytes": size, "leader": leader}
        output.print_json(facts)
        return
    output.say(f"database  {shown_url(settings.database_url)}")
    output.say(f"schema    {'missing ' + ', '.join(pending) if pending else 'up to date'}")
    if not pending:
        output.say(f"size      {output.size(size)}")
    if leader is not None:
        output.say(f"written   epoch {leader.epoch}, turn {leader.turn}, by {leader.instance}")
    if pending:
        output.say("mend it with `potok db upgrade`")


@commands.command("backup")
def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes; it must not exist.")],
    as_json: Json = False,
) -> None:
    """Write a consistent copy of the database while the server runs."""
    settings = _settings()
    require_database(settings)
    if target.exists():
        raise ConflictError(f"{target} exists; choose another name, a backup never overwrites")
    store = opened(settings)
    try:
        store.backup(target)
    except OSError as error:
        raise StoreError(f"the backup to {target} failed: {error.strerror}") from None
    finally:
        store.close()
    size = target.stat().st_size
    if as_json:
        output.print_json({"file": str(target), "size_bytes": size})
        return
    output.say(f"wrote {target}, {output.size(size)}")
    output.console(stderr=True).print(
        "[dim]Keep a copy of the key file in the home beside it: without it connections can't be read.[/]"
    )


def _settings() -> Settings:
    from potok.cli.config import load_settings

    return load_settings()
