"""Celery and its own Redis on a free loopback port, with a warm client. Dies with the bench; leaves no file behind."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench.process_tree import ProcessTree

HERE = Path(__file__).resolve().parent
PYTHON = HERE.parent / ".venv-bench" / "bin" / "python"
_START_TIMEOUT_S = 30.0


class CeleryMissingError(Exception):
    """The environment beside us is not there."""


class CeleryStack:
    """redis-server, a prefork worker with `concurrency` processes, and beat when asked."""

    def __init__(self, concurrency: int = 2, *, beat: bool = False) -> None:
        if not PYTHON.exists() or shutil.which("redis-server") is None:
            raise CeleryMissingError("no .venv-bench or no redis-server: `make bench` installs them; or --skip-celery")
        self._concurrency = concurrency
        self._beat = beat
        self.tree = ProcessTree()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._driver: subprocess.Popen[str] | None = None
        self._home = Path()
        self._environment: dict[str, str] = {}

    def __enter__(self) -> Self:
        self._home = Path(tempfile.mkdtemp(prefix="bench-celery-"))
        try:
            self._start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._driver is not None and self._driver.stdin is not None:
            self._driver.stdin.close()
            self._driver.wait(10)
        for process in reversed(self._processes):
            self.tree.stop(process)
        self.tree.sweep()
        shutil.rmtree(self._home, ignore_errors=True)

    def ask(self, order: str, *arguments: object) -> Any:
        """What the warm client answers to an order of peer/driver.py."""
        if self._driver is None:
            self._driver = subprocess.Popen(
                [str(PYTHON), "-m", "bench.peer.driver"],
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=HERE.parent,
            )
        assert self._driver.stdin is not None
        assert self._driver.stdout is not None
        self._driver.stdin.write(json.dumps({"do": order, "with": arguments}) + "\n")
        self._driver.stdin.flush()
        line = self._driver.stdout.readline()
        if not line:
            raise RuntimeError(f"Celery's client ended while it was asked for {order!r}")
        return json.loads(line)

    def stop_client(self) -> None:
        """Ends the warm client, so that it does not weigh in."""
        if self._driver is not None and self._driver.stdin is not None:
            self._driver.stdin.close()
            self._driver.wait(10)
            self._driver = None

    def _start(self) -> None:
        port = _free_port()
        self._environment = self.tree.environment(
            BENCH_REDIS=f"redis://127.0.0.1:{port}/0", PYTHONPATH=str(HERE.parent)
        )
        # A process that compiles what it imports weighs more: uv leaves that to the first start.
        subprocess.run(
            [str(PYTHON), "-m", "compileall", "-q", str(PYTHON.parents[1] / "lib"), str(HERE / "peer")], check=False
        )
        self._run("redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(self._home))
        _wait_for_port(port)
        celery = [str(PYTHON), "-m", "celery", "-A", "bench.peer.app"]
        self._run(*celery, "worker", "-c", str(self._concurrency), "--loglevel", "warning")
        if self._beat:
            self._run(*celery, "beat", "--loglevel", "warning", "--schedule", str(self._home / "beat"))
        self.ask("noops", 1)

    def _run(self, *command: str) -> None:
        with (self._home / f"{len(self._processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                command, env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=HERE.parent,
                start_new_session=True,
            )  # fmt: skip
        self._processes.append(process)
        self.tree.adopt(process.pid)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for_port(port: int) -> None:
    give_up = time.monotonic() + _START_TIMEOUT_S
    while time.monotonic() < give_up:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError("redis-server did not start")
