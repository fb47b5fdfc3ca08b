"""`python -m onec.bench.run CORPUS` prints the table of figures and the growth; 1 when a figure is missed."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from onec.bench import figures, growth, pipeline
from onec.bench.figures import Row


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m onec.bench.run", description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="?", help="the folder that holds the checkouts")
    parser.add_argument("--only", choices=("reader", "pipeline"), help="one half of the table")
    parser.add_argument("--skip-growth", action="store_true", help="only the table of figures")
    chosen = parser.parse_args()
    missed = 0
    if chosen.corpus is not None:
        missed = _print_figures(_rows(chosen.corpus.resolve(), chosen.only))
    if not chosen.skip_growth:
        missed += _print_growth(chosen.only)
    sys.exit(1 if missed else 0)


def _rows(corpus: Path, only: str | None) -> Iterator[Row]:
    if only != "pipeline":
        yield from figures.rows(corpus)
    if only != "reader":
        yield from pipeline.rows(corpus)


def _print_figures(rows: Iterator[Row]) -> int:
    print("| measure | truth | goal | reached | |\n|---|---|---|---|---|")
    missed = 0
    notes: list[str] = []
    for row in rows:
        verdict = {True: "ok", False: "MISSED", None: "skipped"}[row.is_met]
        missed += row.is_met is False
        print(f"| {row.measure} | {row.truth} | {row.goal} | {row.reached} | {verdict} |", flush=True)
        notes.extend(f"- {row.measure}: {note}" for note in row.notes)
    if notes:
        print("\nExceptions and details, each with its place:\n" + "\n".join(notes))
    return missed


def _print_growth(only: str | None) -> int:
    """How many of the pipeline's steps up grow faster than the source."""
    missed = 0
    for name, measure in (("reader", growth.read), ("pipeline", growth.analyze)):
        if only in (None, name):
            print(f"\n| {name}: generated size | objects | MB | s | peak MB of any process |\n|---|---|---|---|---|")
            steps: list[growth.Step] = []
            for step in growth.steps(measure):
                steps.append(step)
                told = f"{step.megabytes:.1f} | {step.wall_s:.1f} | {step.peak_mb:.0f}"
                print(f"| {step.factor}x | {step.objects} | {told} |", flush=True)
            missed += name == "pipeline" and not growth.is_linear(steps)
    return missed


if __name__ == "__main__":
    main()
