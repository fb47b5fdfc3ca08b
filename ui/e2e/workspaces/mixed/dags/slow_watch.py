"""Runs for as long as it is told, talks all the time, and makes others wait in a pool of one slot."""

import logging
import time

from potok import dag, task

log = logging.getLogger("watch")


@task(pool="narrow")
def watch(number: int, seconds: float) -> int:
    """Says something five times a second."""
    give_up = time.monotonic() + seconds
    said = 0
    while time.monotonic() < give_up:
        said += 1
        print(f"\x1b[32mwatch {number}\x1b[0m looked {said} times")
        if said % 10 == 0:
            log.warning("nothing has come for a while")
        time.sleep(0.2)
    return said


@task
def sum_up(counts: list[int]) -> int:
    return sum(counts)


@dag(tags=["slow"], owner="platform", description="Three watchers, one slot")
def slow_watch(seconds: float = 20.0) -> None:
    sum_up([watch.override(task_id=f"watch_{number}")(number, seconds) for number in (1, 2, 3)])


slow_watch()


@dag(tags=["slow"], owner="platform", description="One watcher on its own")
def one_watch(seconds: float = 20.0) -> None:
    watch.override(task_id="watch", pool="")(0, seconds)


one_watch()
