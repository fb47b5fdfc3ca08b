"""The scheduler's shell: commands, commits, failed commits, restarts."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from potok.model.dag import CallableRef, Callbacks, Dag, FromTask, PythonWork, Task
from potok.model.errors import StoreError
from potok.model.retry import Retry
from potok.model.state import RunState, TaskState
from potok.model.wire import (
    AskConnection,
    AskResult,
    AskVariable,
    CallKind,
    Connection,
    GotConnection,
    GotResult,
    GotVariable,
    Inline,
    Refused,
    RunContext,
    TaskCall,
)
from potok.scheduler.commands import (
    CancelRun,
    Changed,
    ClearTasks,
    DeletePool,
    Done,
    Explained,
    ExplainRun,
    Failed,
    FailureKind,
    MarkTasks,
    PauseDag,
    PutConnection,
    PutPool,
    PutVariable,
    RetryRun,
    Triggered,
    TriggerRun,
)
from potok.scheduler.service import SchedulerService, ServiceSettings
from potok.store.open import open_store
from potok.store.protocol import CommitFailedError, CommitUnknownError, Store
from potok.store.rows import Batch, Leader
from tests.scheduler.scripted import (
    FolderOf,
    ScriptedExecutor,
    chain_of,
    ended,
    fail,
    lose,
    serving,
    succeed,
    task,
    trigger,
)


async def test_a_run_goes_from_trigger_to_success_task_by_task(store: Store, tmp_path: Path) -> None:
    executor = ScriptedExecutor()
    async with serving(store, executor, chain_of("etl", "a", "b", "c"), home=tmp_path) as service:
        run_id = await trigger(service, "etl")
        assert await ended(service, run_id) is RunState.SUCCESS
        row = store.run(run_id)
        assert row is not None and row.counts.success == 3
        assert [one.state for one in store.tasks(row.record.run_key)] == [TaskState.SUCCESS] * 3
        assert [one.outcome for one in store.attempts(row.record.run_key)] == ["success"] * 3


async def test_no_call_leaves_before_its_running_is_committed(store: Store, tmp_path: Path) -> None:
    seen: list[str] = []

    def script(call: TaskCall) -> None:
        found = [row for row in store.attempts(1) if row.attempt_id == call.attempt_id]
        seen.append(str(store.tasks(1)[found[0].position].state))

    async with serving(store, ScriptedExecutor(script), chain_of("etl", "a"), home=tmp_path) as service:
        await trigger(service, "etl")
        assert seen == ["running"]


async def test_a_repeated_idempotency_key_yields_the_first_run(store: Store, tmp_path: Path) -> None:
    async with serving(store, ScriptedExecutor(), chain_of("etl", "a"), home=tmp_path) as service:
        first = await service.submit(TriggerRun("etl", "ann", idempotency_key="k1"))
        await ended(service, first.run.record.run_id)  # type: ignore[union-attr]
        second = await service.submit(TriggerRun("etl", "ann", idempotency_key="k1"))
        assert isinstance(first, Triggered) and first.created
        assert isinstance(second, Triggered) and not second.created
        assert second.run.record.run_id == first.run.record.run_id


async def test_unknown_dags_and_bad_params_are_refused_with_a_sentence(store: Store, tmp_path: Path) -> None:
    schema = {
        "properties": {"year": {"type": "integer", "default": 2026}, "who": {"type": "string"}},
        "required": ["who"],
    }
    dag = chain_of("etl", "a", params=schema)
    async with serving(store, ScriptedExecutor(), dag, home=tmp_path) as service:
        unknown = await service.submit(TriggerRun("elt", "ann"))
        assert unknown == Failed(FailureKind.NOT_FOUND, "there is no DAG 'elt'; did you mean 'etl'?")
        missing = await service.submit(TriggerRun("etl", "ann"))
        assert missing == Failed(
            FailureKind.INVALID, "DAG etl needs param 'who', which has no default", "body.params.who"
        )
        surplus = await service.submit(TriggerRun("etl", "ann", {"who": "x", "yaer": 1}))
        assert surplus == Failed(
            FailureKind.INVALID, "DAG etl has no param 'yaer'; its params: who, year", "body.params.yaer"
        )
        wrong = await service.submit(TriggerRun("etl", "ann", {"who": "x", "year": "soon"}))
        assert wrong == Failed(FailureKind.INVALID, "params of DAG etl: year must be integer", "body.params.year")
        assert store.list_runs(limit=10) == ([], None)


async def test_results_reach_the_tasks_that_take_them(store: Store, tmp_path: Path) -> None:
    below = Task("b", PythonWork(CallableRef("work")), args=(FromTask("a"),))
    base = chain_of("etl", "a", "b")
    dag = Dag("etl", (base.tasks[0], below), base.edges, file="etl.py")
    executor = ScriptedExecutor(lambda call: succeed(call, b"[1,2]"))
    async with serving(store, executor, dag, home=tmp_path) as service:
        await ended(service, await trigger(service, "etl"))
        assert executor.calls[1].upstream == {"a": Inline(b"[1,2]")}


async def test_retry_runs_only_what_failed_and_what_did_not_run_below(store: Store, tmp_path: Path) -> None:
    broken = {"b"}
    executor = ScriptedExecutor()
    dag = chain_of("etl", "a", "b", "c")
    executor.script = lambda call: fail(call) if _task_id(store, call) in broken else succeed(call)
    async with serving(store, executor, dag, home=tmp_path) as service:
        run_id = await trigger(service, "etl")
        assert await ended(service, run_id) is RunState.FAILED
        why = await service.submit(ExplainRun(run_id))
        assert isinstance(why, Explained)
        assert why.explanation.verdict.text.startswith("`b` failed on try 1 of 1")
        assert why.explanation.roots[0].blocked == ("c",)
        price = await service.submit(RetryRun(run_id, "ann", dry_run=True))
        assert isinstance(price, Changed) and price.tasks == ("b", "c") and price.kept == 1
        broken.clear()
        executor.calls.clear()
        assert isinstance(await service.submit(RetryRun(run_id, "ann")), Changed)
        assert await ended(service, run_id) is RunState.SUCCESS
        assert [_task_id(store, call) for call in executor.calls] == ["b", "c"]


async def test_a_retry_with_other_params_keeps_results_and_tells_who_changed_what(store: Store, tmp_path: Path) -> None:
    broken = {"b"}
    executor = ScriptedExecutor()
    dag = msgspec.structs.replace(
        chain_of("etl", "a", "b"),
        params={"properties": {"days": {"type": "integer", "default": 7}, "k": {"default": 1}}},
    )
    executor.script = lambda call: fail(call) if _task_id(store, call) in broken else succeed(call)
    async with serving(store, executor, dag, home=tmp_path) as service:
        run_id = await trigger(service, "etl")
        assert await ended(service, run_id) is RunState.FAILED
        wrong = await service.submit(RetryRun(run_id, "ann", params={"days": "many"}))
        assert isinstance(wrong, Failed) and wrong.kind is FailureKind.INVALID
        price = await service.submit(RetryRun(run_id, "ann", params={"days": 3}, dry_run=True))
        assert isinstance(price, Changed) and price.run.record.params == {"days": 7, "k": 1}
        broken.clear()
        executor.calls.clear()
        assert isinstance(await service.submit(RetryRun(run_id, "ann", params={"days": 3})), Changed)
        assert await ended(service, run_id) is RunState.SUCCESS
    [call] = executor.calls
    assert msgspec.msgpack.decode(call.run, type=RunContext).params == {"days": 3, "k": 1}
    run = store.run(run_id)
    assert run is not None and run.record.params == {"days": 3, "k": 1}
    [edit] = store.params_edits(run.record.run_key)
    assert (edit.actor, edit.before, edit.after) == ("ann", {"days": 7, "k": 1}, {"days": 3, "k": 1})
    assert store.audit()[0].detail["params"] == {"days": 3}


async def test_params_of_a_run_that_still_runs_cannot_be_edited(store: Store, tmp_path: Path) -> None:
    executor = ScriptedExecutor()
    executor.script = lambda call: fail(call) if _task_id(store, call) == "a" else None
    dag = Dag("etl", (task("a"), task("b")), file="etl.py", params={"properties": {"days": {"default": 7}}})
    async with serving(store, executor, dag, home=tmp_path) as service:
        run_id = await trigger(service, "etl")
        async with asyncio.timeout(5):
            while store.task(1, "a").state is not TaskState.FAILED:  # type: ignore[union-attr]
                await asyncio.sleep(0)
        refused = await service.submit(RetryRun(run_id, "ann", ("a",), params={"days": 3}))
        assert isinstance(refused, Failed) and refused.kind is FailureKind.CONFLICT
        assert "still runs" in refused.message


def _task_id(store: Store, call: TaskCall) -> str:
    return next(row.task_id for row in store.attempts(1) if row.attempt_id == call.attempt_id)


async def test_a_restart_finishes_the_run_and_repeats_no_committed_success(store_url: str, tmp_path: Path) -> None:
    dag = chain_of("etl", "a", "b")
    store = open_store(store_url)
    store.upgrade()
    first = ScriptedExecutor()
    first.script = lambda call: succeed(call) if len(first.calls) == 1 else None
    async with serving(store, first, dag, home=tmp_path) as service:
        run_id = await trigger(service, "etl")
        async with asyncio.timeout(5):
            while len(first.calls) < 2:
                await asyncio.sleep(0)
    store.close()
    again = open_store(store_url)
    second = ScriptedExecutor()
    async with serving(again, second, dag, home=tmp_path) as service:
        assert await ended(service, run_id) is RunState.SUCCESS
        assert set(second.cleared) == {"test"}
        assert [_task_id(again, call) for call in second.calls] == ["b"]
        assert [row.outcome for row in again.attempts(1)] == ["success", "lost", "success"]
        assert again.tasks(1)[1].losses == 0, "an orderly stop is no loss of a worker"
    again.close()


async def test_leftovers_are_gone_before_the_mark_of_their_server_is_forgotten(store: Store, tmp_path: Path) -> None:
    """A server that is killed between taking over and cleaning up must not hide its predecessor's processes."""
    async with serving(store, ScriptedExecutor(), home=tmp_path):
        pass
    killed_at_once = ScriptedExecutor()
    SchedulerService(store, killed_at_once, None, ServiceSettings(tmp_path, "second"))
    assert killed_at_once.cleared == ["test"]
    third = ScriptedExecutor()
    SchedulerService(store, third, None, ServiceSettings(tmp_path, "third"))
    assert third.cleared == ["second"]


async def test_what_ends_within_the_grace_time_is_committed_and_nothing_new_begins(
    store_url: str, tmp_path: Path
) -> None:
    store = open_store(store_url)
    store.upgrade()
    executor = ScriptedExecutor(lambda call: None)
    dag = Dag("etl", (*chain_of("etl", "a", "b").tasks, task("c", at_most_once=True)), chain_of("etl", "a", "b").edges,
              file="etl.py")  # fmt: skip
    async with serving(store, executor, dag, home=tmp_path) as service:
        await trigger(service, "etl")
        assert len(executor.calls) == 2

        async def ends_in_time() -> None:
            executor.tell(succeed(executor.calls[0]))
            await asyncio.sleep(0)

        executor.in_grace = ends_in_time
    assert [(row.outcome, row.position) for row in store.attempts(1)] == [("success", 0), ("lost", 2)]
    assert [one.state for one in store.tasks(1)] == [TaskState.SUCCESS, TaskState.QUEUED, TaskState.FAILED]
    assert len(executor.calls) == 2
    store.close()


async def test_a_worker_that_dies_three_times_parks_its_task(store: Store, tmp_path: Path) -> None:
    async with serving(store, ScriptedExecutor(lose), chain_of("etl", "a"), home=tmp_path) as service:
        run_id = await trigger(service, "etl")
        assert await ended(service, run_id) is RunState.FAILED
        why = await service.submit(ExplainRun(run_id))
        assert isinstance(why, Explained)
        assert "lost its worker 3 times" in why.explanation.roots[0].reason.text
        assert len(store.attempts(1)) == 3


async def test_cancel_kills_what_runs_and_ends_the_run(store: Store, tmp_path: Path) -> None:
    executor = ScriptedExecutor(lambda call: None)
    async with serving(store, executor, chain_of("etl", "a", "b"), home=tmp_path) as service:
        run_id = await trigger(service, "etl")
        reply = await service.submit(CancelRun(run_id, "ann", "enough"))
        assert isinstance(reply, Changed) and reply.tasks == ("a", "b")
        assert await ended(service, run_id) is RunState.CANCELLED
        assert executor.cancelled == [executor.calls[0].attempt_id]
        again = await service.submit(CancelRun(run_id, "ann"))
        assert isinstance(again, Failed) and again.kind is FailureKind.CONFLICT


async def test_mark_and_clear_change_an_ended_run(store: Store, tmp_path: Path) -> None:
    executor = ScriptedExecutor(fail)
    async with serving(store, executor, chain_of("etl", "a"), home=tmp_path) as service:
        run_id = await trigger(service, "etl")
        assert await ended(service, run_id) is RunState.FAILED
        await service.submit(MarkTasks(run_id, "ann", ("a",), TaskState.SUCCESS, "done by hand"))
        row = store.run(run_id)
        assert row is not None and row.record.state is RunState.SUCCESS
        executor.script = succeed
        await service.submit(ClearTasks(run_id, "ann", ("a",)))
        assert await ended(service, run_id) is RunState.SUCCESS
        assert [row.action for row in store.audit()] == ["clear", "mark success"]
        unknown = await service.submit(ClearTasks(run_id, "ann", ("z",)))
        assert isinstance(unknown, Failed) and unknown.kind is FailureKind.NOT_FOUND


async def test_after_a_failure_was_marked_away_retry_runs_what_it_held_up(store: Store, tmp_path: Path) -> None:
    executor = ScriptedExecutor(fail)
    async with serving(store, executor, chain_of("etl", "a", "b", "c"), home=tmp_path) as service:
        run_id = await trigger(service, "etl")
        assert await ended(service, run_id) is RunState.FAILED
        await service.submit(MarkTasks(run_id, "ann", ("a",), TaskState.SUCCESS))
        executor.script = succeed
        reply = await service.submit(RetryRun(run_id, "ann"))
        assert isinstance(reply, Changed) and reply.tasks == ("b", "c")
        assert await ended(service, run_id) is RunState.SUCCESS


async def test_callbacks_that_hang_leave_half_of_the_slots_to_tasks_and_have_a_deadline(
    store: Store, tmp_path: Path
) -> None:
    told = Callbacks(on_success=(CallableRef("hang"),))
    dag = Dag("etl", (task("a", callbacks=told),), file="etl.py")
    executor = ScriptedExecutor(slots=2)
    executor.script = lambda call: None if call.kind is CallKind.CALLBACK else succeed(call)
    async with serving(store, executor, dag, home=tmp_path) as service:
        for _ in range(4):
            assert await ended(service, await trigger(service, "etl")) is RunState.SUCCESS
        hanging = [call for call in executor.calls if call.kind is CallKind.CALLBACK]
        assert len(hanging) == 1 and hanging[0].deadline is not None


async def test_a_failed_callback_is_found_in_the_audit(store: Store, tmp_path: Path) -> None:
    told = Callbacks(on_success=(CallableRef("tell"),))
    dag = Dag("etl", (task("a", callbacks=told),), file="etl.py")
    executor = ScriptedExecutor()
    executor.script = lambda call: fail(call, message="no chat") if call.kind is CallKind.CALLBACK else succeed(call)
    async with serving(store, executor, dag, home=tmp_path) as service:
        await ended(service, await trigger(service, "etl"))
        async with asyncio.timeout(5):
            while not store.audit():
                await asyncio.sleep(0)
        found = store.audit()[0]
        assert found.action == "callback failed" and found.detail["error"] == "ValueError: no chat"


async def test_a_pool_is_never_overdrawn_and_why_names_its_holders(store: Store, tmp_path: Path) -> None:
    dag = Dag("etl", tuple(task(f"t{n}", pool="gpu") for n in range(3)), file="etl.py")
    executor = ScriptedExecutor(lambda call: None)
    async with serving(store, executor, dag, home=tmp_path, pools={"gpu": 2}) as service:
        run_id = await trigger(service, "etl")
        assert len(executor.calls) == 2
        why = await service.submit(ExplainRun(run_id))
        assert isinstance(why, Explained)
        text = why.explanation.tasks[2].reasons[0].text
        assert text == f"waits for a slot of pool gpu: 2/2, held by {run_id}/t0, {run_id}/t1"
        await service.submit(PutPool("gpu", "ann", 3))
        assert len(executor.calls) == 3
        refused = await service.submit(DeletePool("gpu", "ann"))
        assert isinstance(refused, Failed) and refused.kind is FailureKind.CONFLICT


async def test_callbacks_are_called_once_the_outcome_is_committed(store: Store, tmp_path: Path) -> None:
    told = Callbacks(on_failure=(CallableRef("alert"),), on_retry=(CallableRef("again"),))
    dag = Dag("etl", (task("a", callbacks=told, retry=Retry(retries=1)),), file="etl.py")
    executor = ScriptedExecutor()
    executor.script = lambda call: succeed(call) if call.kind is CallKind.CALLBACK else fail(call, message="why")
    async with serving(store, executor, dag, home=tmp_path) as service:
        await ended(service, await trigger(service, "etl"))
        async with asyncio.timeout(5):
            while store.load_outbox():
                await asyncio.sleep(0)
        called = [call.callback for call in executor.calls if call.callback is not None]
        assert [(one.event, one.qualname, one.try_number) for one in called] == [
            ("on_retry", "again", 1),
            ("on_failure", "alert", 2),
        ]
        assert called[1].error is not None and called[1].error.message == "why"


async def test_an_attempt_may_ask_only_for_what_its_task_declares(store: Store, tmp_path: Path) -> None:
    dag = Dag("etl", (task("a", connections=("pg",), variables=("limit",)),), file="etl.py")
    executor = ScriptedExecutor(lambda call: None)
    async with serving(store, executor, dag, home=tmp_path) as service:
        secret = Connection("pg", "postgresql", "db", 5432, "u", "p4ss")
        assert await service.submit(PutConnection(secret, "ann")) == Done()
        assert await service.submit(PutVariable("limit", "ann", 7, secret=True)) == Done()
        await trigger(service, "etl")
        call = executor.calls[0]
        ask = executor.requests
        assert ask(AskConnection(call.attempt_id, call.token, "pg")) == GotConnection(secret)
        assert ask(AskVariable(call.attempt_id, call.token, "limit")) == GotVariable(7, True)
        assert ask(AskResult(call.attempt_id, call.token, "a")) == GotResult(None)
        undeclared = ask(AskConnection(call.attempt_id, call.token, "crm"))
        assert isinstance(undeclared, Refused) and "add connections=['crm']" in undeclared.message
        assert isinstance(ask(AskConnection(call.attempt_id, "f" * 32, "pg")), Refused)
        stored = store.connection("pg")
        assert stored is not None and b"p4ss" not in stored.sealed


async def test_a_paused_dag_fires_no_more_but_can_be_triggered(store: Store, tmp_path: Path) -> None:
    async with serving(store, ScriptedExecutor(), chain_of("etl", "a"), home=tmp_path) as service:
        assert await service.submit(PauseDag("etl", "ann", True, "holidays")) == Done()
        row = store.dag("etl")
        assert row is not None and row.paused and row.paused_note == "holidays"
        twice = await service.submit(PauseDag("etl", "ann", True))
        assert isinstance(twice, Failed) and twice.kind is FailureKind.CONFLICT
        assert await ended(service, await trigger(service, "etl")) is RunState.SUCCESS


async def test_a_run_waits_its_countdown_and_dies_when_it_expires(store: Store, tmp_path: Path) -> None:
    async with serving(store, ScriptedExecutor(), chain_of("etl", "a"), home=tmp_path) as service:
        late = await trigger(service, "etl", countdown_s=60.0, expires_s=0.05)
        soon = await trigger(service, "etl", countdown_s=0.05)
        assert await ended(service, soon) is RunState.SUCCESS
        assert await ended(service, late) is RunState.CANCELLED
        why = await service.submit(ExplainRun(late))
        assert isinstance(why, Explained) and "expired" in why.explanation.verdict.text


class FailingStore:
    """A real store whose commits fail while a test says so."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.fails = lambda batch: False
        self.failures = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def commit(self, batch: Batch) -> None:
        if self.fails(batch):
            self.failures += 1
            raise CommitFailedError("disk full")
        self._store.commit(batch)


async def test_when_the_store_cannot_be_written_nothing_is_lost_and_commands_are_refused(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("potok.scheduler.service.RETRY_COMMIT_S", 0.01)
    failing = FailingStore(store)
    executor = ScriptedExecutor(lambda call: None)
    async with serving(failing, executor, chain_of("etl", "a", "b"), home=tmp_path) as service:  # type: ignore[arg-type]
        run_id = await trigger(service, "etl")
        failing.fails = lambda batch: True
        executor.script = succeed
        executor.tell(succeed(executor.calls[0]))
        refused = await service.submit(TriggerRun("etl", "ann"))
        assert isinstance(refused, Failed) and refused.kind is FailureKind.UNAVAILABLE
        failing.fails = lambda batch: False
        assert await ended(service, run_id) is RunState.SUCCESS
        assert [row.outcome for row in store.attempts(1)] == ["success", "success"]


async def test_an_attempt_that_no_worker_shows_yet_is_not_taken_for_lost_when_a_turn_fails(
    store: Store, tmp_path: Path
) -> None:
    """Its worker is being forked, or it waits for one: were it sent a second time, its body would run twice."""
    failing = FailingStore(store)
    executor = ScriptedExecutor(lambda call: None)
    async with serving(failing, executor, chain_of("etl", "a"), home=tmp_path) as service:  # type: ignore[arg-type]
        run_id = await trigger(service, "etl")
        executor.without_worker = {executor.calls[0].attempt_id}
        failing.fails = lambda batch: failing.failures == 0
        await service.submit(TriggerRun("etl", "ann", idempotency_key="another"))
        assert failing.failures == 1
        executor.tell(succeed(executor.calls[0]))
        assert await ended(service, run_id) is RunState.SUCCESS
        assert [row.outcome for row in store.attempts(1)] == ["success"]


class SilentStore(FailingStore):
    """Writes the next turn and loses its answer; then nobody can ask what became of it for a while."""

    commits_inline = False

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.is_lost = False
        self.asked = 0

    def commit(self, batch: Batch) -> None:
        self._store.commit(batch)
        if self.is_lost:
            self.is_lost = False
            raise CommitUnknownError("the connection broke")

    def leader(self) -> Leader | None:
        self.asked += 1
        if self.asked in (2, 3):  # the first asks at the start
            raise StoreError("the database is not there")
        return self._store.leader()


async def test_a_turn_whose_fate_nobody_can_tell_yet_is_settled_later_and_not_done_twice(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("potok.scheduler.service.RETRY_COMMIT_S", 0.01)
    silent = SilentStore(store)
    async with serving(silent, ScriptedExecutor(), chain_of("etl", "a"), home=tmp_path) as service:  # type: ignore[arg-type]
        await trigger(service, "etl")
        silent.is_lost = True
        run_id = await trigger(service, "etl")
        assert silent.asked == 4
        assert await ended(service, run_id) is RunState.SUCCESS
        rows, _ = store.list_runs(limit=10)
        assert len(rows) == 2
        assert service.counters["turns_failed"] == 0


async def test_a_poison_item_is_parked_and_the_others_go_through(store: Store, tmp_path: Path) -> None:
    failing = FailingStore(store)
    executor = ScriptedExecutor(lambda call: None)
    dag = Dag("etl", (task("a"), task("b")), file="etl.py")
    async with serving(failing, executor, dag, home=tmp_path) as service:  # type: ignore[arg-type]
        run_id = await trigger(service, "etl")
        poison = executor.calls[0].attempt_id
        failing.fails = lambda batch: any(
            row.attempt_id == poison and row.outcome == "success" for row in batch.attempts_ended
        )
        executor.tell(*[succeed(call) for call in executor.calls])
        async with asyncio.timeout(5):
            while not (store.parked_events() and store.tasks(1)[1].state is TaskState.SUCCESS):
                await asyncio.sleep(0)
        assert store.parked_events()[0].kind == "Finished"
        row = store.run(run_id)
        assert row is not None
        assert [one.state for one in store.tasks(row.record.run_key)] == [TaskState.RUNNING, TaskState.SUCCESS]
        assert [one.outcome for one in store.attempts(1)] == ["lost", "success", None]


async def test_a_dag_that_left_the_folder_cannot_be_triggered_but_its_runs_go_on(store: Store, tmp_path: Path) -> None:
    executor = ScriptedExecutor(lambda call: None)
    source = FolderOf(chain_of("etl", "a"))
    service = SchedulerService(store, executor, source, ServiceSettings(tmp_path, "test"))
    await service.start()
    run_id = await trigger(service, "etl")
    service._folder_changed(FolderOf().folder)
    refused = await service.submit(TriggerRun("etl", "ann"))
    assert refused == Failed(FailureKind.NOT_FOUND, "DAG 'etl' is gone: etl.py defines it no more")
    executor.tell(succeed(executor.calls[0]))
    assert await ended(service, run_id) is RunState.SUCCESS
    await service.stop(0)
