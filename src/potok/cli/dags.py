"""Commands about DAGs: list, show, start, pause, and when they run next. They ask the server and print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from potok.cli import output
from potok.cli.errors import ExitCode
from potok.cli.options import DagId, Json, LogicalDate, Note, Params
from potok.cli.remote import connect
from potok.model.errors import InvalidError

if TYPE_CHECKING:
    from potok.client.api import PotokClient
    from potok.model.answers import DagItem, DagView, Run, TriggerView
    from potok.model.history import Missed, PlannedStart, Standing, Usual

PAGE = 200


def list_dags(
    search: Annotated[str, typer.Option("--search", help="Only DAGs with this text in their id.")] = "",
    tag: Annotated[str, typer.Option("--tag", help="Only DAGs with this tag.")] = "",
    as_json: Json = False,
) -> None:
    """List the DAGs: last run, schedule, next start; and the files that can't be imported."""
    with connect() as client:
        items, cursor = [], None
        while True:
            page = client.dags(search=search, tag=tag, limit=PAGE, cursor=cursor, runs=1)
            items += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
        broken = client.import_errors()
    if as_json:
        output.print_json({"items": items, "next_cursor": None, "import_errors": broken})
        return
    rows = [_dag_row(item) for item in items]
    output.table(("DAG", "LAST RUN", "SCHEDULE", "NEXT", "TASKS#", "FILE"), rows, empty="No DAGs yet.")
    for failure in broken:
        output.console().print(f"[red]broken[/] {output.markup(failure.location or failure.file)}: ", end="")
        output.say(failure.message)


def _dag_row(item: DagItem) -> tuple[str, ...]:
    newest = item.last_runs[0] if item.last_runs else None
    last = f"{output.state(newest.state)} {output.ago(newest.created_at)}" if newest else "[dim]never[/]"
    upcoming = "[yellow]paused[/]" if item.paused else output.upcoming(item.next_run_at)
    return (
        output.markup(item.dag_id),
        last,
        output.markup(item.schedule) or "[dim]none[/]",
        upcoming,
        str(item.task_count),
        output.markup(item.file),
    )


def show(dag_id: DagId, as_json: Json = False) -> None:
    """Show a DAG: params, schedule, and its tasks as a tree."""
    with connect() as client:
        view = client.dag(dag_id)
        standing, usual = client.standing(dag_id), client.usual(dag_id)
    if as_json:
        output.print_json(view)
    else:
        _print_view(view, standing, usual)


def _print_view(view: DagView, standing: Standing, usual: Usual) -> None:
    from potok.cli.graph import draw, edges_of

    item, graph, console = view.dag, view.graph, output.console()
    console.print(f"[bold]{output.markup(item.dag_id)}[/]  {output.markup(item.description)}".rstrip())
    facts = {
        "schedule": f"{item.schedule} ({item.tz})" if item.schedule else _no_schedule(view),
        "next start": _next_start(item),
        "code": f"{item.location or item.file}, version {graph.bundle[:12]}",
        "at once": f"{output.counted(graph.max_active_runs, 'run')}"
        + (f", {output.counted(graph.max_active_tasks, 'task')}" if graph.max_active_tasks else ""),
        "tags": ", ".join(item.tags),
        "owner": item.owner,
        "time limit": output.length(graph.timeout_s),
        "deadline": output.length(graph.deadline_s),
        "last run": _last(standing),
        "usually": _usually(usual),
    }
    for name, value in facts.items():
        if value:
            console.print(f"  [dim]{name:<11}[/] {output.markup(value)}")
    for trigger in view.triggers:
        _print_trigger(trigger)
    _print_params(graph.params)
    console.print()
    for line in draw(
        [task.task_id for task in graph.tasks], edges_of(graph), {t.task_id: _label(t) for t in graph.tasks}
    ):
        console.print(output.markup(line))


def _no_schedule(view: DagView) -> str:
    return "none: started by its triggers" if view.triggers else "none: started by hand or by API"


def _print_trigger(trigger: TriggerView) -> None:
    told = f", at {trigger.hook}" if trigger.hook else ""
    last = f"; last run {trigger.run_id} {output.ago(trigger.started_at)}" if trigger.run_id else ""
    console = output.console()
    console.print(f"  [dim]trigger    [/] {output.markup(trigger.text + told + last)}")
    if trigger.waiting:
        console.print(f"  [dim]           [/] {output.markup(f'waits to start a run: {trigger.waiting}')}")
    if trigger.trouble:
        console.print(f"  [dim]           [/] [red]{output.markup(trigger.trouble)}[/]")


def _last(standing: Standing) -> str:
    if standing.code == "failed":
        after = f" after {output.counted(standing.good_before, 'good run')}" if standing.good_before else ""
        how_long = f", {output.counted(standing.streak, 'run')} in a row" if standing.streak > 1 else ""
        return f"failed{f' in {standing.task_id}' if standing.task_id else ''}{how_long}{after}"
    return f"good, {output.counted(standing.streak, 'run')} in a row" if standing.code == "good" else ""


def _usually(usual: Usual) -> str:
    if usual.basis != "usual" or not usual.slowest:
        return ""
    return f"{output.length(usual.length_s)}; slowest is {usual.slowest} with {usual.slowest_share:.0%} of it"


def _next_start(item: DagItem) -> str:
    if item.paused:
        who = f" by {item.paused_by}" if item.paused_by else ""
        return f"paused{who}{': ' + item.paused_note if item.paused_note else ''}"
    if item.next_run_at is None:
        return ""
    return f"{output.moment(item.next_run_at)}, {output.upcoming(item.next_run_at)}"


def _label(task: object) -> str:
    """What is not usual about a task, in brackets behind its name."""
    parts = []
    for name, usual, text in (
        ("pool", "", "pool {}"),
        ("queue", "default", "queue {}"),
        ("trigger_rule", "all_success", "{}"),
        ("role", "work", "{}"),
        ("retries", 0, "retries {}"),
    ):
        value = getattr(task, name)
        if value != usual:
            parts.append(text.format(value))
    return f"  ({', '.join(parts)})" if parts else ""


def _print_params(schema: dict[str, object]) -> None:
    properties = schema.get("properties")
    if not isinstance(properties, dict) or not properties:
        return
    console = output.console()
    required = schema.get("required")
    for name, schema_of_one in properties.items():
        declared = schema_of_one if isinstance(schema_of_one, dict) else {}
        kind = str(declared.get("type", "any"))
        if "default" in declared:
            note = f"= {declared['default']!r}"
        else:
            note = "required" if isinstance(required, list) and name in required else ""
        console.print(f"  [dim]param      [/] {output.markup(f'{name}: {kind} {note}'.rstrip())}")


def trigger(
    dag_id: DagId,
    param: Params = [],  # noqa: B006 - Typer reads the default and never changes it
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the run's end; exit code 1 when it fails.")] = False,
    logical_date: LogicalDate = "",
    note: Note = "",
    idempotency_key: Annotated[
        str, typer.Option("--idempotency-key", help="A repeated key yields the first run and starts nothing.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Start a run of a DAG on the server."""
    from potok.cli.params import parse_date, parse_params

    date = parse_date(logical_date)
    with connect() as client:
        schema = client.dag(dag_id).graph.params if param else {}
        run, created = client.trigger(
            dag_id,
            parse_params(param, schema),
            logical_date=date,
            note=note,
            idempotency_key=idempotency_key or None,
        )
        if not as_json:
            output.say(f"{'started' if created else 'already there:'} {run.run_id}")
        verdict = ""
        if wait:
            run = _ended(client, run.run_id)
            verdict = "" if as_json else _verdict(client, run.run_id)
    if as_json:
        output.print_json(run)
    elif wait:
        output.console().print(f"{output.state(run.state)}  {output.markup(verdict)}")
        if run.state != "success":
            output.say(f"`potok why {run.run_id}` tells more")
    if wait and run.state != "success":
        raise typer.Exit(ExitCode.RUN_FAILED)


def _ended(client: PotokClient, run_id: str) -> Run:
    from potok.client.handle import RunHandle

    RunHandle(run_id, client).wait()
    return client.run(run_id)


def _verdict(client: PotokClient, run_id: str) -> str:
    """The sentence of `potok why`."""
    verdict = client.explain(run_id).get("verdict")
    return str(verdict.get("text", "")) if isinstance(verdict, dict) else ""


def pause(dag_id: DagId, note: Note = "", as_json: Json = False) -> None:
    """Stop starting runs of a DAG by schedule; runs started by hand still work."""
    with connect() as client:
        item = client.pause(dag_id, note=note)
    if as_json:
        output.print_json(item)
    else:
        output.say(f"{item.dag_id} is paused; `potok unpause {item.dag_id}` goes on")


def unpause(dag_id: DagId, as_json: Json = False) -> None:
    """Go on starting runs of a DAG by schedule."""
    with connect() as client:
        item = client.unpause(dag_id)
    if as_json:
        output.print_json(item)
    else:
        upcoming = f"; next start {output.moment(item.next_run_at)}" if item.next_run_at else ""
        output.say(f"{item.dag_id} runs by schedule again{upcoming}")


def next_starts(
    dag_id: Annotated[str, typer.Argument(metavar="[DAG]", help="The DAG's id.")] = "",
    every: Annotated[bool, typer.Option("--all", help="All DAGs, in the order of their starts; the default.")] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="Starts of each DAG.")] = 5,
    as_json: Json = False,
) -> None:
    """Tell when a DAG starts next by its schedule, clock changes included."""
    if dag_id and every:
        raise InvalidError("name one DAG, or write --all")
    with connect() as client:
        ids = [dag_id] if dag_id else [item.dag_id for item in client.dags(runs=0).items if item.next_run_at]
        starts = [(name, fire) for name in ids for fire in client.next_fires(name, limit=limit)]
        missed = client.missed(dag_id) if dag_id and not as_json else None
    starts.sort(key=lambda start: start[1].at)
    if as_json:
        output.print_json({"items": [_start(name, fire) for name, fire in starts], "next_cursor": None})
        return
    rows = [
        (output.markup(name), fire.local, output.ago(fire.at), output.markup(_notes(fire))) for name, fire in starts
    ]
    output.table(("DAG", "START", "", ""), rows, empty="Nothing starts by schedule.")
    if missed is not None and missed.starts:
        output.say(_missed(missed))


def _notes(fire: PlannedStart) -> str:
    meets = [f"pool {one.pool} ({one.wanted}/{one.slots} wanted) shared with {one.dag_id}" for one in fire.collisions]
    return "; ".join(part for part in (fire.note, *meets) if part)


def _missed(missed: Missed) -> str:
    assert missed.first is not None and missed.last is not None
    counted = output.counted(missed.starts, "missed start")
    if missed.starts == 1:
        return f"{counted} would run at once: {output.moment(missed.first)}"
    return f"{counted} would run at once: {output.moment(missed.first)} to {output.moment(missed.last)}"


def _start(name: str, fire: PlannedStart) -> dict[str, object]:
    return {
        "dag_id": name,
        "at": fire.at,
        "local": fire.local,
        "note": fire.note,
        "until": fire.until,
        "collisions": fire.collisions,
    }
