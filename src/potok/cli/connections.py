"""`potok connections`: list, show, set, delete. A password never comes by the command line and is never shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from potok.cli import output, secret_input
from potok.cli.group import SentenceGroup
from potok.cli.options import Json
from potok.cli.remote import connect
from potok.model.errors import InvalidError, NotFoundError

if TYPE_CHECKING:
    from potok.model.wire import Connection

commands = typer.Typer(cls=SentenceGroup, no_args_is_help=True, help="Connections: where and as whom tasks connect.")

_SECRET_WORDS = ("password", "passwd", "secret", "token", "key", "credential")
Name = Annotated[str, typer.Argument(metavar="NAME", help="The connection's name.")]


@commands.command("list")
def list_connections(as_json: Json = False) -> None:
    """List connections, without their secrets."""
    with connect() as client:
        items = client.connections()
    if as_json:
        output.print_json({"items": items, "next_cursor": None})
        return
    rows = [
        (output.markup(item.name), item.kind, output.markup(item.host), str(item.port or ""), output.markup(item.login))
        for item in items
    ]
    output.table(("NAME", "KIND", "HOST", "PORT#", "LOGIN"), rows, empty="No connections.")


@commands.command("show")
def show_connection(name: Name, as_json: Json = False) -> None:
    """Show a connection, without its secrets."""
    with connect() as client:
        found = next((item for item in client.connections() if item.name == name), None)
    if found is None:
        raise NotFoundError(f"no connection is called {name!r}; `potok connections list` lists them")
    if as_json:
        output.print_json(found)
        return
    for field in ("name", "kind", "host", "port", "login", "schema"):
        output.say(f"{field:<8} {getattr(found, field) or ''}".rstrip())
    output.say(f"updated  {output.moment(found.updated_at)}")


@commands.command("set")
def set_connection(
    name: Name,
    uri: Annotated[
        str, typer.Argument(metavar="[URI]", help="`kind://login@host:port/schema`, without a password.")
    ] = "",
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from stdin.")] = False,
    uri_stdin: Annotated[bool, typer.Option("--uri-stdin", help="Read all of it, as URI or JSON, from stdin.")] = False,
    extra: Annotated[
        list[str], typer.Option("--extra", metavar="NAME=VALUE", help="More that is not secret; may be repeated.")
    ] = [],  # noqa: B006 - Typer reads the default and never changes it
    as_json: Json = False,
) -> None:
    """Add or replace a connection. Asks for the password on a terminal."""
    connection = _read(name, uri, extra, password_stdin=password_stdin, uri_stdin=uri_stdin)
    with connect() as client:
        client.put_connection(connection)
    if as_json:
        output.print_json({"name": name, "password": bool(connection.password)})
    else:
        output.say(f"connection {name} is set, {'with' if connection.password else 'without'} a password")


@commands.command("delete")
def delete_connection(name: Name, as_json: Json = False) -> None:
    """Delete a connection."""
    with connect() as client:
        client.delete_connection(name)
    if as_json:
        output.print_json({"name": name, "deleted": True})
    else:
        output.say(f"connection {name} is deleted")


def _read(name: str, uri: str, extra: list[str], *, password_stdin: bool, uri_stdin: bool) -> Connection:
    from msgspec.structs import replace

    from potok.cli.params import parse_params
    from potok.model.connection_text import connection_from_text

    if uri_stdin and (uri or password_stdin):
        raise InvalidError("--uri-stdin brings the whole connection; leave out URI and --password-stdin")
    if uri_stdin:
        connection = connection_from_text(name, secret_input.from_stdin("URI"))
    else:
        if not uri:
            raise InvalidError(f"connection {name} needs a URI such as postgresql://login@host:5432/schema")
        connection = connection_from_text(name, uri)
        if connection.password:
            raise InvalidError(
                "the URI holds a password, and other users can read command lines; "
                "leave it out and use --password-stdin, or --uri-stdin for the whole"
            )
        password = secret_input.from_stdin("password") if password_stdin else secret_input.prompted("Password")
        connection = replace(connection, password=password)
    values = parse_params(extra, {})
    if not uri_stdin:
        _refuse_secrets([*values, *connection.extra])
    return replace(connection, extra={**connection.extra, **values})


def _refuse_secrets(names: list[str]) -> None:
    for name in names:
        if any(word in name.lower() for word in _SECRET_WORDS):
            raise InvalidError(
                f"{name} looks like a secret, and other users can read command lines; "
                "write it into the URI's query and pipe that by --uri-stdin"
            )
