"""How long each GET of the API takes on the generated year, one client after another request. Measures, judges not."""

from __future__ import annotations

import time
from collections.abc import Iterator

import msgspec

from bench.figures import percentile
from bench.http_wire import Wire
from bench.ui.folder import HERO, LARGE, SLOW
from bench.ui.report import Figure
from bench.ui.served_year import ServedYear
from potok.api.app import all_routes
from potok.model.answers import Page, Run, TaskInstance

TIMES = 60
# Pages are asked for by people: what takes longer than this is felt.
GOAL_MS = 50.0
_NOT_MEASURED = ("/events", "/runs/{run_id}/tasks/{task_id}/logs", "/runs/{run_id}/tasks/{task_id}/result")
_QUERIES = {
    "/dags": ("?limit=100", "?limit=100&search=price", "?limit=100&tag=sales", "?limit=200&runs=30"),
    "/dags/{dag_id}/grid": ("?runs=365", "?runs=30"),
    "/dags/{dag_id}/next": ("?limit=50",),
    "/runs": ("?limit=100", "?limit=100&state=failed", "?limit=100&state=running"),
    "/runs/{run_id}/tasks": ("?limit=500",),
    "/search": ("?q=prices",),
    "/pools/{name}/preview": ("?slots=3",),
    "/runs/{run_id}/logs/search": ("?q=price",),
    "/runs/{run_id}/tasks/{task_id}/logs/search": ("?q=price",),
}
_WHOLE = ("/runs/{run_id}/logs/text", "/runs/{run_id}/tasks/{task_id}/logs/text")


def measure(server: ServedYear) -> list[Figure]:
    """p95 of each call, the slowest first; the median, the size of the answer and the longest stand in the note."""
    wire = server.wire()
    figures = [_measured(wire, name, path) for name, path in _calls(wire)]
    wire.close()
    return sorted((one for one in figures if one is not None), key=lambda one: -one.value)


def _calls(wire: Wire) -> Iterator[tuple[str, str]]:
    """(name, path) of every GET route, for the DAG of a year and for the large one."""
    for subject, names in _subjects(wire).items():
        for route in all_routes().all:
            if route.method != "GET" or route.path in _NOT_MEASURED or route.path in _WHOLE:
                continue
            if ("{" in route.path) != bool(subject):
                continue
            path = route.path
            for key, value in names.items():
                path = path.replace(f"{{{key}}}", value)
            if "{" in path:
                continue
            for query in _QUERIES.get(route.path, ("",)):
                yield f"{route.path}{query}{f' ({subject})' if subject else ''}", f"/api/v1{path}{query}"


def _subjects(wire: Wire) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {"": {}}
    for dag_id in (HERO, LARGE, SLOW):
        runs = msgspec.json.decode(wire.call("GET", f"/api/v1/runs?limit=1&dag_id={dag_id}"), type=Page[Run]).items
        run_id = runs[0].run_id
        tasks = msgspec.json.decode(wire.call("GET", f"/api/v1/runs/{run_id}/tasks?limit=500"), type=Page[TaskInstance])
        task = next((one for one in tasks.items if one.state in ("failed", "queued")), tasks.items[0])
        found[dag_id] = {"dag_id": dag_id, "run_id": run_id, "task_id": task.task_id, "name": "crawl"}
    return found


def _measured(wire: Wire, name: str, path: str) -> Figure | None:
    request = wire.encode("GET", path)
    times, size = [], 0
    for _ in range(TIMES):
        started = time.perf_counter()
        wire.send(request)
        status, data = wire.receive()
        times.append((time.perf_counter() - started) * 1000)
        size = len(data)
        if status in (404, 409):
            return None  # nothing of this kind is there for this subject
        if status >= 400:
            return Figure("api", name, "ms", 0.0, note=f"answered {status}: {data[:120].decode(errors='replace')}")
    note = (
        f"median {percentile(times, 50):.1f}, longest {max(times):.1f}, first {times[0]:.1f} ms; {size / 1024:.1f} KB"
    )
    return Figure("api", name, "ms", round(percentile(times, 95), 2), GOAL_MS, note=note)
