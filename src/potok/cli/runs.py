"""Commands that read runs: lists, tasks, logs. They ask the server and print."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from potok.cli import output
from potok.cli.options import Json, Limit, MaybeTaskId, RunId, complete_dags
from potok.cli.remote import connect, find_run
from potok.model.errors import InvalidError, NotFoundError
from potok.model.state import RunState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from potok.client.api import PotokClient
    from potok.model.answers import Run, TaskInstance
    from potok.model.journal import LogMatches

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
        output.markup(_by(run)),
    )


def _by(run: Run) -> str:
    if run.event is not None:
        return run.event.text
    return run.trigger.value + (f" {run.triggered_by}" if run.triggered_by else "")


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
    task: MaybeTaskId = "",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the attempt ends.")] = False,
    attempt: Annotated[int | None, typer.Option("--attempt", min=1, help="Which try; default: the last one.")] = None,
    level: Annotated[str, typer.Option("--level", help="Only lines of this level and above, such as `warning`.")] = "",
    tail: Annotated[int, typer.Option("--tail", min=0, max=100_000, help="Only the last lines; 0 is all.")] = 0,
    search: Annotated[
        str, typer.Option("--search", "-s", help="Only lines that hold this text, whatever its case.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Print the log of a task, or of all tasks of a run; with --json as JSON lines."""
    if (attempt or tail) and not task:
        raise InvalidError("--attempt and --tail are of one task; name it after the run")
    with connect() as client:
        found = find_run(client, run)
        try:
            if search:
                _print_matches(
                    client.search_logs(found.run_id, search, task_id=task, attempt=attempt, level=level), as_json
                )
                return
            lines = (
                client.logs(found.run_id, task, attempt=attempt, follow=follow, level=level, offset=-tail)
                if task
                else client.run_logs(found.run_id, follow=follow, level=level)
            )
            _print_lines(lines, as_json, flush=follow)
        except NotFoundError as error:
            raise _with_tasks(error, client, found, task) from None


def _print_lines(lines: Iterator[dict[str, object]], as_json: bool, *, flush: bool) -> None:
    import json

    for line in lines:
        sys.stdout.write((json.dumps(line, ensure_ascii=False) if as_json else _entry_line(line)) + "\n")
        if flush:
            sys.stdout.flush()


def _print_matches(found: LogMatches, as_json: bool) -> None:
    """`task:line` before each, as grep does with files."""
    if as_json:
        output.print_json(found)
        return
    for one in found.items:
        sys.stdout.write(f"{one.task_id}:{one.line}: {log_line(one.at, one.level, one.text)}\n")
    more = found.total - len(found.items)
    if more > 0 or not found.items:
        output.console(stderr=True).print(f"[dim]{f'{more:,} more lines match' if more > 0 else 'no line matches'}[/]")


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
    whose = f"{entry['task_id']}: " if entry.get("task_id") else ""
    return log_line(at, str(entry.get("level", "info")), whose + str(entry.get("msg", "")))


def log_line(at: datetime, level: str, text: str) -> str:
    """One line as a person reads it: clock, level when it is worth a word, text."""
    mark = "" if level == "info" else f"{level.upper()} "
    return f"{at.astimezone():%H:%M:%S.%f}"[:-3] + f" {mark}{text}"
