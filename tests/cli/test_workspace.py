"""`potok init`."""

import json
import tomllib
from pathlib import Path

from potok.cli.workspace import write_workspace
from potok.model.settings import resolve
from tests.cli.conftest import Potok


def test_new_workspace_has_settings_a_dag_and_an_ignore_file(potok: Potok, workspace: Path) -> None:
    ended = potok("init", "shop", "--json")
    assert ended.code == 0
    assert json.loads(ended.out)["made"] == ["potok.toml", "dags/hello.py", ".gitignore"]
    text = (workspace / "shop" / "potok.toml").read_text()
    assert resolve(tomllib.loads(text), {}, "/w", text=text).port == 8080
    assert ".potok/" in (workspace / "shop" / ".gitignore").read_text()
    compile((workspace / "shop" / "dags" / "hello.py").read_text(), "hello.py", "exec")


def test_init_never_overwrites(potok: Potok, workspace: Path) -> None:
    (workspace / "potok.toml").write_text("port = 9999\n")
    ended = potok("init")
    assert ended.code == 0
    assert "kept potok.toml" in ended.out
    assert (workspace / "potok.toml").read_text() == "port = 9999\n"
    assert (workspace / "dags" / "hello.py").exists()


def test_second_init_changes_nothing(workspace: Path) -> None:
    write_workspace(workspace)
    assert write_workspace(workspace) == ([], ["potok.toml", "dags/hello.py", ".gitignore"])


def test_folder_that_is_a_file_is_a_sentence(potok: Potok, workspace: Path) -> None:
    (workspace / "taken").write_text("")
    ended = potok("init", "taken")
    assert ended.code == 2
    assert "choose another folder" in ended.err
