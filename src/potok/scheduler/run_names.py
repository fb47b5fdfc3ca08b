"""Run ids: readable, sortable within a DAG, unique over all DAGs. Pure."""

from __future__ import annotations

from datetime import UTC, datetime


def scheduled_run_id(dag_id: str, logical_date: float) -> str:
    """The id of the run for this logical date: the same fire can never make two runs."""
    return f"{dag_id}.{_compact(logical_date)}"


def manual_run_id(dag_id: str, created_at: float, run_key: int) -> str:
    """The id of a run that someone asked for; the store's number makes it unique."""
    return f"{dag_id}.{_compact(created_at)}.{run_key}"


def _compact(at: float) -> str:
    moment = datetime.fromtimestamp(at, UTC)
    text = moment.strftime("%Y%m%dT%H%M%S")
    return f"{text}{moment.microsecond // 1000:03d}" if moment.microsecond else text
