"""How the bench judges figures. No figure is asserted anywhere: machines differ."""

from __future__ import annotations

from bench.figures import Goal, Row, percentile
from bench.process_tree import ProcessTree, weigh


def test_a_miss_of_a_fifth_is_near_and_more_is_a_miss() -> None:
    upper, lower = Goal(10.0), Goal(1000.0, at_most=False)
    assert [upper.verdict(value) for value in (10.0, 12.0, 12.1)] == ["yes", "near", "no"]
    assert [lower.verdict(value) for value in (1000.0, 800.0, 799.0)] == ["yes", "near", "no"]


def test_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([5.0, 1.0, 3.0], 50) == 3.0
    assert percentile([float(number) for number in range(1, 101)], 95) == 95.0
    assert percentile([7.0], 95) == 7.0


def test_ratio_says_how_many_times_better_we_are_whichever_way_is_better() -> None:
    assert Row("gap", "ms", potok=0.5, celery=2.0).ratio == 4.0
    assert Row("rate", "tasks/s", potok=3000.0, celery=500.0, lower_is_better=False).ratio == 6.0
    assert Row("gap", "ms", potok=0.5).ratio is None


def test_a_tree_is_what_carries_its_mark_and_nothing_else() -> None:
    import subprocess
    import sys

    tree, other = ProcessTree(), ProcessTree()
    command = [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"]
    child = subprocess.Popen(
        command, env=tree.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    try:
        assert child.stdout is not None
        child.stdout.readline()
        assert tree.pids() == [child.pid]
        assert other.pids() == []
        weight = weigh(child.pid)
        assert weight is not None
        assert 0 < weight.private <= weight.pss <= weight.rss
    finally:
        tree.stop(child)
        child.communicate()
    assert tree.sweep() == []
    assert weigh(child.pid) is None
