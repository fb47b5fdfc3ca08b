"""What every command promises: help, JSON, exit codes, one sentence for each mistake."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer.main

from potok.cli import output
from potok.cli.app import app
from potok.version import __version__
from tests.cli.conftest import Potok

PROMISED = {
    *(
        "up",
        "init",
        "run",
        "trigger",
        "dags",
        "show",
        "runs",
        "tasks",
        "logs",
        "why",
        "checks",
        "files",
        "metrics",
        "cancel",
        "retry",
        "clear",
    ),
    *("mark", "pause", "unpause", "validate", "next", "db", "token", "connections", "variables", "pools", "doctor"),
    *("workers", "queues", "now", "mute", "unmute"),
    "version",
}


def leaves(group: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        if getattr(command, "commands", None):
            yield from leaves(command, (*path, name))
        else:
            yield (*path, name), command


LEAVES = list(leaves(typer.main.get_command(app)))


def test_every_promised_command_is_there() -> None:
    assert {path[0] for path, _ in LEAVES} == PROMISED


@pytest.mark.parametrize("path", [path for path, _ in LEAVES], ids=" ".join)
def test_every_command_has_help_and_json(path: tuple[str, ...], potok: Potok) -> None:
    ended = potok(*path, "--help")
    assert ended.code == 0
    assert "--json" in ended.out
    [command] = [command for name, command in LEAVES if name == path]
    assert len(str(command.help).strip()) > 10  # type: ignore[attr-defined]


def test_version_speaks_json(potok: Potok) -> None:
    assert json.loads(potok("version", "--json").out)["potok"] == __version__
    assert __version__ in potok("version").out


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("runs", "--state", "purple"),
        ("trigger",),
        ("runs", "--limit", "0"),
        ("next", "d", "--all"),
    ],
    ids=" ".join,
)
def test_usage_mistakes_end_with_2(arguments: tuple[str, ...], potok: Potok) -> None:
    ended = potok(*arguments)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err


REMOTE = [
    ("dags",), ("show", "d"), ("trigger", "d"), ("runs",), ("tasks", "r"), ("logs", "r", "t"), ("why", "last"),
    ("cancel", "r"), ("retry", "r"), ("clear", "r", "t"), ("mark", "r", "t", "--state", "success"), ("pause", "d"),
    ("unpause", "d"), ("next", "d"), ("pools", "list"), ("connections", "list"), ("variables", "list"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", REMOTE, ids=" ".join)
def test_without_a_server_commands_end_with_3_and_say_how_to_start_one(
    arguments: tuple[str, ...], potok: Potok
) -> None:
    ended = potok(*arguments, "--json")
    assert ended.code == 3
    assert ended.out == ""
    assert "`potok up`" in ended.err
    assert ended.err.count("\n") == 1


def test_dead_server_ends_with_3(potok: Potok, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POTOK_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("POTOK_API_TOKEN", "x")
    ended = potok("runs")
    assert ended.code == 3
    assert "127.0.0.1:9" in ended.err


def test_mistake_in_the_settings_is_a_sentence_with_its_line(potok: Potok, workspace: Path) -> None:
    (workspace / "potok.toml").write_text("wokers = 3\n")
    ended = potok("runs")
    assert ended.code == 2
    assert ended.err == "error: potok.toml:1: unknown key 'wokers'; did you mean 'workers'?\n"


def test_settings_that_are_not_toml_name_the_line(potok: Potok, workspace: Path) -> None:
    (workspace / "potok.toml").write_text("port = 1\nworkers = = 2\n")
    ended = potok("runs")
    assert ended.code == 2
    assert "potok.toml:2: not valid TOML" in ended.err


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [(["x"], "has no value"), (["=1"], "has no value"), (["x=1", "x=2"], "given twice")],
)
def test_bad_params_never_reach_the_server(
    pairs: list[str], sentence: str, potok: Potok, monkeypatch: pytest.MonkeyPatch
) -> None:
    from potok.cli.params import parse_params
    from potok.model.errors import InvalidError

    with pytest.raises(InvalidError, match=sentence):
        parse_params(pairs, {})


def test_bad_date_is_a_sentence(potok: Potok) -> None:
    ended = potok("trigger", "d", "--logical-date", "yesterday")
    assert ended.code == 2
    assert "write ISO 8601" in ended.err


@pytest.mark.slow
def test_command_starts_fast_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['potok', 'version']\n"
        "from potok.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'rich', 'httpx', 'starlette', 'uvicorn', 'sqlite3', 'asyncio', 'pydantic', 'jinja2'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stderr.strip() == "[]"


def test_a_small_command_loads_nothing_that_only_a_server_needs() -> None:
    words = [sys.executable, "-X", "importtime", "-m", "potok", "version"]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stderr
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in told.splitlines()}
    heavy = {"asyncio", "croniter", "http", "httpx", "jinja2", "multiprocessing", "psycopg", "rich", "sqlite3", "ssl"}
    assert "typer" in loaded
    assert not loaded & (heavy | {"starlette", "uvicorn"})


def test_start_that_should_have_been_is_late_and_not_in_the_past() -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert output.upcoming(now + timedelta(minutes=5), now) == "in 5 min"
    assert output.upcoming(now, now) == "now"
    assert output.upcoming(now - timedelta(days=6004, hours=1), now) == "late by 6004 d 1 h"
    assert output.upcoming(None, now) == ""
