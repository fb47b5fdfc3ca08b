"""The log of an attempt whose worker died: writes what was left in its pipes, then finds where its lines stand."""

from __future__ import annotations

import mmap
import time
from pathlib import Path

import msgspec

from potok.model.dag import Task
from potok.model.local_wire import LogLine, WorkerDied
from potok.model.masking import Secrets
from potok.model.run import LogRange
from potok.model.wire import TaskCall

_LINE_MAX_CHARS = 16 * 1024


def keep_last_words(call: TaskCall, died: WorkerDied, secrets: Secrets) -> None:
    """Append the unread output of a dead worker to the attempt's segment. A full disk loses it, nothing else."""
    lines: list[bytes] = []
    for src, data in (("stdout", died.stdout_tail), ("stderr", died.stderr_tail)):
        for text in data.decode("utf-8", "backslashreplace").splitlines():
            lines.append(_line(call, src, text, secrets))
    if not lines:
        return
    path = Path(call.log_dir, call.log_segment)
    try:
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(b"".join(lines))
    except OSError:
        pass


def find_lines(call: TaskCall) -> LogRange | None:
    """Where the lines of an attempt stand in its segment; None when it wrote none."""
    mark = f'"a":{call.attempt_id},'.encode()
    try:
        with (
            Path(call.log_dir, call.log_segment).open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
        ):
            first, last = content.find(mark), content.rfind(mark)
            if first < 0:
                return None
            start = content.rfind(b"\n", 0, first) + 1
            end = content.find(b"\n", last) + 1 or len(content)
            lines, at = 0, start
            while (at := content.find(mark, at, end)) >= 0:
                lines, at = lines + 1, at + len(mark)
            return LogRange(call.log_segment, start, end, lines)
    except (OSError, ValueError):  # no file, or an empty one
        return None


def _line(call: TaskCall, src: str, text: str, secrets: Secrets) -> bytes:
    text = secrets.mask(text)
    task_id = msgspec.msgpack.decode(call.task, type=Task).task_id
    line = LogLine(time.time(), call.attempt_id, task_id, call.try_number, "info", src, text[:_LINE_MAX_CHARS])
    return msgspec.json.encode(line) + b"\n"
