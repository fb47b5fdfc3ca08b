"""A run that fails: the prices are refused until the variable `prices_mended` is true."""

import logging
import time

from potok import dag, task, variable

log = logging.getLogger("prices")


@task
def fetch() -> list[float]:
    print("fetched 3 prices")
    return [1.5, 2.5, -3.0]


def refuse_negative(prices: list[float]) -> None:
    for number, price in enumerate(prices):
        if price < 0:
            raise ValueError(f"price {price} in row {number} is negative")


@task(variables=["prices_mended"])
def load(prices: list[float]) -> int:
    """Refuses prices below zero."""
    for number in range(40):
        log.info("checking batch %d", number)
    log.warning("one price looks odd")
    time.sleep(0.1)
    if variable("prices_mended") is not True:
        refuse_negative(prices)
    return len(prices)


@task
def publish(rows: int) -> None:
    print(f"{rows} prices published")


@task
def notify() -> None:
    print("told everybody")


@dag(tags=["prices"], owner="pricing", description="Prices from the supplier")
def price_import() -> None:
    loaded = load(fetch())
    notify().after(publish(loaded))


price_import()
