"""Commands that change a run: cancel, retry, clear, mark. They tell what was done, or with --dry-run would be."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from potok.cli import output
from potok.cli.options import DryRun, Json, Note, Params, RunId, TaskIds, complete_tasks
from potok.cli.remote import connect, find_run
from potok.model.state import TaskState

if TYPE_CHECKING:
    from potok.model.answers import Changed

NAMES_MAX = 8


class Mark(StrEnum):
    """The outcomes that a person may set."""

    SUCCESS = "success"
    FAILED = "failed"
    SKIPPED = "skipped"


def cancel(run: RunId, note: Note = "", as_json: Json = False) -> None:
    """Cancel a run: running tasks are ended, the others never start."""
    with connect() as client:
        changed = client.cancel(find_run(client, run).run_id, note=note)
    if as_json:
        output.print_json(changed)
    else:
        output.say(f"{changed.run.run_id} is {changed.run.state.value}; {_listed(changed.tasks)} did not finish")


def retry(
    run: RunId,
    tasks: Annotated[
        list[str], typer.Argument(metavar="[TASK…]", help="Only these tasks.", autocompletion=complete_tasks)
    ] = [],  # noqa: B006 - Typer reads the default and never changes it
    only: Annotated[bool, typer.Option("--only", help="Not what did not run below them.")] = False,
    param: Params = [],  # noqa: B006 - Typer reads the default and never changes it
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Run again what failed, and what did not run because of it. Results of the others are kept.

    With --param the run goes on with that value; an ended run alone takes it, and kept results stay as they are.
    """
    from potok.cli.params import parse_params

    with connect() as client:
        found = find_run(client, run)
        schema = client.dag(found.dag_id, bundle=found.bundle).graph.params if param else {}
        changed = client.retry(
            found.run_id, tasks, downstream=not only, dry_run=dry_run, params=parse_params(param, schema)
        )
    _tell_price(changed, dry_run=dry_run, as_json=as_json)


def clear(
    run: RunId,
    tasks: TaskIds,
    downstream: Annotated[bool, typer.Option("--downstream", help="And all tasks below them.")] = False,
    upstream: Annotated[bool, typer.Option("--upstream", help="And all tasks above them.")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Forget the outcomes of tasks, whatever they were, and run them again."""
    with connect() as client:
        run_id = find_run(client, run).run_id
        changed = client.clear(run_id, tasks, downstream=downstream, upstream=upstream, dry_run=dry_run)
    _tell_price(changed, dry_run=dry_run, as_json=as_json)


def mark(
    run: RunId,
    tasks: TaskIds,
    state: Annotated[Mark, typer.Option("--state", help="The outcome to set.")],
    note: Note = "",
    as_json: Json = False,
) -> None:
    """Set the outcome of tasks by hand; a running attempt is cancelled first."""
    with connect() as client:
        changed = client.mark(find_run(client, run).run_id, tasks, TaskState(state.value), note=note)
    if as_json:
        output.print_json(changed)
    else:
        output.say(f"marked {state.value}: {_listed(changed.tasks)}")
        _tell_held_up(changed)


def _tell_held_up(changed: Changed) -> None:
    """With no failure left in the run, what a failure held up is below the marked tasks, and a retry runs just that."""
    run, counts = changed.run, changed.run.counts
    if counts.upstream_failed and not counts.failed and not counts.cancelled:
        below = output.counted(counts.upstream_failed, "task")
        output.say(f"{below} below did not run; `potok retry {run.run_id}` runs {_them(counts.upstream_failed)}")


def _them(number: int) -> str:
    return "it" if number == 1 else "them"


def _tell_price(changed: Changed, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        output.print_json(changed)
        return
    verb = "would run" if dry_run else "runs"
    kept = output.counted(changed.kept, "result")
    output.say(f"{changed.run.run_id}: {verb} {_listed(changed.tasks)} again and keeps {kept}")


def _listed(names: tuple[str, ...]) -> str:
    if not names:
        return "0 tasks"
    more = f" and {len(names) - NAMES_MAX:,} more" if len(names) > NAMES_MAX else ""
    return f"{output.counted(len(names), 'task')} ({', '.join(names[:NAMES_MAX])}{more})"
