"""From the answers of all files to one set of DAGs: what no file can know alone is judged here. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping

import msgspec

from potok.model.dag import DEFAULT_POOL, DEFAULT_QUEUE, Dag
from potok.sources.imported import FoundFailure


class FoundDag(msgspec.Struct, frozen=True):
    """A DAG that a file defines now, with the name of its bundle and the files in it."""

    dag: Dag
    bundle: str
    files: tuple[str, ...]


class Found(msgspec.Struct, frozen=True):
    """All that the DAG folder holds now: DAGs by id, failures by file."""

    dags: Mapping[str, FoundDag]
    failures: Mapping[str, FoundFailure]


class FileResult(msgspec.Struct, frozen=True):
    """What one file gave: its DAGs with the bundle of their code, or why not."""

    dags: tuple[Dag, ...] = ()
    bundle: str = ""
    files: tuple[str, ...] = ()
    failure: FoundFailure | None = None


def catalogue(
    results: Mapping[str, FileResult],
    owners: Mapping[str, str],
    known_pools: Collection[str],
    known_queues: Collection[str],
) -> Found:
    """The DAGs that may run, and one failure for each file that has any.

    `owners` maps dag ids to the file that had them before: of two files with one id it keeps running, the other fails.
    """
    dags: dict[str, FoundDag] = {}
    failures: dict[str, list[FoundFailure]] = {}
    homes = _homes(results, owners)
    for file, result in sorted(results.items()):
        if result.failure is not None:
            failures.setdefault(file, []).append(result.failure)
        for dag in result.dags:
            home = homes[dag.dag_id]
            problem = _taken(dag, results[home]) if home != file else _unknown_place(dag, known_pools, known_queues)
            if problem is not None:
                failures.setdefault(file, []).append(problem)
            else:
                dags[dag.dag_id] = FoundDag(dag, result.bundle, result.files)
    return Found(dags, {file: _joined(found) for file, found in failures.items()})


def _homes(results: Mapping[str, FileResult], owners: Mapping[str, str]) -> dict[str, str]:
    """The file that each dag id belongs to: the one that had it, else the first by name."""
    homes: dict[str, str] = {}
    for file, result in sorted(results.items()):
        for dag in result.dags:
            if dag.dag_id not in homes or owners.get(dag.dag_id) == file:
                homes[dag.dag_id] = file
    return homes


def _taken(dag: Dag, home: FileResult) -> FoundFailure:
    first = next(other for other in home.dags if other.dag_id == dag.dag_id)
    return FoundFailure(
        f"dag id {dag.dag_id!r} belongs to {first.location or first.file}, which keeps running; "
        "give this one another dag_id",
        dag.location or dag.file,
    )


def _unknown_place(dag: Dag, pools: Collection[str], queues: Collection[str]) -> FoundFailure | None:
    for task in dag.tasks:
        where = task.location or dag.location or dag.file
        if task.pool != DEFAULT_POOL and task.pool not in pools:
            cure = _hint(task.pool, pools, f"make it by `potok pools set {task.pool} SLOTS`")
            return FoundFailure(f"task {task.task_id!r} wants pool {task.pool!r}, which does not exist; {cure}", where)
        if task.queue != DEFAULT_QUEUE and task.queue not in queues:
            cure = _hint(task.queue, queues, "add it to the queues of a worker")
            return FoundFailure(
                f"task {task.task_id!r} wants queue {task.queue!r}, which no worker serves; {cure}", where
            )
    return None


def _hint(name: str, known: Iterable[str], otherwise: str) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean {close[0]!r}?" if close else otherwise


def _joined(found: list[FoundFailure]) -> FoundFailure:
    first = found[0]
    more = [f"{failure.location}: {failure.message}" for failure in found[1:]]
    return msgspec.structs.replace(first, message="; ".join((first.message, *more)))
