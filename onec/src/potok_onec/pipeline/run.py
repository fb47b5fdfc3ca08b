"""Carries steps out on this machine, side by side in processes of their own; one that fails leaves the others whole."""

import os
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from potok_onec.pipeline import plan
from potok_onec.pipeline.artifact import Artifact, Store
from potok_onec.pipeline.contract import BrokenContractError, Finding
from potok_onec.pipeline.step import MissingInputError, Step
from potok_onec.repository import RepositoryError

State = Literal["waits", "runs", "done", "kept", "failed", "held_up"]


class Progress(Struct, frozen=True):
    """Where one step is. `error` is a sentence for people; `trace` is there for mistakes of ours only."""

    step: str
    state: State
    seconds: float = 0.0
    facts: dict[str, Any] = {}
    contracts: tuple[Finding, ...] = ()
    error: str = ""
    trace: str = ""


def run_step(name: str, source: Path, out: Path, options: Mapping[str, str], since: str = "") -> Artifact:
    """One step over the outputs of the earlier ones; `since` a commit, only what git says has changed is looked at.

    Raises BrokenContractError, MissingInputError, OSError, and RepositoryError for a commit that is not there.
    """
    from potok_onec.pipeline.snapshot import fingerprint

    extra = {"source": fingerprint(source)} if name == "parse" else {}
    return plan.step(name).run(Store(out), source, plan.options_of(name, options), extra, since=since)


def run(
    steps: Sequence[Step],
    source: Path,
    out: Path,
    options: Mapping[str, str],
    *,
    since: str = "",
    workers: int | None = None,
    tell: Callable[[Progress], None] = lambda progress: None,
) -> dict[str, Progress]:
    """All steps, each as soon as it may begin; how each ended. `tell` hears every change."""
    ended: dict[str, Progress] = {}
    begun: dict[Future[Artifact], tuple[str, float]] = {}
    with ProcessPoolExecutor(workers or _cores(), mp_context=get_context("spawn")) as pool:
        while True:
            for each in _ready(steps, ended, begun):
                tell(Progress(each.name, "runs"))
                future = pool.submit(run_step, each.name, source, out, dict(options), since)
                begun[future] = (each.name, time.monotonic())
            if not begun:
                break
            for future in wait(begun, return_when=FIRST_COMPLETED).done:
                name, began = begun.pop(future)
                ended[name] = _ended(name, future, time.monotonic() - began)
                tell(ended[name])
    failed = [name for name, progress in ended.items() if progress.state == "failed"]
    for name, cause in plan.held_up(steps, failed).items():
        ended[name] = Progress(name, "held_up", error=f"{name} needs {cause}, which failed")
        tell(ended[name])
    return ended


def _ready(
    steps: Sequence[Step], ended: Mapping[str, Progress], begun: Mapping[Future[Artifact], tuple[str, float]]
) -> list[Step]:
    failed = {name for name, progress in ended.items() if progress.state == "failed"}
    failed |= set(plan.held_up(steps, failed))
    done = set(ended) - failed
    running = {name for name, _ in begun.values()}
    return plan.ready(steps, done, failed, {*ended, *running})


def _ended(name: str, future: Future[Artifact], seconds: float) -> Progress:
    error = future.exception()
    if error is None:
        artifact = future.result()
        state: State = "kept" if artifact.was_kept else "done"
        return Progress(name, state, round(seconds, 3), artifact.manifest.facts, artifact.manifest.contracts)
    if isinstance(error, BrokenContractError):
        return Progress(name, "failed", round(seconds, 3), contracts=error.findings, error=str(error))
    if isinstance(error, MissingInputError | RepositoryError | OSError):
        return Progress(name, "failed", round(seconds, 3), error=str(error))
    trace = "".join(traceback.format_exception(error))
    return Progress(name, "failed", round(seconds, 3), error=f"{type(error).__name__}: {error}", trace=trace)


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
