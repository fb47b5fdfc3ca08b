"""The command `potok`. Fast to start: every command imports what it needs when it runs."""

from __future__ import annotations

import sys

from potok.cli.app import app


def main() -> None:
    """Run the command that argv names. Where the output can't show a character, it shows `?` instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    app(prog_name="potok")
