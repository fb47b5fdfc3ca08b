"""`potok workers` and `potok queues`: what there is to run on, and who waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from potok.cli import output
from potok.cli.options import Json
from potok.cli.remote import connect

if TYPE_CHECKING:
    from potok.model.capacity import QueueState, WorkerState


def workers(as_json: Json = False) -> None:
    """List worker processes: what each runs, its memory, its age."""
    with connect() as client:
        found = client.occupancy()
    if as_json:
        output.print_json({"items": found.workers, "slots": found.slots, "free": found.free, "next_cursor": None})
        return
    columns = ("WORKER", "PID#", "RUNS", "SINCE", "MEMORY#", "STARTED", "CALLS#")
    output.table(columns, [_worker_row(one) for one in found.workers], empty="No live worker.")
    output.say(f"{found.slots - found.free} of {output.counted(found.slots, 'slot')} in use")


def _worker_row(one: WorkerState) -> tuple[str, ...]:
    work = one.work
    return (
        output.markup(one.worker_id),
        str(one.pid),
        output.markup(f"{work.task_id} of {work.run_id}" if work else one.state),
        output.ago(work.since) if work else "",
        f"{one.rss_mb:.0f} MB",
        output.ago(one.started_at),
        str(one.calls),
    )


def queues(as_json: Json = False) -> None:
    """List queues: how many tasks wait, since when, and whether a live worker serves them."""
    with connect() as client:
        items = client.queues()
    if as_json:
        output.print_json({"items": items, "next_cursor": None})
        return
    columns = ("QUEUE", "WAIT#", "OLDEST", "RUNNING#", "SLOTS", "LAST SERVED")
    output.table(columns, [_queue_row(one) for one in items], empty="No queue is served and nothing waits.")


def _queue_row(one: QueueState) -> tuple[str, ...]:
    return (
        output.markup(one.name),
        str(one.queued),
        output.ago(one.queued_since) if one.queued_since else "",
        str(one.running),
        str(one.slots) if one.slots else "[red]nobody serves it[/]",
        output.ago(one.served_at) if one.served_at else "",
    )
