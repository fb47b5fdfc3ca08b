"""Routes of runs: list, watch until the end, tasks, attempts, results, why, and what a person may do to them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import msgspec
from starlette.responses import Response

from potok.api import views
from potok.api.call import Call
from potok.api.dag_routes import Instant, Limit, NoteBody, ShortText
from potok.api.problem import ProblemError
from potok.api.routing import Routes, Streamed
from potok.api.run_facts import RunFacts
from potok.engine.explanation import Explanation
from potok.model.answers import Attempt, Changed, Page, Run, TaskInstance, TaskResult
from potok.model.board import CountedPage
from potok.model.state import RUN_ENDED, RunState, TaskState
from potok.scheduler import commands
from potok.scheduler.commands import (
    CancelRun,
    ClearTasks,
    Command,
    Lagged,
    LiveEvent,
    MarkTasks,
    RetryRun,
    RunChanged,
)
from potok.store.rows import ResultRow, RunRow, TaskRow

WAIT_MAX_S = 60.0
_COUNTED_MAX = 10_000
# The live bus tells the end; this look at the store only heals a lost message between two processes.
_SAFETY_LOOK_S = 10.0
# Rows of a small run cost microseconds; a large one is read beside the event loop.
_INLINE_TASKS_MAX = 500
_MEDIA_TYPES = {"json": "application/json", "parquet": "application/vnd.apache.parquet"}

TaskNames = Annotated[tuple[str, ...], msgspec.Meta(max_length=10_000)]

routes = Routes()


class RunsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`since` and `until` bound when runs were created: from `since` on, before `until`."""

    dag_id: str | None = None
    state: RunState | None = None
    since: Instant | None = None
    until: Instant | None = None
    limit: Limit = 50
    cursor: str | None = None


class RunQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`wait`: answer when the run has ended, or after that many seconds (60 at most)."""

    run_id: str
    wait: Annotated[float, msgspec.Meta(ge=0, le=WAIT_MAX_S)] | None = None


class RunPath(msgspec.Struct, forbid_unknown_fields=True):
    run_id: str


class TasksQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`cursor` is the position to go on from."""

    run_id: str
    state: TaskState | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1000
    cursor: Annotated[int, msgspec.Meta(ge=0)] | None = None


class TaskPath(msgspec.Struct, forbid_unknown_fields=True):
    run_id: str
    task_id: str


class ResultQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`raw=1`: the bytes of the result instead of a description. `optional=1`: 204 when there is none, not 404."""

    run_id: str
    task_id: str
    raw: bool = False
    optional: bool = False


class RetryBody(msgspec.Struct, forbid_unknown_fields=True):
    """Without `tasks`: all that failed. `dry_run` tells what it would do and does nothing.

    `params` replace those of the run, the others stay; results of kept tasks stay as they are. The run must have ended.
    """

    tasks: TaskNames = ()
    downstream: bool = True
    dry_run: bool = False
    params: dict[str, object] = {}


class ClearBody(msgspec.Struct, forbid_unknown_fields=True):
    tasks: Annotated[TaskNames, msgspec.Meta(min_length=1)]
    downstream: bool = False
    upstream: bool = False
    dry_run: bool = False


class MarkBody(msgspec.Struct, forbid_unknown_fields=True):
    """`state`: success, failed or skipped."""

    tasks: Annotated[TaskNames, msgspec.Meta(min_length=1)]
    state: TaskState
    note: ShortText = ""


@routes.route("GET", "/runs", summary="Runs, newest first")
async def list_runs(call: Call, where: RunsQuery) -> CountedPage[Run]:
    """`total` leaves `until` out."""
    reader = call.server.reader

    def listed() -> CountedPage[Run]:
        since_key = reader.run_key_at(where.since.timestamp()) if where.since else 0
        rows, cursor = reader.list_runs(
            limit=where.limit,
            cursor=where.cursor,
            dag_id=where.dag_id,
            state=where.state,
            since_key=since_key,
            until_key=reader.run_key_at(where.until.timestamp()) if where.until else None,
        )
        total = reader.listed_count(dag_id=where.dag_id, state=where.state, since_key=since_key, most=_COUNTED_MAX + 1)
        shown = [views.run(row, call.now) for row in rows]
        return CountedPage(shown, cursor, min(total, _COUNTED_MAX), total > _COUNTED_MAX)

    return await asyncio.to_thread(listed)


@routes.route("GET", "/runs/{run_id}", summary="One run; with `wait` once it has ended")
async def get_run(call: Call, where: RunQuery) -> Run:
    row = await call.run_row(where.run_id)
    if where.wait and row.record.state not in RUN_ENDED:
        row = await _wait_for_end(call, where.run_id, where.wait)
    return views.run(row, call.now)


@routes.route("GET", "/runs/{run_id}/tasks", summary="Task instances in topological order")
async def list_tasks(call: Call, where: TasksQuery) -> Page[TaskInstance]:
    run = await call.run_row(where.run_id)
    start = where.cursor or 0
    if where.state is None:
        rows = await call.read(call.server.reader.tasks, run.record.run_key, start=start, limit=where.limit + 1)
    else:
        rows = [row for row in await _all_tasks(call, run) if row.position >= start and row.state is where.state]
    cursor = str(rows[where.limit].position) if len(rows) > where.limit else None
    return Page([views.task_instance(row, call.now) for row in rows[: where.limit]], cursor)


@routes.route("GET", "/runs/{run_id}/tasks/{task_id}/attempts", summary="Attempts of a task instance, in order")
async def list_attempts(call: Call, where: TaskPath) -> Page[Attempt]:
    task = await task_row(call, where.run_id, where.task_id)
    rows = await call.read(call.server.reader.attempts, task.run_key, task.position)
    return Page([views.attempt(row, call.now) for row in rows])


@routes.route("GET", "/runs/{run_id}/tasks/{task_id}/result", summary="What a task returned")
async def get_result(call: Call, where: ResultQuery) -> TaskResult | Streamed:
    task = await task_row(call, where.run_id, where.task_id)
    row = await call.read(call.server.reader.result, task.run_key, task.task_id)
    if row is None and where.optional:
        return Response(status_code=204)
    if row is None:
        raise ProblemError(404, f"task {task.task_id!r} of run {where.run_id!r} has no result")
    if where.raw:
        data = await asyncio.to_thread(_result_bytes, call.server.settings.home / "results", row)
        return Response(data, media_type=_MEDIA_TYPES.get(row.codec, "application/octet-stream"))
    value = msgspec.UNSET if row.data is None else msgspec.Raw(row.data)
    return TaskResult(where.run_id, row.task_id, row.codec, row.size, row.data is None, value)


@routes.route("GET", "/runs/{run_id}/explain", summary="Why the run is as it is")
async def explain_run(call: Call, where: RunPath) -> Explanation:
    return (await call.explain(where.run_id)).explanation


@routes.route("POST", "/runs/{run_id}/cancel", summary="Stop a run", errors=(409,))
async def cancel_run(call: Call, where: RunPath, body: NoteBody) -> Changed:
    return await _change(call, CancelRun(where.run_id, call.actor, body.note))


@routes.route("POST", "/runs/{run_id}/retry", summary="Run again what failed", errors=(409,))
async def retry_run(call: Call, where: RunPath, body: RetryBody) -> Changed:
    command = RetryRun(where.run_id, call.actor, body.tasks, body.downstream, body.dry_run, body.params)
    return await _priced(call, command)


@routes.route("POST", "/runs/{run_id}/clear", summary="Forget outcomes and run the tasks again", errors=(409,))
async def clear_tasks(call: Call, where: RunPath, body: ClearBody) -> Changed:
    command = ClearTasks(where.run_id, call.actor, body.tasks, body.downstream, body.upstream, body.dry_run)
    return await _priced(call, command)


@routes.route("POST", "/runs/{run_id}/mark", summary="Set outcomes by hand", errors=(409,))
async def mark_tasks(call: Call, where: RunPath, body: MarkBody) -> Changed:
    if body.state not in (TaskState.SUCCESS, TaskState.FAILED, TaskState.SKIPPED):
        raise ProblemError(
            422,
            f"body.state: {body.state.value!r} cannot be set by hand; use success, failed or skipped",
            field="state",
        )
    return await _change(call, MarkTasks(where.run_id, call.actor, body.tasks, body.state, body.note))


async def _priced(call: Call, command: RetryRun | ClearTasks) -> Changed:
    """Done, or with `dry_run` told with its price."""
    changed = await _change(call, command)
    if not command.dry_run:
        return changed
    run = await call.run_row(command.run_id)
    return msgspec.structs.replace(changed, about_s=await asyncio.to_thread(_about_s, call, run, changed.tasks))


def _about_s(call: Call, run: RunRow, tasks: tuple[str, ...]) -> float | None:
    try:
        facts = RunFacts(call.server.reader, call.server.shapes, run, call.now)
    except LookupError:
        return None
    return facts.length_of({facts.graph.position[name] for name in tasks})


async def _change(call: Call, command: Command) -> Changed:
    changed: commands.Changed = await call.change(command)
    return Changed(views.run(changed.run, call.now), changed.tasks, changed.kept)


async def task_row(call: Call, run_id: str, task_id: str) -> TaskRow:
    """Raises ProblemError 404."""
    run = await call.run_row(run_id)
    row = await call.read(call.server.reader.task, run.record.run_key, task_id)
    if row is None:
        raise ProblemError(404, f"run {run_id!r} has no task {task_id!r}")
    return row


async def _all_tasks(call: Call, run: RunRow) -> list[TaskRow]:
    if run.counts.total > _INLINE_TASKS_MAX:
        return await asyncio.to_thread(call.server.reader.tasks, run.record.run_key)
    return await call.read(call.server.reader.tasks, run.record.run_key)


async def _wait_for_end(call: Call, run_id: str, wait_s: float) -> RunRow:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + wait_s
    with call.server.live.listen(run_id=run_id) as listener:
        await call.server.live.subscribed()
        while True:
            row = await call.run_row(run_id)
            left_s = deadline - loop.time()
            if row.record.state in RUN_ENDED or left_s <= 0:
                return row
            events = await listener.next(min(left_s, _SAFETY_LOOK_S))
            while events and not any(_may_be_the_end(event) for event in events):
                events = await listener.next(min(max(deadline - loop.time(), 0.0), _SAFETY_LOOK_S))
            if events is None:
                return await call.run_row(run_id)


def _may_be_the_end(event: LiveEvent) -> bool:
    return isinstance(event, Lagged) or (isinstance(event, RunChanged) and event.state in RUN_ENDED)


def _result_bytes(results: Path, row: ResultRow) -> bytes:
    if row.data is not None:
        return row.data
    root = results.resolve()
    path = (root / (row.key or "")).resolve()
    if not path.is_relative_to(root):
        raise ProblemError(404, f"the stored result of {row.task_id!r} lies outside the results folder")
    try:
        return path.read_bytes()
    except OSError:
        raise ProblemError(404, f"the stored result of {row.task_id!r} is gone from the results folder") from None
