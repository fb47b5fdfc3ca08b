"""Planted bugs: each is a small change of the text of the engine or the scheduler that the simulator has to notice.

A check that never fired proves nothing. A mutant whose text is gone fails loudly, so that it is rewritten, not lost.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import CodeType, FunctionType

import msgspec

from potok.engine import allocate, decide, plan, rules
from potok.engine.draft import Draft
from potok.scheduler import operations, worker_events
from potok.scheduler.books import Books
from potok.scheduler.core import Core
from potok.scheduler.service import SchedulerService
from potok.scheduler.timers import Timers
from potok.store.sqlite.store import SqliteStore


class Edit(msgspec.Struct, frozen=True):
    """In the source of `function`, `before` (it occurs once) becomes `after`."""

    function: Callable[..., object]
    before: str
    after: str


class Mutant(msgspec.Struct, frozen=True):
    """A bug by name, planted for the length of a `with`."""

    name: str
    edits: tuple[Edit, ...]

    @contextmanager
    def planted(self) -> Iterator[None]:
        with ExitStack() as stack:
            for edit in self.edits:
                stack.enter_context(_edited(edit))
            yield


@contextmanager
def _edited(edit: Edit) -> Iterator[None]:
    """Exchange the code of the function itself, so that whoever holds a reference to it runs the bug too."""
    function = edit.function
    assert isinstance(function, FunctionType)
    right = function.__code__
    function.__code__ = _mutated(function, edit)
    try:
        yield
    finally:
        function.__code__ = right


def _mutated(function: FunctionType, edit: Edit) -> CodeType:
    source = textwrap.dedent(inspect.getsource(function))
    if source.count(edit.before) != 1:
        found = source.count(edit.before)
        raise LookupError(f"{function.__qualname__} has {edit.before!r} {found} times: write this mutant anew")
    module = ast.parse("from __future__ import annotations\n" + source.replace(edit.before, edit.after))
    namespace: dict[str, object] = {}
    exec(compile(module, f"<mutant of {function.__qualname__}>", "exec"), function.__globals__, namespace)  # noqa: S102 (the text is our own source)
    mutated = namespace[function.__name__]
    assert isinstance(mutated, FunctionType)
    return mutated.__code__


MUTANTS = (
    Mutant(
        "outcomes_of_old_attempts_count",
        (
            Edit(decide._current, " and instance.attempt_id == attempt_id", ""),
            Edit(worker_events._finished, "del core.attempts[event.attempt_id]", "pass"),
            Edit(worker_events.lost, "core.attempts.pop(row.attempt_id, None)", "pass"),
        ),
    ),
    Mutant(
        "an_outcome_told_twice_counts_twice",
        (
            Edit(
                decide._current,
                "instance.state is TaskState.RUNNING and instance.attempt_id == attempt_id",
                "instance.attempt_id in (None, attempt_id)",
            ),
            Edit(worker_events._finished, "del core.attempts[event.attempt_id]", "pass"),
        ),
    ),
    Mutant("retries_know_no_budget", (Edit(decide._failed, "old.try_number >= old.max_tries or ", ""),)),
    Mutant(
        "a_lost_worker_spends_a_try",
        (Edit(decide._attempt_lost, "max_tries=instance.max_tries + 1", "max_tries=instance.max_tries"),),
    ),
    Mutant("losses_are_not_counted", (Edit(decide._attempt_lost, "instance.losses + 1 >= LOSSES_MAX", "False"),)),
    Mutant("at_most_once_runs_again", (Edit(decide._attempt_lost, "task.at_most_once", "False"),)),
    Mutant(
        "one_success_waits_for_all",
        (Edit(rules._one_success, "if above.success:", "if above.success >= above.total:"),),
    ),
    Mutant("skips_do_not_spread", (Edit(rules._all_success, "if above.skipped:", "if False:"),)),
    Mutant(
        "a_failed_task_leaves_the_run_green",
        (Edit(decide.final_state, "if not task.may_fail and not draft.graph.is_teardown(at):", "if False:"),),
    ),
    Mutant("time_limits_are_ignored", (Edit(decide._attempt_timed_out, "if instance is None:", "if True:"),)),
    Mutant(
        "kills_are_forgotten",
        (Edit(decide._kill, "draft.commands.append(CancelAttempt(instance.attempt_id))", "pass"),),
    ),
    Mutant("reloading_kills_what_runs", (Edit(decide._watch_again, "if instance.reason is not None:", "if True:"),)),
    Mutant("a_cancelled_run_leaves_its_mess", (Edit(Draft._teardown_is_due, "return any(", "return False and any("),)),
    Mutant("slots_are_never_given_back", (Edit(Books.release, "self._count(lane, -1)", "pass"),)),
    Mutant(
        "a_pool_gives_one_slot_too_many",
        (
            Edit(
                allocate._Use.fits, "> supply.pool_slots.get(lane.pool, 0)", "> supply.pool_slots.get(lane.pool, 0) + 1"
            ),
        ),
    ),
    Mutant(
        "a_key_is_no_lock",
        (Edit(allocate._Use.fits, "used >= lane.concurrency_limit", "used > lane.concurrency_limit"),),
    ),
    Mutant("active_runs_are_not_counted", (Edit(allocate.admit, "limit - active if limit", "limit if limit"),)),
    Mutant("wakes_a_minute_late", (Edit(Timers.add, "(at, self._number", "(at + 60.0, self._number"),)),
    Mutant(
        "sends_before_it_commits",
        (
            Edit(
                SchedulerService._run_turn,
                "    if turn.is_empty():\n",
                "    for call in turn.calls:\n        self.executor.submit(call)\n    turn.calls.clear()\n"
                "    if turn.is_empty():\n",
            ),
        ),
    ),
    Mutant(
        "recovery_forgets_what_waited", (Edit(Core._revive, "if instance.state is TaskState.QUEUED:", "if False:"),)
    ),
    Mutant("recovery_forgets_what_ran", (Edit(Core._revive, "self._pending.append((record.run_key, lost))", "pass"),)),
    Mutant(
        "catchup_takes_the_last_only", (Edit(plan.plan, "missed if schedule.catchup else missed[-1:]", "missed[-1:]"),)
    ),
    Mutant("a_key_of_an_order_means_nothing", (Edit(operations._trigger, "if first is not None:", "if False:"),)),
    # what the first seeds found, planted again
    Mutant(
        "ids_of_attempts_are_given_out_again",
        (Edit(Core.load, "max(self.attempt_id, attempt_id, *alive)", "max(attempt_id, *alive, 0)"),),
    ),
    Mutant("a_failed_turn_leaves_its_context", (Edit(Core.load, "self.calls.forget_all()", "pass"),)),
    Mutant(
        "reloading_forgets_time_limits",
        (Edit(decide._watch_again, "elif timeout_s is not None:", "elif False:"),),
    ),
    Mutant(
        "two_due_runs_cancel_the_cleaning_up",
        (Edit(Core._start_scheduled, " and other.record.reason is None", ""),),
    ),
    Mutant(
        "a_raised_limit_of_runs_is_not_heard",
        (Edit(Core.turn, "self._admit_next.update(dict.fromkeys(self.waiting))", "pass"),),
    ),
    Mutant(
        "an_unknown_commit_counts_as_failed",
        (Edit(SchedulerService._settle, "error = None if written else error", "pass"),),
    ),
    Mutant(
        "a_mark_on_a_dying_attempt_is_forgotten",
        (Edit(decide._kill, ' or verdict.code in ("marked", "cleared")', ""),),
    ),
    Mutant(
        "a_distant_setup_is_not_heard", (Edit(Draft.move, "self._revisit += self.graph.cleaners.get(at, ())", "pass"),)
    ),
    Mutant("an_old_leader_may_write", (Edit(SqliteStore.commit, "if fence.rowcount == 0:", "if False:"),)),
)
