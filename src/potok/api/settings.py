"""What the HTTP app must be told when it is made."""

from __future__ import annotations

from pathlib import Path

import msgspec

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class ApiSettings(msgspec.Struct, frozen=True):
    """`token` is the admin token. `home` holds bundles, logs and results.

    `allowed_hosts`: host names (no port) that requests may be addressed to, beside loopback; `*` allows any.
    `open_probes`: health checks and metrics need no token (right only when bound to loopback).
    `result_roots`: folders (resolved) whose files may be shown when a result names them; none allows none.
    `path_prefix`: where a proxy mounts the server, such as `/potok`; empty or without a slash at its end.
    """

    token: str
    home: Path
    allowed_hosts: tuple[str, ...] = ()
    open_probes: bool = True
    version: str = ""
    path_prefix: str = ""
    result_roots: tuple[Path, ...] = ()
