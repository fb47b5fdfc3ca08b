"""What is too old goes: runs from the store in small bites, log folders by day, results of deleted runs, bundles."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec

from potok.model.errors import PotokError
from potok.store.protocol import Store

# one bite per turn of the loop: longer ones would stand in the way of transitions
BITE_S = 0.005


EVERY_S = 3600.0
PAUSE_S = 0.05

log = logging.getLogger("potok.scheduler")


class Keep(msgspec.Struct, frozen=True):
    """How long runs and logs are kept; 0 keeps them for ever."""

    runs_days: int = 400
    logs_days: int = 30


def delete_old_runs(store: Store, keep: Keep, now: float) -> int:
    """One bite of old runs; returns how many went, 0 when none is left."""
    if not keep.runs_days:
        return 0
    return store.delete_runs_before(now - keep.runs_days * 86_400, BITE_S)


def delete_old_logs(logs: Path, keep: Keep, now: float, remove: Callable[[Path], None] = shutil.rmtree) -> list[str]:
    """Remove the folders of days that are too old; returns their names."""
    if not keep.logs_days or not logs.is_dir():
        return []
    oldest = datetime.fromtimestamp(now, UTC).date() - timedelta(days=keep.logs_days)
    gone = []
    for folder in sorted(logs.iterdir()):
        day = _day(folder.name)
        if day is not None and day < oldest and folder.is_dir():
            remove(folder)
            gone.append(folder.name)
    return gone


def delete_orphaned_results(results: Path, store: Store, remove: Callable[[Path], None] = shutil.rmtree) -> list[str]:
    """Remove result folders whose run is not in the store any more; returns their names."""
    if not results.is_dir():
        return []
    gone = [
        folder
        for folder in sorted(results.iterdir())
        # a name that would begin with a dot is kept behind an underscore
        if store.run(folder.name) is None and store.run(folder.name.removeprefix("_")) is None
    ]
    for folder in gone:
        remove(folder)
    return [folder.name for folder in gone]


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


class Housekeeping:
    """Once an hour, bite by bite, so that no transition waits for a deletion.

    `write` runs what writes to the store where it disturbs no turn; `prune_bundles` is told the bundles in use.
    """

    def __init__(
        self,
        store: Store,
        home: Path,
        keep: Keep,
        clock: Callable[[], float],
        write: Callable[[Callable[[], int]], Awaitable[int]],
        prune_bundles: Callable[[set[str]], object] | None,
    ) -> None:
        self._store = store
        self._home = home
        self._keep = keep
        self._clock = clock
        self._write = write
        self._prune_bundles = prune_bundles

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await asyncio.to_thread(delete_old_logs, self._home / "logs", self._keep, self._clock())
                deleted = 1
                while deleted:
                    deleted = await self._write(partial(delete_old_runs, self._store, self._keep, self._clock()))
                    await asyncio.sleep(PAUSE_S)
                await asyncio.to_thread(self._delete_orphans)
            except (PotokError, OSError) as error:
                log.warning("retention could not delete: %s", error)

    def _delete_orphans(self) -> None:
        delete_orphaned_results(self._home / "results", self._store)
        if self._prune_bundles is not None:
            self._prune_bundles(self._store.bundles_in_use())
