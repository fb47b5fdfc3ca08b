"""What the home asks for again and again and changes seldom: facts of DAG versions, usual lengths. Bounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import Lock

from potok.engine.lateness import UsualLength, usual_length
from potok.engine.plan import fires
from potok.engine.usual import GOOD_RUNS_MAX
from potok.model.schedule import Schedule
from potok.store.board_rows import DagFacts
from potok.store.protocol import Store

_FACTS_MAX = 20_000
_LENGTHS_MAX = 20_000
# a usual length is a median of thirty runs: a minute changes little about it
_LENGTH_FRESH_S = 60.0


class BoardCache:
    """Filled from threads beside the event loop."""

    def __init__(self) -> None:
        self._facts: dict[str, tuple[str, DagFacts | None]] = {}
        self._lengths: dict[str, tuple[float, UsualLength | None]] = {}
        self._starts: dict[str, tuple[object, list[float]]] = {}
        self._lock = Lock()

    def facts(self, reader: Store, dag_id: str, bundle: str) -> DagFacts | None:
        """Schedule, deadline, tasks and pools of that version."""
        known = self._facts.get(dag_id)
        if known is not None and known[0] == bundle:
            return known[1]
        found = reader.dag_facts(dag_id, bundle)
        with self._lock:
            if len(self._facts) >= _FACTS_MAX:
                self._facts.clear()
            self._facts[dag_id] = (bundle, found)
        return found

    def usual(self, reader: Store, dag_ids: Iterable[str], now: float) -> Mapping[str, UsualLength | None]:
        """The usual length of each of those DAGs."""
        wanted = dict.fromkeys(dag_ids)
        stale = [dag_id for dag_id in wanted if not self._is_fresh(dag_id, now)]
        if stale:
            lengths = reader.good_lengths(stale, GOOD_RUNS_MAX)
            with self._lock:
                if len(self._lengths) + len(stale) > _LENGTHS_MAX:
                    self._lengths.clear()
                for dag_id in stale:
                    self._lengths[dag_id] = (now, usual_length(lengths[dag_id]))
        return {dag_id: found[1] for dag_id in wanted if (found := self._lengths.get(dag_id)) is not None}

    def starts(self, dag_id: str, schedule: Schedule, at: float, until: float, limit: int) -> list[float]:
        """Starts after `at` up to `until`; asked for again and again until the DAG has started."""
        key = (schedule, at, until, limit)
        known = self._starts.get(dag_id)
        if known is not None and known[0] == key:
            return known[1]
        found = fires(schedule, at, until, limit)
        with self._lock:
            if len(self._starts) >= _FACTS_MAX:
                self._starts.clear()
            self._starts[dag_id] = (key, found)
        return found

    def _is_fresh(self, dag_id: str, now: float) -> bool:
        known = self._lengths.get(dag_id)
        return known is not None and abs(now - known[0]) < _LENGTH_FRESH_S
