"""Everything that can be asked "why" about has a sentence, and every sentence reads like one."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potok.engine import sentences
from potok.engine.allocate import lane_of, why_waiting
from potok.engine.explain import Explanation, LastAttempt, RunView, explain
from potok.engine.explanation import Sentence
from potok.engine.graph import Graph
from potok.engine.live_run import Instance
from potok.engine.sentences import sentence
from potok.model.reason import Reason, reason
from potok.model.run import ErrorInfo, WorkerExit
from potok.model.state import RUN_ENDED, RunState, TaskState
from potok.model.trigger_rule import TriggerRule
from potok.model.wire import Outcome
from potok.testing.simulation.dags import chance
from tests.engine.builds import Life, chain, dag, task
from tests.engine.test_allocate import supply
from tests.engine.test_decide import CANCEL, CLEARED, marked
from tests.engine.test_decide_properties import Player

SOURCES = Path(sentences.__file__).parents[1]
ERROR = ErrorInfo("ValueError", "no rows for 2026-05-01", ("ValueError",))


def view(life: Life | Player, waits: Reason | None = None) -> RunView:
    run = life.run
    attempts = {
        at: LastAttempt(at + 1, one.try_number, 622.0, ERROR if one.state is not TaskState.SUCCESS else None)
        for at, one in enumerate(run.instances)
        if one.try_number
    }
    return RunView(
        graph=run.graph,
        record=run.record,
        instances=run.instances,
        attempts=attempts,
        waiting=lambda at: [waits or reason("wait_turn")],
        waiting_run=reason("run_waits_runs", active=2, limit=2),
    )


def all_sentences(told: Explanation) -> Iterator[Sentence]:
    yield told.verdict
    yield told.cause
    for root in told.roots:
        yield root.reason
    for one in told.tasks:
        yield from one.reasons


def check_reads_well(one: Sentence) -> None:
    assert one.text, one
    assert not one.text.endswith("."), one
    assert "None" not in one.text and "  " not in one.text and not one.text.endswith((": ", ";", " ")), one
    assert not re.search(r"(: ;|: $|; still|^still)", one.text), one


# --- the catalogue ----------------------------------------------------------------------------------------------------


def literal_codes() -> set[str]:
    """The first argument of every `reason("…")` and `Reason("…")` in the rooms that decide."""
    found = set()
    for room in ("engine", "scheduler"):
        for path in (SOURCES / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                first = node.args[0]
                if name in ("reason", "Reason") and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def test_every_code_that_is_used_has_its_sentence() -> None:
    codes = literal_codes()
    assert len(codes) > 25
    assert codes - set(sentences._TEXTS) == set()


def test_a_code_from_a_newer_version_still_shows_its_values() -> None:
    assert sentence(Reason("solar_flare", {"strength": 9})).text == "solar flare strength=9"


# --- properties -------------------------------------------------------------------------------------------------------


@settings(max_examples=150)
@given(rng=st.randoms(use_true_random=False), steps=st.integers(0, 40))
def test_every_state_that_a_run_can_get_into_is_explained_in_sentences(rng: Random, steps: int) -> None:
    player = Player(rng)
    for _ in range(steps):
        player.play(player.any_event() if chance(rng, 0.5) else player.likely())
    told = explain(view(player), player.now)
    assert told.state is player.run.record.state
    assert [one.state for one in told.tasks] == [one.state for one in player.run.instances]
    assert all(one.reasons for one in told.tasks)
    for one in all_sentences(told):
        check_reads_well(one)
    if told.state is RunState.FAILED and player.run.record.reason is None:
        assert told.verdict.code.startswith("run_failed")


# --- by example -------------------------------------------------------------------------------------------------------


def train() -> Life:
    """Three trainings in parallel; the second one fails."""
    names = ("train_1", "train_2", "train_3")
    life = Life(
        dag(*(task(name) for name in names), task("evaluate"), task("cleanup"), edges=[((0, 1, 2), (3,)), ((3,), (4,))])
    )
    for name in names:
        life.runs(name, Outcome.FAILED if name == "train_2" else Outcome.SUCCESS)
    return life


def test_the_verdict_names_the_root_and_what_it_kept_from_running() -> None:
    told = explain(view(train()), 0.0)
    assert told.verdict.text == "`train_2` failed on try 1 of 1 after 10 min 22 s; 2 tasks below it did not run"
    (root,) = told.roots
    assert (root.task_id, root.blocked) == ("train_2", ("evaluate", "cleanup"))
    assert root.reason.text == "failed on try 1 of 1 after 10 min 22 s: ValueError: no rows for 2026-05-01"
    assert told.tasks[4].reasons[0].text == "did not run: train_2 failed above"


def test_the_root_that_blocks_most_comes_first() -> None:
    life = Life(dag(task("a"), task("b"), task("c"), task("d"), edges=[((1,), (2,)), ((2,), (3,))]))
    life.runs("a", Outcome.FAILED)
    life.runs("b", Outcome.FAILED)
    assert [root.task_id for root in explain(view(life), 0.0).roots] == ["b", "a"]


def test_a_task_that_waits_names_every_condition() -> None:
    lane = lane_of(dag(task("a")), task("a", pool="p", queue="gpu"), {})
    texts = [
        sentence(why).text for why in why_waiting(lane, supply(0, pool_used={"p": 2}), {"pool:p": ("r1/x", "r2/y")})
    ]
    assert texts == [
        "no live worker serves queue gpu",
        "waits for a slot of pool p: 2/2, held by r1/x, r2/y",
        "waits for a free worker; all are busy",
    ]


def test_a_skipped_task_names_the_rule_and_what_it_found() -> None:
    life = Life(chain(task("a"), task("fix", trigger_rule=TriggerRule.ONE_FAILED)))
    life.runs("a")
    assert explain(view(life), 0.0).tasks[1].reasons[0].text == "skipped: its rule one_failed found above: 1 success"


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (WorkerExit(signal=9, oom=True), "killed by the kernel: out of memory at 0 MB"),
        (WorkerExit(signal=11), "the process was killed by SIGSEGV"),
        (WorkerExit(exit_code=3), "the process ended itself with exit code 3"),
    ],
)
def test_how_a_worker_died_is_named(end: WorkerExit, expected: str) -> None:
    life = Life(dag(task("a")))
    life.starts("a")
    life.loses("a", end)
    assert explain(view(life), 0.0).tasks[0].reasons[0].text == expected


def test_a_parked_task_tells_of_its_losses() -> None:
    life = Life(dag(task("a")))
    for _ in range(3):
        life.starts("a")
        life.loses("a")
    texts = [one.text for one in explain(view(life), 0.0).tasks[0].reasons]
    assert texts[0] == "parked: it lost its worker 3 times, the last time because its worker was killed by SIGKILL"
    assert life.run.instances[0].losses == 3


def test_a_cancelled_run_says_who_stopped_it_and_what_is_left() -> None:
    life = Life(chain(task("a"), task("b")))
    life.starts("a")
    life.happens(CANCEL)
    assert explain(view(life), 0.0).verdict.text == "Being stopped by ann; a still runs"
    life.loses("a")
    assert explain(view(life), 0.0).verdict.text == "Cancelled by ann; 2 tasks did not finish"


def test_a_run_that_failed_without_a_failed_task_says_what_did_not_finish() -> None:
    """Cancelled, then one task marked: nothing failed, yet not everything was done."""
    life = Life(chain(task("a"), task("b")))
    life.happens(CANCEL)
    from potok.engine.events import Marked

    life.happens(Marked((0,), TaskState.SUCCESS, marked(TaskState.SUCCESS)))
    assert life.run.record.state is RunState.FAILED
    assert explain(view(life), 0.0).verdict.text == "1 task did not finish: b"


def test_a_cleared_run_explains_itself_anew() -> None:
    from potok.engine.events import Cleared

    life = train()
    life.happens(Cleared((1, 3, 4), CLEARED))
    told = explain(view(life), life.now)
    assert told.verdict.text.startswith("Running for ")
    assert life.run.record.state not in RUN_ENDED
    assert told.roots == ()


def test_an_explanation_of_ten_thousand_tasks_is_made_of_shared_work() -> None:
    """One failure above 9,900 tasks: each names the root, and nothing is quadratic."""
    layers = [range(100 * n, 100 * n + 100) for n in range(100)]
    edges = [(list(above), list(below)) for above, below in pairwise(layers)]
    graph = Graph(dag(*(task(f"t{at}") for at in range(10_000)), edges=edges))
    states = [TaskState.FAILED] + [TaskState.SUCCESS] * 99 + [TaskState.UPSTREAM_FAILED] * 9900
    life = train()
    record = life.run.record
    instances = [Instance(state, 1, 1) for state in states]
    big = RunView(graph, record, instances, {}, lambda at: [], reason("run_waits"))
    told = explain(big, 0.0)
    assert len(told.roots[0].blocked) == 9900
    assert told.tasks[9999].reasons[0].values == {"tasks": ("t0",)}
