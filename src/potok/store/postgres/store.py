"""The store in PostgreSQL: one writer connection that pipelines each turn, a few readers beside it.

synchronous_commit stays on whatever the durability: without it a crash of the database server would lose work that
was acknowledged. Only this module and its siblings may import psycopg.
"""

from __future__ import annotations

import re
import secrets
import shlex
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.string import TextLoader

from potok.model.errors import StoreError
from potok.store import decode, encode
from potok.store.decode import Row
from potok.store.encode import Value
from potok.store.environments import note_environment
from potok.store.migrations import Migration, known_migrations, missing_migrations
from potok.store.postgres.errors import is_transient, sentence
from potok.store.postgres.nul import json_without_nul, without_nul
from potok.store.postgres.pipeline import BrokenPipelineError, Pipeline, Statement
from potok.store.protocol import CommitFailedError, CommitUnknownError, LostLeadershipError
from potok.store.reader import Fetch, SqlReader
from potok.store.retention import delete_in_chunks
from potok.store.rows import Batch, EnvironmentRow, Leader, RunRow
from potok.store.statements import SHARED, load_statements

_HOME = Path(__file__).parent
MIGRATIONS = _HOME / "migrations"
_STATEMENTS = load_statements(SHARED, _HOME / "queries.sql")
_SQL = {name: text.replace("?", "%s").encode() for name, text in _STATEMENTS.items()}

CONNECT_TIMEOUT_S = 5
READ_TIMEOUT_S = 10
LOCK_TIMEOUT_S = 5
_OLD_WRITER_TIMEOUT_S = 5.0
_READERS_KEPT = 2
_DIVISION_BY_ZERO = "22012"

_encode_json = msgspec.json.Encoder().encode


def _numbered(text: str) -> str:
    numbers = count(1)
    return re.sub(r"\?", lambda _: f"${next(numbers)}", text)


_PIPELINED = {name: _numbered(text) for name, text in _STATEMENTS.items()}


class PostgresStore(SqlReader):
    """Methods may be called from any thread; writes wait for each other. Broken connections are made anew."""

    def __init__(self, url: str) -> None:
        self.commits_inline = False
        self._url = url
        try:
            self._parts = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
        except psycopg.ProgrammingError as error:
            raise StoreError(f"The database URL is not understood: {str(error).strip()}.") from None
        self._where = f"{self._parts.get('host', 'localhost')}/{self._parts.get('dbname', '')}"
        self._name = f"potok writer {secrets.token_hex(6)}"
        self._write_lock = threading.RLock()
        self._readers: list[psycopg.Connection] = []
        self._writer: tuple[psycopg.Connection, Pipeline] | None = None
        self._must_settle = False
        self._closed = False
        try:
            self._live_writer()
        except psycopg.Error as error:
            raise StoreError(sentence(error, self._where)) from error

    # --- connections ------------------------------------------------------------------------------------------
    def _connect(self, name: str) -> psycopg.Connection:
        if self._closed:
            raise StoreError(f"The store {self._where} is closed.")
        connection = psycopg.connect(
            self._url,
            autocommit=True,
            application_name=name,
            connect_timeout=CONNECT_TIMEOUT_S,
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
        )
        # JSON stays text until the decoder of its own struct reads it.
        connection.adapters.register_loader("json", TextLoader)
        return connection

    def _live_writer(self) -> tuple[psycopg.Connection, Pipeline]:
        if self._writer is not None and not self._writer[0].closed:
            return self._writer
        connection = self._connect(self._name)
        connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT_S}s'".encode())
        if self._must_settle:
            self._end_old_writer(connection)
        self._writer = (connection, Pipeline(connection, _PIPELINED))
        return self._writer

    def _answering_writer(self) -> psycopg.Connection:
        """A connection that was idle may have died unseen."""
        connection = self._live_writer()[0]
        try:
            connection.execute("SELECT 1")
        except psycopg.OperationalError:
            connection.close()
            connection = self._live_writer()[0]
        return connection

    def _end_old_writer(self, connection: psycopg.Connection) -> None:
        """The session behind a broken connection may still be committing: nothing is read or written before its end."""
        give_up_at = time.monotonic() + _OLD_WRITER_TIMEOUT_S
        while connection.execute(_SQL["end_old_writer"], (self._name,)).fetchall():
            if time.monotonic() > give_up_at:
                connection.close()
                raise psycopg.OperationalError("our old session does not end")
            time.sleep(0.01)
        self._must_settle = False

    @contextmanager
    def _reader(self) -> Iterator[psycopg.Connection]:
        try:
            reader = self._readers.pop()
        except IndexError:
            reader = self._connect("potok reader")
            reader.execute(f"SET statement_timeout = '{READ_TIMEOUT_S}s'".encode())
            reader.execute("SET default_transaction_read_only = on")
        try:
            yield reader
        except BaseException:
            reader.close()
            raise
        if self._closed or len(self._readers) >= _READERS_KEPT:
            reader.close()
        else:
            self._readers.append(reader)

    def close(self) -> None:
        self._closed = True
        with self._write_lock:
            while self._readers:
                self._readers.pop().close()
            if self._writer is not None:
                self._writer[0].close()

    # --- reading ----------------------------------------------------------------------------------------------
    def _fetch(self, statement: str, parameters: Sequence[Value] = ()) -> list[Row]:
        def fetch() -> list[Row]:
            with self._reader() as reader:
                return list(reader.execute(_SQL[statement], without_nul(parameters)).fetchall())

        return self._again_if_broken(fetch)

    def _again_if_broken(self, read: Callable[[], list[Row]]) -> list[Row]:
        """A kept connection may have died unseen while it was idle; a new one tells the truth."""
        try:
            try:
                return read()
            except psycopg.OperationalError as error:
                if error.sqlstate is not None and error.sqlstate[:2] != "57":
                    raise
                if isinstance(error, psycopg.errors.QueryCanceled):
                    raise
                while self._readers:
                    self._readers.pop().close()
                return read()
        except psycopg.Error as error:
            raise StoreError(sentence(error, self._where)) from error

    @contextmanager
    def _snapshot(self) -> Iterator[Fetch]:
        self._fetch("leader")  # a dead connection is found here, where it can be replaced
        try:
            with self._reader() as reader:
                reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
                reader.execute("SET LOCAL statement_timeout = 0")
                yield lambda statement, parameters: list(
                    reader.execute(_SQL[statement], without_nul(parameters)).fetchall()
                )
                reader.execute("COMMIT")
        except psycopg.Error as error:
            raise StoreError(sentence(error, self._where)) from error

    def last_runs(self, dag_ids: Sequence[str], per_dag: int) -> dict[str, list[RunRow]]:
        newest: dict[str, list[RunRow]] = {dag_id: [] for dag_id in dag_ids}
        for row in self._fetch("last_runs", (_encode_json(list(newest)).decode(), per_dag)):
            run = decode.run_row(row)
            newest[run.record.dag_id].append(run)
        return newest

    def leader(self) -> Leader | None:
        # On the writer's connection: after a broken COMMIT it waits for the end of the old session first.
        with self._transaction() as transaction:
            rows = transaction.fetch("leader", ())
        return Leader(*rows[0]) if rows else None

    def size_bytes(self) -> int:
        return int(self._fetch("size")[0][0])

    # --- writing ----------------------------------------------------------------------------------------------
    def commit(self, batch: Batch) -> None:
        with self._write_lock:
            try:
                statements = [_fence(batch), *_hot_statements(batch), *_rare_statements(batch)]
                self._live_writer()[1].commit(statements)
            except BrokenPipelineError as error:
                self._must_settle = True
                raise CommitUnknownError(
                    f"The connection to PostgreSQL {self._where} broke while turn {batch.turn} was being committed "
                    f"({error}): the turn in the leader's row tells whether it was."
                ) from error
            except psycopg.Error as error:
                if error.sqlstate == _DIVISION_BY_ZERO:
                    raise LostLeadershipError(
                        f"Another server writes to {self._where} now: epoch {batch.epoch} is over, nothing was written."
                    ) from None
                raise CommitFailedError(sentence(error, self._where), transient=is_transient(error)) from error
            except (ValueError, TypeError, OverflowError) as error:
                raise CommitFailedError(sentence(error, self._where)) from error

    @contextmanager
    def _transaction(self) -> Iterator[_Transaction]:
        with self._write_lock:
            try:
                connection = self._answering_writer()
                with connection.transaction():
                    yield _Transaction(connection)
            except psycopg.Error as error:
                raise StoreError(sentence(error, self._where)) from error

    def take_leadership(self, instance: str, now: float) -> Leader:
        with self._transaction() as transaction:
            transaction.execute("take_leadership", (instance, now))
            return Leader(*transaction.fetch("leader", ())[0])

    def delete_runs_before(self, ended_before: float, budget_s: float) -> int:
        return delete_in_chunks(self._transaction, ended_before, budget_s)

    def note_environment(self, environment: EnvironmentRow) -> bool:
        return note_environment(self._transaction, environment)

    def backup(self, target: Path) -> None:
        parts = [f"{name}={value}" for name, value in self._parts.items() if name in ("host", "port", "user", "dbname")]
        command = shlex.join(["pg_dump", "--format=custom", f"--file={target}", f"--dbname={' '.join(parts)}"])
        raise StoreError(
            f"PostgreSQL makes its own backups: run {command} (the password belongs in ~/.pgpass or PGPASSWORD)."
        )

    # --- migrations -------------------------------------------------------------------------------------------
    def pending_migrations(self) -> list[str]:
        with self._transaction() as transaction:
            return [migration.name for migration in self._missing(transaction)]

    def upgrade(self) -> list[str]:
        if not self.pending_migrations():
            return []
        with self._transaction() as transaction:
            transaction.execute("schema_migration", ())
            transaction.execute("lock_migrations", ())
            # Looked up under the lock: another server may have been faster.
            missing = self._missing(transaction)
            for migration in missing:
                transaction.connection.execute(migration.sql.encode())
                transaction.execute("migration_applied", (migration.name, time.time()))
        return [migration.name for migration in missing]

    def _missing(self, transaction: _Transaction) -> list[Migration]:
        has_migrations = transaction.fetch("has_migrations", ())[0][0]
        applied = [row[0] for row in transaction.fetch("migrations_applied", ())] if has_migrations else []
        return missing_migrations(known_migrations(MIGRATIONS), applied, self._where)


class _Transaction:
    """The statements of one write transaction, by name."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection

    def fetch(self, statement: str, parameters: Sequence[Value]) -> list[Row]:
        return list(self.connection.execute(_SQL[statement], parameters).fetchall())

    def execute(self, statement: str, parameters: Sequence[Value]) -> None:
        self.connection.execute(_SQL[statement], parameters)


def _fence(batch: Batch) -> Statement:
    return "fence", (batch.turn, *encode.last_ids_of(batch), batch.epoch)


def _hot_statements(batch: Batch) -> Iterator[Statement]:
    """What nearly every turn holds: one statement for each list, its rows as JSON straight from the structs."""
    if batch.runs_new:
        yield "runs_new", (_json([new.row for new in batch.runs_new]),)
        yield "tasks_new", (_json([task for new in batch.runs_new for task in new.tasks]),)
    if batch.runs:
        yield "runs_changed", (_json(_last_of(batch.runs, [(row.run_key,) for row in batch.runs])),)
    if batch.tasks:
        yield "tasks_changed", (_json(_last_of(batch.tasks, [(row.run_key, row.position) for row in batch.tasks])),)
    if run_keys := encode.ended_run_keys(batch):
        yield "cells", (_encode_json(run_keys).decode(),)
    if batch.attempts_new:
        yield "attempts_new", (_json(batch.attempts_new),)
    if batch.attempts_ended:
        ended = _last_of(batch.attempts_ended, [(row.attempt_id,) for row in batch.attempts_ended])
        yield "attempts_ended", (_json(ended),)
    if batch.results:
        yield "results", (_json(_last_of(batch.results, [(row.run_key, row.position) for row in batch.results])),)
    if batch.outbox_new:
        yield "outbox_new", (_json(batch.outbox_new),)


def _rare_statements(batch: Batch) -> Iterator[Statement]:
    for statement, rows in encode.rare_steps(batch):
        for row in rows:
            yield statement, without_nul(row)


def _json(rows: Sequence[msgspec.Struct]) -> str:
    return json_without_nul(_encode_json(rows).decode())


def _last_of(rows: Sequence[msgspec.Struct], keys: Sequence[tuple[int, ...]]) -> Sequence[msgspec.Struct]:
    """A set-based statement refuses to write one row twice, so that of each only the last is sent."""
    last = dict(zip(keys, rows, strict=True))
    return rows if len(last) == len(rows) else list(last.values())
