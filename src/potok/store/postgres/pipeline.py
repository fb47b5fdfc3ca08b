"""One transaction in one round trip: prepared statements through libpq's pipeline, below psycopg's cursors.

Cursors would cost 170 µs of our CPU in a turn of one task, this costs 36. Must never be used by two threads at once.
"""

from __future__ import annotations

import select
from collections.abc import Mapping, Sequence
from itertools import count

import psycopg
from psycopg import pq
from psycopg.errors import error_from_result

from potok.store.encode import Value

Statement = tuple[str, Sequence[Value]]

ANSWER_TIMEOUT_MS = 30_000
_PREPARE = ""
_BEGIN, _COMMIT = "BEGIN", "COMMIT"


class BrokenPipelineError(Exception):
    """The connection is gone and with it the answer to COMMIT."""


class Pipeline:
    """The statements of one connection; `statements` holds their SQL by name, with `$1` parameters."""

    def __init__(self, connection: psycopg.Connection, statements: Mapping[str, str]) -> None:
        self._connection = connection
        self._libpq = connection.pgconn
        self._sql = {**statements, _BEGIN: "BEGIN", _COMMIT: "COMMIT"}
        self._prepared: dict[str, bytes] = {}
        self._numbers = count()

    def commit(self, statements: Sequence[Statement]) -> None:
        """Runs all in one transaction. Raises the psycopg.Error of the statement that failed, rolled back, or
        BrokenPipelineError when the outcome is not known."""
        try:
            failed, error = self._run([(_BEGIN, ()), *statements, (_COMMIT, ())])
        except psycopg.Error as lost:
            self._connection.close()
            raise BrokenPipelineError(str(lost).strip()) from lost
        if error is None:
            return
        self._prepared.clear()
        if failed == _COMMIT and (error.sqlstate or "57")[:2] in ("08", "57"):
            self._connection.close()
            raise BrokenPipelineError(str(error).strip()) from error
        if not self._connection.closed:
            self._connection.execute("ROLLBACK")
        raise error

    def _run(self, statements: Sequence[Statement]) -> tuple[str, psycopg.Error | None]:
        # Encoded before anything is sent: a text that cannot be must not leave half a transaction behind.
        wired = [(name, [_wire(value) for value in values], _formats(values)) for name, values in statements]
        libpq = self._libpq
        sent: list[str] = []
        libpq.nonblocking = 1
        libpq.enter_pipeline_mode()
        for name, values, formats in wired:
            self._send(name, values, formats, sent)
        libpq.pipeline_sync()
        outcome = self._receive(sent)
        if libpq.status == pq.ConnStatus.OK:
            libpq.exit_pipeline_mode()
            libpq.nonblocking = 0
        return outcome

    def _send(self, name: str, values: list[bytes | None], formats: list[int], sent: list[str]) -> None:
        prepared = self._prepared.get(name)
        if prepared is None:
            prepared = self._prepared[name] = b"p%d" % next(self._numbers)
            self._libpq.send_prepare(prepared, self._sql[name].encode())
            sent.append(_PREPARE)
        self._libpq.send_query_prepared(prepared, values, formats)
        sent.append(name)

    def _receive(self, sent: Sequence[str]) -> tuple[str, psycopg.Error | None]:
        """Reads all answers; the name of the first statement that failed, and its error."""
        failed, error = "", None
        answered = iter(sent)
        try:
            self._flush()
            while True:
                result = self._next_result()
                if result is None:
                    continue
                if result.status == pq.ExecStatus.PIPELINE_SYNC:
                    return failed, error
                name = next(answered)
                if error is None and result.status not in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
                    failed, error = name, error_from_result(result)
        except psycopg.Error:
            # A session that was told to end says so first and hangs up then.
            if error is None:
                raise
            self._connection.close()
            return failed, error

    def _flush(self) -> None:
        poll = select.poll()
        poll.register(self._libpq.socket, select.POLLIN | select.POLLOUT)
        while self._libpq.flush():
            self._await(poll)
            self._libpq.consume_input()

    def _next_result(self) -> pq.abc.PGresult | None:
        if self._libpq.is_busy():
            poll = select.poll()
            poll.register(self._libpq.socket, select.POLLIN)
            while self._libpq.is_busy():
                self._await(poll)
                self._libpq.consume_input()
        return self._libpq.get_result()

    def _await(self, poll: select.poll) -> None:
        if not poll.poll(ANSWER_TIMEOUT_MS):
            raise psycopg.OperationalError(f"no answer for {ANSWER_TIMEOUT_MS // 1000} s")


def _wire(value: Value) -> bytes | None:
    if value is None or isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    return repr(value).encode()


def _formats(values: Sequence[Value]) -> list[int]:
    return [pq.Format.BINARY if isinstance(value, bytes) else pq.Format.TEXT for value in values]
