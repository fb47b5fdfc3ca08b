"""Events in the scheduler: which runs they start, what waits, and that nothing is lost or done twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from potok.model.run import TriggerKind
from potok.model.state import RunState
from potok.model.trigger import Event, OnCommit, OnPush, Sighting, Trigger
from potok.scheduler.commands import (
    CancelRun,
    DeleteVariable,
    Failed,
    PauseDag,
    PushTaken,
    PutVariable,
    TakePush,
    TriggerRun,
)
from potok.scheduler.dag_book import Folder, FoundDag, FoundFailure
from potok.scheduler.trigger_book import Sighted
from potok.store.protocol import Store
from potok.store.rows import RunRow
from tests.scheduler.clockwork import NO_WORKER, NOON, Clockwork
from tests.scheduler.scripted import chain_of

PARAMS = {
    "properties": {"commit": {"type": "string", "default": ""}, "before": {"type": "string", "default": ""}},
    "type": "object",
    "additionalProperties": False,
}
ON_COMMIT = OnCommit("erp", params={"commit": "commit", "before": "before"})
ON_PUSH = OnPush("forge", params={"commit": "commit", "before": "before"})


@pytest.fixture
def clockwork(store: Store, tmp_path: Path) -> Clockwork:
    return Clockwork(store, tmp_path)


def folder(*triggers: Trigger, bundle: str = "b1", **options: object) -> Folder:
    dag = chain_of("etl", "a", params=PARAMS, triggers=triggers, **options)
    return Folder({"etl": FoundDag(dag, bundle, ("etl.py",))}, {})


def commit(name: str, key: str = ON_COMMIT.key) -> Sighted:
    event = Event("commit", NOON, "/srv/erp", name, branch="main", ref="refs/heads/main")
    return Sighted("etl", key, Sighting(name, event))


def push(delivery: str, name: str, before: str = "") -> TakePush:
    event = Event("push", NOON, commit=name, before=before, branch="main", ref="refs/heads/main", delivery=delivery)
    return TakePush("etl", ON_PUSH.key, "webhook", event)


def commits(clockwork: Clockwork) -> list[tuple[object, object]]:
    return [(row.record.params["before"], row.record.params["commit"]) for row in clockwork.runs()]


def finish(clockwork: Clockwork, row: RunRow) -> None:
    clockwork.ask(NOON + 50, CancelRun(row.record.run_id, "me"))


def test_a_commit_starts_a_run_that_says_so(clockwork: Clockwork) -> None:
    clockwork.at(NOON, folder(ON_COMMIT))
    clockwork.at(NOON, commit("a1"))
    assert clockwork.runs() == []
    clockwork.at(NOON + 5, commit("b2"))
    record = clockwork.runs()[0].record
    assert (record.trigger, record.params) == (TriggerKind.COMMIT, {"commit": "b2", "before": "a1"})
    assert record.triggered_by == "commit b2 on main in /srv/erp"
    assert record.event is not None
    assert (record.event.before, record.state) == ("a1", RunState.RUNNING)


def test_commits_while_a_run_is_queued_are_one_run_for_the_newest(clockwork: Clockwork) -> None:
    clockwork.at(NOON, folder(ON_COMMIT, max_active_runs=1))
    for name in ("a1", "b2", "c3", "d4", "e5"):
        clockwork.at(NOON, commit(name))
    assert commits(clockwork) == [("a1", "b2"), ("b2", "c3")]
    finish(clockwork, clockwork.runs()[0])
    assert commits(clockwork) == [("a1", "b2"), ("b2", "c3"), ("c3", "e5")]
    assert [row.record.state for row in clockwork.runs()] == [RunState.CANCELLED, RunState.RUNNING, RunState.QUEUED]


def test_a_run_that_someone_queued_by_hand_holds_no_commit_up(clockwork: Clockwork) -> None:
    clockwork.at(NOON, folder(ON_COMMIT), commit("a1"))
    clockwork.ask(NOON, TriggerRun("etl", "me", countdown_s=600))
    clockwork.at(NOON, commit("b2"))
    assert commits(clockwork)[-1] == ("a1", "b2")


def test_a_commit_made_while_the_server_was_down_starts_a_run_and_a_restart_starts_none(clockwork: Clockwork) -> None:
    clockwork.at(NOON, folder(ON_COMMIT), commit("a1"))
    for _ in range(3):
        clockwork.start()
        clockwork.at(NOON, folder(ON_COMMIT), commit("b2"))
    assert commits(clockwork) == [("a1", "b2")]


def test_a_turn_that_is_not_committed_leaves_the_commit_to_the_next_one(clockwork: Clockwork) -> None:
    clockwork.at(NOON, folder(ON_COMMIT), commit("a1"))
    clockwork.core.turn([commit("b2")], NOON, NO_WORKER)
    clockwork.core.load()
    assert clockwork.runs() == []
    clockwork.at(NOON, commit("b2"))
    assert commits(clockwork) == [("a1", "b2")]


def test_a_paused_dag_takes_the_newest_commit_when_it_goes_on(clockwork: Clockwork) -> None:
    clockwork.at(NOON, folder(ON_COMMIT), commit("a1"))
    clockwork.ask(NOON, PauseDag("etl", "me", True))
    clockwork.at(NOON, commit("b2"), commit("c3"))
    clockwork.start()
    clockwork.at(NOON, folder(ON_COMMIT), commit("c3"))
    assert clockwork.runs() == []
    clockwork.ask(NOON, PauseDag("etl", "me", False))
    assert commits(clockwork) == [("a1", "c3")]


def test_a_trigger_that_is_taken_out_is_forgotten_with_what_it_saw(clockwork: Clockwork) -> None:
    clockwork.at(NOON, folder(ON_COMMIT), commit("a1"))
    clockwork.at(NOON, folder(bundle="b2"), commit("b2"))
    assert clockwork.store.trigger_marks() == []
    clockwork.at(NOON, folder(ON_COMMIT, bundle="b3"), commit("c3"))
    assert clockwork.runs() == []


def test_a_broken_file_leaves_its_triggers_as_they_were(clockwork: Clockwork) -> None:
    clockwork.at(NOON, folder(ON_COMMIT), commit("a1"))
    clockwork.start()
    broken = Folder({}, {"etl.py": FoundFailure("bad", "etl.py:1", "")})
    clockwork.at(NOON, broken, commit("b2"))
    assert commits(clockwork) == [("a1", "b2")]


def test_an_event_that_fits_no_param_is_told_and_not_tried_again(clockwork: Clockwork) -> None:
    strict = {"properties": {"commit": {"type": "string", "maxLength": 1, "default": ""}}, "type": "object"}
    dag = chain_of("etl", "a", params=strict, triggers=(OnCommit("erp", params={"commit": "commit"}),))
    clockwork.at(NOON, Folder({"etl": FoundDag(dag, "b1", ("etl.py",))}, {}), commit("a1"))
    clockwork.at(NOON, commit("b2"))
    mark = clockwork.store.trigger_marks()[0].mark
    assert mark.refused.startswith("commit b2 on main in /srv/erp started no run: params of DAG etl: commit must be")
    assert (mark.state, clockwork.runs()) == ("b2", [])
    assert clockwork.store.audit()[0].action == "start failed"


def test_a_push_starts_a_run_once_however_often_it_is_delivered(clockwork: Clockwork) -> None:
    clockwork.at(NOON, folder(ON_PUSH))
    first = clockwork.ask(NOON, push("d-1", "b2", "a1"))
    again = clockwork.ask(NOON, push("d-1", "b2", "a1"))
    assert isinstance(first, PushTaken)
    assert isinstance(again, PushTaken)
    assert (first.created, again.created) == (True, False)
    assert first.run is not None
    assert again.run is not None
    assert first.run.record.run_id == again.run.record.run_id
    assert (first.run.record.trigger, first.run.record.idempotency_key) == (TriggerKind.PUSH, "push d-1")
    assert commits(clockwork) == [("a1", "b2")]


def test_pushes_to_a_paused_dag_wait_and_are_not_lost(clockwork: Clockwork) -> None:
    clockwork.at(NOON, folder(ON_PUSH))
    clockwork.ask(NOON, PauseDag("etl", "me", True))
    told = clockwork.ask(NOON, push("d-1", "b2", "a1"))
    assert told == PushTaken(None, False, "the DAG is paused; a run for the newest push starts after that")
    clockwork.ask(NOON, push("d-2", "c3", "b2"))
    clockwork.start()
    clockwork.at(NOON, folder(ON_PUSH))
    clockwork.ask(NOON, PauseDag("etl", "me", False))
    assert commits(clockwork) == [("a1", "c3")]


def test_a_push_for_a_trigger_that_is_gone_is_refused(clockwork: Clockwork) -> None:
    clockwork.at(NOON, folder(ON_COMMIT))
    assert isinstance(clockwork.ask(NOON, push("d-1", "b2")), Failed)


def test_a_push_trigger_without_its_secret_says_how_to_make_it(clockwork: Clockwork) -> None:
    def trouble() -> str:
        return clockwork.store.trigger_marks("etl")[0].mark.trouble

    clockwork.at(NOON, folder(ON_PUSH))
    assert trouble() == (
        "there is no variable 'forge' to check signatures by; make it: potok variables set forge --secret"
    )
    clockwork.ask(NOON, PutVariable("forge", "me", "s3cret"))
    assert trouble() == "variable 'forge' is no secret; set it anew: potok variables set forge --secret"
    clockwork.ask(NOON, PutVariable("forge", "me", "s3cret", secret=True))
    assert trouble() == ""
    clockwork.ask(NOON, DeleteVariable("forge", "me"))
    assert trouble().startswith("there is no variable 'forge'")
