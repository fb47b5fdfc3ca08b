"""`allocate` against a naive oracle that looks at every queued instance, and its promises one by one."""

from collections.abc import Mapping

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from potok.engine.allocate import (
    Claim,
    Demand,
    Lane,
    Supply,
    WaitingRun,
    admit,
    allocate,
    fill_key,
    lane_of,
    why_waiting,
)
from potok.model.dag import Concurrency
from tests.engine.builds import dag, task

POOLS = ("", "narrow", "wide")
KEYS = ("", "lock", "client-a")
DAGS = ("", "etl", "ml")

lanes = st.builds(
    Lane,
    priority=st.sampled_from((0, 0, 5)),
    queue=st.sampled_from(("default", "default", "gpu")),
    pool=st.sampled_from(POOLS),
    pool_slots=st.integers(1, 3),
    concurrency_key=st.sampled_from(KEYS),
    concurrency_limit=st.integers(1, 3),
    dag_id=st.sampled_from(DAGS),
    dag_limit=st.integers(1, 4),
).map(
    lambda lane: msgspec.structs.replace(
        lane,
        concurrency_limit=lane.concurrency_limit if lane.concurrency_key else 0,
        dag_limit=lane.dag_limit if lane.dag_id else 0,
    )
)
supplies = st.builds(
    Supply,
    free=st.integers(0, 8),
    queues=st.sampled_from((frozenset({"default"}), frozenset({"default", "gpu"}))),
    pool_slots=st.fixed_dictionaries({"narrow": st.integers(0, 2), "wide": st.integers(0, 6)}),
    pool_used=st.fixed_dictionaries({"narrow": st.integers(0, 2), "wide": st.integers(0, 6)}),
    key_used=st.fixed_dictionaries({"lock": st.integers(0, 2), "client-a": st.integers(0, 1)}),
    dag_used=st.fixed_dictionaries({"etl": st.integers(0, 3), "ml": st.integers(0, 3)}),
)
waiting = st.lists(st.tuples(lanes, st.integers(1, 4)), max_size=25)


def demand_of(queued: list[tuple[Lane, int]]) -> tuple[Demand, dict[Claim, Lane]]:
    demand, where = Demand(), {}
    for order, (lane, run_key) in enumerate(queued, 1):
        claim = Claim(order, run_key, order)
        demand.add(lane, claim)
        where[claim] = lane
    return demand, where


class Ledger:
    """Use after some grants, counted the slow way."""

    def __init__(self, supply: Supply, granted: list[Lane]) -> None:
        self.supply = supply
        self.granted = granted

    def fits(self, lane: Lane) -> bool:
        supply, granted = self.supply, self.granted
        pool = supply.pool_used.get(lane.pool, 0) + sum(one.pool_slots for one in granted if one.pool == lane.pool)
        key = supply.key_used.get(lane.concurrency_key, 0)
        key += sum(one.concurrency_key == lane.concurrency_key and one.concurrency_limit > 0 for one in granted)
        of_dag = supply.dag_used.get(lane.dag_id, 0) + sum(one.dag_id == lane.dag_id for one in granted)
        return (
            lane.queue in supply.queues
            and (not lane.pool or pool + lane.pool_slots <= supply.pool_slots[lane.pool])
            and (not lane.concurrency_limit or key < lane.concurrency_limit)
            and (not lane.dag_limit or of_dag < lane.dag_limit)
        )


@settings(max_examples=300)
@given(queued=waiting, supply=supplies)
def test_grants_fit_one_after_the_other_and_leave_nothing_that_fits(
    queued: list[tuple[Lane, int]], supply: Supply
) -> None:
    demand, where = demand_of(queued)
    grants = allocate(demand, supply)
    assert len(set(grants)) == len(grants) <= supply.free
    taken: list[Lane] = []
    for claim in grants:
        assert Ledger(supply, taken).fits(where[claim]), "over-granted"
        taken.append(where[claim])
    if len(grants) < supply.free:
        left = [lane for claim, lane in where.items() if claim not in grants]
        assert not any(Ledger(supply, taken).fits(lane) for lane in left), "a free slot although something fits"


@settings(max_examples=300)
@given(queued=waiting, supply=supplies)
def test_nothing_of_higher_priority_that_fits_waits_behind_a_grant(
    queued: list[tuple[Lane, int]], supply: Supply
) -> None:
    demand, where = demand_of(queued)
    taken: list[Lane] = []
    grants = allocate(demand, supply)
    for number, claim in enumerate(grants):
        waiting_now = [lane for other, lane in where.items() if other not in grants[:number]]
        best = max(lane.priority for lane in waiting_now if Ledger(supply, taken).fits(lane))
        assert where[claim].priority == best
        taken.append(where[claim])


@given(queued=waiting, supply=supplies)
def test_allocating_changes_no_book(queued: list[tuple[Lane, int]], supply: Supply) -> None:
    demand, _ = demand_of(queued)
    assert allocate(demand, supply) == allocate(demand, supply)
    assert demand.size == len(queued)


@given(queued=waiting, gone=st.sets(st.integers(1, 25)))
def test_what_was_removed_is_gone_and_the_rest_is_there(queued: list[tuple[Lane, int]], gone: set[int]) -> None:
    demand, where = demand_of(queued)
    for claim in list(where):
        if claim.position in gone:
            demand.remove(claim.run_key, claim.position)
            demand.remove(claim.run_key, claim.position)
    left = {claim for claim in where if claim.position not in gone}
    assert {claim for lane in demand.lanes() for _, _, claim in demand.in_turn(lane)} == left
    assert demand.size == len(left)
    for claim, lane in where.items():
        assert demand.lane_of(claim.run_key, claim.position) == (lane if claim in left else None)
    counted: dict[str, int] = {}
    for claim in left:
        counted[where[claim].pool] = counted.get(where[claim].pool, 0) + 1
    assert demand.waiting_by_pool() == counted


# --- fairness ---------------------------------------------------------------------------------------------------------

PLAIN = lane_of(dag(task("a")), task("a"), {})


def supply(free: int = 1, **fields: object) -> Supply:
    base: dict[str, object] = {
        "free": free, "queues": frozenset({"default"}), "pool_slots": {"p": 2}, "pool_used": {}, "key_used": {},
        "dag_used": {},
    }  # fmt: skip
    return Supply(**(base | fields))  # type: ignore[arg-type]


def test_a_run_of_thousands_does_not_starve_a_run_of_one() -> None:
    demand = Demand()
    for at in range(5000):
        demand.add(PLAIN, Claim(at, 1, at))
    demand.add(PLAIN, Claim(5000, 2, 0))
    served = []
    for _ in range(3):
        (claim,) = allocate(demand, supply())
        demand.remove(claim.run_key, claim.position)
        served.append(claim.run_key)
    assert 2 in served


def test_a_run_of_thousands_does_not_starve_one_that_stands_in_another_lane() -> None:
    other = lane_of(dag(task("a")), task("a", pool="p"), {})
    demand = Demand()
    for at in range(5000):
        demand.add(PLAIN, Claim(at, 1, at))
    for at in range(3):
        demand.add(other, Claim(5000 + at, 2, at))
    served = []
    for _ in range(6):
        (claim,) = allocate(demand, supply())
        demand.remove(claim.run_key, claim.position)
        served.append(claim.run_key)
    assert served == [1, 2, 1, 2, 1, 2]


def test_runs_of_one_lane_are_served_in_turn() -> None:
    demand = Demand()
    for order in range(9):
        demand.add(PLAIN, Claim(order, order // 3, order))
    assert [claim.run_key for claim in allocate(demand, supply(6))] == [0, 1, 2, 0, 1, 2]


def test_a_blocked_lane_holds_nobody_up() -> None:
    blocked = lane_of(dag(task("a")), task("a", pool="full", priority=100), {})
    demand = Demand()
    for order in range(100):
        demand.add(blocked, Claim(order, 1, order))
    demand.add(PLAIN, Claim(100, 1, 100))
    assert allocate(demand, supply(4, pool_slots={"full": 0})) == [Claim(100, 1, 100)]


def test_who_waits_longest_comes_first_among_equals() -> None:
    one = lane_of(dag(task("a")), task("a", pool="p"), {})
    demand = Demand()
    demand.add(PLAIN, Claim(2, 1, 0))
    demand.add(one, Claim(1, 2, 0))
    assert [claim.order for claim in allocate(demand, supply(2))] == [1, 2]


# --- why --------------------------------------------------------------------------------------------------------------


@settings(max_examples=300)
@given(lane=lanes, there=supplies)
def test_every_condition_that_is_not_met_is_named_and_no_other(lane: Lane, there: Supply) -> None:
    unmet = {why.code for why in why_waiting(lane, there, {})}
    expected = set()
    if lane.queue not in there.queues:
        expected.add("wait_queue")
    if lane.pool and there.pool_used[lane.pool] + lane.pool_slots > there.pool_slots[lane.pool]:
        expected.add("wait_pool")
    if lane.concurrency_limit and there.key_used[lane.concurrency_key] >= lane.concurrency_limit:
        expected.add("wait_key")
    if lane.dag_limit and there.dag_used[lane.dag_id] >= lane.dag_limit:
        expected.add("wait_dag_tasks")
    if there.free <= 0:
        expected.add("wait_worker")
    assert unmet == (expected or {"wait_turn"})


def test_the_reason_names_who_holds_the_pool() -> None:
    lane = lane_of(dag(task("a")), task("a", pool="p", pool_slots=2), {})
    holders: Mapping[str, tuple[str, ...]] = {"pool:p": ("r1/load",)}
    (why,) = why_waiting(lane, supply(pool_used={"p": 1}), holders)
    assert why.values == {"pool": "p", "held_by": ("r1/load",), "used": 1, "slots": 2, "wants": 2}


def test_a_key_is_filled_with_params_and_params_are_not_filled_again() -> None:
    lane = lane_of(dag(task("a")), task("a", concurrency=Concurrency("client-{id}", 2)), {"id": 7})
    assert (lane.concurrency_key, lane.concurrency_limit) == ("client-7", 2)
    assert fill_key("{a}", {"a": "{b}", "b": "x"}) == "{b}"
    assert fill_key("{unknown}", {"a": 1}) == "{unknown}"


# --- admission --------------------------------------------------------------------------------------------------------


def test_runs_begin_in_the_order_they_wait_up_to_the_limit() -> None:
    runs = [WaitingRun(1, None), WaitingRun(2, 50.0), WaitingRun(3, None), WaitingRun(4, 5.0)]
    assert admit(runs, active=1, limit=3, now=10.0) == [1, 3]
    assert admit(runs, active=1, limit=0, now=10.0) == [1, 3, 4]
    assert admit(runs, active=5, limit=3, now=10.0) == []
