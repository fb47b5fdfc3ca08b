"""`potok up` on a generated year, and facts about it. Never outlives the bench."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import msgspec

from bench.http_wire import Wire, WireError
from bench.process_tree import ProcessTree, weigh

ROOT = Path(__file__).resolve().parents[2]
_START_TIMEOUT_S = 120.0
# What is due at the start, and DAG files that are read for the first time, shall not count for what comes after.
_SETTLE_S = 5.0


class _Facts(msgspec.Struct):
    url: str


class ServedYear:
    """A context. `folder` is what `bench.ui.year` wrote."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.tree = ProcessTree()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""
        self.token = ""
        self.start_s = 0.0

    def __enter__(self) -> Self:
        started = time.monotonic()
        with (self._folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                [str(ROOT / ".venv" / "bin" / "potok"), "up", "--json", "--port", "0"],
                env=self.tree.environment(), cwd=self._folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=log, start_new_session=True,
            )  # fmt: skip
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"potok up ended:\n{(self._folder / 'server.log').read_text()[-4000:]}")
        self.url = msgspec.json.decode(line, type=_Facts).url.rstrip("/")
        self.token = (self._folder / ".potok" / "token").read_text().strip()
        self._await_answer(started)
        self.start_s = time.monotonic() - started
        time.sleep(_SETTLE_S)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self.tree.stop(self._process)
        self.tree.sweep()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def memory_mb(self) -> float:
        """PSS of the server process: scheduler, API and pages."""
        weight = weigh(self.pid)
        assert weight is not None
        return weight.pss

    def wire(self) -> Wire:
        address = urlsplit(self.url)
        return Wire(address.hostname or "127.0.0.1", address.port or 80, self.token)

    def _await_answer(self, started: float) -> None:
        wire = self.wire()
        while time.monotonic() - started < _START_TIMEOUT_S:
            try:
                wire.call("GET", "/api/v1/dags?limit=1")
                wire.close()
                return
            except (WireError, OSError):
                wire.close()
                time.sleep(0.05)
        raise RuntimeError(f"the server did not answer within {_START_TIMEOUT_S:.0f} s")
