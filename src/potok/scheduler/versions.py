"""DAG versions in memory: compiled graphs with what all runs of a version share. Loaded on demand."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Callable, Iterator

import fastjsonschema
import msgspec

from potok.engine.allocate import Lane, lane_of
from potok.engine.graph import Graph
from potok.model.dag import Dag, FromTask, Input, ListOf, MappingOf, Task
from potok.model.errors import InvalidError

VERSIONS_KEPT = 64
Validator = Callable[[dict[str, object]], object]


class Version:
    """A Dag version ready to run: its graph, encoded tasks, lanes, and who consumes whose result."""

    __slots__ = ("_encoded", "_lanes", "_validate", "bundle", "consumed", "dag", "graph", "needs")

    def __init__(self, dag: Dag, bundle: str) -> None:
        self.dag = dag
        self.bundle = bundle
        self.graph = Graph(dag)
        self.needs: dict[int, tuple[str, ...]] = {
            at: needs for at, task in enumerate(dag.tasks) if (needs := tuple(dict.fromkeys(results_used(task))))
        }
        self.consumed = frozenset(self.graph.position[name] for names in self.needs.values() for name in names)
        self._encoded: dict[int, msgspec.Raw] = {}
        self._lanes: dict[int, Lane] = {}
        self._validate: Validator | None = None

    def encoded(self, position: int) -> msgspec.Raw:
        """The task as a worker gets it; encoded once for all runs."""
        raw = self._encoded.get(position)
        if raw is None:
            raw = self._encoded[position] = msgspec.Raw(msgspec.msgpack.encode(self.dag.tasks[position]))
        return raw

    def lane(self, position: int, params: dict[str, object]) -> Lane:
        """The lane in which this task stands; shared by all runs unless its key names params."""
        lane = self._lanes.get(position)
        if lane is not None:
            return lane
        task = self.dag.tasks[position]
        lane = lane_of(self.dag, task, params)
        if task.concurrency is None or "{" not in task.concurrency.key:
            self._lanes[position] = lane
        return lane

    def check_params(self, given: dict[str, object]) -> dict[str, object]:
        """`given` with defaults filled in; raises InvalidError with one sentence when they do not fit the schema."""
        properties = self.dag.params.get("properties", {})
        assert isinstance(properties, dict)
        unknown = sorted(set(given) - set(properties))
        if unknown and not self.dag.params.get("additionalProperties", False):
            known = ", ".join(sorted(properties)) or "none"
            raise InvalidError(
                f"DAG {self.dag.dag_id} has no param {unknown[0]!r}; its params: {known}", field=_field(unknown[0])
            )
        required = self.dag.params.get("required", [])
        missing = [name for name in required if name not in given] if isinstance(required, list) else []
        if missing:
            raise InvalidError(
                f"DAG {self.dag.dag_id} needs param {missing[0]!r}, which has no default", field=_field(missing[0])
            )
        filled = {name: spec["default"] for name, spec in properties.items() if "default" in spec} | given
        if self._validate is None:
            self._validate = fastjsonschema.compile({"type": "object", **self.dag.params}) if properties else _accept
        # defaults inside of nested objects are filled in too: never in what all runs share
        filled = copy.deepcopy(filled)
        try:
            self._validate(filled)
        except fastjsonschema.JsonSchemaValueException as error:
            sentence = f"params of DAG {self.dag.dag_id}: {_sentence(error.message)}"
            raise InvalidError(sentence, field=_field(*error.path[1:])) from error
        return filled


def _accept(params: dict[str, object]) -> object:
    return params


def _field(*path: object) -> str:
    return ".".join(["body.params", *map(str, path)])


def _sentence(message: str) -> str:
    return message.removeprefix("data.").removeprefix("data ")


def results_used(task: Task) -> Iterator[str]:
    """Ids of the tasks whose results are passed to `task`."""
    for value in (*task.args, *task.kwargs.values()):
        yield from _used(value)


def _used(value: Input) -> Iterator[str]:
    if isinstance(value, FromTask):
        yield value.task_id
    elif isinstance(value, ListOf):
        for item in value.items:
            yield from _used(item)
    elif isinstance(value, MappingOf):
        for item in value.items.values():
            yield from _used(item)


class Versions:
    """The versions that runs need, by (dag_id, bundle); the least recently used ones are let go."""

    def __init__(self, load: Callable[[str, str], Dag | None]) -> None:
        self._load = load
        self._kept: OrderedDict[tuple[str, str], Version] = OrderedDict()

    def put(self, dag: Dag, bundle: str) -> Version:
        version = self._kept[dag.dag_id, bundle] = Version(dag, bundle)
        self._trim()
        return version

    def get(self, dag_id: str, bundle: str) -> Version | None:
        """The version, from memory or from the store; None when the store has none."""
        version = self._kept.get((dag_id, bundle))
        if version is not None:
            self._kept.move_to_end((dag_id, bundle))
            return version
        dag = self._load(dag_id, bundle)
        return self.put(dag, bundle) if dag is not None else None

    def _trim(self) -> None:
        while len(self._kept) > VERSIONS_KEPT:
            self._kept.popitem(last=False)
