"""`potok variables`: list, show, set, delete. A secret value never comes by the command line and is never shown."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from potok.cli import output, secret_input
from potok.cli.group import SentenceGroup
from potok.cli.options import Json
from potok.cli.remote import connect
from potok.model.errors import InvalidError, NotFoundError

commands = typer.Typer(cls=SentenceGroup, no_args_is_help=True, help="Variables: values that tasks read by name.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The variable's name.")]


@commands.command("list")
def list_variables(as_json: Json = False) -> None:
    """List variables; secret values are not shown."""
    with connect() as client:
        items = client.variables()
    if as_json:
        output.print_json({"items": items, "next_cursor": None})
        return
    rows = [
        (output.markup(item.name), _shown(item.value, secret=item.secret), output.ago(item.updated_at))
        for item in items
    ]
    output.table(("NAME", "VALUE", "CHANGED"), rows, empty="No variables.")


def _shown(value: object, *, secret: bool) -> str:
    return "[dim]secret[/]" if secret else output.markup(json.dumps(value, ensure_ascii=False))


@commands.command("show")
def show_variable(name: Name, as_json: Json = False) -> None:
    """Show a variable; a secret one has no value to show."""
    with connect() as client:
        found = next((item for item in client.variables() if item.name == name), None)
    if found is None:
        raise NotFoundError(f"no variable is called {name!r}; `potok variables list` lists them")
    if as_json:
        output.print_json(found)
    else:
        output.say("secret" if found.secret else json.dumps(found.value, ensure_ascii=False, indent=2))


@commands.command("set")
def set_variable(
    name: Name,
    value: Annotated[str | None, typer.Argument(metavar="[VALUE]", help="JSON or plain text; not for secrets.")] = None,
    secret: Annotated[bool, typer.Option("--secret", help="Encrypt it, mask it in logs, never show it.")] = False,
    value_stdin: Annotated[bool, typer.Option("--value-stdin", help="Read the value from stdin.")] = False,
    as_json: Json = False,
) -> None:
    """Add or replace a variable. A secret value is asked for, or read by --value-stdin."""
    text = _read(name, value, secret=secret, value_stdin=value_stdin)
    try:
        meant: object = text if secret else json.loads(text)
    except ValueError:
        meant = text
    with connect() as client:
        client.put_variable(name, meant, secret=secret)
    if as_json:
        output.print_json({"name": name, "secret": secret})
    else:
        output.say(f"variable {name} is set{', secret' if secret else ''}")


def _read(name: str, value: str | None, *, secret: bool, value_stdin: bool) -> str:
    if secret and value is not None:
        raise InvalidError(
            "a secret value must not stand on a command line, which other users can read; "
            "leave it out to be asked, or use --value-stdin"
        )
    if value is not None and value_stdin:
        raise InvalidError("give VALUE or --value-stdin, not both")
    if value is not None:
        return value
    if value_stdin:
        return secret_input.from_stdin("value")
    asked = secret_input.prompted(f"Value of {name}") if secret else ""
    if not asked:
        raise InvalidError(f"variable {name} needs a value; write it behind the name, or use --value-stdin")
    return asked


@commands.command("delete")
def delete_variable(name: Name, as_json: Json = False) -> None:
    """Delete a variable."""
    with connect() as client:
        client.delete_variable(name)
    if as_json:
        output.print_json({"name": name, "deleted": True})
    else:
        output.say(f"variable {name} is deleted")
