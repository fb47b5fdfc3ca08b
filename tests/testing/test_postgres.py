"""The private PostgreSQL that other tests and the benches stand on."""

import os
import select
import shutil
import signal
import subprocess
import sys

import psycopg
import pytest

from potok.testing.postgres import PostgresServerError, PrivatePostgres


def _rows(url: str) -> list[tuple[int, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT n FROM numbers ORDER BY n").fetchall()


def _write(url: str, number: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS numbers (n integer)")
        connection.execute("INSERT INTO numbers VALUES (%s)", (number,))


def test_each_test_gets_an_empty_utf8_database(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        encoding = connection.execute("SHOW server_encoding").fetchone()
    assert (tables, encoding) == ((0,), ("UTF8",))


def test_two_databases_do_not_see_each_other(postgres: PrivatePostgres, postgres_url: str) -> None:
    _write(postgres_url, 1)
    other = postgres.create_database("neighbour")
    try:
        with psycopg.connect(other) as connection:
            assert connection.execute("SELECT to_regclass('numbers')").fetchone() == (None,)
    finally:
        postgres.drop_database("neighbour")


def test_server_keeps_postgresqls_own_durability(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        durability = [connection.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit")]
    assert durability == [("on",), ("on",)]


@pytest.mark.slow
def test_crashed_server_comes_back_on_its_port_with_what_was_committed() -> None:
    with PrivatePostgres(settings={"max_connections": "10"}) as server:
        url, port = server.create_database("shop"), server.port
        _write(url, 7)
        server.crash()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url)
        server.start()
        assert server.port == port
        assert _rows(url) == [(7,)]


@pytest.mark.slow
def test_nothing_is_left_after_the_context_closes() -> None:
    with PrivatePostgres() as server:
        home, pid = server.home, server.pid
        assert pid is not None
        os.kill(pid, 0)
    assert not home.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.slow
def test_bad_setting_is_told_with_the_servers_own_words_and_leaves_no_folder() -> None:
    server = PrivatePostgres(settings={"no_such_setting": "1"})
    with pytest.raises(PostgresServerError, match="no_such_setting"):
        server.__enter__()
    with pytest.raises(PostgresServerError, match="not open"):
        _ = server.home


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
def test_server_dies_with_a_killed_test_run() -> None:
    program = (
        "import sys\n"
        "from potok.testing.postgres import PrivatePostgres\n"
        "server = PrivatePostgres().__enter__()\n"
        "print(server.pid, server.home, flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        pid, home = run.stdout.readline().decode().split()
        handle = os.pidfd_open(int(pid))
        run.send_signal(signal.SIGKILL)
        run.wait()
    try:
        assert _ended_within(handle, seconds=20), "the server outlived the process that started it"
    finally:
        os.close(handle)
        shutil.rmtree(home)


def _ended_within(pidfd: int, seconds: float) -> bool:
    return bool(select.select([pidfd], [], [], seconds)[0])
