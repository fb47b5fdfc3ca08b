"""How secrets get in: by a prompt or by stdin, never by a command line, which every user of the machine can read."""

from __future__ import annotations

import sys

from potok.model.errors import InvalidError


def from_stdin(what: str) -> str:
    """All of stdin without its last newline. Raises InvalidError when it is a terminal or empty."""
    if sys.stdin.isatty():
        raise InvalidError(f"stdin is a terminal; pipe the {what} in, or leave the option out to be asked for it")
    text = sys.stdin.read().removesuffix("\n").removesuffix("\r")
    if not text:
        raise InvalidError(f"stdin holds no {what}")
    return text


def prompted(what: str) -> str:
    """Asked for on the terminal without echo; empty where there is no terminal."""
    if not sys.stdin.isatty():
        return ""
    from getpass import getpass

    return getpass(f"{what}: ", stream=sys.stderr)
