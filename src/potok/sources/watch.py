"""Tells when files of a folder change: by inotify, costing nothing while nothing happens, else by looking every 2 s.

Never reads a file.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncinotify import Event, Inotify, Mask

log = logging.getLogger("potok.sources")

QUIET_S = 0.075
SETTLE_MAX_S = 1.0
SETTLE_QUIETS_MAX = 13.0
POLL_S = 2.0
_MISSING_S = 1.0
# The kernel says nothing of changes that another machine, or the host of a virtual one, makes on these.
_DEAF = (
    "nfs",
    "cifs",
    "smb",
    "9p",
    "fuse",
    "virtiofs",
    "vboxsf",
    "fakeowner",
    "osxfs",
    "ceph",
    "glusterfs",
    "lustre",
    "afs",
)
_TOO_MANY_WATCHES = 28  # ENOSPC of inotify_add_watch: fs.inotify.max_user_watches

_Stamps = dict[str, tuple[int, int, int]]


class FolderWatch:
    """Watches from `start` on, so that what happens before `changes` is read is not lost."""

    def __init__(
        self, root: Path, *, poll: bool | None = None, poll_s: float = POLL_S, quiet_s: float = QUIET_S
    ) -> None:
        self._root = root
        self._poll_s = poll_s
        self._quiet_s = quiet_s
        self._settle_max_s = max(SETTLE_MAX_S, SETTLE_QUIETS_MAX * quiet_s)
        self._polls = poll if poll is not None else not hears_changes(root)
        self._inotify: Inotify | None = None
        self._reading: asyncio.Task[Event] | None = None
        self._stamps: _Stamps = {}

    @property
    def polls(self) -> bool:
        """Whether it looks every `poll_s` seconds instead of being told."""
        return self._polls

    def start(self) -> None:
        """Begin to notice changes."""
        if not self._polls:
            self._start_inotify()
        if self._polls:
            self._stamps = stamps(self._root)

    def close(self) -> None:
        """Let go of the kernel's watches."""
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        if self._inotify is not None:
            self._inotify.close()
            self._inotify = None

    async def changes(self) -> AsyncIterator[set[Path]]:
        """Sets of changed paths, each after the folder has been quiet for `quiet_s` (waited for at most 13 times that).

        A path may be a folder, and the root itself means that anything may have changed.
        """
        if self._inotify is None and not self._polls:
            self.start()
        while True:
            yield await (self._polled() if self._polls else self._told())

    # --- inotify --------------------------------------------------------------------------------------------------
    def _start_inotify(self) -> None:
        from asyncinotify import Inotify

        try:
            self._inotify = Inotify(cache_size=64)
            self._watch_below(self._root)
        except OSError as error:
            self.close()
            self._polls = True
            if error.errno == _TOO_MANY_WATCHES:
                log.warning("the kernel grants no more inotify watches; raise fs.inotify.max_user_watches")
            log.info("watching %s by looking every %g s: %s", self._root, self._poll_s, error)

    def _watch_below(self, folder: Path) -> None:
        assert self._inotify is not None
        mask = change_mask()
        for each in folders(folder):
            try:
                self._inotify.add_watch(each, mask)
            except (FileNotFoundError, NotADirectoryError):
                continue  # gone again; its parent tells

    async def _told(self) -> set[Path]:
        """All from the first event until quiet. The reading task outlives this call: cancelled, it loses events."""
        loop = asyncio.get_running_loop()
        changed: set[Path] = set()
        settle_by = float("inf")
        while True:
            if self._inotify is None:
                return changed or await self._reappeared()
            self._reading = self._reading or loop.create_task(self._inotify.get())
            wait_s = max(0.0, min(self._quiet_s, settle_by - loop.time())) if changed else None
            done, _ = await asyncio.wait({self._reading}, timeout=wait_s)
            if not done:
                return changed
            event, self._reading = self._reading.result(), None
            self._note(event, changed)
            if changed and settle_by == float("inf"):
                settle_by = loop.time() + self._settle_max_s
            if changed and loop.time() >= settle_by:
                return changed

    def _note(self, event: Event, changed: set[Path]) -> None:
        from asyncinotify import Mask

        if Mask.Q_OVERFLOW in event.mask:
            changed.add(self._root)
            return
        path = event.path
        if path is None:
            return
        if path == self._root and event.mask & (Mask.DELETE_SELF | Mask.MOVE_SELF):
            self.close()
            changed.add(self._root)
            return
        if event.name is None or not is_seen(event.name.name):
            return
        changed.add(path)
        if Mask.ISDIR in event.mask and event.mask & (Mask.CREATE | Mask.MOVED_TO):
            self._watch_below(path)

    async def _reappeared(self) -> set[Path]:
        """The root itself went away; it may be replaced as a whole (a deployment, a mount)."""
        while not self._root.is_dir():  # noqa: ASYNC110 - nothing tells of a folder that is not there
            await asyncio.sleep(_MISSING_S)
        self._start_inotify()
        return {self._root}

    # --- polling --------------------------------------------------------------------------------------------------
    async def _polled(self) -> set[Path]:
        while True:
            await asyncio.sleep(self._poll_s)
            now = await asyncio.to_thread(stamps, self._root)
            changed = {name for name in now.keys() | self._stamps.keys() if now.get(name) != self._stamps.get(name)}
            self._stamps = now
            if changed:
                return {self._root / name for name in changed}


def hears_changes(root: Path) -> bool:
    """Whether inotify tells of every change below `root`: on Linux, unless another machine's file system is there."""
    if sys.platform != "linux":
        return False
    kind = file_system(root)
    return not kind.startswith(_DEAF)


def file_system(path: Path) -> str:
    """The type of the file system that holds `path` (`ext4`, `nfs4`, `fuse.sshfs`); empty when it cannot be told."""
    real = os.path.realpath(path)
    best, kind = "", ""
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    for line in lines:
        mounted, _, rest = line.partition(" - ")
        fields = mounted.split()
        if len(fields) < 5 or not rest:
            continue
        point = fields[4].replace("\\040", " ")
        is_above = real == point or real.startswith(point.rstrip("/") + "/")
        if is_above and len(point) >= len(best):
            best, kind = point, rest.split()[0]
    return kind


def folders(root: Path) -> Iterator[Path]:
    """`root` and the folders below it that may hold code; links are followed, circles are not."""
    seen: set[str] = set()
    for folder, names, _ in os.walk(root, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen:
            names.clear()
            continue
        seen.add(real)
        names[:] = [name for name in names if is_seen(name)]
        yield Path(folder)


def stamps(root: Path) -> _Stamps:
    """Time, size and inode of every file below `root` that may matter."""
    found: _Stamps = {}
    for folder in folders(root):
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        for entry in entries:
            try:
                if is_seen(entry.name) and entry.is_file():
                    told = entry.stat()
                    found[os.path.relpath(entry.path, root)] = (told.st_mtime_ns, told.st_size, told.st_ino)
            except OSError:
                continue
    return found


def is_seen(name: str) -> bool:
    """Not what interpreters and editors leave about."""
    if name == ".potokignore":
        return True
    return not (name.startswith(".") or name == "__pycache__" or name.endswith((".pyc", "~", ".swp", ".tmp")))


def change_mask() -> Mask:
    """Everything that another content of a folder shows in, and its own going away."""
    from asyncinotify import Mask

    return (
        Mask.CLOSE_WRITE
        | Mask.CREATE
        | Mask.DELETE
        | Mask.MOVED_FROM
        | Mask.MOVED_TO
        | Mask.DELETE_SELF
        | Mask.MOVE_SELF
        | Mask.ONLYDIR
    )
