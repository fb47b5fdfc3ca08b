"""The reads behind the home, the lists and the search, over the two primitives of a dialect. Must never write."""

from __future__ import annotations

import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import msgspec

from potok.model.run import TriggerKind
from potok.model.state import RunState
from potok.store import decode
from potok.store.board_rows import BriefRow, DagFacts, LightDag, MuteRow, OpenFailureRow, SlotUseRow
from potok.store.decode import Row
from potok.store.encode import Value
from potok.store.rows import AttemptRow, DagRow, RunRow, TaskRow

_STATES = {state.value: state for state in RunState}
_TRIGGERS = {kind.value: kind for kind in TriggerKind}
_decode_keys = msgspec.json.Decoder(tuple[int, ...]).decode
_decode_texts = msgspec.json.Decoder(tuple[str, ...]).decode
_decode_facts = msgspec.msgpack.Decoder(DagFacts).decode


class BoardReader(ABC):
    """Part of every store; see `potok.store.protocol.Store` for what each read promises."""

    @abstractmethod
    def _fetch(self, statement: str, parameters: Sequence[Value] = ()) -> list[Row]:
        """All rows of one statement. Raises StoreError."""

    @abstractmethod
    def _snapshot(self) -> AbstractContextManager[Callable[[str, Sequence[Value]], list[Row]]]:
        """Several statements that see the same state. Raises StoreError."""

    def open_failures(self, limit: int) -> list[OpenFailureRow]:
        return [_open_failure(row) for row in self._fetch("open_failures", (limit,))]

    def failed_task(self, failure: OpenFailureRow) -> tuple[RunRow, TaskRow | None, AttemptRow | None] | None:
        with self._snapshot() as fetch:
            runs = fetch("one_run_rows", (failure.run_key,))
            if failure.position is None:
                tasks = decode.task_rows(fetch("first_failed_task", (failure.run_key,)))
            else:
                tasks = decode.task_rows(fetch("run_tasks_from", (failure.run_key, failure.position, 1)))
            last = fetch("last_failed_attempt", (failure.run_key, tasks[0].position)) if tasks else []
        attempts = decode.attempt_rows(last)
        if not runs:
            return None
        return decode.run_row(runs[0]), tasks[0] if tasks else None, attempts[0] if attempts else None

    def active_briefs(self, limit: int) -> list[BriefRow]:
        return _briefs(self._fetch("active_briefs", (limit,)))

    def last_success(self, dag_id: str) -> tuple[int, str] | None:
        rows = self._fetch("last_success", (dag_id,))
        return (rows[0][0], rows[0][1]) if rows else None

    def overdue_fires(self, before: float, limit: int) -> list[tuple[str, float]]:
        return [(dag_id, at) for dag_id, at in self._fetch("overdue_fires", (before, limit))]

    def ended_counts(self, since: float) -> dict[str, int]:
        return {str(state): int(count) for state, count in self._fetch("ended_run_counts", (since,))}

    def briefs_ended(self, since: float, limit: int) -> list[BriefRow]:
        return _briefs(self._fetch("briefs_ended", (since, limit)))

    def briefs_of_dags(self, dag_ids: Sequence[str], per_dag: int) -> dict[str, list[BriefRow]]:
        with self._snapshot() as fetch:
            return {dag_id: _briefs(fetch("briefs_of_dag", (dag_id, per_dag))) for dag_id in dag_ids}

    def good_lengths(self, dag_ids: Sequence[str], per_dag: int) -> dict[str, list[float]]:
        with self._snapshot() as fetch:
            return {
                dag_id: [max(0.0, end - start) for start, end in fetch("good_lengths", (dag_id, per_dag))]
                for dag_id in dag_ids
            }

    def light_dags(self) -> list[LightDag]:
        return [
            LightDag(dag_id, bundle, file, bool(present), bool(paused), next_fire, _texts(tags), owner, description)
            for dag_id, bundle, file, present, paused, next_fire, tags, owner, description in self._fetch("light_dags")
        ]

    def dags_by_id(self, dag_ids: Sequence[str]) -> list[DagRow]:
        with self._snapshot() as fetch:
            found = [row for dag_id in dag_ids for row in fetch("dag", (dag_id,))]
        return [decode.dag_row(row) for row in found]

    def dag_facts(self, dag_id: str, bundle: str) -> DagFacts | None:
        rows = self._fetch("version_definition", (dag_id, bundle))
        return _decode_facts(zlib.decompress(rows[0][0])) if rows else None

    def run_key_at(self, at: float) -> int:
        low, high = 0, self._newest_run_key()
        while low < high:
            middle = (low + high) // 2
            found = self._fetch("run_made_from", (middle + 1,))
            if found and found[0][1] < at:
                low = found[0][0]
            else:
                high = middle
        return low + 1

    def _newest_run_key(self) -> int:
        rows = self._fetch("newest_run_key")
        return int(rows[0][0] or 0) if rows else 0

    def listed_count(
        self, *, dag_id: str | None = None, state: RunState | None = None, since_key: int = 0, most: int = 10_000
    ) -> int:
        statement = "listed_count"
        chosen: list[Value] = []
        if dag_id is not None:
            statement += "_of_dag"
            chosen.append(dag_id)
        if state is not None:
            statement += "_in_state"
            chosen.append(state.value)
        return int(self._fetch(statement, (*chosen, since_key, most))[0][0])

    def runs_like(self, prefix: str, limit: int) -> list[BriefRow]:
        return _briefs(self._fetch("runs_like", (prefix, prefix + "\U0010ffff", limit)))

    def mutes(self) -> list[MuteRow]:
        return [MuteRow(*row) for row in self._fetch("mutes")]

    def slot_use(self, since: float, until: float) -> list[SlotUseRow]:
        return [SlotUseRow(*row) for row in self._fetch("slot_use", (since, until))]


def _open_failure(row: Row) -> OpenFailureRow:
    dag_id, signature, run_key, position, at, run_keys = row
    return OpenFailureRow(dag_id, signature, run_key, position, at, _decode_keys(run_keys))


def _briefs(rows: Sequence[Row]) -> list[BriefRow]:
    return [
        BriefRow(run_key, run_id, dag_id, _STATES[state], _TRIGGERS[trigger], logical, created, after, started, ended)
        for run_key, run_id, dag_id, state, trigger, logical, created, after, started, ended in rows
    ]


def _texts(found: str | None) -> tuple[str, ...]:
    return _decode_texts(found) if found else ()
