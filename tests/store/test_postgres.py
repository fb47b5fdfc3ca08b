"""The PostgreSQL store: the suite on a private server, and what is PostgreSQL's alone."""

import pytest

from potok.testing.store_suite import StoreSuite

pytestmark = pytest.mark.postgres


class TestPostgres(StoreSuite):
    __test__ = True
    makes_backups = False

    @pytest.fixture
    def store_url(self, postgres_url: str) -> str:
        return postgres_url
