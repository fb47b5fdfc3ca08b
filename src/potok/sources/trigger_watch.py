"""Follows the checkouts and folders that triggers name, and tells what is there. Decides nothing, runs no git."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from potok.model.trigger import FILES_MAX, Event, Mark, OnChange, OnCommit, OnPush, Sighting, Trigger
from potok.sources.alarm import Alarm, Bell, Names
from potok.sources.folder_state import Remembered, Stamps, changed_files, digest_of, folder_stamps
from potok.sources.git_head import (
    TELLING,
    GitFolders,
    Head,
    UnreadableCheckoutError,
    git_folders,
    read_head,
    telling_folders,
)
from potok.sources.watch import POLL_S, FolderWatch, hears_changes

log = logging.getLogger("potok.sources")

# Git writes a ref at once; this is for those that move several times in a row.
COMMIT_QUIET_S = 0.05
COMMIT_SETTLE_MAX_S = 1.0
# A look just in case: a checkout behind a link that was turned, say, rings no bell.
LOOK_ANYWAY_S = 300.0
_BROKEN_S = 60.0
_SETTLE_LOOKS_MAX = 60

Pair = tuple[str, str]
Told = Callable[[str, str, Sighting], None]
Marks = Callable[[], Mapping[Pair, Mark]]


class TriggerWatch:
    """`start`, then `follow` the triggers that there are now, whenever they change; `close` at the end.

    `marks` tells what is kept of each trigger, by DAG and key.
    """

    def __init__(self, workspace: Path, home: Path, *, poll: bool | None = None, poll_s: float = POLL_S) -> None:
        self._workspace = workspace
        self._remembered = Remembered(home / "triggers")
        self._poll = poll
        self._poll_s = poll_s
        self._alarm = Alarm()
        self._following: dict[Pair, tuple[Trigger, asyncio.Task[None]]] = {}
        self._newest: dict[Pair, str] = {}
        self._tell: Told = _nobody
        self._marks: Marks = dict

    def start(self, tell: Told, marks: Marks) -> None:
        """Whom to tell what is seen."""
        self._tell, self._marks = tell, marks

    def follow(self, wanted: Mapping[Pair, Trigger]) -> None:
        """These triggers and no others; those that are followed already are left alone."""
        for pair, (trigger, task) in list(self._following.items()):
            if wanted.get(pair) != trigger:
                task.cancel()
                del self._following[pair]
        self._newest = {pair: digest for pair, digest in self._newest.items() if pair in wanted}
        for pair, trigger in wanted.items():
            if pair not in self._following and not isinstance(trigger, OnPush):
                self._following[pair] = (trigger, asyncio.create_task(self._followed(pair, trigger)))

    async def close(self) -> None:
        tasks = [task for _, task in self._following.values()]
        self._following.clear()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        self._alarm.close()

    async def _followed(self, pair: Pair, trigger: OnCommit | OnChange) -> None:
        """For ever: what breaks here is this trigger's trouble and nobody else's."""
        teller = _Teller(self._tell, pair)
        while True:
            try:
                place = (self._workspace / Path(trigger.path).expanduser()).absolute()
                if isinstance(trigger, OnCommit):
                    await self._follow_checkout(place, trigger, teller)
                else:
                    await self._follow_folder(pair, place, trigger, teller)
            except Exception as error:
                log.exception("watching %s broke", trigger.path)
                teller.tell(Sighting(None, trouble=f"watching {trigger.path} broke and is tried again: {error}"))
                await asyncio.sleep(_BROKEN_S)

    # --- a checkout -------------------------------------------------------------------------------------------------
    async def _follow_checkout(self, place: Path, trigger: OnCommit, teller: _Teller) -> None:
        bell = self._alarm.bell()
        try:
            while True:
                is_told, head = await self._look_at_checkout(place, bell)
                teller.tell(_seen_commit(head, place, trigger))
                if await bell.heard(LOOK_ANYWAY_S if is_told else self._poll_s):
                    await _quiet(bell)
        finally:
            bell.close()

    async def _look_at_checkout(self, place: Path, bell: Bell) -> tuple[bool, Head | UnreadableCheckoutError]:
        """What is there, and whether the bell tells of the next change. Followed first, read then: nothing is missed.

        Files are read beside the loop: a network mount that hangs must not hold everything up.
        """
        try:
            folders = await asyncio.to_thread(git_folders, place)
            is_told = await self._is_followed(place, folders, bell)
            return is_told, await asyncio.to_thread(read_head, folders)
        except UnreadableCheckoutError as error:
            bell.close()
            return False, error

    async def _is_followed(self, place: Path, folders: GitFolders, bell: Bell) -> bool:
        if not await asyncio.to_thread(self._hears, folders.common):
            return False
        try:
            while True:
                on_the_way: dict[Path, Names] = dict.fromkeys(await asyncio.to_thread(telling_folders, folders))
                own: dict[Path, Names] = {place: frozenset({".git"}), **dict.fromkeys(folders, TELLING)}
                if not bell.follow({**own, **on_the_way}):
                    return True
        except OSError as error:
            log.info("watching %s by looking every %g s: %s", place, self._poll_s, error)
            return False

    def _hears(self, folder: Path) -> bool:
        return not self._poll if self._poll is not None else hears_changes(folder)

    # --- a folder ---------------------------------------------------------------------------------------------------
    async def _follow_folder(self, pair: Pair, place: Path, trigger: OnChange, teller: _Teller) -> None:
        while not place.is_dir():
            teller.tell(Sighting(None, trouble=f"the folder {place} is not there; make it, or correct the path"))
            await asyncio.sleep(self._poll_s)
        watch = FolderWatch(place, poll=self._poll, poll_s=self._poll_s, quiet_s=trigger.quiet_s)
        watch.start()
        try:
            teller.tell(await self._settled(pair, place, trigger))
            async for _ in watch.changes():
                if not place.is_dir():
                    return
                look = self._settled if watch.polls else self._look_at_folder
                teller.tell(await look(pair, place, trigger))
        finally:
            watch.close()

    async def _settled(self, pair: Pair, place: Path, trigger: OnChange) -> Sighting:
        """Where nothing tells of changes: look until two looks, `quiet_s` apart, find the same."""
        seen = await self._look_at_folder(pair, place, trigger)
        for _ in range(_SETTLE_LOOKS_MAX):
            mark = self._marks().get(pair)
            if seen.state is None or mark is None or mark.state == seen.state:
                return seen
            await asyncio.sleep(trigger.quiet_s)
            before, seen = seen, await self._look_at_folder(pair, place, trigger)
            if seen.state == before.state:
                break
        return seen

    async def _look_at_folder(self, pair: Pair, place: Path, trigger: OnChange) -> Sighting:
        marks = self._marks()
        keep = {*_digests(marks), *self._newest.values()}
        base = marks[pair].state if pair in marks else ""
        seen = await asyncio.to_thread(self._seen_folder, place, trigger, base, keep)
        if seen.state is not None:
            self._newest[pair] = seen.state
        return seen

    def _seen_folder(self, place: Path, trigger: OnChange, base: str, keep: Collection[str]) -> Sighting:
        try:
            now = folder_stamps(place, trigger.ignore)
            digest = digest_of(now)
            before: Stamps | None = {} if not base else self._remembered.read(base) if base != digest else now
            self._remembered.write(digest, now, keep)
        except OSError as error:
            return Sighting(None, trouble=f"the folder {place} cannot be read: {error.strerror}")
        changed = [] if before is None else changed_files(before, now)
        files = tuple(changed) if len(changed) <= FILES_MAX else ()
        event = Event("change", time.time(), str(place), files=files, files_count=len(changed))
        return Sighting(digest, event)


class _Teller:
    """Tells a sighting once, however often it is seen."""

    def __init__(self, tell: Told, pair: Pair) -> None:
        self._tell = tell
        self._pair = pair
        self._last: tuple[str | None, str] | None = None

    def tell(self, seen: Sighting) -> None:
        if (seen.state, seen.trouble) != self._last:
            self._last = (seen.state, seen.trouble)
            self._tell(*self._pair, seen)


def _seen_commit(head: Head | UnreadableCheckoutError, place: Path, trigger: OnCommit) -> Sighting:
    if isinstance(head, UnreadableCheckoutError):
        return Sighting(None, trouble=str(head))
    if head.under_way:
        return Sighting(None, trouble=f"{head.under_way} is under way in {place}; its end is waited for")
    if trigger.branches and not any(fnmatchcase(head.branch, pattern) for pattern in trigger.branches):
        return Sighting(None)
    if not head.commit:
        return Sighting(None, trouble=f"the checkout {place} has no commit on {head.branch or 'HEAD'} yet")
    event = Event("commit", time.time(), str(place), head.commit, branch=head.branch, ref=head.ref)
    return Sighting(head.commit, event)


def _digests(marks: Mapping[Pair, Mark]) -> Iterator[str]:
    """Those that a run was started for, and those that it will be started for."""
    for (_, key), mark in marks.items():
        if key.startswith("change "):
            yield mark.state
            if mark.waiting is not None and mark.waiting.state is not None:
                yield mark.waiting.state


async def _quiet(bell: Bell) -> None:
    loop = asyncio.get_running_loop()
    settle_by = loop.time() + COMMIT_SETTLE_MAX_S
    while loop.time() < settle_by and await bell.heard(COMMIT_QUIET_S):
        pass


def _nobody(dag_id: str, key: str, seen: Sighting) -> None: ...
