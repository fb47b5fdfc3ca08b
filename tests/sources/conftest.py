"""A DAG folder and the sources that read it."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from textwrap import dedent

import pytest

from potok.sources.catalogue import Found
from potok.sources.sources import Sources
from potok.sources.watch import FolderWatch

Write = Callable[[str, str], Path]
GOOD = "from potok import task\n@task\ndef {name}(): ...\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "dags"
    folder.mkdir()
    return folder


@pytest.fixture
def write(root: Path) -> Write:
    """`write("a/b.py", text)` puts a file into the DAG folder."""

    def put(name: str, text: str) -> Path:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"))
        return path

    return put


@pytest.fixture
def sources(root: Path, tmp_path: Path) -> Sources:
    return Sources(root, tmp_path / "home", known_pools=lambda: {"ml_training"}, known_queues=lambda: {"gpu"})


class Watched:
    """Sources that watch; `next` is the folder after the next change that matters."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._changes: asyncio.Queue[Found] = asyncio.Queue()
        self.task: asyncio.Task[None] | None = None

    async def start(self) -> Found:
        found = await self.sources.load()
        self.task = asyncio.create_task(self.sources.watch(self._changes.put_nowait))
        return found

    async def next(self) -> Found:
        return await asyncio.wait_for(self._changes.get(), 30)

    def quiet(self) -> bool:
        """Whether nothing was told that nobody has taken."""
        return self._changes.empty()

    async def until(self, holds: Callable[[Found], bool]) -> Found:
        """The first folder for which it holds: a change may be seen in two halves."""
        while True:
            found = await self.next()
            if holds(found):
                return found


@pytest.fixture
async def watched(sources: Sources) -> AsyncIterator[Watched]:
    made = Watched(sources)
    yield made
    if made.task is not None:
        made.task.cancel()
        await asyncio.wait({made.task})


@pytest.fixture
async def polled(root: Path, tmp_path: Path) -> AsyncIterator[Watched]:
    """The same where the kernel tells nothing."""
    watch = FolderWatch(root, poll=True, poll_s=0.05)
    made = Watched(Sources(root, tmp_path / "home", known_pools=set, known_queues=set, watch=watch))
    yield made
    if made.task is not None:
        made.task.cancel()
        await asyncio.wait({made.task})


@pytest.fixture
def git(tmp_path: Path) -> Callable[..., str]:
    """`git("commit", ...)` runs git in the checkout `erp`, of nobody's configuration; returns what it prints."""
    told = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    person = {
        f"GIT_{role}_{what}": "tests@potok.test" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }

    def run(*words: str) -> str:
        folder = tmp_path / "erp"
        done = subprocess.run(
            ["git", *words],
            cwd=folder if folder.is_dir() else tmp_path,
            env={**os.environ, **told, **person},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    return run


@pytest.fixture
def checkout(tmp_path: Path, git: Callable[..., str]) -> Path:
    """The checkout `erp` with one commit on main."""
    git("init", "-b", "main", str(tmp_path / "erp"))
    (tmp_path / "erp/a.txt").write_text("one")
    git("add", "-A")
    git("commit", "-m", "one")
    return tmp_path / "erp"
