"""`potok files`: what the results of a run name for people to open, with links for a browser."""

from __future__ import annotations

from urllib.parse import urlsplit

from potok.cli import output
from potok.cli.options import Json, MaybeTaskId, RunId
from potok.cli.remote import connect, find_run
from potok.model.errors import NotFoundError
from potok.model.result_files import FilesState, ResultFiles


def files(run: RunId, task: MaybeTaskId = "", as_json: Json = False) -> None:
    """List the files that the results of a run name, with a link to each that works for twelve hours.

    Whoever has such a link sees the files, without logging in.
    """
    with connect() as client:
        found = find_run(client, run)
        if task and task not in {item.task_id for item in client.tasks(found.run_id)}:
            raise NotFoundError(f"run {found.run_id} has no task {task!r}; `potok tasks` lists them")
        named = [one for one in client.files(found.run_id) if task in ("", one.task_id)]
        host = urlsplit(client.url)
    if as_json:
        output.print_json({"run_id": found.run_id, "items": named, "next_cursor": None})
        return
    if not named:
        output.say("No result of the run names files.")
    for one in named:
        _print(one, f"{host.scheme}://{host.netloc}")


def _print(one: ResultFiles, server: str) -> None:
    """The link on a line of its own, so that a terminal opens it whole and a person copies it whole."""
    console = output.console()
    told = f"{output.counted(one.count, 'file')}, {output.size(one.size)}" if one.is_folder else output.size(one.size)
    console.print(f"[bold]{output.markup(one.title)}[/]  [dim]{output.markup(one.task_id)}, {told}[/]")
    if one.state is FilesState.READY:
        output.say(f"  {server}{one.link}")
    else:
        console.print(f"  [red]✖[/] {output.markup(one.problem)}", soft_wrap=True)
