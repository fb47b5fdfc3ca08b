"""Which steps may run: with what they need, side by side, past a failure."""

import pytest

from potok_onec.pipeline import Step, plan

PARSE = Step("parse", (), (), "x:y")
LEFT = Step("left", ("parse",), (), "x:y")
RIGHT = Step("right", ("parse",), (), "x:y")
SITE = Step("site", ("parse",), (), "x:y", may_miss=("left", "right"))
STEPS = (PARSE, LEFT, RIGHT, SITE)


def names(steps: list[Step]) -> list[str]:
    return [each.name for each in steps]


def test_first_what_needs_nothing_then_all_that_needs_it() -> None:
    assert names(plan.ready(STEPS, (), (), ())) == ["parse"]
    assert names(plan.ready(STEPS, ("parse",), (), ("parse",))) == ["left", "right"]


def test_a_step_that_may_miss_others_waits_until_they_have_ended() -> None:
    assert names(plan.ready(STEPS, ("parse", "left"), (), ("parse", "left", "right"))) == []
    assert names(plan.ready(STEPS, ("parse", "left"), ("right",), ("parse", "left", "right"))) == ["site"]


def test_what_a_failure_holds_up_names_it() -> None:
    assert plan.held_up(STEPS, ("parse",)) == {"left": "parse", "right": "parse", "site": "parse"}
    assert plan.held_up(STEPS, ("left",)) == {}


def test_a_chosen_step_brings_what_it_needs() -> None:
    assert names(plan.chosen(["dependencies"])) == ["parse", "dependencies"]
    with pytest.raises(KeyError, match="dependancies"):
        plan.chosen(["dependancies"])


def test_options_are_of_one_step_or_of_all() -> None:
    given = {"docs.lang": "ru", "licence": "MIT"}
    assert plan.options_of("docs", given) == {"lang": "ru", "licence": "MIT"}
    assert plan.options_of("parse", given) == {"licence": "MIT"}


def test_the_longest_of_those_that_may_begin_goes_first() -> None:
    begun = plan.ready(plan.chosen([]), ("parse",), (), ("parse",))
    assert names(begun) == ["ml-dataset", "best-practices", "dependencies", "architecture"]
