"""What a commit of the store costs: `python -m bench.store_commit [--folder DIR]`.

A task makes two commits: `start` (its row becomes running, its attempt is inserted) and `end` (its row becomes
success, its attempt is completed with usage and log range). Printed for turns of 1 and of 50 tasks, encoding
included, beside the insert of a run of 10,000 tasks. SQLite writes into `--folder` (default: the temporary folder),
PostgreSQL is a private server with its own defaults (fsync on). Must never be pointed at a database in use.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean, median

from potok.model.run import LogRange, Usage
from potok.model.state import TaskState
from potok.store.open import open_store
from potok.store.protocol import Store
from potok.store.rows import AttemptRow, Batch, TaskRow
from potok.testing.postgres import PostgresMissingError, PrivatePostgres
from potok.testing.store_rows import T0, a_run

TASKS = 10_000
TURNS_OF_ONE = 2_000


class Bench:
    """Commits turns to an upgraded store and keeps their times, in seconds."""

    def __init__(self, store: Store) -> None:
        store.upgrade()
        self._store = store
        self._epoch = store.take_leadership("bench", T0).epoch
        self._turn = 0

    def commit(self, batch: Batch) -> float:
        self._turn += 1
        batch.epoch, batch.turn = self._epoch, self._turn
        started = time.perf_counter()
        self._store.commit(batch)
        return time.perf_counter() - started

    def insert_run(self, run_key: int) -> float:
        return self.commit(Batch(0, 0, runs_new=[a_run(run_key, tasks=TASKS)]))

    def run_tasks(self, run_key: int, width: int) -> tuple[list[float], list[float]]:
        """Starts and ends tasks of the run, `width` in a turn."""
        starts, ends = [], []
        turns = min(TASKS // width, TURNS_OF_ONE)
        for turn in range(turns):
            positions = range(turn * width, (turn + 1) * width)
            starts.append(self.commit(started(run_key, positions)))
            ends.append(self.commit(ended(run_key, positions)))
        return starts, ends


def started(run_key: int, positions: range) -> Batch:
    batch = Batch(0, 0)
    for position in positions:
        attempt_id = run_key * TASKS + position
        name = f"step_{position}"
        batch.tasks.append(TaskRow(run_key, position, name, TaskState.RUNNING, 1, 1, 0, attempt_id, T0, T0))
        batch.attempts_new.append(AttemptRow(attempt_id, run_key, position, name, 1, T0, pid=4242))
    return batch


def ended(run_key: int, positions: range) -> Batch:
    batch = Batch(0, 0)
    usage = Usage(0.01, 0.002, 31.5)
    for position in positions:
        attempt_id = run_key * TASKS + position
        name = f"step_{position}"
        log = LogRange(f"etl/{run_key}.jsonl", position * 100, position * 100 + 90, 1)
        batch.tasks.append(TaskRow(run_key, position, name, TaskState.SUCCESS, 1, 1, 0, attempt_id, T0, T0, T0))
        batch.attempts_ended.append(
            AttemptRow(attempt_id, run_key, position, name, 1, T0, "success", T0, T0, 4242, usage=usage, log=log)
        )
    return batch


def measure(label: str, store: Store) -> None:
    try:
        bench = Bench(store)
        inserts = [bench.insert_run(run_key) for run_key in (1, 2, 3)]
        lines = [f"{label}: a run of {TASKS:,} tasks {min(inserts) * 1e3:.1f} ms, inline {store.commits_inline}"]
        for run_key, width in ((1, 1), (2, 50)):
            starts, ends = bench.run_tasks(run_key, width)
            rate = width * len(starts) / (sum(starts) + sum(ends))
            lines.append(f"  {width:>2} a turn: start {figures(starts)}; end {figures(ends)}; {rate:,.0f} tasks/s")
        sys.stdout.write("\n".join(lines) + "\n")
    finally:
        store.close()


def figures(times: list[float]) -> str:
    p95 = sorted(times)[int(len(times) * 0.95)]
    return f"p50 {median(times) * 1e6:.0f} p95 {p95 * 1e6:.0f} mean {mean(times) * 1e6:.0f} µs"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--folder", type=Path, help="where SQLite's files go: on the disk that is to be measured")
    folder = parser.parse_args().folder
    with tempfile.TemporaryDirectory(dir=folder) as home:
        measure("SQLite, normal", open_store(f"sqlite:///{home}/normal.db"))
        measure("SQLite, full", open_store(f"sqlite:///{home}/full.db", durability="full"))
    try:
        with PrivatePostgres() as server:
            measure("PostgreSQL", open_store(server.create_database("bench")))
    except PostgresMissingError as missing:
        sys.stdout.write(f"PostgreSQL: not measured. {missing}\n")


if __name__ == "__main__":
    main()
