"""Sources that are elsewhere: a commit of a git repository, near or far, checked out into a folder of the cache.

Runs git. Credentials never stand in its arguments: what an address holds of them goes by the environment.
"""

import os
import re
import shutil
import subprocess
import time
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

_SCP: Final = re.compile(r"[\w.-]+@[\w.-]+:")
_TIMEOUT_S: Final = 3600
# Checkouts beyond this go, the longest unused first; one that was used within the hour may be in use still.
_KEPT: Final = 8
_IN_USE_S: Final = 3600
_FOLDER: Final = "sources"

_SENTENCES: Final = {
    "no-git": "git is not there, and {address} needs it. Install git, or give a folder with the sources.",
    "no-folder": "There is nothing at {address}. Give a folder with sources or the address of a git repository.",
    "no-repository": "{address} is in no git repository, so there is no {ref}. Leave it out to read the folder itself.",
    "no-ref": "{address} has no {ref}: {reason}. Give a commit, a branch or a tag that is there.",
    "no-path": "{ref} of {address} has no folder {path}.",
    "not-fetched": "{ref} of {address} was not fetched: {reason}",
}  # fmt: skip


class RepositoryError(Exception):
    """Sources cannot be brought. `code` and `blanks` make the sentence in another language."""

    def __init__(self, code: str, **blanks: str) -> None:
        self.code = code
        self.blanks = blanks
        super().__init__(_SENTENCES[code].format(**blanks))

    def __reduce__(self) -> tuple[object, ...]:
        """Steps run in processes of their own: the error travels home whole."""
        return _again, (self.code, self.blanks)


def _again(code: str, blanks: dict[str, str]) -> RepositoryError:
    return RepositoryError(code, **blanks)


def is_address(source: str) -> bool:
    """Whether git knows how to fetch it from elsewhere: `https://…`, `ssh://…`, `git@host:path`."""
    return "://" in source or _SCP.match(source) is not None


def source_at(source: str, ref: str, cache: Path) -> Path:
    """The folder to read for a path or an address and, with a `ref`, for that commit. Raises RepositoryError.

    A checkout stays in `cache` for the next time: its files keep their times where nothing has changed.
    """
    if is_address(source):
        return _fetched(source, ref or "HEAD", cache)
    folder = Path(source).expanduser()
    if not folder.exists():
        raise RepositoryError("no-folder", address=str(folder))
    return _checked_out(folder.resolve(), ref, cache) if ref else folder.resolve()


def split_ref(source: str) -> tuple[str, str]:
    """`PATH@REF` as both parts; a path that exists as it is written has none, nor has an address without one.

    >>> split_ref("https://git.example.org/erp.git@v2")
    ('https://git.example.org/erp.git', 'v2')
    >>> split_ref("git@git.example.org:erp.git")
    ('git@git.example.org:erp.git', '')
    """
    head, at, ref = source.rpartition("@")
    if not at or not head or not ref or Path(source).exists():
        return source, ""
    if "://" in source and "/" not in head.partition("://")[2]:
        return source, ""
    if not is_address(source) and not Path(head).exists():
        return source, ""
    return (source, "") if _SCP.match(source) and "@" not in head else (head, ref)


def commit_of(folder: Path, ref: str) -> str:
    """The commit that a ref means in the repository of a folder. Raises RepositoryError."""
    told = _run(folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}"], str(folder), ref)
    if told.returncode:
        inside = _run(folder, ["rev-parse", "--git-dir"], str(folder), ref).returncode == 0
        reason = told.stderr.strip() or "no such commit"
        raise RepositoryError("no-ref" if inside else "no-repository", address=str(folder), ref=ref, reason=reason)
    return told.stdout.strip()


def changed_since(folder: Path, commit: str) -> frozenset[str] | None:
    """Paths below `folder` that may differ from a commit, folders with `/` at the end; None when git cannot tell.

    Among them is whatever git does not look into: files that it does not track or was told to leave out, submodules.
    """
    found: set[str] = set()
    diff = ["diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--relative", commit, "--", "."]
    for words in (diff, ["ls-files", "--others", "-z", "--", "."], ["ls-files", "-v", "--stage", "-z", "--", "."]):
        told = _run(folder, words, str(folder), commit)
        if told.returncode:
            return None
        lines = [line for line in told.stdout.split("\0") if line]
        found.update(map(_unseen, lines) if "-v" in words else lines)
    return frozenset(found - {""})


def _unseen(line: str) -> str:
    """Of `H 100644 DIGEST 0<tab>path` the path when git does not look into it: H is a file that it does look at."""
    facts, _, path = line.partition("\t")
    tag, mode = facts.split()[:2]
    if mode == "160000":
        return f"{path}/"
    return "" if tag == "H" else path


def _checked_out(folder: Path, ref: str, cache: Path) -> Path:
    """Objects are borrowed from the repository itself: nothing is copied but the files, nothing in it is touched."""
    commit = commit_of(folder, ref)
    told = _run(folder, ["rev-parse", "--show-toplevel", "--git-path", "objects", "--git-path", "shallow"], "", ref)
    top, objects, shallow = told.stdout.rstrip("\n").split("\n")
    place = _place(cache, f"{top}@{commit}", Path(top).name)
    if not (place / ".git").is_dir():
        staged = place.with_name(f".{place.name}.{os.getpid()}")
        _begin(staged, top, ref)
        (staged / ".git" / "objects" / "info" / "alternates").write_text(f"{(folder / objects).resolve()}\n")
        if (folder / shallow).is_file():
            shutil.copyfile(folder / shallow, staged / ".git" / "shallow")
        remote = _run(folder, ["config", "remote.origin.url"], "", ref).stdout.strip()
        if remote:
            _told(staged, ["config", "remote.origin.url", _plain(remote)[0]], top, ref)
        _told(staged, ["checkout", "--quiet", "--force", "--detach", commit], top, ref)
        staged.rename(place)
    _let_go(place)
    inside = place / folder.relative_to(top)
    if not inside.exists():
        raise RepositoryError("no-path", address=top, ref=ref, path=str(folder.relative_to(top)))
    return inside


def _fetched(address: str, ref: str, cache: Path) -> Path:
    """One commit and nothing of its history."""
    plain, secret = _plain(address)
    name = plain.rstrip("/").replace(":", "/").rpartition("/")[2].removesuffix(".git") or "source"
    place = _place(cache, f"{plain}@{ref}", name)
    if not (place / ".git").is_dir():
        staged = place.with_name(f".{place.name}.{os.getpid()}")
        _begin(staged, plain, ref)
        _told(staged, ["config", "remote.origin.url", plain], plain, ref)
        staged.rename(place)
    _told(place, ["fetch", "--quiet", "--no-tags", "--depth=1", "--", "origin", ref], plain, ref, secret)
    _told(place, ["checkout", "--quiet", "--force", "--detach", "FETCH_HEAD"], plain, ref, secret)
    _told(place, ["clean", "--quiet", "-dffx"], plain, ref)
    _let_go(place)
    return place


def _place(cache: Path, identity: str, name: str) -> Path:
    digest = blake2b(identity.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
    return cache / _FOLDER / digest / name


def _begin(folder: Path, address: str, ref: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _told(folder, ["init", "--quiet"], address, ref)
    # the same bytes as in the repository, whatever this machine does with line breaks
    _told(folder, ["config", "core.autocrlf", "false"], address, ref)


def _let_go(place: Path) -> None:
    """Of the checkouts that nobody used of late."""
    os.utime(place.parent)
    others = sorted(place.parents[1].iterdir(), key=lambda each: each.stat().st_mtime, reverse=True)
    for old in others[_KEPT:]:
        if time.time() - old.stat().st_mtime > _IN_USE_S:
            shutil.rmtree(old, ignore_errors=True)


def _plain(address: str) -> tuple[str, str]:
    """The address without what nobody may see, and that as a header for git."""
    parts = urlsplit(address) if "://" in address else None
    if parts is None or parts.scheme not in ("http", "https") or "@" not in parts.netloc:
        return address, ""
    secret = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    plain = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, parts.fragment))
    return plain, f"Authorization: Basic {b64encode(secret.encode()).decode()}"


def _told(folder: Path, words: Sequence[str], address: str, ref: str, secret: str = "") -> None:
    done = _run(folder, words, address, ref, secret)
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or [f"git ended with {done.returncode}"]
        raise RepositoryError("not-fetched", address=address, ref=ref, reason=reason[0])


def _run(
    folder: Path, words: Sequence[str], address: str, ref: str, secret: str = ""
) -> "subprocess.CompletedProcess[str]":
    command = ["git", "-c", "core.quotepath=false", "-c", "core.longpaths=true", *words]
    try:
        return subprocess.run(
            command, cwd=folder if folder.is_dir() else folder.parent, env=_environment(secret), check=False,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="surrogateescape", timeout=_TIMEOUT_S,
        )  # fmt: skip
    except FileNotFoundError:
        raise RepositoryError("no-git", address=address or str(folder)) from None
    except subprocess.TimeoutExpired:
        raise RepositoryError("not-fetched", address=address, ref=ref, reason="git took more than an hour") from None


def _environment(secret: str) -> Mapping[str, str]:
    """Git asks nobody and speaks English; GIT_DIR of a hook that started this must not lead elsewhere."""
    found = {
        key: value for key, value in os.environ.items() if key not in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
    }
    found |= {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8", "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh"}
    found.setdefault("GIT_SSH_COMMAND", "ssh -oBatchMode=yes")
    if secret:
        found |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.extraHeader", "GIT_CONFIG_VALUE_0": secret}
    return found
