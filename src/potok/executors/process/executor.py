"""The process executor: sends calls to workers, tells their ends. Every end is told once, a loss only after the proof.

Lives on the event loop and never blocks it. All that touches processes goes through the zygote, their one parent.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from potok.executors.process.last_log import find_lines, keep_last_words
from potok.executors.process.leftovers import is_of_home, kill_leftovers, kill_once, new_instance
from potok.executors.process.worker import Message, Worker
from potok.executors.process.worker_pool import PoolLimits, WorkerPool
from potok.executors.process.zygote_link import ZygoteLink
from potok.executors.protocol import Capacity, EventSink, RequestHandler, WorkerInfo
from potok.model.errors import PotokError
from potok.model.local_wire import (
    ZYGOTE_VARIABLE,
    ForkRefused,
    Order,
    Retiring,
    WorkerDied,
    WorkerForked,
    ZygoteReady,
    ZygoteReport,
)
from potok.model.run import ErrorInfo, LogRange, Usage, WorkerExit
from potok.model.wire import (
    AskConnection,
    AskResult,
    AskVariable,
    Finished,
    Lost,
    Outcome,
    Refused,
    TaskCall,
    TaskEvent,
    WorkerReply,
    WorkerRequest,
)

_log = logging.getLogger(__name__)

# A started task is not slowed by the fork of its worker's successor.
_REFILL_AFTER_S = 0.02
# From the end of a worker's socket to the zygote's report of its death; one that closed its socket and lives is killed.
_DEATH_REPORT_S = 0.5
# What a retired worker has for its exit hooks.
_RETIRE_MAX_S = 10.0
_LAST_READS_MAX = 256
_BURIAL_MAX_S = 10.0
# The system refused a process: it will not have one a moment later.
_REFILL_AFTER_REFUSAL_S = 1.0
_ENDED_REMEMBERED = 10_000
_ZYGOTE_START_S = 30.0
_ZYGOTE_PAUSE_S = 0.5


class ProcessExecutor:
    """Runs attempts in processes of this machine. `home` is where nothing is written but what calls say."""

    def __init__(
        self,
        home: Path,
        workers: int,
        warm: int = 2,
        queues: tuple[str, ...] = ("default",),
        *,
        idle_retire_s: float = 60.0,
        max_calls_per_worker: int = 10_000,
        rss_max_mb: float = 1024.0,
        instance: str | None = None,
    ) -> None:
        self.home = home
        self.instance = instance or new_instance(home)
        limits = PoolLimits(workers, min(warm, workers), idle_retire_s, max_calls_per_worker, rss_max_mb)
        self._pool = WorkerPool(limits, self._fork_worker, self._retire_worker)
        self._slots = dict.fromkeys(queues, workers)
        self._attempts: dict[int, Worker | None] = {}
        self._backlog: deque[TaskCall] = deque()
        self._ended: deque[int] = deque()
        self._ended_ids: set[int] = set()
        self._processes: dict[int, Worker] = {}
        self._numbers = 0
        self._zygote: ZygoteLink | None = None
        self._gone: ZygoteLink | None = None
        self._zygote_ready: asyncio.Future[None]
        self._revival: asyncio.Task[None] | None = None
        self._refill_timer: asyncio.TimerHandle | None = None
        self._idle_timer: asyncio.TimerHandle | None = None
        self._is_stopping = False
        self._all_ended: asyncio.Event | None = None

    # -- the protocol ------------------------------------------------------------------------------------------------

    def clear_leftovers(self, instance: str) -> None:
        if is_of_home(instance, self.home):
            try:
                kill_leftovers(instance)
            except TimeoutError as error:
                raise PotokError(f"{error}; end them, or restart the machine, then start again") from None

    async def start(self, sink: EventSink, requests: RequestHandler, capacity_changed: Callable[[], None]) -> None:
        """Start the zygote and the lean workers. Raises PotokError when the zygote does not come up."""
        self._loop = asyncio.get_running_loop()
        self._sink = sink
        self._requests = requests
        self._capacity_changed = capacity_changed
        await self._start_zygote()

    def submit(self, call: TaskCall) -> None:
        if call.attempt_id in self._attempts or call.attempt_id in self._ended_ids:
            return
        worker = self._pool.take(call) if self._can_run() else None
        self._attempts[call.attempt_id] = worker
        if worker is None:
            self._backlog.append(call)
        else:
            self._send_call(worker, call)

    def cancel(self, attempt_id: int, grace_s: float) -> None:
        worker = self._attempts.get(attempt_id)
        if worker is not None:
            worker.is_retiring = True  # its state is anybody's guess after the signal
            self._order(Order.TERMINATE, worker)
            self._loop.call_later(grace_s, self._kill_if_running, worker, attempt_id)
        elif attempt_id in self._attempts:
            self._backlog = deque(call for call in self._backlog if call.attempt_id != attempt_id)
            self._forget_attempt(attempt_id)
            lost: list[TaskEvent] = [Lost(attempt_id, WorkerExit())]
            self._loop.call_soon(self._tell, lost)

    @property
    def zygote_pid(self) -> int | None:
        return None if self._zygote is None else self._zygote.pid

    def capacity(self) -> Capacity:
        size = self._pool.limits.size
        free = max(0, size - len(self._attempts)) if self._can_run() else 0
        return Capacity(self._slots, size, free)

    def workers(self) -> list[WorkerInfo]:
        return [worker.info() for worker in self._pool if worker.pid]

    def attempts(self) -> frozenset[int]:
        return frozenset(self._attempts)

    async def stop(self, grace_s: float) -> None:
        self._is_stopping = True
        for timer in (self._refill_timer, self._idle_timer):
            if timer is not None:
                timer.cancel()
        if self._attempts and self._revival is None:
            self._all_ended = asyncio.Event()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._all_ended.wait(), grace_s)
        if self._revival is not None:
            self._revival.cancel()
            await asyncio.gather(self._revival, return_exceptions=True)
        for zygote in (self._gone, self._zygote):
            if zygote is not None:
                await zygote.close()
                await self._kill_marked(zygote)
        self._bury_all()

    # -- calls and their ends ----------------------------------------------------------------------------------------

    def _can_run(self) -> bool:
        return self._zygote is not None and not self._is_stopping

    def _send_call(self, worker: Worker, call: TaskCall) -> None:
        worker.call = call
        worker.calls += 1
        worker.is_retiring = worker.is_retiring or call.isolation == "fork"
        try:
            worker.send(call)
        except ValueError as error:
            self._refuse(worker, call, f"the results of the tasks above come to {error}: return paths, or tables")
        self._refill_later(_REFILL_AFTER_S)

    def _refuse(self, worker: Worker, call: TaskCall, message: str) -> None:
        now = time.time()
        error = ErrorInfo("InputTooLarge", message, ("InputTooLarge",))
        finished = Finished(call.attempt_id, Outcome.FAILED, now, now, error=error)
        self._finish(worker, finished)
        events: list[TaskEvent] = [finished]
        self._loop.call_soon(self._tell, events)

    def _on_readable(self, worker: Worker) -> None:
        events = self._take_events(worker)
        if worker.has_ended:
            self._pool.forget(worker)
            if worker.kill_timer is None:
                worker.kill_timer = self._loop.call_later(_DEATH_REPORT_S, self._order, Order.KILL, worker)
        self._tell(events)

    def _take_events(self, worker: Worker) -> list[TaskEvent]:
        try:
            messages = worker.receive()
        except ValueError as error:
            _log.warning("worker %s sent what is no message (%s): it is killed", worker.pid, error)
            self._order(Order.KILL, worker)
            return []
        events: list[TaskEvent] = []
        for message in messages:
            self._hear(worker, message, events)
        return events

    def _hear(self, worker: Worker, message: Message, events: list[TaskEvent]) -> None:
        if isinstance(message, Retiring):
            worker.is_retiring = True
        elif isinstance(message, AskResult | AskConnection | AskVariable):
            worker.send(self._answer(worker, message))
        elif worker.call is None or message.attempt_id != worker.call.attempt_id or isinstance(message, Lost):
            _log.warning("worker %s speaks of attempt %s, which is not its own", worker.pid, message.attempt_id)
        else:
            events.append(message)
            if isinstance(message, Finished):
                self._finish(worker, message)

    def _finish(self, worker: Worker, finished: Finished) -> None:
        self._forget_attempt(finished.attempt_id)
        worker.call = None
        if finished.usage.rss_peak_mb > self._pool.limits.rss_max_mb and worker.rss_mb() > self._pool.limits.rss_max_mb:
            worker.is_retiring = True
        self._pool.give_back(worker, self._loop.time())
        if self._idle_timer is None:
            self._idle_timer = self._loop.call_later(self._pool.limits.idle_retire_s, self._retire_idle)

    def _forget_attempt(self, attempt_id: int) -> None:
        del self._attempts[attempt_id]
        if self._all_ended is not None and not self._attempts:
            self._all_ended.set()
        self._ended.append(attempt_id)
        self._ended_ids.add(attempt_id)
        if len(self._ended) > _ENDED_REMEMBERED:
            self._ended_ids.discard(self._ended.popleft())

    def _tell(self, events: list[TaskEvent]) -> None:
        while self._backlog and self._can_run():
            worker = self._pool.take(self._backlog[0])
            if worker is None:
                break
            call = self._backlog.popleft()
            self._attempts[call.attempt_id] = worker
            self._send_call(worker, call)
        if events:
            self._sink(events)

    def _answer(self, worker: Worker, request: WorkerRequest) -> WorkerReply:
        """Only the attempt that runs on this worker may ask, and only with the token that its call brought."""
        call = worker.call
        if call is None or request.attempt_id != call.attempt_id or request.token != call.token:
            return Refused("this request is not of the attempt that runs here")
        try:
            reply = self._requests(request)
        except PotokError as error:
            return Refused(str(error))
        except Exception:
            _log.exception("a request of attempt %s could not be answered", request.attempt_id)
            return Refused("the server could not answer; its log has the reason")
        worker.secrets.add_reply(reply)
        return reply

    def _kill_if_running(self, worker: Worker, attempt_id: int) -> None:
        if worker.call is not None and worker.call.attempt_id == attempt_id:
            self._order(Order.KILL, worker)

    # -- workers -----------------------------------------------------------------------------------------------------

    def _order(self, order: Order, worker: Worker) -> None:
        if self._zygote is not None:
            self._zygote.order(order, worker.number)

    def _fork_worker(self) -> Worker:
        assert self._zygote is not None, "workers are forked by a living zygote"
        self._numbers += 1
        worker = Worker(self._numbers, time.time(), self._on_readable)
        self._processes[worker.number] = worker
        self._zygote.order(Order.FORK, worker.number, worker.far_end)
        return worker

    def _retire_worker(self, worker: Worker) -> None:
        worker.close()
        worker.kill_timer = self._loop.call_later(_RETIRE_MAX_S, self._order, Order.KILL, worker)

    def _refill_later(self, delay_s: float) -> None:
        if self._refill_timer is None and self._pool.needs_refill() and not self._is_stopping:
            self._refill_timer = self._loop.call_later(delay_s, self._refill)

    def _refill(self) -> None:
        self._refill_timer = None
        if self._can_run():
            self._pool.refill()

    def _retire_idle(self) -> None:
        now = self._loop.time()
        next_at = self._pool.retire_idle(now)
        self._idle_timer = None if next_at is None else self._loop.call_later(next_at - now, self._retire_idle)
        self._refill()

    def _on_report(self, report: ZygoteReport) -> None:
        if isinstance(report, ZygoteReady):
            if not self._zygote_ready.done():
                self._zygote_ready.set_result(None)
        elif isinstance(report, WorkerForked):
            self._processes[report.number].pid = report.pid
        elif isinstance(report, ForkRefused):
            _log.error("the system refuses a process for a worker: %s", report.message)
            self._bury(self._processes[report.number], None)
        else:
            self._bury(self._processes[report.number], report)

    def _bury(self, worker: Worker, died: WorkerDied | None) -> None:
        """The process and its group are dead (or never were): what it said last still counts, then tell the loss."""
        events: list[TaskEvent] = []
        for _ in range(_LAST_READS_MAX):
            if worker.has_ended:
                break
            events += self._take_events(worker)
        del self._processes[worker.number]
        self._pool.forget(worker)
        worker.close()
        call = worker.call
        if call is not None:
            worker.call = None
            self._forget_attempt(call.attempt_id)
            events.append(self._lost(call, worker, died))
        self._refill_later(_REFILL_AFTER_S if died is not None else _REFILL_AFTER_REFUSAL_S)
        self._tell(events)

    @staticmethod
    def _lost(call: TaskCall, worker: Worker, died: WorkerDied | None) -> Lost:
        if died is None:
            return Lost(call.attempt_id, WorkerExit())
        keep_last_words(call, died, worker.secrets)
        log: LogRange | None = find_lines(call)
        return Lost(call.attempt_id, WorkerExit(died.exit_code, died.signal, died.oom, died.usage), log)

    # -- the zygote --------------------------------------------------------------------------------------------------

    async def _start_zygote(self) -> None:
        self._zygote_ready = self._loop.create_future()
        zygote = ZygoteLink(self.instance, self._on_report, self._on_zygote_gone)
        zygote.start()
        try:
            await asyncio.wait_for(self._zygote_ready, _ZYGOTE_START_S)
        except BaseException as error:
            await zygote.close()
            if isinstance(error, TimeoutError | ConnectionError):
                message = "the process that starts workers did not come up: its error stands above"
                raise PotokError(message) from None
            raise
        self._zygote = zygote
        self._pool.refill()

    def _on_zygote_gone(self) -> None:
        if self._zygote is None:
            if not self._zygote_ready.done():
                self._zygote_ready.set_exception(ConnectionError("the zygote ended before it was ready"))
        elif not self._is_stopping:
            gone, self._zygote = self._zygote, None
            self._gone = gone
            _log.error("the process that starts workers (%s) is gone, and its workers with it: starting anew", gone.pid)
            self._revival = asyncio.ensure_future(self._revive(gone))

    async def _revive(self, gone: ZygoteLink) -> None:
        """Workers are killed by the kernel with their parent; their children by us. Only then are they lost."""
        await gone.close()
        await self._kill_marked(gone)
        self._bury_all()
        while self._zygote is None:
            try:
                await self._start_zygote()
            except (PotokError, OSError) as error:
                _log.error("%s", error)
                await asyncio.sleep(_ZYGOTE_PAUSE_S)
        self._revival = None
        self._tell([])
        self._capacity_changed()

    async def _kill_marked(self, zygote: ZygoteLink) -> None:
        """Whatever a dead zygote's workers left alive."""
        give_up_at = self._loop.time() + _BURIAL_MAX_S
        while left := kill_once(zygote.mark, ZYGOTE_VARIABLE):
            if self._loop.time() > give_up_at:
                _log.error("%s processes survive SIGKILL; they are given up", left)
                break
            await asyncio.sleep(0.005)

    def _bury_all(self) -> None:
        for worker in list(self._processes.values()):
            self._bury(worker, WorkerDied(worker.number, worker.pid, None, int(signal.SIGKILL), False, Usage()))
        if self._is_stopping:
            waiting, self._backlog = self._backlog, deque()
            for call in waiting:
                self._forget_attempt(call.attempt_id)
            self._tell([Lost(call.attempt_id, WorkerExit()) for call in waiting])
