"""All DAGs of a file, built. Imports the file unless its module is there; never runs a task."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import msgspec

from potok.authoring import definitions
from potok.authoring.built import BuiltDag, LiveTask
from potok.authoring.dag import Dag, DagFunction
from potok.authoring.definitions import Definition
from potok.authoring.location import below
from potok.authoring.runtime import import_dag_file, module_name
from potok.authoring.task import TaskFunction
from potok.model.errors import DagError

__all__ = ["BuiltDag", "LiveTask", "build_file"]


def build_file(path: str | Path, root: str | Path | None = None) -> dict[str, BuiltDag]:
    """The DAGs of the file by id; `root` is the DAG folder or the folder of its bundle.

    Raises DagError with `file:line` for a DAG that cannot be run, and what the file's own code raises.
    """
    full = Path(path)
    folder = Path(root) if root is not None else _root_of(full)
    file = full.relative_to(folder).as_posix()
    with below(str(folder)):
        module = import_dag_file(str(folder), file)
        return _built(_definitions(module, full), file)


def _built(found: list[Definition], file: str) -> dict[str, BuiltDag]:
    dags: dict[str, BuiltDag] = {}
    for definition in found:
        if isinstance(definition.source, TaskFunction):
            continue
        assert isinstance(definition.source, Dag | DagFunction)
        _put(dags, definition.source.build, file)
    for definition in found:
        if isinstance(definition.source, TaskFunction) and _stands_alone(definition.source, definition):
            _put(dags, definition.source.build, file)
    return dags


def _put(dags: dict[str, BuiltDag], build: Callable[[], BuiltDag], file: str) -> None:
    built = build()
    dag = built.dag
    known = dags.get(dag.dag_id)
    if known is not None:
        raise DagError(
            f"dag id {dag.dag_id!r} is taken twice (first at {known.dag.location}); give one of them another dag_id",
            location=dag.location,
        )
    dags[dag.dag_id] = built._replace(dag=msgspec.structs.replace(dag, file=file))


def _stands_alone(source: TaskFunction[..., object], definition: Definition) -> bool:
    """Scheduled, or used by no DAG of its file; and still what its name in the module stands for."""
    if definition.namespace.get(source.dag_id) is not source:
        return False
    return bool(source.dag_options) or not source.is_used


def _definitions(module: ModuleType, path: Path) -> list[Definition]:
    """Those of the file, and those of files it imports that are no DAG files themselves (`_shared.py`)."""
    found = definitions.of_file(str(path))
    for other in {id(value): value for value in vars(module).values()}.values():
        if isinstance(other, Dag | DagFunction):
            found += [each for each in definitions.of_source(other) if Path(each.home).name.startswith("_")]
    return list({id(each.source): each for each in found}.values())


def _root_of(path: Path) -> Path:
    """The folder under which the file's module was imported already."""
    for parent in path.parents:
        module = sys.modules.get(module_name(path.relative_to(parent).as_posix()))
        if module is not None and module.__file__ == str(path):
            return parent
    return path.parent
