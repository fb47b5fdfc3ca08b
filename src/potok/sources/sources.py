"""The DAG folder as the scheduler sees it: loaded once, then watched; only what changed is imported again."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from potok.sources.bundle import Bundles
from potok.sources.catalogue import Found, catalogue
from potok.sources.folder import DagFolder
from potok.sources.known_file import FileReader, KnownFile, Stamp, failed
from potok.sources.watch import FolderWatch

log = logging.getLogger("potok.sources")

_IMPORTS_AT_ONCE = max(1, min(4, os.cpu_count() or 1))
# A file that is silent for so long waits alone: others are told without it, and its place in the queue goes on.
_PATIENCE_S = 2.0
TRY_AGAIN_S = 10.0

Tell = Callable[[Found], None]


class Sources:
    """`load` first, then `watch` until cancelled. `on_change` gets the whole folder whenever it differs.

    `known_pools` and `known_queues` are asked at each look; `owners` gives the file that had each dag id before.
    """

    def __init__(
        self,
        root: Path,
        home: Path,
        *,
        known_pools: Callable[[], set[str]],
        known_queues: Callable[[], set[str]],
        import_timeout_s: float = 30.0,
        on_change: Tell | None = None,
        owners: Callable[[], Mapping[str, str]] | None = None,
        watch: FolderWatch | None = None,
    ) -> None:
        self.root = root.resolve()
        self.bundles = Bundles(home)
        self._folder = DagFolder(self.root)
        self._reader = FileReader(self.root, self.bundles, import_timeout_s)
        self._watch = watch or FolderWatch(self.root)
        self._known_pools = known_pools
        self._known_queues = known_queues
        self._owners = owners
        self._on_change = on_change
        self._known: dict[str, KnownFile] = {}
        self._running: dict[str, tuple[asyncio.Task[KnownFile], Stamp | None]] = {}
        self._queued: set[str] = set()
        self._found = self._told = Found({}, {})
        self._gate = asyncio.Semaphore(_IMPORTS_AT_ONCE)
        self._one_look = asyncio.Lock()
        self._late = asyncio.Event()

    @property
    def found(self) -> Found:
        """What the last look found."""
        return self._found

    def prune_bundles(self, in_use: set[str]) -> list[str]:
        """Delete old bundles that neither `in_use` names nor a file of the folder gave; returns their names. Blocks."""
        return self.bundles.prune(in_use | {known.result.bundle for known in list(self._known.values())})

    async def load(self) -> Found:
        """Look at the folder for the first time; changes are noticed from here on.

        A file whose import takes long is a failure for now; `watch` tells when it ended.
        """
        self._watch.start()
        self._told = await self._look(_PATIENCE_S)
        return self._told

    async def watch(self, changed: Tell | None = None) -> None:
        """Look again after each settled change; `changed`, else `on_change`, is called when the folder differs."""
        tell = changed or self._on_change or (lambda _: None)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._follow_folder(tell))
                group.create_task(self._follow_late(tell))
                group.create_task(self._try_again(tell))
        finally:
            self._watch.close()
            await self._cancel(list(self._running))

    async def reload(self) -> Found:
        """Import every file again, changed or not: a library may have been installed meanwhile."""
        self._known.clear()
        return await self._look(None)

    async def refresh(self) -> Found:
        """Look at the folder and wait for every import; what has not changed is left as it is."""
        return await self._look(None)

    async def _follow_folder(self, tell: Tell) -> None:
        async for paths in self._watch.changes():
            log.debug("%d paths changed in %s", len(paths), self.root)
            await self._tell_if_different(tell)

    async def _follow_late(self, tell: Tell) -> None:
        while True:
            await self._late.wait()
            self._late.clear()
            async with self._one_look:  # a look that goes on now takes them along
                is_uncollected = any(task.done() for task, _ in self._running.values())
            if is_uncollected:
                await self._tell_if_different(tell)

    async def _try_again(self, tell: Tell) -> None:
        """A failure that is not the file's own (a full disk, say) is mended by no change of the folder."""
        while True:
            await asyncio.sleep(TRY_AGAIN_S)
            if not all(known.digest for known in self._known.values()):
                await self._tell_if_different(tell)

    async def _tell_if_different(self, tell: Tell) -> None:
        found = await self._look(_PATIENCE_S)
        if found != self._told:
            self._told = found
            tell(found)

    # --- one look -------------------------------------------------------------------------------------------------
    async def _look(self, patience_s: float | None) -> Found:
        async with self._one_look:
            self._folder.read_ignored()
            files = await asyncio.to_thread(self._folder.dag_files)
            await self._cancel([file for file in self._running if file not in files])
            emptied = await asyncio.to_thread(self._emptied, files)
            self._known = {file: known for file, known in self._known.items() if file in files or file in emptied}
            for file in files:
                await self._start_if_needed(file)
            await self._wait(patience_s)
            self._found = self._judged(files, emptied)
            return self._found

    def _emptied(self, files: list[str]) -> list[str]:
        """Files with DAGs that hold nothing now: most likely someone is just writing them."""
        missing = set(self._known).difference(files)
        return [file for file in missing if self._known[file].result.dags and self._reader.is_empty(file)]

    async def _start_if_needed(self, file: str) -> None:
        running = self._running.get(file)
        if running is not None:
            if running[1] == self._reader.stamp(file):
                return
            await self._cancel([file])
        known = self._known.get(file)
        if known is not None:
            same = await asyncio.to_thread(self._reader.unchanged, file, known)
            if same is not None:
                self._known[file] = same
                return
        stamp = self._reader.stamp(file)
        task = asyncio.create_task(self._read_in_turn(file))
        task.add_done_callback(lambda _: self._late.set())
        self._running[file] = (task, stamp)

    async def _read_in_turn(self, file: str) -> KnownFile:
        """A few at once; one that hangs gives its turn away, or two of them would stop all others."""
        turn = _Turn(self._gate)
        self._queued.add(file)
        try:
            await self._gate.acquire()
        finally:
            self._queued.discard(file)
        timer = asyncio.get_running_loop().call_later(_PATIENCE_S, turn.end)
        try:
            return await self._reader.read(file)
        finally:
            timer.cancel()
            turn.end()

    async def _wait(self, patience_s: float | None) -> None:
        """Until every import ended, or all had their turn and none ended for so long."""
        while self._running:
            done, _ = await asyncio.wait(
                [task for task, _ in self._running.values()], timeout=patience_s, return_when=asyncio.FIRST_COMPLETED
            )
            if not done and not self._queued:
                return
            for file, (task, _) in list(self._running.items()):
                if task in done:
                    del self._running[file]
                    self._known[file] = task.result()

    async def _cancel(self, files: list[str]) -> None:
        """End these imports with their processes."""
        tasks = [self._running.pop(file)[0] for file in files]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _judged(self, files: list[str], emptied: list[str]) -> Found:
        """A file still being imported keeps what it had; a new one is told as late."""
        known = {file: self._known.get(file) or failed(file, _LATE) for file in files}
        known.update({file: failed(file, _EMPTY) for file in emptied})
        owners = dict(self._owners()) if self._owners is not None else {}
        owners.update({dag_id: found.dag.file for dag_id, found in self._found.dags.items()})
        results = {file: each.result for file, each in known.items()}
        return catalogue(results, owners, self._known_pools(), self._known_queues())


_LATE = "the file is still being imported; a DAG file only describes tasks, so move slow work into one of them"
_EMPTY = "the file is empty; its DAGs stay as they were until it is written or deleted"


class _Turn:
    """One permit of the gate, given back once."""

    def __init__(self, gate: asyncio.Semaphore) -> None:
        self._gate: asyncio.Semaphore | None = gate

    def end(self) -> None:
        if self._gate is not None:
            self._gate.release()
            self._gate = None
