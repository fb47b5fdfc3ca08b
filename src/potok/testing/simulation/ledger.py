"""What is checked at every commit: the store as it was, as it is, and what the workers did. Reads the store alone.

Shares no code with the engine but the tables of legal edges; rules and colours come from `potok.testing.oracle`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from potok.model.dag import Dag, EmptyWork, FromTask, Task, TaskRole
from potok.model.run import RunRecord
from potok.model.state import RUN_EDGES, RUN_ENDED, TASK_EDGES, TASK_ENDED, RunState, TaskState
from potok.model.trigger_rule import TriggerRule
from potok.model.wire import CallKind, Inline, RunContext, TaskCall
from potok.scheduler.callbacks import Promise
from potok.store.protocol import Store
from potok.store.rows import AttemptRow, Batch, RunCounts, StoredRun, TaskRow
from potok.testing import oracle
from potok.testing.simulation.faults import ViolationError
from potok.testing.simulation.limits import check_limits

LOSSES_MAX = 3
Place = tuple[int, int]


class SeenRun(msgspec.Struct):
    """A run as its last commit left it. `cancels`: how often an operator cancelled it since it last began."""

    dag: Dag
    record: RunRecord
    tasks: Sequence[TaskRow]
    attempts: Sequence[AttemptRow]
    cancels: int = 0
    operated: bool = False
    # positions of upstream tasks, by position
    above: tuple[tuple[int, ...], ...] = ()
    kill_asked_at: dict[int, float] = msgspec.field(default_factory=dict)


def reachable() -> dict[TaskState, frozenset[TaskState]]:
    """Where a task can get to within one commit, through legal edges that leave no final state."""
    found = {}
    for start in TaskState:
        seen, frontier = {start}, [start]
        while frontier:
            at = frontier.pop()
            for after in TASK_EDGES[at] if at not in TASK_ENDED else ():
                if after not in seen:
                    seen.add(after)
                    frontier.append(after)
        found[start] = frozenset(seen)
    return found


_REACHABLE = reachable()


class Ledger:
    """`committed` after every commit, `starts` before every body. Raises ViolationError."""

    def __init__(self, store: Store, pools: dict[str, int]) -> None:
        self._store = store
        self._config_pools = pools
        self._dags: dict[tuple[str, str], Dag] = {}
        self._audit_seen = 0
        self.runs: dict[int, SeenRun] = {}
        self.cleared_below: dict[Place, int] = {}
        self.sent: dict[Place, list[int]] = {}
        self.sent_ids: set[int] = set()
        self.now = 0.0
        self.bodies = 0
        self.commits = 0
        self.promised: set[tuple[str, str, str | None, int]] = set()
        self.called: set[tuple[str, str, str | None, int]] = set()

    # --- bodies -----------------------------------------------------------------------------------------------------
    def starts(self, call: TaskCall, alive: set[int]) -> None:
        """A body is about to begin; `alive` are the attempts whose bodies run now."""
        if call.kind is CallKind.CALLBACK:
            if not self._store.load_outbox():
                raise ViolationError(f"callback {call.callback} is called without a promise in the outbox")
            assert call.callback is not None
            run_id = msgspec.msgpack.decode(call.run, type=RunContext).run_id
            self.called.add((run_id, call.callback.event, call.callback.task_id, call.callback.try_number))
            return
        self.bodies += 1
        context = msgspec.msgpack.decode(call.run, type=RunContext)
        task_id = msgspec.msgpack.decode(call.task, type=Task).task_id
        row = self._store.run(context.run_id)
        what = f"attempt {call.attempt_id} of {context.run_id}/{task_id}"
        task = self._store.task(row.record.run_key, task_id) if row else None
        if row is None or task is None or task.state is not TaskState.RUNNING or task.attempt_id != call.attempt_id:
            raise ViolationError(f"{what} starts before its `running` is committed: the store says {task}")
        place = (row.record.run_key, task.position)
        attempts = self._store.attempts(*place)
        since = self.cleared_below.get(place, 0)
        if any(one.outcome == "success" and one.attempt_id > since for one in attempts):
            raise ViolationError(f"{what} starts although a success of this task was committed")
        if call.attempt_id in self.sent_ids:
            raise ViolationError(f"{what} is sent twice")
        earlier = self.sent.setdefault(place, [])
        if any(one in alive for one in earlier):
            raise ViolationError(f"{what} starts while an earlier body of this task still runs")
        if self.runs[place[0]].dag.tasks[place[1]].at_most_once and any(one > since for one in earlier):
            raise ViolationError(f"{what} starts although the task is at_most_once and was sent before")
        self._check_inputs(what, call, place)
        earlier.append(call.attempt_id)
        self.sent_ids.add(call.attempt_id)

    def _check_inputs(self, what: str, call: TaskCall, place: Place) -> None:
        """The results that come with a call are those that the store has now, of successes that count now."""
        dag = self.runs[place[0]].dag
        wanted = [value.task_id for value in dag.tasks[place[1]].args if isinstance(value, FromTask)]
        for name in wanted:
            row, giver = self._store.result(place[0], name), self._store.task(place[0], name)
            given = call.upstream.get(name)
            right = Inline(row.data or b"") if row is not None else None
            if given != right:
                raise ViolationError(f"{what} is given {given} of {name}, the store has {right}")
            is_marked = giver is not None and giver.reason is not None and giver.reason.code == "marked"
            if right is not None and giver is not None and giver.state is not TaskState.SUCCESS and not is_marked:
                raise ViolationError(f"{what} is given a result of {name}, which is {giver.state}")

    def check_callbacks(self) -> None:
        """Every promised callback was called at least once."""
        forgotten = self.promised - self.called
        if forgotten:
            raise ViolationError(f"callbacks were promised and never called: {forgotten}")

    def is_killed(self, attempt_id: int) -> None:
        """A body that runs is about to be killed: somebody must have asked for it, and the store must know."""
        held = [row for run in self.runs.values() for row in run.tasks if row.attempt_id == attempt_id]
        if held and held[0].reason is None:
            raise ViolationError(f"attempt {attempt_id} of {held[0].task_id} is killed and the store knows no reason")

    # --- commits ----------------------------------------------------------------------------------------------------
    def committed(self, batch: Batch, now: float) -> None:
        """The batch tells where to look; what is there is read from the store."""
        self.now = now
        self.commits += 1
        operations = self._operations()
        keys = [new.row.record.run_key for new in batch.runs_new]
        keys += [run.run_key for run in batch.runs] + [task.run_key for task in batch.tasks]
        before: dict[int, SeenRun | None] = {}
        for key in dict.fromkeys(keys):
            before[key] = self.runs.get(key)
            self._run_changed(key, operations)
        for row in batch.outbox_new:
            promise = msgspec.msgpack.decode(row.payload, type=Promise)
            self.promised.add((promise.run_id, promise.call.event, promise.call.task_id, promise.call.try_number))
        if before:
            slots = self._config_pools | {row.name: row.slots for row in self._store.pools()}
            check_limits(self.runs, before, slots, self.run_limit)

    def _operations(self) -> dict[str, list[tuple[str, list[str]]]]:
        """What operators did to runs in this commit: (action, task ids) by run id."""
        found: dict[str, list[tuple[str, list[str]]]] = {}
        rows = [row for row in self._store.audit(50) if row.audit_id > self._audit_seen]
        for row in rows:
            self._audit_seen = max(self._audit_seen, row.audit_id)
            tasks = row.detail.get("tasks", [])
            assert isinstance(tasks, list)
            found.setdefault(row.subject, []).append((row.action, tasks))
        return found

    def _dag(self, stored: StoredRun) -> Dag:
        key = (stored.row.record.dag_id, stored.row.record.bundle)
        if key not in self._dags:
            version = self._store.load_version(*key)
            if version is None:
                raise ViolationError(f"run {stored.row.record.run_id} has no version {key} in the store")
            self._dags[key] = version.dag
        return self._dags[key]

    def is_present(self, dag_id: str) -> bool:
        row = self._store.dag(dag_id)
        return row is not None and row.present

    def run_limit(self, run: SeenRun) -> int:
        """`max_active_runs` of the DAG as it is now; of the run's own version when its file is gone."""
        row = self._store.dag(run.dag.dag_id)
        if row is None or not row.present:
            return run.dag.max_active_runs
        version = self._store.load_version(row.dag_id, row.bundle)
        assert version is not None
        return version.dag.max_active_runs

    def _run_changed(self, key: int, operations: dict[str, list[tuple[str, list[str]]]]) -> None:
        stored = self._store.load_run(key)
        if stored is None:
            raise ViolationError(f"run {key} was written and is not in the store")
        record, old = stored.row.record, self.runs.get(key)
        new = SeenRun(self._dag(stored), record, stored.tasks, stored.attempts)
        if old is not None:
            new.cancels, new.operated, new.above = old.cancels, old.operated, old.above
            new.kill_asked_at = old.kill_asked_at
        else:
            new.above = _tasks_above(new.dag)
        done = operations.get(record.run_id, [])
        actions = {action.split()[0] for action, _ in done}
        if {"clear", "retry", "mark"} & actions:
            new.operated = True
            new.cancels = 0
        new.cancels += sum(action == "cancel" for action, _ in done)
        for action, tasks in done:
            if action in ("clear", "retry"):
                self._cleared(new, tasks)
        self.runs[key] = new
        RunCheck(old, new, touched=bool({"clear", "retry", "mark"} & actions), now=self.now).check(stored.row.counts)

    def _cleared(self, run: SeenRun, tasks: list[str]) -> None:
        positions = {task.task_id: at for at, task in enumerate(run.dag.tasks)}
        newest = max((row.attempt_id for row in run.attempts), default=0)
        for name in tasks:
            self.cleared_below[run.record.run_key, positions[name]] = newest


def _tasks_above(dag: Dag) -> tuple[tuple[int, ...], ...]:
    above: list[set[int]] = [set() for _ in dag.tasks]
    for group in dag.edges:
        for at in group.downstream:
            above[at].update(group.upstream)
    return tuple(tuple(sorted(one)) for one in above)


class RunCheck:
    """One run between two commits. `touched`: an operator cleared or marked tasks of it in this commit."""

    def __init__(self, old: SeenRun | None, new: SeenRun, *, touched: bool, now: float) -> None:
        self.old = old
        self.new = new
        self.touched = touched
        self.now = now
        self.attempts = {row.attempt_id: row for row in new.attempts}
        self.states = [row.state for row in new.tasks]

    def _name(self, row: TaskRow) -> str:
        return f"{self.new.record.run_id}/{row.task_id} at {self.now:.3f}"

    def check(self, counts: RunCounts) -> None:
        self._check_record(counts)
        open_attempts = {row.attempt_id for row in self.new.attempts if row.outcome is None}
        held = {row.attempt_id for row in self.new.tasks if row.attempt_id is not None}
        if open_attempts != held:
            raise ViolationError(
                f"{self.new.record.run_id}: attempts without an end {open_attempts}, instances hold {held}"
            )
        for at, row in enumerate(self.new.tasks):
            before = self.old.tasks[at].state if self.old else TaskState.SCHEDULED
            self._check_row(row)
            if self.old is not None:
                self._check_step(self.old.tasks[at], row)
            if before is TaskState.SCHEDULED and not self.touched:
                self._check_verdict(at, row)
            waits = self.new.record.state is RunState.RUNNING and row.state is TaskState.SCHEDULED
            if waits and self._verdict_now(at) is not None:
                raise ViolationError(f"{self._name(row)} waits although its rule has decided: {self._shown(at)}")
        if self.old is not None:
            self._check_attempts(self.old)

    # --- the run ------------------------------------------------------------------------------------------------
    def _check_record(self, counts: RunCounts) -> None:
        record, states = self.new.record, self.states
        before = self.old.record.state if self.old else RunState.QUEUED
        after = record.state
        ended = all(state in TASK_ENDED for state in states)
        if (after in RUN_ENDED) != ended and after is not RunState.QUEUED:
            raise ViolationError(f"run {record.run_id} is {after}, its tasks are {_texts(states)}")
        steps = {before} | RUN_EDGES[before] | {two for one in RUN_EDGES[before] for two in RUN_EDGES[one]}
        if after not in steps:
            raise ViolationError(f"run {record.run_id} went from {before} to {after}")
        if before in RUN_ENDED and after is not before and not self.touched:
            raise ViolationError(f"run {record.run_id} left {before} by itself")
        if after in RUN_ENDED:
            stopped = None
            if record.reason is not None:
                stopped = RunState.FAILED if record.reason.code == "run_timeout" else RunState.CANCELLED
            right = oracle.colour(self.new.dag, states, stopped)
            if after is not right:
                raise ViolationError(f"run {record.run_id} is {after}, not {right}: {_texts(states)}, {record.reason}")
        found = Counter(states)
        told = {name: getattr(counts, name) for name in counts.__struct_fields__ if name != "total"}
        if counts.total != len(states) or any(found[TaskState(name)] != number for name, number in told.items()):
            raise ViolationError(f"run {record.run_id} is rolled up as {counts}, its tasks are {_texts(states)}")

    # --- one task -----------------------------------------------------------------------------------------------
    def _check_row(self, row: TaskRow) -> None:
        if row.try_number > row.max_tries:
            raise ViolationError(f"{self._name(row)} is on try {row.try_number} of {row.max_tries}")
        if (row.attempt_id is not None) != (row.state is TaskState.RUNNING):
            raise ViolationError(f"{self._name(row)} is {row.state} with attempt {row.attempt_id}")
        if row.state is TaskState.RUNNING and row.reason is not None:
            self.new.kill_asked_at.setdefault(row.attempt_id or 0, self.now)

    def _check_step(self, before: TaskRow, row: TaskRow) -> None:
        if before.state in TASK_ENDED:
            if before != row and not self.touched:
                raise ViolationError(f"{self._name(row)} had ended as {before.state} and became {row.state} by itself")
            return
        is_retried = before.state is TaskState.UP_FOR_RETRY and row.state in (TaskState.QUEUED, TaskState.RUNNING)
        if is_retried and self.now < (before.retry_at or 0.0) and not self.touched:
            raise ViolationError(f"{self._name(row)} is tried again before {before.retry_at}")
        if row.state not in _REACHABLE[before.state]:
            raise ViolationError(f"{self._name(row)} went from {before.state} to {row.state}")
        if before.state is TaskState.RUNNING and row.attempt_id != before.attempt_id:
            ended = self.attempts[before.attempt_id or 0]
            self._check_end(before, row, ended)
        elif row.state is TaskState.SUCCESS and not self._passes(row) and not self._ran(before, row):
            raise ViolationError(f"{self._name(row)} is a success although nothing ran")

    def _passes(self, row: TaskRow) -> bool:
        marked = row.reason is not None and row.reason.code == "marked"
        is_empty = type(self.new.dag.tasks[row.position].work) is EmptyWork
        return marked or (is_empty and row.state is TaskState.SUCCESS)

    def _ran(self, before: TaskRow, row: TaskRow) -> bool:
        mine = [one for one in self.new.attempts if one.position == row.position]
        return bool(mine) and mine[-1].outcome == "success" and row.try_number > before.try_number

    def _check_end(self, before: TaskRow, row: TaskRow, ended: AttemptRow) -> None:
        """An attempt is over: the state after it must be what its outcome means."""
        verdict = before.reason.code if before.reason else None
        if row.state is TaskState.SUCCESS and ended.outcome != "success" and not self._passes(row):
            mine = [one for one in self.new.attempts if one.position == row.position]
            if mine[-1].outcome != "success":
                raise ViolationError(f"{self._name(row)} is a success, its attempt ended as {ended.outcome}")
        if ended.outcome == "success" and verdict is None and not self.touched and row.state is not TaskState.SUCCESS:
            raise ViolationError(f"{self._name(row)} succeeded and became {row.state}: {row.reason}")
        by_hand = row.reason is not None and row.reason.code == "marked"
        if ended.outcome == "lost" and row.state is TaskState.FAILED and row.reason is not None and not by_hand:
            task = self.new.dag.tasks[row.position]
            losses = sum(one.position == row.position and _was_lost(one) for one in self.new.attempts)
            if not task.at_most_once and losses < LOSSES_MAX:
                raise ViolationError(f"{self._name(row)} failed for a lost worker after {losses} such losses")
        if row.state is TaskState.FAILED and row.reason is None and not self.new.operated:
            self._check_budget(row, ended)

    def _check_budget(self, row: TaskRow, ended: AttemptRow) -> None:
        """A plain failure is final when the tries are spent, and not before."""
        task = self.new.dag.tasks[row.position]
        names = set(ended.error.names) if ended.error else set()
        if task.at_most_once or names & set(task.retry.never) or self.new.record.reason is not None:
            return
        tries = [one for one in self.new.attempts if one.position == row.position and one.outcome != "lost"]
        if len(tries) != task.retry.retries + 1:
            raise ViolationError(f"{self._name(row)} failed after {len(tries)} of {task.retry.retries + 1} tries")

    # --- rules --------------------------------------------------------------------------------------------------
    def _above(self, at: int) -> tuple[list[TaskState], list[TaskState]]:
        positions = {task.task_id: number for number, task in enumerate(self.new.dag.tasks)}
        setups = [self.states[positions[name]] for name in self.new.dag.tasks[at].setups]
        return [self.states[up] for up in self.new.above[at]], setups

    def _rule(self, at: int) -> TriggerRule:
        task = self.new.dag.tasks[at]
        if task.role is TaskRole.TEARDOWN and task.trigger_rule is TriggerRule.ALL_SUCCESS:
            return TriggerRule.ALL_DONE_SETUP_SUCCESS
        return task.trigger_rule

    def _shown(self, at: int) -> str:
        above, setups = self._above(at)
        return f"{self._rule(at)} of {_texts(above)}, setups {_texts(setups)}"

    def _verdict_now(self, at: int) -> TaskState | None:
        above, setups = self._above(at)
        return oracle.verdict(self._rule(at), above, setups)

    def _check_verdict(self, at: int, row: TaskRow) -> None:
        """The task has just left `scheduled`: some order of the endings above must lead to what became of it."""
        if row.state is TaskState.SCHEDULED:
            return
        was_try = self.old.tasks[at].try_number if self.old else 0
        started = row.try_number > was_try or row.state is TaskState.QUEUED or self._passes(row)
        stopping = self.new.record.reason is not None
        if stopping and self.new.dag.tasks[at].role is TaskRole.TEARDOWN:
            self._check_teardown(at, row, started)
        if stopping and row.state is TaskState.CANCELLED:
            return
        became = TaskState.QUEUED if started else row.state
        above, setups = self._above(at)
        if became not in oracle.attainable(self._rule(at), above, setups):
            raise ViolationError(f"{self._name(row)} became {row.state} although {self._shown(at)}")

    def _check_teardown(self, at: int, row: TaskRow, started: bool) -> None:
        """In a stopped run a teardown runs when something that it cleans up after has begun, and else does not."""
        task = self.new.dag.tasks[at]
        cleaned = [one for one in self.new.tasks if one.task_id in task.setups]
        cleaned = cleaned or [self.new.tasks[up] for up in self.new.above[at]]
        begun = any(one.try_number > 0 for one in cleaned)
        was_stopping = self.old is not None and self.old.record.reason is not None
        why = self.new.record.reason
        by_itself = why is not None and (why.code != "cancelled" or why.values.get("by") == "schedule")
        stops = self.new.cancels + by_itself
        if started and not begun and was_stopping:
            raise ViolationError(f"{self._name(row)} cleans up although nothing has begun")
        if row.state is TaskState.CANCELLED and begun and stops <= 1:
            raise ViolationError(f"{self._name(row)} does not clean up although its run has begun work")

    # --- attempts -----------------------------------------------------------------------------------------------
    def _check_attempts(self, old: SeenRun) -> None:
        """An attempt ends once, and what was written of its end stays."""
        for before in old.attempts:
            after = self.attempts.get(before.attempt_id)
            if after is None or (before.outcome is not None and before != after):
                raise ViolationError(f"attempt {before.attempt_id} was {before} and is {after}")
        if self.new.operated:
            return
        lost = Counter(one.position for one in self.new.attempts if _was_lost(one))
        told = Counter(one.position for one in self.new.attempts if one.outcome not in (None, "lost"))
        for at, row in enumerate(self.new.tasks):
            if lost[at] > LOSSES_MAX:
                raise ViolationError(f"{self._name(row)} lost {lost[at]} workers and was not parked")
            if told[at] > self.new.dag.tasks[at].retry.retries + 1:
                raise ViolationError(f"{self._name(row)} was tried {told[at]} times")


def _texts(states: Sequence[TaskState]) -> list[str]:
    return [str(state) for state in states]


def _was_lost(attempt: AttemptRow) -> bool:
    """Whether its worker died; what an orderly stop of the server set aside is no loss."""
    return attempt.outcome == "lost" and not (attempt.error is not None and attempt.error.kind == "ServerStopped")
