"""What the API answers about the numbers of a DAG's results over its runs."""

from __future__ import annotations

import msgspec

from potok.model.state import RunState


class MetricRuns(msgspec.Struct, frozen=True):
    """The runs that have numbers, oldest first, as parallel lists. `logical_at` is seconds since the epoch (UTC)."""

    run_id: list[str]
    state: list[RunState]
    logical_at: list[float]


class Metric(msgspec.Struct, frozen=True):
    """One number of a task's result. `values` has one for each run, null where the run has none.

    `last` is of the newest run that has it, `previous` of the one before that, `usual` the median of all but the last.
    """

    task_id: str
    name: str
    values: list[float | None]
    last: float | None
    previous: float | None
    usual: float | None


class Metrics(msgspec.Struct, frozen=True):
    """The metrics of a DAG's newest runs. `cut`: there are more of them than are answered at once."""

    dag_id: str
    tz: str
    runs: MetricRuns
    metrics: list[Metric]
    cut: bool
