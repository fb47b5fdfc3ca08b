"""Spreads batches over worker processes and gives answers in order; a dead worker costs its object, not the reading."""

import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Final

from msgspec import msgpack

from potok_onec.configuration import summary
from potok_onec.configuration.frames import read_frame, write_frame
from potok_onec.configuration.inventory import Unit
from potok_onec.configuration.task import Answer, Reader, Setting, failed_portion

# A batch is small enough to share work evenly and big enough that pipes cost nothing (0.1 ms a frame).
_BATCH_BYTES: Final = 1_000_000
_BATCH_UNITS: Final = 64
# Answers wait for the slowest batch before them; more of them in flight would only be memory.
_IN_FLIGHT_PER_WORKER: Final = 6
_STOP_S: Final = 5.0


def batches(units: Iterable[Unit]) -> Iterator[list[Unit]]:
    batch: list[Unit] = []
    size = 0
    for unit in units:
        batch.append(unit)
        size += sum(slot.bytes for slot in unit.slots)
        if size >= _BATCH_BYTES or len(batch) >= _BATCH_UNITS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def read_here(setting: Setting, units: Iterable[Unit]) -> Iterator[tuple[list[Unit], Answer]]:
    """In this process: for small sources, where starting others would take longer."""
    reader = Reader(setting)
    try:
        for batch in batches(units):
            yield batch, reader.read(batch)
    finally:
        reader.close()


def read_spread(setting: Setting, units: Iterable[Unit], workers: int) -> Iterator[tuple[list[Unit], Answer]]:
    """In `workers` processes. Closing the iterator stops them."""
    pool = _Pool(setting)
    waiting: deque[tuple[list[Unit], Future[Answer]]] = deque()
    threads = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="potok-onec-worker")
    try:
        for batch in batches(units):
            waiting.append((batch, threads.submit(pool.read, batch)))
            while len(waiting) >= workers * _IN_FLIGHT_PER_WORKER:
                done, answer = waiting.popleft()
                yield done, answer.result()
        while waiting:
            done, answer = waiting.popleft()
            yield done, answer.result()
    finally:
        for _, answer in waiting:
            answer.cancel()
        pool.close()
        threads.shutdown(wait=True)


class _Died(Exception):  # noqa: N818  # a message between two methods, never seen outside
    """The worker closed its pipe in the middle of a batch."""


class _Pool:
    """One worker process per thread that asks."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._encoded = msgpack.encode(setting)
        self._local = threading.local()
        self._lock = threading.Lock()
        self._running: set[_Worker] = set()
        self._is_closed = False

    def read(self, batch: list[Unit]) -> Answer:
        try:
            return self._worker().read(batch)
        except _Died as death:
            self._forget()
            if len(batch) == 1:
                return self._failed(batch[0], str(death))
        # The batch is taken apart: only the object that kills its reader is lost.
        return _joined([self.read([unit]) for unit in batch])

    def _worker(self) -> "_Worker":
        worker = getattr(self._local, "worker", None)
        if worker is None:
            with self._lock:
                if self._is_closed:
                    raise RuntimeError("the reading was closed")
                worker = _Worker(self._encoded)
                self._running.add(worker)
            self._local.worker = worker
        assert isinstance(worker, _Worker)
        return worker

    def _forget(self) -> None:
        worker = self._local.worker
        self._local.worker = None
        with self._lock:
            self._running.discard(worker)
        worker.close()

    def _failed(self, unit: Unit, reason: str) -> Answer:
        portion = failed_portion(self._setting.projects[unit.project], unit, reason)
        body = [msgpack.encode(portion)] if self._setting.wants_bodies else []
        return Answer([msgpack.encode(summary.of_portion(portion))], body, [(b"", b"")])

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            running = list(self._running)
            self._running.clear()
        for worker in running:
            worker.close()


class _Worker:
    """A process with its two pipes."""

    def __init__(self, setting: bytes) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "potok_onec.configuration.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._send(setting)

    def _pipe(self, stream: IO[bytes] | None) -> IO[bytes]:
        assert stream is not None
        return stream

    def _send(self, data: bytes) -> None:
        try:
            write_frame(self._pipe(self._process.stdin), data)
        except OSError as error:
            raise _Died(self._fate()) from error

    def read(self, batch: list[Unit]) -> Answer:
        self._send(msgpack.encode(batch))
        frame = read_frame(self._pipe(self._process.stdout))
        if frame is None:
            raise _Died(self._fate())
        return msgpack.decode(frame, type=Answer)

    def _fate(self) -> str:
        try:
            code = self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            return "it closed its pipe"
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def close(self) -> None:
        """The worker ends by itself when its input does; one that is busy is not waited for."""
        for stream in (self._process.stdin, self._process.stdout):
            try:
                self._pipe(stream).close()
            except OSError:
                pass
        try:
            self._process.wait(0.2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _joined(answers: list[Answer]) -> Answer:
    return Answer(
        [item for answer in answers for item in answer.summaries],
        [item for answer in answers for item in answer.bodies],
        [item for answer in answers for item in answer.keys],
        sum(answer.modules_read for answer in answers),
        hits=sum(answer.hits for answer in answers),
        peak_kb=max(answer.peak_kb for answer in answers),
        cache_trouble=next((answer.cache_trouble for answer in answers if answer.cache_trouble), ""),
    )
