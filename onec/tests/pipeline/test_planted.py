"""A snapshot that lost its rows after it was put in place: no later step passes for good on it."""

from pathlib import Path

import pytest

from potok_onec.pipeline import BrokenContractError
from potok_onec.pipeline.run import run_step
from potok_onec.testing.generate import generate

pytestmark = pytest.mark.slow

NAMED = {
    "architecture": "modules surveyed: 0, wanted ",
    "dependencies": "modules looked at: 0, wanted ",
    "ml-dataset": "rows of methods: 0, wanted ",
    "best-practices": "methods looked at: 0, wanted ",
    "docs": "pages of objects: 0, wanted at least 1",
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A source, and outputs whose snapshot has no objects and no texts left in it."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("out")
    generate(source)
    snapshot = run_step("parse", source, out, {}).path
    for name in ("portions.bin", "texts.bin"):
        (snapshot / name).write_bytes(b"")
    return source, out


@pytest.mark.parametrize("step", NAMED)
def test_an_empty_snapshot_breaks_a_contract_of_every_later_step(planted: tuple[Path, Path], step: str) -> None:
    source, out = planted
    with pytest.raises(BrokenContractError) as caught:
        run_step(step, source, out, {})
    assert NAMED[step] in str(caught.value)
    assert not (out / step).exists()


def test_a_snapshot_of_nothing_is_never_put_in_place(tmp_path: Path) -> None:
    source = tmp_path / "empty"
    source.mkdir()
    with pytest.raises(BrokenContractError, match="projects: 0, wanted at least 1"):
        run_step("parse", source, tmp_path / "out", {})
    assert not (tmp_path / "out" / "parse").exists()
