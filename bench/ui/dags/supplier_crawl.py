"""Slow work that holds a small pool: something is running here, and something waits, at any time of the day."""

from __future__ import annotations

import time

from potok import dag, task

SHOPS = 24


@task(pool="crawl", timeout="4h")
def crawl(shop: int, seconds: float) -> int:
    """Reads one shop slowly, so that it is not blocked there."""
    pages = 0
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        pages += 1
        print(f"shop {shop}: page {pages}")
        time.sleep(20)
    return pages


@task
def merge(pages: list[int]) -> int:
    """All shops as one price list."""
    return sum(pages)


@dag(schedule=None, max_active_runs=1, tags=["prices", "slow"], owner="purchasing", deadline="2h",
     description="Prices of every supplier, shop by shop")  # fmt: skip
def supplier_crawl(seconds: float = 7200.0) -> None:
    """Two shops at a time (pool crawl); a run takes most of a day and is late by its own deadline."""
    merge([crawl.override(task_id=f"shop_{shop:02d}")(shop, seconds) for shop in range(1, SHOPS + 1)])


supplier_crawl()
