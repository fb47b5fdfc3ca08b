"""The report: figures as tables for people, the same as JSON for programs. Judges by the goals, measures nothing."""

from __future__ import annotations

import msgspec
from rich.console import Console
from rich.table import Table

from bench.figures import Answer, Row, Split
from bench.machine import Machine
from bench.stage import Options

# Above this many cores used by others a figure is told as noisy.
NOISY_CORES = 0.3
_FILE_WIDTH = 130
_VERDICTS = {"yes": "[green]yes[/]", "near": "[yellow]within 20 %[/]", "no": "[red]no[/]"}


class Report(msgspec.Struct):
    """Everything that one start of the bench found."""

    machine: Machine
    busy_at_start: float
    options: Options
    rows: list[Row] = []
    splits: list[Split] = []
    notes: list[str] = []
    failures: list[str] = []
    took_s: float = 0.0

    def add(self, answer: Answer) -> None:
        self.rows.extend(answer.rows)
        self.splits.extend(answer.splits)
        self.notes.extend(answer.notes)


def print_report(report: Report) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=_FILE_WIDTH)
    options = report.options
    console.print(f"[bold]{report.machine}[/]; others used {report.busy_at_start:.2f} cores at the start")
    console.print(
        f"{'quick' if options.quick else 'full'}, Potok on {options.store} with its default settings"
        f"{'' if options.celery else ', Celery left out'}; took {report.took_s:.0f} s"
    )
    if report.rows:
        console.print(_figures(report.rows))
        for row in report.rows:
            if row.note:
                console.print(f"  {row.measure}: {row.note}", highlight=False, markup=False)
    if report.splits:
        console.print(_splits(report.splits))
    for note in report.notes:
        console.print(f"[dim]{note}[/]", highlight=False)
    for failure in report.failures:
        console.print(f"[red]not measured:[/] {failure}", markup=True, highlight=False)


def _figures(rows: list[Row]) -> Table:
    table = Table("measure", title="How fast, how light")
    for name in ("Celery", "Potok", "ratio", "goal"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("met?")
    table.add_column("others' cores", justify="right")
    for row in rows:
        goal = "–" if row.goal is None else f"{'≤' if row.goal.at_most else '≥'} {row.goal.limit:g}"
        verdict = "–" if row.goal is None or row.potok is None else _VERDICTS[row.goal.verdict(row.potok)]
        busy = f"[yellow]{row.busy:.2f}[/]" if row.busy > NOISY_CORES else f"{row.busy:.2f}"
        table.add_row(
            row.measure, number(row.celery, row.unit), number(row.potok, row.unit), _ratio(row), goal, verdict, busy,
        )  # fmt: skip
    return table


def _splits(splits: list[Split]) -> Table:
    table = Table("of what", "system", title="Where the time goes (medians, ms)")
    for name in ("assign", "execute", "transition"):
        table.add_column(name, justify="right")
    table.add_column("from → to")
    for split in splits:
        parts = (f"{value:.3f}" for value in (split.assign, split.execute, split.transition))
        table.add_row(split.measure, split.system, *parts, split.meaning)
    return table


def number(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    digits = 0 if value >= 200 else 1 if value >= 20 else 2 if value >= 1 else 3
    return f"{value:.{digits}f} {unit}"


def _ratio(row: Row) -> str:
    return "–" if row.ratio is None else f"{row.ratio:.1f} ×"
