"""`potok up` as a user starts it: a process in a workspace of its own, on a free port, ended by signal."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from typer.testing import CliRunner

from potok.cli.app import app

START_MAX_S = 30.0
STOP_MAX_S = 20.0


class Answer(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class RunningServer:
    """A context manager; `potok(...)` runs a command against it."""

    def __init__(self, dags: dict[str, str], *up: str, toml: str = "") -> None:
        self.workspace = Path(tempfile.mkdtemp(prefix="potok-"))  # not tmp_path: a socket's path must be short
        self.home = self.workspace / ".potok"
        (self.workspace / "dags").mkdir()
        for name, text in dags.items():
            (self.workspace / "dags" / name).write_text(text)
        (self.workspace / "potok.toml").write_text(toml)
        self.up = up
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("POTOK_")}
        self.process: subprocess.Popen[str] | None = None
        self.announced: dict[str, Any] = {}

    def __enter__(self) -> "RunningServer":
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_MAX_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()
        shutil.rmtree(self.workspace, ignore_errors=True)

    def start(self) -> None:
        with (self.workspace / "up.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "potok", "up", "--port", "0", "--json", *self.up],
                cwd=self.workspace, env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the server did not start:\n{self.log()}"
        self.announced = json.loads(line)

    def log(self) -> str:
        return (self.workspace / "up.log").read_text()

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(STOP_MAX_S)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def potok(self, *arguments: str, stdin: str | None = None, **environment: str) -> Answer:
        """A command in this process: starting Python for each of a hundred would take most of the time."""
        variables: dict[str, str | None] = {name: None for name in os.environ if name.startswith("POTOK_")}
        with contextlib.chdir(self.workspace):
            ended = CliRunner().invoke(app, arguments, input=stdin, env={**variables, **environment})
        if ended.exception is not None and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        return Answer(ended.exit_code, ended.stdout, ended.stderr)

    def potok_process(self, *arguments: str, **environment: str) -> Answer:
        """A command as a process of its own."""
        ended = subprocess.run(
            [sys.executable, "-m", "potok", *arguments],
            cwd=self.workspace, env={**self.environment, **environment}, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
        return Answer(ended.returncode, ended.stdout, ended.stderr)

    def until(self, *arguments: str, holds: Any, within_s: float = 20.0) -> Any:
        """Ask again until `holds(json)`; a command's answer has no event to wait for."""
        deadline = time.monotonic() + within_s
        while True:
            answer = self.potok(*arguments, "--json")
            if answer.code == 0 and holds(answer.json):
                return answer.json
            assert time.monotonic() < deadline, f"{arguments}: {answer.out}{answer.err}\n{self.log()}"
            time.sleep(0.1)
