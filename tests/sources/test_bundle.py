"""Code kept by content."""

import hashlib
import os
from pathlib import Path

import pytest

from potok.sources.bundle import BundleError, Bundles, ChangedWhileReadError, content_name
from tests.sources.conftest import Write


@pytest.fixture
def bundles(tmp_path: Path) -> Bundles:
    return Bundles(tmp_path / "home")


def test_the_same_content_is_the_same_bundle_and_other_content_another(
    root: Path, write: Write, bundles: Bundles
) -> None:
    write("a.py", "1")
    write("lib/b.py", "2")
    first = bundles.keep(root, {"a.py": "", "lib/b.py": ""})
    assert (bundles.path(first) / "lib/b.py").read_text() == "2"
    assert bundles.keep(root, {"lib/b.py": "", "a.py": ""}) == first
    write("a.py", "11")
    second = bundles.keep(root, {"a.py": "", "lib/b.py": ""})
    assert second != first
    assert (bundles.path(first) / "a.py").read_text() == "1"


def test_names_and_bytes_cannot_be_mistaken_for_each_other() -> None:
    assert content_name({"a": b"bc"}) != content_name({"ab": b"c"})
    assert content_name({"a": b"", "b": b"x"}) != content_name({"a": b"x", "b": b""})
    assert len(content_name({})) == 16


def test_a_damaged_bundle_is_written_again(root: Path, write: Write, bundles: Bundles, tmp_path: Path) -> None:
    write("a.py", "1")
    name = bundles.keep(root, {"a.py": ""})
    (bundles.path(name) / "a.py").write_text("tampered")
    (bundles.path(name) / "__pycache__").mkdir()
    again = Bundles(tmp_path / "home")
    assert again.keep(root, {"a.py": ""}) == name
    assert (again.path(name) / "a.py").read_text() == "1"


def test_compiled_modules_in_a_bundle_are_no_damage(root: Path, write: Write, bundles: Bundles, tmp_path: Path) -> None:
    write("a.py", "1")
    name = bundles.keep(root, {"a.py": ""})
    cache = bundles.path(name) / "__pycache__"
    cache.mkdir()
    (cache / "a.cpython-311.pyc").write_bytes(b"x")
    Bundles(tmp_path / "home").keep(root, {"a.py": ""})
    assert cache.is_dir()


def test_too_much_is_refused_with_the_file_that_weighs(root: Path, write: Write, tmp_path: Path) -> None:
    write("a.py", "1")
    write("data.bin", "x" * 3_000_000)
    small = Bundles(tmp_path / "home", max_bytes=2 * 1024 * 1024)
    with pytest.raises(BundleError, match=r"larger than 2 MB \(data.bin has 2.9 MB\); keep data elsewhere"):
        small.keep(root, {"a.py": "", "data.bin": ""})
    assert not (tmp_path / "home/bundles").exists()


def test_code_that_is_no_longer_what_was_imported_is_not_kept(root: Path, write: Write, bundles: Bundles) -> None:
    path = write("a.py", "1")
    imported = hashlib.sha256(path.read_bytes()).hexdigest()
    bundles.keep(root, {"a.py": imported})
    write("a.py", "2")
    with pytest.raises(ChangedWhileReadError):
        bundles.keep(root, {"a.py": imported})
    path.unlink()
    with pytest.raises(ChangedWhileReadError):
        bundles.keep(root, {"a.py": ""})


def write_third(write: Write, bundles: Bundles, root: Path) -> str:
    write("a.py", "3")
    return bundles.keep(root, {"a.py": ""})


def test_unused_bundles_and_leftovers_are_pruned(root: Path, write: Write, bundles: Bundles, tmp_path: Path) -> None:
    write("a.py", "1")
    used = bundles.keep(root, {"a.py": ""})
    write("a.py", "2")
    unused = bundles.keep(root, {"a.py": ""})
    folder = tmp_path / "home/bundles"
    old, fresh = folder / ".new-old", folder / ".new-fresh"
    old.mkdir()
    fresh.mkdir()
    young = write_third(write, bundles, root)
    for folder_of_old in (old, folder / used, folder / unused):
        os.utime(folder_of_old, (0, 0))
    assert sorted(bundles.prune({used})) == [".new-old", unused]
    assert sorted(path.name for path in folder.iterdir()) == sorted([".new-fresh", used, young])
    write("a.py", "2")
    assert bundles.keep(root, {"a.py": ""}) == unused
    assert bundles.path(unused).is_dir()


def test_a_folder_that_cannot_be_written_is_one_sentence(root: Path, write: Write, tmp_path: Path) -> None:
    write("a.py", "1")
    (tmp_path / "home").write_text("a file stands here")
    with pytest.raises(BundleError, match=r"the code cannot be kept in .*bundles: "):
        Bundles(tmp_path / "home").keep(root, {"a.py": ""})
