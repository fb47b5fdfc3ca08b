"""What the figures were taken on: processor, kernel, and how busy others keep it. Reads /proc, changes nothing."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

import msgspec

TICKS_PER_S = os.sysconf("SC_CLK_TCK")


class Machine(msgspec.Struct, frozen=True):
    """One line about the machine."""

    cpu: str
    cores: int
    memory_gib: float
    kernel: str
    python: str
    sqlite: str

    def __str__(self) -> str:
        return (
            f"{self.cores} cores of {self.cpu}, {self.memory_gib:.0f} GiB, Linux {self.kernel}, "
            f"Python {self.python}, SQLite {self.sqlite}"
        )


def describe() -> Machine:
    info = Path("/proc/cpuinfo").read_text()
    models = [line.split(":", 1)[1].strip() for line in info.splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return Machine(
        cpu=models[0] if models else platform.processor(),
        cores=len(os.sched_getaffinity(0)),
        memory_gib=memory,
        kernel=platform.release(),
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
    )


def busy_seconds() -> float:
    """CPU seconds that all cores have worked (or were stolen) since the start of the machine."""
    fields = [int(text) for text in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    user, nice, system, _idle, _wait, irq, soft_irq, steal = fields
    return (user + nice + system + irq + soft_irq + steal) / TICKS_PER_S


def wait_until_quiet(cores: float, timeout_s: float) -> None:
    """Returns once others use at most that many cores, or after `timeout_s` seconds all the same."""
    give_up = time.monotonic() + timeout_s
    while time.monotonic() < give_up and busy_cores() > cores:
        continue


def sync_ms() -> float:
    """Median time of a small write that the disk has confirmed: what bounds every commit that survives a power cut."""
    times = []
    with tempfile.TemporaryFile() as file:
        for _ in range(50):
            started = time.perf_counter()
            os.pwrite(file.fileno(), bytes(4096), 0)
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def busy_cores(length_s: float = 0.5) -> float:
    """Mean cores in use over the next `length_s` seconds, in which the caller does nothing."""
    before, started = busy_seconds(), time.monotonic()
    time.sleep(length_s)
    return (busy_seconds() - before) / (time.monotonic() - started)
