"""The DAG folder between the sources, which find DAGs, and the scheduler, which runs them. Judges nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from potok.scheduler.commands import Command, DeletePool, Failed, LiveEvent, PutPool, Reply
from potok.scheduler.dag_book import Folder, FoundDag, FoundFailure
from potok.sources.sources import Sources

if TYPE_CHECKING:
    from potok.model.settings import Settings
    from potok.scheduler.commands import SchedulerPort
    from potok.sources.catalogue import Found
    from potok.store.protocol import Store


class DagFolderSource:
    """A FolderSource over the settings' folder. `look_again` is for what changes outside of it, such as pools."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._store = store
        self._pools = set(settings.pools)
        self._queues = set(settings.queues)
        self._changed: Callable[[Folder], None] | None = None
        self._sources = Sources(
            Path(settings.dags),
            Path(settings.home),
            known_pools=self._known_pools,
            known_queues=lambda: self._queues,
            import_timeout_s=settings.import_timeout_s,
            owners=self._owners,
        )

    def _known_pools(self) -> set[str]:
        return self._pools | {row.name for row in self._store.pools()}

    def _owners(self) -> dict[str, str]:
        return {row.dag_id: row.file for row in self._store.dags()}

    async def load(self) -> Folder:
        return folder_of(await self._sources.load())

    async def watch(self, changed: Callable[[Folder], None]) -> None:
        self._changed = changed
        await self._sources.watch(lambda found: changed(folder_of(found)))

    def prune_bundles(self, in_use: set[str]) -> list[str]:
        """Delete old code that no run and no file has any more."""
        return self._sources.prune_bundles(in_use)

    async def look_again(self) -> None:
        before = self._sources.found
        found = await self._sources.refresh()
        if self._changed is not None and found != before:
            self._changed(folder_of(found))


def folder_of(found: Found) -> Folder:
    """The sources' word for it in the scheduler's."""
    return Folder(
        {dag_id: FoundDag(one.dag, one.bundle, one.files) for dag_id, one in found.dags.items()},
        {file: FoundFailure(one.message, one.location, one.traceback) for file, one in found.failures.items()},
    )


class WatchfulPort:
    """The scheduler's port; after a pool came or went, DAGs that name it are judged again."""

    def __init__(self, port: SchedulerPort, folder: DagFolderSource) -> None:
        self._port = port
        self._folder = folder
        self._looking: set[asyncio.Task[None]] = set()

    async def submit(self, command: Command) -> Reply:
        reply = await self._port.submit(command)
        if isinstance(command, PutPool | DeletePool) and not isinstance(reply, Failed):
            # not awaited: a file whose import hangs would hold the answer up
            task = asyncio.create_task(self._folder.look_again())
            self._looking.add(task)
            task.add_done_callback(self._looking.discard)
        return reply

    def subscribe(self) -> AsyncIterator[list[LiveEvent]]:
        return self._port.subscribe()
