"""The home of a server: closed to others, one server at a time, a token that commands find."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from potok.cli.home import HomeLock, ensure_token, make_home, read_token, remove_record, write_record
from potok.client.discovery import find_server, read_record
from potok.model.errors import ConflictError, InvalidError
from tests.cli.conftest import Potok


def test_home_and_token_are_closed_to_others(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    make_home(home)
    token = ensure_token(home, "")
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "token").stat().st_mode & 0o777 == 0o600
    assert len(token) >= 32
    assert ensure_token(home, "") == token


def test_token_of_the_environment_is_kept_where_commands_find_it(tmp_path: Path) -> None:
    make_home(tmp_path)
    ensure_token(tmp_path, "")
    assert ensure_token(tmp_path, "from-env") == "from-env"
    assert read_token(tmp_path) == "from-env"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["token"]


def test_home_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidError, match="set POTOK_HOME to another"):
        make_home(tmp_path / "file")


def test_second_server_of_a_home_is_told_the_first_ones_process(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from potok.cli.home import HomeLock\n"
        "lock = HomeLock(pathlib.Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(ConflictError, match=f"process {holder.pid}"):
            HomeLock(tmp_path)
        holder.kill()
    HomeLock(tmp_path).release()  # the kernel let go of it


def test_record_leads_commands_to_the_server(tmp_path: Path) -> None:
    ensure_token(tmp_path, "t0ken")
    write_record(tmp_path, "http://127.0.0.1:1234", "i1", 1.5)
    assert find_server({"POTOK_HOME": str(tmp_path)}) == ("http://127.0.0.1:1234", "t0ken")
    record = read_record(tmp_path)
    assert record is not None
    assert (record.pid, record.instance, record.started_at) == (os.getpid(), "i1", 1.5)
    remove_record(tmp_path)
    assert read_record(tmp_path) is None


def test_token_commands_show_and_renew_it(potok: Potok, potok_home: Path) -> None:
    assert potok("token").code == 2
    made = potok("token", "new").out.strip()
    assert potok("token").out.strip() == made
    assert potok("token", "show").out.strip() == made
    renewed = potok("token", "new").out.strip()
    assert renewed != made
    assert read_token(potok_home) == renewed


def test_token_of_the_environment_is_not_renewed_here(potok: Potok, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POTOK_API_TOKEN", "fixed")
    assert potok("token").out.strip() == "fixed"
    ended = potok("token", "new")
    assert ended.code == 2
    assert "POTOK_API_TOKEN" in ended.err


def test_login_link_carries_a_code_and_not_the_token(potok: Potok, potok_home: Path) -> None:
    ensure_token(potok_home, "t0ken")
    write_record(potok_home, "http://127.0.0.1:1234", "i1", 1.5)
    shown = potok("token", "link").out
    assert shown.startswith("http://127.0.0.1:1234/login?code=")
    assert "t0ken" not in shown
