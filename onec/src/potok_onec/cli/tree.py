"""The steps of an analysis as they go: a live tree on a terminal, one line a change elsewhere, nothing when quiet."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from potok_onec.cli.texts import say
from potok_onec.pipeline.run import Progress

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table

_SIGNS: Final = {"waits": "·", "runs": "▸", "done": "✓", "kept": "=", "failed": "✗", "held_up": "–"}
_STYLES: Final = {"runs": "blue", "done": "green", "kept": "green", "failed": "bold red", "held_up": "red"}


class StepTree:
    """`tell` redraws; outside a terminal it prints a line to standard error for each end."""

    def __init__(self, names: list[str], *, quiet: bool) -> None:
        self._progress = {name: Progress(name, "waits") for name in names}
        self._is_quiet = quiet
        self._is_live = sys.stderr.isatty() and not quiet
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if self._is_live:
            from rich.console import Console
            from rich.live import Live

            live = Live(console=Console(stderr=True), get_renderable=self._drawn, refresh_per_second=8)
            live.start()
            self._live = live
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def tell(self, progress: Progress) -> None:
        self._progress[progress.step] = progress
        if not self._is_live and not self._is_quiet and progress.state != "runs":
            print(self._line(progress), file=sys.stderr)

    def _line(self, progress: Progress) -> str:
        state = say(f"step-{progress.state}")
        seconds = f"  {progress.seconds:.1f} s" if progress.seconds else ""
        return f"{_SIGNS[progress.state]} {progress.step}: {state}{seconds}"

    def _drawn(self) -> "Table":
        from rich.spinner import Spinner
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 1))
        for progress in self._progress.values():
            style = _STYLES.get(progress.state, "dim")
            sign = Spinner("dots", style=style) if progress.state == "runs" else Text(_SIGNS[progress.state], style)
            seconds = f"{progress.seconds:.1f} s" if progress.seconds else ""
            table.add_row(sign, Text(progress.step), Text(say(f"step-{progress.state}"), style), Text(seconds, "dim"))
        return table
