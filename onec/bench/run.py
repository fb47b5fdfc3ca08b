"""`python -m onec.bench.run CORPUS` prints the table of figures and the growth; 1 when a figure is missed."""

import argparse
import sys
from pathlib import Path

from onec.bench import figures, growth


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m onec.bench.run", description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="?", help="the folder that holds the checkouts")
    parser.add_argument("--skip-growth", action="store_true", help="only the table of figures")
    chosen = parser.parse_args()
    missed = 0
    if chosen.corpus is not None:
        missed = _print_figures(chosen.corpus)
    if not chosen.skip_growth:
        _print_growth()
    sys.exit(1 if missed else 0)


def _print_figures(corpus: Path) -> int:
    print("| measure | truth | goal | reached | |\n|---|---|---|---|---|")
    missed = 0
    notes: list[str] = []
    for row in figures.rows(corpus):
        verdict = {True: "ok", False: "MISSED", None: "skipped"}[row.is_met]
        missed += row.is_met is False
        print(f"| {row.measure} | {row.truth} | {row.goal} | {row.reached} | {verdict} |", flush=True)
        notes.extend(f"- {row.measure}: {note}" for note in row.notes)
    if notes:
        print("\nExceptions, each with its place:\n" + "\n".join(notes))
    return missed


def _print_growth() -> None:
    print("\n| generated size | objects | MB | s | peak MB of any process |\n|---|---|---|---|---|")
    for step in growth.steps():
        print(
            f"| {step.factor}x | {step.objects} | {step.megabytes:.1f} | {step.wall_s:.1f} | {step.peak_mb} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
