"""A run while it goes on, as lines of text: a function over live events. Prints nothing and asks no clock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from potok.cli import output
from potok.model.state import TASK_ENDED, RunState, TaskState
from potok.scheduler.commands import LiveEvent, RunChanged, TaskChanged

if TYPE_CHECKING:
    from potok.model.dag import Dag

# What needs a person's eye comes first when not all tasks fit on the screen.
_URGENCY = {
    TaskState.RUNNING: 0,
    TaskState.FAILED: 1,
    TaskState.UP_FOR_RETRY: 2,
    TaskState.WAITING: 3,
    TaskState.QUEUED: 4,
    TaskState.UPSTREAM_FAILED: 5,
    TaskState.SCHEDULED: 6,
    TaskState.CANCELLED: 7,
    TaskState.SKIPPED: 8,
    TaskState.SUCCESS: 9,
}


class Row(msgspec.Struct):
    """What is known of one task; instants are seconds since the epoch."""

    task_id: str
    group: str
    state: TaskState = TaskState.SCHEDULED
    try_number: int = 0
    started_at: float | None = None
    ended_at: float | None = None

    def took_s(self, now: float) -> float | None:
        if self.started_at is None:
            return None
        return max(0.0, (self.ended_at if self.ended_at is not None else now) - self.started_at)


class Progress:
    """The states of one run's tasks. Events of other runs are passed over."""

    def __init__(self, dag: Dag) -> None:
        self.dag_id = dag.dag_id
        self.run_id = ""
        self.state = RunState.QUEUED
        self.started_at: float | None = None
        self.ended_at: float | None = None
        self.rows = {task.task_id: Row(task.task_id, task.group) for task in dag.tasks}

    def apply(self, events: Iterable[LiveEvent]) -> list[Row]:
        """Take the events in; returns the rows that changed their state, in the order of the events."""
        changed = []
        for event in events:
            if isinstance(event, TaskChanged) and event.run_id == self.run_id and event.task_id in self.rows:
                changed.append(self._moved(self.rows[event.task_id], event))
            elif isinstance(event, RunChanged) and event.run_id == self.run_id:
                self._run_moved(event)
        return changed

    def _moved(self, row: Row, event: TaskChanged) -> Row:
        row.state, row.try_number = event.state, event.try_number
        if event.state is TaskState.RUNNING:
            row.started_at, row.ended_at = event.at, None
        elif event.state in TASK_ENDED or event.state is TaskState.UP_FOR_RETRY:
            row.ended_at = event.at
        return row

    def _run_moved(self, event: RunChanged) -> None:
        self.state = event.state
        if event.state is RunState.RUNNING and self.started_at is None:
            self.started_at = event.at
        elif event.state not in (RunState.QUEUED, RunState.RUNNING):
            self.ended_at = event.at

    def heading(self, now: float) -> str:
        """`▶ running  hello  3/7 · 1.2 s` in Rich markup."""
        done = sum(row.state in TASK_ENDED for row in self.rows.values())
        took = ""
        if self.started_at is not None:
            took = f" · {output.length((self.ended_at or now) - self.started_at)}"
        return f"{output.state(self.state)}  [bold]{output.markup(self.dag_id)}[/]  {done}/{len(self.rows)}{took}"

    def lines(self, now: float, height: int) -> list[str]:
        """The heading and at most `height` lines of tasks below their groups, in Rich markup."""
        shown = self._shown(height)
        lines, open_group = [self.heading(now)], ""
        for row in shown:
            if row.group != open_group:
                open_group = row.group
                if open_group:
                    lines.append(f"  [dim]{output.markup(open_group)}[/]")
            lines.append(("    " if open_group else "  ") + row_line(row, now))
        hidden = len(self.rows) - len(shown)
        if hidden:
            lines.append(f"  [dim]… and {hidden:,} more tasks[/]")
        return lines

    def _shown(self, height: int) -> list[Row]:
        rows = list(self.rows.values())
        if len(rows) <= height:
            return rows
        urgent = sorted(range(len(rows)), key=lambda index: (_URGENCY[rows[index].state], index))[:height]
        return [rows[index] for index in sorted(urgent)]


def row_line(row: Row, now: float) -> str:
    """`✔ success  train  41 s` in Rich markup, with the try number from the second one on."""
    took = row.took_s(now)
    parts = [output.state(row.state), f"[bold]{output.markup(row.task_id)}[/]"]
    if took is not None and row.state is not TaskState.UPSTREAM_FAILED:
        parts.append(f"[dim]{output.length(took)}[/]")
    if row.try_number > 1:
        parts.append(f"[yellow]try {row.try_number}[/]")
    return "  ".join(parts)
