"""From `.delay()` and `.trigger()` to the client. Loads it only when called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from potok.model.duration import Duration, seconds

if TYPE_CHECKING:
    from potok.client.handle import RunHandle


def trigger(
    dag_id: str,
    params: Mapping[str, object],
    *,
    logical_date: datetime | None = None,
    note: str = "",
    idempotency_key: str | None = None,
    countdown: Duration | None = None,
    expires: Duration | None = None,
) -> RunHandle:
    """Start a run on the server. Raises UnreachableError, NotFoundError, InvalidError."""
    from potok.client.handle import trigger_run

    if logical_date is not None and logical_date.tzinfo is None:
        logical_date = logical_date.astimezone()
    return trigger_run(
        dag_id,
        dict(params),
        logical_date=logical_date,
        note=note,
        idempotency_key=idempotency_key,
        countdown_s=None if countdown is None else seconds(countdown),
        expires_s=None if expires is None else seconds(expires),
    )
