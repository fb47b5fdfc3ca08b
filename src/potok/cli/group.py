"""A group of commands that may raise PotokError: it becomes a sentence and an exit code. Knows no command."""

from __future__ import annotations

import os
import sys

import typer
from typer.core import TyperGroup

from potok.cli.errors import ExitCode, exit_code, print_error
from potok.model.errors import PotokError


class SentenceGroup(TyperGroup):
    """No traceback reaches a person for what a person can mend."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override] # the base of Context is private
        try:
            return super().invoke(ctx)
        except PotokError as error:
            print_error(str(error))
            raise typer.Exit(exit_code(error)) from None
        except BrokenPipeError:
            # `potok logs … | head`: the reader has gone, which is no error; stdout must not be flushed again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(ExitCode.OK) from None
