"""Finds the server that a command or a program talks to. Reads files and the environment, starts nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from potok.client.errors import UnreachableError

SERVER_FILE = "server.json"
TOKEN_FILE = "token"


class ServerRecord(msgspec.Struct, frozen=True):
    """What a running server writes into its home; `started_at` is seconds since the epoch."""

    url: str
    pid: int
    instance: str
    started_at: float


def home_folder(env: Mapping[str, str]) -> Path:
    """POTOK_HOME, else `.potok` in the working folder."""
    return Path(env.get("POTOK_HOME") or ".potok")


def find_server(env: Mapping[str, str]) -> tuple[str, str]:
    """(url, token) from POTOK_URL and POTOK_API_TOKEN, else from the server recorded in the home.

    Raises UnreachableError with the way to mend it when no server is recorded or its token cannot be read.
    """
    home = home_folder(env)
    url = env.get("POTOK_URL", "").rstrip("/") or _recorded(home).url.rstrip("/")
    return url, env.get("POTOK_API_TOKEN") or _token(home)


def read_record(home: Path) -> ServerRecord | None:
    """The server recorded in `home`; None when there is no record or it is unreadable."""
    try:
        return msgspec.json.decode((home / SERVER_FILE).read_bytes(), type=ServerRecord)
    except (OSError, msgspec.MsgspecError):
        return None


def _recorded(home: Path) -> ServerRecord:
    record = read_record(home)
    if record is None:
        raise UnreachableError(
            f"no server runs here: {home / SERVER_FILE} tells of none; "
            "start one with `potok up`, or set POTOK_URL or POTOK_HOME"
        )
    return record


def _token(home: Path) -> str:
    path = home / TOKEN_FILE
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise UnreachableError(
            f"cannot read the token in {path} ({error.strerror}); "
            "set POTOK_API_TOKEN, or POTOK_HOME to the server's home"
        ) from error
