"""The nightly warehouse: twelve sources, fourteen models, eight marts. A year of it is 365 runs of 50 tasks."""

from __future__ import annotations

import time

from potok import Retry, TaskGroup, dag, task

MIN_ROWS = 1_000
SOURCES = (
    "orders", "order_lines", "customers", "products", "prices", "stock",
    "suppliers", "shipments", "invoices", "payments", "returns", "campaigns",
)  # fmt: skip
MODELS = {
    "sales": ("orders", "order_lines", "prices"),
    "margin": ("order_lines", "prices", "invoices"),
    "returns_rate": ("orders", "returns"),
    "stock_cover": ("stock", "order_lines"),
    "supplier_score": ("suppliers", "shipments"),
    "lead_time": ("shipments", "orders"),
    "cash_flow": ("invoices", "payments"),
    "debt": ("invoices", "payments", "customers"),
    "churn": ("customers", "orders"),
    "basket": ("order_lines", "products"),
    "price_index": ("prices", "products"),
    "campaign_effect": ("campaigns", "orders"),
    "forecast": ("order_lines", "stock", "campaigns"),
    "customer_value": ("customers", "payments"),
}
MARTS = {
    "daily_report": ("sales", "margin", "cash_flow"),
    "purchasing": ("stock_cover", "supplier_score", "forecast"),
    "logistics": ("lead_time", "returns_rate"),
    "finance": ("cash_flow", "debt", "margin"),
    "marketing": ("campaign_effect", "churn", "customer_value"),
    "assortment": ("basket", "price_index"),
    "planning": ("forecast", "sales"),
    "board": ("sales", "margin", "debt", "customer_value"),
}


@task(retry=Retry(2, delay="1m"), pool="etl", timeout="20m")
def extract(source: str) -> dict[str, int]:
    """Copies one source as it is."""
    print(f"reading {source}")
    time.sleep(0.02)
    return {"rows": MIN_ROWS + len(source)}


@task(timeout="10m")
def check(source: str, found: dict[str, int]) -> int:
    """A source with too few rows stops what is built on it."""
    if found["rows"] < MIN_ROWS:
        raise ValueError(f"{source} has {found['rows']} rows, at least {MIN_ROWS} are needed")
    return found["rows"]


@task(retry=Retry(1, delay="2m"), pool="warehouse", timeout="45m")
def build(name: str) -> str:
    """Rebuilds one table from those above it."""
    print(f"building {name}")
    time.sleep(0.02)
    return name


@task(timeout="10m")
def publish(target: str) -> None:
    """Makes the night's tables visible to readers."""
    print(f"published to {target}")


@dag(schedule="30 2 * * *", tz="Europe/Berlin", deadline="3h", max_active_runs=1, tags=["dwh", "critical"],
     owner="warehouse", description="Everything that reports read in the morning")  # fmt: skip
def nightly_dwh(full: bool = False, since_days: int = 2) -> None:
    """Sources are copied and checked side by side, then models, then marts; readers see a night as a whole."""
    del full, since_days
    with TaskGroup("sources"):
        checked = {}
        for source in SOURCES:
            rows = extract.override(task_id=f"extract_{source}")(source)
            checked[source] = check.override(task_id=f"check_{source}")(source, rows)
    with TaskGroup("models"):
        models = {
            name: build.override(task_id=name)(name).after(*(checked[one] for one in above))
            for name, above in MODELS.items()
        }
    with TaskGroup("marts"):
        marts = [
            build.override(task_id=name)(name).after(*(models[one] for one in above)) for name, above in MARTS.items()
        ]
    for target in ("readers", "exports", "cache", "search"):
        publish.override(task_id=f"publish_{target}")(target).after(*marts)


nightly_dwh()
