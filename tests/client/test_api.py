"""Every method of the client against a served app."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from potok.client.api import PotokClient
from potok.client.errors import RefusedError, UnreachableError
from potok.model.errors import ConflictError, InvalidError, NotFoundError, StoreError
from potok.model.local_wire import LogLine
from potok.model.run import LogRange
from potok.model.state import RunState, TaskState
from potok.model.wire import Connection
from potok.scheduler.calls import log_segment
from potok.scheduler.commands import Failed, FailureKind, PutConnection
from tests.api.conftest import BUNDLE, Served
from tests.api.scheduler import QuietScheduler


def test_dags_are_read_as_structs(client: PotokClient) -> None:
    page = client.dags(tag="ml")
    assert [item.dag_id for item in page.items] == ["ml_pipeline"]
    assert page.next_cursor is None
    view = client.dag("ml_pipeline")
    assert view.graph.edges[0].downstream == ["train_1", "train_2", "train_3"]
    assert client.dag("ml_pipeline", bundle=BUNDLE).graph.bundle == BUNDLE
    assert client.source("ml_pipeline").files[0].path == "ml.py"
    assert [version.bundle for version in client.versions("ml_pipeline")] == [BUNDLE]
    fires = client.next_fires("ml_pipeline", limit=3)
    assert len(fires) == 3 and fires[0].at.tzinfo is not None
    assert [error.location for error in client.import_errors()] == ["broken.py:7"]


def test_a_run_from_its_trigger_to_its_end(client: PotokClient, served: Served, scheduler: QuietScheduler) -> None:
    moment = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    run, created = client.trigger("ml_pipeline", {"days": 3}, logical_date=moment, idempotency_key="k")
    assert created and run.logical_date == moment and run.params == {"days": 3}
    again, created_again = client.trigger("ml_pipeline", idempotency_key="k")
    assert (again.run_id, created_again) == (run.run_id, False)
    assert [item.run_id for item in client.runs(dag_id="ml_pipeline", state=RunState.QUEUED).items] == [run.run_id]
    assert [task.task_id for task in client.tasks(run.run_id)][:2] == ["update_features", "train_1"]

    ending = threading.Timer(0.05, lambda: served.call(scheduler.move_run, run.run_id, RunState.SUCCESS))
    ending.start()
    assert client.run(run.run_id, wait_s=30).state is RunState.SUCCESS
    ending.join()
    assert client.explain(run.run_id)["run_id"] == run.run_id
    with pytest.raises(ConflictError, match="already ended"):
        client.cancel(run.run_id)


def test_actions_answer_what_they_changed(client: PotokClient) -> None:
    run, _ = client.trigger("ml_pipeline")
    assert client.retry(run.run_id, ["train_2"], dry_run=True).kept == 4
    assert client.clear(run.run_id, ["train_2"], downstream=True).tasks == ("train_2",)
    assert client.mark(run.run_id, ["train_2"], TaskState.SUCCESS, note="seen").run.run_id == run.run_id
    assert client.cancel(run.run_id, note="enough").run.state is RunState.CANCELLED
    assert client.pause("ml_pipeline", note="holidays").paused
    assert not client.unpause("ml_pipeline").paused


def test_attempts_results_and_logs(
    client: PotokClient, served: Served, scheduler: QuietScheduler, potok_home: Path
) -> None:
    run, _ = client.trigger("ml_pipeline")
    attempt = served.call(scheduler.begin_attempt, run.run_id, "train_1")
    row = scheduler.store.run(run.run_id)
    assert row is not None
    segment = potok_home / "logs" / log_segment(row.record)
    segment.parent.mkdir(parents=True)
    line = LogLine(1.0, attempt.attempt_id, "train_1", 1, "info", "stdout", "привет")
    segment.write_bytes(msgspec.json.encode(line) + b"\n")
    lines = client.logs(run.run_id, "train_1", follow=True)
    assert next(lines)["msg"] == "привет"
    log = LogRange(log_segment(row.record), 0, segment.stat().st_size)
    served.call(scheduler.end_attempt, run.run_id, attempt, TaskState.SUCCESS, log=log)
    assert list(lines) == []
    served.call(scheduler.put_result, run.run_id, attempt, b"[1,2]")
    result = client.result(run.run_id, "train_1")
    assert isinstance(result.value, msgspec.Raw) and bytes(result.value) == b"[1,2]"
    assert client.result_bytes(run.run_id, "train_1") == b"[1,2]"
    assert [one.outcome for one in client.attempts(run.run_id, "train_1")] == ["success"]
    with pytest.raises(NotFoundError):
        list(client.logs(run.run_id, "nope"))


def test_pools_connections_and_variables(client: PotokClient, scheduler: QuietScheduler) -> None:
    client.put_pool("etl", 6, description="ETL")
    assert {pool.name: pool.slots for pool in client.pools()} == {"etl": 6, "ml_training": 4}
    client.delete_pool("etl")
    connection = Connection("warehouse", "postgres", "db", 5432, "etl", "s3cret", "public", {"sslmode": "require"})
    client.put_connection(connection)
    assert PutConnection(connection, "admin") in scheduler.received
    assert [item.name for item in client.connections()] == ["warehouse"]
    client.delete_connection("warehouse")
    client.put_variable("plain", {"a": [1]})
    client.put_variable("key", "s3cret", secret=True)
    assert {item.name: item.value for item in client.variables()} == {"plain": {"a": [1]}, "key": None}
    client.delete_variable("plain")
    with pytest.raises(NotFoundError, match="no pool"):
        client.delete_pool("etl")


def test_the_server_tells_of_itself(client: PotokClient) -> None:
    client.pause("ml_pipeline")
    assert client.workers().slots == 4
    assert client.health().version == "0.1.0"
    assert [item.action for item in client.audit(limit=1).items] == ["pause"]


def test_events_are_read_in_batches(client: PotokClient, served: Served, scheduler: QuietScheduler) -> None:
    events = client.events(dag_id="ml_pipeline")

    def start_when_listening() -> None:
        while not served.call(lambda: len(scheduler.subscribers)):
            pass
        served.call(scheduler.new_run, "ml_pipeline")

    starting = threading.Thread(target=start_when_listening)
    starting.start()
    [event] = next(events)
    assert (event["type"], event["dag_id"]) == ("run", "ml_pipeline")
    starting.join()
    events.close()  # type: ignore[attr-defined]


def test_each_problem_becomes_its_error_with_the_servers_sentence(
    client: PotokClient, served: Served, scheduler: QuietScheduler
) -> None:
    with pytest.raises(NotFoundError, match="there is no run 'nope'"):
        client.run("nope")
    with pytest.raises(InvalidError, match="days"):
        client.trigger("ml_pipeline", {"days": "many"})
    with PotokClient(served.url, "wrong") as stranger, pytest.raises(RefusedError, match="token is wrong"):
        stranger.dags()
    scheduler.fails = Failed(FailureKind.UNAVAILABLE, "the database is locked")
    with pytest.raises(StoreError, match="database is locked"):
        client.trigger("ml_pipeline")


def test_nothing_that_answers_is_unreachable() -> None:
    with (
        PotokClient("http://127.0.0.1:9", "t", timeout_s=2) as client,
        pytest.raises(UnreachableError, match="potok up"),
    ):
        client.dags()


def test_ids_with_slashes_and_other_characters_arrive_whole(client: PotokClient) -> None:
    with pytest.raises(NotFoundError, match="a/b"):
        client.run("../a/b?x=1#y %2F")
