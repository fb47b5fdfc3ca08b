"""A run that succeeds: params of every kind, groups, a part side by side, and one slow step."""

import time
from typing import Annotated, Literal

from potok import Param, TaskGroup, dag, not_empty, task


@task(checks=[not_empty()])
def extract(shop: str) -> dict[str, int]:
    """Reads the orders of one shop."""
    print(f"reading orders of {shop}")
    time.sleep(0.05)
    return {"rows": 1200 + len(shop)}


@task
def clean(found: dict[str, int]) -> int:
    return found["rows"]


@task
def total(counts: list[int]) -> int:
    """The slowest step of this DAG."""
    time.sleep(0.3)
    print(f"{sum(counts)} rows in all")
    return sum(counts)


@task
def report(rows: int, *, audience: str) -> str:
    return f"{rows} rows for {audience}"


@dag(schedule="0 6 * * *", tz="Europe/Berlin", tags=["sales", "daily"], owner="sales",
     description="Orders of all shops, every morning")  # fmt: skip
def orders_daily(
    day: str = "2026-01-01",
    limit: Annotated[int, Param(minimum=0, maximum=5000, description="At most so many orders of a shop")] = 1000,
    audience: Literal["everyone", "managers"] = "everyone",
    full: bool = False,
    share: float = 0.5,
) -> None:
    """Shops are read side by side, then everything is counted once.

    Safe to run again: it replaces what the last run of that day wrote.
    """
    del day, limit, full, share
    with TaskGroup("shops", label="Shops"):
        counts = [
            clean.override(task_id=f"clean_{shop}")(extract.override(task_id=f"extract_{shop}")(shop))
            for shop in ("berlin", "moscow", "tbilisi")
        ]
    report(total(counts), audience=audience)


orders_daily()
