"""Runs a command and tells what it took: `python -m onec.bench.timed FILE COMMAND…` writes the figures into FILE.

A process of its own, because the peak of a child counts from the size of the process that started it.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class Spent(NamedTuple):
    """`peak_mb` is of the biggest process, `cpu_s` of all of them."""

    seconds: float
    cpu_s: float
    peak_mb: float
    code: int
    stdout: str
    stderr: str


def spend(*command: str, environment: Mapping[str, str] | None = None) -> Spent:
    with tempfile.NamedTemporaryFile(prefix="potok-onec-timed-") as file:
        runner = [sys.executable, "-m", "onec.bench.timed", file.name, *command]
        done = subprocess.run(runner, capture_output=True, text=True, check=False, env=environment)
        told = json.loads(Path(file.name).read_bytes())
    return Spent(**told, stdout=done.stdout, stderr=done.stderr)


def main() -> None:
    began = time.monotonic()
    code = subprocess.run(sys.argv[2:], check=False).returncode
    seconds = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Linux counts in kilobytes, macOS in bytes
    unit = 1e6 if sys.platform == "darwin" else 1e3
    told = {
        "seconds": seconds,
        "cpu_s": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss / unit,
        "code": code,
    }
    Path(sys.argv[1]).write_text(json.dumps(told))


if __name__ == "__main__":
    main()
