"""The body of an attempt: its arguments, its templates, the call itself, its contract. Raises whatever happens."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime

import msgspec

from potok.authoring.context import Context, build_context, context_arguments
from potok.authoring.runtime import AttemptFacts
from potok.model.dag import BashWork, Input, Live, OperatorWork, PythonWork, Task
from potok.model.run import CheckResult
from potok.model.wire import RunContext, TaskCall
from potok.worker.bash import render_bash, run_bash
from potok.worker.dag_file import DagFile
from potok.worker.failure import TaskError, shorten
from potok.worker.inputs import InputResolver
from potok.worker.output_pipes import OutputPipes
from potok.worker.results import ResultsFolder
from potok.worker.task_plan import TaskPlan
from potok.worker.templating import is_template, render, render_text

_RENDERED_MAX_CHARS = 8 * 1024


class CheckError(TaskError):
    """The result broke its contract; `checks` tells which part of it."""

    def __init__(self, checks: tuple[CheckResult, ...]) -> None:
        sentences = "; ".join(check.sentence for check in checks if not check.ok)
        super().__init__("CheckFailed", f"the result fails its checks: {sentences}")
        self.checks = checks


class Body:
    """What one call asks for. `rendered` collects templated fields as they were after rendering."""

    def __init__(
        self,
        call: TaskCall,
        run: RunContext,
        task: Task,
        results: ResultsFolder,
        outputs: OutputPipes | None,
    ) -> None:
        self.call = call
        self.results = results
        self.rendered: dict[str, str] = {}
        self._run = run
        self._task = task
        self._outputs = outputs
        self._context: Context | None = None

    def context(self) -> Context:
        """The field's usual names for this attempt; built when first asked for."""
        if self._context is None:
            facts = AttemptFacts(self.call.attempt_id, self.call.try_number, self.call.max_tries)
            run = msgspec.structs.replace(self._run, params=copy.deepcopy(self._run.params))  # ours is used again
            self._context = build_context(run, self._task, facts)
        return self._context

    def run(self, plan: TaskPlan) -> object:
        """Do the work and return its value."""
        work = plan.task.work
        if isinstance(work, PythonWork):
            return self._python(plan)
        if isinstance(work, BashWork):
            return self._bash(work, plan)
        if isinstance(work, OperatorWork):
            return self._operator(plan)
        return None

    def checked(self, plan: TaskPlan, value: object) -> tuple[CheckResult, ...]:
        """What the checks found. Raises CheckError when one does not hold."""
        if not plan.task.checks or plan.live is None:
            return ()
        from potok.authoring.contracts import run_checks

        found = tuple(run_checks(value, plan.live.checks))
        if not all(check.ok for check in found):
            raise CheckError(found)
        return found

    def run_callback(self, file: DagFile) -> None:
        """Call a callback with the context, or with nothing if it takes nothing."""
        callback = self.call.callback
        assert callback is not None, "a callback call says which"
        if callback.qualname is not None:
            function = file.function(callback.qualname)
        else:
            owner = file.live_dag(self._run.dag_id)
            callbacks = (
                owner.callbacks
                if callback.task_id is None
                else file.live_task(self._run.dag_id, callback.task_id).callbacks
            )
            functions = callbacks.get(callback.event, ())
            if callback.position >= len(functions):
                raise TaskError("CallbackGone", f"building {file.file} again yields no such {callback.event} callback")
            function = functions[callback.position]
        if not callable(function):
            raise TaskError("CallbackGone", f"the {callback.event} callback is not a function")
        arguments = (self._callback_context(),) if _takes_arguments(function) else ()
        _awaited(function(*arguments))

    def _callback_context(self) -> dict[str, object]:
        callback = self.call.callback
        assert callback is not None
        error = callback.error
        return {
            **self.context(),
            "state": callback.state,
            "error": error,
            "exception": f"{error.kind}: {error.message}" if error is not None else None,
            "reason": error.message if error is not None else callback.state,
        }

    def _python(self, plan: TaskPlan) -> object:
        function = plan.function
        assert function is not None
        args: tuple[object, ...] | list[object] | None = plan.plain_args
        kwargs = plan.plain_kwargs
        if args is None or kwargs is None:
            args, kwargs = self._arguments(plan)
        if plan.wants_context:
            kwargs = context_arguments(function, tuple(args), kwargs, self.context())
        value = _awaited(function(*args, **kwargs))
        if plan.return_annotation is not None:
            from potok.authoring.contracts import validate_result

            value = validate_result(value, plan.return_annotation)
        return value

    def _bash(self, work: BashWork, plan: TaskPlan) -> object:
        if plan.has_templates:
            work = render_bash(work, self._render_field)
        folder = f"{self.call.bundle_dir}/{self.call.file}".rpartition("/")[0]
        assert self._outputs is not None, "commands need pipes for their output"
        return run_bash(work, folder, self._facts(), self._outputs)

    def _operator(self, plan: TaskPlan) -> object:
        operator = plan.live.operator if plan.live is not None else None
        if operator is None:
            raise TaskError("TaskGone", f"building {self.call.file} again yields no operator for this task")
        ready = copy.copy(operator)
        _, fields = self._arguments(plan)
        for name, value in fields.items():
            setattr(ready, name, value)
        execute = getattr(ready, "execute", None)
        if not callable(execute):
            raise TaskError("TaskGone", f"the operator {type(operator).__name__} has no method execute(context)")
        return _awaited(execute(self.context()))

    def _arguments(self, plan: TaskPlan) -> tuple[list[object], dict[str, object]]:
        names = plan.parameter_names
        live_args = plan.live.args if plan.live is not None else ()
        args = []
        for index, source in enumerate(plan.task.args):
            name = names[index] if index < len(names) else f"args[{index}]"
            args.append(self._argument(plan, name, source, live_args[index] if index < len(live_args) else None))
        live_kwargs = plan.live.kwargs if plan.live is not None else {}
        kwargs = {
            name: self._argument(plan, name, source, live_kwargs.get(name)) for name, source in plan.task.kwargs.items()
        }
        return args, kwargs

    def _argument(self, plan: TaskPlan, name: str, source: Input, live: object) -> object:
        annotation = plan.annotations.get(name)
        templates = (lambda value: self._render_value(name, value)) if plan.has_templates else None
        resolver = InputResolver(self.call.upstream, self._run.params, self.results, templates)
        value = resolver.resolve(source, live, annotation)
        if annotation is None or value is None or isinstance(source, Live):
            return value
        from potok.authoring.contracts import accept_argument

        try:
            return accept_argument(value, annotation)
        except (ValueError, TypeError) as error:
            raise TaskError(
                "ArgumentMismatch", f"the argument {name!r} is not what the function declares: {error}"
            ) from None

    def _render_value(self, name: str, value: object) -> object:
        rendered = render(value, self.context())
        if rendered != value:
            text = rendered if isinstance(rendered, str) else msgspec.json.encode(rendered).decode()
            self.rendered[name] = shorten(text, _RENDERED_MAX_CHARS)
        return rendered

    def _render_field(self, name: str, text: str) -> str:
        if not is_template(text):
            return text
        rendered = render_text(text, self.context())
        self.rendered[name] = shorten(rendered, _RENDERED_MAX_CHARS)
        return rendered

    def _facts(self) -> dict[str, str]:
        """What a command may want to know of its run, as variables."""
        run = self._run
        return {
            "POTOK_DAG_ID": run.dag_id,
            "POTOK_RUN_ID": run.run_id,
            "POTOK_TASK_ID": self._task.task_id,
            "POTOK_TRY_NUMBER": str(self.call.try_number),
            "POTOK_LOGICAL_DATE": datetime.fromtimestamp(run.logical_date, UTC).isoformat(),
        }


def _awaited(value: object) -> object:
    """The value itself, or what it yields when it is a coroutine: each gets an event loop of its own."""
    if not inspect.iscoroutine(value):
        return value
    import asyncio

    coroutine: Coroutine[object, object, object] = value
    return asyncio.run(coroutine)


def _takes_arguments(function: Callable[..., object]) -> bool:
    try:
        return bool(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return True
