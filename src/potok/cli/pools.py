"""`potok pools`: list, set, delete. One set here goes before potok.toml."""

from __future__ import annotations

from typing import Annotated

import typer

from potok.cli import output
from potok.cli.group import SentenceGroup
from potok.cli.options import Json
from potok.cli.remote import connect

commands = typer.Typer(cls=SentenceGroup, no_args_is_help=True, help="Pools: slots that tasks of all DAGs share.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The pool's name.")]


@commands.command("list")
def list_pools(as_json: Json = False) -> None:
    """List pools: slots, how many are used, who holds them, how many tasks wait."""
    with connect() as client:
        items = client.pools()
    if as_json:
        output.print_json({"items": items, "next_cursor": None})
        return
    rows = [
        (
            output.markup(pool.name),
            f"{pool.used}/{pool.slots}",
            str(pool.queued),
            output.markup(", ".join(pool.holders)),
            output.markup(f"{pool.description} ({pool.source})".strip()),
        )
        for pool in items
    ]
    output.table(("POOL", "USED#", "WAIT#", "HELD BY", ""), rows, empty="No pools.")


@commands.command("set")
def set_pool(
    name: Name,
    slots: Annotated[int, typer.Argument(metavar="SLOTS", min=0, max=1_000_000, help="How many; 0 closes it.")],
    description: Annotated[
        str | None, typer.Option("--description", help="What it protects; without this it stays as it is.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Add a pool or change its slots; running tasks are not disturbed."""
    with connect() as client:
        client.put_pool(name, slots, description=description)
        told = next(pool.description for pool in client.pools() if pool.name == name) if as_json else ""
    if as_json:
        output.print_json({"name": name, "slots": slots, "description": told})
    else:
        output.say(f"pool {name} has {output.counted(slots, 'slot')}")


@commands.command("delete")
def delete_pool(name: Name, as_json: Json = False) -> None:
    """Delete a pool that no DAG names."""
    with connect() as client:
        client.delete_pool(name)
    if as_json:
        output.print_json({"name": name, "deleted": True})
    else:
        output.say(f"pool {name} is deleted")
