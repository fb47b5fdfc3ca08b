"""The life of a worker process: take a call from the socket, run it, answer. Ends when its socket does."""

from __future__ import annotations

import atexit
import os
import signal
import socket
import threading
from typing import NoReturn

import msgspec

from potok.model.errors import PotokError
from potok.model.local_wire import FRAME_HEAD, Retiring
from potok.model.masking import Secrets
from potok.model.wire import FRAME_MAX_BYTES, Finished, Started, TaskCall, WorkerReply, WorkerRequest
from potok.worker import std_streams
from potok.worker.attempt import AttemptRunner
from potok.worker.interruption import Interruption
from potok.worker.output_pipes import OutputPipes

_RECEIVE_BYTES = 32 * 1024
# Libraries (process pools, say) tidy up at exit; one that does not come to an end is killed by the clock.
_EXIT_HOOKS_MAX_S = 5

_decode_call = msgspec.msgpack.Decoder(TaskCall).decode
_decode_reply = msgspec.msgpack.Decoder(WorkerReply).decode
_encode = msgspec.msgpack.Encoder().encode


class ExecutorLink:
    """The socket to the executor. Calls and replies never cross: a reply is only awaited while a call runs."""

    def __init__(self, connection: socket.socket, secrets: Secrets) -> None:
        self._socket = connection
        self._secrets = secrets
        self._lock = threading.Lock()
        self._unread = b""
        self.is_retiring = False

    def next_call(self) -> TaskCall | None:
        """The next order, or None when the executor wants no more of us."""
        frame = self._receive()
        return None if frame is None else _decode_call(frame)

    def ask(self, request: WorkerRequest) -> WorkerReply:
        """Ask on behalf of the running attempt; user code may do so from several threads."""
        with self._lock:
            self.send(request)
            frame = self._receive()
        if frame is None:
            raise PotokError("the server is gone, so it cannot be asked for results, connections or variables")
        reply: WorkerReply = _decode_reply(frame)
        self._secrets.add_reply(reply)
        return reply

    def tell(self, message: Started | Retiring) -> None:
        if isinstance(message, Retiring):
            self.is_retiring = True
        self.send(message)

    def send(self, message: Finished | Started | Retiring | WorkerRequest) -> None:
        payload = _encode(message)
        self._socket.sendall(FRAME_HEAD.pack(len(payload)) + payload)

    def _receive(self) -> bytes | None:
        data = self._unread or self._socket.recv(_RECEIVE_BYTES)
        if not data:
            return None
        while len(data) < FRAME_HEAD.size:
            data += self._socket.recv(_RECEIVE_BYTES) or b"\0" * FRAME_HEAD.size
        length = FRAME_HEAD.unpack_from(data)[0] + FRAME_HEAD.size
        assert length <= FRAME_MAX_BYTES, length
        if len(data) < length:
            data = self._rest(data, length)
        self._unread = data[length:]
        return data[FRAME_HEAD.size : length]

    def _rest(self, data: bytes, length: int) -> bytes:
        whole = bytearray(data)
        while len(whole) < length:
            more = self._socket.recv(max(_RECEIVE_BYTES, length - len(whole)))
            if not more:
                return b""
            whole += more
        return bytes(whole)


def serve(connection: socket.socket, stdout_pipe: int, stderr_pipe: int, secrets: Secrets) -> NoReturn:
    """Run calls until the socket ends; then end the process, whatever threads user code has left."""
    outputs = OutputPipes(stdout_pipe, stderr_pipe, secrets)
    std_streams.install(outputs.capture)
    link = ExecutorLink(connection, secrets)
    interruption = Interruption()
    runner: AttemptRunner | None = None
    while not link.is_retiring:
        call = link.next_call()
        if call is None:
            os._exit(0)
        interruption.prepare()
        if runner is None:
            runner = AttemptRunner(outputs, secrets, interruption, link.ask, link.tell)
        try:
            link.send(runner.run(call))
            interruption.rest()
        except (BrokenPipeError, ConnectionResetError):
            os._exit(0)
    _run_exit_hooks()
    os._exit(0)


def _run_exit_hooks() -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(_EXIT_HOOKS_MAX_S)
    try:
        atexit._run_exitfuncs()
    except BaseException:  # noqa: S110 - user's hooks; the process ends in any case
        pass
