"""The SQLite store: the suite on a file and in memory, and what is SQLite's alone."""

from pathlib import Path

import pytest

from potok.testing.store_suite import StoreSuite


class TestSqliteFile(StoreSuite):
    __test__ = True

    @pytest.fixture
    def store_url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path}/potok.db"


class TestSqliteMemory(StoreSuite):
    __test__ = True
    survives_reopen = False

    @pytest.fixture
    def store_url(self) -> str:
        return "sqlite://:memory:"
