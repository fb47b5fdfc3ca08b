"""The roll-ups that the scheduler keeps in memory between its turns: failures still open, slots in use. Pure."""

from __future__ import annotations

from bench.ui.run_rows import Made
from potok.engine import open_failures
from potok.engine.open_failures import Open, OpenFailure, signature_of
from potok.engine.slot_use import BUCKET_S
from potok.model.state import RunState, TaskState
from potok.store.board_rows import OpenFailureRow, SlotUseRow

SLOT_USE_KEPT_S = 2 * 86_400.0


class Board:
    """Told of every run in the order of its end; gives the rows at the end."""

    def __init__(self, until: float) -> None:
        self._since, self._until = until - SLOT_USE_KEPT_S, until
        self._open: dict[str, Open] = {}
        self._busy_s: dict[float, float] = {}
        self._marks: dict[float, list[tuple[float, int]]] = {}

    def take(self, made: Made) -> None:
        record = made.new.row.record
        if record.state is RunState.SUCCESS:
            self._open.pop(record.dag_id, None)
        elif record.state is RunState.FAILED:
            known = self._open.get(record.dag_id, {})
            self._open[record.dag_id] = open_failures.failed(known, _failure(made))
        if (record.ended_at or self._until) > self._since:
            for attempt in made.attempts:
                self._work(attempt.started_at or attempt.created_at, attempt.ended_at or self._until)

    def open_failures(self) -> list[OpenFailureRow]:
        return [
            OpenFailureRow(dag_id, one.signature, one.run_key, one.position, one.at, one.run_keys)
            for dag_id, known in self._open.items()
            for one in known.values()
        ]

    def slot_use(self) -> list[SlotUseRow]:
        return [
            SlotUseRow(at, round(busy_s, 3), _peak(self._marks[at]))
            for at, busy_s in sorted(self._busy_s.items())
            if self._since <= at <= self._until - BUCKET_S
        ]

    def _work(self, started_at: float, ended_at: float) -> None:
        """Spread one attempt over the buckets that it touches."""
        at = started_at - started_at % BUCKET_S
        while at < ended_at:
            begin, end = max(at, started_at), min(at + BUCKET_S, ended_at)
            self._busy_s[at] = self._busy_s.get(at, 0.0) + end - begin
            self._marks.setdefault(at, []).extend(((begin, 1), (end, -1)))
            at += BUCKET_S


def _failure(made: Made) -> OpenFailure:
    record = made.new.row.record
    row = next(row for row in made.new.tasks if row.state is TaskState.FAILED)
    error = next((one.error for one in reversed(made.attempts) if one.attempt_id == row.attempt_id), None)
    mark = signature_of(row.task_id, error, "failed")
    return OpenFailure(mark, (record.run_key,), row.position, record.ended_at or record.created_at)


def _peak(marks: list[tuple[float, int]]) -> int:
    running = peak = 0
    for _, step in sorted(marks):
        running += step
        peak = max(peak, running)
    return peak
