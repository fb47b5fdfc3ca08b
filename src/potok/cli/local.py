"""`potok run`: one run in this process, without a server; the real scheduler and workers, nothing left behind."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from potok.cli import output
from potok.cli.errors import ExitCode, print_error
from potok.cli.options import Json, LogicalDate, Params

if TYPE_CHECKING:
    from potok.cli.dag_file import Chosen
    from potok.cli.progress import Progress, Row
    from potok.model.settings import Settings
    from potok.scheduler.commands import LiveEvent, TriggerRun
    from potok.scheduler.local import LocalRun
    from potok.store.rows import AttemptRow

LOG_TAIL_LINES = 15
REFRESH_PER_S = 8
ACTOR = "potok run"
# What shells expect of a program that was interrupted.
INTERRUPTED = 130


def run(
    target: Annotated[
        str, typer.Argument(metavar="FILE|DAG", help="A DAG file, or the id of a DAG in the DAG folder.")
    ],
    dag_id: Annotated[str, typer.Option("--dag", help="Which DAG, when the file holds several.")] = "",
    param: Params = [],  # noqa: B006 - Typer reads the default and never changes it
    logical_date: LogicalDate = "",
    as_json: Json = False,
) -> None:
    """Run a DAG here and now, without a server, and show how it goes; exit code 1 when it fails."""
    from potok.cli.config import load_settings
    from potok.cli.dag_file import choose
    from potok.cli.params import parse_date, parse_params
    from potok.scheduler.commands import TriggerRun

    date = parse_date(logical_date)
    settings = load_settings()
    with _temporary_home() as home:
        chosen = choose(settings, home, target, dag_id)
        trigger = TriggerRun(
            chosen.dag.dag_id,
            ACTOR,
            params=parse_params(param, chosen.dag.params),
            logical_date=date.timestamp() if date else None,
        )
        ended = _interruptible(lambda: _followed(settings, home, chosen, trigger, quiet=as_json))
        if as_json:
            output.print_json(_facts(ended))
        else:
            _print_end(ended, home, chosen.shown)
    if ended.run.record.state != "success":
        raise typer.Exit(ExitCode.RUN_FAILED)


@contextmanager
def _temporary_home() -> Iterator[Path]:
    import shutil
    import tempfile

    home = Path(tempfile.mkdtemp(prefix="potok-run-"))
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _interruptible(follow: Callable[[], LocalRun]) -> LocalRun:
    """Ctrl+C and SIGTERM cancel the run and end its tasks before they end this process."""
    import asyncio

    try:
        return follow()
    except (KeyboardInterrupt, asyncio.CancelledError):
        print_error("interrupted; the run was cancelled and its tasks were ended")
        raise typer.Exit(INTERRUPTED) from None


def _followed(settings: Settings, home: Path, chosen: Chosen, trigger: TriggerRun, *, quiet: bool) -> LocalRun:
    """The run with its progress on the terminal; in a pipe a line for each task's end, with `quiet` nothing."""
    import asyncio

    from potok.cli.progress import Progress

    progress = Progress(chosen.dag)
    console = output.console()
    if quiet:
        return asyncio.run(_run(settings, home, chosen, trigger, lambda events: None))
    if not console.is_terminal:
        return asyncio.run(_run(settings, home, chosen, trigger, lambda events: _print_ends(progress, events)))
    from rich.live import Live
    from rich.text import Text

    def drawn() -> Text:
        lines = progress.lines(time.time(), height=max(3, console.height - 4))
        return Text.from_markup("\n".join(lines), overflow="ellipsis")

    with Live(console=console, refresh_per_second=REFRESH_PER_S, get_renderable=drawn):
        return asyncio.run(_run(settings, home, chosen, trigger, lambda events: _take(progress, events)))


def _take(progress: Progress, events: list[LiveEvent]) -> list[Row]:
    """The store holds this one run, so the first event tells its id."""
    from potok.scheduler.commands import RunChanged, TaskChanged

    for event in events:
        if not progress.run_id and isinstance(event, RunChanged | TaskChanged):
            progress.run_id = event.run_id
    return progress.apply(events)


def _print_ends(progress: Progress, events: list[LiveEvent]) -> None:
    from potok.cli.progress import row_line
    from potok.model.state import TASK_ENDED, TaskState

    for row in _take(progress, events):
        if row.state in TASK_ENDED or row.state is TaskState.UP_FOR_RETRY:
            output.console().print(row_line(row, time.time()))


async def _run(
    settings: Settings,
    home: Path,
    chosen: Chosen,
    trigger: TriggerRun,
    on_events: Callable[[list[LiveEvent]], object],
) -> LocalRun:
    import asyncio
    import signal

    from potok.cli.lent_secrets import lend
    from potok.executors.process import ProcessExecutor
    from potok.scheduler.local import LocalSettings, run_local
    from potok.store.open import open_store

    me = asyncio.current_task()
    assert me is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, me.cancel)

    os.environ["POTOK_HOME"] = settings.home  # tasks that call `.delay()` mean the server of the workspace
    store = open_store("sqlite://:memory:")
    try:
        store.upgrade()
        lend(chosen.dag, settings, store, home)
        executor = ProcessExecutor(home, workers=settings.workers, warm=1, queues=settings.queues)
        return await run_local(
            store,
            executor,
            chosen,
            LocalSettings(home, settings.pools),
            trigger,
            lambda events: _drop(on_events(events)),
        )
    finally:
        store.close()


def _drop(value: object) -> None:
    """The scheduler takes no answer."""


def _facts(ended: LocalRun) -> dict[str, object]:
    record = ended.run.record
    return {
        "run_id": record.run_id,
        "dag_id": record.dag_id,
        "state": record.state,
        "started_at": _instant(record.started_at),
        "ended_at": _instant(record.ended_at),
        "verdict": ended.explanation.verdict.text,
        "roots": ended.explanation.roots,
        "tasks": [
            {
                "task_id": task.task_id,
                "state": task.state,
                "try_number": task.try_number,
                "started_at": _instant(task.started_at),
                "ended_at": _instant(task.ended_at),
            }
            for task in ended.tasks
        ],
    }


def _instant(at: float | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)


def _print_end(ended: LocalRun, home: Path, shown: Callable[[str], str]) -> None:
    from potok.cli.why import print_roots

    console = output.console()
    console.print(f"{output.state(ended.run.record.state)}  [bold]{output.markup(ended.explanation.verdict.text)}[/]")
    attempts = {attempt.attempt_id: attempt for attempt in ended.attempts}
    for root in ended.explanation.roots:
        print_roots(console, (root,), shown)
        attempt = attempts.get(root.attempt_id or 0)
        lines = log_tail(home, attempt) if attempt is not None else []
        if lines:
            console.print("  [dim]last lines of its log:[/]")
            for line in lines:
                console.print(f"    {output.markup(line)}")


def log_tail(home: Path, attempt: AttemptRow) -> list[str]:
    """The last lines that the attempt left."""
    import msgspec

    from potok.cli.runs import log_line
    from potok.model.local_wire import LogLine
    from potok.scheduler.calls import Places

    if attempt.log is None:
        return []
    with (Path(Places.under(home).logs) / attempt.log.segment).open("rb") as file:
        file.seek(attempt.log.start)
        block = file.read(attempt.log.end - attempt.log.start)
    lines = [msgspec.json.decode(raw, type=LogLine) for raw in block.splitlines() if raw]
    own = [line for line in lines if line.attempt_id == attempt.attempt_id][-LOG_TAIL_LINES:]
    return [log_line(datetime.fromtimestamp(line.at, UTC), line.level, line.msg) for line in own]
