"""A database with history, written by each version there ever was, upgrades and keeps every row."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from potok.model.state import RunState
from potok.store.migrations import known_migrations
from potok.store.open import open_store
from potok.store.postgres.store import MIGRATIONS as POSTGRES_MIGRATIONS
from potok.store.protocol import Store
from potok.store.sqlite.store import MIGRATIONS as SQLITE_MIGRATIONS
from potok.testing.store_rows import Writer, a_run
from tests.store.write_history import HISTORY, write_rows

NAMES = [migration.name for migration in known_migrations(SQLITE_MIGRATIONS)]
RECORD = "INSERT INTO schema_migration (name, applied_at) VALUES ('{}', 0);"
TABLE = "CREATE TABLE schema_migration (name TEXT PRIMARY KEY, applied_at DOUBLE PRECISION NOT NULL);"


def script(folder: Path, dialect: str, newest: str) -> str:
    """What makes the database that the version with `newest` as its last migration left behind."""
    applied = [migration for migration in known_migrations(folder) if migration.name <= newest]
    parts = [TABLE, *(migration.sql + RECORD.format(migration.name) for migration in applied)]
    parts.append((HISTORY / f"{newest}.{dialect}.sql").read_text(encoding="utf-8"))
    return "\n".join(parts)


def contents(store: Store) -> list[object]:
    """All that the protocol lets one see."""
    return [
        *(store.load_run(key) for key in (1, 2, 3)), store.load_outbox(), store.load_version("etl", "b1"),
        store.last_ids(), store.leader(), store.run_by_idempotency_key("etl", "k"), store.dags(),
        store.versions("etl"), store.list_runs(limit=9), store.list_runs(limit=9, state=RunState.FAILED),
        store.import_errors(), store.pools(), store.connections(), store.variables(), store.audit(),
        store.parked_events(), store.result(1, "step_0"), store.task(1, "step_1"), store.attempts(1),
    ]  # fmt: skip


@pytest.fixture
def expected() -> list[object]:
    store = open_store("sqlite://:memory:")
    store.upgrade()
    write_rows(store)
    found = contents(store)
    store.close()
    return found


def assert_upgrades(store: Store, newest: str, expected: list[object]) -> None:
    assert store.pending_migrations() == [name for name in NAMES if name > newest]
    assert store.upgrade() == [name for name in NAMES if name > newest]
    assert store.pending_migrations() == []
    assert contents(store) == expected
    Writer(store).commit(runs_new=[a_run(4)])
    assert [run.row.record.run_key for run in store.load_active_runs()] == [2, 3, 4]


@pytest.mark.parametrize("newest", NAMES)
def test_sqlite_upgrades_what_each_version_left_behind(tmp_path: Path, newest: str, expected: list[object]) -> None:
    with closing(sqlite3.connect(tmp_path / "old.db")) as old:
        old.executescript(script(SQLITE_MIGRATIONS, "sqlite", newest))
    store = open_store(f"sqlite:///{tmp_path}/old.db")
    assert_upgrades(store, newest, expected)
    store.close()


@pytest.mark.parametrize("newest", NAMES)
def test_postgresql_upgrades_what_each_version_left_behind(
    postgres_url: str, newest: str, expected: list[object]
) -> None:
    with psycopg.connect(postgres_url) as old:
        old.execute(script(POSTGRES_MIGRATIONS, "postgres", newest).encode())
    store = open_store(postgres_url)
    assert_upgrades(store, newest, expected)
    store.close()


def test_both_dialects_know_the_same_migrations_and_each_has_its_history() -> None:
    assert [migration.name for migration in known_migrations(POSTGRES_MIGRATIONS)] == NAMES
    files = {file.name for file in HISTORY.glob("*.sql")}
    assert files == {f"{name}.{dialect}.sql" for name in NAMES for dialect in ("sqlite", "postgres")}


@pytest.mark.parametrize("forbidden", ["DROP ", "RENAME "])
def test_migrations_only_add(forbidden: str) -> None:
    """Old and new code run side by side during an upgrade: what the old one reads must stay."""
    for folder in (SQLITE_MIGRATIONS, POSTGRES_MIGRATIONS):
        for migration in known_migrations(folder):
            assert forbidden not in migration.sql.upper(), migration.name


def test_failures_of_before_the_home_are_found_by_the_upgrade(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "old.db")) as old:
        old.executescript(script(SQLITE_MIGRATIONS, "sqlite", "0001_init"))
    store = open_store(f"sqlite:///{tmp_path}/old.db")
    store.upgrade()
    [failure] = store.open_failures(9)
    assert (failure.dag_id, failure.run_key, failure.run_keys) == ("etl", 1, (1,))
    found = store.failed_task(failure)
    assert found is not None and found[1] is not None and found[1].task_id == "step_1"
    store.close()
