"""Outputs: made once for the same inputs, put in place whole, never replaced by one that breaks its contract."""

from pathlib import Path

import pytest

from potok_onec.pipeline import BrokenContractError, Finding, Store, at_least, equal, share


def write(text: str, *findings: Finding):  # type: ignore[no-untyped-def]
    def make(folder: Path) -> tuple[dict[str, object], list[Finding]]:
        (folder / "rows.txt").write_text(text)
        return {"rows": len(text)}, list(findings)

    return make


def test_the_same_inputs_are_made_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = store.take("parse", {"source": "a"}, write("one"))

    def never(folder: Path) -> tuple[dict[str, object], list[Finding]]:
        raise AssertionError("it was made again")

    again = store.take("parse", {"source": "a"}, never)
    assert (first.was_kept, again.was_kept) == (False, True)
    assert again.manifest == first.manifest
    assert (tmp_path / "parse" / "rows.txt").read_text() == "one"


def test_another_source_with_the_same_content_has_the_same_content_digest(tmp_path: Path) -> None:
    store = Store(tmp_path)
    one = store.take("parse", {"source": "a"}, write("same"))
    two = store.take("parse", {"source": "b"}, write("same"))
    three = store.take("parse", {"source": "c"}, write("other"))
    assert one.manifest.key != two.manifest.key
    assert one.manifest.content == two.manifest.content != three.manifest.content


def test_an_output_that_breaks_its_contract_leaves_the_old_one_in_place(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.take("parse", {"source": "a"}, write("good"))
    with pytest.raises(BrokenContractError, match="objects: 0, wanted at least 1"):
        store.take("parse", {"source": "b"}, write("", at_least("objects", 0, 1)))
    found = store.find("parse")
    assert found is not None
    assert (found.path / "rows.txt").read_text() == "good"
    assert [each.name for each in (tmp_path / ".store").glob("parse-*")] == [found.path.name]


def test_a_maker_that_dies_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)

    def full(folder: Path) -> tuple[dict[str, object], list[Finding]]:
        (folder / "half.txt").write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        store.take("parse", {"source": "a"}, full)
    assert store.find("parse") is None
    assert list((tmp_path / ".store").glob("parse-*")) == []


def test_the_output_before_is_kept_and_older_ones_go(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for source in "abcd":
        store.take("parse", {"source": source}, write(source))
    assert len(list((tmp_path / ".store").iterdir())) == 2
    assert (tmp_path / "parse" / "rows.txt").read_text() == "d"


def test_findings_say_what_was_found_and_wanted() -> None:
    assert (
        share("rows with a name", 99, 100, 0.999).sentence
        == "rows with a name: 99 of 100 (99.00%), wanted at least 99.90%"
    )
    assert share("rows of nothing", 0, 0, 1.0).is_kept
    assert not equal("files", 3, 4).is_kept


def test_what_a_killed_maker_left_behind_goes_with_the_next_output(tmp_path: Path) -> None:
    store = Store(tmp_path)
    left = tmp_path / ".store" / ".parse-0123456789abcdef.12345"
    left.mkdir(parents=True)
    (left / "half.bin").write_bytes(b"half")
    store.take("parse", {"source": "a"}, write("good"))
    assert not left.exists()
