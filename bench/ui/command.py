"""The command line of the UI's bench: makes the year, serves it, asks server and browser, prints. Measures nothing."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from bench.machine import busy_cores, describe
from bench.ui import api_speed
from bench.ui.report import Figure, Report, print_report
from bench.ui.served_year import ServedYear
from bench.ui.year import Options, write_year

ROOT = Path(__file__).resolve().parents[2]
REUSED_FOR_S = 3 * 3600.0


def main(arguments: Sequence[str]) -> int:
    """0 when all was measured, whatever the figures; 1 when something could not be."""
    chosen = _parse(arguments)
    # Asked to end, it still ends the server that it started.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    report = Report(machine=describe(), busy_at_start=round(busy_cores(1.0), 2))
    started = time.monotonic()
    with ExitStack() as stack:
        folder = _year(chosen, stack)
        _say("starting the server …")
        server = stack.enter_context(ServedYear(folder))
        report.figures.append(Figure("server", "ready with the year", "s", round(server.start_s, 2)))
        report.figures.append(Figure("server", "memory of the server at rest", "MB", round(server.memory_mb(), 1)))
        if not chosen.skip_api:
            _say("asking the API …")
            report.figures += api_speed.measure(server)
        if not chosen.skip_browser:
            _say("asking the browser …")
            try:
                report.figures += _browser(server, chosen.only)
            except subprocess.CalledProcessError as error:
                report.failures.append(f"the browser's part ended with {error.returncode}; see above")
    report.busy_at_end = round(busy_cores(1.0), 2)
    report.took_s = round(time.monotonic() - started, 1)
    if chosen.json:
        Path(chosen.json).write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n")
    print_report(report)
    return 1 if report.failures else 0


def _year(chosen: argparse.Namespace, stack: ExitStack) -> Path:
    """The folder of the generated year: a named one is kept and used again while it is young."""
    options = Options(dags=chosen.dags, tasks=chosen.tasks, log_lines=chosen.log_lines)
    if chosen.year is None:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-ui-"))) / "year"
    else:
        folder = Path(chosen.year).resolve()
        database = folder / ".potok" / "potok.db"
        if database.exists() and time.time() - (folder / "potok.toml").stat().st_mtime < REUSED_FOR_S:
            return folder
    _say(f"writing a year: {options.dags:,} DAGs, {options.tasks:,} task instances …")
    done = write_year(folder, options)
    _say(f"written in {done.took_s:.0f} s: {done.runs:,} runs, {done.size_mb:,.0f} MB")
    return folder


class _Measured(msgspec.Struct):
    """A line of the browser's answer."""

    name: str
    unit: str
    value: float
    goal: float | None = None
    at_most: bool = True
    note: str = ""


def _browser(server: ServedYear, only: str) -> list[Figure]:
    """Runs ui/bench in Chromium; it writes a line for each figure."""
    with tempfile.NamedTemporaryFile(suffix=".ndjson") as answers:
        environment = {
            **os.environ,
            "BENCH_URL": server.url,
            "BENCH_TOKEN": server.token,
            "BENCH_SERVER_PID": str(server.pid),
            "BENCH_ANSWERS": answers.name,
        }
        command = ["npx", "playwright", "test", "--config", "bench/playwright.config.ts"]
        ended = subprocess.run(
            [*command, *(["-g", only] if only else [])], cwd=ROOT / "ui", env=environment, check=False
        )
        lines = Path(answers.name).read_bytes().splitlines()
        found = [msgspec.json.decode(line, type=_Measured) for line in lines]
        figures = [
            Figure("browser", one.name, one.unit, one.value, one.goal, one.at_most, one.note) for one in found
        ]  # fmt: skip
        if ended.returncode:
            figures.append(Figure("browser", "parts that could not be measured", "", 1.0, note="see above"))
        return figures


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    year = Options()
    parser = argparse.ArgumentParser(prog="bench/ui/run.py", description="Measure the web UI on a generated year.")
    parser.add_argument("--year", metavar="FOLDER", help="keep the year there, and use it again for three hours")
    parser.add_argument("--dags", type=int, default=year.dags)
    parser.add_argument("--tasks", type=int, default=year.tasks, help="task instances of the year")
    parser.add_argument("--log-lines", type=int, default=year.log_lines)
    parser.add_argument("--only", default="", metavar="TEXT", help="only the browser's parts whose title holds it")
    parser.add_argument("--skip-api", action="store_true")
    parser.add_argument("--skip-browser", action="store_true")
    parser.add_argument("--json", metavar="FILE", help="write all figures there as well")
    return parser.parse_args(arguments)
