"""Which commit a git checkout stands on, read from the files of its git directory. Never runs git, writes nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from potok.model.errors import PotokError

# While one of these is there, HEAD passes commits that nobody asked for.
UNDER_WAY = {
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase or a series of patches",
    "sequencer": "a series of cherry-picks or reverts",
    "BISECT_LOG": "a bisection",
}
# What tells of another commit within a git directory; the index and the objects are written all the time.
TELLING = frozenset({"HEAD", "packed-refs", "refs", "reftable", *UNDER_WAY})
_HEADS = "refs/heads/"
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SYMBOLIC_MAX = 5


class UnreadableCheckoutError(PotokError):
    """The commit of a checkout cannot be told; the sentence says why and how to mend it."""


class Head(NamedTuple):
    """`commit` is empty before the first one, `ref` and `branch` while HEAD is detached. `under_way`: what git does."""

    commit: str
    ref: str = ""
    branch: str = ""
    under_way: str = ""


class GitFolders(NamedTuple):
    """`own` holds HEAD, `common` the refs: two folders in a worktree that was added, else the same one."""

    own: Path
    common: Path


def git_folders(checkout: Path) -> GitFolders:
    """The git directories of a checkout, an added worktree, a submodule or a bare repository."""
    if not checkout.is_dir():
        raise UnreadableCheckoutError(f"the checkout {checkout} is not there; clone it to this place")
    own = _git_directory(checkout)
    if not own.is_dir():
        raise UnreadableCheckoutError(f"{checkout} names {own} as its git directory, which is not there")
    told = own / "commondir"
    common = own / _line(told) if told.is_file() else own
    return GitFolders(own, Path(common).resolve())


def read_head(folders: GitFolders) -> Head:
    """What HEAD names now. Raises UnreadableCheckoutError."""
    under_way = next((name for sign, name in UNDER_WAY.items() if (folders.own / sign).exists()), "")
    told = _line(folders.own / "HEAD")
    ref = ""
    for _ in range(_SYMBOLIC_MAX):
        if not told.startswith("ref:"):
            break
        ref = told.removeprefix("ref:").strip()
        told = _ref(folders, ref)
    if told and not _COMMIT.fullmatch(told):
        raise UnreadableCheckoutError(f"{folders.own / 'HEAD'} leads to {told[:60]!r}, which is no commit")
    return Head(told, ref, ref.removeprefix(_HEADS) if ref.startswith(_HEADS) else "", under_way)


def telling_folders(folders: GitFolders) -> list[Path]:
    """The folders below `refs/heads` that the ref of HEAD goes through, as far as they are there."""
    told = _line(folders.own / "HEAD")
    found: list[Path] = []
    folder = folders.common / "refs"
    for part in ("heads", *told.removeprefix("ref:").strip().removeprefix(_HEADS).split("/")[:-1]):
        folder = folder / part
        if not folder.is_dir():
            break
        found.append(folder)
    return found


def _git_directory(checkout: Path) -> Path:
    place = checkout / ".git"
    if place.is_dir():
        return place.resolve()
    if place.is_file():
        told = _line(place)
        if told.startswith("gitdir:"):
            return (checkout / told.removeprefix("gitdir:").strip()).resolve()
        raise UnreadableCheckoutError(f"{place} does not name a git directory")
    if (checkout / "HEAD").is_file() and (checkout / "objects").is_dir():
        return checkout.resolve()
    above = next((folder for folder in checkout.resolve().parents if (folder / ".git").exists()), None)
    hint = f"it lies in the checkout {above}: name that one" if above else "clone a repository there, or run git init"
    raise UnreadableCheckoutError(f"{checkout} is not a git checkout; {hint}")


def _ref(folders: GitFolders, ref: str) -> str:
    """What the ref holds; empty when there is no such ref. A loose file goes before the packed ones."""
    if (folders.common / "reftable").is_dir():
        raise UnreadableCheckoutError(
            f"{folders.common} keeps its refs as a reftable; run `git refs migrate --ref-format=files` in it"
        )
    if ref.startswith("/") or ".." in ref:
        raise UnreadableCheckoutError(f"{folders.own / 'HEAD'} names {ref!r}, which is no ref")
    try:
        return _text(folders.common / ref).strip()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return _packed(folders.common / "packed-refs", ref)


def _packed(file: Path, ref: str) -> str:
    try:
        lines = _text(file).splitlines()
    except FileNotFoundError:
        return ""
    ending = f" {ref}"
    return next((line.removesuffix(ending) for line in lines if line.endswith(ending)), "")


def _line(file: Path) -> str:
    try:
        return _text(file).strip()
    except FileNotFoundError:
        raise UnreadableCheckoutError(f"{file} is not there, so this is no git checkout any more") from None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except PermissionError as error:
        raise UnreadableCheckoutError(f"{file} may not be read by the server: {error.strerror}") from None
