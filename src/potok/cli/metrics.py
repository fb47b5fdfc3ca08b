"""`potok metrics`: the numbers of a DAG's results over its runs, as lines of small bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from potok.cli import output
from potok.cli.options import DagId, Json
from potok.cli.remote import connect
from potok.model.trend import Metric

_BARS = "▁▂▃▄▅▆▇█"
_SHOWN_RUNS = 40


def metrics(
    dag_id: DagId,
    runs: Annotated[int, typer.Option("--runs", min=1, max=400, help="How many of the newest runs.")] = 90,
    as_json: Json = False,
) -> None:
    """Show how the numbers of a DAG's results change: the last one, against the run before and the usual one."""
    with connect() as client:
        found = client.metrics(dag_id, runs=runs)
    if as_json:
        output.print_json(found)
        return
    rows = [_row(one) for one in found.metrics]
    empty = f"No result of {dag_id} has metrics: name numbers of it by @task(metrics=[…])."
    output.table(("TASK", "METRIC", "LAST#", "BEFORE#", "USUAL#", "OVER RUNS"), rows, empty=empty)
    if found.cut:
        output.console(stderr=True).print("[dim]… there are more metrics or older runs than are shown[/]")


def _row(one: Metric) -> tuple[str, ...]:
    return (
        output.markup(one.task_id),
        output.markup(one.name),
        number(one.last),
        change(one.last, one.previous),
        change(one.last, one.usual),
        sparkline(one.values[-_SHOWN_RUNS:]),
    )


def sparkline(values: Sequence[float | None]) -> str:
    """One bar for each run between the least and the greatest number; a blank where the run has none."""
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    # Halved first: the distance of two large numbers of different sign is beyond a float.
    spread = high / 2 - low / 2
    return "".join(
        " "
        if value is None
        else _BARS[3]
        if spread == 0
        else _BARS[round((value / 2 - low / 2) / spread * (len(_BARS) - 1))]
        for value in values
    )


def number(value: float | None) -> str:
    """Whole numbers in full, others with six digits that count."""
    if value is None:
        return ""
    return f"{value:,.0f}" if value == int(value) and abs(value) < 1e15 else f"{value:,.6g}"


def change(value: float | None, before: float | None) -> str:
    """By how much it is more or less, and in percent where that says something."""
    if value is None or before is None:
        return ""
    if value == before:
        return "="
    difference = value - before
    sign = "+" if difference > 0 else "-"
    percent = f" ({difference / abs(before) * 100:+.1f} %)" if before and abs(difference / before) < 100 else ""
    return f"{sign}{number(abs(difference))}{percent}"
