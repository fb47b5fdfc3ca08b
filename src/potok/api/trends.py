"""The numbers of a DAG's results as series over its runs, from one bounded read. Blocks."""

from __future__ import annotations

from potok.engine.trend import trend
from potok.model.trend import Metric, MetricRuns, Metrics
from potok.store.history_rows import RunNumbersRow
from potok.store.protocol import Store
from potok.store.rows import DagRow

# A year of twenty tasks with numbers; what is older than that is left out and said to be.
ROWS_MAX = 8_000
SERIES_MAX = 200


def metrics_of(reader: Store, row: DagRow, runs: int) -> Metrics:
    """Of the newest `runs` runs of the DAG; series in the order that the newest run has them."""
    rows = reader.run_numbers(row.dag_id, runs, ROWS_MAX + 1)
    cut = len(rows) > ROWS_MAX
    rows = rows[:ROWS_MAX]
    columns = list({found.run_key: found for found in reversed(rows)}.values())
    at = {found.run_key: index for index, found in enumerate(columns)}
    values = _values(rows, at)
    series = [
        Metric(task_id, name, numbers, *trend(numbers))
        for (task_id, name), numbers in list(values.items())[:SERIES_MAX]
    ]
    listed = MetricRuns(
        [found.run_id for found in columns],
        [found.state for found in columns],
        [found.logical_date for found in columns],
    )
    return Metrics(row.dag_id, row.tz, listed, series, cut or len(values) > SERIES_MAX)


def _values(rows: list[RunNumbersRow], at: dict[int, int]) -> dict[tuple[str, str], list[float | None]]:
    found: dict[tuple[str, str], list[float | None]] = {}
    for row in rows:
        for name, number in row.numbers.items():
            numbers = found.setdefault((row.task_id, name), [None] * len(at))
            numbers[at[row.run_key]] = number
    return found
