"""Live events and followed logs over a real connection."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest

from potok.api.live import QUEUE_MAX, Listener
from potok.model.local_wire import LogLine
from potok.model.run import LogRange
from potok.model.state import RunState, TaskState
from potok.scheduler.calls import log_segment
from potok.scheduler.commands import DagsChanged, Lagged, TaskChanged
from potok.store.rows import AttemptRow
from tests.api.conftest import TOKEN, Served
from tests.api.scheduler import QuietScheduler

HEADERS = {"Authorization": f"Bearer {TOKEN}"}


class Segment:
    """The log file of a run, written as a worker does."""

    def __init__(self, home: Path, scheduler: QuietScheduler, run_id: str) -> None:
        row = scheduler.store.run(run_id)
        assert row is not None
        self.name = log_segment(row.record)
        self.path = home / "logs" / self.name

    def write(self, attempt: AttemptRow, *texts: str, level: str = "info") -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            for text in texts:
                line = LogLine(1.0, attempt.attempt_id, attempt.task_id, attempt.try_number, level, "stdout", text)
                file.write(msgspec.json.encode(line) + b"\n")

    def range(self, start: int = 0) -> LogRange:
        return LogRange(self.name, start, self.path.stat().st_size, 0, 0)


def logs_path(run_id: str, task_id: str) -> str:
    return f"/api/v1/runs/{run_id.replace('/', '%2F')}/tasks/{task_id}/logs"


async def texts_of(http: httpx.AsyncClient, run_id: str, task_id: str, **query: str) -> list[str]:
    answer = await http.get(logs_path(run_id, task_id), params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line)["msg"] for line in answer.text.splitlines()]


async def test_logs_hold_the_lines_of_one_attempt_only(
    http: httpx.AsyncClient, scheduler: QuietScheduler, potok_home: Path
) -> None:
    run_id = scheduler.new_run("ml_pipeline").record.run_id
    first = scheduler.begin_attempt(run_id, "train_1")
    other = scheduler.begin_attempt(run_id, "train_2")
    segment = Segment(potok_home, scheduler, run_id)
    segment.write(first, "one", '<script>alert(1)</script> "a":2,')
    segment.write(other, "of another task")
    segment.write(first, "broken", level="error")
    with segment.path.open("ab") as file:
        file.write(b'{"t":1,"a":%d,"torn\n' % first.attempt_id)
    scheduler.end_attempt(run_id, first, TaskState.FAILED, log=segment.range())
    second = scheduler.begin_attempt(run_id, "train_1", try_number=2)
    segment.write(second, "again")

    assert await texts_of(http, run_id, "train_1", attempt="1") == [
        "one",
        '<script>alert(1)</script> "a":2,',
        "broken",
    ]
    assert await texts_of(http, run_id, "train_1") == ["again"], "the last try, while it runs"
    assert await texts_of(http, run_id, "train_2") == ["of another task"]
    assert await texts_of(http, run_id, "train_3") == [], "not begun yet"
    assert await texts_of(http, run_id, "train_1", attempt="1", level="error") == ["broken"]
    assert await texts_of(http, run_id, "train_1", attempt="1", offset="2") == ["broken"]
    assert (await texts_of(http, run_id, "train_1", attempt="1", offset="-2"))[-1] == "broken"
    assert (await http.get(logs_path(run_id, "train_1"), params={"level": "loud"})).status_code == 422


async def test_a_large_log_comes_whole_and_in_order(
    http: httpx.AsyncClient, scheduler: QuietScheduler, potok_home: Path
) -> None:
    run_id = scheduler.new_run("ml_pipeline").record.run_id
    attempt = scheduler.begin_attempt(run_id, "train_1")
    segment = Segment(potok_home, scheduler, run_id)
    expected = [f"line {n} " + "x" * 100 for n in range(20_000)]
    segment.write(attempt, *expected)
    scheduler.end_attempt(run_id, attempt, TaskState.SUCCESS, log=segment.range())
    assert await texts_of(http, run_id, "train_1") == expected
    assert await texts_of(http, run_id, "train_1", offset="-3") == expected[-3:]


def test_a_followed_log_begins_with_the_attempt_shows_each_line_and_ends_with_it(
    served: Served, scheduler: QuietScheduler, potok_home: Path
) -> None:
    run_id = served.call(scheduler.new_run, "ml_pipeline").record.run_id
    with httpx.Client(base_url=served.url, headers=HEADERS) as client:
        url = f"{logs_path(run_id, 'train_1')}?follow=1"
        with client.stream("GET", url, timeout=10) as answer:
            assert answer.status_code == 200
            lines = answer.iter_lines()
            attempt = served.call(scheduler.begin_attempt, run_id, "train_1")
            segment = Segment(potok_home, scheduler, run_id)
            for text in ("first", "second", "third"):
                segment.write(attempt, text)
                assert json.loads(next(lines))["msg"] == text
            segment.write(attempt, "last")
            served.call(scheduler.end_attempt, run_id, attempt, TaskState.SUCCESS, log=segment.range())
            assert [json.loads(line)["msg"] for line in lines] == ["last"]
    assert not served.call(lambda: list(scheduler.subscribers)), "nobody listens any more"


def test_a_followed_log_of_a_task_that_never_runs_ends_with_the_run(served: Served, scheduler: QuietScheduler) -> None:
    run_id = served.call(scheduler.new_run, "ml_pipeline").record.run_id
    with httpx.Client(base_url=served.url, headers=HEADERS) as client:
        ending = threading.Timer(0.1, lambda: _end_unrun(served, scheduler, run_id))
        ending.start()
        answer = client.get(f"{logs_path(run_id, 'cleanup')}?follow=1", timeout=15)
        assert (answer.status_code, answer.text) == (200, "")
        ending.join()


def _end_unrun(served: Served, scheduler: QuietScheduler, run_id: str) -> None:
    served.call(scheduler.move_run, run_id, RunState.FAILED)
    served.call(scheduler.publish, TaskChanged(run_id, "cleanup", TaskState.UPSTREAM_FAILED, 0, 0.0))


def messages(lines: Iterator[str]) -> Iterator[list[dict]]:
    return (json.loads(line[5:]) for line in lines if line.startswith("data:"))


def test_events_come_in_batches_with_ids_and_filters(served: Served, scheduler: QuietScheduler) -> None:
    with httpx.Client(base_url=served.url, headers=HEADERS) as client:
        with client.stream("GET", "/api/v1/events", timeout=10) as everything:
            assert everything.headers["content-type"].startswith("text/event-stream")
            all_lines = everything.iter_lines()
            assert next(all_lines) == "retry: 1000"
            run = served.call(scheduler.new_run, "ml_pipeline").record
            served.call(scheduler.publish, DagsChanged(("ml_pipeline",)))
            batches = messages(all_lines)
            received = next(batches)
            while len(received) < 2:
                received += next(batches)
            assert [event["type"] for event in received] == ["run", "dags"]
            assert received[0]["run_id"] == run.run_id
        with client.stream("GET", "/api/v1/events", params={"run_id": run.run_id}, timeout=10) as one:
            lines = one.iter_lines()
            next(lines)
            served.call(scheduler.publish, DagsChanged(("ml_pipeline",)))
            served.call(scheduler.publish, TaskChanged("another", "x", TaskState.RUNNING, 1, 0.0))
            served.call(scheduler.begin_attempt, run.run_id, "train_1")
            [event] = next(messages(lines))
            assert (event["type"], event["task_id"], event["state"]) == ("task", "train_1", "running")


def test_streams_end_when_the_scheduler_stops_and_a_new_one_begins(served: Served, scheduler: QuietScheduler) -> None:
    with httpx.Client(base_url=served.url, headers=HEADERS) as client:
        with client.stream("GET", "/api/v1/events", timeout=10) as stream:
            lines = stream.iter_lines()
            next(lines)
            served.call(scheduler.stop)
            assert [line for line in lines if line.startswith("data:")] == []
        with client.stream("GET", "/api/v1/events", timeout=10) as stream:
            lines = stream.iter_lines()
            next(lines)
            served.call(scheduler.publish, DagsChanged(("ml_pipeline",)))
            assert next(messages(lines))[0]["dag_ids"] == ["ml_pipeline"]


def test_many_streams_close_with_the_server(served: Served) -> None:
    with httpx.stream("GET", f"{served.url}/api/v1/events", headers=HEADERS, timeout=10) as stream:
        lines = stream.iter_lines()
        next(lines)
        served.call(served.app.close)
        assert not [line for line in lines if line.startswith("data:")]


async def test_a_slow_listener_loses_events_and_is_told_so() -> None:
    listener = Listener("", "")
    for n in range(QUEUE_MAX + 5):
        listener.offer([TaskChanged("r", str(n), TaskState.RUNNING, 1, 0.0)])
    [told] = await listener.next(1) or []
    assert isinstance(told, Lagged) and told.dropped == 5
    listener.offer([DagsChanged(("a",))])
    assert await listener.next(1) == [DagsChanged(("a",))]
    listener.close()
    assert await listener.next(1) is None


@pytest.mark.parametrize(("run_id", "dag_id", "wanted"), [("r", "", 2), ("", "d", 1), ("", "", 3)])
async def test_a_listener_hears_what_it_asked_for(run_id: str, dag_id: str, wanted: int) -> None:
    listener = Listener(run_id, dag_id)
    listener.offer(
        [TaskChanged("r", "t", TaskState.RUNNING, 1, 0.0), Lagged(1), DagsChanged(("x", "y"))]
        if run_id or not dag_id
        else [DagsChanged(("x",)), DagsChanged(("d",))]
    )
    assert len(await listener.next(1) or []) == wanted
