"""House style as tests: sizes, names, docstrings, and no unfinished work."""

import ast
import re

import pytest

from tests.arch import tidy

CODE = ("src", "bench", "examples", "docs", "scripts")
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}
DOCSTRING_CHARACTERS_MIN = 30
# Put together here, so that this file does not trip over itself.
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")) + r")\b")


def test_no_function_outgrows_a_screen() -> None:
    lengths = [length for path in tidy.python_files(*CODE) for length in tidy.function_lengths(path)]
    found = tidy.complaints(lengths, tidy.FUNCTION_LINES_MAX, tidy.allowed())
    assert not found, "\n".join(found)


def test_no_file_answers_more_than_one_question() -> None:
    lengths = [tidy.file_lengths(path) for path in tidy.python_files(*CODE)]
    found = tidy.complaints(lengths, tidy.FILE_LINES_MAX, tidy.allowed())
    assert not found, "\n".join(found)


def test_no_row_of_the_ratchet_outlives_its_function() -> None:
    files = tidy.python_files(*CODE)
    names = {tidy.shown(path) for path in files} | {
        length.name for path in files for length in tidy.function_lengths(path)
    }
    assert set(tidy.allowed()) <= names


def test_no_module_has_a_name_that_fits_anything() -> None:
    found = [
        tidy.shown(path)
        for path in tidy.python_files(*CODE, "tests")
        if BANNED_NAMES & {*path.relative_to(tidy.ROOT).parts[:-1], path.stem}
    ]
    assert not found, f"a thing that has no room has not been thought through: {found}"


def test_every_module_says_what_it_is() -> None:
    found = [
        tidy.shown(path)
        for path in tidy.python_files("src")
        if len(ast.get_docstring(tidy.tree(path)) or "") < DOCSTRING_CHARACTERS_MIN
    ]
    assert not found, f"a module docstring says what it is and what it must never do: {found}"


def test_nothing_is_left_for_later() -> None:
    found = [
        f"{tidy.shown(path)}:{number}"
        for path in tidy.written_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert not found, f"open an issue instead: {found}"


@pytest.mark.parametrize(
    ("lines", "exceptions", "complaint"),
    [
        (70, {}, ""),
        (71, {}, "at most 70"),
        (80, {"f": 80}, ""),
        (81, {"f": 80}, "grew from 80 to 81"),
        (75, {"f": 80}, "write 75"),
        (60, {"f": 80}, "take its row out"),
    ],
)
def test_ratchet_only_tightens(lines: int, exceptions: dict[str, int], complaint: str) -> None:
    found = tidy.complaints([tidy.Length("f", lines)], 70, exceptions)
    assert bool(found) == bool(complaint)
    assert complaint in "".join(found)
