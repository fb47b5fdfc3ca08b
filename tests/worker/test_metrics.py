"""Numbers of a result that are followed over runs."""

from dataclasses import dataclass
from decimal import Decimal

import msgspec
import pytest

from potok.model.dag import CallableRef, PythonWork, Task
from potok.testing.executor_place import Place
from potok.worker.metrics import measure
from tests.worker.conftest import OneWorker


@dataclass
class Report:
    rows: int
    facts: dict


class Counts(msgspec.Struct):
    methods: int
    share: float
    name: str = "x"


def same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def test_numbers_are_found_in_mappings_and_records_by_their_path() -> None:
    report = Report(7, {"deep": {"good": 0.5}, "counts": Counts(3, 0.25), "list": [1, 2]})
    assert measure(report, same("rows", "facts.deep.good", "facts.counts.methods", "facts.list.1")) == (
        {"rows": 7.0, "facts.deep.good": 0.5, "facts.counts.methods": 3.0, "facts.list.1": 2.0},
        (),
    )
    assert measure(report, {"good": "facts.deep.good"}).found == {"good": 0.5}


def test_a_star_takes_all_numbers_of_a_mapping_or_a_record() -> None:
    facts = {"a": 1, "b": "text", "c": True, "d": None, "e": 2.5}
    assert measure({"facts": facts}, same("facts.*")).found == {"a": 1.0, "e": 2.5}
    assert measure(Counts(3, 0.5), {"all": "*"}).found == {"all.methods": 3.0, "all.share": 0.5}
    assert len(measure({"facts": {str(n): n for n in range(999)}}, same("facts.*")).found) == 50


@pytest.mark.parametrize("value", [None, "7", True, float("nan"), float("inf"), [1], 10**400, 1j])
def test_what_is_no_finite_number_is_missing(value: object) -> None:
    assert measure({"rows": value}, same("rows")) == ({}, ("rows",))


def test_a_decimal_is_a_number() -> None:
    assert measure({"rows": Decimal("1.5")}, same("rows")).found == {"rows": 1.5}


async def test_the_numbers_travel_with_the_outcome_and_a_missing_one_is_told(place: Place, worker: OneWorker) -> None:
    place.write("def count():\n    return {'rows': 5}\n")
    task = Task("count", PythonWork(CallableRef("count")), metrics=same("rows", "columns"))
    end = await worker.run(task)
    assert end.outcome == "success" and end.numbers == {"rows": 5.0}
    assert end.log is not None and end.log.lines == 1
