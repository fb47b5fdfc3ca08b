"""What is SQLite's alone: files that cannot be used, full disks, locks, plans and durability."""

import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from potok.model.errors import StoreError
from potok.model.state import RunState
from potok.store.open import open_store
from potok.store.protocol import CommitFailedError
from potok.store.rows import Leader, PoolRow
from potok.store.sqlite import store as sqlite_store
from potok.store.sqlite.errors import is_transient, sentence
from potok.store.sqlite.store import SqliteStore
from potok.testing.store_rows import Writer, a_run


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "potok.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(str(path))
    store.upgrade()
    yield store
    store.close()


def pragma(store: SqliteStore, name: str) -> object:
    return store._writer.execute(f"PRAGMA {name}").fetchone()[0]


# --- trouble ----------------------------------------------------------------------------------------------------


def test_a_locked_database_fails_the_turn_in_one_sentence_and_the_next_goes_through(
    path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_store, "BUSY_TIMEOUT_S", 0.05)
    impatient = SqliteStore(str(path))
    writer = Writer(impatient)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CommitFailedError, match="is locked by another process") as failure:
            writer.commit(runs_new=[a_run(1)])
        assert failure.value.transient
        assert impatient.load_run(1) is None
        other.rollback()
    writer.commit(runs_new=[a_run(1)])
    assert impatient.load_run(1) is not None
    impatient.close()


def test_a_full_disk_fails_the_turn_and_nothing_before_it_is_lost(store: SqliteStore) -> None:
    writer = Writer(store)
    writer.commit(runs_new=[a_run(1)])
    before = store.load_active_runs()
    store._writer.execute(f"PRAGMA max_page_count = {pragma(store, 'page_count')}")
    with pytest.raises(CommitFailedError, match="No room is left on the disk") as failure:
        writer.commit(runs_new=[a_run(2, tasks=5000)])
    assert failure.value.transient
    assert store.load_active_runs() == before
    store._writer.execute("PRAGMA max_page_count = 1000000")
    writer.commit(runs_new=[a_run(2, tasks=5000)])
    assert len(store.load_active_runs()) == 2


def test_a_disk_that_refuses_more_bytes_fails_the_turn_and_nothing_before_it_is_lost(
    path: Path, store: SqliteStore
) -> None:
    writer = Writer(store)
    writer.commit(runs_new=[a_run(1)])
    before = store.load_active_runs()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.with_name(path.name + "-wal").stat().st_size, hard))
    try:
        with pytest.raises(CommitFailedError) as failure:
            writer.commit(runs_new=[a_run(2, tasks=5000)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert failure.value.transient
    assert store.load_active_runs() == before
    writer.commit(runs_new=[a_run(2, tasks=5000)])
    assert len(store.load_active_runs()) == 2


def test_a_newer_database_is_refused_in_one_sentence_and_left_alone(path: Path, store: SqliteStore) -> None:
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("INSERT INTO schema_migration VALUES ('9999_future', 0)")
        newer.commit()
    with pytest.raises(StoreError, match=r"written by a newer Potok .*9999_future.* update Potok"):
        store.upgrade()
    with pytest.raises(StoreError, match="newer Potok"):
        store.pending_migrations()


def test_a_file_of_something_else_is_refused_and_left_alone(path: Path) -> None:
    path.write_text("a letter to grandmother, long enough to have a page of its own. " * 100)
    content = path.read_bytes()
    with pytest.raises(StoreError, match="is not a SQLite database"):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == content


@pytest.mark.parametrize("place", ["missing/potok.db", "."])
def test_a_place_that_cannot_hold_a_database_is_named(tmp_path: Path, place: str) -> None:
    with pytest.raises(StoreError, match="cannot be opened: its folder must exist"):
        open_store(f"sqlite:///{tmp_path}/{place}")


def test_a_damaged_database_sends_to_the_backup(path: Path, store: SqliteStore) -> None:
    Writer(store).commit(runs_new=[a_run(1, tasks=2000)])
    store.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (path.stat().st_size - 4096))
    with pytest.raises(StoreError, match="is damaged: restore a backup"):
        SqliteStore(str(path))


def test_a_read_only_database_is_told_apart(path: Path, store: SqliteStore) -> None:
    with (
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as reader,
        pytest.raises(sqlite3.OperationalError) as failure,
    ):
        reader.execute("DELETE FROM pool")
    assert "is read-only: let the server's user write it" in sentence(failure.value, str(path))
    assert is_transient(failure.value)


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrations = tmp_path / "migrations"
    migrations.mkdir()
    (migrations / "0001_init.sql").write_text("CREATE TABLE a (x); CREATE TABLE b (x); SELECT nothing FROM nowhere;")
    monkeypatch.setattr(sqlite_store, "MIGRATIONS", migrations)
    store = SqliteStore(str(path))
    with pytest.raises(StoreError):
        store.upgrade()
    assert store._writer.execute("SELECT name FROM sqlite_master").fetchall() == []
    (migrations / "0001_init.sql").write_text("CREATE TABLE a (x); -- one; two;\nCREATE TABLE b (x);")
    assert store.upgrade() == ["0001_init"]
    store.close()


def test_a_closed_store_says_so(store: SqliteStore) -> None:
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.dags()
    with pytest.raises(CommitFailedError, match="closed"):
        Writer.commit(_writer_of_a_closed(store))


def _writer_of_a_closed(store: SqliteStore) -> Writer:
    writer = object.__new__(Writer)
    writer.store, writer.turn = store, 0
    writer.leader = Leader(1, 0, "server-1")
    return writer


# --- promises ---------------------------------------------------------------------------------------------------


def test_durability_decides_whether_a_commit_waits_for_the_disk(path: Path) -> None:
    normal, full = SqliteStore(str(path)), SqliteStore(str(path), durability="full")
    assert [pragma(normal, "synchronous"), pragma(full, "synchronous")] == [1, 2]
    assert [pragma(normal, "journal_mode"), pragma(full, "journal_mode")] == ["wal", "wal"]
    normal.close()
    full.close()


def test_the_log_stays_small_while_readers_come_and_go(path: Path, store: SqliteStore) -> None:
    writer = Writer(store)
    for key in range(1, 400):
        writer.commit(runs_new=[a_run(key, tasks=20)])
        store.list_runs(limit=5)
    assert path.with_name(path.name + "-wal").stat().st_size < 8 * 1024 * 1024


def test_a_store_in_memory_commits_inline() -> None:
    store = open_store("sqlite://:memory:")
    assert store.commits_inline
    store.close()


@pytest.mark.parametrize(
    "statement",
    [
        "runs", "runs_of_dag", "runs_in_state", "runs_of_dag_in_state", "run", "run_by_idempotency_key", "active_runs",
        "queued_runs", "ended_run_counts", "active_run_counts", "expired_runs", "one_run_tasks", "attempts_of_task",
        "run_tasks_from", "active_runs_tasks", "audit", "versions",
    ],
)  # fmt: skip
def test_a_read_costs_the_same_however_long_the_history_is(store: SqliteStore, statement: str) -> None:
    """The plan seeks by an index: it neither walks through a table nor sorts one."""
    sql = sqlite_store._SQL[statement]
    plan = [row[3] for row in store._writer.execute(f"EXPLAIN QUERY PLAN {sql}", (1,) * sql.count("?"))]
    assert plan
    if statement == "ended_run_counts":
        assert plan[0].startswith("SEARCH run USING COVERING INDEX run_ended (ended_at>?)")
        return
    for step in plan:
        assert not step.startswith("SCAN"), plan
        assert "TEMP B-TREE" not in step, plan


def test_retention_works_in_chunks_of_a_few_milliseconds(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of 10,000 tasks is far more than one chunk: other writers get their turn in between."""
    writer = Writer(store)
    writer.commit(runs_new=[a_run(1, tasks=10_000, state=RunState.SUCCESS)])
    sizes = []
    monkeypatch.setattr("potok.store.retention.CHUNK_S", 0.0005)
    while store.run("etl__1") is not None:
        store.delete_runs_before(1e12, 0.0005)
        sizes.append(len(store.tasks(1)))
    assert len(sizes) > 3
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == 0


# --- opening ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql://u:secret@h/db", "mysql://u@h/db"),
        ("potok.db", "write sqlite:///path/to/potok.db"),
        ("sqlite://potok.db", "names no file"),
        ("sqlite:///", "names no file"),
    ],
)
def test_a_url_that_is_not_understood_is_answered_with_one_that_is(url: str, told: str) -> None:
    with pytest.raises(StoreError) as failure:
        open_store(url)
    assert told in str(failure.value)
    assert "secret" not in str(failure.value)


def test_three_slashes_are_relative_and_four_absolute(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    relative = open_store("sqlite:///here.db")
    Writer(_upgraded(relative)).commit(pools=[PoolRow("p", 1)])
    relative.close()
    absolute = open_store(f"sqlite:///{path.parent}/here.db")
    assert absolute.pools() == [PoolRow("p", 1)]
    absolute.close()


def _upgraded(store: object) -> SqliteStore:
    assert isinstance(store, SqliteStore)
    store.upgrade()
    return store


def run_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_database_driver_is_loaded_only_when_its_url_asks_for_it() -> None:
    code = (
        "import sys, potok.store.open, potok.store.protocol, potok.store.reader; {}; "
        "print(*sorted({{'sqlite3', 'psycopg'}} & set(sys.modules)))"
    )
    assert run_python(code.format("pass")) == ""
    assert run_python(code.format("potok.store.open.open_store('sqlite://:memory:')")) == "sqlite3"


def test_postgresql_without_its_driver_names_the_extra() -> None:
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from potok.store.open import open_store\n"
        "try: open_store('postgresql://localhost/potok')\n"
        "except Exception as error: print(error)"
    )
    assert "pip install 'potok[postgres]'" in run_python(code)
