"""What a task promises of its result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, Literal, TypedDict

import msgspec
import pandas as pd
import pyarrow as pa
import pytest
from pydantic import BaseModel, Field

from potok import ContractError, Verdict, between, columns, no_nulls, not_empty, rows
from potok.authoring.contracts import accept_argument, return_annotation, run_checks, validate_result


@dataclass
class Point:
    x: int
    y: int = 0


class Model(BaseModel):
    score: float = Field(ge=0, le=1)


class Row(msgspec.Struct):
    n: int


class Shape(TypedDict):
    n: int


class Colour(Enum):
    RED = "red"


class Own:
    pass


@pytest.mark.parametrize(
    ("value", "annotation"),
    [
        (1, int),
        (1, float),
        (1.5, float),
        (None, None),
        (None, type(None)),
        (None, int | None),
        ("x", str | int),
        ("a", Literal["a", "b"]),
        ([1, 2], list[int]),
        ((1, 2), tuple[int, int]),
        ({"a": [1.5]}, dict[str, list[float]]),
        ([Point(1)], list[Point]),
        ({"x": 1}, Point),
        (Model(score=1), Model),
        ({"score": 0.5}, Model),
        ({"n": 1}, Shape),
        ({"n": 1}, Row),
        (Own(), Own),
        ([Own()], list[Own]),
        ([1], Sequence[int]),
        (Path("x"), Path),
        (date(2026, 1, 1), date),
        (Colour.RED, Colour),
        (object(), Any),
        (pd.DataFrame(), pd.DataFrame),
        (1, "Unresolved"),
    ],
)
def test_a_result_that_keeps_its_promise_passes_as_it_is(value: object, annotation: object) -> None:
    assert validate_result(value, annotation) is value


@pytest.mark.parametrize(
    ("value", "annotation", "sentence"),
    [
        ("1", int, "the result is not the int that the function declares: it is '1' (str)"),
        (True, int, "it is True (bool)"),
        (1.5, int, "it is 1.5 (float)"),
        (None, int, "it is None"),
        (5, type(None), "it is 5 (int)"),
        (5, str | None, "it is 5 (int)"),
        ([1, "a"], list[int], "expected 'int', got 'str' - at 'result[1]'"),
        ({"x": "a"}, Point, "expected 'int', got 'str' - at 'result.x'"),
        ({"score": 5}, Model, "1 validation error for Model"),
        ({}, Shape, "missing required field 'n'"),
        (3, Own, "it is 3 (int)"),
        ("x" * 100, int, "it is of type str"),
        ([3], list[Own], "expected 'Own', got 'int'"),
        ("c", Literal["a", "b"], "invalid enum value 'c'"),
    ],
)
def test_a_broken_promise_says_what_was_found(value: object, annotation: object, sentence: str) -> None:
    with pytest.raises(ContractError) as caught:
        validate_result(value, annotation)
    assert sentence in str(caught.value)


def test_annotations_are_read_as_types_and_unreadable_ones_are_no_promise() -> None:
    def typed() -> "list[int]":
        return []

    def untyped():  # type: ignore[no-untyped-def]
        return None

    def unknown() -> "Missing":  # type: ignore[name-defined]  # noqa: F821
        return None

    assert return_annotation(typed) == list[int]
    assert return_annotation(untyped) is None
    assert return_annotation(unknown) is None


@pytest.mark.parametrize(
    ("value", "annotation", "expected"),
    [
        ({"x": 1, "y": 2}, Point, Point(1, 2)),
        ([{"x": 1}], list[Point], [Point(1)]),
        ({"score": 0.5}, Model, Model(score=0.5)),
        ("2026-01-31", date, date(2026, 1, 31)),
        ("red", Colour, Colour.RED),
        ("a/b", Path, Path("a/b")),
        ({"n": 1}, Row | None, Row(1)),
        (1.0, int, 1.0),
        ("text", list[int], "text"),
        ([1], Own, [1]),
    ],
)
def test_arguments_become_what_the_function_declares(value: object, annotation: object, expected: object) -> None:
    found = accept_argument(value, annotation)
    assert found == expected
    assert type(found) is type(expected)


def test_an_argument_of_another_shape_is_refused() -> None:
    with pytest.raises(ContractError, match="Point expected: object missing required field 'x'"):
        accept_argument({"z": 1}, Point)


FRAME = pd.DataFrame({"price": [1.0, 2.0, None], "name": ["a", "b", "c"]})
TABLE = pa.table({"price": [1.0, 2.0, None], "name": ["a", "b", "c"]})
RECORDS = [{"price": 1.0, "name": "a"}, {"price": 2.0, "name": "b"}, {"price": None, "name": "c"}]


@pytest.mark.parametrize("table", [FRAME, TABLE, RECORDS], ids=["pandas", "arrow", "records"])
def test_checks_look_at_every_kind_of_table(table: object) -> None:
    checks = [
        *(not_empty(), rows(min=3, max=3), columns("price", "name"), between(1, 2, column="price"), no_nulls("name")),
        *(rows(min=4), columns("cost"), between(None, 1.5, column="price"), no_nulls()),
    ]
    found = run_checks(table, checks)
    assert [each.ok for each in found] == [True] * 5 + [False] * 4
    assert [(each.check, each.detail) for each in found[5:]] == [
        ("rows(min=4)", "3 rows"),
        ("columns('cost')", "there is no 'cost'; columns are price, name"),
        ("between(None, 1.5, column='price')", "found 1 to 2"),
        ("no_nulls()", "1 missing in 'price'"),
    ]


@pytest.mark.parametrize(
    ("value", "check", "ok", "detail"),
    [
        (None, not_empty(), False, "the result is None"),
        ([], not_empty(), False, "it is empty"),
        (5, not_empty(), True, "it is of type int"),
        (5, rows(min=1), False, "the result is of type int, which has no rows"),
        (5, columns("a"), False, "the result is of type int, which has no columns"),
        (5, between(0, 10), True, "found 5"),
        ([1, 20], between(0, 10), False, "found 1 to 20"),
        ("x", between(0, 10), False, "the result has no numbers: it is of type str"),
        ({"accuracy": 0.7}, between(0.8, 1, column="accuracy"), False, "found 0.7"),
        ({"accuracy": 0.7}, between(0.8, 1, column="f1"), False, "there is no 'f1' in the result"),
        ([1, None], no_nulls(), False, "1 missing values"),
        (FRAME, no_nulls("cost"), False, "there is no column 'cost'"),
    ],
)
def test_a_check_tells_what_it_found(value: object, check: Any, ok: bool, detail: str) -> None:
    [found] = run_checks(value, [check])
    assert (found.ok, found.detail) == (ok, detail)


def test_one_check_judges_several_things_each_by_its_name() -> None:
    def promises(value: object) -> list[Verdict]:
        return [
            Verdict(True, "4", name="files", wanted="4"),
            Verdict(False, "0", name="rows", wanted="12"),
            Verdict(True, "fine"),
        ]

    def nothing(value: object) -> list[Verdict]:
        return []

    def too_many(value: object) -> list[Verdict]:
        return [Verdict(True, "")] * 201

    found = run_checks(1, [promises, nothing, too_many])
    assert [(each.check, each.ok, each.detail, each.wanted) for each in found] == [
        ("files", True, "4", "4"),
        ("rows", False, "0", "12"),
        ("promises", True, "fine", ""),
        ("nothing", False, "it judged nothing", ""),
        ("too_many", False, "it gave 201 verdicts, of which at most 200 are kept", ""),
    ]
    assert found[1].sentence == "rows: 0, wanted 12"


def test_plain_functions_are_checks() -> None:
    def fine(value: object) -> None: ...
    def truthy(value: object) -> bool:
        return True

    def wrong(value: object) -> bool:
        return False

    def says(value: object) -> str:
        return "too short"

    def asserts(value: object) -> None:
        raise AssertionError("no header")

    def breaks(value: object) -> None:
        raise KeyError("x")

    found = run_checks(1, [fine, truthy, wrong, says, asserts, breaks])
    assert [(each.check, each.ok, each.detail) for each in found] == [
        ("fine", True, ""),
        ("truthy", True, ""),
        ("wrong", False, "it does not hold"),
        ("says", False, "too short"),
        ("asserts", False, "no header"),
        ("breaks", False, "KeyError: 'x'"),
    ]
