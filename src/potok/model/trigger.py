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


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a trigger saw, and what a run that it started was started by.

    `path` is absolute. `before` is the commit of the run that this trigger started before; at a folder, `files` are
    what differs since then (the first of them, relative to it) and `files_count` is how many. `delivery` is the
    forge's own name for its call, `by` who pushed.
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
