"""The scheduler's shell: an inbox, one turn after another, commit, then effects. The only place with a clock.

Events that arrive while a turn is committed make the next turn: load makes batches bigger, not latency worse.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import msgspec

from potok.engine.exits import crash_error
from potok.executors.protocol import Capacity, Executor
from potok.model.errors import PotokError
from potok.model.trigger import Sighting
from potok.model.wire import Lost, TaskEvent, WorkerReply, WorkerRequest
from potok.scheduler.board_question import board
from potok.scheduler.calls import CallMaker, Places
from potok.scheduler.commands import (
    AskBoard,
    AskHealth,
    AskWorkers,
    Command,
    Failed,
    FailureKind,
    HealthIs,
    LiveEvent,
    Question,
    Reply,
    WorkersAre,
)
from potok.scheduler.core import Core, Item
from potok.scheduler.dag_book import Folder
from potok.scheduler.live_bus import LiveBus, live_events
from potok.scheduler.lookup import looked_up
from potok.scheduler.outside import FolderSource, TriggerSource
from potok.scheduler.questions import pools
from potok.scheduler.replay import Replay, is_of_the_store
from potok.scheduler.retention import Housekeeping, Keep
from potok.scheduler.trigger_book import Sighted
from potok.scheduler.turn import Asked, Turn, take_asked
from potok.scheduler.vault import Vault
from potok.scheduler.worker_requests import WorkerRequests
from potok.store.protocol import CommitUnknownError, LostLeadershipError, Store
from potok.store.rows import ParkedEvent

log = logging.getLogger("potok.scheduler")

TURN_ITEMS_MAX = 1000
RETRY_COMMIT_S = 1.0
FATE_UNKNOWN = (
    "the database went away during the commit: whether this was carried out is not known; look before asking again"
)
CANCEL_GRACE_S = 5.0
CANNOT_WRITE = "the store cannot be written now: {}"


class ServiceSettings(msgspec.Struct, frozen=True):
    """`instance` marks this server's processes; `pools` are those of the configuration."""

    home: Path
    instance: str
    pools: Mapping[str, int] = {}
    keep: Keep = Keep()


class SchedulerService:
    """Runs the core. `submit` and `subscribe` are the SchedulerPort; everything happens on one event loop."""

    def __init__(
        self,
        store: Store,
        executor: Executor,
        source: FolderSource | None,
        settings: ServiceSettings,
        clock: Callable[[], float] = time.time,
        prune_bundles: Callable[[set[str]], object] | None = None,
        triggers: TriggerSource | None = None,
    ) -> None:
        """`prune_bundles` is told the bundles in use now and then, and deletes the others."""
        self.store = store
        self.executor = executor
        self.settings = settings
        self.bus = LiveBus()
        self.counters: Counter[str] = Counter()
        self.fatal: asyncio.Future[BaseException] | None = None
        self._source = source
        self._triggers = triggers
        self._clock = clock
        self._inbox: deque[Item] = deque()
        self._scheduled = False
        self._committing = False
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._stopping = False
        self._draining = False
        self._wake: asyncio.TimerHandle | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._writer = None if store.commits_inline else ThreadPoolExecutor(1, "potok-writer")
        self._replay: Replay | None = None
        self._is_stale = False
        self._started_at = clock()
        self._commit_s = 0.0
        self._lags: deque[float] = deque([0.0], 6)
        vault = Vault(settings.home)
        former = store.leader()
        if former is not None:
            # before its place is taken: should we be killed in between, the next server would not know its mark
            executor.clear_leftovers(former.instance)
        leader = store.take_leadership(settings.instance, clock())
        self._former_instance = leader.previous_instance
        calls = CallMaker(Places.under(settings.home), secrets.token_bytes(32))
        self.core = Core(store, leader, calls, vault, settings.pools, secrets.randbits(32))
        self._housekeeping = Housekeeping(store, settings.home, settings.keep, clock, self._write, prune_bundles)
        self._requests = WorkerRequests(self.core, vault, os.environ)

    # --- life -----------------------------------------------------------------------------------------------------
    async def start(self) -> None:
        """Recover what was interrupted, start workers and sources; runs go on from where they were."""
        self._loop = asyncio.get_running_loop()
        self.fatal = self._loop.create_future()
        if self._former_instance is not None:
            # once more: until its place was taken, a server that still lives could begin something new
            await asyncio.to_thread(self.executor.clear_leftovers, self._former_instance)
        self.core.load()
        await self.executor.start(self._worker_events, self._worker_request, self._capacity_changed)
        if self._triggers is not None:
            self._triggers.start(self._sighted, lambda: self.core.triggers.marks)
        if self._source is not None:
            self._inbox.append(await self._source.load())
            self._spawn(self._source.watch(self._folder_changed))
        self._spawn(self._measure_lag())
        self._spawn(self._housekeeping.run())
        self._schedule()

    async def stop(self, grace_s: float = 5.0) -> None:
        """End: no new attempt begins; running ones get `grace_s`, the rest is interrupted and runs again later."""
        self._draining = self.fatal is not None and not self.fatal.done()
        self._stopping = True
        for task in self._tasks:
            task.cancel()
        if self._triggers is not None:
            await self._triggers.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._wake is not None:
            self._wake.cancel()
        await self._quiet.wait()
        await self.executor.stop(grace_s)
        await self._finish_turns()
        if self._draining and self._replay is None:
            await self._set_aside()
        self._refuse_commands(self._replay or Replay([]), "the scheduler has stopped")
        self._draining = False
        self.bus.close()
        if self._writer is not None:
            self._writer.shutdown()

    async def _finish_turns(self) -> None:
        """What ended in time is committed; a store that cannot be written is not waited for."""
        while (self._scheduled or self._committing) and self._replay is None:
            await self._quiet.wait()
            await asyncio.sleep(0)

    async def _set_aside(self) -> None:
        """Should this fail, the next start finds the attempts running and takes them for lost: nothing is doubled."""
        with contextlib.suppress(PotokError):
            batch = self.core.last_turn(self._clock()).batch
            if not batch.is_empty():
                await asyncio.to_thread(self.store.commit, batch)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = self._loop.create_task(work)
        task.add_done_callback(self._task_done)
        self._tasks.append(task)

    def _task_done(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._die(error)

    def _die(self, error: BaseException) -> None:
        """Something of ours broke that must not: tell who runs us, who restarts from the store."""
        self._stopping, self._draining = True, False
        if self.fatal is not None and not self.fatal.done():
            self.fatal.set_result(error)

    # --- the port -------------------------------------------------------------------------------------------------
    async def submit(self, command: Command) -> Reply:
        """Carry out a command; returns after the commit. See `potok.scheduler.commands`."""
        if isinstance(command, Question):
            return await self._question(command)
        if self._stopping:
            return Failed(FailureKind.UNAVAILABLE, "the scheduler is stopping")
        reply: asyncio.Future[Reply] = self._loop.create_future()
        self._inbox.append(Asked(command, partial(_resolve, reply)))
        self._schedule()
        return await reply

    def subscribe(self) -> AsyncIterator[list[LiveEvent]]:
        return self.bus.subscribe()

    async def _question(self, command: Question) -> Reply:
        if isinstance(command, AskWorkers):
            capacity = self.executor.capacity()
            return WorkersAre(tuple(self.executor.workers()), capacity.total, capacity.total_free)
        if isinstance(command, AskHealth):
            return self._health()
        if isinstance(command, AskBoard):
            return board(self.core, self.executor, self._clock(), max(self._lags), self._commit_s * 1000)
        await self._quiet.wait()
        return looked_up(self.core, self.executor, command, self._clock())

    def _health(self) -> HealthIs:
        return HealthIs(
            started_at=self._started_at,
            epoch=self.core.leader.epoch,
            turn=self.core.turn_number,
            lag_s=max(self._lags),
            commit_ms=self._commit_s * 1000,
            active_runs=len(self.core.runs),
            tasks_running=len(self.core.attempts),
            tasks_queued=self.core.demand.size,
            pools=pools(self.core),
            counters=dict(self.counters),
        )

    # --- the inbox ------------------------------------------------------------------------------------------------
    def _worker_events(self, events: list[TaskEvent]) -> None:
        if self._stopping:
            # what we kill while we end is no loss of a worker: the next start takes it for our own stop
            events = [event for event in events if not (isinstance(event, Lost) and crash_error(event.exit) is None)]
        self._inbox.extend(events)
        alone = len(self.core.attempts) < 2 and not self._scheduled and not self._committing
        if alone and self._writer is None and not self._stopping:
            # nobody else can be due: the gap between two steps is this call. With several attempts in flight their
            # events arrive together, and one commit for all of them is what makes short tasks fast.
            self._run_turn()
        else:
            self._schedule()

    def _worker_request(self, request: WorkerRequest) -> WorkerReply:
        return self._requests.answer(request)

    def _capacity_changed(self) -> None:
        if self.core.demand.size or self.core.callbacks.waiting:
            self._schedule()

    def _folder_changed(self, folder: Folder) -> None:
        self._inbox.append(folder)
        self._schedule()

    def _sighted(self, dag_id: str, key: str, seen: Sighting) -> None:
        self._inbox.append(Sighted(dag_id, key, seen))
        self._schedule()

    def _schedule(self) -> None:
        if not self._scheduled and not self._committing and (self._draining or not self._stopping):
            self._scheduled = True
            self._loop.call_soon(self._scheduled_turn)

    def _scheduled_turn(self) -> None:
        self._scheduled = False
        if not self._committing and (self._draining or not self._stopping):
            self._run_turn()

    def _run_turn(self) -> None:
        if self._replay is not None:
            return
        items = self._take_items()
        try:
            turn = self.core.turn(items, self._clock(), self._capacity())
        except Exception as error:
            log.exception("the scheduler failed in a turn")
            self._failed_turn(items, error)
            return
        if turn.is_empty():
            self._follow_up(turn)
        elif self._writer is None:
            began = time.perf_counter()
            try:
                self.store.commit(turn.batch)
            except Exception as error:
                self._failed_turn(items, error)
                return
            self._commit_s = time.perf_counter() - began
            self._follow_up(turn)
        else:
            self._committing = True
            self._quiet.clear()
            future = self._loop.run_in_executor(self._writer, self.store.commit, turn.batch)
            future.add_done_callback(partial(self._written, turn, items, time.perf_counter()))

    def _capacity(self) -> Capacity:
        capacity = self.executor.capacity()
        return msgspec.structs.replace(capacity, total_free=0) if self._stopping else capacity

    def _take_items(self) -> list[Item]:
        if len(self._inbox) <= TURN_ITEMS_MAX:
            items = list(self._inbox)
            self._inbox.clear()
            return items
        return [self._inbox.popleft() for _ in range(TURN_ITEMS_MAX)]

    def _written(self, turn: Turn, items: list[Item], began: float, future: asyncio.Future[None]) -> None:
        self._settle(turn, items, began, future.exception())

    def _settle(self, turn: Turn, items: list[Item], began: float, error: BaseException | None) -> None:
        if isinstance(error, CommitUnknownError):
            written = self._was_written(turn)
            if written is None and not self._stopping:
                # a turn that was written after all must not be carried out again
                self._loop.call_later(RETRY_COMMIT_S, self._settle, turn, items, began, error)
                return
            if written is None:
                for item in items:
                    if isinstance(item, Asked):
                        item.answer(Failed(FailureKind.UNAVAILABLE, FATE_UNKNOWN))
            error = None if written else error
        self._committing = False
        self._quiet.set()
        if error is not None:
            self._failed_turn(items, error)
            return
        self._commit_s = time.perf_counter() - began
        self._follow_up(turn)

    def _was_written(self, turn: Turn) -> bool | None:
        """None while the store does not answer."""
        try:
            leader = self.store.leader()
        except PotokError:
            return None
        return leader is not None and leader.epoch == turn.batch.epoch and leader.turn >= turn.batch.turn

    def _follow_up(self, turn: Turn) -> None:
        """What is committed must be carried out: if that breaks, memory is wrong, and only a new start mends it."""
        try:
            self._after_commit(turn)
        except Exception as error:
            log.exception("a committed turn could not be carried out")
            self._die(error)

    def _after_commit(self, turn: Turn) -> None:
        for call in turn.calls:
            self.executor.submit(call)
        for attempt_id in turn.cancels:
            self.executor.cancel(attempt_id, CANCEL_GRACE_S)
        for asked, reply in turn.replies:
            asked.answer(reply())
        self.core.committed(turn)
        if self._triggers is not None and self.core.triggers.wanted_changed and not self._stopping:
            self.core.triggers.wanted_changed = False
            self._triggers.follow(self.core.triggers.wanted)
        self._count(turn)
        if self.bus.is_watched:
            self.bus.publish(live_events(turn, self._clock()))
        if self._inbox or self.core.has_pending:
            self._schedule()
        self._set_wake()

    def _count(self, turn: Turn) -> None:
        self.counters["turns"] += 1
        self.counters["attempts_started"] += len(turn.batch.attempts_new)
        for row in turn.batch.attempts_ended:
            self.counters[f"attempts_{row.outcome}"] += 1
        self.counters["runs_created"] += len(turn.batch.runs_new)

    def _set_wake(self) -> None:
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None
        at = self.core.next_wake()
        if at is not None and not self._stopping:
            # wake at least once in a while: the wall clock may be set while we sleep
            delay = min(max(at - self._clock(), 0.0), 30.0)
            self._wake = self._loop.call_later(delay, self._woken)

    def _woken(self) -> None:
        self._wake = None
        self._schedule()

    # --- failed turns ---------------------------------------------------------------------------------------------
    def _failed_turn(self, items: list[Item], error: BaseException) -> None:
        """The turn left no trace: load memory anew, then replay its items one by one."""
        if isinstance(error, LostLeadershipError):
            log.error("another server took over; this one stops")
            self._die(error)
            return
        self.counters["turns_failed"] += 1
        log.warning("a turn of %d items was not committed: %s", len(items), error)
        self._replay = Replay(items)
        self._is_stale = True
        if is_of_the_store(error):
            # who asked need not wait for the store; what happened is kept until it can be written
            self._refuse_commands(self._replay, CANNOT_WRITE.format(error))
            self._replay.suspect_store()
        self._loop.call_soon(self._replay_next)

    def _alive(self, replay: Replay) -> frozenset[int]:
        """Attempts that are accounted for: the executor has them, or their end waits to be taken in."""
        return self.executor.attempts() | replay.attempt_ids() | Replay(list(self._inbox)).attempt_ids()

    def _replay_next(self) -> None:
        replay = self._replay
        if replay is None or self._stopping:
            return
        item, turn = replay.next_item(), None
        try:
            if self._is_stale:
                self.core.load(alive=self._alive(replay))
                self._is_stale = False
            turn = self.core.turn([] if item is None else [item], self._clock(), self.executor.capacity())
            turn.batch.parked.extend(replay.parked_events)
            self.store.commit(turn.batch)
        except LostLeadershipError as lost:
            self._die(lost)
        except Exception as error:
            self._is_stale = True
            self._settle_replay(replay, item, turn, error)
        else:
            self._replayed(replay, item, turn)

    def _settle_replay(self, replay: Replay, item: Item | None, turn: Turn | None, error: Exception) -> None:
        is_unknown = turn is not None and isinstance(error, CommitUnknownError)
        written = self._was_written(turn) if turn is not None and is_unknown else False
        if written is None and not self._stopping:
            self._loop.call_later(RETRY_COMMIT_S, self._settle_replay, replay, item, turn, error)
        elif turn is not None and written:
            self._replayed(replay, item, turn)
        else:
            self._replay_failed(replay, item, error)

    def _replayed(self, replay: Replay, item: Item | None, turn: Turn) -> None:
        replay.parked_events.clear()
        self._follow_up(turn)
        if item is None:
            replay.store_is_well()
        else:
            replay.done(item)
        if replay.is_over:
            self._replay = None
            self._schedule()
        else:
            self._loop.call_soon(self._replay_next)

    def _replay_failed(self, replay: Replay, item: Item | None, error: Exception) -> None:
        if item is None:
            # not even an empty turn can be written: the store is at fault, nothing may be given up
            log.error("the store cannot be written, trying again: %s", error)
            self._refuse_commands(replay, CANNOT_WRITE.format(error))
            self._loop.call_later(RETRY_COMMIT_S, self._replay_next)
        elif replay.store_was_well and not is_of_the_store(error):
            log.error("parked an item that cannot be committed: %s", error)
            self._park(replay, item, error)
            self._loop.call_soon(self._replay_next)
        else:
            replay.suspect_store()
            self._loop.call_soon(self._replay_next)

    def _refuse_commands(self, replay: Replay, why: str) -> None:
        for asked in replay.take_commands() + take_asked(self._inbox):
            asked.answer(Failed(FailureKind.UNAVAILABLE, why))

    def _park(self, replay: Replay, item: Item, error: Exception) -> None:
        replay.done(item)
        if isinstance(item, Asked):
            item.answer(Failed(FailureKind.INVALID, f"this could not be committed: {error}"))
            return
        payload = msgspec.msgpack.encode(item)
        replay.park(ParkedEvent(self._clock(), type(item).__name__, payload, str(error)))

    async def _write(self, work: Callable[[], int]) -> int:
        """Let something else than a turn write: between two turns, on the thread that writes."""
        await self._quiet.wait()
        return work() if self._writer is None else await self._loop.run_in_executor(self._writer, work)

    async def _measure_lag(self) -> None:
        """How late the loop is."""
        while True:
            due = self._loop.time() + 10.0
            await asyncio.sleep(10.0)
            self._lags.append(self._loop.time() - due)


def _resolve(future: asyncio.Future[Reply], reply: Reply) -> None:
    if not future.done():
        future.set_result(reply)
