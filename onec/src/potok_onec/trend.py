"""The numbers of each analysis over time: one line a run in `trend.jsonl` below the outputs, drawn as text and as SVG.

The only place of an analysis that knows the time. A run that has nothing new to say of the same source adds none.
"""

import time
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final

from msgspec import DecodeError, Struct, json
from msgspec.structs import replace

from potok_onec.pipeline import plan
from potok_onec.pipeline.artifact import Artifact, Store
from potok_onec.pipeline.numbers import numbers

FILE: Final = "trend.jsonl"
# Numbers of which less is better, and those of which neither more nor less is.
_LESS: Final = frozenset({
    "cycles", "largest_cycle", "dead_exports", "loose", "duplicates", "long_duplicates", "near_duplicates", "breaches",
})  # fmt: skip
_MORE: Final = frozenset({"documented_exports", "documented_common_exports"})
_BARS: Final = "▁▂▃▄▅▆▇█"
_SHOWN: Final = 40


class Line(Struct, frozen=True):
    """`source` is equal for runs over the same contents; `seconds` are by step."""

    source: str
    at: str
    commit: str
    numbers: dict[str, int | float]
    seconds: dict[str, float]


class Course(Struct, frozen=True):
    """One number over time; `before` is None where the run before did not have it. `verdict`: better, worse or same."""

    name: str
    values: tuple[int | float | None, ...]
    before: int | float | None
    now: int | float
    verdict: str

    @property
    def spark(self) -> str:
        known = [value for value in self.values if value is not None]
        low, high = min(known), max(known)
        step = (high - low) / (len(_BARS) - 1) or 1
        return "".join(" " if value is None else _BARS[round((value - low) / step)] for value in self.values)


def note(out: Path, source: Path) -> Line | None:
    """Add a line for the outputs that are there now; None when it would say nothing new. Raises OSError."""
    from potok_onec.dataset.origin import origin_of

    artifacts = _of_now(Store(out))
    if not artifacts:
        return None
    told = numbers({name: artifact.manifest.facts for name, artifact in artifacts.items()})
    content = artifacts["parse"].manifest.content
    lines = read(out)
    if lines and lines[-1].source == content and told.items() <= lines[-1].numbers.items():
        return None
    line = Line(
        content,
        time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        origin_of(source, licence="-").commit,
        told,
        {name: artifact.manifest.seconds for name, artifact in artifacts.items()},
    )
    with (out / FILE).open("ab") as file:
        # a line that was cut off by a full disk stays alone
        file.write((b"\n" if _is_cut_off(out) else b"") + json.encode(line) + b"\n")
    return line


def _of_now(store: Store) -> dict[str, Artifact]:
    """The snapshot and what was made of it; outputs of an older one say nothing of now."""
    found = {name: artifact for name in plan.NAMES if (artifact := store.find(name)) is not None}
    if "parse" not in found:
        return {}
    snapshot = {"parse": found["parse"].manifest.content}
    return {
        name: artifact
        for name, artifact in found.items()
        if name == "parse"
        or (artifact.manifest.inputs.get("parse") == snapshot["parse"] and not store.has_failed_on(name, snapshot))
    }


def _is_cut_off(out: Path) -> bool:
    try:
        return not (out / FILE).read_bytes().endswith(b"\n") and (out / FILE).stat().st_size > 0
    except OSError:
        return False


def read(out: Path) -> list[Line]:
    """In the order of time; runs one after the other over the same source are one, such as a quick and a whole one.

    Lines that nobody can read are left out.
    """
    try:
        written = (out / FILE).read_bytes().splitlines()
    except OSError:
        return []
    found: list[Line] = []
    for each in written:
        try:
            line = json.decode(each, type=Line)
        except DecodeError:
            continue
        if found and found[-1].source == line.source:
            last = found.pop()
            line = replace(line, numbers=last.numbers | line.numbers, seconds=last.seconds | line.seconds)
        found.append(line)
    return found


def courses(lines: Sequence[Line]) -> list[Course]:
    """Of every number that the last run has."""
    shown = lines[-_SHOWN:]
    found = []
    for name, now in shown[-1].numbers.items() if shown else ():
        values = tuple(line.numbers.get(name) for line in shown)
        before = values[-2] if len(values) > 1 else None
        found.append(Course(name, values, before, now, _verdict(name, before, now)))
    return found


def _verdict(name: str, before: int | float | None, now: int | float) -> str:
    if before is None or before == now or name not in _LESS | _MORE:
        return "same"
    return "better" if (now < before) == (name in _LESS) else "worse"


# --- picture ----------------------------------------------------------------------------------------------------------

_WIDTH: Final = 720
_ROW: Final = 64
_LEFT: Final = 210
_RIGHT: Final = 110
_COLOURS: Final = {"better": "#1a7f37", "worse": "#c62828", "same": "#4a5568"}


def picture(lines: Sequence[Line], titles: Mapping[str, str]) -> str:
    """A row for each number: its name, its course, what it is now. No script, nothing fetched."""
    rows = courses(lines)
    height = _ROW * len(rows) + 16
    drawn = [_drawn(course, titles.get(course.name, course.name), 8 + at * _ROW) for at, course in enumerate(rows)]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        'font-family="system-ui, sans-serif" font-size="14" role="img">'
    )
    return "\n".join([head, f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>', *drawn, "</svg>"]) + "\n"


def _drawn(course: Course, title: str, top: int) -> str:
    colour = _COLOURS[course.verdict]
    points = _points(course.values, top)
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    value = f"{course.now:.1%}" if isinstance(course.now, float) else str(course.now)
    middle = top + _ROW / 2
    return (
        f'<text x="12" y="{middle + 5:.0f}" fill="#1a202c">{escape(title)}</text>'
        f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'
        f'<text x="{_WIDTH - 12}" y="{middle + 5:.0f}" text-anchor="end" fill="{colour}">{value}</text>'
    )


def _points(values: Sequence[int | float | None], top: int) -> list[tuple[float, float]]:
    known = [(at, value) for at, value in enumerate(values) if value is not None]
    low, high = min(value for _, value in known), max(value for _, value in known)
    across = (_WIDTH - _LEFT - _RIGHT) / max(1, len(values) - 1)
    return [
        (_LEFT + at * across, top + _ROW - 14 - ((value - low) / (high - low) if high > low else 0.5) * (_ROW - 28))
        for at, value in known
    ]
