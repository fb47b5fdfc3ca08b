"""A built DAG: the frozen value for everybody, and the live Python objects for the worker of its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from potok.authoring.step import Step
from potok.model.dag import Dag


class LiveTask(NamedTuple):
    """What the frozen task cannot carry. Results and params in the arguments are model FromTask and FromParam."""

    function: Callable[..., object] | None
    operator: object | None
    args: tuple[object, ...]
    kwargs: dict[str, object]
    checks: tuple[Callable[..., object], ...]
    callbacks: Mapping[str, tuple[Callable[..., object], ...]]


class LiveTasks(Mapping[str, LiveTask]):
    """Live tasks by task id, made when asked for."""

    def __init__(self, steps: list[Step]) -> None:
        self._steps = {step.task_id: step for step in steps}

    def __getitem__(self, task_id: str) -> LiveTask:
        step = self._steps[task_id]
        args, kwargs = step.body.live()
        return LiveTask(
            step.body.live_function(),
            step.body.live_operator(),
            args,
            kwargs,
            step.options.checks,
            step.options.callbacks,
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._steps)

    def __len__(self) -> int:
        return len(self._steps)


class BuiltDag(NamedTuple):
    """`callbacks` are those of the whole run, by event. `files` are globs of what the code reads besides modules."""

    dag: Dag
    live: Mapping[str, LiveTask]
    callbacks: Mapping[str, tuple[Callable[..., object], ...]]
    files: tuple[str, ...]
