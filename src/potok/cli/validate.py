"""`potok validate`: imports DAG files as a server would and tells what is wrong, by file and line. Starts nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from potok.cli import output
from potok.cli.errors import ExitCode
from potok.cli.options import Json
from potok.model.errors import NotFoundError

if TYPE_CHECKING:
    from potok.cli.dag_file import Place
    from potok.sources.catalogue import Found


def validate(
    path: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", help="A DAG file or a folder; default: the DAG folder.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check DAG files without a server; exit code 1 when one is broken."""
    import tempfile

    from potok.cli.config import load_settings
    from potok.cli.dag_file import look, place_of

    settings = load_settings()
    chosen = Path(settings.dags) if path is None else path
    if not chosen.exists():
        raise NotFoundError(f"{chosen} is not there; `potok init` makes a DAG folder with an example")
    place = place_of(settings, chosen)
    with tempfile.TemporaryDirectory(prefix="potok-validate-") as home:
        found = look(settings, place, Path(home))
    if as_json:
        output.print_json(_facts(place, found))
    else:
        _print(place, found)
    if found.failures:
        raise typer.Exit(ExitCode.RUN_FAILED)


def _facts(place: Place, found: Found) -> dict[str, object]:
    return {
        "ok": not found.failures,
        "dags": [
            {"dag_id": dag_id, "location": place.shown(one.dag.location or one.dag.file), "tasks": len(one.dag.tasks)}
            for dag_id, one in sorted(found.dags.items())
        ],
        "errors": [
            {"file": place.shown(file), "location": place.shown(one.location), "message": one.message}
            for file, one in sorted(found.failures.items())
        ],
    }


def _print(place: Place, found: Found) -> None:
    console = output.console()
    for dag_id, one in sorted(found.dags.items()):
        where, tasks = place.shown(one.dag.location or one.dag.file), output.counted(len(one.dag.tasks), "task")
        console.print(f"[green]✔[/] [bold]{output.markup(dag_id)}[/]  {tasks}  [dim]{output.markup(where)}[/]")
    for failure in found.failures.values():
        sentence = f"{place.shown(failure.location)}: {failure.message}"
        console.print(f"[bold red]✖[/] {output.markup(sentence)}")
    if not found.dags and not found.failures:
        output.say("no DAGs found")
