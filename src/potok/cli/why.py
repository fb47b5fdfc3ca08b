"""`potok why`: the explanation of a run, the verdict first. Adds nothing to what the engine says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from potok.cli import output
from potok.cli.options import Json, RunId, complete_tasks
from potok.cli.remote import connect, find_run
from potok.model.errors import NotFoundError

if TYPE_CHECKING:
    from rich.console import Console

    from potok.engine.explanation import Explanation, Root, TaskWhy

NAMES_MAX = 8
TASKS_MAX = 30


def why(
    run: RunId,
    task: Annotated[str, typer.Argument(metavar="[TASK]", help="Only this task.", autocompletion=complete_tasks)] = "",
    as_json: Json = False,
) -> None:
    """Tell why a run is as it is: what failed and what that blocked, or what is being waited for."""
    with connect() as client:
        explained = client.explain(find_run(client, run).run_id)
    explanation = _decoded(explained)
    chosen = _of_task(explanation, task) if task else explanation
    if as_json:
        output.print_json(chosen)
    elif task:
        print_tasks(output.console(), chosen.tasks)
        print_roots(output.console(), chosen.roots)
    else:
        print_explanation(explanation)


def _decoded(explained: dict[str, object]) -> Explanation:
    import msgspec

    from potok.engine.explanation import Explanation

    return msgspec.convert(explained, Explanation)


def _of_task(explanation: Explanation, task_id: str) -> Explanation:
    """Only what concerns one task. Raises NotFoundError when nothing is known of it."""
    import msgspec

    tasks = tuple(task for task in explanation.tasks if task.task_id == task_id)
    roots = tuple(root for root in explanation.roots if root.task_id == task_id or task_id in root.blocked)
    if not tasks and not roots:
        raise NotFoundError(f"run {explanation.run_id} has no task {task_id!r}; `potok tasks` lists them")
    return msgspec.structs.replace(explanation, tasks=tasks, roots=roots)


def print_explanation(explanation: Explanation) -> None:
    """Verdict, what caused the run, roots, then what is still waited for."""
    console = output.console()
    console.print(f"[bold]{output.markup(explanation.verdict.text)}[/]")
    console.print(f"[dim]{output.markup(explanation.dag_id)} · {output.markup(explanation.run_id)} · ", end="")
    console.print(f"[dim]{output.markup(explanation.cause.text)}[/]")
    print_roots(console, explanation.roots)
    blocked = {name for root in explanation.roots for name in root.blocked}
    known = blocked | {root.task_id for root in explanation.roots}
    waiting = tuple(task for task in explanation.tasks if task.task_id not in known and task.state != "success")
    print_tasks(console, waiting[:TASKS_MAX])
    if len(waiting) > TASKS_MAX:
        console.print(f"[dim]… and {len(waiting) - TASKS_MAX:,} more; --json lists all[/]")


def print_roots(console: Console, roots: tuple[Root, ...], shown: Callable[[str], str] = str) -> None:
    """What failed by itself, where, and what did not run because of it. `shown` names a `file:line` for the reader."""
    for root in roots:
        console.print()
        console.print(f"[bold red]✖[/] [bold]{output.markup(root.task_id)}[/]: {output.markup(root.reason.text)}")
        if root.error is not None:
            if root.error.message not in root.reason.text:
                console.print(f"  [red]{output.markup(root.error.kind)}[/]: {output.markup(root.error.message)}")
            if root.error.location:
                console.print(f"  at {output.markup(shown(root.error.location))}")
        if root.blocked:
            names = ", ".join(root.blocked[:NAMES_MAX])
            more = f" and {len(root.blocked) - NAMES_MAX:,} more" if len(root.blocked) > NAMES_MAX else ""
            console.print(f"  did not run because of it: {output.markup(names)}{more}")


def print_tasks(console: Console, tasks: tuple[TaskWhy, ...]) -> None:
    for task in tasks:
        reasons = "; ".join(reason.text for reason in task.reasons) or "nothing holds it"
        console.print(f"{output.state(task.state)} [bold]{output.markup(task.task_id)}[/]: {output.markup(reasons)}")
