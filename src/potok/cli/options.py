"""Options and arguments that several commands share, with their completion. Holds no behaviour of a command."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from potok.client.api import PotokClient

# A completion that keeps a person waiting is worse than none.
COMPLETION_TIMEOUT_S = 0.5


def _completed(ask: Callable[[PotokClient], list[str]], begun: str) -> list[str]:
    """Ids that start with `begun`; nothing at all when the server does not answer at once."""
    try:
        from potok.cli.remote import connect

        with connect(timeout_s=COMPLETION_TIMEOUT_S) as client:
            return [name for name in ask(client) if name.startswith(begun)]
    except Exception:  # whatever it is, a traceback in the middle of a command line helps nobody
        return []


def complete_dags(incomplete: str) -> list[str]:
    return _completed(lambda client: [dag.dag_id for dag in client.dags(runs=0).items], incomplete)


def complete_runs(incomplete: str) -> list[str]:
    return ["last", *_completed(lambda client: [run.run_id for run in client.runs(limit=50).items], incomplete)]


def complete_tasks(ctx: typer.Context, incomplete: str) -> list[str]:
    """Tasks of the run that is already on the line."""

    def ask(client: PotokClient) -> list[str]:
        from potok.cli.remote import find_run

        return [task.task_id for task in client.tasks(find_run(client, str(ctx.params["run"])).run_id)]

    return _completed(ask, incomplete)


Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, and nothing else there.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would run again, change nothing.")]
Note = Annotated[str, typer.Option("--note", help="Why, for whoever reads the history.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="At most so many rows.")]

DagId = Annotated[str, typer.Argument(metavar="DAG", help="The DAG's id.", autocompletion=complete_dags)]
RunId = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="A run's id; `last`: the newest run; a DAG's id: its newest run.",
        autocompletion=complete_runs,
    ),
]
TaskId = Annotated[str, typer.Argument(metavar="TASK", help="The task's id.", autocompletion=complete_tasks)]
MaybeTaskId = Annotated[
    str, typer.Argument(metavar="[TASK]", help="The task's id; without it all tasks.", autocompletion=complete_tasks)
]
TaskIds = Annotated[list[str], typer.Argument(metavar="TASK…", help="Ids of tasks.", autocompletion=complete_tasks)]
Params = Annotated[
    list[str],
    typer.Option(
        "--param", "-p", metavar="NAME=VALUE", help="A param of the run; JSON or plain text. May be repeated."
    ),
]
LogicalDate = Annotated[
    str,
    typer.Option(
        "--logical-date", metavar="WHEN", help="ISO 8601 (`2026-01-31`, `2026-01-31T02:00+03:00`); UTC without offset."
    ),
]
