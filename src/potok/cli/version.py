"""`potok version`: what is installed."""

from __future__ import annotations

from potok.cli import output
from potok.cli.options import Json
from potok.version import __version__


def version(as_json: Json = False) -> None:
    """Print the versions of Potok and of Python."""
    import platform

    python = platform.python_version()
    if as_json:
        output.print_json({"potok": __version__, "python": python})
    else:
        output.say(f"potok {__version__} (Python {python})")
