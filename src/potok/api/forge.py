"""Pushes as forges tell of them: which signature a call carries, whether it is right, what was pushed. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, TypeVar

import msgspec

from potok.model.errors import InvalidError
from potok.model.trigger import FILES_MAX, Event

_Decoded = TypeVar("_Decoded", bound=msgspec.Struct)

REPLAY_WINDOW_S = 300.0
DELIVERY_MAX_CHARS = 200
_NO_COMMIT = frozenset("0")
_HEADS = "refs/heads/"
# GitHub leaves the others out; the other forges tell how many there are.
_COMMITS_MAX = 2048

Form = Literal["potok", "gitea", "github", "gitlab"]
# Gitea sends GitHub's headers too, so that its own go first.
_SIGNATURES: tuple[tuple[Form, str], ...] = (
    ("potok", "x-potok-signature"),
    ("gitea", "x-gitea-signature"),
    ("gitea", "x-forgejo-signature"),
    ("github", "x-hub-signature-256"),
    ("gitlab", "x-gitlab-token"),
)
_EVENTS = ("x-gitea-event", "x-forgejo-event", "x-github-event", "x-gitlab-event")
_DELIVERIES = (
    "x-gitea-delivery",
    "x-forgejo-delivery",
    "x-github-delivery",
    "idempotency-key",
    "x-gitlab-event-uuid",
)


class Ignored(NamedTuple):
    """A call that is rightly signed and starts nothing, with the reason. `is_ping`: it only tries the webhook."""

    why: str
    is_ping: bool = False


class Signature(NamedTuple):
    """What a call shows of the secret: `given` is a digest of the body, for GitLab the secret itself."""

    form: Form
    given: str
    timestamp: str = ""

    def fits(self, secret: str, body: bytes, now: float) -> bool:
        """Whether who called knows the secret; a call of the form `potok` is right for five minutes only."""
        key = secret.encode()
        if self.form == "gitlab":
            return hmac.compare_digest(_sent(self.given), key)
        signed = body
        if self.form == "potok":
            if not self.timestamp.isascii() or not self.timestamp.isdigit() or len(self.timestamp) > 12:
                return False
            if abs(now - int(self.timestamp)) > REPLAY_WINDOW_S:
                return False
            signed = f"{self.timestamp}.".encode() + body
        right = hmac.new(key, signed, hashlib.sha256).hexdigest()
        return hmac.compare_digest(_sent(self.given.removeprefix("sha256=")), right.encode())


def _sent(header: str) -> bytes:
    """The bytes of a header as they were sent."""
    return header.encode("latin-1", "replace")


def signature_of(headers: Mapping[str, str]) -> Signature | None:
    """None when the call carries none. Names of headers are in small letters."""
    for form, header in _SIGNATURES:
        if header in headers:
            return Signature(form, headers[header].strip(), headers.get("x-potok-timestamp", "").strip())
    return None


class _Commit(msgspec.Struct):
    added: list[str] | None = None
    modified: list[str] | None = None
    removed: list[str] | None = None


class _Repository(msgspec.Struct):
    full_name: str = ""
    clone_url: str = ""


class _Project(msgspec.Struct):
    path_with_namespace: str = ""
    git_http_url: str = ""


class _Pusher(msgspec.Struct):
    name: str = ""
    login: str = ""
    username: str = ""


class _Push(msgspec.Struct):
    """The parts of the forges' push payloads that are used; what one of them lacks is empty."""

    ref: str = ""
    before: str = ""
    after: str = ""
    forced: bool = False
    commits: list[_Commit] | None = None
    total_commits: int = 0
    total_commits_count: int = 0
    repository: _Repository = msgspec.field(default_factory=_Repository)
    project: _Project = msgspec.field(default_factory=_Project)
    pusher: _Pusher = msgspec.field(default_factory=_Pusher)
    user_username: str = ""


class _Plain(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a call of the form `potok`. Without `files`, what changed is not known."""

    commit: str
    ref: str = ""
    branch: str = ""
    before: str = ""
    repository: str = ""
    url: str = ""
    by: str = ""
    files: list[str] = []


def read_push(signature: Signature, headers: Mapping[str, str], body: bytes, now: float) -> Event | Ignored:
    """What was pushed. Raises InvalidError for a body that is no push."""
    delivery = next((headers[name] for name in _DELIVERIES if headers.get(name)), "")
    if signature.form == "potok" or not delivery:
        delivery = hashlib.sha256(f"{signature.timestamp}.".encode() + body).hexdigest()
    if signature.form == "potok":
        return _plain(_decoded(body, _Plain), delivery, now)
    kind = next((headers[name] for name in _EVENTS if headers.get(name)), "")
    if kind.lower() == "ping":
        return Ignored("the webhook works", is_ping=True)
    if kind.lower() not in ("push", "push hook"):
        return Ignored(f"an event {kind!r} starts nothing; only a push does")
    return _pushed(_decoded(body, _Push), delivery[:DELIVERY_MAX_CHARS], now)


def _decoded(body: bytes, wanted: type[_Decoded]) -> _Decoded:
    try:
        return msgspec.json.decode(body, type=wanted)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidError(
            f"the body is no push: {error}; let the webhook send JSON (application/json)", field="body"
        ) from None


def _pushed(push: _Push, delivery: str, now: float) -> Event | Ignored:
    if not push.ref.startswith(_HEADS):
        return Ignored(f"{push.ref or 'the push'} is no branch; only a push to a branch starts a run")
    branch = push.ref.removeprefix(_HEADS)
    if not _commit(push.after):
        return Ignored(f"branch {branch} was deleted")
    before = _commit(push.before)
    files = _files(push) if before else ()
    return Event(
        "push",
        now,
        commit=push.after,
        before=before,
        branch=branch,
        ref=push.ref,
        url=push.repository.clone_url or push.project.git_http_url,
        repository=push.repository.full_name or push.project.path_with_namespace,
        delivery=delivery,
        by=push.user_username or push.pusher.login or push.pusher.username or push.pusher.name,
        files=files,
        files_count=len(files),
    )


def _plain(push: _Plain, delivery: str, now: float) -> Event:
    ref = push.ref or (f"{_HEADS}{push.branch}" if push.branch else "")
    files = _bounded(push.files)
    return Event(
        "push",
        now,
        commit=push.commit,
        before=_commit(push.before),
        branch=ref.removeprefix(_HEADS) if ref.startswith(_HEADS) else push.branch,
        ref=ref,
        url=push.url,
        repository=push.repository,
        delivery=delivery,
        by=push.by,
        files=files,
        files_count=len(files),
    )


def _commit(name: str) -> str:
    """Forges write zeros for the commit before the first and after the last one."""
    return "" if set(name) <= _NO_COMMIT else name


def _files(push: _Push) -> tuple[str, ...]:
    """None when the payload does not tell of every commit, or when commits were taken back."""
    commits = push.commits or []
    told = max(push.total_commits, push.total_commits_count)
    if push.forced or told > len(commits) or len(commits) >= _COMMITS_MAX:
        return ()
    return _bounded(
        file for commit in commits for part in (commit.added, commit.modified, commit.removed) for file in part or ()
    )


def _bounded(files: Iterable[str]) -> tuple[str, ...]:
    found = tuple(sorted(set(files)))
    return found if len(found) <= FILES_MAX else ()
