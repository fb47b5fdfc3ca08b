"""Many short tasks at once: what drives thousands of live updates a minute through the pages."""

from __future__ import annotations

import time

from potok import dag, task


@task
def tick(number: int, seconds: float) -> int:
    """One short step."""
    time.sleep(seconds)
    return number


@dag(schedule=None, tags=["live"], owner="platform", description="Short steps in ten lanes, run by hand")
def ticks(seconds: float = 0.02) -> None:
    """Ten lanes of forty steps; each step is told as queued, running and ended."""
    for lane in range(10):
        above: object = None
        for number in range(40):
            made = tick.override(task_id=f"lane_{lane}_step_{number:02d}")(number, seconds)
            above = made if above is None else made.after(above)


ticks()
