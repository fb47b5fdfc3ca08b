"""The story of a run, its attempts in time, and what changed since it was good."""

import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from potok.model.dag import CallableRef, Dag, EdgeGroup, PythonWork, Task
from potok.model.reason import reason
from potok.model.run import CheckResult, ErrorInfo, RunRecord, TriggerKind, Usage
from potok.model.state import RUN_ENDED, RunState, TaskState
from potok.store.protocol import Store
from potok.store.rows import (
    AttemptRow,
    AuditRow,
    DagRow,
    EnvironmentRow,
    NewRun,
    ParamsEditRow,
    ResultRow,
    RunCounts,
    RunRow,
    RunUpdate,
    TaskRow,
    VersionRow,
)
from tests.api.scheduler import QuietScheduler

T0 = 1_790_000_000.0
DAG = "ml_pipeline"
# name, start, end, state: as in the picture of the design brief
GOOD = [
    ("update_features", 0, 112), ("train_1", 136, 508), ("train_2", 136, 430), ("train_3", 136, 414),
    ("evaluate", 508, 560), ("cleanup", 560, 570),
]  # fmt: skip
NAN = ErrorInfo("ValueError", "Input X contains NaN.\nmore", ("ValueError",), "train.py:88", "Traceback …")


class History:
    """Writes whole runs, as the scheduler would have."""

    def __init__(self, scheduler: QuietScheduler) -> None:
        self.scheduler = scheduler

    def run(self, state: RunState, failed: str = "", error: ErrorInfo = NAN, **fields: Any) -> str:
        """A run of the ML pipeline; `failed` ended on try 2 of 2 after 41 s, and what is below it did not run."""
        self.scheduler.run_key += 1
        key, began = self.scheduler.run_key, T0 + self.scheduler.run_key * 1000
        bundle = self.scheduler.store.dag(DAG).bundle  # type: ignore[union-attr]
        values: dict[str, Any] = {"logical_date": began, "interval_start": began, "interval_end": began} | fields
        ended = began + (508 if failed else 570) if state in RUN_ENDED else None
        record = RunRecord(
            run_key=key, run_id=f"{DAG}.{key}", dag_id=DAG, bundle=bundle, state=state, trigger=TriggerKind.SCHEDULE,
            created_at=began, started_at=began, ended_at=ended, **values,
        )  # fmt: skip
        tasks, attempts = [], []
        below = {"evaluate", "cleanup"} if failed else set()
        for at, (name, start, end) in enumerate(GOOD):
            if name in below:
                tasks.append(TaskRow(key, at, name, TaskState.UPSTREAM_FAILED))
                continue
            tries = 2 if name == failed else 1
            ready = first = last = began
            outcome = TaskState.FAILED if name == failed else TaskState.SUCCESS
            for number in range(1, tries + 1):
                self.scheduler.attempt_id += 1
                ready = began + start + (200 if number == 2 else 0)
                first = ready + (100 if number == 2 else 0)
                last = first + 41 if name == failed else began + end
                attempts.append(
                    AttemptRow(
                        self.scheduler.attempt_id, key, at, name, number, ready, str(outcome), first, last, exit_code=0,
                        usage=Usage(1.0, 0.5, 412.0), error=error if name == failed else None, queued_at=ready,
                    )
                )  # fmt: skip
            tasks.append(
                TaskRow(
                    key, at, name, outcome, tries, tries, 0, attempts[-1].attempt_id, ready, first, last,
                    reason=None,
                )
            )  # fmt: skip
        row = RunRow(record, RunCounts(total=len(tasks), failed=int(bool(failed)), upstream_failed=len(below)))
        self.scheduler.commit(runs_new=[NewRun(row, tuple(tasks))], attempts_new=attempts)
        return record.run_id

    def result(self, run_id: str, position: int, data: bytes) -> None:
        run = self.scheduler.store.run(run_id)
        assert run is not None
        row = ResultRow(run.record.run_key, position, GOOD[position][0], 1, "json", len(data), data)
        self.scheduler.commit(results=[row])


@pytest.fixture
def history(scheduler: QuietScheduler) -> History:
    return History(scheduler)


async def get(http: httpx.AsyncClient, run_id: str, part: str) -> Any:
    answer = await http.get(f"/api/v1/runs/{run_id}/{part}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_failed_run_tells_what_failed_and_what_a_retry_costs(http: httpx.AsyncClient, history: History) -> None:
    for _ in range(5):
        history.run(RunState.SUCCESS)
    story = await get(http, history.run(RunState.FAILED, "train_2"), "story")
    assert story["verdict"]["text"] == "`train_2` failed on try 2 of 2 after 41 s; 2 tasks below it did not run"
    assert [one["code"] for one in story["advice"]] == ["advice_tries_alike", "advice_first_seen"]
    [root] = story["roots"]
    assert root["error_line"] == "ValueError: Input X contains NaN."
    assert root["location"] == "train.py:88"
    assert root["blocked"] == ["evaluate", "cleanup"]
    # train_2 usually takes 294 s, evaluate 52 s, cleanup 10 s
    assert root["retry"] == {"tasks": 3, "kept": 3, "about_s": 356}
    assert root["retry_only"] == {"tasks": 1, "kept": 3, "about_s": 294}
    assert story["retry"] == root["retry"]
    assert story["usual_s"] == 570
    assert story["good_runs"] == 5
    assert story["last_good"]["run_id"] == f"{DAG}.5"
    assert story["previous_run_id"] == f"{DAG}.5"
    assert story["next_run_id"] is None


async def test_the_story_knows_the_critical_path_the_slack_and_what_was_waited_for(
    http: httpx.AsyncClient, history: History
) -> None:
    story = await get(http, history.run(RunState.FAILED, "train_2"), "story")
    assert story["critical_path"] == ["update_features", "train_1"]
    assert story["critical_s"] == 508
    assert story["slack_s"] == [24, 0, 31, 94, None, None]
    assert story["usual_s"] is None
    assert story["last_good"] is None
    work = 112 + 372 + 278 + 2 * 41
    assert story["work_s"] == work
    assert 0.3 < story["saved"] < 0.5
    [wait] = story["waits"]
    assert wait == {"pool": "ml_training", "wait_s": 100, "attempts": 4, "longest_task": "train_2", "longest_s": 100}


async def test_the_same_error_is_remembered_over_the_last_runs(http: httpx.AsyncClient, history: History) -> None:
    history.run(RunState.FAILED, "train_2", ErrorInfo("ValueError", "Input X contains NaN.\nother"))
    history.run(RunState.FAILED, "train_1")
    history.run(RunState.FAILED, "train_2", ErrorInfo("ValueError", "Another error"))
    history.run(RunState.SUCCESS)
    story = await get(http, history.run(RunState.FAILED, "train_2"), "story")
    memory = story["roots"][0]["same_error"]
    assert (memory["seen"], memory["of"], memory["recovered"]) == (1, 4, 0)
    assert memory["whole_history"] is True
    assert memory["last_run_id"] == f"{DAG}.1"
    assert "Same error as in 1 of the last 4 runs" in [one["text"] for one in story["advice"]]


async def test_a_good_run_is_told_as_usual_and_a_running_one_with_what_is_left(
    http: httpx.AsyncClient, history: History
) -> None:
    for _ in range(5):
        history.run(RunState.SUCCESS)
    story = await get(http, history.run(RunState.SUCCESS), "story")
    assert story["verdict"]["text"] == "Succeeded in 9 min 30 s, as usual"
    assert story["retry"] is None
    run_id = history.run(RunState.RUNNING)
    rows = [(at, TaskState.RUNNING if at == 4 else TaskState.SCHEDULED) for at in (4, 5)]
    key = history.scheduler.run_key
    now = time.time()
    history.scheduler.commit(
        tasks=[TaskRow(key, at, GOOD[at][0], state, started_at=now if at == 4 else None) for at, state in rows]
    )
    story = await get(http, run_id, "story")
    assert story["verdict"]["code"] == "run_running_left"
    assert story["verdict"]["values"]["task"] == "evaluate"
    assert story["left_s"] == pytest.approx(62, abs=5)
    assert story["critical_path"] == ["update_features", "train_1", "evaluate", "cleanup"]


async def test_what_a_retry_kept_is_no_part_of_its_course(http: httpx.AsyncClient, history: History) -> None:
    run_id = history.run(RunState.FAILED, "train_2")
    key = history.scheduler.run_key
    again = T0 + key * 1000 + 5000
    tasks = [TaskRow(key, 2, "train_2", TaskState.SUCCESS, 3, 4, 0, 99, again, again, again + 60)]
    span = AttemptRow(99, key, 2, "train_2", 3, again, "success", again, again + 60, queued_at=again)
    update = RunUpdate(key, RunState.SUCCESS, again, again + 60, None, RunCounts(total=6, success=6))
    history.scheduler.commit(runs=[update], tasks=tasks, attempts_new=[span])
    story = await get(http, run_id, "story")
    assert (story["critical_path"], story["critical_s"]) == (["train_2"], 60)
    assert (story["work_s"], story["waits"]) == (60, [])
    assert story["slack_s"] == [None, None, 0, None, None, None]


async def test_a_run_that_waits_to_begin_is_told_by_the_scheduler(
    http: httpx.AsyncClient, scheduler: QuietScheduler
) -> None:
    story = await get(http, scheduler.new_run(DAG, run_id="waits").record.run_id, "story")
    assert story["verdict"]["code"] == "failed"
    assert story["retry"] is None


async def test_edited_params_are_part_of_the_story(http: httpx.AsyncClient, history: History) -> None:
    run_id = history.run(RunState.FAILED, "train_2", params={"days": 7})
    edit = ParamsEditRow(history.scheduler.run_key, T0, "ann", {"days": 7}, {"days": 3})
    history.scheduler.commit(params_edits=[edit])
    [told] = (await get(http, run_id, "story"))["params_edits"]
    assert (told["actor"], told["before"], told["after"]) == ("ann", {"days": 7}, {"days": 3})


async def test_attempts_of_a_run_come_in_pages_with_when_they_were_ready(
    http: httpx.AsyncClient, history: History
) -> None:
    run_id = history.run(RunState.FAILED, "train_2")
    seen: list[Any] = []
    cursor = ""
    while True:
        page = await get(http, run_id, f"attempts?limit=2{cursor}")
        seen += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert [(one["task_id"], one["try_number"]) for one in seen] == [
        ("update_features", 1), ("train_1", 1), ("train_2", 1), ("train_2", 2), ("train_3", 1),
    ]  # fmt: skip
    second = seen[3]
    assert second["queued_at"] < second["started_at"] < second["ended_at"]
    assert (second["outcome"], second["error_line"]) == ("failed", "ValueError: Input X contains NaN.")
    assert (second["cpu_s"], second["rss_peak_mb"]) == (1.5, 412.0)
    assert (await http.get(f"/api/v1/runs/{run_id}/attempts?cursor=nonsense")).status_code == 422


async def test_changes_since_the_last_good_run_are_told_in_order(
    http: httpx.AsyncClient, history: History, store: Store, potok_home: Path
) -> None:
    assert store.note_environment(EnvironmentRow(T0, "a", "3.11.9", "Linux", {"numpy": "1.26.0", "gone": "1"}))
    good = history.run(RunState.SUCCESS, params={"days": 7})
    history.result(good, 0, b'{"rows": 48213, "nan_cells": 0}')
    _new_version(history.scheduler, potok_home, "print('b')\n")
    assert store.note_environment(EnvironmentRow(T0 + 1500, "b", "3.11.9", "Linux", {"numpy": "2.0.0"}))
    bad = history.run(RunState.FAILED, "train_2", params={"days": 3})
    history.result(bad, 0, b'{"rows": 48977, "nan_cells": 312}')
    changes = await get(http, bad, "changes")
    assert changes["since"]["run_id"] == good
    [file] = changes["files"]
    assert (file["path"], file["change"]) == ("ml.py", "edited")
    [hunk] = file["hunks"]
    assert hunk["lines"] == [" # модель", "-print('<script>alert(1)</script>')", "+print('b')"]
    [result] = changes["results"]
    assert result["task_id"] == "update_features"
    assert [(one["name"], one["old"], one["new"]) for one in result["values"]] == [
        ("nan_cells", 0, 312), ("rows", 48213, 48977),
    ]  # fmt: skip
    assert changes["params"] == [{"name": "days", "old": 7, "new": 3}]
    assert changes["environment"] == {"python": "3.11.9", "platform": "Linux", "packages": 1}
    packages = changes["environment_change"]["packages"]
    assert [(one["name"], one["old"], one["new"]) for one in packages] == [
        ("gone", "1", None), ("numpy", "1.26.0", "2.0.0"),
    ]  # fmt: skip
    [wait] = changes["waits"]
    assert (wait["pool"], wait["old_s"], wait["new_s"], wait["longest_task"]) == ("ml_training", 0, 100, "train_2")
    assert changes["lengths"] == []
    assert changes["same"] == ["settings", "durations"]


async def test_a_setting_that_the_dag_uses_is_a_difference(http: httpx.AsyncClient, history: History) -> None:
    history.run(RunState.SUCCESS)
    rows = [
        AuditRow(T0 + at, "ann", action, subject)
        for at, action, subject in ((900, "set pool", "ml_training"), (1200, "set pool", "ml_training"),
                                    (1300, "set pool", "other"), (1400, "trigger", "ml_training"))
    ]  # fmt: skip
    history.scheduler.commit(audit=rows)
    [change] = (await get(http, history.run(RunState.FAILED, "train_2"), "changes"))["settings"]
    assert (change["kind"], change["name"], change["deleted"], change["actor"]) == ("pool", "ml_training", False, "ann")
    assert change["at"].startswith("2026-09-21")


async def test_without_a_good_run_there_is_nothing_to_compare_with(http: httpx.AsyncClient, history: History) -> None:
    changes = await get(http, history.run(RunState.FAILED, "train_2"), "changes")
    assert changes["since"] is None
    assert changes["files"] == [] and changes["same"] == []


async def test_checks_that_ended_otherwise_are_a_difference(http: httpx.AsyncClient, history: History) -> None:
    dag = history.scheduler.store.load_version(DAG, "b20e44d0")
    assert dag is not None
    tasks = tuple(msgspec.structs.replace(one, checks=("rows",)) for one in dag.dag.tasks)
    history.scheduler.commit(versions=[msgspec.structs.replace(dag, dag=msgspec.structs.replace(dag.dag, tasks=tasks))])
    run_id = ""
    for key, found in ((1, "48,213 rows"), (2, "48,977 rows")):
        run_id = history.run(RunState.SUCCESS if key == 1 else RunState.FAILED, "" if key == 1 else "train_2")
        [attempt] = history.scheduler.store.attempts(key, 0)
        checked = msgspec.structs.replace(
            attempt, checks=(CheckResult("rows", True, found), CheckResult("files", True, "4", "4"))
        )
        history.scheduler.commit(attempts_ended=[checked])
    [result] = (await get(http, run_id, "changes"))["results"]
    assert [(one["check"], one["detail"]) for one in result["checks_old"]] == [("rows", "48,213 rows")]
    assert [(one["check"], one["detail"]) for one in result["checks_new"]] == [("rows", "48,977 rows")]


@pytest.mark.slow
async def test_a_run_of_ten_thousand_tasks_is_told_whole(http: httpx.AsyncClient, scheduler: QuietScheduler) -> None:
    layers, width = 100, 100
    tasks = tuple(Task(f"t{at}", PythonWork(CallableRef("f"))) for at in range(layers * width))
    rows = [tuple(range(at * width, (at + 1) * width)) for at in range(layers)]
    dag = Dag("large", tasks, tuple(EdgeGroup(*pair) for pair in pairwise(rows)))
    now = time.time()
    scheduler.commit(
        dags=[DagRow("large", "b1", "l.py", True, False, now, now)], versions=[VersionRow("large", "b1", now, (), dag)]
    )
    for key in range(1, 4):
        failed = key == 3
        state = RunState.FAILED if failed else RunState.SUCCESS
        record = RunRecord(
            key, f"large.{key}", "large", "b1", state, now, now, now, TriggerKind.API, now, started_at=now,
            ended_at=now + 200,
        )  # fmt: skip
        instances, attempts = [], []
        for at, task in enumerate(tasks):
            start = now + at // width
            bad = failed and at % 7 == 0
            one = TaskState.FAILED if bad else TaskState.SUCCESS
            why = reason("timeout", limit_s=1.0) if bad else None
            instances.append(TaskRow(key, at, task.task_id, one, 1, 1, 0, at, start, start, start + 1, None, why))
            error = NAN if bad else None
            span = AttemptRow(key * 10**5 + at, key, at, task.task_id, 1, start, str(one), start, start + 1)
            attempts.append(msgspec.structs.replace(span, error=error, usage=Usage(1, 1, 9), queued_at=start))
        scheduler.commit(
            runs_new=[NewRun(RunRow(record, RunCounts(total=len(tasks))), tuple(instances))], attempts_new=attempts
        )
    story = await get(http, "large.3", "story")
    assert story["root_count"] == 1429
    assert len(story["critical_path"]) == layers


def _new_version(scheduler: QuietScheduler, home: Path, text: str) -> None:
    old = scheduler.store.dag(DAG)
    assert old is not None
    version = scheduler.store.load_version(DAG, old.bundle)
    assert version is not None
    folder = home / "bundles" / "c0ffee00"
    folder.mkdir()
    (folder / "ml.py").write_text(f"# модель\n{text}", encoding="utf-8")
    scheduler.commit(
        dags=[msgspec.structs.replace(old, bundle="c0ffee00")],
        versions=[msgspec.structs.replace(version, bundle="c0ffee00", files=("ml.py",), created_at=time.time())],
    )
    (home / "bundles" / old.bundle / "lib" / "model.py").unlink()
    (home / "bundles" / old.bundle / "picture.bin").unlink()
