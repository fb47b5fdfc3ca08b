"""The simulator is worth what it notices: every planted bug must be caught within a bounded number of seeds."""

import pytest

from potok.testing.mutants import MUTANTS, Mutant
from potok.testing.simulation import simulate

SEEDS_MAX = 500


def seed_that_notices(mutant: Mutant) -> int | None:
    """The first seed whose play breaks; any exception is a catch, for without the mutant these seeds are clean."""
    with mutant.planted():
        for seed in range(1, SEEDS_MAX + 1):
            try:
                simulate(seed)
            except Exception:
                return seed
    return None


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
def test_the_simulator_notices_that(mutant: Mutant) -> None:
    assert seed_that_notices(mutant) is not None, f"{mutant.name} survived {SEEDS_MAX} seeds"


def test_a_planted_bug_is_gone_after_its_block() -> None:
    for mutant in MUTANTS:
        codes = [edit.function.__code__ for edit in mutant.edits]
        with mutant.planted():
            assert any(edit.function.__code__ is not code for edit, code in zip(mutant.edits, codes, strict=True))
        assert [edit.function.__code__ for edit in mutant.edits] == codes
