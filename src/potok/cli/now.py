"""`potok now`: the home in the terminal. `potok mute` and `unmute`: say nothing more of a thing for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from potok.cli import output
from potok.cli.options import Json, Note
from potok.cli.remote import connect
from potok.model.duration import human, seconds
from potok.model.errors import InvalidError

if TYPE_CHECKING:
    from potok.model.board import Need, Now, UpcomingStarts

_NEXT_SHOWN = 5
_MARKS = {
    "failed": "[bold red]✖[/]",
    "late": "[yellow]▲[/]",
    "import_error": "[red]✖[/]",
    "lost_worker": "[red]✖[/]",
    "unserved_queue": "[yellow]▲[/]",
    "trigger": "[yellow]▲[/]",
}

Thing = Annotated[
    str, typer.Argument(metavar="KEY", help="The key of a thing that `potok now` tells, or a DAG's id for all of it.")
]


def now(as_json: Json = False) -> None:
    """Tell what needs you now, how the server is, and what starts next."""
    midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    with connect() as client:
        home = client.now(since=midnight)
        starts = client.upcoming(limit=_NEXT_SHOWN)
    if as_json:
        output.print_json({"now": home, "upcoming": starts})
        return
    console = output.console()
    console.print(f"[bold]{_headline(home)}[/]")
    console.print(f"[dim]{_pulse(home)}[/]")
    console.print(_counts(home))
    for need in home.needs:
        console.print()
        _print_need(need)
    left = home.needs_total - len(home.needs)
    if left > 0:
        output.say(f"and {left:,} more")
    _print_starts(starts)


def _headline(home: Now) -> str:
    muted = f" ({home.muted:,} muted)" if home.muted else ""
    if home.needs_total:
        verb = "needs" if home.needs_total == 1 else "need"
        return f"{output.counted(home.needs_total, 'thing')} {verb} you{muted}"
    runs = home.counts.done_runs
    return f"Nothing needs you{muted}. {output.counted(runs, 'run')} succeeded since midnight"


def _pulse(home: Now) -> str:
    pulse = home.pulse
    return (
        f"a commit takes {human(pulse.commit_ms / 1000)}, the loop was late by {human(pulse.lag_s)} at most; "
        f"store {output.size(pulse.store_bytes)}; {output.counted(pulse.workers, 'worker')}, "
        f"{pulse.free} of {output.counted(pulse.slots, 'slot')} free"
    )


def _counts(home: Now) -> str:
    counts = home.counts
    head = counts.queue_head
    queue = f" ({output.markup(head.task_id)} {output.markup(head.reason.text)})" if head else ""
    return (
        f"{counts.tasks_running:,} running, {counts.tasks_queued:,} queued{queue}, {counts.tasks_waiting:,} waiting; "
        f"{output.counted(counts.late_runs, 'late run')}, {counts.failed_runs:,} failed and {counts.done_runs:,} done "
        "since midnight"
    )


def _print_need(need: Need) -> None:
    console = output.console()
    what = f"{need.dag_id} · {need.task_id}" if need.dag_id and need.task_id else need.name
    times = f" ×{need.times}" if need.times > 1 and need.kind == "failed" else ""
    again = "  [blue]▶ running again[/]" if need.retrying else ""
    console.print(f"{_MARKS[need.kind]} [bold]{output.markup(what)}[/]{times}  [dim]{output.ago(need.at)}[/]{again}")
    console.print(f"  {output.markup(need.lead.text)}")
    if need.more:
        console.print(f"  [dim]{output.markup('; '.join(one.text for one in need.more))}[/]")
    ways = [f"potok why {need.run_id}"] if need.run_id else []
    if need.retry is not None:
        ways.append(f"potok retry {need.run_id}")
    ways.append(f"potok mute {need.key}")
    console.print(f"  [dim]{output.markup('   '.join(ways))}[/]")


def _print_starts(starts: UpcomingStarts) -> None:
    if not starts.items:
        return
    more = "+" if starts.total_is_more else ""
    output.say(f"\nNext up, {starts.total:,}{more} in 24 hours:")
    rows = []
    for start in starts.items:
        caveats = "; ".join(caveat.text for caveat in start.caveats)
        at = f"{start.at.astimezone():%H:%M}"
        rows.append(
            (at, output.markup(start.dag_id), output.upcoming(start.at), f"[yellow]{output.markup(caveats)}[/]")
        )
    output.table(("AT", "DAG", "", ""), rows, empty="")


def mute(
    thing: Thing,
    for_: Annotated[
        str, typer.Option("--for", help="How long, such as 1h or 2d; until the DAG succeeds next without it.")
    ] = "",
    note: Note = "",
    as_json: Json = False,
) -> None:
    """Say nothing more of a thing until its DAG succeeds, or for a while."""
    until = datetime.now(UTC) + timedelta(seconds=_length(for_)) if for_ else None
    key = _key(thing)
    with connect() as client:
        client.mute(key, until=until, note=note)
    if as_json:
        output.print_json({"key": key, "until": until, "note": note})
    else:
        output.say(f"{key} is muted until {output.moment(until) if until else 'the next success'}")


def unmute(thing: Thing, as_json: Json = False) -> None:
    """Tell of a thing again."""
    key = _key(thing)
    with connect() as client:
        client.unmute(key)
    if as_json:
        output.print_json({"key": key})
    else:
        output.say(f"{key} is told of again")


def _key(thing: str) -> str:
    return thing if ":" in thing else f"dag:{thing}"


def _length(text: str) -> float:
    length_s = seconds(text)
    if length_s <= 0:
        raise InvalidError("--for: a mute lasts longer than nothing")
    return length_s
