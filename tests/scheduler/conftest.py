"""Stores for the scheduler's tests: in memory, and on disk where a restart is tested."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from potok.store.open import open_store
from potok.store.protocol import Store


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite://:memory:")
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/potok.db"
