"""Potok's HTTP API as typed methods, for the command line and for other programs. Synchronous; holds no state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

import msgspec

from potok.client.transport import Query, Transport
from potok.model.answers import (
    Attempt,
    AuditItem,
    Changed,
    ConnectionItem,
    DagItem,
    DagView,
    Health,
    ImportFailure,
    Page,
    Pool,
    Run,
    Source,
    TaskInstance,
    TaskResult,
    VariableItem,
    Workers,
)
from potok.model.board import Found, Mute, Now, UpcomingStarts
from potok.model.capacity import Occupancy, QueueState, Waiting
from potok.model.history import Calendar, Grid, Missed, Neighbours, PlannedStart, Standing, Usual, VersionUse
from potok.model.journal import LogMatches
from potok.model.result_files import ResultFiles
from potok.model.state import RunState, TaskState
from potok.model.story import RunChanges, RunStory
from potok.model.trend import Metrics
from potok.model.wire import Connection

Json = dict[str, object]


class PotokClient:
    """Every method raises UnreachableError when no server answers, RefusedError for a wrong token, NotFoundError,
    ConflictError or InvalidError with the server's sentence, StoreError when its database cannot be used."""

    def __init__(self, url: str, token: str, timeout_s: float = 30.0) -> None:
        self._transport = Transport(url, token, timeout_s)
        self.url = self._transport.url

    def __enter__(self) -> PotokClient:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()

    # --- DAGs -------------------------------------------------------------------------------------------------
    def dags(
        self, *, search: str = "", tag: str = "", limit: int = 200, cursor: str | None = None, runs: int = 5
    ) -> Page[DagItem]:
        query: Query = {"search": search, "tag": tag, "limit": limit, "cursor": cursor, "runs": runs}
        return self._transport.get("/dags", Page[DagItem], query)

    def dag(self, dag_id: str, *, bundle: str | None = None) -> DagView:
        """The newest version of the DAG, or that of `bundle`."""
        return self._transport.get(f"/dags/{_id(dag_id)}", DagView, {"bundle": bundle})

    def source(self, dag_id: str, *, bundle: str | None = None) -> Source:
        return self._transport.get(f"/dags/{_id(dag_id)}/source", Source, {"bundle": bundle})

    def versions(self, dag_id: str) -> list[VersionUse]:
        return self._transport.get(f"/dags/{_id(dag_id)}/versions", Page[VersionUse]).items

    def next_fires(self, dag_id: str, *, limit: int = 10) -> list[PlannedStart]:
        return self._transport.get(f"/dags/{_id(dag_id)}/next", Page[PlannedStart], {"limit": limit}).items

    def missed(self, dag_id: str) -> Missed:
        """What the scheduler would start at once if the DAG were let go now."""
        return self._transport.get(f"/dags/{_id(dag_id)}/catchup", Missed)

    def standing(self, dag_id: str) -> Standing:
        """How the DAG does: its last outcome, and for how many runs it is so."""
        return self._transport.get(f"/dags/{_id(dag_id)}/standing", Standing)

    def metrics(self, dag_id: str, *, runs: int = 90) -> Metrics:
        """The numbers of the DAG's results over its newest runs."""
        return self._transport.get(f"/dags/{_id(dag_id)}/metrics", Metrics, {"runs": runs})

    def usual(self, dag_id: str) -> Usual:
        """What the DAG's tasks usually take and what decides the length of a run."""
        return self._transport.get(f"/dags/{_id(dag_id)}/usual", Usual)

    def grid(self, dag_id: str, *, runs: int = 90, before: str | None = None) -> Grid:
        """The last runs with one letter for each task; `before` is the `next_cursor` of a grid."""
        return self._transport.get(f"/dags/{_id(dag_id)}/grid", Grid, {"runs": runs, "before": before})

    def calendar(self, dag_id: str, *, year: int | None = None) -> Calendar:
        """Runs and planned starts of a year by day."""
        return self._transport.get(f"/dags/{_id(dag_id)}/calendar", Calendar, {"year": year})

    def pause(self, dag_id: str, *, note: str = "") -> DagItem:
        return self._transport.send("POST", f"/dags/{_id(dag_id)}/pause", DagItem, {"note": note})[0]

    def unpause(self, dag_id: str) -> DagItem:
        return self._transport.send("POST", f"/dags/{_id(dag_id)}/unpause", DagItem)[0]

    def import_errors(self) -> list[ImportFailure]:
        return self._transport.get("/import-errors", Page[ImportFailure]).items

    # --- runs -------------------------------------------------------------------------------------------------
    def trigger(
        self,
        dag_id: str,
        params: Mapping[str, object] | None = None,
        *,
        logical_date: datetime | None = None,
        note: str = "",
        idempotency_key: str | None = None,
        countdown_s: float | None = None,
        expires_s: float | None = None,
    ) -> tuple[Run, bool]:
        """The run and whether it was created now (False: the key was used before). `logical_date` must be aware."""
        body = {
            "params": dict(params or {}),
            "logical_date": logical_date,
            "note": note,
            "idempotency_key": idempotency_key,
            "countdown_s": countdown_s,
            "expires_s": expires_s,
        }
        run, status = self._transport.send("POST", f"/dags/{_id(dag_id)}/runs", Run, body)
        return run, status == 201

    def runs(
        self, *, dag_id: str | None = None, state: RunState | None = None, limit: int = 50, cursor: str | None = None
    ) -> Page[Run]:
        """Newest first."""
        return self._transport.get(
            "/runs", Page[Run], {"dag_id": dag_id, "state": state, "limit": limit, "cursor": cursor}
        )

    def run(self, run_id: str, *, wait_s: float | None = None) -> Run:
        """With `wait_s` (at most 60) the answer comes when the run has ended, or after that many seconds."""
        return self._transport.get(f"/runs/{_id(run_id)}", Run, {"wait": wait_s}, wait_s=wait_s or 0.0)

    def tasks(self, run_id: str) -> list[TaskInstance]:
        """All task instances of the run in topological order."""
        items: list[TaskInstance] = []
        cursor: str | None = None
        while True:
            query: Query = {"limit": 1000, "cursor": cursor}
            page = self._transport.get(f"/runs/{_id(run_id)}/tasks", Page[TaskInstance], query)
            items.extend(page.items)
            if page.next_cursor is None:
                return items
            cursor = page.next_cursor

    def attempts(self, run_id: str, task_id: str) -> list[Attempt]:
        return self._transport.get(f"{_task(run_id, task_id)}/attempts", Page[Attempt]).items

    def result(self, run_id: str, task_id: str) -> TaskResult:
        return self._transport.get(f"{_task(run_id, task_id)}/result", TaskResult)

    def files(self, run_id: str) -> list[ResultFiles]:
        """The files that results of the run name; `link` is a path on the server and needs no login while it lasts."""
        return self._transport.get(f"/runs/{_id(run_id)}/files", Page[ResultFiles]).items

    def result_bytes(self, run_id: str, task_id: str) -> bytes:
        """The result as it was stored: JSON or a Parquet file, see `codec` of `result`."""
        return self._transport.get_bytes(f"{_task(run_id, task_id)}/result", {"raw": True})

    def neighbours(self, run_id: str) -> Neighbours:
        """The runs of the same DAG before and after."""
        return self._transport.get(f"/runs/{_id(run_id)}/neighbours", Neighbours)

    def explain(self, run_id: str) -> Json:
        """Why the run is as it is; the fields are those of `potok.engine.explanation.Explanation`."""
        return self._transport.get(f"/runs/{_id(run_id)}/explain", Json)

    def logs(
        self,
        run_id: str,
        task_id: str,
        *,
        attempt: int | None = None,
        follow: bool = False,
        level: str = "",
        offset: int | None = None,
    ) -> Iterator[Json]:
        """Log lines of try number `attempt` (default: the last one), one mapping each.

        With `follow` the iterator goes on until the attempt ends; closing it closes the connection.
        """
        query = {"attempt": attempt, "follow": follow, "level": level, "offset": offset}
        with self._transport.lines(f"{_task(run_id, task_id)}/logs", query) as lines:
            for line in lines:
                if line:
                    yield msgspec.json.decode(line, type=Json)

    def run_logs(self, run_id: str, *, follow: bool = False, level: str = "") -> Iterator[Json]:
        """Log lines of all tasks of a run as they were written, each with `task_id` and `attempt`."""
        query: Query = {"follow": follow, "level": level}
        with self._transport.lines(f"/runs/{_id(run_id)}/logs", query) as lines:
            for line in lines:
                if line:
                    yield msgspec.json.decode(line, type=Json)

    def search_logs(
        self,
        run_id: str,
        text: str,
        *,
        task_id: str = "",
        attempt: int | None = None,
        level: str = "",
        regex: bool = False,
        limit: int = 200,
    ) -> LogMatches:
        """Lines of the run's log (or of one task's) that hold `text`, whatever the case of its letters."""
        query: Query = {"q": text, "task": task_id, "attempt": attempt, "level": level, "regex": regex, "limit": limit}
        return self._transport.get(f"/runs/{_id(run_id)}/logs/search", LogMatches, query)

    def waiting(self, run_id: str, task_id: str) -> Waiting:
        """What a task waits for, unmet conditions first."""
        return self._transport.get(f"{_task(run_id, task_id)}/waiting", Waiting)

    def cancel(self, run_id: str, *, note: str = "") -> Changed:
        return self._act(run_id, "cancel", {"note": note})

    def retry(
        self,
        run_id: str,
        tasks: Sequence[str] = (),
        *,
        downstream: bool = True,
        dry_run: bool = False,
        params: Mapping[str, object] | None = None,
    ) -> Changed:
        """`params` replace those of the run, the others stay."""
        body = {"tasks": list(tasks), "downstream": downstream, "dry_run": dry_run, "params": dict(params or {})}
        return self._act(run_id, "retry", body)

    def story(self, run_id: str) -> RunStory:
        """All that the top of a run's page says: verdict, roots, what a retry costs, the critical path."""
        return self._transport.get(f"/runs/{_id(run_id)}/story", RunStory)

    def changes(self, run_id: str) -> RunChanges:
        """What differs from the last good run of the DAG."""
        return self._transport.get(f"/runs/{_id(run_id)}/changes", RunChanges)

    def clear(
        self,
        run_id: str,
        tasks: Sequence[str],
        *,
        downstream: bool = False,
        upstream: bool = False,
        dry_run: bool = False,
    ) -> Changed:
        body = {"tasks": list(tasks), "downstream": downstream, "upstream": upstream, "dry_run": dry_run}
        return self._act(run_id, "clear", body)

    def mark(self, run_id: str, tasks: Sequence[str], state: TaskState, *, note: str = "") -> Changed:
        return self._act(run_id, "mark", {"tasks": list(tasks), "state": state, "note": note})

    def _act(self, run_id: str, action: str, body: Json) -> Changed:
        return self._transport.send("POST", f"/runs/{_id(run_id)}/{action}", Changed, body)[0]

    # --- pools, connections, variables ------------------------------------------------------------------------
    def pools(self) -> list[Pool]:
        return self._transport.get("/pools", Page[Pool]).items

    def put_pool(self, name: str, slots: int, *, description: str | None = None) -> None:
        """Without a description the one of an existing pool stays."""
        body: dict[str, object] = (
            {"slots": slots} if description is None else {"slots": slots, "description": description}
        )
        self._transport.order("PUT", f"/pools/{_id(name)}", body)

    def delete_pool(self, name: str) -> None:
        self._transport.order("DELETE", f"/pools/{_id(name)}")

    def connections(self) -> list[ConnectionItem]:
        return self._transport.get("/connections", Page[ConnectionItem]).items

    def put_connection(self, connection: Connection) -> None:
        """The password and `extra` go in and never come out again."""
        body = {name: value for name, value in msgspec.structs.asdict(connection).items() if name != "name"}
        self._transport.order("PUT", f"/connections/{_id(connection.name)}", body)

    def delete_connection(self, name: str) -> None:
        self._transport.order("DELETE", f"/connections/{_id(name)}")

    def variables(self) -> list[VariableItem]:
        return self._transport.get("/variables", Page[VariableItem]).items

    def put_variable(self, name: str, value: object, *, secret: bool = False) -> None:
        """`value` is any JSON value."""
        self._transport.order("PUT", f"/variables/{_id(name)}", {"value": value, "secret": secret})

    def delete_variable(self, name: str) -> None:
        self._transport.order("DELETE", f"/variables/{_id(name)}")

    # --- the home ---------------------------------------------------------------------------------------------
    def now(self, *, since: datetime | None = None, limit: int = 50) -> Now:
        """What needs a person now; ended runs are counted from `since` on (aware; 24 hours without it)."""
        return self._transport.get("/now", Now, {"since": _stamp(since), "limit": limit})

    def upcoming(self, *, limit: int = 10, until: datetime | None = None) -> UpcomingStarts:
        """The next starts over all DAGs."""
        return self._transport.get("/upcoming", UpcomingStarts, {"limit": limit, "until": _stamp(until)})

    def search(self, text: str, *, limit: int = 20) -> list[Found]:
        """DAGs, runs and tasks, best first."""
        return self._transport.get("/search", Page[Found], {"q": text, "limit": limit}).items

    def mutes(self) -> list[Mute]:
        return self._transport.get("/mutes", Page[Mute]).items

    def mute(self, key: str, *, until: datetime | None = None, note: str = "") -> None:
        """Hide the thing with that key, or `dag:` and an id, until then (aware); None: until the next success."""
        self._transport.order("PUT", f"/mutes/{_id(key)}", {"until": until, "note": note})

    def unmute(self, key: str) -> None:
        self._transport.order("DELETE", f"/mutes/{_id(key)}")

    # --- the server -------------------------------------------------------------------------------------------
    def workers(self) -> Workers:
        return self._transport.get("/workers", Workers)

    def occupancy(self) -> Occupancy:
        """Workers, queues and pools now, with who holds and who waits."""
        return self._transport.get("/occupancy", Occupancy)

    def queues(self) -> list[QueueState]:
        return self._transport.get("/queues", Page[QueueState]).items

    def health(self) -> Health:
        return self._transport.get("/health", Health)

    def audit(self, *, limit: int = 50, cursor: str | None = None) -> Page[AuditItem]:
        """Newest first."""
        return self._transport.get("/audit", Page[AuditItem], {"limit": limit, "cursor": cursor})

    def events(self, *, run_id: str = "", dag_id: str = "") -> Iterator[list[Json]]:
        """Committed changes in batches as they happen; each change has a `type` (run, task, dags, lagged)."""
        with self._transport.lines("/events", {"run_id": run_id, "dag_id": dag_id}) as lines:
            for line in lines:
                if line.startswith("data:"):
                    yield msgspec.json.decode(line[5:], type=list[Json])


def _stamp(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _id(name: str) -> str:
    """An id as one segment of a path: ids may hold any character, a slash too."""
    return quote(name, safe="")


def _task(run_id: str, task_id: str) -> str:
    return f"/runs/{_id(run_id)}/tasks/{_id(task_id)}"
