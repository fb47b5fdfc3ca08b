"""`potok doctor`: what could keep a server from working here, each with how to mend it. Changes nothing."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from potok.cli import output
from potok.cli.errors import ExitCode
from potok.cli.options import Json
from potok.model.errors import PotokError

if TYPE_CHECKING:
    from potok.client.discovery import ServerRecord
    from potok.model.settings import Settings

DISK_FREE_MIN_BYTES = 1 << 30
WATCHES_MIN = 8192
CLOCK_MIN = 1_735_689_600.0  # 2025-01-01: a machine without a clock wakes up in 1970
LAG_MAX_S = 1.0
HEALTH_TIMEOUT_S = 3.0


class Verdict(StrEnum):
    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


class Finding:
    """The outcome of one check; `mend` says what to do and is empty when all is well."""

    def __init__(self, check: str, verdict: Verdict, detail: str, mend: str = "") -> None:
        self.check = check
        self.verdict = verdict
        self.detail = detail
        self.mend = mend

    def as_mapping(self) -> dict[str, str]:
        return {"check": self.check, "verdict": self.verdict.value, "detail": self.detail, "mend": self.mend}


def doctor(as_json: Json = False) -> None:
    """Check this machine and workspace; exit code 1 when something keeps Potok from working."""
    findings = list(examine())
    failed = any(finding.verdict is Verdict.PROBLEM for finding in findings)
    if as_json:
        output.print_json({"ok": not failed, "checks": [finding.as_mapping() for finding in findings]})
    else:
        _print(findings)
    if failed:
        raise typer.Exit(ExitCode.RUN_FAILED)


def _print(findings: list[Finding]) -> None:
    marks = {Verdict.OK: "[green]✔[/]", Verdict.WARNING: "[yellow]![/]", Verdict.PROBLEM: "[bold red]✖[/]"}
    console = output.console()
    for finding in findings:
        console.print(f"{marks[finding.verdict]} [bold]{finding.check:<9}[/] {output.markup(finding.detail)}")
        if finding.mend:
            console.print(f"            → {output.markup(finding.mend)}")


def examine() -> Iterator[Finding]:
    """All checks in order. Without readable settings the rest can't be judged, so they come first."""
    from potok.cli.config import load_settings

    yield _python()
    yield _clock()
    yield _zones()
    try:
        settings = load_settings()
    except PotokError as error:
        yield Finding("settings", Verdict.PROBLEM, str(error), "mend the file or the variable, then ask again")
        return
    yield Finding("settings", Verdict.OK, f"home {settings.home}, DAG folder {settings.dags}")
    record = _live_record(settings)
    checks: tuple[Callable[[Settings, ServerRecord | None], Finding], ...] = (
        _dag_folder,
        _home,
        _disk,
        _token,
        _watches,
        _store,
        _port,
        _server,
    )
    for check in checks:
        yield check(settings, record)


def _live_record(settings: Settings) -> ServerRecord | None:
    """The recorded server when its process lives."""
    from potok.client.discovery import read_record

    record = read_record(Path(settings.home))
    if record is None:
        return None
    try:
        os.kill(record.pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    return record


def _python() -> Finding:
    version = f"Python {sys.version.split()[0]} on {sys.platform}"
    if sys.platform == "win32":
        return Finding("python", Verdict.PROBLEM, version, "run it in WSL2")
    return Finding("python", Verdict.OK, version)


def _clock() -> Finding:
    now = time.time()
    shown = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(now))
    if now < CLOCK_MIN:
        return Finding("clock", Verdict.PROBLEM, f"the clock says {shown}", "set the clock, or start NTP")
    return Finding("clock", Verdict.OK, shown)


def _zones() -> Finding:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo("Europe/Moscow")
    except (ZoneInfoNotFoundError, OSError) as error:
        return Finding("zones", Verdict.PROBLEM, f"no time zone data: {error}", "pip install tzdata")
    return Finding("zones", Verdict.OK, "time zone data is there")


def _dag_folder(settings: Settings, record: ServerRecord | None) -> Finding:
    if Path(settings.dags).is_dir():
        return Finding("dags", Verdict.OK, f"{settings.dags} is there")
    return Finding("dags", Verdict.WARNING, f"{settings.dags} is not there", "`potok init` makes one with an example")


def _home(settings: Settings, record: ServerRecord | None) -> Finding:
    home = Path(settings.home)
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    if not os.access(existing, os.W_OK | os.X_OK):
        return Finding("home", Verdict.PROBLEM, f"{existing} is not writable", "set POTOK_HOME to a folder of yours")
    if not home.exists():
        return Finding("home", Verdict.OK, f"{home} will be made by `potok up`")
    if home.stat().st_mode & 0o077:
        return Finding("home", Verdict.WARNING, f"{home} is open to other users", f"chmod 700 {home}")
    return Finding("home", Verdict.OK, f"{home} is writable, for its owner alone")


def _disk(settings: Settings, record: ServerRecord | None) -> Finding:
    home = Path(settings.home)
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    if free < DISK_FREE_MIN_BYTES:
        mend = "make room, or lower retention.runs_days and retention.logs_days"
        return Finding("disk", Verdict.PROBLEM, f"only {output.size(free)} are free", mend)
    return Finding("disk", Verdict.OK, f"{output.size(free)} are free")


def _token(settings: Settings, record: ServerRecord | None) -> Finding:
    from potok.client.discovery import TOKEN_FILE

    path = Path(settings.home) / TOKEN_FILE
    if not path.exists():
        return Finding("token", Verdict.OK, "`potok up` will make one")
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        return Finding("token", Verdict.PROBLEM, f"{path} is open to others (mode {mode:o})", f"chmod 600 {path}")
    return Finding("token", Verdict.OK, "only its owner reads it")


def _watches(settings: Settings, record: ServerRecord | None) -> Finding:
    try:
        limit = int(Path("/proc/sys/fs/inotify/max_user_watches").read_text())
    except (OSError, ValueError):
        return Finding("watches", Verdict.OK, "no inotify here: the DAG folder is polled")
    if limit < WATCHES_MIN:
        mend = "sysctl fs.inotify.max_user_watches=65536"
        return Finding("watches", Verdict.WARNING, f"inotify allows only {limit} watches", mend)
    return Finding("watches", Verdict.OK, f"inotify allows {limit:,} watches")


def _store(settings: Settings, record: ServerRecord | None) -> Finding:
    from potok.cli.database_url import opened, require_database, shown_url

    shown = shown_url(settings.database_url)
    try:
        require_database(settings)
    except PotokError:
        return Finding("store", Verdict.OK, f"{shown} will be made by `potok up`")
    try:
        store = opened(settings)
        try:
            pending = store.pending_migrations()
        finally:
            store.close()
    except PotokError as error:
        return Finding("store", Verdict.PROBLEM, str(error), "start the database, or mend database_url")
    if pending:
        return Finding("store", Verdict.WARNING, f"{shown} misses {', '.join(pending)}", "potok db upgrade")
    return Finding("store", Verdict.OK, f"{shown} is up to date")


def _port(settings: Settings, record: ServerRecord | None) -> Finding:
    if record is not None:
        return Finding("port", Verdict.OK, f"the server (process {record.pid}) has {record.url}")
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            detail = f"{settings.host}:{settings.port} can't be had: {error.strerror}"
            return Finding("port", Verdict.PROBLEM, detail, "stop what holds it, or `potok up --port` another")
    return Finding("port", Verdict.OK, f"{settings.host}:{settings.port} is free")


def _server(settings: Settings, record: ServerRecord | None) -> Finding:
    if record is None:
        return Finding("server", Verdict.OK, "none runs in this home; `potok up` starts it")
    from potok.cli.remote import connect

    try:
        with connect(timeout_s=HEALTH_TIMEOUT_S) as client:
            health = client.health()
    except PotokError as error:
        return Finding("server", Verdict.PROBLEM, str(error), "look at its output, or start it again")
    if health.lag_s > LAG_MAX_S:
        detail = f"its loop was {health.lag_s:.1f} s late in the last minute"
        return Finding("server", Verdict.WARNING, detail, "`potok up --split`, or fewer things on this machine")
    running = output.counted(health.tasks_running, "task")
    return Finding("server", Verdict.OK, f"answers at {record.url}, version {health.version}, {running} running")
