"""The life of a run, one promise a test: tries, losses, timeouts, stops, operators, fencing."""

import itertools

import pytest

from potok.engine.decide import decide
from potok.engine.decision import CallBack, CancelAttempt, Decision, Dispatch, advance
from potok.engine.events import (
    AttemptFinished,
    AttemptStarted,
    AttemptTimedOut,
    Cleared,
    Granted,
    Marked,
    RetryDue,
    RunAdmitted,
    RunResumed,
    RunTimedOut,
    StopRequested,
)
from potok.engine.exits import LOSSES_MAX
from potok.engine.live_run import Instance
from potok.model.dag import CallableRef, Callbacks, EmptyWork, TaskRole
from potok.model.reason import Reason, reason
from potok.model.retry import Retry
from potok.model.run import WorkerExit
from potok.model.state import RunState, TaskState
from potok.model.trigger_rule import TriggerRule
from potok.model.wire import Outcome
from tests.engine.builds import Life, chain, dag, queued_run, task, wakes

CANCEL = StopRequested(RunState.CANCELLED, reason("cancelled", by="ann", note=""))
CLEARED = reason("cleared", by="ann")


def marked(state: TaskState) -> Reason:
    return reason("marked", state=str(state), by="ann")


# --- tries and losses -------------------------------------------------------------------------------------------------


def test_a_task_is_tried_as_often_as_its_policy_says_and_no_more() -> None:
    life = Life(dag(task("a", retry=Retry(retries=2))))
    for _ in range(2):
        life.runs("a", Outcome.FAILED)
        assert life.state("a") is TaskState.QUEUED
    life.runs("a", Outcome.FAILED)
    assert life.state("a") is TaskState.FAILED
    assert life.run.record.state is RunState.FAILED


@pytest.mark.parametrize("spread", [0.0, 0.25, 0.5, 0.999])
def test_the_wait_before_a_retry_grows_is_capped_and_spread_within_its_jitter(spread: float) -> None:
    policy = Retry(retries=6, delay_s=10.0, backoff=2.0, max_delay_s=100.0, jitter=0.2)
    life = Life(dag(task("a", retry=policy)))
    for base_s in (10.0, 20.0, 40.0, 80.0, 100.0, 100.0):
        life.starts("a")
        decision = life.ends("a", Outcome.FAILED, spread=spread)
        (wake,) = wakes(decision)
        assert 0.8 * base_s <= wake.at - life.now <= 1.2 * base_s
        assert life.run.instances[0].retry_at == wake.at
        life.now = wake.at
        assert not life.happens(wake.event).stale
    assert life.state("a") is TaskState.QUEUED


def test_a_retry_that_is_not_due_yet_or_is_of_an_older_try_changes_nothing() -> None:
    life = Life(dag(task("a", retry=Retry(retries=3, delay_s=10.0))))
    life.runs("a", Outcome.FAILED)
    life.now += 9.9
    assert life.happens(RetryDue(0, 1)).stale
    life.now += 0.2
    assert life.happens(RetryDue(0, 2)).stale
    assert not life.happens(RetryDue(0, 1)).stale
    assert life.happens(RetryDue(0, 1)).stale


def test_an_error_that_the_policy_excludes_is_not_tried_again() -> None:
    life = Life(dag(task("a", retry=Retry(retries=5, never=("Hopeless",)))))
    life.starts("a")
    life.ends("a", Outcome.FAILED, names=("app.Hopeless", "Hopeless", "ValueError"))
    assert life.state("a") is TaskState.FAILED


def test_a_huge_backoff_is_capped_and_does_not_overflow() -> None:
    assert Retry(retries=100, delay_s=1.0, backoff=1e6, max_delay_s=60.0).wait_s(90, 0.5) == 60.0


def test_a_lost_worker_spends_no_try() -> None:
    life = Life(dag(task("a", retry=Retry(retries=1))))
    life.starts("a")
    life.loses("a")
    assert life.state("a") is TaskState.QUEUED
    life.runs("a", Outcome.FAILED)
    assert life.state("a") is TaskState.QUEUED, "the retry is still there"
    life.runs("a", Outcome.FAILED)
    assert life.state("a") is TaskState.FAILED


def test_a_task_that_loses_three_workers_is_parked_with_its_reason() -> None:
    life = Life(dag(task("a", retry=Retry(retries=9))))
    for _ in range(LOSSES_MAX):
        life.starts("a")
        life.loses("a")
    assert life.state("a") is TaskState.FAILED
    why = life.run.instances[0].reason
    assert why is not None and why.code == "poison" and why.values["losses"] == 3


@pytest.mark.parametrize(
    "end", [WorkerExit(signal=11), WorkerExit(signal=9, oom=True), WorkerExit(exit_code=0)], ids=["segv", "oom", "exit"]
)
def test_a_process_that_brings_itself_down_spends_a_try(end: WorkerExit) -> None:
    life = Life(dag(task("a", retry=Retry(retries=1))))
    for expected in (TaskState.QUEUED, TaskState.FAILED):
        life.starts("a")
        life.loses("a", end)
        assert life.state("a") is expected


@pytest.mark.parametrize("end", ["loss", "failure", "timeout", "crash"])
def test_an_at_most_once_task_never_runs_again_after_its_dispatch(end: str) -> None:
    life = Life(dag(task("a", at_most_once=True, retry=Retry(retries=5), timeout_s=5.0)))
    attempt = life.starts("a")
    if end == "loss":
        life.loses("a")
    elif end == "crash":
        life.loses("a", WorkerExit(signal=11))
    elif end == "failure":
        life.ends("a", Outcome.FAILED)
    else:
        life.happens(AttemptTimedOut(0, attempt))
        life.loses("a")
    assert life.state("a") is TaskState.FAILED


# --- timeouts ---------------------------------------------------------------------------------------------------------


def test_an_attempt_over_its_time_limit_is_killed_and_counts_as_a_failed_try() -> None:
    life = Life(dag(task("a", timeout_s=5.0, retry=Retry(retries=1))))
    life.attempts = 7
    wake = wakes(life.happens(Granted(0, 7)))[0]
    assert (wake.at, wake.event) == (life.now + 5.0, AttemptTimedOut(0, 7))
    decision = life.happens(wake.event)
    assert decision.commands == (CancelAttempt(7),)
    assert life.state("a") is TaskState.RUNNING, "it ends when its process is gone"
    assert life.happens(wake.event).stale
    life.loses("a")
    assert life.state("a") is TaskState.QUEUED
    second = life.starts("a")
    life.happens(AttemptTimedOut(0, second))
    life.loses("a")
    why = life.run.instances[0].reason
    assert life.state("a") is TaskState.FAILED and why is not None and why.code == "timeout"


def test_a_success_that_was_told_before_the_kill_arrived_is_a_success() -> None:
    life = Life(dag(task("a", timeout_s=5.0)))
    life.happens(AttemptTimedOut(0, life.starts("a")))
    life.ends("a", Outcome.SUCCESS)
    assert life.state("a") is TaskState.SUCCESS


def test_a_run_over_its_time_limit_fails_and_its_tasks_are_stopped() -> None:
    life = Life(chain(task("a"), task("b"), timeout_s=60.0), admitted=False)
    (wake,) = wakes(life.happens(RunAdmitted()))
    life.starts("a")
    life.now += 59.0
    assert life.happens(RunTimedOut()).stale
    life.now = wake.at
    life.happens(wake.event)
    life.loses("a")
    assert life.states() == [TaskState.CANCELLED, TaskState.CANCELLED]
    assert life.run.record.state is RunState.FAILED


# --- stops and teardowns ----------------------------------------------------------------------------------------------


def with_teardown() -> Life:
    cleanup = task("cleanup", role=TaskRole.TEARDOWN, setups=("create",))
    return Life(dag(task("create"), task("work"), cleanup, edges=[((0,), (1,)), ((1,), (2,))]))


def test_a_cancelled_run_still_cleans_up_what_it_has_begun() -> None:
    life = with_teardown()
    life.runs("create")
    life.starts("work")
    life.happens(CANCEL)
    assert not life.has_ended()
    life.loses("work")
    assert life.states() == [TaskState.SUCCESS, TaskState.CANCELLED, TaskState.QUEUED]
    life.runs("cleanup")
    assert life.run.record.state is RunState.CANCELLED


def test_a_cancelled_run_that_has_begun_nothing_cleans_up_nothing() -> None:
    life = with_teardown()
    life.happens(CANCEL)
    assert TaskState.QUEUED not in life.states()
    assert life.run.record.state is RunState.CANCELLED


def test_a_second_cancel_stops_the_teardown_too() -> None:
    life = with_teardown()
    life.runs("create")
    life.happens(CANCEL)
    life.starts("cleanup")
    assert life.happens(CANCEL).commands == (CancelAttempt(life.attempts),)
    life.loses("cleanup")
    assert life.state("cleanup") is TaskState.CANCELLED
    assert life.run.record.state is RunState.CANCELLED


def test_a_run_that_never_began_is_cancelled_at_once() -> None:
    life = Life(chain(task("a"), task("b")), admitted=False)
    life.happens(CANCEL)
    assert life.run.record.state is RunState.CANCELLED
    assert life.happens(CANCEL).stale


def test_a_task_that_fails_while_its_run_is_stopped_is_not_tried_again() -> None:
    life = Life(dag(task("a", retry=Retry(retries=5))))
    life.starts("a")
    life.happens(CANCEL)
    life.ends("a", Outcome.FAILED)
    assert life.state("a") is TaskState.CANCELLED


def test_a_teardown_learns_of_a_setup_that_does_not_stand_directly_above_it() -> None:
    cleanup = task("cleanup", role=TaskRole.TEARDOWN, setups=("create",))
    life = Life(dag(task("create"), task("work"), cleanup, edges=[((1,), (2,))]))
    life.runs("work")
    assert life.state("cleanup") is TaskState.SCHEDULED
    life.runs("create")
    assert life.state("cleanup") is TaskState.QUEUED


def test_a_failed_teardown_does_not_fail_the_run() -> None:
    life = with_teardown()
    life.runs("create")
    life.runs("work")
    life.runs("cleanup", Outcome.FAILED)
    assert life.run.record.state is RunState.SUCCESS


# --- operators --------------------------------------------------------------------------------------------------------


def test_a_cleared_task_runs_again_with_a_fresh_budget_and_its_attempts_count_on() -> None:
    life = Life(dag(task("a", retry=Retry(retries=1))))
    life.runs("a", Outcome.FAILED)
    life.runs("a", Outcome.FAILED)
    life.happens(Cleared((0,), CLEARED))
    assert life.run.record.state is RunState.RUNNING
    assert life.state("a") is TaskState.QUEUED
    assert life.run.instances[0] == Instance(TaskState.QUEUED, try_number=2, max_tries=4, queued_at=life.now)


def test_clearing_forgets_the_losses() -> None:
    life = Life(dag(task("a")))
    for _ in range(LOSSES_MAX):
        life.starts("a")
        life.loses("a")
    life.happens(Cleared((0,), CLEARED))
    assert life.run.instances[0].losses == 0


def test_clearing_a_running_task_kills_it_first_and_then_runs_it_again() -> None:
    life = Life(dag(task("a")))
    attempt = life.starts("a")
    assert life.happens(Cleared((0,), CLEARED)).commands == (CancelAttempt(attempt),)
    assert life.state("a") is TaskState.RUNNING
    life.ends("a", Outcome.SUCCESS)
    assert life.state("a") is TaskState.QUEUED


def test_clearing_a_task_and_what_is_below_it_waits_in_order() -> None:
    life = Life(chain(task("a"), task("b"), task("c")))
    for name in "abc":
        life.runs(name)
    life.happens(Cleared((0, 1, 2), CLEARED))
    assert life.states() == [TaskState.QUEUED, TaskState.SCHEDULED, TaskState.SCHEDULED]


def test_a_mark_lets_the_tasks_below_start() -> None:
    life = Life(chain(task("a"), task("b")))
    life.happens(Marked((0,), TaskState.SUCCESS, marked(TaskState.SUCCESS)))
    assert life.states() == [TaskState.SUCCESS, TaskState.QUEUED]


def test_a_mark_on_a_running_task_holds_once_its_process_is_gone() -> None:
    life = Life(dag(task("a")))
    life.starts("a")
    life.happens(Marked((0,), TaskState.SKIPPED, marked(TaskState.SKIPPED)))
    life.ends("a", Outcome.SUCCESS)
    assert life.state("a") is TaskState.SKIPPED


def test_a_mark_on_an_attempt_that_is_being_killed_for_its_time_limit_is_not_forgotten() -> None:
    life = Life(dag(task("a", timeout_s=5.0, retry=Retry(retries=3))))
    life.happens(AttemptTimedOut(0, life.starts("a")))
    life.happens(Marked((0,), TaskState.SUCCESS, marked(TaskState.SUCCESS)))
    life.loses("a")
    assert life.state("a") is TaskState.SUCCESS


def test_a_mark_in_a_run_that_waits_to_begin_starts_nothing_until_it_begins() -> None:
    life = Life(chain(task("a"), task("b"), task("c")), admitted=False)
    life.happens(Marked((0,), TaskState.SUCCESS, marked(TaskState.SUCCESS)))
    assert life.states() == [TaskState.SUCCESS, TaskState.SCHEDULED, TaskState.SCHEDULED]
    life.happens(RunAdmitted())
    assert life.states() == [TaskState.SUCCESS, TaskState.QUEUED, TaskState.SCHEDULED]


def test_marking_the_failed_task_of_an_ended_run_turns_the_run() -> None:
    life = Life(dag(task("a"), task("b")))
    life.runs("a")
    life.runs("b", Outcome.FAILED)
    life.happens(Marked((1,), TaskState.SUCCESS, marked(TaskState.SUCCESS)))
    assert life.run.record.state is RunState.SUCCESS


# --- the rest ---------------------------------------------------------------------------------------------------------


def test_an_outcome_of_an_attempt_that_is_no_longer_current_changes_nothing() -> None:
    life = Life(dag(task("a")))
    first = life.starts("a")
    life.loses("a")
    second = life.starts("a")
    for event in (
        AttemptFinished(0, first, Outcome.SUCCESS, life.now),
        AttemptStarted(0, first, life.now),
        AttemptTimedOut(0, first),
    ):
        assert decide(life.run, event, life.now) == Decision(stale=f"attempt {first} is not the current one")
    assert not life.ends("a", attempt=second).stale
    assert life.ends("a", attempt=second).stale, "the same outcome twice"


def test_an_empty_task_passes_at_once_and_takes_no_slot() -> None:
    life = Life(chain(task("a", work=EmptyWork()), task("b", work=EmptyWork()), task("c")))
    assert life.states() == [TaskState.SUCCESS, TaskState.SUCCESS, TaskState.QUEUED]
    life.runs("c")
    assert life.run.record.state is RunState.SUCCESS


def test_a_run_without_tasks_succeeds_at_once() -> None:
    assert Life(dag()).run.record.state is RunState.SUCCESS


def test_a_failure_that_a_later_task_hides_still_fails_the_run() -> None:
    life = Life(chain(task("a"), task("notify", trigger_rule=TriggerRule.ALL_DONE)))
    life.runs("a", Outcome.FAILED)
    life.runs("notify")
    assert life.run.record.state is RunState.FAILED


def test_a_task_that_may_fail_does_not_fail_the_run() -> None:
    life = Life(dag(task("a", may_fail=True), task("b")))
    life.runs("a", Outcome.FAILED)
    life.runs("b")
    assert life.run.record.state is RunState.SUCCESS


def test_a_resumed_run_sets_its_timers_anew() -> None:
    life = Life(dag(task("a", retry=Retry(retries=1, delay_s=30.0)), timeout_s=600.0))
    life.runs("a", Outcome.FAILED)
    begun, due = life.now, life.now + 30.0
    life.now += 5.0
    found = {(wake.at, wake.event) for wake in wakes(life.happens(RunResumed()))}
    assert found == {(due, RetryDue(0, 1)), (begun + 600.0, RunTimedOut())}


def test_callbacks_are_called_for_what_happened_and_nothing_else() -> None:
    told = Callbacks((CallableRef("well"),), (CallableRef("badly"),), (CallableRef("again"),))
    life = Life(dag(task("a", retry=Retry(retries=1), callbacks=told), callbacks=told))
    assert life.runs("a", Outcome.FAILED).commands == (CallBack("on_retry", 0),)
    assert life.runs("a", Outcome.FAILED).commands == (CallBack("on_failure", 0), CallBack("on_failure", None))


def test_only_a_grant_dispatches() -> None:
    life = Life(dag(task("a")), admitted=False)
    assert not any(isinstance(command, Dispatch) for command in life.happens(RunAdmitted()).commands)


class Counting(list[Instance]):
    """Instances that count how often one is looked at."""

    looks = 0

    def __getitem__(self, key):  # type: ignore[no-untyped-def]
        self.looks += 1
        return super().__getitem__(key)


def test_an_event_of_a_ten_thousand_task_run_looks_at_its_neighbours_alone() -> None:
    layers = [range(100 * n, 100 * n + 100) for n in range(100)]
    edges = [(list(above), list(below)) for above, below in itertools.pairwise(layers)]
    run = queued_run(dag(*(task(f"t{at}") for at in range(10_000)), edges=edges))
    advance(run, decide(run, RunAdmitted(), 0.0))
    worst = total = 0
    for at in range(300):
        for event in (Granted(at, at + 1), AttemptFinished(at, at + 1, Outcome.SUCCESS, 0.0)):
            watched = Counting(run.instances)
            run.instances = watched
            decision = decide(run, event, 0.0)
            advance(run, decision)
            worst, total = max(worst, watched.looks), total + watched.looks
            run.instances = list(watched)
    assert worst <= 600, "out-degree is 100; an event may look at each neighbour a few times"
    assert total <= 300 * 20
