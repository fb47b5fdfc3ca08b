"""Runs the importer of one DAG file as a child, with a deadline. Whatever the file does, the server goes on."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from asyncio import StreamReader
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from potok.model.local_wire import is_passed
from potok.sources.imported import FoundFailure, Imported

# A DAG of 10,000 tasks takes 1 MB, all to all by results 17 MB.
_ANSWER_MAX_BYTES = 256 * 1024 * 1024
_ERROR_TAIL_BYTES = 16 * 1024
# The stack is told this long before the deadline, so that the line that hangs can be named.
_STACK_BEFORE_S = 0.5
_FRAME = re.compile(r'File "([^"]+)", line (\d+)')

_decode = msgspec.msgpack.Decoder(Imported).decode


async def import_file(root: Path, file: str, *, timeout_s: float) -> Imported:
    """Import `root/file` in a child of its own; every way to fail is told in `failure`."""
    answers, answer_fd = os.pipe()
    errors, error_fd = os.pipe()
    try:
        # Pipes of our own: with asyncio's, a server that stops while a child starts would wait for it forever.
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "potok.sources.importer", file, "--root", str(root)),
            *("--answer-fd", str(answer_fd), "--stack-after", str(max(timeout_s * 0.5, timeout_s - _STACK_BEFORE_S))),
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=error_fd,
            env=_environment(),
            pass_fds=(answer_fd,),
            start_new_session=True,
        )
    except BaseException:
        os.close(answers)
        os.close(errors)
        raise
    finally:
        os.close(answer_fd)
        os.close(error_fd)
    try:
        async with _reading(answers) as answer, _reading(errors) as told:
            return await _answer(process, answer, told, root, file, timeout_s)
    finally:
        _kill_group(process.pid)
        await process.wait()


async def _answer(
    process: Process, answer: StreamReader, told: StreamReader, root: Path, file: str, timeout_s: float
) -> Imported:
    tail = bytearray()
    listener = asyncio.create_task(_keep_tail(told, tail))
    try:
        async with asyncio.timeout(timeout_s):
            data = await _read_answer(answer)
            if data is None:
                await process.wait()
        if data is not None:
            return _decode(data)
        return _failed(file, _ending(process.returncode), "", tail)
    except TimeoutError:
        return _failed(file, _HANGS.format(timeout_s=timeout_s), _hanging_line(tail, root), tail)
    finally:
        listener.cancel()


_HANGS = (
    "the import did not end within {timeout_s:g} s; a DAG file only describes tasks, so move slow work "
    "(network, databases, big loops) into one of them"
)


@asynccontextmanager
async def _reading(fd: int) -> AsyncIterator[StreamReader]:
    """The read end of a pipe on the event loop; closed at the end."""
    reader = StreamReader(limit=1024 * 1024)
    pipe = os.fdopen(fd, "rb", buffering=0)
    try:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    except BaseException:
        pipe.close()
        raise
    try:
        yield reader
    finally:
        transport.close()


async def _read_answer(answer: StreamReader) -> bytes | None:
    """The framed answer; None when the child ended without one."""
    try:
        length = int.from_bytes(await answer.readexactly(8), "big")
        return await answer.readexactly(length) if length <= _ANSWER_MAX_BYTES else None
    except asyncio.IncompleteReadError:
        return None


async def _keep_tail(told: StreamReader, tail: bytearray) -> None:
    """Drink the child's stderr, so that it never blocks; keep the end of it."""
    while chunk := await told.read(65_536):
        tail += chunk
        del tail[:-_ERROR_TAIL_BYTES]


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        hint = "; the machine may be out of memory" if -code == signal.SIGKILL else "; a library crashed"
        return f"the import was ended by signal {name}{hint}"
    return f"the file ended the process while it was imported (os._exit, code {code})"


def _failed(file: str, message: str, line: str, tail: bytearray) -> Imported:
    text = bytes(tail).decode(errors="replace")
    return Imported(files={file: ""}, failure=FoundFailure(message, line or file, text))


def _hanging_line(tail: bytearray, root: Path) -> str:
    """The user's innermost line from the stack that faulthandler told, most recent call first."""
    for path, line in _FRAME.findall(bytes(tail).decode(errors="replace")):
        if path.startswith(f"{root}/"):
            return f"{path.removeprefix(f'{root}/')}:{line}"
    return ""


def _environment() -> dict[str, str]:
    """What tasks have too: everything but the server's own settings and secrets."""
    return {name: value for name, value in os.environ.items() if is_passed(name)}


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
