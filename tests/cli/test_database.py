"""`potok db` works on the store itself, without a server."""

import json
import os
import stat
from pathlib import Path

from potok.cli.database_url import shown_url
from tests.cli.conftest import Potok


def test_upgrade_makes_the_database_once(potok: Potok) -> None:
    assert json.loads(potok("db", "upgrade", "--json").out)["applied"]
    assert json.loads(potok("db", "upgrade", "--json").out)["applied"] == []
    assert "up to date" in potok("db", "status").out


def test_status_of_nothing_makes_nothing(potok: Potok, potok_home: Path) -> None:
    ended = potok("db", "status")
    assert ended.code == 2
    assert "`potok db upgrade`" in ended.err
    assert list(potok_home.iterdir()) == []


def test_backup_is_a_whole_database_and_overwrites_nothing(potok: Potok, workspace: Path) -> None:
    potok("db", "upgrade")
    assert potok("db", "backup", "copy.db").code == 0
    again = potok("db", "backup", "copy.db")
    assert again.code == 2
    assert "a backup never overwrites" in again.err
    (workspace / "potok.toml").write_text('database_url = "sqlite:///copy.db"')
    assert json.loads(potok("db", "status", "--json").out)["pending"] == []


def test_backup_is_for_its_owner_alone(potok: Potok, workspace: Path) -> None:
    potok("db", "upgrade")
    before = os.umask(0o022)
    try:
        assert potok("db", "backup", "copy.db").code == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE((workspace / "copy.db").stat().st_mode) == 0o600


def test_backup_to_nowhere_is_a_sentence(potok: Potok) -> None:
    potok("db", "upgrade")
    ended = potok("db", "backup", "no/such/folder/copy.db")
    assert ended.code == 2
    assert ended.err.startswith("error: ")


def test_password_of_the_database_is_never_shown() -> None:
    assert shown_url("postgresql://me:hunter2@host/db") == "postgresql://me:***@host/db"
    assert shown_url("sqlite:////var/p.db") == "sqlite:////var/p.db"
