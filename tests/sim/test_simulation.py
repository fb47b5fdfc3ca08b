"""The real scheduler on a virtual clock under faults: every seed keeps every promise, and tells the same story twice.

`SIM_SEEDS` sets how many seeds a push plays; a red seed is replayed by `python -m potok.testing.simulation --seed N`.
"""

import os
import subprocess
import sys

import pytest

from potok.testing.simulation import Faults, World, simulate

SEEDS = int(os.environ.get("SIM_SEEDS", "500"))
PROVE_SEEDS = 5000
CHUNK = 25


def play(first: int, count: int) -> None:
    for seed in range(first, first + count):
        try:
            simulate(seed)
        except Exception as error:
            error.add_note(f"replay it: python -m potok.testing.simulation --seed {seed}")
            raise


@pytest.mark.parametrize("first", range(1, SEEDS + 1, CHUNK))
def test_every_promise_holds_whatever_fails(first: int) -> None:
    play(first, min(CHUNK, SEEDS + 1 - first))


@pytest.mark.prove
@pytest.mark.parametrize("first", range(10_001, 10_001 + PROVE_SEEDS, 10 * CHUNK))
def test_every_promise_holds_for_many_more_seeds(first: int) -> None:
    play(first, 10 * CHUNK)


@pytest.mark.parametrize("seed", range(1, 16))
def test_the_same_seed_is_the_same_history(seed: int) -> None:
    assert simulate(seed) == simulate(seed)


def test_a_seed_is_the_same_history_in_another_process_too() -> None:
    """Sets of texts come in another order in each process; nothing may depend on it."""
    ask = "from potok.testing.simulation import simulate; print(simulate(7).digest, simulate(19).digest)"
    told = [
        subprocess.run(
            [sys.executable, "-c", ask],
            env={**os.environ, "PYTHONHASHSEED": number},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for number in ("1", "2")
    ]
    assert told[0] == told[1] != ""


def test_a_world_without_faults_lives_once_and_does_real_work() -> None:
    results = [World(seed, Faults()).run() for seed in range(1, 21)]
    assert all(result.lives == 1 for result in results)
    assert sum(result.bodies for result in results) > 200


def test_faults_that_are_never_injected_prove_nothing() -> None:
    """Over the seeds of a push each fault is on often enough, and servers really die."""
    worlds = [World(seed) for seed in range(1, 101)]
    for name in Faults.__struct_fields__:
        assert sum(bool(getattr(world.faults, name)) for world in worlds) >= 15, name
    assert sum(simulate(seed).lives for seed in range(1, 31)) > 60
