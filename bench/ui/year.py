"""Writes a Potok home with a year of history, through the store as the scheduler would have filled it.

`python -m bench.ui.year FOLDER` makes FOLDER/potok.toml, FOLDER/dags and FOLDER/.potok; `potok up` there serves it.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from pathlib import Path

import msgspec

from bench.ui import diary, folder
from bench.ui.editions import Editions
from bench.ui.journal import Journal
from bench.ui.past import Past
from potok.store.open import open_store
from potok.store.rows import PoolRow

HOME = ".potok"
POOLS = {"etl": 6, "warehouse": 4, "crawl": 2}
_POOL_TEXTS = {"etl": "copies of sources", "warehouse": "rebuilds of tables", "crawl": "so that no shop blocks us"}

_NUMBERS = {
    "dags": "how many DAGs",
    "tasks": "how many task instances",
    "log-lines": "lines of the longest log",
    "seed": "another number, another year",
}


class Options(msgspec.Struct, frozen=True):
    """How much to write. `until`: the present of the generated year, seconds since the epoch."""

    dags: int = 2_000
    tasks: int = 1_000_000
    log_lines: int = 1_000_000
    seed: int = 1
    until: float = 0.0

    @property
    def is_large(self) -> bool:
        return self.tasks >= 100_000

    @property
    def hero_runs(self) -> int:
        """Runs of the DAG of 50 tasks."""
        return diary.YEAR_DAYS if self.is_large else max(4, self.tasks // 500)

    @property
    def large(self) -> tuple[int, int]:
        """(groups, tasks of each) of the one large DAG: 2,000 tasks with its beginning and its end."""
        return (37, 54) if self.is_large else (4, 7)


class Summary(msgspec.Struct, frozen=True):
    """What was written, and how long it took in seconds."""

    dags: int
    runs: int
    tasks: int
    attempts: int
    import_errors: int
    size_mb: float
    took_s: float


def write_year(target: Path, options: Options) -> Summary:
    """Fills `target`, which must be empty or not there."""
    started = time.monotonic()
    if target.exists() and any(target.iterdir()):
        raise SystemExit(f"{target} is not empty; name a folder that is not there yet.")
    until = options.until or time.time() // 60 * 60
    target.mkdir(parents=True, exist_ok=True)
    pools = "".join(f"{name} = {slots}\n" for name, slots in POOLS.items())
    (target / "potok.toml").write_text(f'dags = "dags"\nworkers = 4\n\n[pools]\n{pools}', encoding="utf-8")
    home = target / HOME
    home.mkdir(mode=0o700)
    rng = random.Random(options.seed)
    by_hand = options.hero_runs * 50 + 5 * (options.large[0] * options.large[1] + 2) + 6 * 25
    count = max(options.dags - len(folder.WRITTEN_BY_HAND), 1)
    pipelines = folder.invent(count, max(options.tasks - by_hand, count), _quiet_hours(until), rng)
    editions = asyncio.run(Editions.found(target / "dags", home, pipelines, options.large, set(POOLS)))
    store = open_store(f"sqlite:///{home / 'potok.db'}")
    try:
        store.upgrade()
        journal = Journal(store, "the generated year", until)
        journal.pools([PoolRow(name, slots, _POOL_TEXTS[name], "config") for name, slots in POOLS.items()])
        editions.write(journal, until)
        past = Past(journal, editions, home / "logs", until, rng)
        past.write(pipelines, options.hero_runs, options.log_lines)
        journal.close()
        return Summary(len(editions.last.dags), journal.runs, journal.tasks, journal.attempts,
                       len(editions.last.failures), store.size_bytes() / 1e6, time.monotonic() - started)  # fmt: skip
    finally:
        store.close()


def _quiet_hours(until: float) -> tuple[int, ...]:
    """Hours (UTC) in which schedules fire: not this one and the next, or the year would begin to move at once."""
    now = int(until % diary.DAY_S // 3600)
    return tuple(hour for hour in range(24) if hour not in (now, (now + 1) % 24))


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.ui.year", description=__doc__)
    parser.add_argument("target", type=Path, metavar="FOLDER")
    for name, help_text in _NUMBERS.items():
        default = getattr(Options(), name.replace("-", "_"))
        parser.add_argument(f"--{name}", type=int, default=default, help=f"{help_text} (default: {default:,})")
    parser.add_argument("--until", type=float, default=0.0, help="its present, seconds since the epoch (default: now)")
    given = vars(parser.parse_args(arguments))
    target = given.pop("target")
    done = write_year(target, Options(**given))
    print(
        f"{target}: {done.dags:,} DAGs, {done.runs:,} runs, {done.tasks:,} task instances, {done.attempts:,} attempts, "
        f"{done.import_errors} import errors; {done.size_mb:,.0f} MB in {done.took_s:.1f} s"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
