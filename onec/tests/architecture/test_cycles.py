"""Circles of modules and what to cut: checked against the plain definition on random graphs."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from potok_onec.architecture import cut, groups

NODES = [f"m{n}" for n in range(9)]
graphs = st.dictionaries(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), st.integers(1, 5), max_size=24)


def reaches(edges: set[tuple[str, str]], start: str, end: str) -> bool:
    seen: set[str] = set()
    waiting = [target for source, target in edges if source == start]
    while waiting:
        node = waiting.pop()
        if node == end:
            return True
        if node not in seen:
            seen.add(node)
            waiting += [target for source, target in edges if source == node]
    return False


@given(graphs)
@settings(max_examples=300, deadline=None)
def test_a_group_is_what_reaches_each_other(weights: dict[tuple[str, str], int]) -> None:
    found = groups(NODES, weights)
    edges = set(weights)
    number = {node: at for at, group in enumerate(found) for node in group}
    for one in NODES:
        for other in NODES:
            if one != other:
                together = reaches(edges, one, other) and reaches(edges, other, one)
                assert (one in number and number[one] == number.get(other, -1)) == together
    assert [len(group) for group in found] == sorted((len(group) for group in found), reverse=True)


@given(graphs)
@settings(max_examples=300, deadline=None)
def test_without_the_cut_no_circle_is_left_and_no_edge_of_it_is_spare(weights: dict[tuple[str, str], int]) -> None:
    for group in groups(NODES, weights):
        removed = cut(group, weights)
        inside = {edge: n for edge, n in weights.items() if edge[0] in group and edge[1] in group}
        left = {edge: n for edge, n in inside.items() if edge not in removed}
        assert groups(group, left) == []
        for edge in removed:
            assert groups(group, {**left, edge: inside[edge]}) != []


@given(st.dictionaries(st.tuples(st.sampled_from(NODES[:4]), st.sampled_from(NODES[:4])), st.integers(1, 5)))
@settings(max_examples=100, deadline=None)
def test_no_other_set_of_edges_of_a_small_group_has_fewer_calls(weights: dict[tuple[str, str], int]) -> None:
    for group in groups(NODES[:4], weights):
        inside = {edge: n for edge, n in weights.items() if set(edge) <= set(group) and edge[0] != edge[1]}
        sets = (chosen for size in range(len(inside) + 1) for chosen in combinations(inside, size))
        breaking = (each for each in sets if not groups(group, {e: n for e, n in inside.items() if e not in each}))
        fewest = min(sum(inside[edge] for edge in each) for each in breaking)
        assert sum(inside[edge] for edge in cut(group, weights)) == fewest


def test_the_light_edge_of_a_pair_goes() -> None:
    weights = {("a", "b"): 10, ("b", "a"): 1}
    assert cut(["a", "b"], weights) == [("b", "a")]


def test_a_chain_of_ten_thousand_modules_is_one_group() -> None:
    names = [f"n{at}" for at in range(10_000)]
    weights = {(names[at], names[(at + 1) % len(names)]): 1 for at in range(len(names))}
    [group] = groups(names, weights)
    assert len(group) == 10_000
