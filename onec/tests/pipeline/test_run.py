"""The steps over a generated source: outputs, contracts, what is kept, what another run repeats."""

from pathlib import Path

import pytest

from potok_onec.pipeline import plan
from potok_onec.pipeline.run import run
from potok_onec.pipeline.snapshot import Snapshot
from potok_onec.testing import generate


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POTOK_ONEC_CACHE", str(tmp_path / "cache"))


def test_all_steps_are_done_then_kept_and_only_what_changed_is_made_again(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    expected = generate(source)
    steps = plan.chosen([])
    first = run(steps, source, out, {}, workers=2)
    assert {name: progress.state for name, progress in first.items()} == dict.fromkeys(plan.NAMES, "done")
    snapshot = Snapshot(out / "parse")
    assert sum(len(item.modules) for item in snapshot.objects()) == expected.modules
    assert sum(1 for _ in snapshot.texts()) == expected.modules

    assert {progress.state for progress in run(steps, source, out, {}, workers=2).values()} == {"kept"}

    for module in source.rglob("*.bsl"):
        module.touch()
    touched = run(steps, source, out, {}, workers=2)
    assert touched["parse"].state == "done"
    assert {progress.state for name, progress in touched.items() if name != "parse"} == {"kept"}


def test_a_source_without_a_configuration_breaks_the_contract_and_holds_up_the_rest(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "readme.txt").write_text("nothing of 1C")
    ended = run(plan.chosen([]), source, tmp_path / "out", {}, workers=2)
    assert ended["parse"].state == "failed"
    assert "projects: 0, wanted at least 1" in ended["parse"].error
    assert {progress.state for name, progress in ended.items() if name != "parse"} == {"held_up"}
    assert ended["dependencies"].error == "dependencies needs parse, which failed"
