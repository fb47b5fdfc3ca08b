"""`potok checks`: what the contract checks of a run's tasks found, as its page lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from potok.cli import output
from potok.cli.errors import ExitCode
from potok.cli.options import Json, MaybeTaskId, RunId
from potok.cli.remote import connect, find_run
from potok.model.errors import NotFoundError

if TYPE_CHECKING:
    from potok.model.answers import Attempt

# One question to the server each.
TASKS_MAX = 100


def checks(run: RunId, task: MaybeTaskId = "", as_json: Json = False) -> None:
    """List what the contract checks of a run's tasks found, and what was wanted. Exit code 1: one does not hold."""
    with connect() as client:
        found = find_run(client, run)
        tasks = client.tasks(found.run_id)
        if task and task not in {item.task_id for item in tasks}:
            raise NotFoundError(f"run {found.run_id} has no task {task!r}; `potok tasks` lists them")
        names = [item.task_id for item in tasks if item.try_number and task in ("", item.task_id)]
        last = [client.attempts(found.run_id, name)[-1] for name in names[:TASKS_MAX]]
    if as_json:
        items = [
            {"task_id": attempt.task_id, "try_number": attempt.try_number, "checks": attempt.checks}
            for attempt in last
            if attempt.checks
        ]
        output.print_json({"run_id": found.run_id, "items": items, "next_cursor": None})
    else:
        rows = [row for attempt in last for row in _rows(attempt)]
        output.table(("TASK", "CHECK", "FOUND", "WANTED"), rows, empty="No task of the run has come to its checks.")
        if len(names) > TASKS_MAX:
            output.console(stderr=True).print(f"[dim]… of the first {TASKS_MAX} tasks; name one to see its checks[/]")
    if not all(one.ok for attempt in last for one in attempt.checks):
        raise typer.Exit(ExitCode.RUN_FAILED)


def _rows(attempt: Attempt) -> list[tuple[str, ...]]:
    """What does not hold comes first: it is what people look for."""
    return [
        (
            output.markup(attempt.task_id),
            ("[green]✔[/] " if one.ok else "[bold red]✖[/] ") + output.markup(one.check),
            output.markup(one.detail),
            output.markup(one.wanted),
        )
        for one in sorted(attempt.checks, key=lambda each: each.ok)
    ]
