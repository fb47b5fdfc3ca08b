"""The command line of the bench: which questions, how thorough, and what comes out. Measures nothing itself."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence

import msgspec

from bench.celery_stack import CeleryMissingError
from bench.figures import Answer
from bench.machine import busy_cores, describe, wait_until_quiet
from bench.questions import fib, gap, idle, import_time, large_run, pipeline, throughput, trigger
from bench.report import NOISY_CORES, Report, print_report
from bench.stage import Options, Stage

QUESTIONS: dict[str, Callable[[Stage], Answer]] = {
    "idle": idle.measure,
    "trigger": trigger.measure,
    "gap": gap.measure,
    "throughput": throughput.measure,
    "pipeline": pipeline.measure,
    "fib": fib.measure,
    "large": large_run.measure,
    "import": import_time.measure,
}


def main(arguments: Sequence[str]) -> int:
    """0 when all that was asked for was measured, whatever the figures; 1 when a question could not be answered."""
    chosen = _parse(arguments)
    options = Options(quick=chosen.quick, store=chosen.store, celery=not chosen.skip_celery)
    report = Report(machine=describe(), busy_at_start=round(busy_cores(1.0), 2), options=options)
    started = time.monotonic()
    for name in chosen.only or QUESTIONS:
        wait_until_quiet(NOISY_CORES, chosen.wait_quiet)
        print(f"measuring: {name} …", file=sys.stderr, flush=True)
        try:
            # Systems are started anew for each question: none inherits the history of the one before.
            with Stage(options) as stage:
                answer = QUESTIONS[name](stage)
        except CeleryMissingError as error:
            print(f"bench: {error}", file=sys.stderr)
            return 1
        except Exception as error:
            # One question that can't be answered must not hide the others; it is told and costs the exit code.
            report.failures.append(f"{name}: {type(error).__name__}: {error}")
            continue
        # Whoever came in the middle is mostly still there: the busier of before and after is told.
        busy_after = round(busy_cores(), 2)
        for row in answer.rows:
            row.busy = max(row.busy, busy_after)
        report.add(answer)
    report.took_s = round(time.monotonic() - started, 1)
    if chosen.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(report), indent=1).decode() + "\n")
    else:
        print_report(report)
    return 1 if report.failures else 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run.py", description="Measure Potok beside Celery 5 + Redis.")
    parser.add_argument("--only", nargs="+", choices=list(QUESTIONS), metavar="NAME", help=", ".join(QUESTIONS))
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, 30 s to settle instead of 5 min")
    parser.add_argument("--json", action="store_true", help="every sample as JSON instead of the tables")
    parser.add_argument("--store", choices=["sqlite", "postgres"], default="sqlite", help="Potok's store in every row")
    parser.add_argument(
        "--wait-quiet",
        type=float,
        default=0.0,
        metavar="S",
        help="before each question wait so long for others to rest",
    )
    parser.add_argument("--skip-celery", action="store_true", help="measure Potok alone")
    return parser.parse_args(arguments)
