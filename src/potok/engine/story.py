"""The headline of a run and what speaks for or against a plain retry, from what history knows. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from potok.engine.course import Forecast
from potok.engine.explanation import Root, Sentence
from potok.engine.failure_memory import Memory, signature
from potok.engine.sentences import sentence
from potok.model.reason import Reason, reason
from potok.model.run import ErrorInfo, RunRecord
from potok.model.state import RunState

# A median of fewer runs says more about chance than about the DAG.
GOOD_RUNS_MIN = 5
# Within this share of the usual length a run took "as usual".
USUAL_WITHIN = 0.2


def usual_length(lengths: Sequence[float]) -> float | None:
    """The median; None when there are too few good runs to speak of a usual length."""
    return median(lengths) if len(lengths) >= GOOD_RUNS_MIN else None


def usual_lengths(runs: Sequence[Sequence[tuple[str, float, float]]]) -> dict[str, float]:
    """The median length of each task over some good runs, each a list of (task_id, started, ended)."""
    if len(runs) == 1:
        return {name: end - start for name, start, end in runs[0]}
    found: dict[str, list[float]] = {}
    for run in runs:
        for name, start, end in run:
            found.setdefault(name, []).append(end - start)
    return {name: median(lengths) for name, lengths in found.items()}


def told_with_history(
    verdict: Sentence, record: RunRecord, usual_s: float | None, left: Forecast | None, on_path: str, now: float
) -> Sentence:
    """The verdict, where the usual length or what is left says more than the engine knows."""
    started = record.started_at
    if verdict.code == "run_success" and usual_s and started is not None and record.ended_at is not None:
        took = record.ended_at - started
        code = "run_success_usual"
        if took > usual_s * (1 + USUAL_WITHIN) or took < usual_s * (1 - USUAL_WITHIN):
            code = "run_success_slower" if took > usual_s else "run_success_faster"
        return sentence(reason(code, duration_s=took, usual_s=usual_s))
    if verdict.code == "run_running" and started is not None and left is not None and left.left_s > 0:
        return sentence(reason("run_running_left", for_s=now - started, left_s=left.left_s, task=on_path))
    return verdict


def tries_alike(errors: Sequence[ErrorInfo]) -> bool | None:
    """Whether all tries of a task ended with the same error; None with fewer than two."""
    return None if len(errors) < 2 else len({signature(error) for error in errors}) == 1


def advice(
    state: RunState,
    root: Root | None,
    errors: Sequence[ErrorInfo],
    memory: Memory | None,
) -> tuple[Sentence, ...]:
    """What is known for or against a plain retry of a failed run; `errors` are those of the root's tries."""
    if state is not RunState.FAILED or root is None:
        return ()
    if root.reason.code in ("poison", "lost_at_most_once"):
        return (sentence(reason("advice_lost_worker")),)
    if root.error is not None and root.error.kind == "OutOfMemory":
        return (sentence(reason("advice_out_of_memory")),)
    said: list[Reason] = []
    alike = tries_alike(errors)
    if alike is not None:
        said.append(reason("advice_tries_alike" if alike else "advice_tries_differ", n=len(errors)))
    if memory is not None:
        said.extend(_from_memory(memory, alike))
    return tuple(map(sentence, said))


def _from_memory(memory: Memory, alike: bool | None) -> list[Reason]:
    if not memory.seen:
        # errors that change from try to try may well be chance
        unlikely = alike is not False
        if memory.whole:
            return [reason("advice_first_seen", unlikely=unlikely, of=memory.of)]
        return [reason("advice_not_seen", unlikely=unlikely, of=memory.of)]
    told: list[Reason] = [reason("advice_same_error", seen=memory.seen, of=memory.of)]
    code = "advice_recovered" if memory.recovered else "advice_never_recovered"
    return [*told, reason(code, n=memory.recovered, seen=memory.seen)]


def by_position(names: Sequence[str], lengths: Mapping[str, float]) -> list[float | None]:
    """`lengths` by name as a list by position."""
    return [lengths.get(name) for name in names]
