"""The states of tasks and runs with their legal edges, from the tables that the engine obeys."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from potok.model.state import RUN_EDGES, RUN_ENDED, TASK_EDGES, TASK_ENDED, RunState, TaskState

TASK_WORDS: dict[TaskState, str] = {
    TaskState.SCHEDULED: "Waits for tasks above it.",
    TaskState.QUEUED: "Ready; waits for a slot: of the executor, its pool, its queue, its concurrency key.",
    TaskState.RUNNING: "An attempt runs. Its body starts only after this state is committed.",
    TaskState.UP_FOR_RETRY: "The last attempt failed; the next one starts at its time.",
    TaskState.WAITING: "Deferred: holds no slot until what it waits for has come.",
    TaskState.SUCCESS: "Done; its result, if any, is stored.",
    TaskState.FAILED: "The last allowed attempt failed.",
    TaskState.SKIPPED: "Not meant to run this time: a branch, a trigger rule, or the task itself said so.",
    TaskState.UPSTREAM_FAILED: "Did not run, because something above it failed.",
    TaskState.CANCELLED: "Ended by a person, a time limit of the run, or its expiry.",
}
RUN_WORDS: dict[RunState, str] = {
    RunState.QUEUED: "Waits for its time, or for a place among `max_active_runs`.",
    RunState.RUNNING: "At least one task is not ended.",
    RunState.SUCCESS: "All tasks ended, and none failed but teardowns and tasks that say `may_fail`.",
    RunState.FAILED: "All tasks ended, and at least one failed or did not run because of a failure.",
    RunState.CANCELLED: "Ended by a person, by expiry, or by the overlap policy.",
}


def states_page() -> str:
    parts = [
        "# States\n",
        "A state changes in one place, along these edges and no others.\n",
        "## Task instance\n",
        _table(TASK_WORDS),
        _diagram(TASK_EDGES, TASK_ENDED, TaskState.SCHEDULED),
        "An ended task leaves its state only by a person's `retry` or `clear` (it is `scheduled` again) or `mark`:\n",
        _marks(),
        "## Run\n",
        _table(RUN_WORDS),
        _diagram(RUN_EDGES, frozenset(), RunState.QUEUED, ends=RUN_ENDED),
        "An ended run is `running` again after `retry` or `clear`.\n",
    ]
    return "\n".join(parts)


def _table(words: Mapping[TaskState, str] | Mapping[RunState, str]) -> str:
    rows = [f"| `{state.value}` | {text} |" for state, text in words.items()]
    return "\n".join(["| state | meaning |", "|---|---|", *rows, ""])


def _diagram(
    edges: Mapping[TaskState, frozenset[TaskState]] | Mapping[RunState, frozenset[RunState]],
    left_out: frozenset[TaskState],
    first: StrEnum,
    ends: frozenset[RunState] = frozenset(),
) -> str:
    """Edges that leave `left_out` states are told apart; the enum's order keeps the page the same."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {first.value}"]
    for source, targets in edges.items():
        if source in left_out:
            continue
        ordered = [target for target in type(source) if target in targets]
        lines += [f"    {source.value} --> {target.value}" for target in ordered]
    lines += [f"    {state.value} --> [*]" for state in type(first) if state in left_out or state in ends]
    return "\n".join([*lines, "```", ""])


def _marks() -> str:
    rows = []
    for state in TaskState:
        if state in TASK_ENDED:
            targets = ", ".join(f"`{target.value}`" for target in TaskState if target in TASK_EDGES[state])
            rows.append(f"| `{state.value}` | {targets} |")
    return "\n".join(["| ended as | may become |", "|---|---|", *rows, ""])
