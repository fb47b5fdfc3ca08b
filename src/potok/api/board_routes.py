"""Routes of the home: what needs a person, what is next, the night at a glance, search, mutes."""

from __future__ import annotations

import asyncio
from typing import Annotated

import msgspec

from potok.api import views
from potok.api.board import Board
from potok.api.call import Call
from potok.api.dag_routes import Instant, ShortText
from potok.api.planned import upcoming
from potok.api.problem import ProblemError
from potok.api.routing import Routes
from potok.api.search import search
from potok.api.timeline import timeline
from potok.model.answers import Page
from potok.model.board import Found, Mute, Now, Timeline, UpcomingStarts
from potok.scheduler.attention import is_active
from potok.scheduler.commands import DeleteMute, PutMute
from potok.store.board_rows import MuteRow

_DAY_S = 86_400.0
SINCE_MAX_S = 7 * _DAY_S
SPAN_MAX_S = 3 * _DAY_S

routes = Routes()


class NowQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`since`: from when on ended runs are counted, such as the caller's midnight; 24 hours ago without it, at most
    seven days ago. `limit`: how many things that need a person come along."""

    since: Instant | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


class UpcomingQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`until`: up to when starts are counted, at most seven days; 24 hours from now without it.

    `each_once`: of each DAG only its next start.
    """

    each_once: bool = False
    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 10
    until: Instant | None = None


class TimelineQuery(msgspec.Struct, forbid_unknown_fields=True):
    """A span of at most three days; from 6 hours ago until 6 hours from now without it. `limit`: lanes."""

    since: Instant | None = None
    until: Instant | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 40


class SearchQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`q`: parts of names, skipped letters, Cyrillic spelling, the wrong keyboard layout."""

    q: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    limit: Annotated[int, msgspec.Meta(ge=1, le=50)] = 20


class MutePath(msgspec.Struct, forbid_unknown_fields=True):
    """`key` is that of a thing on the home, or `dag:` and a DAG's id for all that concerns it."""

    key: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class MuteBody(msgspec.Struct, forbid_unknown_fields=True):
    """`until`: an instant with its offset; null: until the DAG succeeds next, or until the file loads."""

    until: Instant | None = None
    note: ShortText = ""


@routes.route("GET", "/now", summary="What needs a person now, and how the server is")
async def get_now(call: Call, where: NowQuery) -> Now:
    since = where.since.timestamp() if where.since else call.now - _DAY_S
    if since < call.now - SINCE_MAX_S:
        raise ProblemError(422, "query.since: lies more than seven days back", field="query.since")
    told = await call.board()
    return await asyncio.to_thread(lambda: _board(call).home(told, since, where.limit))


@routes.route("GET", "/upcoming", summary="The next starts over all DAGs")
async def list_upcoming(call: Call, where: UpcomingQuery) -> UpcomingStarts:
    until = where.until.timestamp() if where.until else call.now + _DAY_S
    if until > call.now + SINCE_MAX_S:
        raise ProblemError(422, "query.until: lies more than seven days ahead", field="query.until")
    return await asyncio.to_thread(lambda: upcoming(_board(call), where.limit, until, where.each_once))


@routes.route("GET", "/timeline", summary="What ran and what is planned, DAG by DAG, and how busy the slots were")
async def get_timeline(call: Call, where: TimelineQuery) -> Timeline:
    since = where.since.timestamp() if where.since else call.now - _DAY_S / 4
    until = where.until.timestamp() if where.until else call.now + _DAY_S / 4
    if not 0 < until - since <= SPAN_MAX_S:
        raise ProblemError(422, "query.until: must lie after since, at most three days", field="query.until")
    told = await call.board()
    return await asyncio.to_thread(lambda: timeline(_board(call), told, since, until, where.limit))


@routes.route("GET", "/search", summary="DAGs, runs and tasks by a part of their name")
async def find(call: Call, where: SearchQuery) -> Page[Found]:
    return Page(await asyncio.to_thread(lambda: search(_board(call), where.q, where.limit)))


@routes.route("GET", "/mutes", summary="What is muted now")
async def list_mutes(call: Call) -> Page[Mute]:
    rows = await call.read(call.server.reader.mutes)
    return Page([_mute(row) for row in rows if is_active(row, call.now)])


@routes.route("PUT", "/mutes/{key}", summary="Say nothing more of a thing for a while")
async def put_mute(call: Call, where: MutePath, body: MuteBody) -> None:
    await call.do(PutMute(where.key, call.actor, body.until.timestamp() if body.until else None, body.note))


@routes.route("DELETE", "/mutes/{key}", summary="Tell of it again")
async def delete_mute(call: Call, where: MutePath) -> None:
    await call.do(DeleteMute(where.key, call.actor))


def _board(call: Call) -> Board:
    return Board(call.server.reader, call.server.board, call.now)


def _mute(row: MuteRow) -> Mute:
    return Mute(row.key, views.instant_or_none(row.until), views.instant(row.muted_at), row.muted_by, row.note)
