"""The end of an analysis as tables: what each step came to, and each contract with what was found and wanted."""

from collections.abc import Sequence

from potok_onec.cli.texts import say
from potok_onec.pipeline.numbers import of_step
from potok_onec.pipeline.run import Progress


def show(ended: Sequence[Progress]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    steps = Table(box=SIMPLE_HEAD)
    contracts = Table(box=SIMPLE_HEAD)
    for head in ("head-step", "head-state", "head-seconds", "head-numbers"):
        steps.add_column(say(head), justify="right" if head == "head-seconds" else "left")
    for head in ("head-step", "head-contract", "head-found", "head-wanted", ""):
        contracts.add_column(say(head) if head else "")
    for progress in ended:
        steps.add_row(progress.step, say(f"step-{progress.state}"), f"{progress.seconds:.1f}", _numbers(progress))
        for one in progress.contracts:
            style = "" if one.is_kept else "bold red"
            sign = "✓" if one.is_kept else "✗"
            contracts.add_row(progress.step, one.name, one.found, one.wanted, sign, style=style)
    console = Console(highlight=False, markup=False)
    console.print(steps)
    if contracts.row_count:
        console.print(contracts)


def _numbers(progress: Progress) -> str:
    return ", ".join(f"{say(f'number-{name}')} {told(value)}" for name, value in _of(progress).items())


def _of(progress: Progress) -> dict[str, int | float]:
    return of_step(progress.step, progress.facts) if progress.state in ("done", "kept") else {}


def told(value: int | float) -> str:
    """Counts with thin spaces between thousands, shares as per cent."""
    return f"{value:,}".replace(",", "\u202f") if isinstance(value, int) else f"{value:.1%}"
