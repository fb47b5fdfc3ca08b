"""`potok doctor`: every problem with its mend."""

import json
import socket
from pathlib import Path

import pytest

from potok.cli.home import write_token
from tests.cli.conftest import Potok


def checks(potok: Potok) -> tuple[int, dict[str, dict[str, str]]]:
    ended = potok("doctor", "--json")
    return ended.code, {check["check"]: check for check in json.loads(ended.out)["checks"]}


@pytest.fixture
def free_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POTOK_PORT", "0")


@pytest.mark.usefixtures("free_port")
def test_healthy_workspace_has_no_problems(potok: Potok) -> None:
    potok("init")
    code, found = checks(potok)
    assert code == 0, found
    assert set(found) == {
        "python", "clock", "zones", "settings", "dags", "home", "disk", "token", "watches", "store", "port", "server",
    }  # fmt: skip
    assert not any(check["mend"] for name, check in found.items() if name != "watches")


@pytest.mark.usefixtures("free_port")
def test_token_that_others_can_read_is_a_problem(potok: Potok, potok_home: Path) -> None:
    write_token(potok_home, "x")
    (potok_home / "token").chmod(0o644)
    code, found = checks(potok)
    assert code == 1
    assert found["token"]["verdict"] == "problem"
    assert found["token"]["mend"].startswith("chmod 600")


def test_taken_port_is_a_problem(potok: Potok, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("POTOK_PORT", str(taken.getsockname()[1]))
        code, found = checks(potok)
    assert code == 1
    assert "--port" in found["port"]["mend"]


def test_broken_settings_end_the_checks(potok: Potok, workspace: Path) -> None:
    (workspace / "potok.toml").write_text("wokers = 1")
    code, found = checks(potok)
    assert code == 1
    assert "did you mean 'workers'" in found["settings"]["detail"]
    assert "port" not in found


@pytest.mark.usefixtures("free_port")
def test_missing_migrations_and_broken_database_are_told(
    potok: Potok, potok_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert potok("db", "upgrade").code == 0
    assert checks(potok)[1]["store"]["verdict"] == "ok"
    broken = potok_home / "broken.db"
    broken.write_bytes(b"this is no database" * 1000)
    monkeypatch.setenv("POTOK_DATABASE_URL", f"sqlite:///{broken}")
    code, found = checks(potok)
    assert code == 1
    assert found["store"]["verdict"] == "problem"


@pytest.mark.usefixtures("free_port")
def test_people_see_the_mend_below_the_check(potok: Potok, potok_home: Path) -> None:
    potok_home.chmod(0o755)
    ended = potok("doctor")
    assert ended.code == 0  # a warning keeps nothing from working
    assert f"→ chmod 700 {potok_home}" in ended.out
