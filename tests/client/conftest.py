"""The server of the API tests, and a client that talks to it over a real connection."""

from collections.abc import Iterator

import pytest

from potok.client.api import PotokClient
from tests.api.conftest import TOKEN, Served, app, scheduler, served, settings, store

__all__ = ["app", "scheduler", "served", "settings", "store"]


@pytest.fixture
def client(served: Served) -> Iterator[PotokClient]:
    with PotokClient(served.url, TOKEN) as client:
        yield client
