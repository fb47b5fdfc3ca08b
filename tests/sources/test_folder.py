"""Which files are looked at."""

from pathlib import Path

from potok.sources.folder import DagFolder
from tests.sources.conftest import Write

DAG = "from potok import dag\n"


def test_only_python_files_that_speak_of_potok_and_are_not_private(root: Path, write: Write) -> None:
    for name in ("a.py", "team/b.py", "_shared.py", ".hidden.py", "_private/c.py", ".git/d.py", "e.txt"):
        write(name, DAG)
    write("plain.py", "import os\n")
    write("__pycache__/f.py", DAG)
    write("env/pyvenv.cfg", "")
    write("env/lib/g.py", DAG)
    assert DagFolder(root).dag_files() == ["a.py", "team/b.py"]


def test_ignore_patterns(root: Path, write: Write) -> None:
    names = ("a.py", "old.py", "team/old.py", "tests/t.py", "team/tests/t.py", "x_draft.py", "team/keep_draft.py")
    for name in (*names, "team/sub/deep.py"):
        write(name, DAG)
    write(".potokignore", "# drafts\n\n/old.py\ntests/\n*_draft.py\n!keep_draft.py\nteam/sub/*\n")
    assert DagFolder(root).dag_files() == ["a.py", "team/keep_draft.py", "team/old.py"]
    assert DagFolder(root, ["*.py"]).dag_files() == []


def test_linked_folders_are_followed_and_circles_end(root: Path, write: Write, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/x.py").write_text(DAG)
    (root / "linked").symlink_to(tmp_path / "elsewhere")
    (root / "linked/back").symlink_to(root)
    assert DagFolder(root).dag_files() == ["linked/x.py"]


def test_a_folder_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    assert DagFolder(tmp_path / "nowhere").dag_files() == []
