"""Runs commands in process, in an empty workspace with a home of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from potok.cli.app import app


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Potok = Callable[..., Ended]


@pytest.fixture
def workspace(potok_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def potok(workspace: Path) -> Potok:
    def run(*arguments: str, stdin: str | None = None) -> Ended:
        result = CliRunner().invoke(app, arguments, input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    return run
