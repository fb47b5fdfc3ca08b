"""What commands print: JSON for programs, tables and short lines for people. Never decides what to say."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from potok.model.duration import human

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

# A pipe has no width; a table in it must not be cut at 80 columns.
PIPE_WIDTH = 240

STATE_ICONS: dict[str, tuple[str, str]] = {
    "scheduled": ("○", "dim"),
    "queued": ("≡", "cyan"),
    "running": ("▶", "blue"),
    "up_for_retry": ("↻", "yellow"),
    "waiting": ("◇", "magenta"),
    "success": ("✔", "green"),
    "failed": ("✖", "bold red"),
    "skipped": ("»", "dim"),
    "upstream_failed": ("⬡", "red"),
    "cancelled": ("⊘", "bright_black"),
}


def print_json(value: object) -> None:
    """`value` (structs, datetimes and all) as indented JSON on stdout."""
    import msgspec

    encoded = msgspec.json.format(msgspec.json.encode(value), indent=2)
    sys.stdout.write(encoded.decode() + "\n")
    sys.stdout.flush()


def console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False, soft_wrap=False)
    if not made.is_terminal:
        made.width = PIPE_WIDTH
    return made


def say(line: str) -> None:
    """One plain line on stdout; needs no Rich."""
    print(line)


def table(columns: Sequence[str], rows: Iterable[Sequence[RenderableType]], *, empty: str) -> None:
    """Rows under headings, or the sentence `empty`. A column whose name ends in `#` is right-aligned."""
    from rich.table import Table

    body = list(rows)
    if not body:
        say(empty)
        return
    made = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column.rstrip("#"), justify="right" if column.endswith("#") else "left", overflow="fold")
    for row in body:
        made.add_row(*row)
    console().print(made)


def markup(text: object) -> str:
    """`text` so that Rich prints it as it is."""
    from rich.markup import escape

    return escape(str(text))


def state(name: str) -> str:
    """Icon and word of a state in Rich markup: never by colour alone."""
    icon, style = STATE_ICONS.get(name, ("?", "bold"))
    return f"[{style}]{icon} {name}[/]"


def moment(value: datetime | None) -> str:
    """An instant on this machine's wall clock, with its zone; empty for None."""
    if value is None:
        return ""
    local = value.astimezone()
    return f"{local:%Y-%m-%d %H:%M:%S} {local.tzname()}"


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """How long ago (or in how long) `value` is, as a person says it; empty for None."""
    if value is None:
        return ""
    distance_s = ((now or datetime.now(UTC)) - value).total_seconds()
    if abs(distance_s) < 1:
        return "now"
    return f"{human(distance_s)} ago" if distance_s > 0 else f"in {human(-distance_s)}"


def upcoming(value: datetime | None, now: datetime | None = None) -> str:
    """In how long a start comes, or by how much it is late; empty for None."""
    if value is None:
        return ""
    late_s = ((now or datetime.now(UTC)) - value).total_seconds()
    return f"late by {human(late_s)}" if late_s >= 1 else ago(value, now)


def length(value: float | None) -> str:
    """A length in seconds for people; empty for None."""
    return "" if value is None else human(value)


def size(count: int) -> str:
    """Bytes for people, in binary units."""
    amount, unit = float(count), "B"
    for larger in ("KB", "MB", "GB", "TB"):
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    return f"{amount:.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:.1f} {unit}"


def counted(number: int, noun: str) -> str:
    """`1 task`, `3 tasks`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
