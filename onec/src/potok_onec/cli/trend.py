"""`potok-onec trend`: the numbers of all runs over one folder, and what has changed since the run before."""

import sys
from pathlib import Path

from msgspec import json, to_builtins

from potok_onec.cli import main
from potok_onec.cli.opening import complain
from potok_onec.cli.texts import say
from potok_onec.cli.verdicts import told
from potok_onec.trend import Course, Line, courses, picture, read

_STYLES = {"better": "green", "worse": "red", "same": ""}


def run(out: Path, *, as_json: bool, svg: Path | None) -> int:
    lines = read(out)
    if not lines:
        complain(say("no-trend", path=out))
        return main.NOTHING
    found = courses(lines)
    if svg is not None:
        try:
            svg.write_text(picture(lines, {each.name: say(f"number-{each.name}") for each in found}), encoding="utf-8")
        except OSError as error:
            complain(say("cannot-write", path=svg, reason=error.strerror or str(error)))
            return main.NOT_WRITTEN
    if as_json:
        facts = {"runs": to_builtins(lines), "now": [{**to_builtins(each), "spark": each.spark} for each in found]}
        sys.stdout.buffer.write(json.format(json.encode(facts), indent=2) + b"\n")
    else:
        _print(lines, found)
    return main.OK


def _print(lines: list[Line], found: list[Course]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD)
    for head in ("head-number", "head-before", "head-now", "head-change", "head-course"):
        table.add_column(say(head), justify="left" if head in ("head-number", "head-course") else "right")
    for each in found:
        before = "" if each.before is None else told(each.before)
        row = (say(f"number-{each.name}"), before, told(each.now), _change(each), each.spark)
        table.add_row(*row, style=_STYLES[each.verdict])
    console = Console(highlight=False, markup=False)
    console.print(table)
    console.print(say("trend", runs=len(lines), since=lines[0].at, at=lines[-1].at, commit=lines[-1].commit[:12]))
    for verdict in ("better", "worse"):
        names = [f"{say(f'number-{each.name}')} {_change(each)}" for each in found if each.verdict == verdict]
        if names:
            console.print(f"{say(f'trend-{verdict}')}: {', '.join(names)}", style=_STYLES[verdict])


def _change(course: Course) -> str:
    if course.before is None or course.before == course.now:
        return ""
    change = course.now - course.before
    return f"{change * 100:+.2f} %" if isinstance(course.now, float) else f"{change:+d}"
