"""Parts: found again under the same key, kept for as long as they are used, never trusted when spoiled."""

from pathlib import Path

import pytest

from potok_onec.pipeline.parts import Parts


def run(file: Path, bodies: dict[str, bytes], version: str = "1") -> set[str]:
    """Names of those that were found; the others are made."""
    found = set()
    with Parts(file, version) as parts:
        for name, body in bodies.items():
            key = parts.key("part", name.encode())
            known = parts.find(key)
            if known is not None:
                assert known == body
                found.add(name)
            parts.keep(key, body)
    return found


def test_what_was_made_is_found_by_the_next_run(tmp_path: Path) -> None:
    file = tmp_path / "parts"
    assert run(file, {"a": b"1", "b": b""}) == set()
    assert run(file, {"a": b"1", "b": b"", "c": b"3" * 100_000}) == {"a", "b"}
    assert run(file, {"c": b"3" * 100_000}) == {"c"}
    assert [path.name for path in tmp_path.iterdir()] == ["parts"]


def test_what_a_run_did_not_use_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "parts"
    run(file, {"a": b"1", "b": b"2"})
    run(file, {"a": b"1"})
    assert run(file, {"a": b"1", "b": b"2"}) == {"a"}


def test_a_part_may_be_made_anew_under_its_key(tmp_path: Path) -> None:
    """Its key was the same, what it depends on was not."""
    file = tmp_path / "parts"
    run(file, {"a": b"1"})
    with Parts(file, "1") as parts:
        key = parts.key("part", b"a")
        assert parts.find(key) == b"1"
        parts.keep(key, b"2")
    assert run(file, {"a": b"2"}) == {"a"}


def test_another_version_finds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "parts"
    run(file, {"a": b"1"})
    assert run(file, {"a": b"1"}, "2") == set()


def test_pieces_of_a_key_do_not_run_together(tmp_path: Path) -> None:
    parts = Parts(None)
    keys = {
        parts.key("x", b"ab", b"c"),
        parts.key("x", b"a", b"bc"),
        parts.key("xa", b"b", b"c"),
        parts.key("x", b"abc"),
    }
    assert len(keys) == 4


def test_a_broken_run_leaves_the_parts_of_the_last_one(tmp_path: Path) -> None:
    file = tmp_path / "parts"
    run(file, {"a": b"1", "b": b"2"})
    with pytest.raises(RuntimeError), Parts(file, "1") as parts:
        parts.keep(parts.key("part", b"a"), b"1")
        raise RuntimeError
    assert run(file, {"a": b"1", "b": b"2"}) == {"a", "b"}


@pytest.mark.parametrize("at", [3, 20, 30, -1])
def test_a_spoiled_byte_costs_one_part(tmp_path: Path, at: int) -> None:
    file = tmp_path / "parts"
    run(file, {"a": b"1" * 40, "b": b"2" * 40})
    body = bytearray(file.read_bytes())
    body[at] ^= 0xFF
    file.write_bytes(body)
    assert len(run(file, {"a": b"1" * 40, "b": b"2" * 40})) == 1


def test_a_file_that_was_cut_off_gives_what_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "parts"
    run(file, {"a": b"1" * 40, "b": b"2" * 40})
    file.write_bytes(file.read_bytes()[:-1])
    assert run(file, {"a": b"1" * 40, "b": b"2" * 40}) == {"a"}
