"""Groups of edges against a list of pairs, which is simple enough to be right."""

import graphlib
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potok.authoring.edges import Declarations, EdgeList, cycle, grouped, topological, upstream_masks

COUNT = 12
positions = st.lists(st.integers(0, COUNT - 1), min_size=1, max_size=5, unique=True)
declarations = st.lists(st.tuples(positions, positions), max_size=12)


def declared_from(said: list[tuple[list[int], list[int]]]) -> Declarations:
    declared = Declarations()
    for number, (above, below) in enumerate(said):
        declared.add(tuple(sorted(above)), below, f"flow.py:{number}")
    return declared


def pairs_of(groups: EdgeList) -> list[tuple[int, int]]:
    return [(a, b) for above, below in groups for a in above for b in below]


@given(declarations)
def test_groups_hold_exactly_the_declared_pairs_each_in_one_group(said: list[tuple[list[int], list[int]]]) -> None:
    expected = {(a, b) for above, below in said for a in above for b in below}
    found = pairs_of(grouped(COUNT, declared_from(said)))
    assert len(found) == len(set(found))
    assert set(found) == expected


@given(declarations)
def test_masks_tell_the_tasks_directly_above(said: list[tuple[list[int], list[int]]]) -> None:
    expected = {(a, b) for above, below in said for a in above for b in below}
    masks = upstream_masks(COUNT, declared_from(said))
    assert {(a, b) for b, mask in enumerate(masks) for a in range(COUNT) if mask >> a & 1} == expected


@given(declarations)
@settings(max_examples=300)
def test_order_puts_all_above_first_and_a_cycle_is_named(said: list[tuple[list[int], list[int]]]) -> None:
    groups = grouped(COUNT, declared_from(said))
    found = set(pairs_of(groups))
    naive = graphlib.TopologicalSorter({n: {a for a, b in found if b == n} for n in range(COUNT)})
    order = topological(COUNT, groups)
    try:
        list(naive.static_order())
    except graphlib.CycleError:
        assert len(order) < COUNT
        path = cycle(COUNT, groups, order)
        assert path[0] == path[-1]
        assert len(path) - 1 == len(set(path))
        assert all(step in found for step in itertools.pairwise(path))
    else:
        place = {node: at for at, node in enumerate(order)}
        assert sorted(order) == list(range(COUNT))
        assert all(place[a] < place[b] for a, b in found)


def test_what_was_declared_in_order_stays_in_that_order() -> None:
    groups = grouped(4, declared_from([([0], [2]), ([1], [3])]))
    assert topological(4, groups) == [0, 1, 2, 3]


def test_pairs_said_one_by_one_become_one_group() -> None:
    said = [([a], [b]) for a in range(3) for b in range(3, 6)]
    assert grouped(6, declared_from(said)) == [((0, 1, 2), (3, 4, 5))]


def test_a_layer_with_an_edge_of_its_own_for_each_task_stays_small() -> None:
    layer, extra = list(range(20)), list(range(20, 40))
    below = list(range(40, 60))
    said = [(layer, below), *(([extra[n]], [below[n]]) for n in range(20))]
    groups = grouped(60, declared_from(said))
    assert sum(len(a) + len(b) for a, b in groups) == 20 + 20 + 20 * 2


def test_a_task_that_stands_before_itself_is_a_cycle() -> None:
    groups = grouped(2, declared_from([([1], [1])]))
    assert cycle(2, groups, topological(2, groups)) == [1, 1]


@pytest.mark.slow
def test_ten_thousand_tasks_in_a_hundred_layers_are_99_groups() -> None:
    declared = Declarations()
    for layer in range(99):
        above = tuple(range(layer * 100, layer * 100 + 100))
        declared.add(above, range(layer * 100 + 100, layer * 100 + 200), "")
    groups = grouped(10_000, declared)
    assert topological(10_000, groups) == list(range(10_000))
    assert len(groups) == 99
