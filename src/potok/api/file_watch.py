"""Tells when a file grows or appears: by the kernel's word on Linux, elsewhere by looking twice a second."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

_LOOK_EVERY_S = 0.5


async def watch_file(path: Path, grown: Callable[[], None]) -> None:
    """Calls `grown` after each change of `path` until it is cancelled. Makes the folder that the file will be in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if sys.platform == "linux":
        await _watch_by_inotify(path, grown)
    else:
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            grown()


async def _watch_by_inotify(path: Path, grown: Callable[[], None]) -> None:
    from asyncinotify import Inotify, Mask

    with Inotify() as inotify:
        inotify.add_watch(path.parent, Mask.CREATE | Mask.MOVED_TO)
        is_watched = _add(inotify, path)
        grown()  # whatever came before the watch
        async for event in inotify:
            if not is_watched and event.name is not None and event.name.name == path.name:
                is_watched = _add(inotify, path)
            grown()


def _add(inotify: object, path: Path) -> bool:
    from asyncinotify import Inotify, Mask

    assert isinstance(inotify, Inotify)
    try:
        inotify.add_watch(path, Mask.MODIFY)
    except FileNotFoundError:
        return False
    return True
