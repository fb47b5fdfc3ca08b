"""What the steps of a DAG run: a function, a shell command, a user's operator, nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from potok.authoring.graph import callable_ref
from potok.authoring.options import Compiled
from potok.authoring.values import Used, memory, read, to_input, to_live
from potok.model.dag import BashWork, CallableRef, EmptyWork, Input, OperatorWork, PythonWork, Work

Inputs = tuple[tuple[Input, ...], dict[str, Input]]
Live = tuple[tuple[object, ...], dict[str, object]]
_NO_INPUTS: Inputs = ((), {})
_NOTHING_USED: Used = []
_UNREACHABLE = PythonWork(CallableRef(None))


class CallBody:
    """A function with its arguments, read at once: what the author does to a list afterwards changes nothing."""

    __slots__ = ("_args", "_inputs", "_kwargs", "_own_checks", "_used", "function")

    def __init__(
        self,
        function: Callable[..., object],
        args: tuple[object, ...],
        kwargs: dict[str, object],
        own_checks: tuple[object, ...] = (),
    ) -> None:
        self.function = function
        self._args = args
        self._kwargs = kwargs
        self._own_checks = own_checks
        self._used: Used = _NOTHING_USED
        self._inputs: Inputs = _NO_INPUTS
        if args or kwargs:
            self._inputs = (
                tuple([self._read(each) for each in args]),
                {name: self._read(each) for name, each in kwargs.items()},
            )

    def _read(self, value: object) -> Input:
        """One argument. A body whose results all come from one list shares what was found in that list."""
        given, used = memory.read(value) if type(value) is list else read(value)
        if used:
            self._used = [*self._used, *used] if self._used else used
        return given

    def work(self, namespace: Mapping[str, object], options: Compiled) -> Work:
        """By name only when the name leads to the function with these very checks."""
        if options.checks is not self._own_checks and options.checks != self._own_checks:
            return _UNREACHABLE
        ref = callable_ref(self.function, namespace)
        if options.checks and (ref.qualname is None or not _decorated(namespace, ref.qualname)):
            return _UNREACHABLE
        return PythonWork(ref)

    def inputs(self) -> tuple[Inputs, Used]:
        return self._inputs, self._used

    def live(self) -> Live:
        return tuple(map(to_live, self._args)), {name: to_live(each) for name, each in self._kwargs.items()}

    def live_function(self) -> Callable[..., object] | None:
        return self.function

    def live_operator(self) -> object | None:
        return None


class BashBody:
    """A command for bash; results and params in it are Jinja texts."""

    __slots__ = ("_work",)

    def __init__(self, work: BashWork) -> None:
        self._work = work

    def work(self, namespace: Mapping[str, object], options: Compiled) -> Work:
        return self._work

    def inputs(self) -> tuple[Inputs, Used]:
        used: Used = []
        for text in (self._work.command, self._work.cwd or "", *self._work.env.values()):
            to_input(text, used)
        return _NO_INPUTS, used

    def live(self) -> Live:
        return (), {}

    def live_function(self) -> Callable[..., object] | None:
        return None

    def live_operator(self) -> object | None:
        return None


class EmptyBody:
    """Nothing to run."""

    __slots__ = ()

    def work(self, namespace: Mapping[str, object], options: Compiled) -> Work:
        return EmptyWork()

    def inputs(self) -> tuple[Inputs, Used]:
        return _NO_INPUTS, _NOTHING_USED

    def live(self) -> Live:
        return (), {}

    def live_function(self) -> Callable[..., object] | None:
        return None

    def live_operator(self) -> object | None:
        return None


class OperatorBody:
    """A user's operator. Its template fields are its inputs, read at the end, when its constructor is long done."""

    __slots__ = ("_fields", "_operator")

    def __init__(self, operator: object, fields: Sequence[str]) -> None:
        self._operator = operator
        self._fields = tuple(fields)

    def work(self, namespace: Mapping[str, object], options: Compiled) -> Work:
        kind = type(self._operator)
        return OperatorWork(f"{kind.__module__}.{kind.__qualname__}")

    def inputs(self) -> tuple[Inputs, Used]:
        used: Used = []
        return ((), {name: to_input(getattr(self._operator, name, None), used) for name in self._fields}), used

    def live(self) -> Live:
        return (), {name: to_live(getattr(self._operator, name, None)) for name in self._fields}

    def live_function(self) -> Callable[..., object] | None:
        return None

    def live_operator(self) -> object | None:
        return self._operator


def _decorated(namespace: Mapping[str, object], qualname: str) -> bool:
    """Whether the name leads to a task object, which carries its checks, and not to the plain function."""
    return ":" not in qualname and hasattr(namespace.get(qualname.partition(".")[0]), "checks")
