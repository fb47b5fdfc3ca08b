"""Where a command finds its server."""

import os
from pathlib import Path

import msgspec
import pytest

from potok.client.discovery import ServerRecord, find_server, read_record
from potok.client.errors import UnreachableError


def record_server(home: Path, url: str = "http://127.0.0.1:8080") -> None:
    (home / "server.json").write_bytes(msgspec.json.encode(ServerRecord(url, 1, "i", 0.0)))
    (home / "token").write_text("secret\n")


def test_the_environment_comes_before_the_home(potok_home: Path) -> None:
    record_server(potok_home)
    env = {"POTOK_HOME": str(potok_home), "POTOK_URL": "http://potok.example/", "POTOK_API_TOKEN": "t"}
    assert find_server(env) == ("http://potok.example", "t")
    del env["POTOK_URL"], env["POTOK_API_TOKEN"]
    assert find_server(env) == ("http://127.0.0.1:8080", "secret")


def test_the_home_is_in_the_working_folder_unless_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".potok").mkdir()
    record_server(tmp_path / ".potok")
    monkeypatch.chdir(tmp_path)
    assert find_server({}) == ("http://127.0.0.1:8080", "secret")


def test_without_a_server_a_sentence_says_how_to_mend_it(potok_home: Path) -> None:
    env = {"POTOK_HOME": str(potok_home)}
    with pytest.raises(UnreachableError, match=r"potok up"):
        find_server(env)
    (potok_home / "server.json").write_text("{broken")
    with pytest.raises(UnreachableError, match=r"potok up"):
        find_server(env)
    assert read_record(potok_home) is None


def test_a_token_that_cannot_be_read_is_named(potok_home: Path) -> None:
    record_server(potok_home)
    (potok_home / "token").unlink()
    with pytest.raises(UnreachableError, match="POTOK_API_TOKEN"):
        find_server({"POTOK_HOME": str(potok_home)})


def test_importing_the_client_loads_no_http_library() -> None:
    import subprocess
    import sys

    code = "import sys, potok.client.handle; print('httpx' in sys.modules, 'starlette' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ})
    assert done.stdout.split() == ["False", "False"]
