"""Keeps what tasks ran on: one row for each change, so that a run finds its own by the time of its start."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from potok.store.encode import environment_values
from potok.store.retention import WriteTransaction
from potok.store.rows import EnvironmentRow


def note_environment(
    begin: Callable[[], AbstractContextManager[WriteTransaction]], environment: EnvironmentRow
) -> bool:
    """Writes the row when its digest is another than the newest one's; whether it did."""
    with begin() as transaction:
        newest = transaction.fetch("environment_at", (environment.seen_at,))
        if newest and newest[0][1] == environment.digest:
            return False
        transaction.execute("environment_seen", environment_values(environment))
        return True
