"""One attempt of one task: from a TaskCall to its Finished. Never lets anything that user code raises through."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from potok.authoring import context as task_context
from potok.authoring import requests
from potok.authoring.runtime import Skip
from potok.model.dag import Task
from potok.model.local_wire import Retiring
from potok.model.masking import Secrets
from potok.model.result_files import FilesRecord
from potok.model.run import CheckResult, ErrorInfo
from potok.model.wire import (
    CallKind,
    Finished,
    Outcome,
    RunContext,
    Started,
    TaskCall,
    Value,
    WorkerReply,
    WorkerRequest,
)
from potok.worker.body import Body, CheckError
from potok.worker.dag_file import DagFile
from potok.worker.failure import describe
from potok.worker.interruption import Interruption
from potok.worker.output_pipes import OutputPipes
from potok.worker.process_control import end_descendants, has_children
from potok.worker.results import ResultsFolder
from potok.worker.task_plan import TaskPlan
from potok.worker.usage import UsageMeter

# Preparing shorter than this is not worth a message of its own.
_STARTED_AFTER_S = 0.05
_PLANS_MAX = 1024
_RUNS_MAX = 32  # their params may be large
# What processes that an interrupted body leaves behind get to tidy up.
_LEFT_BEHIND_GRACE_S = 1.0

_decode_run = msgspec.msgpack.Decoder(RunContext).decode
_decode_task = msgspec.msgpack.Decoder(Task).decode


class Ending(NamedTuple):
    """How a body ended."""

    outcome: Outcome
    result: Value | None = None
    error: ErrorInfo | None = None
    skip_reason: str = ""
    checks: tuple[CheckResult, ...] = ()
    files: tuple[FilesRecord, ...] = ()
    numbers: Mapping[str, float] = MappingProxyType({})


class AttemptRunner:
    """Runs the attempts of this process, all of one file, one after another."""

    def __init__(
        self,
        outputs: OutputPipes,
        secrets: Secrets,
        interruption: Interruption,
        ask: Callable[[WorkerRequest], WorkerReply],
        tell: Callable[[Started | Retiring], None],
    ) -> None:
        self._outputs = outputs
        self._secrets = secrets
        self._ask = ask
        self._tell = tell
        self._pid = os.getpid()
        self._folder_fd = os.open(".", os.O_RDONLY | os.O_CLOEXEC)
        self._interruption = interruption
        self._meter = UsageMeter()
        self._file: DagFile | None = None
        self._runs: dict[bytes, RunContext] = {}
        self._tasks: dict[bytes, Task] = {}
        self._plans: dict[tuple[str, bytes], TaskPlan] = {}

    def run(self, call: TaskCall) -> Finished:
        """Run the attempt. Returns whatever happened to it, after its output is written and its processes are gone."""
        encoded = bytes(call.task)
        run, task = self._run_context(bytes(call.run)), self._task(encoded)
        self._outputs.start()
        self._outputs.capture.begin(call.attempt_id, task.task_id, call.try_number, call.log_dir, call.log_segment)
        results = ResultsFolder(call.results_dir, run.run_id, task.task_id, call.attempt_id)
        body = Body(call, run, task, results, self._outputs)
        requests.set_requester(self._ask, attempt_id=call.attempt_id, token=call.token, load=body.results.load)
        task_context.set_current_context(body.context)
        received_at = started_at = time.time()
        try:
            try:
                self._interruption.enter(call.deadline, task.timeout_s)
                plan = self._plan(call, run, task, encoded, body)
                started_at = time.time()
                if started_at - received_at >= _STARTED_AFTER_S:
                    self._tell(Started(call.attempt_id, started_at, self._pid))
                ending = self._ended(body, plan)
                self._interruption.leave()
            except BaseException as error:
                self._interruption.leave()
                ending = self._failed(error, call, task)
        except BaseException as error:  # a signal between the end of the body and the line that disarms it
            self._interruption.leave()
            ending = self._failed(error, call, task)
        if os.getpid() != self._pid:
            os._exit(0)  # user code forked and its child came back here: it must not answer in our name
        return self._finish(call, body, ending, started_at)

    def _ended(self, body: Body, plan: TaskPlan | None) -> Ending:
        try:
            if plan is None:
                body.run_callback(self._dag_file(body.call))
                return Ending(Outcome.SUCCESS)
            value = body.run(plan)
            checks = body.checked(plan, value)
            result = body.results.keep(value)
            numbers = self._measured(plan.task, value) if plan.task.metrics else {}
            return Ending(Outcome.SUCCESS, result, checks=checks, files=body.results.files, numbers=numbers)
        except Skip as skip:
            return Ending(Outcome.SKIPPED, skip_reason=self._secrets.mask(skip.reason))

    def _measured(self, task: Task, value: object) -> dict[str, float]:
        from potok.worker.metrics import measure

        found, missing = measure(value, task.metrics)
        if missing:
            told = f"the result has no number for the metric {', '.join(map(repr, missing))}"
            self._outputs.capture.record("warning", "potok", told)
        return found

    def _failed(self, error: BaseException, call: TaskCall, task: Task) -> Ending:
        info = describe(error, call.bundle_dir, task.location or call.file)
        mask = self._secrets.mask
        info = msgspec.structs.replace(info, message=mask(info.message), traceback=mask(info.traceback))
        return Ending(Outcome.FAILED, error=info, checks=error.checks if isinstance(error, CheckError) else ())

    def _finish(self, call: TaskCall, body: Body, ending: Ending, started_at: float) -> Finished:
        requests.set_requester(None)
        task_context.set_current_context(None)
        if has_children():
            if ending.outcome is Outcome.FAILED:
                end_descendants(_LEFT_BEHIND_GRACE_S)
            self._tell(Retiring("the task left processes behind"))
        os.fchdir(self._folder_fd)
        self._outputs.drain()
        if ending.error is not None:
            # the log alone must tell the story: it is what people open first and what they copy
            error = ending.error
            self._outputs.capture.record("error", "potok", error.traceback or f"{error.kind}: {error.message}")
        return Finished(
            call.attempt_id,
            ending.outcome,
            started_at,
            time.time(),
            self._pid,
            ending.result,
            ending.error,
            ending.skip_reason,
            self._meter.take(),
            self._outputs.capture.end(),
            ending.checks,
            {name: self._secrets.mask(text) for name, text in body.rendered.items()},
            ending.files,
            dict(ending.numbers),
        )

    def _plan(self, call: TaskCall, run: RunContext, task: Task, encoded: bytes, body: Body) -> TaskPlan | None:
        if call.kind is CallKind.CALLBACK:
            return None
        key = (run.dag_id, encoded)
        plan = self._plans.get(key)
        if plan is None:
            if len(self._plans) >= _PLANS_MAX:
                self._plans.clear()
            plan = self._plans[key] = TaskPlan(task, encoded, run.dag_id, self._dag_file(call))
        return plan

    def _dag_file(self, call: TaskCall) -> DagFile:
        if self._file is None:
            self._file = DagFile(call.bundle_dir, call.file)
        assert (self._file.bundle_dir, self._file.file) == (call.bundle_dir, call.file), "one file to a worker"
        return self._file

    def _run_context(self, encoded: bytes) -> RunContext:
        run = self._runs.get(encoded)
        if run is None:
            if len(self._runs) >= _RUNS_MAX:
                self._runs.clear()
            run = self._runs[encoded] = _decode_run(encoded)
        return run

    def _task(self, encoded: bytes) -> Task:
        task = self._tasks.get(encoded)
        if task is None:
            if len(self._tasks) >= _PLANS_MAX:
                self._tasks.clear()
            task = self._tasks[encoded] = _decode_task(encoded)
        return task
