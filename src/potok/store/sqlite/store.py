"""The store in a SQLite file (WAL): one writer connection, a few readers beside it. Never more than one live writer."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Literal

from potok.model.errors import StoreError
from potok.store import encode
from potok.store.decode import Row
from potok.store.encode import Step, Value
from potok.store.environments import note_environment
from potok.store.migrations import Migration, known_migrations, missing_migrations
from potok.store.protocol import CommitFailedError, LostLeadershipError
from potok.store.reader import Fetch, SqlReader
from potok.store.retention import delete_in_chunks
from potok.store.rows import Batch, EnvironmentRow, Leader
from potok.store.sqlite.backup import copy_database
from potok.store.sqlite.errors import is_transient, sentence
from potok.store.statements import SHARED, load_statements

_HOME = Path(__file__).parent
MIGRATIONS = _HOME / "migrations"
_SQL = load_statements(SHARED, _HOME / "queries.sql")
_FENCE = _SQL["fence"]
_SCHEMA_MIGRATION = (
    "CREATE TABLE IF NOT EXISTS schema_migration (name TEXT PRIMARY KEY, applied_at REAL NOT NULL) WITHOUT ROWID"
)

BUSY_TIMEOUT_S = 2.0  # on the event loop nothing else happens meanwhile
INLINE_COMMIT_MAX_S = 0.001
_AUTOCHECKPOINT_PAGES = 500
_READERS_KEPT = 2


class SqliteStore(SqlReader):
    """`path` None keeps everything in memory, for tests and the simulator. Methods may be called from any thread.

    `read_only`: for whoever looks at the file while a server owns it; what would write raises.
    """

    def __init__(
        self, path: str | None, *, durability: Literal["normal", "full"] = "normal", read_only: bool = False
    ) -> None:
        self.commits_inline = True
        self._read_only = read_only
        self._path = path
        self._where = ":memory:" if path is None else path
        self._durability = durability
        self._write_lock = threading.RLock()
        self._readers: list[sqlite3.Connection] = []
        self._closed = False
        try:
            self._writer = self._open_writer()
        except sqlite3.Error as error:
            raise StoreError(sentence(error, self._where)) from error
        if path is not None and not read_only:
            self.commits_inline = self._commit_time_s() < INLINE_COMMIT_MAX_S

    # --- connections ------------------------------------------------------------------------------------------
    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(
            self._where,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=128,
        )

    def _open_writer(self) -> sqlite3.Connection:
        writer = self._connect()
        try:
            if self._read_only:
                writer.execute("PRAGMA query_only = ON")
                return writer
            writer.execute("PRAGMA journal_mode = WAL")
            writer.execute(f"PRAGMA synchronous = {self._durability.upper()}")
            writer.execute(f"PRAGMA wal_autocheckpoint = {_AUTOCHECKPOINT_PAGES}")
            writer.execute("PRAGMA journal_size_limit = 16777216")
            writer.execute("PRAGMA temp_store = MEMORY")
            # Debian's build overwrites deleted rows with zeros; secrets are sealed here, so nobody gains by it.
            writer.execute("PRAGMA secure_delete = OFF")
        except BaseException:
            writer.close()
            raise
        return writer

    def _commit_time_s(self) -> float:
        """Median of a few commits that change nothing but a spare number in the file's header."""
        times = []
        try:
            for _ in range(5):
                started = time.perf_counter()
                self._writer.execute("PRAGMA user_version = 1")
                times.append(time.perf_counter() - started)
        except sqlite3.Error:
            return INLINE_COMMIT_MAX_S
        return median(times)

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        if self._path is None:
            with self._write_lock:
                yield self._writer
            return
        if self._closed:
            raise StoreError(f"The database {self._where} is closed.")
        try:
            reader = self._readers.pop()
        except IndexError:
            reader = self._connect()
            reader.execute("PRAGMA query_only = ON")
        try:
            yield reader
        except BaseException:
            reader.close()
            raise
        self._give_back(reader)

    def _give_back(self, reader: sqlite3.Connection) -> None:
        if self._closed or len(self._readers) >= _READERS_KEPT:
            reader.close()
        else:
            self._readers.append(reader)

    def close(self) -> None:
        self._closed = True
        with self._write_lock:
            while self._readers:
                self._readers.pop().close()
            self._writer.close()

    # --- reading ----------------------------------------------------------------------------------------------
    def _fetch(self, statement: str, parameters: Sequence[Value] = ()) -> list[Row]:
        try:
            with self._reader() as reader:
                return reader.execute(_SQL[statement], parameters).fetchall()
        except sqlite3.Error as error:
            raise StoreError(sentence(error, self._where)) from error

    @contextmanager
    def _snapshot(self) -> Iterator[Fetch]:
        try:
            with self._reader() as reader:
                reader.execute("BEGIN")
                try:
                    yield lambda statement, parameters: reader.execute(_SQL[statement], parameters).fetchall()
                finally:
                    reader.execute("COMMIT")
        except sqlite3.Error as error:
            raise StoreError(sentence(error, self._where)) from error

    def size_bytes(self) -> int:
        if self._path is None:
            with self._write_lock:
                pages, page_size = self._writer.execute(
                    "SELECT page_count, page_size FROM pragma_page_count, pragma_page_size"
                ).fetchone()
            return int(pages * page_size)
        size = 0
        for suffix in ("", "-wal"):
            with suppress(FileNotFoundError):
                size += Path(self._path + suffix).stat().st_size
        return size

    # --- writing ----------------------------------------------------------------------------------------------
    def commit(self, batch: Batch) -> None:
        writer = self._writer
        with self._write_lock:
            try:
                steps = [*_hot_steps(batch), *encode.rare_steps(batch)]
                writer.execute("BEGIN IMMEDIATE")
                fence = writer.execute(_FENCE, (batch.turn, *encode.last_ids_of(batch), batch.epoch))
                if fence.rowcount == 0:
                    raise LostLeadershipError(
                        f"Another server writes to {self._where} now: epoch {batch.epoch} is over, nothing was written."
                    )
                for statement, rows in steps:
                    writer.executemany(_SQL[statement], rows)
                writer.execute("COMMIT")
            except LostLeadershipError:
                self._roll_back()
                raise
            except (sqlite3.Error, ValueError, TypeError, OverflowError) as error:
                self._roll_back()
                raise CommitFailedError(sentence(error, self._where), transient=is_transient(error)) from error
            except BaseException:
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        # After some errors (a full disk) SQLite has rolled back by itself.
        with suppress(sqlite3.Error):
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")

    @contextmanager
    def _transaction(self) -> Iterator[_Transaction]:
        with self._write_lock:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                yield _Transaction(self._writer)
                self._writer.execute("COMMIT")
            except sqlite3.Error as error:
                self._roll_back()
                raise StoreError(sentence(error, self._where)) from error
            except BaseException:
                self._roll_back()
                raise

    def take_leadership(self, instance: str, now: float) -> Leader:
        # The lock file of the server keeps a second live one off the same file, so the row is simply taken over.
        with self._transaction() as transaction:
            transaction.execute("take_leadership", (instance, now))
            return Leader(*transaction.fetch("leader", ())[0])

    def delete_runs_before(self, ended_before: float, budget_s: float) -> int:
        return delete_in_chunks(self._transaction, ended_before, budget_s)

    def note_environment(self, environment: EnvironmentRow) -> bool:
        return note_environment(self._transaction, environment)

    def backup(self, target: Path) -> None:
        try:
            if self._path is None:
                with self._write_lock:
                    copy_database(self._writer, target)
                return
            source = self._connect()
            try:
                copy_database(source, target)
            finally:
                source.close()
        except sqlite3.Error as error:
            raise StoreError(sentence(error, str(target))) from error
        except OSError as error:
            raise StoreError(f"The backup {target} cannot be written: {error.strerror}.") from error

    # --- migrations -------------------------------------------------------------------------------------------
    def pending_migrations(self) -> list[str]:
        return [migration.name for migration in self._missing()]

    def upgrade(self) -> list[str]:
        if not self._missing():
            return []
        names = []
        with self._transaction() as transaction:
            self._writer.execute(_SCHEMA_MIGRATION)
            # Looked up again: another process may have been faster while we waited for the lock.
            for migration in self._missing():
                for statement in _statements_of(migration):
                    self._writer.execute(statement)
                transaction.execute("migration_applied", (migration.name, time.time()))
                names.append(migration.name)
        return names

    def _missing(self) -> list[Migration]:
        with self._write_lock:
            try:
                applied = [row[0] for row in self._writer.execute(_SQL["migrations_applied"])]
            except sqlite3.OperationalError as error:
                if "no such table" not in str(error):
                    raise StoreError(sentence(error, self._where)) from error
                applied = []
            except sqlite3.Error as error:
                raise StoreError(sentence(error, self._where)) from error
        return missing_migrations(known_migrations(MIGRATIONS), applied, self._where)


class _Transaction:
    """The statements of one write transaction, by name."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def fetch(self, statement: str, parameters: Sequence[Value]) -> list[Row]:
        return self._connection.execute(_SQL[statement], parameters).fetchall()

    def execute(self, statement: str, parameters: Sequence[Value]) -> None:
        self._connection.execute(_SQL[statement], parameters)


def _hot_steps(batch: Batch) -> Iterator[Step]:
    """What nearly every turn holds. Each list goes to one executemany."""
    if batch.runs_new:
        yield "runs_new", [encode.run_values(new) for new in batch.runs_new]
        task = encode.task_values
        yield "tasks_new", [task(row) for new in batch.runs_new for row in new.tasks]
    if batch.runs:
        yield "runs_changed", [encode.run_update_values(update) for update in batch.runs]
    if batch.tasks:
        yield "tasks_changed", [encode.task_values(row) for row in batch.tasks]
    if ended := encode.ended_run_keys(batch):
        yield "cells", [(run_key, run_key) for run_key in ended]
    if batch.attempts_new:
        yield "attempts_new", [encode.attempt_values(row) for row in batch.attempts_new]
    if batch.attempts_ended:
        yield "attempts_ended", [encode.attempt_values(row) for row in batch.attempts_ended]
    if batch.results:
        yield "results", [encode.result_values(row) for row in batch.results]
    if batch.outbox_new:
        yield "outbox_new", [encode.outbox_values(row) for row in batch.outbox_new]


def _statements_of(migration: Migration) -> Iterator[str]:
    pending = ""
    for line in migration.sql.splitlines():
        pending += line + "\n"
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
