"""The usual run: medians, steps, critical path, what is parallel, and what would make it faster."""

from itertools import pairwise

from potok.engine.collide import PoolDemand, clashes, pool_demand
from potok.engine.graph import Graph
from potok.engine.usual import RunLengths, longest_chain, parallel_parts, shorten, spread, steps, task_spreads
from potok.model.dag import BashWork, Dag, EdgeGroup, Task
from potok.model.schedule import Interval, Schedule

HOUR = 3600.0


def ml_graph() -> Graph:
    """update → check → three trainings → evaluate → cleanup."""
    names = ["update", "check", "train_1", "train_2", "train_3", "evaluate", "cleanup"]
    tasks = tuple(Task(name, BashWork("true"), pool="ml" if "train" in name else "") for name in names)
    edges = (
        EdgeGroup((0,), (1,)), EdgeGroup((1,), (2, 3, 4)), EdgeGroup((2, 3, 4), (5,)), EdgeGroup((5,), (6,)),
    )  # fmt: skip
    return Graph(Dag("ml_pipeline", tasks, edges))


LENGTHS = [110.0, 25.0, 370.0, 260.0, 280.0, 98.0, 19.0]


def test_the_spread_of_lengths_is_the_median_and_the_middle_eighty_percent() -> None:
    found = spread([float(n) for n in range(1, 12)])
    assert found is not None
    assert (found.median_s, found.p10_s, found.p90_s, found.count) == (6.0, 2.0, 10.0, 11)
    assert spread([]) is None


def test_a_task_is_measured_only_in_the_runs_that_had_it() -> None:
    runs = [RunLengths(5.0, {"update": 3.0}), RunLengths(6.0, {"update": 5.0, "check": 1.0})]
    update, check, *others = task_spreads(ml_graph(), runs)
    assert update is not None and check is not None
    assert (update.median_s, update.count, check.count) == (4.0, 2, 1)
    assert others == [None] * 5


def test_steps_count_what_follows_each_other() -> None:
    assert steps(ml_graph()) == [1, 2, 3, 3, 3, 4, 5]


def test_the_critical_path_is_the_chain_that_takes_longest() -> None:
    chain = longest_chain(ml_graph(), LENGTHS)
    assert chain.path == (0, 1, 2, 5, 6)
    assert chain.length_s == 110 + 25 + 370 + 98 + 19
    assert longest_chain(ml_graph(), LENGTHS, without=2).path == (0, 1, 4, 5, 6)


def test_tasks_with_the_same_neighbours_are_parallel() -> None:
    assert parallel_parts(ml_graph()) == [(2, 3, 4)]
    alone = Graph(Dag("two", (Task("a", BashWork("true")), Task("b", BashWork("true")))))
    assert parallel_parts(alone) == []


def test_shortening_the_slowest_pays_until_a_neighbour_is_the_slowest() -> None:
    graph = ml_graph()
    found = shorten(graph, LENGTHS, longest_chain(graph, LENGTHS))
    assert found is not None
    assert (found.at, found.saved_s, found.next_at) == (2, 90.0, 4)


def test_in_a_chain_shortening_pays_until_the_second_slowest_is_the_slowest() -> None:
    tasks = tuple(Task(name, BashWork("true")) for name in "abc")
    graph = Graph(Dag("chain", tasks, (EdgeGroup((0,), (1,)), EdgeGroup((1,), (2,)))))
    lengths = [1.0, 9.0, 4.0]
    found = shorten(graph, lengths, longest_chain(graph, lengths))
    assert found is not None
    assert (found.at, found.saved_s, found.next_at) == (1, 5.0, 2)
    assert shorten(graph, [0.0, 0.0, 0.0], longest_chain(graph, [0.0, 0.0, 0.0])) is None


def test_a_lone_task_can_be_shortened_to_nothing() -> None:
    graph = Graph(Dag("one", (Task("a", BashWork("true")),)))
    found = shorten(graph, [7.0], longest_chain(graph, [7.0]))
    assert found is not None
    assert (found.saved_s, found.next_at) == (7.0, None)


def test_ten_thousand_tasks_in_layers_are_walked_by_their_groups() -> None:
    tasks = tuple(Task(f"t{n}", BashWork("true")) for n in range(10_000))
    layers = [tuple(range(at, at + 100)) for at in range(0, 10_000, 100)]
    edges = tuple(EdgeGroup(above, below) for above, below in pairwise(layers))
    graph = Graph(Dag("wide", tasks, edges))
    chain = longest_chain(graph, [1.0] * 10_000)
    assert (chain.length_s, len(chain.path)) == (100.0, 100)
    assert max(steps(graph)) == 100


def test_a_dag_wants_as_many_slots_as_its_widest_step() -> None:
    assert pool_demand(ml_graph()) == {"ml": 3}


def other(every_s: float, length_s: float, slots: int = 2, start: float = 0.0) -> PoolDemand:
    return PoolDemand("nightly", Schedule(Interval(every_s), "", start=start), {"ml": slots}, length_s)


def test_a_run_that_overlaps_and_wants_too_much_is_a_collision() -> None:
    at = 100 * HOUR
    [[clash]] = clashes([at], 600.0, {"ml": 3}, {"ml": 4}, [other(24 * HOUR, 900.0, start=at - 300)])
    assert (clash.dag_id, clash.at, clash.until, clash.wanted) == ("nightly", at - 300, at + 600, 5)


def test_a_run_that_fits_or_has_ended_before_is_none() -> None:
    at = 100 * HOUR
    assert clashes([at], 600.0, {"ml": 3}, {"ml": 5}, [other(24 * HOUR, 900.0, start=at)]) == [[]]
    assert clashes([at], 600.0, {"ml": 3}, {"ml": 4}, [other(24 * HOUR, 900.0, start=at - 900)]) == [[]]
    assert clashes([at], 600.0, {"ml": 3}, {"ml": 4}, [other(24 * HOUR, 900.0, start=at + 600)]) == [[]]
