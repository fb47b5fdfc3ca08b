"""How the many small pipelines of the generated year are put together. A body prints a few lines and ends at once."""

from __future__ import annotations

import time
from collections.abc import Sequence

from potok import Dag, Retry, TaskGroup, task


@task
def step(what: str, seconds: float = 0.02) -> dict[str, object]:
    """Stands for work: waits a moment and tells how much it did."""
    print(f"{what}: begun")
    time.sleep(seconds)
    rows = 100 * len(what)
    print(f"{what}: {rows} rows")
    return {"rows": rows}


def pipeline(
    dag_id: str,
    *,
    layers: Sequence[Sequence[str]],
    schedule: str | None,
    tags: Sequence[str],
    owner: str,
    description: str,
    retries: int = 0,
    pool: str = "",
    deadline: str | None = None,
    paused: bool = False,
) -> None:
    """A DAG of layers: every task of one stands before every task of the next."""
    with Dag(
        dag_id, schedule=schedule, tags=list(tags), owner=owner, description=description, deadline=deadline,
        paused=paused,
    ):  # fmt: skip
        above: list[object] = []
        for names in layers:
            made: list[object] = []
            for name in names:
                options = step.override(task_id=name, retry=Retry(retries, delay="1m"), pool=pool)
                made.append(options(name).after(*above))
            above = made


def warehouse(dag_id: str, groups: int, group_size: int) -> None:
    """One large DAG: groups of four steps wide lanes, all between a common beginning and a common end."""
    with Dag(dag_id, schedule="15 1 * * 6", tags=["large", "warehouse"], owner="warehouse", max_active_runs=1,
             description="Every region of the warehouse, rebuilt once a week"):  # fmt: skip
        begin = step.override(task_id="begin")("begin")
        ends = [_region(number, group_size, begin) for number in range(1, groups + 1)]
        step.override(task_id="publish")("publish").after(*ends)


def _region(number: int, size: int, begin: object) -> object:
    """Lanes of extract, clean, load side by side, joined by one check."""
    with TaskGroup(f"region_{number:02d}", label=f"Region {number}"):
        lanes = []
        for lane in range(1, (size - 1) // 3 + 1):
            extracted = step.override(task_id=f"extract_{lane:02d}")("extract").after(begin)
            cleaned = step.override(task_id=f"clean_{lane:02d}")("clean").after(extracted)
            lanes.append(step.override(task_id=f"load_{lane:02d}")("load").after(cleaned))
        return step.override(task_id="check")("check").after(*lanes)
