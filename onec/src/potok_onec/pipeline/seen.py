"""What the last reading of a source saw, so that git can tell the next one what it need not look at again."""

from pathlib import Path
from typing import Final

from msgspec import DecodeError, Struct, msgpack

from potok_onec.configuration import Trust
from potok_onec.repository import RepositoryError, changed_since, commit_of

_FILE: Final = "seen.bin"


class State(Struct, frozen=True):
    """A checkout: the commit it is at, and the paths whose contents that commit does not tell."""

    commit: str
    unsure: frozenset[str]


class _Seen(Struct, frozen=True):
    root: str
    state: State
    keys: dict[bytes, bytes]


def state_of(root: Path) -> State | None:
    """None outside of a git repository, and without git."""
    try:
        commit = commit_of(root, "HEAD")
    except RepositoryError:
        return None
    unsure = changed_since(root, commit)
    return State(commit, unsure) if unsure is not None else None


def recall(memory: Path, root: Path, since: str) -> Trust | None:
    """Everything may have changed that differs from the commit read last or from `since`, or that git leaves out.

    None when there is nothing to go by: then every file is looked at. Raises RepositoryError for an unknown `since`.
    """
    asked = changed_since(root, commit_of(root, since))
    try:
        seen = msgpack.decode((memory / _FILE).read_bytes(), type=_Seen)
    except (OSError, DecodeError):
        return None
    changed = changed_since(root, seen.state.commit)
    if asked is None or changed is None or seen.root != str(root):
        return None
    paths = asked | changed | seen.state.unsure
    return Trust(seen.keys, paths, tuple(path for path in paths if path.endswith("/")))


def remember(memory: Path, root: Path, before: State | None, keys: dict[bytes, bytes]) -> None:
    """`before` is the state when the reading began: what changed meanwhile was read in one state or the other."""
    after = state_of(root)
    file = memory / _FILE
    if before is None or after is None or before.commit != after.commit:
        file.unlink(missing_ok=True)
        return
    staged = file.with_suffix(".new")
    staged.write_bytes(msgpack.encode(_Seen(str(root), State(after.commit, before.unsure | after.unsure), keys)))
    staged.replace(file)
