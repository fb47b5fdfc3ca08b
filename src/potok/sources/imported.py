"""What importing one DAG file yields, as it travels from the child to the server. Shapes only."""

from __future__ import annotations

import msgspec

from potok.model.dag import Dag


class FoundFailure(msgspec.Struct, frozen=True):
    """Why a file cannot be used; `location` is `file:line`, relative to the DAG folder, or the file alone."""

    message: str
    location: str
    traceback: str = ""


class Imported(msgspec.Struct, frozen=True, omit_defaults=True):
    """The DAGs of a file and its import closure.

    `files`: paths relative to the DAG folder, each with the SHA-256 of the source that was run, or an empty text when
    the file was not run (a module imported later, data). `globs`: patterns of data files, relative to the DAG folder.
    `wanted`: names of modules that the code imports and the DAG folder does not hold.
    """

    dags: tuple[Dag, ...] = ()
    files: dict[str, str] = {}
    globs: tuple[str, ...] = ()
    wanted: frozenset[str] = frozenset()
    failure: FoundFailure | None = None
