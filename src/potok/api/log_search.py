"""Runs a search in logs where it disturbs nobody: a short one in a thread, else a process that can be killed."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
from pathlib import Path

import msgspec
from starlette.requests import Request

from potok.api.log_scan import ScanOrder, scan
from potok.api.problem import ProblemError

SEARCH_MAX_S = 10.0
# A process of its own takes 0.1 s to begin; so much is read in a thread in half of that.
_THREAD_MAX_BYTES = 4 * 1024 * 1024


async def search(order: ScanOrder, request: Request, turns: asyncio.Semaphore) -> bytes:
    """LogMatches as JSON. Ends early when the client has gone. Raises ProblemError 422 for a wrong or endless pattern.

    `turns`: each process takes one, and others wait.
    """
    if order.regex:
        _checked(order.q)
    if not order.regex and _size(order) <= _THREAD_MAX_BYTES:
        return msgspec.json.encode(await asyncio.to_thread(scan, order))
    async with turns:
        return await _in_process(order, request)


def _checked(pattern: str) -> None:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ProblemError(422, f"query.q: is not a regular expression ({error})", field="query.q") from None


def _size(order: ScanOrder) -> int:
    try:
        end = Path(order.path).stat().st_size if order.end is None else order.end
    except OSError:
        return 0
    return end - order.start


async def _in_process(order: ScanOrder, request: Request) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "potok.api.log_scan",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    work = asyncio.create_task(process.communicate(msgspec.json.encode(order)))
    gone = asyncio.create_task(_client_gone(request))
    try:
        await asyncio.wait((work, gone), timeout=SEARCH_MAX_S + 2.0, return_when=asyncio.FIRST_COMPLETED)
        if work.done() and process.returncode == 0:
            return work.result()[0]
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        for task in (work, gone):
            task.cancel()
        await asyncio.gather(work, gone, return_exceptions=True)
        await process.wait()
    hint = "the pattern takes too long; make it simpler" if order.regex else "the search takes too long; narrow it down"
    raise ProblemError(422, f"query.q: {hint}, or search one task", field="query.q")


async def _client_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
