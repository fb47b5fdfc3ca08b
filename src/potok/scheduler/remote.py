"""The scheduler's port over a Unix socket, so that API and scheduler can be two processes (`potok up --split`).

Frames are a 4-byte length and MessagePack. The socket lies in the home folder (0700): whoever may open it may
command the scheduler, as whoever may read the token file may.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path

import msgspec

from potok.scheduler.commands import Command, Failed, FailureKind, Lagged, LiveEvent, Reply, SchedulerPort
from potok.scheduler.live_bus import LiveBus

FRAME_MAX_BYTES = 64 * 1024 * 1024
RECONNECT_S = 0.2


class Ask(msgspec.Struct, frozen=True, tag="ask"):
    number: int
    command: Command


class Watch(msgspec.Struct, frozen=True, tag="watch"):
    """From now on, send live events over this connection."""


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    number: int
    reply: Reply


class Live(msgspec.Struct, frozen=True, tag="live"):
    events: list[LiveEvent]


_encode = msgspec.msgpack.Encoder().encode
_requests: msgspec.msgpack.Decoder[Ask | Watch] = msgspec.msgpack.Decoder(Ask | Watch)
_replies: msgspec.msgpack.Decoder[Answer | Live] = msgspec.msgpack.Decoder(Answer | Live)


def _send(writer: asyncio.StreamWriter, message: Ask | Watch | Answer | Live) -> None:
    """Raises ConnectionError when the other end is gone."""
    if writer.is_closing():
        raise ConnectionError("the connection is closed")
    data = _encode(message)
    writer.write(len(data).to_bytes(4, "big") + data)


async def _receive(reader: asyncio.StreamReader) -> bytes:
    size = int.from_bytes(await reader.readexactly(4), "big")
    if size > FRAME_MAX_BYTES:
        raise ConnectionError(f"a frame of {size} bytes is too long")
    return await reader.readexactly(size)


class PortServer:
    """Serves `port` on `path` to any number of connections."""

    def __init__(self, port: SchedulerPort, path: Path) -> None:
        self._port = port
        self._path = path
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._path.unlink(missing_ok=True)
        mask = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._connected, self._path)
        finally:
            os.umask(mask)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._path.unlink(missing_ok=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._spawn(self._serve(reader, writer))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                while True:
                    message = _requests.decode(await _receive(reader))
                    self._spawn(self._watch(writer) if isinstance(message, Watch) else self._answer(message, writer))
        finally:
            writer.close()

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, message: Ask, writer: asyncio.StreamWriter) -> None:
        reply = await self._port.submit(message.command)
        with contextlib.suppress(ConnectionError):
            _send(writer, Answer(message.number, reply))
            await writer.drain()

    async def _watch(self, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            async for events in self._port.subscribe():
                _send(writer, Live(events))
                await writer.drain()


class RemoteScheduler:
    """A SchedulerPort at the other end of a socket. It connects again by itself when the scheduler was restarted."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._bus = LiveBus()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Reply]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._stay_connected())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._bus.close()

    async def submit(self, command: Command) -> Reply:
        if self._writer is None:
            return Failed(FailureKind.UNAVAILABLE, "the scheduler process is not running now; try again in a moment")
        number = next(self._numbers)
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[number] = reply
        try:
            _send(self._writer, Ask(number, command))
            return await reply
        except ConnectionError:
            return Failed(FailureKind.UNAVAILABLE, "the scheduler process is gone; try again in a moment")
        finally:
            self._waiting.pop(number, None)

    def subscribe(self) -> AsyncIterator[list[LiveEvent]]:
        return self._bus.subscribe()

    async def _stay_connected(self) -> None:
        while True:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._converse()
            self._writer = None
            self._give_up_waiting()
            await asyncio.sleep(RECONNECT_S)

    async def _converse(self) -> None:
        reader, writer = await asyncio.open_unix_connection(self._path)
        self._writer = writer
        _send(writer, Watch())
        # whatever happened while we were away was missed
        self._bus.publish([Lagged(1)])
        try:
            while True:
                message = _replies.decode(await _receive(reader))
                if isinstance(message, Live):
                    self._bus.publish(message.events)
                elif (reply := self._waiting.get(message.number)) is not None and not reply.done():
                    reply.set_result(message.reply)
        finally:
            writer.close()

    def _give_up_waiting(self) -> None:
        lost = Failed(
            FailureKind.UNAVAILABLE, "the scheduler process went away; whether the command took effect is open"
        )
        for reply in self._waiting.values():
            if not reply.done():
                reply.set_result(lost)
        self._waiting.clear()
