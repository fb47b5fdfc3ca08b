"""`potok-onec analyze` and the commands of single steps: outputs under one folder, what failed and why."""

import importlib.util
import sys
import time
from pathlib import Path
from typing import NamedTuple

from msgspec import json, to_builtins

from potok_onec.cli import main
from potok_onec.cli.opening import bring, complain, is_commit
from potok_onec.cli.texts import say
from potok_onec.cli.tree import StepTree
from potok_onec.cli.verdicts import show
from potok_onec.pipeline import plan
from potok_onec.pipeline.run import Progress, run
from potok_onec.trend import FILE, note

_GOOD = ("done", "kept")


class Wanted(NamedTuple):
    """What was asked for: steps by name, options as NAME=VALUE, the commit to read, the commit to begin from."""

    steps: list[str]
    given: list[str]
    ref: str = ""
    since: str = ""


def run_steps(source: str, out: Path, wanted: Wanted, *, as_json: bool, workers: int | None) -> int:
    """All steps, or those named with what they need. 0: all done; 1: some failed; 2: wrong words; 3: no source."""
    if importlib.util.find_spec("pyarrow") is None:
        complain(say("no-pyarrow-analysis"))
        return main.USAGE
    try:
        chosen = plan.chosen(wanted.steps)
    except KeyError as error:
        complain(say("no-such-step", name=error.args[0], steps=", ".join(plan.NAMES)))
        return main.USAGE
    options = dict(each.partition("=")[::2] for each in wanted.given)
    if "" in options or any("=" not in each for each in wanted.given):
        complain(say("bad-option"))
        return main.USAGE
    if unknown := plan.unknown_option(options):
        complain(say("no-such-option", name=unknown, options=", ".join(plan.all_options())))
        return main.USAGE
    began = time.monotonic()
    path = bring(source, wanted.ref)
    if path is None or not is_commit(path, wanted.since):
        return main.NOTHING
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        complain(say("cannot-write", path=out, reason=error.strerror or str(error)))
        return main.NOT_WRITTEN
    with StepTree([each.name for each in chosen], quiet=as_json) as tree:
        ended = run(chosen, path, out.resolve(), options, since=wanted.since, workers=workers, tell=tree.tell)
    _note(out.resolve(), path)
    if as_json:
        _print_json(out, ended, time.monotonic() - began)
    else:
        _print(out, ended, time.monotonic() - began)
    return main.OK if all(progress.state in _GOOD for progress in ended.values()) else main.IMPERFECT


def _note(out: Path, source: Path) -> None:
    """A trend that cannot be written fails no analysis."""
    try:
        note(out, source)
    except OSError as error:
        complain(say("cannot-write", path=out / FILE, reason=error.strerror or str(error)))


def _print_json(out: Path, ended: dict[str, Progress], seconds: float) -> None:
    told = {
        "out": str(out),
        "seconds": round(seconds, 3),
        "steps": {name: to_builtins(ended[name]) for name in plan.NAMES if name in ended},
    }
    sys.stdout.buffer.write(json.format(json.encode(told), indent=2) + b"\n")


def _print(out: Path, ended: dict[str, Progress], seconds: float) -> None:
    show([ended[name] for name in plan.NAMES if name in ended])
    for name in plan.NAMES:
        progress = ended.get(name)
        if progress is not None and progress.state not in _GOOD:
            complain(progress.trace or progress.error)
    good = sum(progress.state in _GOOD for progress in ended.values())
    print(say("analyzed", good=good, steps=len(ended), out=out, seconds=seconds))
