"""The figures of the analysis on checkouts of public configurations, each beside its truth and its goal."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from onec.bench import bodies, commit
from onec.bench.analysis import SIDE_BY_SIDE, Analysis, analyze, contents
from onec.bench.calls import call_rows, caller_rows, cycle_rows
from onec.bench.figures import DEMO, IRP, SSL, YAXUNIT, Row

CORES = 2


def rows(corpus: Path) -> Iterator[Row]:
    """In the order of the issue's table; a row for what is not in `corpus` says so."""
    with tempfile.TemporaryDirectory(prefix="potok-onec-bench-") as scratch:
        place = Path(scratch)
        yield from _of(corpus / SSL, place, _ssl)
        for name in (IRP, DEMO, YAXUNIT):
            yield from _of(corpus / name, place, _other)


def _of(source: Path, place: Path, rows_of: Callable[[Path, Path], Iterator[Row]]) -> Iterator[Row]:
    if source.is_dir():
        yield from rows_of(source, place)
    else:
        yield Row(f"{source.name}: six steps", "", "", f"no checkout at {source}", None)


def _ssl(source: Path, place: Path) -> Iterator[Row]:
    cache, out = place / "cache", place / "ssl"
    cold = analyze(source, out, cache=cache)
    yield _green(cold)
    yield from proof_rows(cold)
    yield _seconds("SSL 3.1: six steps, cold, s", cold, 150)
    yield _seconds("SSL 3.1: six steps, nothing changed, s", analyze(source, out, cache=cache), 3)
    yield _side_by_side(source, place, cache)
    peak = cold.spent.peak_mb
    yield Row("SSL 3.1: peak of any process, MB", "> 1 GB", "<= 800", f"{peak:.0f}", peak <= 800)
    yield from _commit(source, place, cache)


def proof_rows(analysis: Analysis) -> Iterator[Row]:
    """What an analysis of SSL 3.1 must say, whatever it took."""
    source = analysis.source
    yield from call_rows("SSL 3.1", analysis, source, ".", 20138)
    edges = analysis.facts("dependencies")["edges"]
    handlers = edges["event_subscription"] + edges["scheduled_job"]
    yield Row("SSL 3.1 handlers of subscriptions and jobs", "142", "all", str(handlers), handlers == 142)
    yield from cycle_rows("SSL 3.1", analysis, source, ".", (51, 45))
    yield from caller_rows(analysis, source, (467, 207))
    counted = bodies.count(source)
    yield from _dataset(analysis, counted)
    yield _documented(analysis, counted)


def _dataset(analysis: Analysis, counted: bodies.Bodies) -> Iterator[Row]:
    facts = analysis.facts("ml-dataset")
    again = (counted.methods, counted.copies)
    yield Row(
        "SSL 3.1 methods; copies > 80 characters, counted again",
        "38310; 1820",
        "exact",
        _pair(again),
        again == (38310, 1820),
    )
    found = (facts["methods"], facts["long_duplicates_cut_at_slashes"])
    note = f"{facts['long_duplicates']} when `//` in a string is not taken for a comment"
    yield Row("SSL 3.1 data set: methods; copies", "38310; 1820", "exact", _pair(found), found == again, (note,))


def _documented(analysis: Analysis, counted: bodies.Bodies) -> Row:
    found = analysis.facts("best-practices")["shares"]["documented_common_exports"]
    truth = counted.commented / counted.common_exports
    is_met = abs(found["share"] - 0.793) <= 0.01 and (found["good"], found["all"]) == counted[3:][::-1]
    reached = f"{found['share']:.2%} ({found['good']} of {found['all']}; counted again {truth:.2%})"
    return Row("SSL 3.1 documented exports of common modules", "79.3 %", "+- 1 point", reached, is_met)


def _pair(values: tuple[int, int]) -> str:
    return f"{values[0]}; {values[1]}"


def _green(analysis: Analysis) -> Row:
    contracts = analysis.contracts() if analysis.is_green else [str(analysis.steps)]
    reached = (
        f"{sum(step['state'] in ('done', 'kept') for step in analysis.steps.values())} of 6, {len(contracts)} contracts"
    )
    measure = f"{analysis.source.name}: six steps green, contracts kept"
    return Row(measure, "", "all", reached, analysis.is_green, tuple(contracts))


def _seconds(measure: str, analysis: Analysis, goal: float) -> Row:
    seconds = analysis.spent.seconds
    return Row(measure, "", f"<= {goal:g}", f"{seconds:.1f}", analysis.is_green and seconds <= goal)


def _side_by_side(source: Path, place: Path, cache: Path) -> Row:
    """Steps 2 to 5 over one snapshot: by one worker one after the other, then by two side by side."""
    options = [part for name in SIDE_BY_SIDE for part in ("--step", name)]
    walls: dict[int, float] = {}
    alone: dict[str, float] = {}
    for workers in (1, CORES):
        out = place / f"side-{workers}"
        analyze(source, out, "--step", "parse", cache=cache)
        done = analyze(source, out, *options, "--workers", str(workers), cache=cache)
        alone = alone or {name: done.seconds(name) for name in SIDE_BY_SIDE}
        # all are asked for at once: what the last one took, waiting included, is what all took
        walls[workers] = max(done.steps[name]["seconds"] for name in SIDE_BY_SIDE)
        shutil.rmtree(out)
    ideal = max(sum(alone.values()) / CORES, *alone.values())
    reached = f"{walls[CORES]:.1f} s, {walls[CORES] / ideal:.2f} x {ideal:.1f} s; one after the other {walls[1]:.1f} s"
    note = "alone: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in alone.items())
    is_met = walls[CORES] <= 1.15 * ideal
    return Row("SSL 3.1: steps 2-5 side by side", "", "<= 1.15 x the ideal", reached, is_met, (note,))


def _commit(source: Path, place: Path, cache: Path) -> Iterator[Row]:
    """The last commit of the checkout, made again in a copy: incremental beside full, told by git and by contents."""
    with commit.replayed(source, place / "replayed") as checkout:
        by_git, by_contents = place / "by-git", place / "by-contents"
        analyze(checkout.folder, by_git, cache=cache)
        shutil.copytree(by_git, by_contents, symlinks=True)
        checkout.commit()
        full = contents(analyze(checkout.folder, place / "full", cache=place / "other-cache").out)
        for name, out, options in (("--since HEAD~1", by_git, ("--since", "HEAD~1")), ("by contents", by_contents, ())):
            after = analyze(checkout.folder, out, *options, cache=cache)
            yield _partly(f"SSL 3.1: one commit of {len(checkout.changed)} files, {name}", after, full)


def _partly(measure: str, after: Analysis, full: dict[str, str]) -> Row:
    """How long, how many modules each step looked at again, and whether all its files are those of a full run."""
    read = ", ".join(f"{step} {after.facts(step)['reread']}" for step in after.steps)
    differing = sorted({name for name, _ in set(contents(after.out).items()) ^ set(full.items())})
    seconds = after.spent.seconds
    reached = f"{seconds:.1f} s; modules read again: {read}; {len(full)} files, {len(differing)} differ"
    goal = "changed files and dependants only, equal to a full run"
    return Row(measure, "", goal, reached, after.is_green and not differing, tuple(differing))


def _other(source: Path, place: Path) -> Iterator[Row]:
    done = analyze(source, place / source.name, cache=place / "cache")
    yield _green(done)
    if source.name == IRP:
        yield from call_rows(IRP, done, source, IRP, 14355)
    yield Row(
        f"{source.name}: six steps, s; peak MB", "", "", f"{done.spent.seconds:.1f}; {done.spent.peak_mb:.0f}", True
    )
