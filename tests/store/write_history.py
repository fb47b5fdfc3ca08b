"""Writes `history/<migration>.<dialect>.sql`: the rows that this version leaves in a database, to be upgraded for ever.

Run once for each new migration, by the code that released it: `python -m tests.store.write_history` (PostgreSQL's
programs must be installed). Files that exist are never written again: an old version wrote them.
"""

import sqlite3
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from potok.model.reason import reason
from potok.model.run import CheckResult, ErrorInfo, LogRange, Usage
from potok.model.state import RunState, TaskState
from potok.store.open import open_store
from potok.store.protocol import Store
from potok.store.rows import (
    AuditRow,
    ConnectionRow,
    ImportErrorRow,
    OutboxRow,
    ParkedEvent,
    PoolRow,
    RunCounts,
    VariableRow,
)
from potok.testing.postgres import PrivatePostgres
from potok.testing.store_rows import T0, Writer, a_dag, a_result, a_run, a_run_update, a_task, a_version, an_attempt

HISTORY = Path(__file__).parent / "history"


def write_rows(store: Store) -> None:
    """A little of everything, in three turns."""
    writer = Writer(store)
    writer.commit(
        dags=[a_dag("etl", tags=("nightly",), description="Выгрузка")], versions=[a_version()],
        pools=[PoolRow("ml", 4)], variables=[VariableRow("key", secret=True, sealed=b"\x00\xff", updated_at=T0)],
        connections=[ConnectionRow("db", "postgres", "h", 5432, "u", "s", b"\x01", T0)],
        import_errors=[ImportErrorRow("bad.py", "no module", "bad.py:1", "Traceback", T0)],
        parked=[ParkedEvent(T0, "finished", b"\x80", "why")], audit=[AuditRow(T0, "anna", "pause", "etl", {"n": 1})],
    )  # fmt: skip
    writer.commit(
        runs_new=[a_run(1, idempotency_key="k"), a_run(2), a_run(3, state=RunState.QUEUED)],
        attempts_new=[an_attempt(1, 1), an_attempt(2, 1, 1, pid=77), an_attempt(3, 2)],
        outbox_new=[OutboxRow(1, "callback", b"\x80\x00", T0, 1)],
    )  # fmt: skip
    failed = an_attempt(
        2, 1, 1, outcome="failed", started_at=T0, ended_at=T0 + 2, exit_code=1, usage=Usage(0.5, 0.25, 33.0),
        error=ErrorInfo("ValueError", "bad", ("ValueError",), "etl.py:7", "Traceback"),
        log=LogRange("1.jsonl", 0, 99, 3),
        checks=(CheckResult("not_empty", ok=False),), rendered={"command": "cat"},
    )  # fmt: skip
    writer.commit(
        attempts_ended=[an_attempt(1, 1, outcome="success"), failed], results=[a_result(1, data=b'{"rows":7}')],
        tasks=[
            a_task(1, 0, TaskState.SUCCESS, try_number=1, attempt_id=1),
            a_task(1, 1, TaskState.FAILED, try_number=1, attempt_id=2, reason=reason("failed", error="ValueError")),
            a_task(2, 0, TaskState.RUNNING, try_number=1, attempt_id=3, started_at=T0),
        ],
        runs=[a_run_update(1, RunCounts(total=2, success=1, failed=1), RunState.FAILED)],
    )  # fmt: skip


def _sqlite_inserts(folder: Path) -> tuple[str, list[str]]:
    path = folder / "history.db"
    store = open_store(f"sqlite:///{path}")
    newest = store.upgrade()[-1]
    write_rows(store)
    store.close()
    with closing(sqlite3.connect(path)) as database:
        tables = _tables(row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'"))
        lines = []
        for table in tables:
            rows = database.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in rows.description]
            quoted = ", ".join(f"quote({name})" for name in names)
            values = database.execute(f"SELECT {quoted} FROM {table}")
            lines += [f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(row)});" for row in values]
    return newest, lines


def _postgres_inserts() -> tuple[str, list[str]]:
    with PrivatePostgres() as server:
        url = server.create_database("history")
        store = open_store(url)
        newest = store.upgrade()[-1]
        write_rows(store)
        store.close()
        with psycopg.connect(url) as database:
            listed = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            tables = _tables(row[0] for row in listed)
            lines = []
            for table in tables:
                rows = database.execute(f"SELECT * FROM {table}".encode())
                names = [column.name for column in rows.description or []]
                quoted = ", ".join(f"quote_nullable({name}::text)" for name in names)
                for row in database.execute(f"SELECT {quoted} FROM {table}".encode()):
                    lines.append(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(row)});")
    return newest, lines


def _tables(names: Iterable[str]) -> list[str]:
    ours = sorted(names)
    return [name for name in ours if not name.startswith("sqlite_") and name != "schema_migration"]


def main() -> None:
    with TemporaryDirectory() as folder:
        written = {"sqlite": _sqlite_inserts(Path(folder)), "postgres": _postgres_inserts()}
    for dialect, (newest, lines) in written.items():
        file = HISTORY / f"{newest}.{dialect}.sql"
        if file.exists():
            sys.stdout.write(f"{file.name} is there already and stays as it is\n")
            continue
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        sys.stdout.write(f"{file.name}: {len(lines)} rows\n")


if __name__ == "__main__":
    main()
