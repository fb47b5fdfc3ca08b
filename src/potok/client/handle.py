"""A run that a program started and may await: what `my_task.delay()` and `my_dag.trigger()` return."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO

import msgspec

from potok.client.api import PotokClient
from potok.client.discovery import find_server
from potok.client.errors import TaskFailedError, UnreachableError
from potok.model.answers import Run
from potok.model.errors import NotFoundError
from potok.model.run import ErrorInfo
from potok.model.state import RUN_ENDED, RunState

_WAIT_MAX_S = 60.0
# A server that is being restarted is back within seconds; its runs go on, so a waiting program waits too.
_RESTART_PATIENCE_S = 30.0
_RECONNECT_S = 0.2


class _Text(msgspec.Struct):
    text: str


class _Root(msgspec.Struct):
    error: ErrorInfo | None


class _Why(msgspec.Struct):
    """The part of an explanation that becomes an error message."""

    verdict: _Text
    roots: list[_Root]


_clients: dict[tuple[str, str], PotokClient] = {}


def connect() -> PotokClient:
    """The client of the server found by `find_server`, one for each address; raises UnreachableError."""
    address = find_server(os.environ)
    client = _clients.get(address)
    if client is None:
        client = _clients[address] = PotokClient(*address)
    return client


def trigger_run(
    dag_id: str,
    params: Mapping[str, object] | None = None,
    *,
    logical_date: datetime | None = None,
    note: str = "",
    idempotency_key: str | None = None,
    countdown_s: float | None = None,
    expires_s: float | None = None,
) -> RunHandle:
    """Start a run of the DAG and return its handle at once.

    `logical_date` must be aware. Raises UnreachableError, NotFoundError (no such DAG) or InvalidError (bad params).
    """
    client = connect()
    run, _ = client.trigger(
        dag_id,
        params,
        logical_date=logical_date,
        note=note,
        idempotency_key=idempotency_key,
        countdown_s=countdown_s,
        expires_s=expires_s,
    )
    return RunHandle(run.run_id)


class RunHandle:
    """A run by its id. Picks up the server from the environment when none is given; survives its restart."""

    def __init__(self, run_id: str, client: PotokClient | None = None) -> None:
        self.run_id = run_id
        self._client = client
        self._finds_server = client is None

    def __repr__(self) -> str:
        return f"RunHandle({self.run_id!r})"

    @property
    def state(self) -> RunState:
        """The state now, asked of the server."""
        return self._api().run(self.run_id).state

    def cancel(self, note: str = "") -> None:
        """Raises ConflictError when the run has ended."""
        self._api().cancel(self.run_id, note=note)

    def wait(self, timeout: float | None = None) -> RunState:
        """The final state, once the run has ended. Raises TimeoutError after `timeout` seconds."""
        return self._ended(timeout).state

    def get(self, timeout: float | None = None) -> object:
        """The result of the run's only task once it ended; None when the run has several tasks or there is none.

        Raises TaskFailedError when the run failed or was cancelled, TimeoutError after `timeout` seconds.
        """
        run = self._ended(timeout)
        if run.state is not RunState.SUCCESS:
            raise TaskFailedError(self._verdict(run), run_id=run.run_id, state=run.state.value)
        if run.counts.total != 1 or run.counts.success != 1:
            return None
        [task] = self._api().tasks(self.run_id)
        return self._result(task.task_id)

    def _ended(self, timeout: float | None) -> Run:
        deadline = None if timeout is None else time.monotonic() + timeout
        unreachable_since: float | None = None
        while True:
            left_s = _WAIT_MAX_S if deadline is None else max(0.0, min(deadline - time.monotonic(), _WAIT_MAX_S))
            try:
                run = self._api().run(self.run_id, wait_s=left_s)
            except UnreachableError:
                now = time.monotonic()
                unreachable_since = unreachable_since or now
                out_of_patience = now - unreachable_since > _RESTART_PATIENCE_S
                if out_of_patience or (deadline is not None and now >= deadline):
                    raise
                time.sleep(_RECONNECT_S)
                if self._finds_server:
                    self._client = None  # the restarted server may have another port
                continue
            unreachable_since = None
            if run.state in RUN_ENDED:
                return run
            if deadline is not None and time.monotonic() >= deadline:
                raise TimeoutError(f"run {self.run_id} is still {run.state.value} after {timeout:g} s")

    def _verdict(self, run: Run) -> str:
        """The run's verdict and, when one task is the root, its error."""
        why = msgspec.convert(self._api().explain(run.run_id), _Why)
        errors = [root.error for root in why.roots if root.error is not None]
        if len(why.roots) != 1 or not errors:
            return why.verdict.text
        return f"{why.verdict.text}: {errors[0].kind}: {errors[0].message}"

    def _result(self, task_id: str) -> object:
        try:
            result = self._api().result(self.run_id, task_id)
        except NotFoundError:
            return None
        if isinstance(result.value, msgspec.Raw):
            return msgspec.json.decode(result.value)
        data = self._api().result_bytes(self.run_id, task_id)
        return _table(data) if result.codec == "parquet" else msgspec.json.decode(data)

    def _api(self) -> PotokClient:
        if self._client is None:
            self._client = connect()
        return self._client


def _table(data: bytes) -> object:
    """A Parquet result as the data frame that the task returned."""
    import pandas

    return pandas.read_parquet(BytesIO(data))
