"""The server's end of a zygote: starts it, sends it orders, hears its reports. Knows nothing of attempts."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable

import msgspec

from potok.executors.process.frames import FrameReader
from potok.model.local_wire import INSTANCE_VARIABLE, ORDER, ZYGOTE_VARIABLE, Order, ZygoteReport, is_passed

_START_TIMEOUT_S = 30.0
_END_TIMEOUT_S = 8.0
_decode = msgspec.msgpack.Decoder(ZygoteReport).decode


class ZygoteLink:
    """One zygote process. `mark` is the value of ZYGOTE_VARIABLE in everything below it.

    `on_gone` is called once, when its socket ends for whatever reason but `close`.
    """

    def __init__(self, instance: str, on_report: Callable[[ZygoteReport], None], on_gone: Callable[[], None]) -> None:
        self._instance = instance
        self.mark = f"{instance}.{secrets.token_hex(4)}"
        self._on_report = on_report
        self._on_gone = on_gone
        self._loop = asyncio.get_running_loop()
        self._orders: deque[tuple[bytes, int | None]] = deque()
        self._reader = FrameReader()
        self._is_open = False

    def start(self) -> None:
        """Start the process; it reports ZygoteReady when it can fork."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "potok.worker.zygote", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                env=worker_environment(self._instance, self.mark),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        ours.setblocking(False)
        self._control = ours
        self._is_open = True
        self._loop.add_reader(ours.fileno(), self._on_readable)

    @property
    def pid(self) -> int:
        return self._process.pid

    def order(self, order: Order, number: int, link: socket.socket | None = None) -> None:
        """Send an order about worker `number`; FORK takes `link`, the worker's end of its socket, and closes it."""
        fd = None if link is None else link.detach()
        if not self._is_open:
            if fd is not None:
                os.close(fd)
            return
        self._orders.append((ORDER.pack(order, number), fd))
        if len(self._orders) == 1:
            self._send_orders()

    def _send_orders(self) -> None:
        while self._orders:
            data, fd = self._orders[0]
            try:
                if fd is None:
                    self._control.send(data)
                else:
                    socket.send_fds(self._control, [data], [fd])
            except (BlockingIOError, InterruptedError):
                self._loop.add_writer(self._control.fileno(), self._send_orders)
                return
            except OSError:
                self._gone()
                return
            self._orders.popleft()
            if fd is not None:
                os.close(fd)
        self._loop.remove_writer(self._control.fileno())

    def _on_readable(self) -> None:
        try:
            data = self._control.recv(256 * 1024)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self._gone()
            return
        for frame in self._reader.feed(data):
            self._on_report(_decode(frame))

    def _gone(self) -> None:
        if self._is_open:
            self._close_socket()
            self._on_gone()

    def _close_socket(self) -> None:
        self._is_open = False
        self._loop.remove_reader(self._control.fileno())
        self._loop.remove_writer(self._control.fileno())
        self._control.close()
        for _, fd in self._orders:
            if fd is not None:
                os.close(fd)
        self._orders.clear()

    async def close(self) -> None:
        """Let it end, and everything below it; kill it when it does not. Returns when it is reaped."""
        if self._is_open:
            self._close_socket()
        give_up_at = self._loop.time() + _END_TIMEOUT_S
        while self._process.poll() is None:
            if self._loop.time() > give_up_at:
                self._process.kill()
            await asyncio.sleep(0.002)


def worker_environment(instance: str, zygote: str) -> dict[str, str]:
    """What tasks inherit of the server's environment: all but our own variables, which may hold secrets."""
    kept = {name: value for name, value in os.environ.items() if is_passed(name)}
    return {**kept, INSTANCE_VARIABLE: instance, ZYGOTE_VARIABLE: zygote}
