"""Gives a new example workspace its first history: good runs, and one that failed for a reason worth asking about.

All are real: a server is started for them and stopped again. The one that fails meets a wrong hyper-parameter in the
variable `ml_overrides`, which is mended afterwards, so that `potok retry` finishes that run. The 1C configuration that
`edt_analysis` reads is written here too. Does nothing when done before. `make run` calls it.
`python first_runs.py ml_training` leaves the analysis out.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from potok.client.api import PotokClient
from potok.client.discovery import find_server
from potok.model.answers import Run
from potok.model.errors import PotokError
from potok_onec.testing import generate

DAG = "ml_training"
ANALYSIS = "edt_analysis"
CONFIGURATION = Path("data/configuration")
# 114 objects, 93 modules: analysed in a few seconds.
CONFIGURATION_SIZE = 2
FIRST = "first run of the workspace"
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
            client.dag(ANALYSIS)
            return client
        time.sleep(0.1)
    raise SystemExit(f"The server did not know {DAG} and {ANALYSIS} after {START_MAX_S:.0f} s.")


def run(client: PotokClient, overrides: object, days_ago: int, note: str) -> str:
    """One run with these hyper-parameters, waited for; returns its state."""
    client.put_variable("ml_overrides", overrides)
    date = datetime.now(UTC).replace(hour=23, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)
    found, _ = client.trigger(DAG, logical_date=date, note=note)
    return ended(client, found)


def ended(client: PotokClient, found: Run) -> str:
    deadline = time.monotonic() + RUN_MAX_S
    while found.ended_at is None and time.monotonic() < deadline:
        found = client.run(found.run_id, wait_s=30)
    return str(found.state)


def write_configuration() -> None:
    """The same one on every machine. Written beside and moved: a half-written one would be analysed for ever."""
    if CONFIGURATION.exists():
        return
    unfinished = CONFIGURATION.with_name(f"{CONFIGURATION.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    generate(unfinished, size=CONFIGURATION_SIZE)
    unfinished.rename(CONFIGURATION)


def main() -> None:
    write_configuration()
    marker = home() / "first-runs.done"
    if marker.exists():
        return
    print("A new workspace: making its first runs, good ones and one to ask about (about 30 s) …", flush=True)
    with server() as client:
        analysed = "success" if sys.argv[1:] == [DAG] else ended(client, client.trigger(ANALYSIS, note=FIRST)[0])
        good = run(client, MENDED, 2, FIRST)
        broken = run(client, BROKEN, 1, "with max_iter = 0 for wine in variable ml_overrides")
        client.put_variable("ml_overrides", MENDED)
    if (analysed, good, broken) != ("success", "success", "failed"):
        raise SystemExit(
            f"The first runs ended {analysed}, {good} and {broken} instead of success, success and failed; "
            "see `potok why edt_analysis` and `potok why last`."
        )
    marker.touch()
    print("Done. Ask `potok why last` what happened to the last one; `potok retry last` finishes it.")


if __name__ == "__main__":
    main()
