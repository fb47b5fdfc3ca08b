"""Which commit a checkout stands on, told from its files as git itself tells it."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from potok.sources.git_head import UnreadableCheckoutError, git_folders, read_head, telling_folders

Git = Callable[..., str]


def head(checkout: Path) -> tuple[str, str]:
    found = read_head(git_folders(checkout))
    return found.commit, found.branch


def test_a_commit_on_a_branch(checkout: Path, git: Git) -> None:
    assert head(checkout) == (git("rev-parse", "HEAD"), "main")
    git("commit", "--allow-empty", "-m", "two")
    assert head(checkout) == (git("rev-parse", "HEAD"), "main")


def test_a_branch_with_slashes_is_followed_through_its_folders(checkout: Path, git: Git) -> None:
    git("switch", "-c", "feature/vat/rates")
    assert head(checkout)[1] == "feature/vat/rates"
    heads = checkout / ".git/refs/heads"
    assert telling_folders(git_folders(checkout)) == [heads, heads / "feature", heads / "feature/vat"]


def test_packed_refs_are_read_and_a_loose_one_goes_before_them(checkout: Path, git: Git) -> None:
    git("branch", "feature/main")
    git("pack-refs", "--all", "--prune")
    assert not (checkout / ".git/refs/heads/main").exists()
    assert head(checkout) == (git("rev-parse", "HEAD"), "main")
    git("commit", "--allow-empty", "-m", "two")
    assert head(checkout) == (git("rev-parse", "HEAD"), "main")


def test_a_detached_head_has_a_commit_and_no_branch(checkout: Path, git: Git) -> None:
    git("switch", "--detach")
    assert head(checkout) == (git("rev-parse", "HEAD"), "")


def test_a_repository_without_a_commit_has_a_branch_and_no_commit(tmp_path: Path, git: Git) -> None:
    git("init", "-b", "main", str(tmp_path / "new"))
    assert head(tmp_path / "new") == ("", "main")


def test_an_added_worktree_has_a_head_of_its_own_and_the_refs_of_its_repository(
    checkout: Path, tmp_path: Path, git: Git
) -> None:
    git("worktree", "add", "-b", "side", str(tmp_path / "side"))
    git("-C", str(tmp_path / "side"), "commit", "--allow-empty", "-m", "aside")
    assert head(tmp_path / "side") == (git("rev-parse", "side"), "side")
    assert head(checkout) == (git("rev-parse", "main"), "main")


def test_a_submodule_is_found_through_its_git_file(checkout: Path, tmp_path: Path, git: Git) -> None:
    git("clone", str(checkout), str(tmp_path / "outer"))
    git("-C", str(tmp_path / "outer"), "-c", "protocol.file.allow=always", "submodule", "add", str(checkout), "inner")
    inner = tmp_path / "outer/inner"
    assert (inner / ".git").is_file()
    assert head(inner) == (git("rev-parse", "HEAD"), "main")


def test_a_bare_repository_is_its_own_git_directory(checkout: Path, tmp_path: Path, git: Git) -> None:
    git("clone", "--bare", str(checkout), str(tmp_path / "bare.git"))
    assert head(tmp_path / "bare.git") == (git("rev-parse", "HEAD"), "main")


def test_a_rebase_that_stopped_is_under_way(checkout: Path, git: Git) -> None:
    git("switch", "-c", "side")
    (checkout / "a.txt").write_text("side")
    git("commit", "-am", "side")
    git("switch", "main")
    (checkout / "a.txt").write_text("main")
    git("commit", "-am", "main")
    with pytest.raises(subprocess.CalledProcessError):
        git("rebase", "side")
    assert read_head(git_folders(checkout)).under_way == "a rebase"
    git("rebase", "--abort")
    assert read_head(git_folders(checkout)).under_way == ""


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda place: None, "the checkout {place} is not there; clone it to this place"),
        (lambda place: place.mkdir(), "{place} is not a git checkout; clone a repository there, or run git init"),
        (
            lambda place: (place / ".git").mkdir(parents=True),
            "{place}/.git/HEAD is not there, so this is no git checkout",
        ),
    ],
)
def test_what_is_no_checkout_is_told_with_what_to_do(
    tmp_path: Path, spoil: Callable[[Path], object], told: str
) -> None:
    place = tmp_path / "erp"
    spoil(place)
    with pytest.raises(UnreadableCheckoutError) as caught:
        read_head(git_folders(place))
    assert str(caught.value).startswith(told.format(place=place))


def test_a_folder_inside_of_a_checkout_is_told_where_the_checkout_is(checkout: Path) -> None:
    (checkout / "src").mkdir()
    with pytest.raises(UnreadableCheckoutError, match=f"it lies in the checkout {checkout}: name that one"):
        git_folders(checkout / "src")


def test_a_reftable_is_told_how_to_migrate(checkout: Path) -> None:
    (checkout / ".git/reftable").mkdir()
    with pytest.raises(UnreadableCheckoutError, match="git refs migrate --ref-format=files"):
        read_head(git_folders(checkout))


def test_a_head_that_names_something_else_is_not_followed_out_of_the_repository(checkout: Path) -> None:
    (checkout / ".git/HEAD").write_text("ref: ../../secret\n")
    with pytest.raises(UnreadableCheckoutError, match="no ref"):
        read_head(git_folders(checkout))
    (checkout / ".git/HEAD").write_text("hello\n")
    with pytest.raises(UnreadableCheckoutError, match="no commit"):
        read_head(git_folders(checkout))
