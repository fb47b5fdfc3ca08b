"""How every command ends: exit codes, and errors as one sentence on stderr. Knows no command."""

from __future__ import annotations

import os
import sys
from enum import IntEnum

import typer
from typer.core import TyperGroup

from potok.client.errors import UnreachableError
from potok.model.errors import PotokError


class ExitCode(IntEnum):
    OK = 0
    RUN_FAILED = 1
    USAGE = 2
    UNREACHABLE = 3


class SentenceGroup(TyperGroup):
    """A group whose commands may raise PotokError: it is printed without a traceback and becomes an exit code."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override] # the base of Context is private
        try:
            return super().invoke(ctx)
        except PotokError as error:
            print_error(str(error))
            code = ExitCode.UNREACHABLE if isinstance(error, UnreachableError) else ExitCode.USAGE
            raise typer.Exit(code) from None
        except BrokenPipeError:
            # `potok logs … | head`: the reader has gone, which is no error; stdout must not be flushed again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(ExitCode.OK) from None


def print_error(sentence: str) -> None:
    """One line on stderr, red where that is wanted."""
    if sys.stderr.isatty() and "NO_COLOR" not in os.environ:
        print(f"\x1b[31merror:\x1b[0m {sentence}", file=sys.stderr)
    else:
        print(f"error: {sentence}", file=sys.stderr)
