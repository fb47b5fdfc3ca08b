"""The route that forges call: no token, a signature instead. What it answers to strangers tells them nothing."""

from __future__ import annotations

import secrets
from fnmatch import fnmatchcase

import msgspec

from potok.api.auth import caller
from potok.api.body import read_body
from potok.api.call import Call
from potok.api.dag_routes import DagPath
from potok.api.forge import Ignored, Signature, read_push, signature_of
from potok.api.problem import ProblemError
from potok.api.routing import Routes
from potok.model.answers import HookAnswer
from potok.model.errors import StoreError
from potok.model.trigger import Event, OnPush
from potok.scheduler.commands import PushTaken, TakePush
from potok.scheduler.vault import Vault

HOOK_BODY_MAX_BYTES = 5 * 1024 * 1024  # GitHub tells of up to 2,048 commits with their files
HOOKS = "/hooks/"
HOOK_ACTOR = "webhook"
_STRANGER = "the signature is missing or does not fit"
# Compared with where there is no secret, so that a DAG without a trigger takes as long as one with.
_NOBODYS_SECRET = secrets.token_hex()

routes = Routes()


@routes.route(
    "POST",
    "/hooks/{dag_id}",
    summary="A forge tells of a push",
    statuses=(201, 200, 202),
    errors=(413, 429),
    is_open=True,
)
async def take_push(call: Call, where: DagPath) -> HookAnswer:
    """201: a run was started. 200: the delivery is known, or a ping. 202: starts nothing now, `note` says why.

    The body is the push as GitHub, GitLab, Gitea or Forgejo send it, signed as they sign it; or a JSON object with
    `commit` and, if known, `branch`, `before`, `repository`, `url`, `files`, `by`, signed by the header
    `X-Potok-Signature: sha256=…`, the HMAC-SHA256 of `<X-Potok-Timestamp>.<body>`.
    """
    body = await read_body(call.request, HOOK_BODY_MAX_BYTES)
    signature = signature_of(call.request.headers)
    fitting = await _fitting(call, where.dag_id, signature, body)
    if signature is None or not fitting:
        call.server.failed_logins.count(caller(call.request), call.now)
        raise ProblemError(401, _STRANGER)
    event = read_push(signature, call.request.headers, body, call.now)
    if isinstance(event, Ignored):
        call.status = 200 if event.is_ping else 202
        return HookAnswer(note=event.why)
    trigger, why = _wanted(fitting, event)
    if trigger is None:
        call.status = 202
        return HookAnswer(note=why)
    taken = await call.server.ask(TakePush(where.dag_id, trigger.key, HOOK_ACTOR, event), PushTaken)
    call.status = 202 if taken.run is None else 201 if taken.created else 200
    return HookAnswer(taken.run.record.run_id if taken.run else None, taken.created, taken.note)


async def _fitting(call: Call, dag_id: str, signature: Signature | None, body: bytes) -> list[OnPush]:
    """The triggers of the DAG whose secret the call was signed with."""
    reader = call.server.reader
    row = await call.read(reader.dag, dag_id)
    version = await call.read(reader.load_version, dag_id, row.bundle) if row is not None and row.present else None
    if signature is None:
        return []
    triggers = [each for each in version.dag.triggers if isinstance(each, OnPush)] if version is not None else []
    if not triggers:
        signature.fits(_NOBODYS_SECRET, body, call.now)
    return [each for each in triggers if signature.fits(await _secret(call, each.secret), body, call.now)]


async def _secret(call: Call, name: str) -> str:
    """What the signature has to fit: where there is no such secret, something that nobody knows."""
    row = await call.read(call.server.reader.variable, name)
    if row is None or not row.secret:
        return _NOBODYS_SECRET
    try:
        value = msgspec.json.decode(Vault(call.server.settings.home).open(row.sealed))
    except StoreError:
        return _NOBODYS_SECRET
    return value if isinstance(value, str) and value else _NOBODYS_SECRET


def _wanted(triggers: list[OnPush], event: Event) -> tuple[OnPush | None, str]:
    """The first trigger that waits for this push, or why none does."""
    mine = [each for each in triggers if not each.repository or each.repository.lower() == event.repository.lower()]
    if not mine:
        return None, f"no trigger of this DAG waits for pushes to {event.repository or 'a repository without a name'}"
    for trigger in mine:
        if not trigger.branches or any(fnmatchcase(event.branch, pattern) for pattern in trigger.branches):
            return trigger, ""
    return None, f"branch {event.branch!r} is left out: the trigger waits for {' or '.join(mine[0].branches)}"
