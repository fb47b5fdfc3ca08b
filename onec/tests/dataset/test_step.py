"""The step on a generated configuration: as many rows as methods, the same bytes again, copies in one split."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet
import pytest

from potok_onec.pipeline import Artifact, Store
from potok_onec.pipeline.run import run_step
from potok_onec.testing import Expected, generate


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Expected, Artifact]]:
    folder = tmp_path_factory.mktemp("dataset")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POTOK_ONEC_CACHE", str(folder / "cache"))
        expected = generate(folder / "sources")
        run_step("parse", folder / "sources", folder / "out", {})
        yield folder, expected, run_step("ml-dataset", folder / "sources", folder / "out", {"licence": "MIT"})


def test_every_method_is_a_row(made: tuple[Path, Expected, Artifact]) -> None:
    _, expected, artifact = made
    table = pyarrow.parquet.read_table(artifact.path / "methods.parquet").to_pylist()
    assert len(table) == expected.procedures + expected.functions
    assert {row["licence"] for row in table} == {"MIT"}
    assert all(row["code"] and row["split"] in ("train", "valid", "test", "none") for row in table)
    assert all(row["code"].rstrip().split()[-1].lower().startswith(("конец", "end")) for row in table)
    copies: dict[str, set[str]] = {}
    for row in table:
        copies.setdefault(row["group"], set()).add(row["split"])
    assert not [group for group, found in copies.items() if len(found - {"none"}) > 1]
    assert any(row["is_duplicate"] for row in table)


def test_the_same_input_gives_the_same_bytes(made: tuple[Path, Expected, Artifact]) -> None:
    folder, _, artifact = made
    (folder / "again").mkdir(exist_ok=True)
    (folder / "again" / "parse").symlink_to((folder / "out" / "parse").resolve())
    again = run_step("ml-dataset", folder / "sources", folder / "again", {"licence": "MIT"})
    assert again.manifest.files == artifact.manifest.files
    assert not again.was_kept
    found = Store(folder / "again").find("ml-dataset")
    assert found is not None
    assert {"README.md", "README.ru.md", "methods.jsonl", "methods.parquet"} <= set(found.manifest.files)


def test_a_source_of_copies_may_leave_a_split_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POTOK_ONEC_CACHE", str(tmp_path / "cache"))
    generate(tmp_path / "sources", layout="designer", size=16)
    run_step("parse", tmp_path / "sources", tmp_path / "out", {})
    artifact = run_step("ml-dataset", tmp_path / "sources", tmp_path / "out", {})
    assert artifact.manifest.facts["methods"] > 2000
    assert "rows of test" not in [finding.name for finding in artifact.manifest.contracts]
