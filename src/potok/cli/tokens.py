"""`potok token`: the admin token of the server of this home. Shows it, makes a login link of it, renews it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import typer

from potok.cli import output
from potok.cli.group import SentenceGroup
from potok.cli.home import new_token, read_token, write_token
from potok.cli.options import Json
from potok.model.errors import InvalidError, NotFoundError

commands = typer.Typer(
    cls=SentenceGroup,
    invoke_without_command=True,
    help="The admin token: show it, make a login link, make a new one.",
)


@commands.callback()
def token(context: typer.Context, as_json: Json = False) -> None:
    """The admin token: show it, make a login link, make a new one."""
    if context.invoked_subcommand is None:
        _show(as_json)


@commands.command("show")
def show_token(as_json: Json = False) -> None:
    """Print the token."""
    _show(as_json)


def _show(as_json: bool) -> None:
    found = _effective_token()
    if as_json:
        output.print_json({"token": found})
    else:
        output.say(found)


@commands.command("link")
def link(as_json: Json = False) -> None:
    """Print a link that logs a browser in; it works for an hour."""
    from potok.api.auth import LINK_VALID_S, login_link
    from potok.cli.config import load_settings
    from potok.client.discovery import find_server

    settings = load_settings()
    url, found = find_server({**os.environ, "POTOK_HOME": settings.home})
    now = time.time()
    made = login_link(url, found, now)
    if as_json:
        output.print_json({"url": made, "valid_until": now + LINK_VALID_S})
    else:
        output.say(made)


@commands.command("new")
def new(as_json: Json = False) -> None:
    """Make a new token. Old links and sessions end when the server is started again."""
    from potok.cli.config import load_settings

    settings = load_settings()
    if settings.api_token:
        raise InvalidError("the token comes from POTOK_API_TOKEN; change it there")
    home = Path(settings.home)
    if not home.is_dir():
        raise NotFoundError(f"there is no home at {home}; `potok up` makes it")
    made = new_token()
    write_token(home, made)
    if as_json:
        output.print_json({"token": made})
        return
    output.say(made)
    output.console(stderr=True).print("[dim]A running server keeps the old one until it is started again.[/]")


def _effective_token() -> str:
    from potok.cli.config import load_settings

    settings = load_settings()
    found = settings.api_token or read_token(Path(settings.home))
    if not found:
        raise NotFoundError(f"there is no token in {settings.home}; `potok up` or `potok token new` makes one")
    return found
