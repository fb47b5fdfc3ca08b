"""The folder as the scheduler sees it, while people work in it."""

import asyncio
import os
import resource
import shutil
from pathlib import Path

import pytest

from potok.sources.sources import Sources
from potok.sources.watch import FolderWatch, file_system, hears_changes
from tests.sources.conftest import GOOD, Watched, Write


async def test_a_broken_file_disturbs_no_other(write: Write, sources: Sources) -> None:
    write("good.py", GOOD.format(name="good"))
    write("bad.py", "from potok import task\nthis is not python\n")
    write("plain.py", "raise RuntimeError\n")
    found = await sources.load()
    assert list(found.dags) == ["good"]
    assert found.failures["bad.py"].location == "bad.py:2"
    assert list(found.failures) == ["bad.py"]
    folder = sources.bundles.path(found.dags["good"].bundle)
    assert (folder / "good.py").read_text() == GOOD.format(name="good")


async def test_a_link_that_leads_nowhere_is_told_and_heals(root: Path, write: Write, watched: Watched) -> None:
    write("good.py", GOOD.format(name="good"))
    (root / "gone.py").symlink_to("../shared/gone.py")
    found = await watched.start()
    assert list(found.dags) == ["good"]
    told = "it is a link to ../shared/gone.py, which is not there: copy the file itself here"
    assert [failure.message for failure in found.failures.values()] == [told]
    (root / "gone.py").unlink()
    write("gone.py", GOOD.format(name="gone"))
    found = await watched.next()
    assert (sorted(found.dags), dict(found.failures)) == (["gone", "good"], {})


async def test_a_change_makes_a_new_version_and_keeps_the_old_one(write: Write, watched: Watched) -> None:
    write("a.py", GOOD.format(name="one"))
    old = (await watched.start()).dags["one"]
    write("a.py", GOOD.format(name="two"))
    new = (await watched.next()).dags
    assert list(new) == ["two"]
    assert new["two"].bundle != old.bundle
    assert "def one" in (watched.sources.bundles.path(old.bundle) / "a.py").read_text()


async def test_a_helper_changes_every_file_that_needs_it_lazily_or_not(write: Write, watched: Watched) -> None:
    write("helper.py", "x = 1\n")
    write("eager.py", "import helper\n" + GOOD.format(name="eager"))
    write("lazy.py", GOOD.format(name="lazy").replace("...", "import helper"))
    write("other.py", GOOD.format(name="other"))
    before = (await watched.start()).dags
    write("helper.py", "x = 2\n")
    after = (await watched.next()).dags
    changed = [name for name in sorted(before) if before[name].bundle != after[name].bundle]
    assert changed == ["eager", "lazy"]


async def test_a_change_is_told_once(write: Write, watched: Watched) -> None:
    await watched.start()
    for number in range(12):
        write("a.py", GOOD.format(name=f"a{number}"))
        assert list((await watched.next()).dags) == [f"a{number}"]
    assert watched.quiet()


async def test_a_file_caught_empty_while_it_is_written_loses_no_dag(write: Write, watched: Watched) -> None:
    path = write("a.py", GOOD.format(name="a"))
    await watched.start()
    path.write_text("")
    found = await watched.next()
    assert found.failures["a.py"].message.startswith("the file is empty; its DAGs stay as they were")
    write("a.py", GOOD.format(name="a"))
    found = await watched.next()
    assert (list(found.dags), dict(found.failures)) == (["a"], {})
    path.write_text("")
    await watched.next()
    path.unlink()
    found = await watched.next()
    assert (dict(found.dags), dict(found.failures)) == ({}, {})


async def test_code_that_found_no_room_is_kept_once_there_is_some(
    write: Write, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("potok.sources.sources.TRY_AGAIN_S", 0.05)
    await watched.start()
    bundles = watched.sources.bundles.path("x").parent
    shutil.rmtree(bundles, ignore_errors=True)
    bundles.parent.mkdir(exist_ok=True)
    bundles.write_text("a file stands where the bundles go")
    write("a.py", GOOD.format(name="a"))
    failure = (await watched.next()).failures["a.py"]
    assert failure.message.startswith("the code cannot be kept in ")
    assert failure.message.endswith("; it is tried again")
    bundles.unlink()
    found = await watched.next()
    assert (list(found.dags), dict(found.failures)) == (["a"], {})


async def test_touching_and_rewriting_the_same_is_no_change(write: Write, watched: Watched) -> None:
    path = write("a.py", GOOD.format(name="a"))
    before = await watched.start()
    os.utime(path)
    path.write_text(GOOD.format(name="a"))
    write("b.py", GOOD.format(name="b"))
    after = await watched.until(lambda found: "b" in found.dags)
    assert after.dags["a"] is not None
    assert after.dags["a"].dag is before.dags["a"].dag


async def test_a_file_gone_takes_its_dags_along(write: Write, watched: Watched) -> None:
    path = write("a.py", GOOD.format(name="a"))
    await watched.start()
    path.unlink()
    assert (await watched.next()).dags == {}


async def test_a_file_mended_is_no_failure_any_more(write: Write, watched: Watched) -> None:
    write("a.py", "from potok import task\n(\n")
    assert list((await watched.start()).failures) == ["a.py"]
    write("a.py", GOOD.format(name="a"))
    found = await watched.next()
    assert (list(found.dags), dict(found.failures)) == (["a"], {})


async def test_a_missing_module_that_appears_mends_the_file(write: Write, watched: Watched) -> None:
    write("a.py", "import helper\n" + GOOD.format(name="a"))
    assert "there is no module 'helper'" in (await watched.start()).failures["a.py"].message
    write("helper.py", "")
    found = await watched.next()
    assert found.dags["a"].files == ("a.py", "helper.py")


async def test_data_files_belong_to_the_version(write: Write, watched: Watched) -> None:
    write("a.py", "from potok import Dag\nDag('a', files=['sql/*.sql'])\n")
    write("sql/one.sql", "1")
    first = (await watched.start()).dags["a"]
    write("sql/two.sql", "2")
    second = (await watched.next()).dags["a"]
    assert second.files == ("a.py", "sql/one.sql", "sql/two.sql")
    write("sql/one.sql", "11")
    third = (await watched.next()).dags["a"]
    assert len({first.bundle, second.bundle, third.bundle}) == 3


async def test_a_settings_file_that_broke_the_import_mends_it(write: Write, watched: Watched) -> None:
    write("a.toml", "this is no TOML")
    write(
        "a.py",
        "import tomllib\nfrom pathlib import Path\nfrom potok import Dag\n"
        "told = tomllib.loads(Path(__file__).with_name('a.toml').read_text())\nDag(told['name'], files=['a.toml'])\n",
    )
    assert list((await watched.start()).failures) == ["a.py"]
    write("a.toml", "name = 'mended'\n")
    found = await watched.next()
    assert (list(found.dags), dict(found.failures)) == (["mended"], {})


async def test_new_sub_folders_are_watched_at_any_depth(write: Write, watched: Watched) -> None:
    await watched.start()
    write("x/y/z/deep.py", GOOD.format(name="deep"))
    await watched.until(lambda found: "deep" in found.dags)
    write("x/y/z/deep.py", GOOD.format(name="deeper"))
    await watched.until(lambda found: list(found.dags) == ["deeper"])


async def test_editors_that_rename_and_folders_that_move_are_followed(
    root: Path, write: Write, watched: Watched
) -> None:
    write("team/a.py", GOOD.format(name="a"))
    await watched.start()
    write("team/a.py.new", GOOD.format(name="renamed")).rename(root / "team/a.py")
    await watched.until(lambda found: list(found.dags) == ["renamed"])
    (root / "team").rename(root / "group")
    found = await watched.until(lambda found: bool(found.dags) and found.dags["renamed"].dag.file == "group/a.py")
    assert list(found.dags) == ["renamed"]
    write("group/a.py", GOOD.format(name="again"))
    await watched.until(lambda found: list(found.dags) == ["again"])


async def test_the_ignore_file_counts_as_soon_as_it_is_written(write: Write, watched: Watched) -> None:
    write("a.py", GOOD.format(name="a"))
    write("b.py", GOOD.format(name="b"))
    await watched.start()
    write(".potokignore", "b.py\n")
    assert list((await watched.next()).dags) == ["a"]


@pytest.mark.slow
async def test_a_folder_replaced_as_a_whole_is_watched_again(root: Path, write: Write, watched: Watched) -> None:
    write("a.py", GOOD.format(name="a"))
    await watched.start()
    shutil.rmtree(root)
    await watched.until(lambda found: not found.dags)
    write("a.py", GOOD.format(name="back"))
    await watched.until(lambda found: "back" in found.dags)
    write("b.py", GOOD.format(name="b"))
    await watched.until(lambda found: "b" in found.dags)


async def test_an_id_stays_with_the_file_that_had_it(write: Write, watched: Watched) -> None:
    write("m.py", GOOD.format(name="same"))
    await watched.start()
    write("a.py", GOOD.format(name="same"))
    found = await watched.next()
    assert found.dags["same"].dag.file == "m.py"
    assert "dag id 'same' belongs to m.py:2, which keeps running" in found.failures["a.py"].message


async def test_unknown_pools_are_judged_against_those_of_now(write: Write, root: Path, tmp_path: Path) -> None:
    write("a.py", "from potok import task\n@task(pool='ml', queue='gpu')\ndef a(): ...\n")
    pools: set[str] = set()
    sources = Sources(root, tmp_path / "home", known_pools=lambda: pools, known_queues=lambda: {"gpu"})
    assert "wants pool 'ml', which does not exist" in (await sources.load()).failures["a.py"].message
    pools.add("ml")
    assert list((await sources.refresh()).dags) == ["a"]


async def test_too_large_a_bundle_is_a_failure_of_its_file(write: Write, root: Path, tmp_path: Path) -> None:
    write("a.py", "from potok import Dag\nDag('a', files=['*.bin'])\n")
    with (root / "big.bin").open("wb") as big:
        big.truncate(60 * 1024 * 1024)
    sources = Sources(root, tmp_path / "home", known_pools=set, known_queues=set)
    found = await sources.load()
    assert "larger than 50 MB (big.bin has 60.0 MB)" in found.failures["a.py"].message


async def test_reload_imports_again_what_has_not_changed(write: Write, sources: Sources, tmp_path: Path) -> None:
    marker = tmp_path / "installed"
    write(
        "a.py",
        f"from pathlib import Path\nfrom potok import Dag\nDag(Path({str(marker)!r}).exists() and 'new' or 'old')\n",
    )
    assert list((await sources.load()).dags) == ["old"]
    marker.touch()
    assert list((await sources.refresh()).dags) == ["old"]
    assert list((await sources.reload()).dags) == ["new"]


async def test_many_files_are_imported_side_by_side_and_all_answer(write: Write, sources: Sources) -> None:
    for number in range(12):
        write(f"f{number}.py", GOOD.format(name=f"d{number}"))
    found = await sources.load()
    assert len(found.dags) == 12
    assert not found.failures


async def test_where_the_kernel_is_deaf_the_folder_is_looked_at(root: Path, write: Write, polled: Watched) -> None:
    await polled.start()
    write("sub/a.py", GOOD.format(name="a"))
    await polled.until(lambda found: "a" in found.dags)
    write("sub/a.py", GOOD.format(name="b"))
    await polled.until(lambda found: list(found.dags) == ["b"])
    shutil.rmtree(root / "sub")
    await polled.until(lambda found: not found.dags)


async def test_watching_costs_nothing_while_nothing_happens(write: Write, watched: Watched) -> None:
    write("a.py", GOOD.format(name="a"))
    await watched.start()
    await asyncio.sleep(0.2)
    before = resource.getrusage(resource.RUSAGE_SELF)
    await asyncio.sleep(1.0)
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.02


async def test_what_changes_between_start_and_the_first_look_is_told(root: Path) -> None:
    watch = FolderWatch(root)
    watch.start()
    (root / "a.py").write_text("x")
    changes = watch.changes()
    assert root / "a.py" in await asyncio.wait_for(anext(changes), 10)
    (root / "__pycache__").mkdir()
    (root / ".a.py.swp").write_text("x")
    (root / "b.py").write_text("x")
    assert await asyncio.wait_for(anext(changes), 10) == {root / "b.py"}
    watch.close()


def test_file_systems_of_other_machines_are_polled(root: Path) -> None:
    assert file_system(root) != ""
    assert hears_changes(Path("/proc"))
    assert not FolderWatch(root, poll=False).polls


HANGS = "from potok import task\nwhile True: pass\n"


@pytest.mark.slow
async def test_files_that_hang_hold_up_nobody(root: Path, write: Write, tmp_path: Path) -> None:
    for number in range(3):
        write(f"a_hangs_{number}.py", HANGS.replace("pass", "__import__('time').sleep(1)"))
    write("good.py", GOOD.format(name="good"))
    sources = Sources(root, tmp_path / "home", known_pools=set, known_queues=set, import_timeout_s=60)
    found = await asyncio.wait_for(sources.load(), 30)
    assert list(found.dags) == ["good"]
    assert found.failures["a_hangs_0.py"].message.startswith("the file is still being imported")
    told: asyncio.Queue[object] = asyncio.Queue()
    watching = asyncio.create_task(sources.watch(told.put_nowait))
    write("good.py", GOOD.format(name="better"))
    await asyncio.wait_for(told.get(), 20)
    assert list(sources.found.dags) == ["better"]
    write("a_hangs_0.py", GOOD.format(name="mended"))
    while "mended" not in sources.found.dags:
        await asyncio.wait_for(told.get(), 20)
    watching.cancel()
    await asyncio.wait({watching})


@pytest.mark.slow
async def test_a_late_import_is_told_when_it_ends(root: Path, write: Write, tmp_path: Path) -> None:
    write("slow.py", "import time\ntime.sleep(4)\n" + GOOD.format(name="slow"))
    sources = Sources(root, tmp_path / "home", known_pools=set, known_queues=set)
    assert list((await sources.load()).failures) == ["slow.py"]
    told: asyncio.Queue[object] = asyncio.Queue()
    watching = asyncio.create_task(sources.watch(told.put_nowait))
    await asyncio.wait_for(told.get(), 20)
    assert (list(sources.found.dags), dict(sources.found.failures)) == (["slow"], {})
    watching.cancel()
    await asyncio.wait({watching})


async def test_a_file_that_goes_on_being_imported_keeps_its_last_good_version(write: Write, watched: Watched) -> None:
    write("a.py", GOOD.format(name="a"))
    await watched.start()
    write("a.py", HANGS)
    write("b.py", GOOD.format(name="b"))
    found = await watched.until(lambda found: "b" in found.dags)
    assert "a" in found.dags
