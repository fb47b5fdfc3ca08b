"""Fixtures that every room's tests share: a private home and a private PostgreSQL."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from potok.testing.postgres import PostgresMissingError, PrivatePostgres

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

# Two loaded cores make a deadline per example a coin toss; CI draws the same examples every time.
settings.register_profile("potok", deadline=None, derandomize=IN_CI, print_blob=True)
settings.load_profile("potok")

_database_numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-m postgres` and `-m "not postgres"` follow the fixtures, so nobody has to remember the mark."""
    for item in items:
        if {"postgres", "postgres_url"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.postgres)


@pytest.fixture
def potok_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty POTOK_HOME, and no other POTOK_* setting of the person who runs the tests.

    Not under tmp_path: a Unix socket's path may have 107 characters, and pytest's folders alone come near that.
    """
    for name in [name for name in os.environ if name.startswith("POTOK_")]:
        monkeypatch.delenv(name)
    home = Path(tempfile.mkdtemp(prefix="potok-"))
    monkeypatch.setenv("POTOK_HOME", str(home))
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """One private server for a test process (one for each xdist worker); skipped where it is missing, red in CI."""
    try:
        server = PrivatePostgres()
    except PostgresMissingError as missing:
        if IN_CI:
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    with server:
        yield server


@pytest.fixture
def postgres_url(postgres: PrivatePostgres) -> Iterator[str]:
    """The URL of an empty database of the test's own."""
    name = f"test_{next(_database_numbers)}"
    yield postgres.create_database(name)
    postgres.drop_database(name)
