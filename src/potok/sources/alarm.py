"""One inotify for many folders: whoever follows some of them is woken when a name in them changes. Reads no file."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from potok.sources.watch import change_mask

if TYPE_CHECKING:
    from asyncinotify import Inotify, Watch

log = logging.getLogger("potok.sources")

Names = frozenset[str] | None  # None: every name


class Alarm:
    """Costs nothing while nothing happens. Made and used on one event loop."""

    def __init__(self) -> None:
        self._inotify: Inotify | None = None
        self._watches: dict[int, Watch] = {}
        self._bells: dict[int, dict[Bell, Names]] = {}
        self._reading: asyncio.Task[None] | None = None

    def bell(self) -> Bell:
        return Bell(self)

    def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        if self._inotify is not None:
            self._inotify.close()
        self._inotify, self._reading = None, None
        self._watches.clear()
        self._bells.clear()

    def add(self, bell: Bell, folder: Path, names: Names) -> int:
        """The kernel's number of the watch. Raises OSError when it grants none, or the folder is gone."""
        if self._inotify is None:
            from asyncinotify import Inotify

            self._inotify = Inotify(cache_size=64)
            self._reading = asyncio.get_running_loop().create_task(self._read(self._inotify))
        watch = self._inotify.add_watch(folder, change_mask())
        self._watches[watch.wd] = watch
        self._bells.setdefault(watch.wd, {})[bell] = names
        return watch.wd

    def remove(self, bell: Bell, number: int) -> None:
        followers = self._bells.get(number, {})
        followers.pop(bell, None)
        watch = self._watches.get(number)
        if not followers and watch is not None and self._inotify is not None:
            self._forget(number)
            try:
                self._inotify.rm_watch(watch)
            except OSError:
                pass  # the folder went away, and the watch with it

    def _forget(self, number: int) -> None:
        self._watches.pop(number, None)
        self._bells.pop(number, None)

    async def _read(self, inotify: Inotify) -> None:
        from asyncinotify import Mask

        while True:
            event = await inotify.get()
            if Mask.Q_OVERFLOW in event.mask:
                for number in list(self._bells):
                    self._ring(number, "")
            elif event.watch is not None:
                self._ring(event.watch.wd, event.name.name if event.name else "")
                if Mask.IGNORED in event.mask:
                    self._forget(event.watch.wd)

    def _ring(self, number: int, name: str) -> None:
        if name.endswith(".lock"):
            return
        for bell, names in self._bells.get(number, {}).items():
            if not name or names is None or name in names:
                bell.ring()


class Bell:
    """What one follower hears of its folders."""

    def __init__(self, alarm: Alarm) -> None:
        self._alarm = alarm
        self._numbers: set[int] = set()
        self._rung = asyncio.Event()

    def follow(self, folders: Mapping[Path, Names]) -> bool:
        """From now on these folders and no others; whether some are new, of which nothing was heard until now.

        Raises OSError as `Alarm.add` does; the bell then follows nothing.
        """
        try:
            numbers = {self._alarm.add(self, folder, names) for folder, names in folders.items()}
        except OSError:
            self.close()
            raise
        for number in self._numbers - numbers:
            self._alarm.remove(self, number)
        has_more = not numbers <= self._numbers
        self._numbers = numbers
        return has_more

    def ring(self) -> None:
        self._rung.set()

    def close(self) -> None:
        """Follow nothing."""
        for number in self._numbers:
            self._alarm.remove(self, number)
        self._numbers = set()

    async def heard(self, timeout_s: float) -> bool:
        """Wait until it rings; False when it has not within that time."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True
