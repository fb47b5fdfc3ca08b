"""The server's end of one worker process: its socket, and what it does now. Decides nothing."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import msgspec

from potok.executors.process.frames import FrameReader, framed
from potok.executors.protocol import WorkerInfo
from potok.model.local_wire import Retiring
from potok.model.masking import Secrets
from potok.model.wire import TaskCall, TaskEvent, WorkerReply, WorkerRequest

# One for all workers: `recv(n)` would allocate n bytes for each message of two hundred.
_arrived = memoryview(bytearray(256 * 1024))
_PAGES_PER_MB = 256

Message = TaskEvent | WorkerRequest | Retiring
_decode = msgspec.msgpack.Decoder(Message).decode
_encode = msgspec.msgpack.Encoder().encode


class Worker:
    """A forked (or about to be) process. `key` is (bundle, file) once it has served a call, None while lean."""

    def __init__(self, number: int, now: float, on_readable: Callable[[Worker], None]) -> None:
        self.number = number
        self.pid = 0
        self.key: tuple[str, str] | None = None
        self.call: TaskCall | None = None
        self.calls = 0
        self.started_at = now
        self.idle_since = 0.0
        self.is_retiring = False
        self.has_ended = False
        self.secrets = Secrets()
        self.kill_timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._on_readable = on_readable
        self._reader = FrameReader()
        self._unsent = bytearray()
        self._socket, self.far_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._fd = self._socket.fileno()
        self._loop.add_reader(self._fd, on_readable, self)

    def send(self, message: TaskCall | WorkerReply) -> None:
        """Write at once what the socket takes, the rest when it can. Raises ValueError for more than a frame holds."""
        data = framed(_encode(message))
        if self._unsent:
            self._unsent += data
            return
        try:
            sent = self._socket.send(data)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError:
            return  # it is dying; its death is reported by the zygote
        if sent < len(data):
            self._unsent += data[sent:]
            self._loop.add_writer(self._fd, self._send_rest)

    def _send_rest(self) -> None:
        try:
            sent = self._socket.send(self._unsent)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            sent = len(self._unsent)
        del self._unsent[:sent]
        if not self._unsent:
            self._loop.remove_writer(self._fd)

    def receive(self) -> list[Message]:
        """What has arrived; sets `has_ended` at the end of the stream. Raises ValueError when it is not ours."""
        try:
            count = self._socket.recv_into(_arrived)
        except (BlockingIOError, InterruptedError):
            return []
        except OSError:
            count = 0
        if not count:
            self.has_ended = True
            self._loop.remove_reader(self._fd)
            return []
        return [_decode(frame) for frame in self._reader.feed(bytes(_arrived[:count]))]

    def close(self) -> None:
        """An idle worker takes this for the order to end."""
        if self._fd >= 0:
            self._loop.remove_reader(self._fd)
            self._loop.remove_writer(self._fd)
            self._socket.close()
            self.far_end.close()
            self._fd = -1
            self.has_ended = True
        if self.kill_timer is not None:
            self.kill_timer.cancel()
            self.kill_timer = None

    def rss_mb(self) -> float:
        try:
            return int(Path(f"/proc/{self.pid}/statm").read_bytes().split()[1]) / _PAGES_PER_MB
        except (OSError, IndexError):
            return 0.0

    def info(self) -> WorkerInfo:
        bundle = "" if self.key is None else self.key[0]
        attempt_id = None if self.call is None else self.call.attempt_id
        return WorkerInfo(
            f"process-{self.number}", self.pid, bundle, attempt_id, self.started_at, self.calls, round(self.rss_mb(), 1)
        )
