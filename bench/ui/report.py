"""Figures of the UI's bench beside their goals, for people and as JSON. Measures nothing."""

from __future__ import annotations

import msgspec
from rich.console import Console
from rich.table import Table

from bench.figures import Goal
from bench.machine import Machine

NOISY_CORES = 0.3
_WIDTH = 140
_VERDICTS = {"yes": "[green]yes[/]", "near": "[yellow]within 20 %[/]", "no": "[red]no[/]"}
_TITLES = {"server": "The server", "api": "The API on the year: 95th percentile of each call", "browser": "The browser"}


class Figure(msgspec.Struct):
    """One measured value. `goal` in the same unit, an upper limit unless `at_most` is false."""

    part: str
    name: str
    unit: str
    value: float
    goal: float | None = None
    at_most: bool = True
    note: str = ""


class Report(msgspec.Struct):
    """Everything that one start of the bench found; `busy_…` are cores that others used meanwhile."""

    machine: Machine
    busy_at_start: float
    busy_at_end: float = 0.0
    figures: list[Figure] = []
    failures: list[str] = []
    took_s: float = 0.0


def print_report(report: Report) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH)
    console.print(
        f"[bold]{report.machine}[/]; others used {report.busy_at_start:.2f} cores before and {report.busy_at_end:.2f} "
        f"after; took {report.took_s:.0f} s"
    )
    if max(report.busy_at_start, report.busy_at_end) > NOISY_CORES:
        console.print("[yellow]Others were busy: these figures are upper bounds.[/]")
    for part, title in _TITLES.items():
        rows = [one for one in report.figures if one.part == part]
        if rows:
            console.print(_table(title, rows))
    for failure in report.failures:
        console.print(f"[red]not measured:[/] {failure}", highlight=False)


def _table(title: str, rows: list[Figure]) -> Table:
    table = Table("measure", title=title, title_justify="left")
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("goal", justify="right", no_wrap=True)
    table.add_column("met?", no_wrap=True)
    table.add_column("how", overflow="fold")
    for one in rows:
        goal = "–" if one.goal is None else f"{'≤' if one.at_most else '≥'} {one.goal:g}"
        verdict = "–" if one.goal is None else _VERDICTS[Goal(one.goal, one.at_most).verdict(one.value)]
        table.add_row(one.name.replace("[", "\\["), f"{one.value:g} {one.unit}", goal, verdict, one.note)
    return table
