"""From a task's Input tree to the Python values that its function gets. Knows nothing of functions and outcomes."""

from __future__ import annotations

import copy
from collections.abc import Callable

from potok.authoring.requests import result_of
from potok.model.dag import FromParam, FromTask, Input, ListOf, Literal, Live, MappingOf
from potok.model.wire import Value
from potok.worker.failure import TaskError
from potok.worker.results import ResultsFolder

_SHOWN_ITEMS_MAX = 20


class InputResolver:
    """Resolves the inputs of one attempt. `render` is given for a task that has templates."""

    def __init__(
        self,
        upstream: dict[str, Value],
        params: dict[str, object],
        results: ResultsFolder,
        render: Callable[[object], object] | None,
    ) -> None:
        self._upstream = upstream
        self._params = params
        self._results = results
        self._render = render

    def resolve(self, source: Input, live: object = None, annotation: object = None) -> object:
        """The value of `source`; `live` is the Python object that stands at the same place of the DAG file."""
        if isinstance(source, Literal):
            value = copy.deepcopy(source.value) if isinstance(source.value, list | dict) else source.value
            return self._render(value) if self._render is not None else value
        if isinstance(source, FromTask):
            return self.result_of(source, annotation)
        if isinstance(source, FromParam):
            return self.param(source)
        if isinstance(source, ListOf):
            lives = live if isinstance(live, list | tuple) else [None] * len(source.items)
            return [self.resolve(item, inner) for item, inner in zip(source.items, lives, strict=True)]
        if isinstance(source, MappingOf):
            lives_by_key = live if isinstance(live, dict) else {}
            return {key: self.resolve(item, lives_by_key.get(key)) for key, item in source.items.items()}
        assert isinstance(source, Live), source
        return self._live(live)

    def result_of(self, source: FromTask, annotation: object = None) -> object:
        """The result of a task above, or its item. Raises TaskError when the item is not there."""
        value = self._upstream.get(source.task_id)
        result = self._results.load(value, annotation if source.item is None else None)
        return result if source.item is None else _item(result, source.task_id, source.item)

    def param(self, source: FromParam) -> object:
        if source.name not in self._params:
            raise TaskError(
                "ParamMissing", f"the run has no param {source.name!r}: trigger it with one or give a default"
            )
        return copy.deepcopy(self._params[source.name])

    def _live(self, value: object) -> object:
        from potok.authoring.values import resolve

        return resolve(value, self._result_anywhere, self.param)

    def _result_anywhere(self, source: FromTask) -> object:
        """A reference inside a Python object: the call may not have brought its result along."""
        if source.task_id in self._upstream:
            return self.result_of(source)
        result = result_of(source.task_id)
        return result if source.item is None else _item(result, source.task_id, source.item)


def _item(result: object, task_id: str, item: str) -> object:
    if isinstance(result, dict) and item in result:
        return result[item]
    if isinstance(result, list) and item.lstrip("-").isdigit() and -len(result) <= int(item) < len(result):
        return result[int(item)]
    if isinstance(result, dict):
        has = f"it has {', '.join(repr(key) for key in list(result)[:_SHOWN_ITEMS_MAX])}"
    else:
        has = f"it is a {type(result).__name__}" if result is not None else "it returned nothing"
    raise TaskError("ItemMissing", f"the result of {task_id!r} has no item {item!r}: {has}")
