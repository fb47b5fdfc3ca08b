"""A DAG in the process that asks for it, one task after another, so that breakpoints and debuggers work.

The engine decides as it does on a server: trigger rules, retries, skips, teardowns. Waits between retries are jumped
over. Nothing is stored; connections and variables come from POTOK_CONN_* and POTOK_VAR_*.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections import deque
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from potok.authoring import context as task_context
from potok.authoring import requests
from potok.authoring.built import BuiltDag
from potok.authoring.runtime import Skip
from potok.engine.decide import decide
from potok.engine.decision import CallBack, Decision, Dispatch, WakeAt, advance
from potok.engine.events import AttemptFinished, Granted, RetryDue, RunAdmitted, RunEvent
from potok.engine.graph import Graph
from potok.engine.live_run import LiveRun, first_instances
from potok.engine.plan import previous_fire
from potok.model.dag import BashWork
from potok.model.errors import PotokError
from potok.model.run import RunRecord, TriggerKind
from potok.model.state import RUN_ENDED, RunState, TaskState
from potok.model.wire import (
    AskConnection,
    AskResult,
    GotConnection,
    GotResult,
    GotVariable,
    Outcome,
    Refused,
    RunContext,
    TaskCall,
    Value,
    WorkerReply,
    WorkerRequest,
)
from potok.scheduler.versions import Version
from potok.worker.bash import render_bash
from potok.worker.body import Body
from potok.worker.dag_file import DagFile
from potok.worker.failure import TaskError, describe
from potok.worker.results import ResultsFolder
from potok.worker.task_plan import TaskPlan


class InlineRun(msgspec.Struct, frozen=True):
    """How the run ended. `states`, `results` and `errors` are by task id; `errors` holds the exceptions themselves."""

    state: RunState
    states: dict[str, TaskState]
    results: dict[str, object]
    errors: dict[str, BaseException]


def run_inline(
    built: BuiltDag, params: dict[str, object] | None = None, logical_date: datetime | None = None
) -> InlineRun:
    """Run `built` here and now. Raises InvalidError for params that do not fit; a task's own error is in `errors`."""
    with tempfile.TemporaryDirectory(prefix="potok-test-") as folder:
        return _Inline(built, params or {}, logical_date, Path(folder)).run()


class _LiveFile(DagFile):
    """The file of a DAG that lives in this process already: nothing is imported."""

    def __init__(self, built: BuiltDag, task_id: str) -> None:
        super().__init__("", built.dag.file)
        self._live = built
        self._task_id = task_id

    def function(self, qualname: str) -> object:
        return self._live.live[self._task_id].function

    def live_dag(self, dag_id: str) -> BuiltDag:
        return self._live


class _InlineBody(Body):
    """Commands print to our own stdout; their last line is the result."""

    def _bash(self, work: BashWork, plan: TaskPlan) -> object:
        if plan.has_templates:
            work = render_bash(work, self._render_field)
        inherited = dict(os.environ) if work.append_env else {}
        done = subprocess.run(
            ["bash", "-c", work.command],
            env={**inherited, **self._facts(), **work.env},
            cwd=work.cwd,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        sys.stdout.write(done.stdout)
        if done.returncode == work.skip_on_exit_code:
            raise Skip(f"exited with {done.returncode}")
        if done.returncode != 0:
            raise TaskError("BashFailed", f"exited with {done.returncode}")
        lines = done.stdout.rstrip("\n").splitlines()
        return lines[-1] if lines else None


class _Inline:
    def __init__(self, built: BuiltDag, params: dict[str, object], logical_date: datetime | None, folder: Path) -> None:
        self._built = built
        self._version = Version(built.dag, "inline")
        self._folder = folder
        self._now = time.time()
        at = logical_date.astimezone(UTC).timestamp() if logical_date is not None else self._now
        schedule = built.dag.schedule
        self._record = RunRecord(
            run_key=1,
            run_id=f"{built.dag.dag_id}.test",
            dag_id=built.dag.dag_id,
            bundle="inline",
            state=RunState.QUEUED,
            logical_date=at,
            interval_start=previous_fire(schedule, at) if schedule else at,
            interval_end=at,
            trigger=TriggerKind.MANUAL,
            created_at=self._now,
            params=self._version.check_params(params),
        )
        graph = Graph(built.dag)
        self._live = LiveRun(graph, self._record, first_instances(graph))
        self._ready: deque[int] = deque()
        self._later: list[tuple[float, RunEvent]] = []
        self._attempt_id = 0
        self._values: dict[str, Value] = {}
        self._errors: dict[str, BaseException] = {}

    def run(self) -> InlineRun:
        self._apply(RunAdmitted())
        while self._live.record.state not in RUN_ENDED:
            if self._ready:
                self._attempt(self._ready.popleft())
            else:
                self._jump()
        dag = self._built.dag
        results = ResultsFolder(str(self._folder), self._record.run_id, "", 0)
        return InlineRun(
            state=self._live.record.state,
            states={task.task_id: one.state for task, one in zip(dag.tasks, self._live.instances, strict=True)},
            results={name: results.load(value) for name, value in self._values.items()},
            errors=dict(self._errors),
        )

    def _apply(self, event: RunEvent) -> Decision:
        decision = decide(self._live, event, self._now)
        advance(self._live, decision)
        for transition in decision.transitions:
            if transition.after is TaskState.QUEUED:
                self._ready.append(transition.position)
        for command in decision.commands:
            if isinstance(command, WakeAt) and isinstance(command.event, RetryDue):
                self._later.append((command.at, command.event))
            elif isinstance(command, CallBack):
                self._call_back(command)
        return decision

    def _jump(self) -> None:
        """Nothing is ready: go to the next retry."""
        self._later.sort(key=lambda later: later[0])
        at, event = self._later.pop(0)
        self._now = max(self._now, at)
        self._apply(event)

    def _attempt(self, at: int) -> None:
        self._attempt_id += 1
        granted = self._apply(Granted(at, self._attempt_id))
        assert any(isinstance(command, Dispatch) for command in granted.commands)
        task = self._built.dag.tasks[at]
        _say(f"{task.task_id}, try {self._live.instances[at].try_number}")
        error: BaseException | None = None
        outcome, value, note = Outcome.SUCCESS, None, ""
        try:
            value = self._body(at)
        except Skip as skip:
            outcome, note = Outcome.SKIPPED, skip.reason
        except Exception as raised:
            outcome, error = Outcome.FAILED, raised
            traceback.print_exception(raised)
        self._now = max(self._now, time.time())
        if error is not None:
            self._errors[task.task_id] = error
        else:
            self._errors.pop(task.task_id, None)
        if value is not None:
            self._values[task.task_id] = value
        told = describe(error, "", task.location) if error is not None else None
        self._apply(AttemptFinished(at, self._attempt_id, outcome, self._now, told, note))

    def _body(self, at: int) -> Value | None:
        task = self._built.dag.tasks[at]
        encoded = msgspec.msgpack.encode(task)
        results = ResultsFolder(str(self._folder), self._record.run_id, task.task_id, self._attempt_id)
        body = _InlineBody(self._call(at, encoded), self._context(), task, results, None)
        requests.set_requester(self._answer, attempt_id=self._attempt_id, load=results.load)
        task_context.set_current_context(body.context)
        try:
            plan = TaskPlan(task, encoded, self._built.dag.dag_id, _LiveFile(self._built, task.task_id))
            value = body.run(plan)
            body.checked(plan, value)
            return results.keep(value)
        finally:
            requests.set_requester(None)
            task_context.set_current_context(None)

    def _call(self, at: int, encoded: bytes) -> TaskCall:
        instance = self._live.instances[at]
        needs = self._version.needs.get(at, ())
        return TaskCall(
            attempt_id=self._attempt_id,
            run=msgspec.Raw(b""),
            task=msgspec.Raw(encoded),
            try_number=instance.try_number,
            max_tries=instance.max_tries,
            bundle="inline",
            bundle_dir="",
            file=self._built.dag.file,
            queue="",
            isolation="inline",
            log_dir="",
            log_segment="",
            results_dir=str(self._folder),
            token="",
            upstream={name: self._values[name] for name in needs if name in self._values},
        )

    def _context(self) -> RunContext:
        record, schedule = self._record, self._built.dag.schedule
        return RunContext(
            run_id=record.run_id,
            dag_id=record.dag_id,
            logical_date=record.logical_date,
            interval_start=record.interval_start,
            interval_end=record.interval_end,
            tz=schedule.tz if schedule else "UTC",
            trigger=str(record.trigger),
            created_at=record.created_at,
            params=record.params,
        )

    def _answer(self, request: WorkerRequest) -> WorkerReply:
        if isinstance(request, AskResult):
            return GotResult(self._values.get(request.task_id))
        requests.set_requester(None)
        try:
            if isinstance(request, AskConnection):
                return GotConnection(requests.connection(request.name))
            return GotVariable(requests.variable(request.name), False)
        except PotokError as error:
            return Refused(str(error))
        finally:
            requests.set_requester(self._answer, attempt_id=self._attempt_id, load=self._load)

    def _load(self, value: Value) -> object:
        return ResultsFolder(str(self._folder), self._record.run_id, "", 0).load(value)

    def _call_back(self, command: CallBack) -> None:
        dag = self._built.dag
        owner = self._built.callbacks
        if command.position is not None:
            owner = self._built.live[dag.tasks[command.position].task_id].callbacks
        for function in owner.get(command.event, ()):
            _say(f"{command.event}: {getattr(function, '__name__', function)} is not called in a test")


def _say(text: str) -> None:
    """Between the output of tasks, so that a reader sees whose it is."""
    sys.stdout.write(f"--- {text}\n")
    sys.stdout.flush()
