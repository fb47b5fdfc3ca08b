"""Answers the palette: DAGs, tasks and runs by what a person typed. Blocks: called in a thread."""

from __future__ import annotations

from potok.api.board import Board
from potok.api.views import instant
from potok.engine.search import SCATTERED, best, best_rank, spellings
from potok.model.board import Found, FoundKind
from potok.store.board_rows import BriefRow

_RUNS_OF_A_DAG = 3
# a task is found by its name in so many DAGs; more would drown the rest
_TASKS_MAX = 200


def search(board: Board, query: str, limit: int) -> list[Found]:
    """Best first: DAGs, then runs whose id begins so, then tasks."""
    names = [dag.dag_id for dag in board.dags.values() if dag.present]
    dags = best(query, names, limit)
    found = [_dag(board, dag_id) for dag_id in dags]
    found += [_run(row) for row in _runs(board, query, dags, limit)]
    found += _tasks(board, query, limit)
    return _mixed(found, limit)


def _mixed(found: list[Found], limit: int) -> list[Found]:
    """No kind takes more than half of the places while others wait for one."""
    if len(found) <= limit:
        return found
    half = max(limit // 2, 1)
    first: list[Found] = []
    rest: list[Found] = []
    counts: dict[FoundKind, int] = {}
    for one in found:
        counts[one.kind] = counts.get(one.kind, 0) + 1
        (first if counts[one.kind] <= half else rest).append(one)
    return [*first, *rest][:limit]


def _dag(board: Board, dag_id: str) -> Found:
    newest = board.reader.briefs_of_dags([dag_id], 1)[dag_id]
    run = newest[0] if newest else None
    return Found(
        FoundKind.DAG, dag_id, None, None, run.state if run else None, instant(run.created_at) if run else None
    )


def _run(row: BriefRow) -> Found:
    return Found(FoundKind.RUN, row.dag_id, row.run_id, None, row.state, instant(row.created_at))


def _runs(board: Board, query: str, dags: list[str], limit: int) -> list[BriefRow]:
    """Runs whose id begins with what was typed, or the last ones of the DAG that was meant."""
    for needle in dict.fromkeys([query.strip(), *spellings(query)]):
        found = board.reader.runs_like(needle, limit) if len(needle) > 1 else []
        if found:
            return found
    return board.reader.briefs_of_dags(dags[:1], _RUNS_OF_A_DAG)[dags[0]] if dags else []


def _tasks(board: Board, query: str, limit: int) -> list[Found]:
    wanted = [one for one in spellings(query) if len(one) > 1]
    ranked: list[tuple[tuple[int, int, int], str, str]] = []
    for dag in board.dags.values():
        facts = board.cache.facts(board.reader, dag.dag_id, dag.bundle) if dag.present else None
        for task in facts.tasks if facts is not None else ():
            name = task.task_id.casefold()
            # most names hold none of the spellings: one fast look each
            if not any(one in name for one in wanted):
                continue
            found = best_rank(wanted, name)
            if found is not None and found[0] < SCATTERED:
                ranked.append((found, dag.dag_id, task.task_id))
        if len(ranked) >= _TASKS_MAX:
            break
    ranked.sort()
    return [Found(FoundKind.TASK, dag_id, None, task_id, None, None) for _, dag_id, task_id in ranked[:limit]]
