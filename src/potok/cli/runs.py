"""Commands that read runs: lists, tasks, logs. They ask the server and print."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from potok.cli import output
from potok.cli.options import Json, Limit, RunId, TaskId, complete_dags
from potok.cli.remote import connect, find_run
from potok.model.errors import NotFoundError
from potok.model.state import RunState

if TYPE_CHECKING:
    from datetime import datetime

    from potok.client.api import PotokClient
    from potok.model.answers import Run, TaskInstance

# What the server gives at once.
PAGE_MAX = 200
TASKS_NAMED_MAX = 10


def list_runs(
    dag_id: Annotated[
        str, typer.Argument(metavar="[DAG]", help="Only runs of this DAG.", autocompletion=complete_dags)
    ] = "",
    state: Annotated[RunState | None, typer.Option("--state", help="Only runs in this state.")] = None,
    limit: Limit = 20,
    as_json: Json = False,
) -> None:
    """List runs, newest first."""
    with connect() as client:
        if dag_id:
            client.dag(dag_id)  # a misspelt DAG is an error, not an empty list
        items, cursor = _newest(client, dag_id or None, state, limit)
    if as_json:
        output.print_json({"items": items, "next_cursor": cursor})
        return
    columns = ("RUN", "DAG", "STATE", "TASKS#", "STARTED", "TOOK#", "BY")
    output.table(columns, [_run_row(run) for run in items], empty="No runs.")
    if cursor:
        output.console(stderr=True).print(f"[dim]older runs exist: --limit {min(limit * 5, 1000)} shows more[/]")


def _newest(
    client: PotokClient, dag_id: str | None, state: RunState | None, limit: int
) -> tuple[list[Run], str | None]:
    """Up to `limit` runs, by as many pages as that takes, and the cursor behind them."""
    items: list[Run] = []
    cursor: str | None = None
    while len(items) < limit:
        page = client.runs(dag_id=dag_id, state=state, limit=min(PAGE_MAX, limit - len(items)), cursor=cursor)
        items += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    return items, cursor


def _run_row(run: Run) -> tuple[str, ...]:
    counts = run.counts
    done = counts.success + counts.failed + counts.skipped + counts.upstream_failed + counts.cancelled
    return (
        output.markup(run.run_id),
        output.markup(run.dag_id),
        output.state(run.state),
        f"{done}/{counts.total}",
        output.ago(run.started_at or run.created_at),
        output.length(run.duration_s),
        output.markup(run.trigger.value + (f" {run.triggered_by}" if run.triggered_by else "")),
    )


def tasks(run: RunId, as_json: Json = False) -> None:
    """List the tasks of a run with their states."""
    with connect() as client:
        found = find_run(client, run)
        items = client.tasks(found.run_id)
    if as_json:
        output.print_json({"run_id": found.run_id, "items": items, "next_cursor": None})
        return
    columns = ("TASK", "STATE", "TRY#", "STARTED", "TOOK#")
    output.table(columns, [_task_row(item) for item in items], empty="The run has no tasks.")


def _task_row(item: TaskInstance) -> tuple[str, ...]:
    return (
        output.markup(item.task_id),
        output.state(item.state),
        f"{item.try_number}/{item.max_tries}" if item.try_number else "",
        output.ago(item.started_at),
        output.length(item.duration_s),
    )


def logs(
    run: RunId,
    task: TaskId,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the attempt ends.")] = False,
    attempt: Annotated[int | None, typer.Option("--attempt", min=1, help="Which try; default: the last one.")] = None,
    level: Annotated[str, typer.Option("--level", help="Only lines of this level and above, such as `warning`.")] = "",
    tail: Annotated[int, typer.Option("--tail", min=0, max=100_000, help="Only the last lines; 0 is all.")] = 0,
    as_json: Json = False,
) -> None:
    """Print the log of a task; with --json as JSON lines."""
    import json

    with connect() as client:
        found = find_run(client, run)
        try:
            for line in client.logs(found.run_id, task, attempt=attempt, follow=follow, level=level, offset=-tail):
                sys.stdout.write((json.dumps(line, ensure_ascii=False) if as_json else _entry_line(line)) + "\n")
                if follow:
                    sys.stdout.flush()
        except NotFoundError as error:
            raise _with_tasks(error, client, found, task) from None


def _with_tasks(error: NotFoundError, client: PotokClient, run: Run, task: str) -> NotFoundError:
    """Which tasks there are, when it is the task that is not: the last run may be of another DAG than meant."""
    known = [item.task_id for item in client.tasks(run.run_id)]
    if task in known:
        return error
    more = f" and {len(known) - TASKS_NAMED_MAX} more" if len(known) > TASKS_NAMED_MAX else ""
    return NotFoundError(
        f"run {run.run_id!r} has no task {task!r}; its tasks: {', '.join(known[:TASKS_NAMED_MAX])}{more};"
        f" `potok logs DAG {task}` reads the newest run of another DAG"
    )


def _entry_line(entry: dict[str, object]) -> str:
    from datetime import datetime

    at = datetime.fromisoformat(str(entry["at"]))
    return log_line(at, str(entry.get("level", "info")), str(entry.get("msg", "")))


def log_line(at: datetime, level: str, text: str) -> str:
    """One line as a person reads it: clock, level when it is worth a word, text."""
    mark = "" if level == "info" else f"{level.upper()} "
    return f"{at.astimezone():%H:%M:%S.%f}"[:-3] + f" {mark}{text}"
