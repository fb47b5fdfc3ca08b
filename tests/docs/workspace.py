"""Carries out the blocks of one page in an empty folder, with a real server when the page starts one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self

from potok.client.api import PotokClient
from potok.client.discovery import find_server
from potok.client.errors import UnreachableError
from potok.model.errors import PotokError
from tests.docs.blocks import ROOT, Block
from tests.docs.matching import differs

START_MAX_S = 30.0
STOP_MAX_S = 20.0
SETTLE_MAX_S = 15.0
PAUSE_S = 0.05

_BUILD = """
import json, sys, traceback
from potok.authoring.registry import build_file
failed = {}
for path in sys.argv[1:]:
    try:
        built = build_file(path)
        if not built:
            failed[path] = "there is no DAG in it"
    except BaseException as error:
        failed[path] = f"{error}\\n{traceback.format_exc()}"
print(json.dumps(failed))
"""


class Workspace:
    """A context manager. `carry_out(blocks)` raises AssertionError with the place of the block that is not true."""

    def __init__(self, *, postgres_url: str = "") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="potok-"))  # not tmp_path: a socket's path must be short
        self.postgres_url = postgres_url
        self.server: subprocess.Popen[bytes] | None = None
        bin_folder = Path(sys.executable).parent
        kept = {name: value for name, value in os.environ.items() if not name.startswith("POTOK_")}
        self.environment = {
            **kept, "PATH": f"{bin_folder}:{kept.get('PATH', '')}", "POTOK_PORT": "0", "NO_COLOR": "1",
            "COLUMNS": "160", "TZ": "UTC",
        }  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def carry_out(self, blocks: list[Block]) -> None:
        built: dict[str, Block] = {}
        preludes = {"python": "", "sh": ""}
        for number, block in enumerate(blocks):
            expected = _output(block, blocks[number + 1 :])
            if "skip" in block.marks or block.language in ("text", "mermaid", "json", "cron", "ini"):
                continue
            if "prelude" in block.marks:
                preludes[block.language] = block.text
            elif "dag" in block.marks or "run" in block.marks:
                path = self._write_dag(preludes["python"], block)
                built[str(path)] = block
                if "run" in block.marks:
                    self._compare(block, expected, *self._command(f"potok run {path}", block))
            elif "file" in block.marks:
                self._write(block)
            else:
                self._execute(block, expected, preludes["sh"])
        self._build_all(built)

    # --- one block ------------------------------------------------------------------------------------------------
    def _execute(self, block: Block, expected: str | None, prelude: str) -> None:
        if "stop" in block.marks:
            self.stop()
        elif "server" in block.marks:
            self._compare(block, expected, 0, self._start(block))
        elif block.language == "sh":
            command = prelude + self._here(block.text)
            self._repeat(block, expected, command) if "again" in block.marks else self._compare(
                block, expected, *self._command(command, block)
            )
        elif block.language == "python":
            program = self.folder / f"program_{block.line}.py"
            program.write_text(block.text, encoding="utf-8")
            self._compare(block, expected, *self._command(f"{sys.executable} {program}", block))

    def _repeat(self, block: Block, expected: str | None, command: str) -> None:
        deadline = time.monotonic() + SETTLE_MAX_S
        while True:
            code, printed = self._command(command, block)
            right = code == block.exit_code and not differs(expected or "…", printed)
            if right or time.monotonic() > deadline:
                return self._compare(block, expected, code, printed)
            time.sleep(PAUSE_S)

    def _command(self, command: str, block: Block) -> tuple[int, str]:
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", command], cwd=self.folder, env=self.environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=60, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def _compare(self, block: Block, expected: str | None, code: int, printed: str) -> None:
        assert code == block.exit_code, f"{block.place}: ended with {code}, not {block.exit_code}:\n{printed}"
        if expected is not None:
            missing = differs(self._here(expected), printed)
            assert not missing, f"{block.place}: the page shows\n  {missing}\nbut this was printed:\n{printed}"

    # --- files ----------------------------------------------------------------------------------------------------
    def _write(self, block: Block) -> None:
        path = self.folder / block.marks["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self._here(block.text), encoding="utf-8")
        if self.server is not None and path.parent == self.folder / "dags" and path.suffix == ".py":
            self._await_seen(path, block)

    def _await_seen(self, path: Path, block: Block) -> None:
        """Until the server knows the file as it is now: readers are slower than the watcher, programs are not."""
        client = PotokClient(*find_server({"POTOK_HOME": str(self.folder / ".potok")}))
        deadline = time.monotonic() + SETTLE_MAX_S
        with client:
            while time.monotonic() < deadline:
                if self._is_seen(client, path):
                    return
                time.sleep(PAUSE_S)
        raise AssertionError(f"{block.place}: the server did not take up {path.name} in {SETTLE_MAX_S:.0f} s")

    def _is_seen(self, client: PotokClient, path: Path) -> bool:
        try:
            if path.name in {failure.file for failure in client.import_errors()}:
                return True
            text = path.read_text(encoding="utf-8")
            known = [dag.dag_id for dag in client.dags().items if dag.file == path.name]
            return any(file.text == text for dag_id in known for file in client.source(dag_id).files)
        except PotokError:
            return False

    def _write_dag(self, prelude: str, block: Block) -> Path:
        folder = self.folder / "built" / str(block.line)
        folder.mkdir(parents=True)
        path = folder / "example.py"
        path.write_text(prelude + "\n" + block.text, encoding="utf-8")
        return path

    def _build_all(self, built: dict[str, Block]) -> None:
        if not built:
            return
        done = subprocess.run(
            [sys.executable, "-c", _BUILD, *built], cwd=self.folder, env=self.environment, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        failed: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
        told = [f"{built[path].place}: {message}" for path, message in failed.items()]
        assert not told, "\n".join(told)

    def _here(self, text: str) -> str:
        """Names of a reader's machine replaced by those of this one."""
        if self.postgres_url:
            text = text.replace("postgresql://potok@db.example.org/potok", self.postgres_url)
        return text.replace("PATH_TO_POTOK", str(ROOT))

    # --- the server -----------------------------------------------------------------------------------------------
    def _start(self, block: Block) -> str:
        self.stop()
        log = self.folder / "server.log"
        with log.open("wb") as sink:
            self.server = subprocess.Popen(
                ["bash", "-c", "exec env " + self._here(block.text).strip()], cwd=self.folder, env=self.environment,
                stdout=sink, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        deadline = time.monotonic() + START_MAX_S
        while time.monotonic() < deadline and self.server.poll() is None:
            try:
                with PotokClient(*find_server({"POTOK_HOME": str(self.folder / ".potok")})) as client:
                    client.health()
                return log.read_text(encoding="utf-8")
            except UnreachableError:
                time.sleep(PAUSE_S)
        raise AssertionError(f"{block.place}: the server did not start:\n{log.read_text(encoding='utf-8')}")

    def stop(self) -> None:
        """As Ctrl+C does."""
        if self.server is None:
            return
        self.server.send_signal(signal.SIGINT)
        try:
            self.server.wait(STOP_MAX_S)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()
        self.server = None


def _output(block: Block, behind: list[Block]) -> str | None:
    """What the page shows as printed: a text block right behind, with at most an empty line between."""
    if behind and behind[0].language == "text" and behind[0].line - block.end <= 2:
        return behind[0].text
    return None
