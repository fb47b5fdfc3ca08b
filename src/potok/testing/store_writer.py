"""A process that writes turns to a store until it is killed: `python -m potok.testing.store_writer URL`.

Prints `turn run_key` for every turn once it is acknowledged. Each turn inserts a run with its tasks and ends the run
of the turn before, so that half a turn would show. Ends with status 3 when another process has taken over.
"""

from __future__ import annotations

import os
import sys

from potok.model.state import RunState, TaskState
from potok.store.open import open_store
from potok.store.protocol import LostLeadershipError
from potok.store.rows import Batch, RunCounts, RunUpdate
from potok.testing.store_rows import T0, a_run, a_task, an_attempt

LOST_LEADERSHIP = 3
TASKS_PER_RUN = 3


def main(url: str) -> int:
    store = open_store(url)
    store.upgrade()
    leader = store.take_leadership(f"writer-{os.getpid()}", T0)
    first = store.last_ids()[0] + 1
    turn = 0
    while True:
        turn += 1
        run_key = first + turn - 1
        batch = Batch(epoch=leader.epoch, turn=turn, runs_new=[a_run(run_key, tasks=TASKS_PER_RUN)])
        if run_key > first:
            end_run(batch, run_key - 1)
        try:
            store.commit(batch)
        except LostLeadershipError:
            return LOST_LEADERSHIP
        sys.stdout.write(f"{turn} {run_key}\n")
        sys.stdout.flush()


def end_run(batch: Batch, run_key: int) -> None:
    """Adds the success of the run and all its tasks."""
    counts = RunCounts(total=TASKS_PER_RUN, success=TASKS_PER_RUN)
    batch.runs.append(RunUpdate(run_key, RunState.SUCCESS, T0, T0, None, counts))
    for position in range(TASKS_PER_RUN):
        attempt_id = run_key * TASKS_PER_RUN + position
        batch.tasks.append(a_task(run_key, position, TaskState.SUCCESS, attempt_id=attempt_id))
        batch.attempts_new.append(an_attempt(attempt_id, run_key, position, outcome="success"))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
