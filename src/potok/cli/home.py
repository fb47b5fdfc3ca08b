"""The home of a server: its folder, token, lock and the record that commands find it by."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from potok.model.errors import ConflictError, InvalidError

LOCK_FILE = "server.lock"
SOCKET_FILE = "scheduler.sock"
HOME_MODE = 0o700
SECRET_MODE = 0o600
_TOKEN_BYTES = 32


def make_home(home: Path) -> None:
    """The folder, closed to other users. Raises InvalidError when it can't be made or written."""
    try:
        home.mkdir(mode=HOME_MODE, parents=True, exist_ok=True)
        home.chmod(HOME_MODE)
    except OSError as error:
        raise InvalidError(f"the home {home} can't be used: {error.strerror}; set POTOK_HOME to another") from None


class HomeLock:
    """Held by the one server of a home. The kernel lets go of it however the server dies."""

    def __init__(self, home: Path) -> None:
        """Take the lock; raises ConflictError with the other server's process id when it is taken."""
        self._path = home / LOCK_FILE
        self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, SECRET_MODE)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(self._fd, 32, 0).decode(errors="replace").strip()
            os.close(self._fd)
            raise ConflictError(
                f"another server (process {holder or 'unknown'}) uses the home {home}; "
                "stop it, or give this one a POTOK_HOME of its own"
            ) from None
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        os.close(self._fd)


def new_token() -> str:
    import secrets

    return secrets.token_urlsafe(_TOKEN_BYTES)


def read_token(home: Path) -> str:
    """The token kept in `home`; empty when there is none. Raises InvalidError when it can't be read."""
    from potok.client.discovery import TOKEN_FILE

    try:
        return (home / TOKEN_FILE).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise InvalidError(f"the token in {home} can't be read: {error.strerror}") from None


def write_token(home: Path, text: str) -> None:
    from potok.client.discovery import TOKEN_FILE

    _replace(home / TOKEN_FILE, (text + "\n").encode())


def ensure_token(home: Path, wanted: str) -> str:
    """The token the server uses: `wanted` when one is set, else the kept one, else a new one. Kept in `home`, so that
    commands and tasks on this machine find it."""
    from potok.client.discovery import TOKEN_FILE

    kept = read_token(home)
    chosen = wanted or kept or new_token()
    if chosen != kept:
        write_token(home, chosen)
    (home / TOKEN_FILE).chmod(SECRET_MODE)
    return chosen


def write_record(home: Path, url: str, instance: str, started_at: float) -> None:
    """Tell commands on this machine where the server is."""
    import msgspec

    from potok.client.discovery import SERVER_FILE, ServerRecord

    record = ServerRecord(url=url, pid=os.getpid(), instance=instance, started_at=started_at)
    _replace(home / SERVER_FILE, msgspec.json.encode(record))


def remove_record(home: Path) -> None:
    from potok.client.discovery import SERVER_FILE

    (home / SERVER_FILE).unlink(missing_ok=True)


def _replace(path: Path, data: bytes) -> None:
    """In one step, readable by its owner alone from its first moment."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SECRET_MODE), "wb") as file:
        file.write(data)
    fresh.replace(path)
