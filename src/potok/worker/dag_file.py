"""The DAG file that a worker serves: imported once, built once when only building yields what a call needs."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import ModuleType
from typing import TYPE_CHECKING

from potok.authoring.runtime import import_dag_file, resolve_callable
from potok.worker.failure import TaskError

if TYPE_CHECKING:
    from potok.authoring.registry import BuiltDag, LiveTask


class DagFile:
    """One file of one bundle; a process serves one of these in its life."""

    def __init__(self, bundle_dir: str, file: str) -> None:
        self.bundle_dir = bundle_dir
        self.file = file
        self._module: ModuleType | None = None
        self._built: Mapping[str, BuiltDag] | None = None

    def function(self, qualname: str) -> object:
        """The plain callable of that name. Raises DagError when it is not there, or what importing the file raises."""
        module = None if ":" in qualname and not self.file.endswith(".py") else self._imported()
        return resolve_callable(module, qualname, file=self.file)

    def live_task(self, dag_id: str, task_id: str) -> LiveTask:
        """The task as a Python object. Raises TaskError when building the file does not yield it."""
        try:
            return self.live_dag(dag_id).live[task_id]
        except KeyError:
            raise TaskError(
                "TaskGone",
                f"building {self.file} again yields no task {task_id!r} in DAG {dag_id!r}:"
                " a DAG's shape must not depend on time, chance or the environment",
            ) from None

    def live_dag(self, dag_id: str) -> BuiltDag:
        if self._built is None:
            from potok.authoring.registry import build_file

            self._imported()
            self._built = build_file(f"{self.bundle_dir}/{self.file}", self.bundle_dir)
        if dag_id not in self._built:
            raise TaskError("TaskGone", f"building {self.file} again yields no DAG {dag_id!r}")
        return self._built[dag_id]

    def _imported(self) -> ModuleType:
        if self._module is None:
            sys.argv[:] = [f"{self.bundle_dir}/{self.file}"]  # a library that looks there sees no words of ours
            self._module = import_dag_file(self.bundle_dir, self.file)
        return self._module
