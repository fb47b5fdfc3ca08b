"""The server that commands talk to: finding it, and finding the run that a person means. Prints nothing."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from potok.model.errors import NotFoundError

if TYPE_CHECKING:
    from potok.client.api import PotokClient
    from potok.model.answers import Run

LAST = "last"


def connect(timeout_s: float = 30.0) -> PotokClient:
    """A client of the server that the settings name, else of the one recorded in the home. Connects on first use.

    Raises UnreachableError when no server is named or recorded.
    """
    from potok.cli.config import load_settings
    from potok.client.api import PotokClient
    from potok.client.discovery import find_server

    _load_httpx()
    settings = load_settings()
    url, token = find_server({**os.environ, "POTOK_HOME": settings.home})
    return PotokClient(url, token, timeout_s)


def _load_httpx() -> None:
    """Without its own command line, which would load Rich and a second click: 0.1 s of every command."""
    if "httpx" in sys.modules:
        return
    sys.modules["httpx._main"] = None  # type: ignore[assignment]
    try:
        import httpx  # noqa: F401
    finally:
        del sys.modules["httpx._main"]


def find_run(client: PotokClient, text: str) -> Run:
    """The run `text` means: `last`, a run's id, or a DAG's id (its newest run). Raises NotFoundError."""
    if text == LAST:
        newest = client.runs(limit=1).items
        if not newest:
            raise NotFoundError("there are no runs yet; start one with `potok trigger DAG`")
        return newest[0]
    try:
        return client.run(text)
    except NotFoundError:
        pass
    newest = client.runs(dag_id=text, limit=1).items
    if newest:
        return newest[0]
    try:
        client.dag(text)
    except NotFoundError:
        raise NotFoundError(f"no run and no DAG is called {text!r}; `potok runs` and `potok dags` list them") from None
    raise NotFoundError(f"DAG {text} never ran; start it with `potok trigger {text}`")
