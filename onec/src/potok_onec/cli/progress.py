"""A bar on standard error while objects are read; nothing at all when nobody watches."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from potok_onec.cli.texts import say


@contextmanager
def bar(total: int) -> Iterator[Callable[[], None]]:
    """Gives a function to call once for each object that is done."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(say("reading"), total=total)
        yield lambda: progress.advance(task)
