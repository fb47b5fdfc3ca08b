"""Which lines of which file a request about logs means: an attempt's, or a whole run's. Reads the store."""

from __future__ import annotations

from pathlib import Path

import msgspec

from potok.api.call import Call
from potok.api.line_index import LEVELS, LineIndex
from potok.api.problem import ProblemError
from potok.api.run_routes import task_row
from potok.model.state import RUN_ENDED
from potok.scheduler.calls import log_segment
from potok.store.rows import AttemptRow, RunRow


class LogPlace(msgspec.Struct, frozen=True):
    """`attempt` is None for a whole run, and for a task that has not begun. `end`: the byte behind the last line,
    None while there may be more. `attempts` are the try numbers that exist."""

    run: RunRow
    task_id: str
    attempt: AttemptRow | None
    attempts: tuple[int, ...]
    path: Path
    start: int
    end: int | None
    growing: bool

    @property
    def run_id(self) -> str:
        return self.run.record.run_id

    @property
    def try_number(self) -> int:
        return self.attempt.try_number if self.attempt else 0

    @property
    def is_empty(self) -> bool:
        """Whether no line can be there: a task without an attempt, or one that ended without a word."""
        return self.end == self.start or (bool(self.task_id) and self.attempt is None)

    def index(self, call: Call) -> LineIndex:
        """The lines as far as they were indexed; `extend` it, in a thread."""
        attempt_id = self.attempt.attempt_id if self.attempt else None
        return call.server.indexes.get(self.path, attempt_id, self.start)


def lowest_level(level: str) -> int:
    """The place of the lowest level to show; raises ProblemError 422."""
    if level and level not in LEVELS:
        raise ProblemError(422, f"query.level: use one of {', '.join(LEVELS)}", field="query.level")
    return LEVELS.index(level) if level else 0


async def place_of_run(call: Call, run_id: str) -> LogPlace:
    """All lines of a run, as its tasks wrote them. Raises ProblemError 404."""
    run = await call.run_row(run_id)
    path = call.server.settings.home / "logs" / log_segment(run.record)
    return LogPlace(run, "", None, (), path, 0, None, run.record.state not in RUN_ENDED)


async def place_of_task(call: Call, run_id: str, task_id: str, try_number: int | None) -> LogPlace:
    """The lines of a try of a task (None: the last one). Raises ProblemError 404."""
    task = await task_row(call, run_id, task_id)
    run = await call.run_row(run_id)
    rows = await call.read(call.server.reader.attempts, task.run_key, task.position)
    wanted = [row for row in rows if try_number is None or row.try_number == try_number]
    if not wanted and try_number is not None:
        raise ProblemError(404, f"task {task_id!r} of run {run_id!r} has no try {try_number}")
    attempt = wanted[-1] if wanted else None
    logs = call.server.settings.home / "logs"
    segment, start, end = log_segment(run.record), 0, None
    if attempt is not None and attempt.log is not None:
        segment, start, end = attempt.log.segment, attempt.log.start, attempt.log.end
    elif attempt is not None and attempt.outcome is not None:
        end = 0
    path = (logs / segment).resolve()
    if not path.is_relative_to(logs.resolve()):
        raise ProblemError(404, f"the log of task {task_id!r} lies outside the log folder")
    growing = attempt.outcome is None if attempt else run.record.state not in RUN_ENDED
    attempts = tuple(sorted({row.try_number for row in rows}))
    return LogPlace(run, task_id, attempt, attempts, path, start, end, growing)
