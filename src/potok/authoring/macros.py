"""`macros` of the task context: small date arithmetic for templates."""

from __future__ import annotations

from datetime import datetime, timedelta

__all__ = ["datetime", "ds_add", "ds_format", "timedelta"]


def ds_add(ds: str, days: int) -> str:
    """`ds_add('2026-01-01', 5)` is `2026-01-06`."""
    return (datetime.fromisoformat(ds) + timedelta(days=days)).strftime("%Y-%m-%d")


def ds_format(ds: str, input_format: str, output_format: str) -> str:
    """`ds_format('2026-01-01', '%Y-%m-%d', '%d.%m.%y')` is `01.01.26`."""
    return datetime.strptime(ds, input_format).strftime(output_format)  # noqa: DTZ007 - a day has no zone
