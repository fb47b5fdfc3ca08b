"""Sources at a commit: near and far, untouched where they come from, in sentences when they cannot be had."""

import os
import subprocess
from pathlib import Path

import pytest

from potok_onec.repository import RepositoryError, changed_since, commit_of, source_at, split_ref

PERSON = ("-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false")


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *PERSON, *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def changed(folder: Path, commit: str) -> set[str]:
    found = changed_since(folder, commit)
    assert found is not None
    return set(found)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits: `src/module.bsl` says 1, then 2; the tag is on the first."""
    folder = tmp_path / "erp"
    (folder / "src").mkdir(parents=True)
    git(folder.parent, "init", "--quiet", "--initial-branch=main", str(folder))
    for text in ("1", "2"):
        (folder / "src" / "module.bsl").write_text(text)
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", text)
    git(folder, "tag", "v1", "HEAD~1")
    return folder


def test_a_commit_of_a_folder_is_read_beside_it(repository: Path, tmp_path: Path) -> None:
    (repository / "src" / "module.bsl").write_text("not committed")
    before = git(repository, "status", "--porcelain")
    found = source_at(str(repository / "src"), "v1", tmp_path / "cache")
    assert (found / "module.bsl").read_text() == "1"
    assert found.parent.name == "erp"
    assert git(found, "rev-parse", "HEAD") == commit_of(repository, "v1")
    assert git(repository, "status", "--porcelain") == before
    assert source_at(str(repository / "src"), "v1", tmp_path / "cache") == found
    assert source_at(str(repository), "", tmp_path / "cache") == repository


def test_a_repository_elsewhere_is_fetched_and_fetched_anew(repository: Path, tmp_path: Path) -> None:
    address = f"file://{repository}"
    found = source_at(address, "main", tmp_path / "cache")
    assert (found / "src" / "module.bsl").read_text() == "2"
    assert git(found, "rev-list", "--count", "HEAD") == "1"
    (repository / "src" / "module.bsl").write_text("3")
    git(repository, "commit", "--quiet", "--all", "--message", "3")
    assert source_at(address, "main", tmp_path / "cache") == found
    assert (found / "src" / "module.bsl").read_text() == "3"
    tagged = source_at(address, "v1", tmp_path / "cache")
    assert (tagged / "src" / "module.bsl").read_text() == "1"
    assert (found / "src" / "module.bsl").read_text() == "3"


def test_what_cannot_be_had_is_a_sentence(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache"
    with pytest.raises(RepositoryError, match=r"has no v9: no such commit\. Give a commit"):
        source_at(str(repository), "v9", cache)
    (tmp_path / "plain").mkdir()
    with pytest.raises(RepositoryError, match="plain is in no git repository"):
        source_at(str(tmp_path / "plain"), "main", cache)
    with pytest.raises(RepositoryError, match="There is nothing at"):
        source_at(str(tmp_path / "nowhere"), "", cache)
    with pytest.raises(RepositoryError, match=r"nobody/erp\.git was not fetched"):
        source_at(f"file://{tmp_path}/nobody/erp.git", "main", cache)
    (repository / "later").mkdir()
    with pytest.raises(RepositoryError, match=r"v1 of .* has no folder later"):
        source_at(str(repository / "later"), "v1", cache)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RepositoryError, match="git is not there"):
        source_at("https://git.example.org/erp.git", "", cache)


def test_credentials_of_an_address_are_in_no_argument_and_no_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the place of git stands a script that writes down how it was called."""
    told = tmp_path / "told"
    script = tmp_path / "git"
    script.write_text(f'#!/bin/sh\necho "$@" >> {told}\ncase "$*" in *fetch*) echo refused >&2; exit 1;; esac\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(RepositoryError) as caught:
        source_at("https://anna:s%40cret@git.example.org/erp.git", "main", tmp_path / "cache")
    assert str(caught.value) == "main of https://git.example.org/erp.git was not fetched: refused"
    assert "https://git.example.org/erp.git" in told.read_text()
    for written in (told, *(tmp_path / "cache").rglob("*")):
        assert written.is_dir() or b"cret" not in written.read_bytes()
    assert "cret" not in told.read_text()


def test_whatever_git_does_not_look_into_may_have_changed(repository: Path) -> None:
    first = commit_of(repository, "v1")
    assert changed(repository, first) == {"src/module.bsl"}
    assert changed(repository / "src", first) == {"module.bsl"}
    now = commit_of(repository, "HEAD")
    assert changed(repository, now) == set()
    (repository / ".gitignore").write_text("*.log\n")
    (repository / "run.log").write_text("ignored")
    assert changed(repository, now) == {".gitignore", "run.log"}
    git(repository, "update-index", "--assume-unchanged", "src/module.bsl")
    (repository / "src" / "module.bsl").write_text("hidden")
    assert changed(repository, now) == {".gitignore", "run.log", "src/module.bsl"}
    assert changed_since(repository, "0" * 40) is None


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("https://git.example.org/erp.git", ("https://git.example.org/erp.git", "")),
        ("https://git.example.org/erp.git@v2", ("https://git.example.org/erp.git", "v2")),
        ("https://anna@git.example.org/erp.git", ("https://anna@git.example.org/erp.git", "")),
        ("git@git.example.org:erp.git", ("git@git.example.org:erp.git", "")),
        ("git@git.example.org:erp.git@v2", ("git@git.example.org:erp.git", "v2")),
        ("nowhere@v2", ("nowhere@v2", "")),
        (".@v2", (".", "v2")),
    ],
)
def test_a_ref_stands_behind_the_last_at(written: str, parts: tuple[str, str]) -> None:
    assert split_ref(written) == parts
