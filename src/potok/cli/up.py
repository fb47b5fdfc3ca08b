"""`potok up`: checks what can be checked at once, then becomes the server process. Knows nothing of how it is built."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from potok.cli.options import Json

SERVER_MODULE = "potok.cli.serve"


def up(
    dags: Annotated[Path | None, typer.Option("--dags", metavar="DIR", help="The DAG folder.")] = None,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65_535, help="The port; 0 takes a free one.")] = None,
    host: Annotated[str | None, typer.Option("--host", help="The address to listen on.")] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=1024, help="How many tasks may run at once.")
    ] = None,
    split: Annotated[
        bool, typer.Option("--split", help="Run the scheduler and the API as two processes: pages can't slow tasks.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Start the server: scheduler, workers, API and pages in one process tree."""
    from potok.cli.config import load_settings

    given = {
        "POTOK_DAGS": dags,
        "POTOK_PORT": port,
        "POTOK_HOST": host,
        "POTOK_WORKERS": workers,
    }
    overrides = {name: str(value) for name, value in given.items() if value is not None}
    load_settings(overrides=overrides)  # a mistake is told here, by the command that was typed
    os.environ.update(overrides)
    # A process of its own without the command line's modules; -P: no file of the workspace may hide a module of ours.
    arguments = ["-P", "-m", SERVER_MODULE, *(["--split"] if split else []), *(["--json"] if as_json else [])]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *arguments])
