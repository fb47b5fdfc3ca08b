"""Where the server listens: the socket, bound before anything else starts, and the URL it is reached by."""

from __future__ import annotations

import errno
import socket

from potok.model.errors import InvalidError

BACKLOG = 2048
_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - compared with, not bound to
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; raises InvalidError with the way to mend it when the address can't be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(BACKLOG)
    except OSError as error:
        made.close()
        raise InvalidError(_why_not(host, port, error)) from None
    made.setblocking(False)
    return made


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken by another program; choose another by `potok up --port`, or set it in potok.toml"
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights than this user has; choose one above 1023 by `potok up --port`"
    return f"can't listen on {host}:{port}: {error.strerror or error}; choose another by `--host` and `--port`"


def base_url(bound: socket.socket, prefix: str) -> str:
    """How this machine reaches the server."""
    host, port = bound.getsockname()[:2]
    host = _ANY_ADDRESS.get(host, host)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{prefix}"


def is_loopback(host: str) -> bool:
    return host in _LOOPBACK
