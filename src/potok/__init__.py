"""Potok: what a DAG file, or a program that starts DAGs, imports. Each name is loaded when first used."""

TYPE_CHECKING = False  # `typing` costs 8 ms that a program which only asks for the version need not pay
if TYPE_CHECKING:
    from potok.authoring.arrange import chain, cross_downstream
    from potok.authoring.checks import Verdict, between, columns, no_nulls, not_empty, rows
    from potok.authoring.context import Context, get_current_context
    from potok.authoring.contracts import ContractError
    from potok.authoring.dag import Dag, dag
    from potok.authoring.files import Files
    from potok.authoring.group import TaskGroup, task_group
    from potok.authoring.on_event import on_change, on_commit, on_push
    from potok.authoring.operators import BaseOperator, BashOperator, EmptyOperator, PythonOperator
    from potok.authoring.outcome import skip
    from potok.authoring.params import Param
    from potok.authoring.requests import connection, variable
    from potok.authoring.retry import Retry
    from potok.authoring.runtime import Skip
    from potok.authoring.task import setup, task, teardown
    from potok.authoring.vocabulary import Concurrency, DagError, Overlap, PotokError, TriggerRule
    from potok.version import __version__

__all__ = [
    "BaseOperator",
    "BashOperator",
    "Concurrency",
    "Context",
    "ContractError",
    "Dag",
    "DagError",
    "EmptyOperator",
    "Files",
    "Overlap",
    "Param",
    "PotokError",
    "PythonOperator",
    "Retry",
    "Skip",
    "TaskGroup",
    "TriggerRule",
    "Verdict",
    "__version__",
    "between",
    "chain",
    "columns",
    "connection",
    "cross_downstream",
    "dag",
    "get_current_context",
    "no_nulls",
    "not_empty",
    "on_change",
    "on_commit",
    "on_push",
    "rows",
    "setup",
    "skip",
    "task",
    "task_group",
    "teardown",
    "variable",
]

_HOMES = {
    "BaseOperator": "authoring.operators",
    "BashOperator": "authoring.operators",
    "Concurrency": "authoring.vocabulary",
    "Context": "authoring.context",
    "ContractError": "authoring.contracts",
    "Dag": "authoring.dag",
    "DagError": "authoring.vocabulary",
    "EmptyOperator": "authoring.operators",
    "Files": "authoring.files",
    "Overlap": "authoring.vocabulary",
    "Param": "authoring.params",
    "PotokError": "authoring.vocabulary",
    "PythonOperator": "authoring.operators",
    "Retry": "authoring.retry",
    "Skip": "authoring.runtime",
    "TaskGroup": "authoring.group",
    "TriggerRule": "authoring.vocabulary",
    "Verdict": "authoring.checks",
    "__version__": "version",
    "between": "authoring.checks",
    "chain": "authoring.arrange",
    "columns": "authoring.checks",
    "connection": "authoring.requests",
    "cross_downstream": "authoring.arrange",
    "dag": "authoring.dag",
    "get_current_context": "authoring.context",
    "no_nulls": "authoring.checks",
    "not_empty": "authoring.checks",
    "on_change": "authoring.on_event",
    "on_commit": "authoring.on_event",
    "on_push": "authoring.on_event",
    "rows": "authoring.checks",
    "setup": "authoring.task",
    "skip": "authoring.outcome",
    "task": "authoring.task",
    "task_group": "authoring.group",
    "teardown": "authoring.task",
    "variable": "authoring.requests",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'potok' has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f"potok.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*globals(), *(name for name in __all__ if name not in globals())]
