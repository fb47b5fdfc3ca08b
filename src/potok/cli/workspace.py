"""`potok init`: the files of a new workspace. Never overwrites one that is there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from potok.cli import output
from potok.cli.options import Json
from potok.model.errors import InvalidError

_SETTINGS = """\
# Settings of this workspace; `potok doctor` checks them. The environment (POTOK_PORT=9000, ...) goes over this file.
dags = "dags"
port = 8080
workers = 4

[retention]
runs_days = 400
logs_days = 30

# Pools limit what may run at once: `@task(pool="etl")`.
# [pools]
# etl = 2
"""

_HELLO = '''\
"""A first DAG: run it with `potok run dags/hello.py`, or start `potok up` and open its page."""

from potok import dag, task


@task
def greet(name: str) -> str:
    print(f"greeting {name}")
    return f"Hello, {name}!"


@task
def shout(greeting: str) -> str:
    return greeting.upper()


@dag(schedule="@daily")
def hello(name: str = "world"):
    shout(greet(name))


hello()
'''

_IGNORED = """\
# Potok's home: database, keys, logs, results
.potok/
__pycache__/
"""

FILES: tuple[tuple[str, str], ...] = (("potok.toml", _SETTINGS), ("dags/hello.py", _HELLO), (".gitignore", _IGNORED))


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where; default: here.")] = Path(),
    as_json: Json = False,
) -> None:
    """Make a workspace: potok.toml, dags/hello.py, .gitignore. Files that exist stay as they are."""
    made, kept = write_workspace(folder)
    if as_json:
        output.print_json({"folder": str(folder.resolve()), "made": made, "kept": kept})
        return
    for name in made:
        output.say(f"made {folder / name}")
    for name in kept:
        output.say(f"kept {folder / name}, it was there already")
    enter = "" if folder.resolve() == Path.cwd() else f"cd {folder} && "
    output.say(f"Next: {enter}potok run dags/hello.py, or {enter}potok up")


def write_workspace(folder: Path) -> tuple[list[str], list[str]]:
    """Names of files made and of files kept. Raises InvalidError when the folder can't be written."""
    made, kept = [], []
    for name, text in FILES:
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
            made.append(name)
        except FileExistsError:
            kept.append(name)
        except OSError as error:
            raise InvalidError(f"{path} can't be written: {error.strerror}; choose another folder") from None
    return made, kept
