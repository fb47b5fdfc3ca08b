"""A server that is killed and started again: `potok up` as a user starts it, always on the same port and home."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self

import httpx

START_MAX_S = 40.0
STOP_MAX_S = 30.0
_PROC = Path("/proc")


class Server:
    """A context manager; inside it `start`, `kill`, `stop` as often as one likes. `url` stays the same."""

    def __init__(
        self, dags: dict[str, str], *up: str, toml: str = "", home: Path | None = None, **environment: str
    ) -> None:
        self.workspace = Path(tempfile.mkdtemp(prefix="potok-"))  # not tmp_path: a socket's path must be short
        self.home = home or self.workspace / ".potok"
        (self.workspace / "dags").mkdir()
        for name, text in dags.items():
            (self.workspace / "dags" / name).write_text(text)
        (self.workspace / "potok.toml").write_text(toml)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.up = ["--port", str(self.port), "--json", *up]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("POTOK_")}
        self.environment = {**inherited, "POTOK_HOME": str(self.home), **environment}
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        try:
            if self.process is not None and self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            self._close_output()
            for pid in self.marked():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        finally:
            shutil.rmtree(self.workspace, ignore_errors=True)

    # --- life -----------------------------------------------------------------------------------------------------
    def spawn(self) -> None:
        """Begin to start; returns at once."""
        self._close_output()
        with (self.workspace / "up.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "potok", "up", *self.up],
                cwd=self.workspace, env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip

    def wait_until_up(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the server did not start:\n{self.log()[-4000:]}"
        assert json.loads(line)["url"] == self.url

    def start(self) -> float:
        """Returns how many seconds it took until it answered."""
        began = time.monotonic()
        self.spawn()
        self.wait_until_up()
        return time.monotonic() - began

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """End it in order; returns how many seconds that took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(number)
        assert self.process.wait(STOP_MAX_S) == 0, self.log()[-4000:]
        return time.monotonic() - began

    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def answers(self) -> bool:
        """Whether API and scheduler both do."""
        try:
            with self.client(2.0) as client:
                return client.get("/health").status_code == 200
        except httpx.HTTPError:
            return False

    def _close_output(self) -> None:
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def log(self) -> str:
        return (self.workspace / "up.log").read_text(errors="replace")

    # --- its processes ----------------------------------------------------------------------------------------------
    def zygote(self) -> int | None:
        return next((pid for pid in below(self.pid) if "potok.worker.zygote" in command_line(pid)), None)

    def workers(self) -> list[int]:
        """Forked from the zygote, they wear its command line."""
        zygote = self.zygote()
        return [] if zygote is None else children(zygote)

    def part(self, name: str) -> int:
        """The process of `potok up --split` that is called so."""
        [pid] = [pid for pid in children(self.pid) if f" {name} " in command_line(pid)]
        return pid

    def marked(self) -> dict[int, str]:
        """Every living process that tells in its environment that it works for this home, with its server's mark."""
        return dict(_marked(self.home))

    def instance(self) -> str:
        """The mark of the processes that belong to the server that runs now."""
        zygote = self.zygote()
        assert zygote is not None
        return self.marked()[zygote]

    # --- its API ----------------------------------------------------------------------------------------------------
    def client(self, timeout_s: float = 10.0) -> httpx.Client:
        token = (self.home / "token").read_text().strip()
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=timeout_s)

    def get(self, path: str, **query: object) -> Any:
        with self.client() as client:
            answer = client.get(path, params=query)  # type: ignore[arg-type]
            assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}\n{self.log()[-3000:]}"
            return answer.json()

    def trigger(self, dag_id: str, **body: object) -> str:
        with self.client() as client:
            answer = client.post(f"/dags/{dag_id}/runs", json=body)
            assert answer.status_code in (200, 201), f"{answer.status_code} {answer.text}"
            return str(answer.json()["run_id"])

    def ended(self, run_id: str, within_s: float = 30.0) -> str:
        """The state in which the run ended."""
        deadline = time.monotonic() + within_s
        while True:
            run = self.get(f"/runs/{run_id}", wait=5)
            if run["ended_at"] is not None:
                return str(run["state"])
            assert time.monotonic() < deadline, f"{run}\n{self.log()[-3000:]}"

    def tasks(self, run_id: str) -> dict[str, Any]:
        return {item["task_id"]: item for item in self.get(f"/runs/{run_id}/tasks", limit=1000)["items"]}

    def attempts(self, run_id: str, task_id: str) -> list[Any]:
        return list(self.get(f"/runs/{run_id}/tasks/{task_id}/attempts")["items"])

    def log_lines(self, run_id: str, task_id: str, attempt: int = 1) -> list[str]:
        with self.client() as client:
            answer = client.get(f"/runs/{run_id}/tasks/{task_id}/logs", params={"attempt": attempt})
            assert answer.status_code == 200, answer.text
            return [json.loads(line)["msg"] for line in answer.text.splitlines()]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(holds: Any, what: str, within_s: float = 15.0) -> Any:
    """Look again until `holds()` is true; returns what it returned."""
    deadline = time.monotonic() + within_s
    while not (found := holds()):
        assert time.monotonic() < deadline, f"not within {within_s} s: {what}"
        time.sleep(0.02)
    return found


def children(pid: int) -> list[int]:
    try:
        return [int(word) for word in (_PROC / f"{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def below(pid: int) -> list[int]:
    """All processes below this one, parents first."""
    found = children(pid)
    for child in found:
        found += [one for one in children(child) if one not in found]
    return found


def command_line(pid: int) -> str:
    try:
        return (_PROC / str(pid) / "cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def is_alive(pid: int) -> bool:
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def kill_all(pids: Iterable[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _marked(home: Path) -> Iterator[tuple[int, str]]:
    for entry in _PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "environ").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        facts = dict(word.partition("=")[::2] for word in words)
        if facts.get("POTOK_HOME") == str(home) and "POTOK_INSTANCE" in facts and is_alive(int(entry.name)):
            yield int(entry.name), facts["POTOK_INSTANCE"]
