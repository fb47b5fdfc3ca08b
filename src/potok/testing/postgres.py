"""A PostgreSQL server of our own for tests and benches. Must never touch a server that it did not make."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from potok.model.errors import PotokError

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 20.0
_PORT_ATTEMPTS_MAX = 5
_POLL_S = 0.01
_SUPERUSER = "potok"


class PostgresMissingError(PotokError):
    """No PostgreSQL server programs on this machine, or no account that may run them."""


class PostgresServerError(PotokError):
    """The private server did not start, or did not stop."""


def find_postgres() -> Path:
    """The folder that holds `initdb` and `postgres`: the newest of Debian's, else the one on PATH.

    Raises PostgresMissingError.
    """
    packaged = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(packaged, key=lambda path: _major(path.parent.parent.name), default=None)
    on_path = shutil.which("initdb")
    if newest is None and on_path is None:
        raise PostgresMissingError(
            "No PostgreSQL server found (initdb): install it, on Debian `apt-get install postgresql`."
        )
    return newest.parent if newest is not None else Path(str(on_path)).resolve().parent


class PrivatePostgres:
    """A fresh cluster in a temporary folder, on a free loopback port and a Unix socket; gone with its data at exit.

        with PrivatePostgres() as server:
            url = server.create_database("conformance")

    The server keeps PostgreSQL's own durability settings (fsync on); `settings` overrides any of postgresql.conf's.
    It dies with the thread that entered the context, so a killed test run leaves no server behind. `crash()` and
    `start()` are there for tests of a lost database.
    """

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self._settings = dict(settings or {})
        self._binaries = find_postgres()
        self._account = _server_account()
        self._process: subprocess.Popen[bytes] | None = None
        self._home: Path | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self._home = Path(tempfile.mkdtemp(prefix="potok-pg-"))
        try:
            self._initialise()
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.stop()
        finally:
            if self._home is not None:
                shutil.rmtree(self._home, ignore_errors=True)
                self._home = None

    @property
    def home(self) -> Path:
        """The temporary folder: `data/`, the socket and `server.log`. Only while the context is open."""
        if self._home is None:
            raise PostgresServerError("The private PostgreSQL server is not open: use it as a context manager.")
        return self._home

    @property
    def pid(self) -> int | None:
        """The postmaster's process id while it runs."""
        return self._process.pid if self._process is not None else None

    def url(self, database: str = "postgres") -> str:
        """A connection URL over loopback TCP."""
        return f"postgresql://{_SUPERUSER}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        """Creates an empty UTF-8 database and returns its URL."""
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drops the database if it is there, and whatever is still connected to it."""
        self._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def start(self) -> None:
        """Starts the server and waits until it takes connections. After the first time the port stays."""
        if self._process is not None:
            raise PostgresServerError("The private PostgreSQL server runs already.")
        if self.port:
            self._launch(self.port)
            return
        for attempt in range(1, _PORT_ATTEMPTS_MAX + 1):
            port = _free_port()
            try:
                self._launch(port)
            except PostgresServerError as failure:
                # Between our look and the server's bind another process may take the port.
                if "Address already in use" not in str(failure) or attempt == _PORT_ATTEMPTS_MAX:
                    raise
            else:
                self.port = port
                return

    def stop(self) -> None:
        """A fast shutdown: sessions are cut, data is flushed. Does nothing when the server does not run."""
        self._end(signal.SIGINT)

    def crash(self) -> None:
        """An immediate shutdown, as a power cut seen from the clients: the next start() recovers from the log."""
        self._end(signal.SIGQUIT)

    def _initialise(self) -> None:
        if self._account is not None:
            shutil.chown(self.home, self._account)
        command = [
            *self._as_account(),
            str(self._binaries / "initdb"),
            *("--pgdata", str(self.home / "data"), "--username", _SUPERUSER, "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions"),
        ]
        done = subprocess.run(command, cwd=self.home, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            raise PostgresServerError(f"initdb failed: {done.stderr.strip()[-2000:]}")

    def _launch(self, port: int) -> None:
        options = {
            "port": str(port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.home),
            **self._settings,
        }
        command = [*self._as_account(), str(self._binaries / "postgres"), "-D", str(self.home / "data")]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with (self.home / "server.log").open("wb") as log:
            # A session of its own: Ctrl-C reaches the test run first, which then stops the server in order.
            self._process = subprocess.Popen(
                command, cwd=self.home, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        try:
            self._wait_until_ready()
        except PostgresServerError:
            self.crash()
            raise

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        state = self.home / "data" / "postmaster.pid"
        give_up = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < give_up:
            if self._process.poll() is not None:
                raise PostgresServerError(
                    f"PostgreSQL ended with {self._process.returncode} at its start: {self._log_tail()}"
                )
            with suppress(OSError):
                lines = state.read_text().splitlines()
                # The first line tells our server from the file that a crashed one left behind.
                if len(lines) >= 8 and lines[0] == str(self._process.pid) and lines[7].strip() == "ready":
                    return
            time.sleep(_POLL_S)
        raise PostgresServerError(f"PostgreSQL was not ready after {START_TIMEOUT_S:.0f} s: {self._log_tail()}")

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        process, self._process = self._process, None
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_TIMEOUT_S)

    def _administer(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _as_account(self) -> list[str]:
        """The prefix that drops root's rights and ties the server's life to ours, where the system has one."""
        if not sys.platform.startswith("linux") or shutil.which("setpriv") is None:
            return []
        identity = ["--reuid", self._account, "--regid", self._account, "--init-groups"] if self._account else []
        return ["setpriv", *identity, "--pdeathsig", "INT", "--"]

    def _log_tail(self) -> str:
        with suppress(OSError):
            return (self.home / "server.log").read_text(errors="replace").strip()[-2000:]
        return "(no log)"


def _server_account() -> str | None:
    """PostgreSQL refuses to run as root: then the account that its package made runs it. None: the present one."""
    if os.geteuid() != 0:
        return None
    import pwd

    try:
        pwd.getpwnam("postgres")
    except KeyError:
        raise PostgresMissingError(
            "PostgreSQL does not run as root and there is no account `postgres` to run it."
        ) from None
    return "postgres"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _major(version: str) -> int:
    digits = version.partition(".")[0]
    return int(digits) if digits.isdigit() else 0
