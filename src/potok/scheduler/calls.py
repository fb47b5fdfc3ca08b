"""From a decided attempt to the call that a worker gets. The only place that knows folders and file names of a run."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import msgspec

from potok.model.run import RunRecord
from potok.model.wire import CallbackCall, CallKind, RunContext, TaskCall, Value
from potok.scheduler.versions import Version


class Places(msgspec.Struct, frozen=True):
    """Folders of the server; see DESIGN §5 and §7."""

    bundles: str
    logs: str
    results: str

    @classmethod
    def under(cls, home: Path) -> Places:
        return cls(str(home / "bundles"), str(home / "logs"), str(home / "results"))


class CallMaker:
    """Makes calls. `key` is this server's secret: a token opens the requests of one attempt and nothing else."""

    def __init__(self, places: Places, key: bytes) -> None:
        self.places = places
        self._key = key
        self._contexts: dict[int, msgspec.Raw] = {}

    def token(self, attempt_id: int) -> str:
        return hmac.digest(self._key, b"%d" % attempt_id, hashlib.sha256).hex()[:32]

    def forget(self, run_key: int) -> None:
        """The run has ended; its encoded context is needed no more."""
        self._contexts.pop(run_key, None)

    def forget_all(self) -> None:
        """Memory is made anew: run keys may mean other runs."""
        self._contexts.clear()

    def task_call(
        self,
        record: RunRecord,
        version: Version,
        position: int,
        attempt_id: int,
        tries: tuple[int, int],
        upstream: Mapping[str, Value],
    ) -> TaskCall:
        """The call for one attempt; `tries` is (this try, most tries)."""
        task = version.dag.tasks[position]
        return TaskCall(
            attempt_id=attempt_id,
            run=self._context(record, version),
            task=version.encoded(position),
            try_number=tries[0],
            max_tries=tries[1],
            bundle=version.bundle,
            bundle_dir=f"{self.places.bundles}/{version.bundle}",
            file=version.dag.file,
            queue=task.queue,
            isolation=task.isolation,
            log_dir=self.places.logs,
            log_segment=log_segment(record),
            results_dir=self.places.results,
            token=self.token(attempt_id),
            upstream=dict(upstream),
            deadline=None,
        )

    def callback_call(
        self,
        record: RunRecord,
        version: Version,
        call: CallbackCall,
        position: int,
        attempt_id: int,
        deadline: float,
    ) -> TaskCall:
        """The call for a callback; of the whole run when `call.task_id` is None. It is ended at `deadline`."""
        base = self.task_call(record, version, max(position, 0), attempt_id, (call.try_number, call.try_number), {})
        return msgspec.structs.replace(base, kind=CallKind.CALLBACK, callback=call, deadline=deadline)

    def _context(self, record: RunRecord, version: Version) -> msgspec.Raw:
        raw = self._contexts.get(record.run_key)
        if raw is None:
            schedule = version.dag.schedule
            context = RunContext(
                run_id=record.run_id,
                dag_id=record.dag_id,
                logical_date=record.logical_date,
                interval_start=record.interval_start,
                interval_end=record.interval_end,
                tz=schedule.tz if schedule else "UTC",
                trigger=str(record.trigger),
                created_at=record.created_at,
                params=record.params,
                note=record.note,
            )
            raw = self._contexts[record.run_key] = msgspec.Raw(msgspec.msgpack.encode(context))
        return raw


def log_segment(record: RunRecord) -> str:
    """The file of a run's log lines below the log folder: by day, so that retention removes whole folders."""
    day = datetime.fromtimestamp(record.created_at, UTC).strftime("%Y-%m-%d")
    return f"{day}/{quote(record.run_id, safe='')}.jsonl"
