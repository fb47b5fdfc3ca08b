"""How a command ends badly: one sentence on stderr and an exit code. Needs no library."""

from __future__ import annotations

import os
import sys
from enum import IntEnum

from potok.client.errors import UnreachableError
from potok.model.errors import PotokError


class ExitCode(IntEnum):
    OK = 0
    RUN_FAILED = 1
    USAGE = 2
    UNREACHABLE = 3


def exit_code(error: PotokError) -> ExitCode:
    return ExitCode.UNREACHABLE if isinstance(error, UnreachableError) else ExitCode.USAGE


def system_sentence(error: OSError) -> str:
    """What the system refused, and to which file."""
    what = error.strerror or str(error)
    return f"{error.filename}: {what}" if error.filename else what


def print_error(sentence: str) -> None:
    """One line on stderr, red where that is wanted."""
    if sys.stderr.isatty() and "NO_COLOR" not in os.environ:
        print(f"\x1b[31merror:\x1b[0m {sentence}", file=sys.stderr)
    else:
        print(f"error: {sentence}", file=sys.stderr)
