"""What is PostgreSQL's alone: broken connections, crashed servers, locks, and the words for them."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from potok.model.errors import StoreError
from potok.store.open import open_store
from potok.store.postgres import store as postgres_store
from potok.store.postgres.nul import json_without_nul
from potok.store.postgres.store import PostgresStore
from potok.store.protocol import CommitFailedError, CommitUnknownError
from potok.store.rows import PoolRow
from potok.testing.postgres import PrivatePostgres
from potok.testing.store_rows import Writer, a_run
from tests.store.lossy_proxy import LossyProxy

pytestmark = pytest.mark.postgres


@pytest.fixture
def store(postgres_url: str) -> Iterator[PostgresStore]:
    store = PostgresStore(postgres_url)
    store.upgrade()
    yield store
    store.close()


def end_sessions(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as operator:
        operator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'potok %'")


def committed_turn(store: PostgresStore) -> int:
    leader = store.leader()
    assert leader is not None
    return leader.turn


# --- connections that break -------------------------------------------------------------------------------------


def test_a_session_that_died_before_the_commit_leaves_a_question_that_the_leader_row_answers(
    store: PostgresStore, postgres_url: str
) -> None:
    writer = Writer(store)
    writer.commit(runs_new=[a_run(1)])
    end_sessions(postgres_url)
    with pytest.raises((CommitUnknownError, CommitFailedError)):
        writer.commit(runs_new=[a_run(2)])
    assert committed_turn(store) == 1
    assert store.run("etl__2") is None
    writer.commit(runs_new=[a_run(2)])
    assert store.run("etl__2") is not None
    assert committed_turn(store) == writer.turn


def test_a_commit_whose_answer_is_lost_is_unknown_and_the_leader_row_says_that_it_went_through(
    postgres: PrivatePostgres, postgres_url: str, store: PostgresStore
) -> None:
    proxy = LossyProxy(postgres.port)
    try:
        remote = PostgresStore(postgres_url.replace(f":{postgres.port}/", f":{proxy.port}/"))
        writer = Writer(remote)
        writer.commit(runs_new=[a_run(1)])
        proxy.swallow_answers()
        with pytest.raises(CommitUnknownError, match="the turn in the leader's row tells"):
            writer.commit(runs_new=[a_run(2)])
        proxy.let_through()
        assert committed_turn(remote) == writer.turn
        assert remote.run("etl__2") is not None
        writer.commit(runs_new=[a_run(3)])
        remote.close()
    finally:
        proxy.close()
    assert [run.row.record.run_key for run in store.load_active_runs()] == [1, 2, 3]


def test_a_crash_of_the_database_server_loses_nothing_acknowledged(
    postgres: PrivatePostgres, store: PostgresStore
) -> None:
    writer = Writer(store)
    for key in range(1, 20):
        writer.commit(runs_new=[a_run(key)])
    postgres.crash()
    with pytest.raises((CommitUnknownError, CommitFailedError)):
        writer.commit(runs_new=[a_run(20)])
    with pytest.raises(StoreError, match=r"cannot be reached|going down"):
        store.dags()
    with pytest.raises(CommitFailedError, match="cannot be reached") as failure:
        writer.commit(runs_new=[a_run(20)])
    assert failure.value.transient
    postgres.start()
    assert committed_turn(store) == 19
    assert len(store.load_active_runs()) == 19
    writer.commit(runs_new=[a_run(20)])
    assert len(store.load_active_runs()) == 20


def test_reads_go_on_after_their_idle_connections_died(store: PostgresStore, postgres_url: str) -> None:
    Writer(store).commit(runs_new=[a_run(1)])
    assert store.pools() == []
    end_sessions(postgres_url)
    assert store.run("etl__1") is not None
    end_sessions(postgres_url)
    assert len(store.load_active_runs()) == 1
    assert store.take_leadership("server-2", 0.0).epoch == 2


def test_a_locked_table_fails_the_turn_in_one_sentence_and_the_next_goes_through(
    postgres_url: str, store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_store, "LOCK_TIMEOUT_S", 0.1)
    impatient = PostgresStore(postgres_url)
    writer = Writer(impatient)
    with psycopg.connect(postgres_url) as other:
        other.execute("LOCK TABLE pool IN EXCLUSIVE MODE")
        with pytest.raises(CommitFailedError, match="locked by another session") as failure:
            writer.commit(pools=[PoolRow("p", 1)], runs_new=[a_run(1)])
        assert failure.value.transient
        other.rollback()
    assert impatient.load_run(1) is None
    writer.commit(pools=[PoolRow("p", 1)])
    assert impatient.pools() == [PoolRow("p", 1)]
    impatient.close()


# --- words ------------------------------------------------------------------------------------------------------


def test_a_newer_database_is_refused_in_one_sentence(store: PostgresStore, postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as newer:
        newer.execute("INSERT INTO schema_migration VALUES ('9999_future', 0)")
    with pytest.raises(StoreError, match=r"written by a newer Potok .*9999_future"):
        store.upgrade()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda url: url.rsplit("/", 1)[0] + "/nowhere",
            "has no database 127.0.0.1/nowhere: create it with `createdb`",
        ),
        (lambda url: "postgresql://potok:hush@127.0.0.1:1/potok", "127.0.0.1/potok cannot be reached"),
        (lambda url: "postgresql://127.0.0.1/potok?nonsense=1", "not understood"),
    ],
)
def test_a_database_that_is_not_there_is_named_without_its_password(
    postgres_url: str, change: Callable[[str], str], told: str
) -> None:
    with pytest.raises(StoreError) as failure:
        open_store(change(postgres_url))
    assert told in str(failure.value)
    assert "hush" not in str(failure.value)
    assert "\n" not in str(failure.value)


def test_the_backup_is_left_to_pg_dump_and_the_password_out_of_its_arguments(
    store: PostgresStore, postgres_url: str, tmp_path: Path
) -> None:
    with pytest.raises(StoreError) as failure:
        store.backup(tmp_path / "a b.dump")
    sentence = str(failure.value)
    assert "pg_dump --format=custom '--file=" in sentence
    assert "dbname=test_" in sentence
    assert "password=" not in sentence


def test_commits_of_postgresql_belong_on_a_thread_of_their_own(store: PostgresStore) -> None:
    assert not store.commits_inline
    assert store._live_writer()[0].execute("SHOW synchronous_commit").fetchone() == ("on",)


@pytest.mark.parametrize("text", ["\0", "\\u0000", "\\\0", "\\\\\0", "\0\0", "\\\\u0000", "a\0\\\0u0000"])
def test_a_nul_in_json_is_replaced_and_what_only_looks_like_one_is_kept(text: str) -> None:
    assert json.loads(json_without_nul(json.dumps([text]))) == [text.replace("\0", "\ufffd")]


# --- the cost of reads ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    ["runs", "runs_of_dag", "runs_in_state", "runs_of_dag_in_state", "run", "queued_runs", "expired_runs", "audit"],
)
def test_a_read_costs_the_same_however_long_the_history_is(store: PostgresStore, statement: str) -> None:
    """The plan seeks by an index: it neither walks through a table nor sorts one."""
    connection = store._live_writer()[0]
    sql = postgres_store._STATEMENTS[statement]
    connection.execute("SET enable_seqscan = off")
    connection.execute("SET enable_bitmapscan = off")
    rows = connection.execute(f"EXPLAIN {sql.replace('?', '1')}".replace("= 1", "= '1'").encode()).fetchall()
    plan = "\n".join(row[0] for row in rows)
    assert "Index" in plan
    assert "Seq Scan" not in plan
    assert "Sort" not in plan
