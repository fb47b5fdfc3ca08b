"""What history says of a run: the same error, usual lengths, what differs."""

import pytest

from potok.engine import story
from potok.engine.difference import changed_numbers, changed_values, diff_lines
from potok.engine.explanation import Root
from potok.engine.failure_memory import Memory, PastRun, first_line, remember, signature
from potok.engine.sentences import sentence
from potok.model.reason import reason
from potok.model.run import ErrorInfo
from potok.model.state import RunState

NAN = ErrorInfo("ValueError", "Input X contains NaN.\nmore")


def past(*errors: str, succeeded: bool = False) -> PastRun:
    signatures = frozenset(("train_2", signature(ErrorInfo("ValueError", text))) for text in errors)
    return PastRun("r", 1.0, succeeded, signatures)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("no rows for 2026-05-01", "no rows for 2026-05-02"),
        ("cannot read /data/a/7.parquet", "cannot read /data/b/8.parquet"),
        ("object at 0x7f3a91c0 is gone", "object at 0x7f3a91ff is gone"),
    ],
)
def test_what_differs_each_time_does_not_make_another_error(one: str, other: str) -> None:
    assert signature(ErrorInfo("E", one)) == signature(ErrorInfo("E", other))


def test_another_kind_or_other_words_make_another_error() -> None:
    assert len({signature(ErrorInfo(*one)) for one in (("E", "no rows"), ("F", "no rows"), ("E", "no columns"))}) == 3


def test_an_error_is_one_line() -> None:
    assert first_line(NAN) == "ValueError: Input X contains NaN."
    assert first_line(ErrorInfo("KeyError", "")) == "KeyError"


def test_memory_counts_runs_with_the_same_error_of_the_same_task() -> None:
    runs = [past("other"), past("Input X contains NaN."), past("Input X contains NaN.", succeeded=True)]
    memory = remember("train_2", NAN, runs, whole=True)
    assert (memory.seen, memory.of, memory.recovered, memory.last) == (2, 3, 1, runs[1])
    assert remember("train_1", NAN, runs, whole=True).seen == 0


def root(code: str = "failed", kind: str = "ValueError") -> Root:
    why = sentence(reason(code, losses=3, how="x", error="x", **{"try": 2, "of": 2}))
    return Root("train_2", 2, 2, 1, 41.0, ErrorInfo(kind, "x"), why, ())


def codes(errors: list[ErrorInfo], memory: Memory | None, **of_root: str) -> list[str]:
    return [one.code for one in story.advice(RunState.FAILED, root(**of_root), errors, memory)]


def test_advice_weighs_tries_and_history() -> None:
    new, seen = Memory(0, 9, 0, True, None), Memory(3, 30, 2, False, past("x"))
    assert codes([NAN, NAN], new) == ["advice_tries_alike", "advice_first_seen"]
    assert codes([NAN], seen) == ["advice_same_error", "advice_recovered"]
    assert codes([NAN], Memory(3, 30, 0, False, past("x"))) == ["advice_same_error", "advice_never_recovered"]
    assert codes([NAN], Memory(0, 30, 0, False, None)) == ["advice_not_seen"]
    assert codes([NAN], new, code="poison") == ["advice_lost_worker"]
    assert codes([NAN], new, kind="OutOfMemory") == ["advice_out_of_memory"]
    assert story.advice(RunState.SUCCESS, root(), [], None) == ()


def test_usual_needs_five_good_runs() -> None:
    assert story.usual_length([1, 2, 3, 4]) is None
    assert story.usual_length([1, 2, 3, 4, 100]) == 3
    assert story.usual_lengths([[("a", 0, 1)], [("a", 0, 3)], [("a", 5, 10), ("b", 0, 1)]]) == {"a": 3, "b": 1}


# --- differences ------------------------------------------------------------------------------------------------------


def test_a_diff_shows_the_hunk_with_its_lines_and_numbers() -> None:
    old = [f"line {n}" for n in range(1, 101)]
    new = [*old[:40], "changed", *old[41:]]
    parts, cut = diff_lines(old, new)
    assert not cut
    assert len(parts) == 1 and (parts[0].old_start, parts[0].new_start) == (38, 38)
    context = [" line 38", " line 39", " line 40"], [" line 42", " line 43", " line 44"]
    assert list(parts[0].lines) == [*context[0], "-line 41", "+changed", *context[1]]


@pytest.mark.parametrize(("old", "new"), [([], ["a"]), (["a"], []), (["a", "a"], ["a"]), (["a"], ["a", "a"])])
def test_a_diff_of_short_files_tells_what_came_and_went(old: list[str], new: list[str]) -> None:
    [part], cut = diff_lines(old, new)
    marks = [line[0] for line in part.lines]
    assert not cut
    assert marks.count("+") - marks.count("-") == len(new) - len(old)


def test_files_that_are_too_long_are_not_compared() -> None:
    assert diff_lines([str(n) for n in range(4000)], [str(-n) for n in range(4000)]) == ((), True)
    assert diff_lines(["a"], ["a"]) == ((), False)


def test_numbers_that_differ_are_found_by_their_place_the_largest_change_first() -> None:
    old = {"rows": 48213, "nan_cells": 0, "metrics": {"auc": 0.9}, "file": "a", "parts": [1, 2]}
    new = {"rows": 48977, "nan_cells": 312, "metrics": {"auc": 0.9}, "file": "b", "parts": [1, 3]}
    assert changed_numbers(old, new) == [("nan_cells", 0, 312), ("parts.1", 2, 3), ("rows", 48213, 48977)]
    assert changed_numbers(1, 2) == [("value", 1, 2)]
    assert changed_numbers({"site": {"$files": {"size": 1}}}, {"site": {"$files": {"size": 2}}}) == []


def test_params_that_differ_are_named() -> None:
    assert changed_values({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": None}) == [("b", 2, 3), ("c", None, None)]
