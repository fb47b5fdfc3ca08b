"""Checkouts and folders are followed: what changes is told at once, what cannot be seen is a sentence."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from potok.model.trigger import Event, Mark, OnChange, OnCommit, Sighting, Trigger
from potok.sources.trigger_watch import Pair, TriggerWatch

Git = Callable[..., str]
PAIR = ("etl", "trigger")


class Witness:
    """Hears what the watch tells, and keeps marks as if each sighting had started a run."""

    def __init__(self, watch: TriggerWatch) -> None:
        self.watch = watch
        self.told: asyncio.Queue[Sighting] = asyncio.Queue()
        self.marks: dict[Pair, Mark] = {}
        watch.start(lambda dag_id, key, seen: self.told.put_nowait(seen), lambda: self.marks)

    def follow(self, *triggers: Trigger) -> None:
        self.watch.follow({("etl", trigger.key): trigger for trigger in triggers})

    async def seen(self) -> Sighting:
        async with asyncio.timeout(10):
            return await self.told.get()

    async def event(self) -> Event:
        seen = await self.seen()
        assert seen.event is not None, seen
        return seen.event

    def runs_for(self, trigger: Trigger, seen: Sighting) -> None:
        self.marks["etl", trigger.key] = Mark(seen.state or "")


@pytest.fixture(params=["told", "polled"])
async def witness(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Witness]:
    watch = TriggerWatch(tmp_path, tmp_path / "home", poll=request.param == "polled", poll_s=0.1)
    yield Witness(watch)
    await watch.close()


async def test_a_commit_is_told_with_its_branch(witness: Witness, checkout: Path, git: Git) -> None:
    witness.follow(OnCommit("erp"))
    first = await witness.event()
    git("commit", "--allow-empty", "-m", "two")
    second = await witness.event()
    assert second.commit == git("rev-parse", "HEAD") != first.commit
    assert (second.branch, second.ref, second.path) == ("main", "refs/heads/main", str(checkout))


async def test_a_switch_to_a_new_nested_branch_is_followed(witness: Witness, checkout: Path, git: Git) -> None:
    witness.follow(OnCommit("erp"))
    await witness.seen()
    git("switch", "-c", "feature/a/b")
    git("commit", "--allow-empty", "-m", "two")
    assert (await witness.event()).branch == "feature/a/b"
    git("pack-refs", "--all", "--prune")
    git("commit", "--allow-empty", "-m", "three")
    assert (await witness.event()).commit == git("rev-parse", "HEAD")


async def test_work_that_makes_no_commit_tells_nothing(witness: Witness, checkout: Path, git: Git) -> None:
    witness.follow(OnCommit("erp"))
    first = await witness.event()
    (checkout / "a.txt").write_text("changed")
    git("add", "-A")
    git("stash")
    git("stash", "pop")
    git("branch", "other")
    git("gc", "--quiet")
    git("commit", "-am", "at last")
    assert (await witness.event()).commit != first.commit
    assert witness.told.empty()


@pytest.mark.slow
async def test_a_rebase_is_one_event_at_its_end(witness: Witness, checkout: Path, git: Git) -> None:
    git("switch", "-c", "side")
    for name in "bcdef":
        (checkout / name).write_text(name)
        git("add", name)
        git("commit", "-m", name)
    git("switch", "main")
    (checkout / "z").write_text("z")
    git("add", "z")
    git("commit", "-m", "z")
    git("switch", "side")
    witness.follow(OnCommit("erp"))
    await witness.seen()
    await asyncio.to_thread(git, "rebase", "main")
    seen = await witness.seen()
    while seen.state is None:
        assert "a rebase is under way" in seen.trouble
        seen = await witness.seen()
    assert seen.state == git("rev-parse", "HEAD")
    assert witness.told.empty()


async def test_other_branches_are_left_out(witness: Witness, checkout: Path, git: Git) -> None:
    witness.follow(OnCommit("erp", branches=("main", "release/*")))
    await witness.seen()
    git("switch", "-c", "try")
    git("commit", "--allow-empty", "-m", "two")
    assert (await witness.seen()).state is None
    git("switch", "-c", "release/1")
    assert (await witness.event()).branch == "release/1"


@pytest.mark.slow
async def test_a_checkout_may_come_later_and_go_away(witness: Witness, tmp_path: Path, git: Git) -> None:
    witness.follow(OnCommit("late"))
    place = tmp_path / "late"
    assert (await witness.seen()).trouble == f"the checkout {place} is not there; clone it to this place"
    git("init", "-b", "main", str(place))
    seen = await witness.seen()
    while seen.trouble.endswith("git init") or "no git checkout any more" in seen.trouble:
        seen = await witness.seen()
    assert seen.trouble == f"the checkout {place} has no commit on main yet"
    git("-C", str(place), "commit", "--allow-empty", "-m", "one")
    assert (await witness.event()).branch == "main"
    shutil.rmtree(place)
    seen = await witness.seen()
    while not seen.trouble.endswith("clone it to this place"):
        seen = await witness.seen()


@pytest.mark.slow
async def test_files_of_a_folder_are_told_against_the_last_run(witness: Witness, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text("1")
    trigger = OnChange("in", ("*.part", "old/"), quiet_s=0.1)
    witness.follow(trigger)
    witness.runs_for(trigger, await witness.seen())
    (folder / "sub").mkdir()
    (folder / "sub/b.csv").write_text("2")
    first = await witness.event()
    assert (first.files, first.files_count, first.path) == (("sub/b.csv",), 1, str(folder))
    (folder / "a.csv").write_text("changed")
    (folder / "c.part").write_text("left out")
    (folder / "old").mkdir()
    (folder / "old/d.csv").write_text("left out")
    seen = await witness.seen()
    assert seen.event is not None
    assert seen.event.files == ("a.csv", "sub/b.csv")
    witness.runs_for(trigger, seen)
    (folder / "a.csv").unlink()
    assert (await witness.event()).files == ("a.csv",)


async def test_what_changed_while_nobody_looked_is_told_with_its_files(tmp_path: Path) -> None:
    folder, trigger = tmp_path / "in", OnChange("in", quiet_s=0.05)
    folder.mkdir()
    (folder / "a.csv").write_text("1")
    marks: dict[Pair, Mark] = {}
    for files in ((), ("b.csv",)):
        watch = TriggerWatch(tmp_path, tmp_path / "home")
        witness = Witness(watch)
        witness.marks = marks
        witness.follow(trigger)
        seen = await witness.seen()
        assert seen.event is not None
        assert not files or seen.event.files == files
        witness.runs_for(trigger, seen)
        await watch.close()
        (folder / "b.csv").write_text("2")


@pytest.mark.slow
async def test_a_folder_that_is_written_for_a_while_is_told_once(witness: Witness, tmp_path: Path) -> None:
    folder, trigger = tmp_path / "in", OnChange("in", quiet_s=0.4)
    folder.mkdir()
    witness.follow(trigger)
    witness.runs_for(trigger, await witness.seen())
    for number in range(8):
        (folder / f"{number}.csv").write_text("x")
        await asyncio.sleep(0.1)
    assert (await witness.event()).files_count == 8
    assert witness.told.empty()


async def test_a_missing_folder_is_a_sentence_until_it_is_there(witness: Witness, tmp_path: Path) -> None:
    witness.follow(OnChange("in", quiet_s=0.05))
    assert (await witness.seen()).trouble == f"the folder {tmp_path / 'in'} is not there; make it, or correct the path"
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a.csv").write_text("1")
    (tmp_path / "out").rename(tmp_path / "in")
    assert (await witness.seen()).state
    (tmp_path / "in").rename(tmp_path / "out")
    assert "is not there" in (await witness.seen()).trouble


async def test_a_path_of_nobody_is_the_trouble_of_its_trigger_alone(
    witness: Witness, checkout: Path, caplog: pytest.LogCaptureFixture
) -> None:
    witness.follow(OnCommit("~nobody-of-that-name/erp"))
    assert "watching ~nobody-of-that-name/erp broke" in (await witness.seen()).trouble
    witness.follow(OnCommit("erp"))
    assert (await witness.event()).branch == "main"


async def test_triggers_that_are_gone_are_followed_no_more(witness: Witness, checkout: Path, git: Git) -> None:
    witness.follow(OnCommit("erp"))
    await witness.seen()
    witness.follow()
    git("commit", "--allow-empty", "-m", "two")
    witness.follow(OnCommit("erp"))
    assert (await witness.event()).commit == git("rev-parse", "HEAD")
    assert witness.told.empty()


@pytest.mark.slow
async def test_twenty_idle_checkouts_cost_nothing(tmp_path: Path, git: Git) -> None:
    for number in range(20):
        git("init", "-b", "main", str(tmp_path / f"r{number}"))
        git("-C", str(tmp_path / f"r{number}"), "commit", "--allow-empty", "-m", "one")
    watch = TriggerWatch(tmp_path, tmp_path / "home", poll=False)
    witness = Witness(watch)
    witness.follow(*(OnCommit(f"r{number}") for number in range(20)))
    for _ in range(20):
        await witness.seen()
    before = os.times()
    await asyncio.sleep(1.0)
    after = os.times()
    await watch.close()
    assert after.user + after.system - before.user - before.system < 0.05
