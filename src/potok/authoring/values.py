"""Arguments of a task: Python values to the model's Inputs, and back to values when results are known."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable

from potok.authoring.params import ParamRef
from potok.model.dag import FromParam, FromTask, Input, ListOf, Literal, Live, MappingOf

_INT_MAX = 2**63 - 1
# What `str()` of a result writes, so that a result inside a text makes the same dependency as one in an argument.
_PULL = "{{{{ ti.xcom_pull(task_ids='{task_id}', key='{key}') }}}}"
_PULLED = re.compile(r"\{\{ ti\.xcom_pull\(task_ids='([^']+)', key='([^']+)'\) \}\}")
WHOLE_RESULT = "return_value"

_LIVE = Live()
_NONE = Literal(None)


class Reference:
    """Something that stands for a task's result; `reference` is what the model calls it, `graph` whose task it is."""

    __slots__ = ()

    @property
    def reference(self) -> FromTask:
        raise NotImplementedError

    @property
    def graph(self) -> object:
        raise NotImplementedError


Used = list[tuple[FromTask, object | None]]


def pull_template(source: FromTask) -> str:
    """The Jinja text that yields the result when the task above has run."""
    return _PULL.format(task_id=source.task_id, key=source.item or WHOLE_RESULT)


def to_input(value: object, found: Used) -> Input:
    """The model's form of an argument; results it uses are appended to `found` with their DAG (None: a text's)."""
    kind = type(value)
    if kind is str:
        assert isinstance(value, str)
        return _text(value, found)
    if value is None:
        return _NONE
    if kind is bool:
        return Literal(value)
    if kind is int:
        assert isinstance(value, int)
        return Literal(value) if -_INT_MAX <= value <= _INT_MAX else _LIVE
    if kind is float:
        assert isinstance(value, float)
        return Literal(value) if math.isfinite(value) else _LIVE
    if isinstance(value, Reference):
        found.append((value.reference, value.graph))
        return value.reference
    if isinstance(value, ParamRef):
        return FromParam(value.name)
    if kind is list:
        assert isinstance(value, list)
        return _sequence([to_input(each, found) for each in value])
    if kind is dict:
        assert isinstance(value, dict)
        return _mapping(value, found)
    if isinstance(value, list | tuple | set | frozenset | dict):
        return _other_container(value, found)
    return _LIVE


def read(value: object) -> tuple[Input, Used]:
    """The model's form of an argument, and the results it uses."""
    used: Used = []
    return to_input(value, used), used


class _ListMemory:
    """The last list read: a layer of a hundred tasks takes the same hundred results a hundred times."""

    def __init__(self) -> None:
        self._members: list[object] = []
        self._read: tuple[Input, Used] = (Literal([]), [])

    def read(self, given: list[object]) -> tuple[Input, Used]:
        known = self._members
        if len(given) < _WORTH_REMEMBERING or not isinstance(given[0], Reference):
            return read(given)
        if len(given) != len(known) or not all(map(operator.is_, given, known)):
            self._members, self._read = list(given), read(given)
        return self._read

    def forget(self) -> None:
        self._members = []


_WORTH_REMEMBERING = 8
memory = _ListMemory()


def to_live(value: object) -> object:
    """The Python value itself, with results and params inside lists, tuples, sets and mappings as model references."""
    if isinstance(value, Reference):
        return value.reference
    if isinstance(value, ParamRef):
        return FromParam(value.name)
    kind = type(value)
    if kind is list or kind is tuple or kind is set or kind is frozenset:
        assert isinstance(value, list | tuple | set | frozenset)
        return kind(to_live(each) for each in value)
    if kind is dict:
        assert isinstance(value, dict)
        return {key: to_live(each) for key, each in value.items()}
    return value


def resolve(value: object, result: Callable[[FromTask], object], param: Callable[[FromParam], object]) -> object:
    """A live value with its references replaced by what they stand for; containers are copied."""
    if isinstance(value, FromTask):
        return result(value)
    if isinstance(value, FromParam):
        return param(value)
    kind = type(value)
    if kind is list or kind is tuple or kind is set or kind is frozenset:
        assert isinstance(value, list | tuple | set | frozenset)
        return kind(resolve(each, result, param) for each in value)
    if kind is dict:
        assert isinstance(value, dict)
        return {key: resolve(each, result, param) for key, each in value.items()}
    return value


def holds_live(given: Input) -> bool:
    """Whether the value has to be taken from the DAG built again: `Live` stands somewhere in it."""
    if isinstance(given, ListOf):
        return any(holds_live(each) for each in given.items)
    if isinstance(given, MappingOf):
        return any(holds_live(each) for each in given.items.values())
    return isinstance(given, Live)


def _text(value: str, found: Used) -> Input:
    if "ti.xcom_pull(" in value:
        for task_id, key in _PULLED.findall(value):
            found.append((FromTask(task_id, None if key == WHOLE_RESULT else key), None))
    return Literal(value)


def _sequence(items: list[Input]) -> Input:
    literals = [each.value for each in items if isinstance(each, Literal)]
    return Literal(literals) if len(literals) == len(items) else _settled(ListOf(tuple(items)), items)


def _mapping(value: dict[object, object], found: Used) -> Input:
    if not all(type(key) is str for key in value):
        return _other_container(value, found)
    items = {str(key): to_input(each, found) for key, each in value.items()}
    literals = {key: each.value for key, each in items.items() if isinstance(each, Literal)}
    return Literal(literals) if len(literals) == len(items) else _settled(MappingOf(items), list(items.values()))


def _settled(container: Input, items: list[Input]) -> Input:
    """A container with live parts and no reference is live as a whole."""
    return _LIVE if all(isinstance(each, Literal | Live) for each in items) else container


def _other_container(value: object, found: Used) -> Input:
    """A tuple, a set, a mapping with other keys than texts: JSON would hand the function a list instead."""
    assert isinstance(value, list | tuple | set | frozenset | dict)
    for each in value.values() if isinstance(value, dict) else value:
        to_input(each, found)
    return _LIVE
