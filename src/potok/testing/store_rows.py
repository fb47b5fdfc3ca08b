"""Rows for tests of a store: plain ones by a few words, and any row at all for hypothesis."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import strategies as st

from potok.model.dag import BashWork, CallableRef, Dag, EdgeGroup, FromTask, Literal, PythonWork, Task
from potok.model.reason import Reason
from potok.model.result_files import FilesRecord
from potok.model.retry import Retry
from potok.model.run import CheckResult, ErrorInfo, LogRange, RunRecord, TriggerKind, Usage
from potok.model.schedule import Cron, Schedule
from potok.model.state import RUN_ENDED, RunState, TaskState
from potok.model.trigger import Event
from potok.store.protocol import Store
from potok.store.rows import (
    AttemptRow,
    Batch,
    DagRow,
    NewRun,
    ResultRow,
    RunCounts,
    RunRow,
    RunUpdate,
    TaskRow,
    VersionRow,
)

T0 = 1_700_000_000.0


class Writer:
    """The one who may write: numbers its turns as the scheduler does."""

    def __init__(self, store: Store, instance: str = "server-1") -> None:
        self.store = store
        self.leader = store.take_leadership(instance, T0)
        self.turn = 0

    def commit(self, **rows: Any) -> None:
        """One turn; `rows` are the lists of a Batch by name."""
        self.turn += 1
        self.store.commit(Batch(epoch=self.leader.epoch, turn=self.turn, **rows))


def a_run(
    run_key: int,
    *,
    tasks: int = 2,
    state: RunState = RunState.RUNNING,
    dag_id: str = "etl",
    ended_at: float | None = None,
    idempotency_key: str | None = None,
) -> NewRun:
    """A run `etl__<run_key>` whose tasks are `step_0`, `step_1`, …; it ended a second after its start, if it ended."""
    if state in RUN_ENDED and ended_at is None:
        ended_at = T0 + run_key + 1
    record = RunRecord(
        run_key=run_key, run_id=f"{dag_id}__{run_key}", dag_id=dag_id, bundle="b1", state=state, logical_date=T0,
        interval_start=T0, interval_end=T0 + 60, trigger=TriggerKind.API, created_at=T0 + run_key,
        idempotency_key=idempotency_key, ended_at=ended_at,
    )  # fmt: skip
    rows = tuple(a_task(run_key, position) for position in range(tasks))
    return NewRun(RunRow(record, RunCounts(total=tasks)), rows)


def a_run_update(run_key: int, counts: RunCounts, state: RunState = RunState.RUNNING) -> RunUpdate:
    return RunUpdate(run_key, state, T0, T0 + 1 if state in RUN_ENDED else None, None, counts)


def a_task(run_key: int, position: int = 0, state: TaskState = TaskState.SCHEDULED, **fields: Any) -> TaskRow:
    return TaskRow(run_key, position, f"step_{position}", state, **fields)


def an_attempt(attempt_id: int, run_key: int, position: int = 0, **fields: Any) -> AttemptRow:
    fields.setdefault("created_at", T0 + attempt_id)
    fields.setdefault("try_number", 1)
    return AttemptRow(attempt_id=attempt_id, run_key=run_key, position=position, task_id=f"step_{position}", **fields)


def a_result(run_key: int, position: int = 0, data: bytes | None = b"1", **fields: Any) -> ResultRow:
    size = fields.pop("size", len(data or b""))
    return ResultRow(run_key, position, f"step_{position}", 1, "json", size, data, **fields)


def a_dag(dag_id: str, **fields: Any) -> DagRow:
    known = DagRow(dag_id, "b1", f"{dag_id}.py", present=True, paused=False, first_seen_at=T0, updated_at=T0)
    return msgspec.structs.replace(known, **fields)


def a_version(dag_id: str = "etl", bundle: str = "b1", created_at: float = T0) -> VersionRow:
    """A DAG that uses a bit of everything."""
    tasks = (
        Task("extract", PythonWork(CallableRef("extract")), args=(Literal({"rows": [1, 2.5, None, "ж"]}),)),
        Task(
            "load", BashWork("cat"), kwargs={"rows": FromTask("extract", "rows")}, retry=Retry(3, 5.0, on=("OSError",))
        ),
    )
    schedule = Schedule(Cron("0 2 * * *"), "@nightly", tz="Europe/Moscow")
    dag = Dag(dag_id, tasks, (EdgeGroup((0,), (1,)),), schedule=schedule, tags=("nightly",), params={"type": "object"})
    return VersionRow(dag_id, bundle, created_at, (f"{dag_id}.py", "lib/rows.py"), dag)


# PostgreSQL's text has no NUL (the suite has a test for it); UTF-8 has no lone surrogates.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
names = texts.filter(bool)
instants = st.floats(min_value=0, max_value=1e11, allow_nan=False)
maybe_instants = st.none() | instants
numbers = st.integers(min_value=0, max_value=2**31 - 1)
keys = st.integers(min_value=1, max_value=2**53)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
json_objects = st.dictionaries(texts, json_values, max_size=3)
reasons = st.builds(
    Reason,
    code=names,
    values=st.dictionaries(
        names,
        st.none() | st.booleans() | numbers | instants | texts | st.lists(texts, max_size=3).map(tuple),
        max_size=3,
    ),
)
maybe_reasons = st.none() | reasons
counts = st.builds(RunCounts, **dict.fromkeys(RunCounts.__struct_fields__, numbers))


events = st.builds(
    Event, kind=names, at=instants, path=texts, commit=texts, branch=texts,
    files=st.lists(texts, max_size=2).map(tuple), files_count=numbers,
)  # fmt: skip


def run_records(run_key: int) -> st.SearchStrategy[RunRecord]:
    return st.builds(
        RunRecord, run_key=st.just(run_key), run_id=texts.map(lambda text: f"{run_key} {text}"), dag_id=names,
        bundle=names, state=st.sampled_from(RunState), logical_date=instants, interval_start=instants,
        interval_end=instants, trigger=st.sampled_from(TriggerKind), created_at=instants, params=json_objects,
        note=texts, triggered_by=texts,
        idempotency_key=st.none() | texts.map(lambda text: f"{run_key} {text}"), run_after=maybe_instants,
        expires_at=maybe_instants, started_at=maybe_instants, ended_at=maybe_instants, reason=maybe_reasons,
        event=st.none() | events,
    )  # fmt: skip


def task_rows(run_key: int) -> st.SearchStrategy[TaskRow]:
    return st.builds(
        TaskRow, run_key=st.just(run_key), position=numbers, task_id=names, state=st.sampled_from(TaskState),
        try_number=numbers, max_tries=numbers, losses=numbers, attempt_id=st.none() | keys, queued_at=maybe_instants,
        started_at=maybe_instants, ended_at=maybe_instants, retry_at=maybe_instants, reason=maybe_reasons,
    )  # fmt: skip


def attempt_rows(run_key: int) -> st.SearchStrategy[AttemptRow]:
    errors = st.builds(
        ErrorInfo, kind=names, message=texts, names=st.lists(names, max_size=2).map(tuple), location=texts,
        traceback=texts,
    )  # fmt: skip
    usages = st.builds(Usage, instants, instants, instants)
    logs = st.builds(LogRange, names, numbers, numbers, numbers, numbers)
    checks = st.lists(st.builds(CheckResult, check=names, ok=st.booleans(), detail=texts), max_size=2).map(tuple)
    return st.builds(
        AttemptRow, attempt_id=keys, run_key=st.just(run_key), position=numbers, task_id=names, try_number=numbers,
        created_at=instants, outcome=st.none() | st.sampled_from(["success", "failed", "lost"]),
        started_at=maybe_instants, ended_at=maybe_instants, pid=st.none() | numbers, exit_code=st.none() | numbers,
        signal=st.none() | numbers, oom=st.booleans(), usage=usages, error=st.none() | errors, log=st.none() | logs,
        checks=checks, rendered=st.dictionaries(names, texts, max_size=2),
    )  # fmt: skip


finite = st.floats(allow_nan=False, allow_infinity=False)
files_records = st.builds(
    FilesRecord, path=names, real=names, index=texts, title=texts, count=numbers, size=keys, is_folder=st.booleans(),
    mark=texts,
)  # fmt: skip


def result_rows(run_key: int) -> st.SearchStrategy[ResultRow]:
    return st.builds(
        ResultRow, run_key=st.just(run_key), position=numbers, task_id=names, attempt_id=keys,
        codec=st.sampled_from(["json", "parquet"]), size=keys, data=st.none() | st.binary(max_size=50),
        key=st.none() | names, sha256=texts, files=st.none() | st.tuples(files_records),
        numbers=st.none() | st.dictionaries(names, finite, min_size=1, max_size=3),
    )  # fmt: skip


dag_rows = st.builds(
    DagRow, dag_id=names, bundle=names, file=names, present=st.booleans(), paused=st.booleans(),
    first_seen_at=instants, updated_at=instants, last_fire=maybe_instants, next_fire=maybe_instants, paused_by=texts,
    paused_note=texts, paused_at=maybe_instants, tags=st.lists(texts, max_size=3).map(tuple), owner=texts,
    description=texts, schedule_text=texts, tz=names, location=texts, task_count=numbers,
)  # fmt: skip
