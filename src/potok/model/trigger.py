"""What starts a run besides the schedule and people: a commit, a change of a folder, a push to a forge."""

from __future__ import annotations

import msgspec

COMMIT_FIELDS = ("commit", "before", "branch", "ref", "path")
CHANGE_FIELDS = ("path", "files")
PUSH_FIELDS = ("commit", "before", "branch", "ref", "url", "repository", "files")


class OnCommit(msgspec.Struct, frozen=True, tag="commit", omit_defaults=True):
    """HEAD of the git checkout (or bare repository) at `path` names another commit than before.

    `branches` are shell patterns, none is every branch. `params` fills params of the run with fields of the event.
    """

    path: str
    branches: tuple[str, ...] = ()
    params: dict[str, str] = {}

    @property
    def key(self) -> str:
        """What the trigger is known by from one version of its DAG to the next."""
        return f"commit {self.path}"

    @property
    def text(self) -> str:
        """The trigger as people read it."""
        return f"commit in {self.path}{_on(self.branches)}"


class OnChange(msgspec.Struct, frozen=True, tag="change", omit_defaults=True):
    """A file below the folder `path` is new, changed or gone, and all of them have been left alone for `quiet_s`.

    `ignore` are patterns as in `.potokignore`.
    """

    path: str
    ignore: tuple[str, ...] = ()
    quiet_s: float = 1.0
    params: dict[str, str] = {}

    @property
    def key(self) -> str:
        return f"change {self.path}"

    @property
    def text(self) -> str:
        return f"change in {self.path}"


class OnPush(msgspec.Struct, frozen=True, tag="push", omit_defaults=True):
    """A push to a forge, told by a webhook that is signed with the secret variable named `secret`."""

    secret: str
    repository: str = ""
    branches: tuple[str, ...] = ()
    params: dict[str, str] = {}

    @property
    def key(self) -> str:
        return f"push {self.repository} {self.secret}"

    @property
    def text(self) -> str:
        return f"push{f' to {self.repository}' if self.repository else ''}{_on(self.branches)}"


Trigger = OnCommit | OnChange | OnPush


def _on(branches: tuple[str, ...]) -> str:
    return f" on {' or '.join(branches)}" if branches else ""


FILES_MAX = 1000  # of an event; a longer list would only say "everything"
_FILES_KEPT = 20


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a trigger saw, and so what a run was started by.

    `path` is absolute. `before` is the commit for which this trigger started its last run, empty before the first.
    `files` are those that differ since then, relative to the folder or repository: none when they are more than 1,000
    or not known, and then `files_count` is their number or 0. `delivery` is the forge's own name for its call, `by`
    who pushed.
    """

    kind: str
    at: float
    path: str = ""
    commit: str = ""
    before: str = ""
    branch: str = ""
    ref: str = ""
    url: str = ""
    repository: str = ""
    delivery: str = ""
    by: str = ""
    files: tuple[str, ...] = ()
    files_count: int = 0

    def field(self, name: str) -> object:
        """The value of a param that is mapped to `name`."""
        value: object = getattr(self, name)
        return list(value) if isinstance(value, tuple) else value

    def brief(self) -> Event:
        """As it is kept with the run, whose params may hold all files."""
        return msgspec.structs.replace(self, files=self.files[:_FILES_KEPT]) if self.files else self

    @property
    def text(self) -> str:
        """The event in a few words: `commit 1a2b3c4 on main in /srv/erp`."""
        where = f" on {self.branch}" if self.branch else ""
        if self.kind == "change":
            files = f"{self.files_count} file{'s' if self.files_count != 1 else ''}" if self.files_count else "files"
            return f"{files} changed in {self.path}"
        if self.kind == "push":
            to = f" of {self.repository}" if self.repository else ""
            return f"push of {self.commit[:7]}{where}{to}{f' by {self.by}' if self.by else ''}"
        return f"commit {self.commit[:7]}{where} in {self.path}"


class Sighting(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a trigger's thing is now. `state` names it: a commit, the digest of a folder, a delivery; empty: not there.

    `state` None: it cannot be told now, and `trouble` is the sentence that says why.
    """

    state: str | None
    event: Event | None = None
    trouble: str = ""


class Mark(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept of a trigger of a DAG. `state` is what a run was last started for, or what was there at first.

    `waiting` is the newest sighting that no run was started for yet. `trouble`: why its thing cannot be seen,
    since `trouble_at`; `refused`: why the last event started no run.
    """

    state: str = ""
    seen_at: float | None = None
    waiting: Sighting | None = None
    run_id: str = ""
    started_at: float | None = None
    trouble: str = ""
    trouble_at: float | None = None
    refused: str = ""
