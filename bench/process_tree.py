"""The processes of one system under measure: found by a mark in their environment, weighed, stopped one by one.

Never signals a process that does not carry the mark.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import time
from pathlib import Path

import msgspec

from bench.machine import TICKS_PER_S

MARK = "BENCH_TREE"
_STOP_TIMEOUT_S = 20.0


class Weight(msgspec.Struct, frozen=True):
    """Memory of one process in MB: `pss` shares pages among their users, `private` are its own alone."""

    pid: int
    command: str
    pss: float
    rss: float
    private: float


class ProcessTree:
    """Whatever was started with `environment()`, and all its descendants that kept it."""

    def __init__(self) -> None:
        self._mark = secrets.token_hex(8)
        self._roots: set[int] = set()

    def adopt(self, pid: int) -> None:
        """A process that hides its environment (Redis writes its title over it) belongs to the tree as well."""
        self._roots.add(pid)

    def environment(self, **more: str) -> dict[str, str]:
        """Ours without POTOK_*, with the mark and `more`."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("POTOK_")}
        return {**kept, **more, MARK: self._mark}

    def pids(self) -> list[int]:
        wanted = f"{MARK}={self._mark}".encode()
        found = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                if int(folder.name) in self._roots or wanted in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
            except OSError:
                continue
        return sorted(found)

    def weigh(self) -> list[Weight]:
        return [weight for pid in self.pids() if (weight := weigh(pid)) is not None]

    def cpu_seconds(self) -> float:
        """User and system time of all processes and of their children that have ended, in seconds."""
        return sum(cpu_seconds(pid) for pid in self.pids())

    def stop(self, main: subprocess.Popen[bytes]) -> None:
        """SIGTERM to the main process, then SIGKILL to whatever of the tree is left."""
        if main.poll() is None:
            main.send_signal(signal.SIGTERM)
            try:
                main.wait(_STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                main.kill()
                main.wait()
        self._roots.discard(main.pid)

    def sweep(self) -> list[int]:
        """Kills what is left of the tree; its pids (none, when everything ended in order)."""
        give_up = time.monotonic() + 2.0
        while (left := self.pids()) and time.monotonic() < give_up:
            time.sleep(0.05)
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return left


def weigh(pid: int) -> Weight | None:
    """Memory of a process from its smaps_rollup; None when it is gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return None
    sizes: dict[str, float] = {}
    for line in text.splitlines()[1:]:
        name, _, rest = line.partition(":")
        sizes[name] = int(rest.split()[0]) / 1024
    private = sizes["Private_Clean"] + sizes["Private_Dirty"]
    return Weight(pid, command, sizes["Pss"], sizes["Rss"], private)


def cpu_seconds(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0.0
    fields = text.rpartition(")")[2].split()
    # utime, stime, and those of reaped children: what a child used moves to its parent and is not lost.
    return sum(int(field) for field in fields[11:15]) / TICKS_PER_S


def reset_peak(pid: int) -> None:
    """From now on the kernel notes the peak anew (see `peak_rss`)."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak_rss(pid: int) -> float:
    """The highest resident size in MB since `reset_peak`."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"process {pid} has no VmHWM")
