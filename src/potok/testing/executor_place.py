"""A place for executor tests: a bundle folder with DAG files, calls to their functions, and an ear for what happens."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
from collections.abc import Callable
from pathlib import Path

import msgspec

from potok.model.dag import BashWork, CallableRef, Input, Literal, PythonWork, Task
from potok.model.local_wire import LogLine
from potok.model.run import LogRange
from potok.model.wire import (
    Finished,
    Inline,
    Lost,
    Refused,
    RunContext,
    Started,
    TaskCall,
    TaskEvent,
    Value,
    WorkerReply,
    WorkerRequest,
)
from potok.worker.log_reader import read_lines

END_TIMEOUT_S = 20.0
_encode = msgspec.msgpack.encode
_attempt_ids = itertools.count(1)


class Ear:
    """The scheduler's side: remembers every event, answers requests, lets a test wait for an end."""

    def __init__(self) -> None:
        self.events: list[TaskEvent] = []
        self.requests: list[WorkerRequest] = []
        self.answer: Callable[[WorkerRequest], WorkerReply] = lambda _request: Refused("nothing is declared here")
        self.capacity_changes = 0
        self._changed = asyncio.Event()

    def __call__(self, events: list[TaskEvent]) -> None:
        self.events.extend(events)
        self._changed.set()

    def on_request(self, request: WorkerRequest) -> WorkerReply:
        self.requests.append(request)
        return self.answer(request)

    def on_capacity(self) -> None:
        self.capacity_changes += 1

    def ends(self, attempt_id: int) -> list[Finished | Lost]:
        return [event for event in self.events if isinstance(event, Finished | Lost) and event.attempt_id == attempt_id]

    async def end(self, attempt_id: int, timeout_s: float = END_TIMEOUT_S) -> Finished | Lost:
        """The attempt's end; fails when it does not come in time."""
        async with asyncio.timeout(timeout_s):
            while not self.ends(attempt_id):
                self._changed.clear()
                await self._changed.wait()
        return self.ends(attempt_id)[0]

    async def finished(self, attempt_id: int, timeout_s: float = END_TIMEOUT_S) -> Finished:
        end = await self.end(attempt_id, timeout_s)
        assert isinstance(end, Finished), end
        return end

    async def lost(self, attempt_id: int, timeout_s: float = END_TIMEOUT_S) -> Lost:
        end = await self.end(attempt_id, timeout_s)
        assert isinstance(end, Lost), end
        return end

    def started(self, attempt_id: int) -> bool:
        return any(isinstance(event, Started) and event.attempt_id == attempt_id for event in self.events)


class Place:
    """Folders of one test, and the calls that it makes."""

    def __init__(self, folder: Path, bundle: str = "b1") -> None:
        self.folder = folder
        self.bundle = bundle
        self.log_dir = folder / "logs"
        self.results_dir = folder / "results"
        self.bundle_dir = folder / "bundles" / bundle
        self.bundle_dir.mkdir(parents=True, exist_ok=True)

    def write(self, code: str, file: str = "flow.py") -> None:
        (self.bundle_dir / file).write_text(code)

    def python(self, function: str, *args: object) -> TaskCall:
        """A call of `function` of flow.py with these literal arguments."""
        return self.call(Task(function, PythonWork(CallableRef(function)), args=_inputs(args)))

    def bash(self, command: str) -> TaskCall:
        return self.call(Task("command", BashWork(command)))

    def fork(self, function: str) -> TaskCall:
        """A call that wants a process of its own."""
        return self.call(Task(function, PythonWork(CallableRef(function)), isolation="fork"))

    def call(self, task: Task, *, params: dict[str, object] | None = None, **options: object) -> TaskCall:
        """A call of `task`; `options` are fields of the TaskCall."""
        attempt_id = next(_attempt_ids)
        run = RunContext("manual__1", "demo", 1.7e9, 1.7e9, 1.7e9, "UTC", "manual", 1.7e9, params or {})
        fields: dict[str, object] = {
            "attempt_id": attempt_id,
            "run": msgspec.Raw(_encode(run)),
            "task": msgspec.Raw(_encode(task)),
            "try_number": 1,
            "max_tries": 1,
            "bundle": self.bundle,
            "bundle_dir": str(self.bundle_dir),
            "file": "flow.py",
            "queue": "default",
            "isolation": task.isolation,
            "log_dir": str(self.log_dir),
            "log_segment": "demo/manual__1.jsonl",
            "results_dir": str(self.results_dir),
            "token": f"token-{attempt_id}",
            **options,
        }
        return TaskCall(**fields)  # type: ignore[arg-type]

    def lines(self, attempt_id: int, log: LogRange | None) -> list[LogLine]:
        """Every log line of an attempt."""
        lines: list[LogLine] = []
        if log is None:
            return lines
        page = read_lines(self.log_dir, log.segment, attempt_id, start=log.start, end=log.end)
        lines.extend(page.lines)
        while not page.at_end:
            page = read_lines(self.log_dir, log.segment, attempt_id, start=page.next_offset, end=log.end)
            lines.extend(page.lines)
        return lines

    def texts(self, end: Finished | Lost) -> list[str]:
        return [line.msg for line in self.lines(end.attempt_id, end.log)]


async def eventually(condition: Callable[[], bool], what: str, timeout_s: float = END_TIMEOUT_S) -> None:
    """Wait until `condition` holds; fails with `what` when it does not in time."""
    loop = asyncio.get_running_loop()
    give_up_at = loop.time() + timeout_s
    while not condition():
        assert loop.time() < give_up_at, what
        await asyncio.sleep(0.005)


def is_alive(pid: int) -> bool:
    """Whether the process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def inline(value: object) -> Value:
    return Inline(msgspec.json.encode(value))


def _inputs(values: tuple[object, ...]) -> tuple[Input, ...]:
    return tuple(Literal(value) for value in values)
