"""The list of DAGs: filtered, those that need a person first, with bars and usual lengths. Blocks: for a thread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

import msgspec

from potok.api import views
from potok.api.board import Attended, Board
from potok.engine.search import best_rank, spellings
from potok.model.answers import DagItem, RunBar
from potok.model.board import CountedPage, DagFacets, FacetCount
from potok.store.board_rows import BriefRow, LightDag
from potok.store.cursor import decode_cursor, encode_cursor


class DagState(StrEnum):
    """What a DAG can be filtered by. `failed`: no success since its last failure; `late`: a run or a start is."""

    FAILED = "failed"
    LATE = "late"
    RUNNING = "running"
    IMPORT_ERROR = "import_error"
    PAUSED = "paused"
    SCHEDULED = "scheduled"


class DagOrder(StrEnum):
    """`attention`: failed and late first, then by name."""

    NAME = "name"
    ATTENTION = "attention"


class DagChoice(msgspec.Struct, frozen=True):
    """What the list is narrowed to."""

    search: str = ""
    tag: str = ""
    owner: str = ""
    state: DagState | None = None
    present: bool = True


def page(
    board: Board, choice: DagChoice, order: DagOrder, cursor: str | None, limit: int, runs: int
) -> CountedPage[DagItem]:
    """One page. The cursor is the place of its last row in the order."""
    attended = board.attended()
    chosen = sorted((_place(dag, attended, order), dag) for dag in _chosen(board, attended, choice))
    after = decode_cursor(cursor, str) if cursor else ""
    rest = [(place, dag) for place, dag in chosen if place > after]
    shown = [dag.dag_id for _, dag in rest[:limit]]
    next_cursor = encode_cursor(rest[limit - 1][0]) if len(rest) > limit else None
    return CountedPage(_items(board, attended, shown, runs), next_cursor, len(chosen))


def facets(board: Board, present: bool) -> DagFacets:
    """Tags, owners and states with how many DAGs have each."""
    attended = board.attended()
    dags = [dag for dag in board.dags.values() if dag.present is present]
    states = {state: len(_in_state(board, attended, state)) for state in DagState}
    return DagFacets(
        tags=_counted(tag for dag in dags for tag in dag.tags),
        owners=_counted(dag.owner for dag in dags if dag.owner),
        states=[FacetCount(state, count) for state, count in states.items() if count],
        total=len(dags),
    )


def _counted(names: Iterable[str]) -> list[FacetCount]:
    return [FacetCount(name, count) for name, count in sorted(Counter(names).items(), key=lambda one: (-one[1], one))]


def _place(dag: LightDag, attended: Attended, order: DagOrder) -> str:
    """Sorts as the list is ordered, and stays the same while a person pages."""
    needs = order is DagOrder.ATTENTION and (dag.dag_id in attended.failed_dags or dag.dag_id in attended.late_dags)
    return f"{0 if needs else 1} {dag.dag_id}" if order is DagOrder.ATTENTION else dag.dag_id


def _chosen(board: Board, attended: Attended, choice: DagChoice) -> list[LightDag]:
    wanted = spellings(choice.search)
    inside = _in_state(board, attended, choice.state) if choice.state is not None else None
    return [
        dag
        for dag in board.dags.values()
        if dag.present is choice.present
        and (not choice.tag or choice.tag in dag.tags)
        and (not choice.owner or choice.owner == dag.owner)
        and (inside is None or dag.dag_id in inside)
        and (not wanted or _fits(wanted, dag))
    ]


def _fits(wanted: list[str], dag: LightDag) -> bool:
    texts = (dag.owner.casefold(), dag.description.casefold(), *(tag.casefold() for tag in dag.tags))
    return best_rank(wanted, dag.dag_id.casefold()) is not None or any(
        needle in text for needle in wanted for text in texts
    )


def _in_state(board: Board, attended: Attended, state: DagState) -> frozenset[str]:
    present = [dag for dag in board.dags.values() if dag.present]
    match state:
        case DagState.FAILED:
            return attended.failed_dags
        case DagState.LATE:
            return attended.late_dags
        case DagState.RUNNING:
            return frozenset(run.dag_id for run in attended.active)
        case DagState.PAUSED:
            return frozenset(dag.dag_id for dag in present if dag.paused)
        case DagState.SCHEDULED:
            return frozenset(dag.dag_id for dag in present if dag.next_fire is not None and not dag.paused)
        case DagState.IMPORT_ERROR:
            broken = {row.file for row in board.reader.import_errors()}
            return frozenset(dag.dag_id for dag in present if dag.file in broken)


def _items(board: Board, attended: Attended, dag_ids: list[str], runs: int) -> list[DagItem]:
    reader = board.reader
    errors = {error.file: error for error in reader.import_errors()}
    bars = reader.briefs_of_dags(dag_ids, runs) if runs else {}
    usual = board.cache.usual(reader, dag_ids, board.now)
    failed, late = attended.failed_dags, attended.late_dags
    items = []
    for row in reader.dags_by_id(dag_ids):
        found = usual.get(row.dag_id)
        items.append(
            msgspec.structs.replace(
                views.dag_item(row, (), errors.get(row.file), board.now),
                last_runs=[_bar(run, board.now) for run in bars.get(row.dag_id, ())],
                usual_s=found.length_s if found else None,
                trend=found.trend if found else None,
                failed=row.dag_id in failed,
                late=row.dag_id in late,
            )
        )
    return items


def _bar(run: BriefRow, now: float) -> RunBar:
    length_s = views.duration_s(run.started_at, run.ended_at, now)
    return RunBar(run.run_id, run.state, views.instant(run.created_at), length_s)
