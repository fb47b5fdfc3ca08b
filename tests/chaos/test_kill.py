"""kill -9 of anything at any moment: no run is lost, nothing that was done is done again, nothing stays behind."""

from __future__ import annotations

import pytest

from potok.testing.postgres import PrivatePostgres
from tests.chaos.journey import Journey, torment

pytestmark = [pytest.mark.chaos, pytest.mark.slow]


@pytest.mark.timeout(240)
def test_a_few_kills_lose_and_double_nothing() -> None:
    print(torment(Journey(runs=16, kills=4, pace_s=0.1, seed=1)))


@pytest.mark.prove
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [11, 12])
def test_many_kills_lose_and_double_nothing(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    report = torment(Journey(runs=120, kills=40, pace_s=0.25, seed=seed))
    with capsys.disabled():
        print("\n" + report)


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_many_kills_on_postgresql_lose_and_double_nothing(
    postgres: PrivatePostgres, postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report = torment(Journey(runs=120, kills=40, pace_s=0.25, seed=21), database_url=postgres_url, database=postgres)
    with capsys.disabled():
        print("\n" + report)


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_many_kills_of_a_split_server_lose_and_double_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    report = torment(Journey(runs=60, kills=25, pace_s=0.25, seed=31), "--split")
    with capsys.disabled():
        print("\n" + report)
