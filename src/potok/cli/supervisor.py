"""`potok up --split`: starts scheduler and API as two processes, starts again the one that dies, ends both in order.

The socket is bound here, so a restarted API keeps the address. Both children end when this process does, however.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from potok.cli.address import base_url, bind
from potok.cli.config import require_dag_folder
from potok.cli.errors import ExitCode
from potok.cli.home import SOCKET_FILE, HomeLock, ensure_token, make_home, remove_record, write_record
from potok.model.errors import InvalidError

if TYPE_CHECKING:
    from potok.model.settings import Settings

log = logging.getLogger("potok.supervisor")

PART_MODULE = "potok.cli.part"
# A part that dies this often within this time is not going to live: an operator must look.
DEATHS_MAX = 3
DEATHS_WINDOW_S = 30.0
STOP_MARGIN_S = 10.0
SOCKET_PATH_MAX = 107


class _StopAskedError(Exception):
    """SIGTERM or SIGINT came."""


def run_split(settings: Settings, *, as_json: bool) -> int:
    """Until a signal or until a part can't be kept alive; returns the exit code. Raises PotokError before the start."""
    home = Path(settings.home)
    make_home(home)
    lock = HomeLock(home)
    try:
        ensure_token(home, settings.api_token)
        require_dag_folder(settings)
        _require_short_path(home / SOCKET_FILE)
        with bind(settings.host, settings.port) as bound:
            url = base_url(bound, settings.path_prefix)
            return _Supervisor(settings, bound, url).run("json" if as_json else "text")
    finally:
        remove_record(home)
        lock.release()


def _require_short_path(path: Path) -> None:
    if len(os.fsencode(path)) > SOCKET_PATH_MAX:
        raise InvalidError(
            f"the path {path} is longer than the {SOCKET_PATH_MAX} characters a socket may have; "
            "set POTOK_HOME to a shorter one, or start without --split"
        )


class _Supervisor:
    def __init__(self, settings: Settings, bound: socket.socket, url: str) -> None:
        self._settings = settings
        self._bound = bound
        self._url = url
        self._lifeline, self._held = os.pipe()
        self._parts: dict[str, subprocess.Popen[bytes]] = {}
        self._deaths: list[float] = []

    def run(self, announce: str) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop_asked)
        try:
            for part in ("scheduler", "api"):
                if part == "api":
                    write_record(Path(self._settings.home), self._url, secrets.token_hex(8), time.time())
                if not self._start(part, announce):
                    return self._parts[part].wait() or ExitCode.USAGE
            return self._keep_alive()
        except _StopAskedError:
            return ExitCode.OK
        finally:
            self._stop()

    def _start(self, part: str, announce: str = "") -> bool:
        """Start the part and wait until it works; False when it died before, its own sentence is on stderr."""
        told, ready = os.pipe()
        arguments = [part, "--url", self._url, "--lifeline", str(self._lifeline), "--ready", str(ready)]
        passed = [self._lifeline, ready]
        if part == "api":
            arguments += ["--listen", str(self._bound.fileno()), "--announce", announce]
            passed.append(self._bound.fileno())
        # A process group of its own: Ctrl+C comes to us alone, and we end the parts in order.
        self._parts[part] = subprocess.Popen(
            [sys.executable, "-P", "-m", PART_MODULE, *arguments], pass_fds=passed, process_group=0
        )
        os.close(ready)
        with os.fdopen(told, "rb") as reading:
            return reading.read(1) == b"1"

    def _keep_alive(self) -> int:
        while True:
            pid, status = os.wait()
            part = next((name for name, process in self._parts.items() if process.pid == pid), None)
            if part is None:
                continue
            self._parts[part].returncode = os.waitstatus_to_exitcode(status)
            log.error("the %s process ended with %s; starting it again", part, self._parts[part].returncode)
            now = time.monotonic()
            self._deaths = [at for at in self._deaths if now - at < DEATHS_WINDOW_S] + [now]
            if len(self._deaths) > DEATHS_MAX or not self._start(part):
                log.error("the %s process does not stay alive; stopping", part)
                return ExitCode.USAGE

    def _stop(self) -> None:
        """The API first: what it answers must be true until the end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        for part in ("api", "scheduler"):
            process = self._parts.get(part)
            if process is None or process.poll() is not None:
                continue
            process.terminate()
            try:
                process.wait(self._settings.stop_grace_s + STOP_MARGIN_S)
            except subprocess.TimeoutExpired:
                log.error("the %s process does not end; killing it", part)
                process.kill()
                process.wait()
        os.close(self._held)
        os.close(self._lifeline)


def _stop_asked(number: int, frame: FrameType | None) -> None:
    raise _StopAskedError
