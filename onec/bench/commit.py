"""The last commit of a checkout made again in a copy of its files, so that the checkout stays as it is."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


class Replayed(NamedTuple):
    """A repository of one commit with the state before; `commit` makes the second one of the `changed` files."""

    folder: Path
    changed: list[str]
    after: dict[str, bytes]

    def commit(self) -> None:
        for name in self.changed:
            place = self.folder / name
            if name in self.after:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(self.after[name])
            else:
                place.unlink()
        _commit(self.folder, "After")


@contextmanager
def replayed(source: Path, folder: Path) -> Iterator[Replayed]:
    """`folder` is made and goes at the end. Raises CalledProcessError when the last commit has none before it."""
    listed = _git(source, "diff", "-z", "--no-renames", "--name-status", "HEAD~1", "HEAD").decode().split("\0")
    states = dict(zip(listed[1::2], listed[::2], strict=False))
    shutil.copytree(source, folder, ignore=lambda where, names: [".git"] if Path(where) == source else [])
    after = {name: (folder / name).read_bytes() for name, state in states.items() if state != "D"}
    for name, state in states.items():
        (folder / name).unlink(missing_ok=True)
        if state != "A":
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(_git(source, "cat-file", "--filters", f"HEAD~1:{name}"))
    _git(folder, "init", "--quiet")
    _commit(folder, "Before")
    try:
        yield Replayed(folder, list(states), after)
    finally:
        shutil.rmtree(folder)


def _commit(folder: Path, message: str) -> None:
    _git(folder, "add", "--all")
    person = ("-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "commit.gpgsign=false")
    _git(folder, *person, "commit", "--quiet", "--message", message)


def _git(folder: Path, *words: str) -> bytes:
    settings = ("-c", "core.autocrlf=false", "-c", "core.safecrlf=false", "-c", "core.quotepath=false")
    return subprocess.run(["git", "-C", str(folder), *settings, *words], capture_output=True, check=True).stdout
