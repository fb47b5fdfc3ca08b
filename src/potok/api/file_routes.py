"""Routes of files that results name: what a run has of them, and the way to each for who has a session."""

from __future__ import annotations

import asyncio
from typing import Annotated
from urllib.parse import quote

import msgspec
from starlette.responses import Response

from potok.api import result_folder
from potok.api.auth import FILES_LINK_VALID_S, FilesSeal
from potok.api.call import Call
from potok.api.file_pages import ROOT
from potok.api.problem import ProblemError
from potok.api.routing import Routes, Streamed
from potok.api.run_routes import RunPath
from potok.api.views import instant
from potok.model.answers import Page
from potok.model.result_files import FilesRecord, FilesState, ResultFiles
from potok.store.rows import RunFilesRow

routes = Routes()

_RESULTS_MAX = 200
_SHOWN_MAX = 500


class FilesPath(msgspec.Struct, forbid_unknown_fields=True):
    """`number` counts the files of the result from 0."""

    run_id: str
    task_id: str
    number: Annotated[int, msgspec.Meta(ge=0, le=999_999)]


@routes.route("GET", "/runs/{run_id}/files", summary="Files that the results of a run name")
async def list_files(call: Call, where: RunPath) -> Page[ResultFiles]:
    """By the tasks' positions. Each with a link that needs no session for twelve hours."""
    run = await call.run_row(where.run_id)
    rows = await call.read(call.server.reader.files_of_run, run.record.run_key, _RESULTS_MAX)
    return Page(await asyncio.to_thread(_views, call, where.run_id, rows))


@routes.route(
    "GET",
    "/runs/{run_id}/tasks/{task_id}/files/{number}",
    summary="To the files that a result names",
    statuses=(303,),
    errors=(403, 410),
)
async def open_files(call: Call, where: FilesPath) -> Streamed:
    """Leads to a sealed address that shows them for twelve hours."""
    run = await call.run_row(where.run_id)
    row = await call.read(call.server.reader.result, run.record.run_key, where.task_id)
    if row is None or row.files is None or where.number >= len(row.files):
        raise ProblemError(404, f"the result of task {where.task_id!r} of run {where.run_id!r} names no such files")
    record = row.files[where.number]
    settings = call.server.settings
    standing = await asyncio.to_thread(result_folder.standing, record, settings.result_roots, settings.home)
    if standing.state is not FilesState.READY:
        raise ProblemError(403 if standing.state is FilesState.REFUSED else 410, standing.problem)
    address = _address(call, FilesSeal(where.run_id, where.task_id, where.number), record)
    return Response(status_code=303, headers={"Location": address})


def _views(call: Call, run_id: str, rows: list[RunFilesRow]) -> list[ResultFiles]:
    found = [
        _view(call, FilesSeal(run_id, row.task_id, number), record)
        for row in rows
        for number, record in enumerate(row.files)
    ]
    return found[:_SHOWN_MAX]


def _view(call: Call, files: FilesSeal, record: FilesRecord) -> ResultFiles:
    settings = call.server.settings
    standing = result_folder.standing(record, settings.result_roots, settings.home)
    is_ready = standing.state is FilesState.READY
    run, task = quote(files.run_id, safe=""), quote(files.task_id, safe="")
    return ResultFiles(
        task_id=files.task_id,
        number=files.number,
        title=record.name,
        path=record.path,
        is_folder=record.is_folder,
        count=record.count,
        size=record.size,
        state=standing.state,
        problem=standing.problem,
        open=f"{settings.path_prefix}/api/v1/runs/{run}/tasks/{task}/files/{files.number}",
        link=_address(call, files, record) if is_ready else "",
        link_until=instant(_until(call)) if is_ready else None,
    )


def _address(call: Call, files: FilesSeal, record: FilesRecord) -> str:
    settings = call.server.settings
    seal = files.make(settings.token, _until(call))
    run, task = quote(files.run_id, safe=""), quote(files.task_id, safe="")
    name = "" if record.is_folder else quote(record.real.rpartition("/")[2], safe="")
    return f"{settings.path_prefix}{ROOT}{seal}/{run}/{task}/{files.number}/{name}"


def _until(call: Call) -> float:
    return call.now + FILES_LINK_VALID_S
