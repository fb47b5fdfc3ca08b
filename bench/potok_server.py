"""`potok up` as its users start it, on a free port with a home of its own. Never outlives the bench."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import msgspec

from bench.http_wire import Wire, WireError
from bench.process_tree import ProcessTree
from potok.client.discovery import TOKEN_FILE, read_record
from potok.model.answers import Attempt, DagItem, Page, Run, TaskInstance

ROOT = Path(__file__).resolve().parents[1]
_START_TIMEOUT_S = 60.0


class _Result(msgspec.Struct):
    value: msgspec.Raw


class PotokServer:
    """`settings` are POTOK_* variables; `dag_ids` must be there before the server counts as started."""

    def __init__(
        self, dags: Path, dag_ids: tuple[str, ...], settings: Mapping[str, str], cwd: Path | None = None
    ) -> None:
        self._dags = dags
        self._dag_ids = dag_ids
        self._cwd = cwd
        self._settings = settings
        self.tree = ProcessTree()
        self._process: subprocess.Popen[bytes] | None = None
        self._home = Path()
        self.left_behind: list[int] = []
        self.start_s = 0.0

    def __enter__(self) -> Self:
        self._home = Path(tempfile.mkdtemp(prefix="bench-potok-"))
        try:
            self._start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self.tree.stop(self._process)
        self.left_behind = self.tree.sweep()
        shutil.rmtree(self._home, ignore_errors=True)

    @property
    def pid(self) -> int:
        """The server: scheduler, API and pages in one process."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        return (self._home / "server.out").read_text(errors="replace")

    def connect(self) -> Wire:
        """A connection of its own for the caller."""
        return Wire(self.host, self.port, self.token)

    def trigger(self, dag_id: str) -> str:
        """Starts a run; its id."""
        return msgspec.json.decode(self._wire.call("POST", f"/api/v1/dags/{dag_id}/runs", {}), type=Run).run_id

    def wait(self, run_id: str) -> Run:
        """The run when it has ended; raises WireError unless it succeeded."""
        while True:
            run = msgspec.json.decode(self._wire.call("GET", f"/api/v1/runs/{run_id}?wait=60"), type=Run)
            if run.ended_at is not None:
                break
        if run.state != "success":
            raise WireError(f"run {run_id} ended as {run.state}: {run.reason}\n{self.log[-2000:]}")
        return run

    def run(self, dag_id: str) -> float:
        """Seconds from the trigger until the client knows that the run has ended."""
        started = time.perf_counter()
        self.wait(self.trigger(dag_id))
        return time.perf_counter() - started

    def tasks(self, run_id: str) -> list[TaskInstance]:
        data = self._wire.call("GET", f"/api/v1/runs/{run_id}/tasks")
        return msgspec.json.decode(data, type=Page[TaskInstance]).items

    def attempt(self, run_id: str, task_id: str) -> Attempt:
        data = self._wire.call("GET", f"/api/v1/runs/{run_id}/tasks/{task_id}/attempts")
        return msgspec.json.decode(data, type=Page[Attempt]).items[-1]

    def clocks(self, run_id: str, task_id: str) -> tuple[int, int]:
        """What the body noted as it started and ended, in ns since the epoch."""
        data = self._wire.call("GET", f"/api/v1/runs/{run_id}/tasks/{task_id}/result")
        return msgspec.json.decode(msgspec.json.decode(data, type=_Result).value, type=tuple[int, int])

    def _start(self) -> None:
        environment = self.tree.environment(POTOK_HOME=str(self._home / "home"), **self._settings)
        started = time.monotonic()
        with (self._home / "server.out").open("wb") as log:
            self._process = subprocess.Popen(
                [str(ROOT / ".venv" / "bin" / "potok"), "up", "--dags", str(self._dags), "--port", "0"],
                env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._cwd or self._home,
                start_new_session=True,
            )  # fmt: skip
        self._until(self._has_record, started)
        record = read_record(self._home / "home")
        assert record is not None
        address = urlsplit(record.url)
        self.host, self.port = address.hostname or "127.0.0.1", address.port or 80
        self.token = (self._home / "home" / TOKEN_FILE).read_text().strip()
        self._wire = self.connect()
        self._until(self._has_dags, started)
        self.start_s = time.monotonic() - started

    def _has_record(self) -> bool:
        return read_record(self._home / "home") is not None

    def _has_dags(self) -> bool:
        try:
            data = self._wire.call("GET", "/api/v1/dags?limit=200&runs=0")
        except (WireError, OSError):
            self._wire.close()
            return False
        found = {item.dag_id for item in msgspec.json.decode(data, type=Page[DagItem]).items}
        return found.issuperset(self._dag_ids)

    def _until(self, is_met: Callable[[], bool], started: float) -> None:
        assert self._process is not None
        while not is_met():
            if self._process.poll() is not None:
                raise RuntimeError(f"potok up ended with {self._process.returncode}:\n{self.log[-4000:]}")
            if time.monotonic() - started > _START_TIMEOUT_S:
                raise RuntimeError(f"potok up was not ready after {_START_TIMEOUT_S:.0f} s:\n{self.log[-4000:]}")
            time.sleep(0.02)
