"""Gives a new example workspace its first history: one good run, and one that failed for a reason worth asking about.

Both are real: a server is started for them and stopped again. The second one meets a wrong hyper-parameter in the
variable `ml_overrides`, which is mended afterwards, so that `potok retry` finishes that run. Does nothing when done
before. `make run` calls it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from potok.client.api import PotokClient
from potok.client.discovery import find_server
from potok.model.errors import PotokError

DAG = "ml_training"
MENDED: dict[str, object] = {}
BROKEN = {"wine": {"max_iter": 0}}
START_MAX_S = 60.0
RUN_MAX_S = 300.0


def home() -> Path:
    return Path(os.environ.get("POTOK_HOME", ".potok"))


@contextlib.contextmanager
def server() -> Iterator[PotokClient]:
    """A server of our own on a free port, stopped at the end."""
    potok = Path(sys.executable).with_name("potok")
    process = subprocess.Popen([potok, "up", "--port", "0"], stdout=subprocess.DEVNULL)
    try:
        yield _client(process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _client(process: subprocess.Popen[bytes]) -> PotokClient:
    deadline = time.monotonic() + START_MAX_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit("The server did not start; see the sentence above.")
        with contextlib.suppress(PotokError):
            url, token = find_server(os.environ)
            client = PotokClient(url, token)
            client.dag(DAG)
            return client
        time.sleep(0.1)
    raise SystemExit(f"The server did not know DAG {DAG} after {START_MAX_S:.0f} s.")


def run(client: PotokClient, overrides: object, days_ago: int, note: str) -> str:
    """One run with these hyper-parameters, waited for; returns its state."""
    client.put_variable("ml_overrides", overrides)
    date = datetime.now(UTC).replace(hour=23, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)
    found, _ = client.trigger(DAG, logical_date=date, note=note)
    deadline = time.monotonic() + RUN_MAX_S
    while found.ended_at is None and time.monotonic() < deadline:
        found = client.run(found.run_id, wait_s=30)
    return str(found.state)


def main() -> None:
    marker = home() / "first-runs.done"
    if marker.exists():
        return
    print("A new workspace: making its first two runs, one good and one to ask about (about 20 s) …", flush=True)
    with server() as client:
        good = run(client, MENDED, 2, "first run of the workspace")
        broken = run(client, BROKEN, 1, "with max_iter = 0 for wine in variable ml_overrides")
        client.put_variable("ml_overrides", MENDED)
    if (good, broken) != ("success", "failed"):
        raise SystemExit(
            f"The first runs ended {good} and {broken} instead of success and failed; see `potok why last`."
        )
    marker.touch()
    print("Done. Ask `potok why last` what happened to the second one; `potok retry last` finishes it.")


if __name__ == "__main__":
    main()
